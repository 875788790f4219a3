"""Rule packs of outcome profiles: for each key a smoothed rate of bad outcomes, and a rule per threshold of the rate.

A pack is a scorecard. Each doubling of a rate, from a quarter of the usual one up, is worth the same points, so that points
add up as the logarithms of odds do (naive Bayes with steps). A key without history counts as usual.
"""

import json

STEPS = [0.25, 0.5, 1, 2, 4, 8, 16, 32]


def sizes(thresholds):
    """The size of a quantity in steps, as parts of a key."""
    return ["quantity_1 IS NULL"] + [f"coalesce(quantity_1, -1) >= {number}" for number in thresholds]


SIZES = sizes([3, 10, 32, 100, 316, 1000, 3163, 10000, 31623, 100000])


def known(*fields):
    """Parts of a key in which a missing value is a value."""
    return [f"coalesce({field}, '?')" for field in fields]


PACKS = {
    # Chosen on 2016 and 2017, from the years before each.
    "lemis": {
        "theme": "wildlife",
        "usual": 0.03,
        "feature": {"unit": "shipment", "mature_days": 1, "prior_strength": 10},
        "keys": {
            "genus_description": known("scientific_genus", "wildlife_description_code"),
            "exporter_description": known("country_of_export", "wildlife_description_code"),
            "origin_exporter": known("country_of_origin", "country_of_export"),
            "exporter_port": known("country_of_export", "wildlife_port_code"),
            "description_size": known("wildlife_description_code") + SIZES,
            "port_description": known("wildlife_port_code", "wildlife_description_code"),
            "common_name": known("common_name_general"),
        },
    },
    # Chosen on 2005 to 2009, from the fifteen years before.
    "cites": {
        "theme": "wildlife",
        "usual": 0.06,
        "feature": {"unit": "line", "mature_days": 1, "prior_strength": 10, "window_days": 5479},
        "keys": {
            "taxon_term_exporter": known("taxon", "wildlife_description_code", "country_of_export"),
            "taxon_term_size": known("taxon", "wildlife_description_code", "quantity_1_uom") + SIZES,
            "exporter_size": known("country_of_export", "quantity_1_uom") + SIZES,
            "exporter_origin": known("country_of_export", "country_of_origin"),
            "genus_origin": known("scientific_genus", "country_of_origin"),
        },
    },
    # Chosen on the last quarter of 2020, from the three before it.
    "kcs": {
        "theme": "wildlife",
        "usual": 0.22,
        "rates": [0.07, 0.12, 0.22, 0.36, 0.53, 0.69, 0.82],  # doublings of the odds: half of these goods can be bad
        "feature": {"unit": "line", "mature_days": 1, "prior_strength": 5},
        "keys": {
            "hts_exporter": known("hts_number", "country_of_export"),
            "hts_origin": known("hts_number", "country_of_origin"),
            "exporter_origin": known("country_of_export", "country_of_origin"),
            "hts_courier": known("hts_number", "carrier_code"),
            "hts_office": known("hts_number", "firms_code"),
            "hts": known("hts_number"),
            "importer": known("importer_of_record_number"),
            "broker": known("entry_filer_code"),
        },
    },
}

# What ablations add.
EXTRA = {
    "unit": {"description_unit": known("wildlife_description_code", "quantity_1_uom")},
    "species": {"no_species": ["scientific_species IS NULL", "coalesce(wildlife_description_code, '?')"]},
    "country": {"no_country": ["country_of_origin IS NULL", "country_of_export IS NULL"]},
    "source": {"source_purpose": known("wildlife_source_code", "wildlife_purpose_code")},
    "purpose": {"purpose_description": known("wildlife_purpose_code", "wildlife_description_code")},
}

RULE = """id: P-{number:03}
name: {name}
title: {title}
theme: {theme}
level: component
family: history
severity: low
points: {points}
status: active
version: 1
when: |
  {when}
why: Points of a measurement, not for use at a port.
"""

POLICY = """version: 1
themes:
  timber: {scope: "taxon = 'none'"}
  wildlife: {scope: "line_id IS NOT NULL"}
  iuu: {scope: "taxon = 'none'"}
families: {document: 100, species: 100, list: 100, history: 100, entity: 100, price: 100, quantity: 100, routing: 100}
mitigation_cap: 20
lanes:
  red: {min_score: 60, min_families: 1}
  yellow: {min_score: 40, min_families: 1}
"""


def write(directory, name, extra=(), points=2):
    """Writes a pack, with the keys of some ablations."""
    pack = PACKS[name]
    keys = dict(pack["keys"])
    for ablation in extra:
        keys.update(EXTRA[ablation])
    (directory / "rules").mkdir(parents=True)
    (directory / "policy.yaml").write_text(POLICY)
    features = []
    number = 0
    for key, parts in keys.items():
        feature = {"meaning": f"Smoothed rate of bad outcomes by {key.replace('_', ' ')}", "kind": "outcome_rate",
                   "key": parts} | pack["feature"]
        features.append(f"{key}_rate: {json.dumps(feature)}\n")
        for rate in pack.get("rates") or [round(step * pack["usual"], 6) for step in STEPS]:
            number += 1
            text = RULE.format(number=number, name=f"{key}-{number}".replace("_", "-"), theme=pack["theme"], points=points,
                               title=f"Rate of bad outcomes by {key.replace('_', ' ')} of {rate} or more",
                               when=f"coalesce({key}_rate, {pack['usual']}) >= {rate}")
            (directory / "rules" / f"P-{number:03}-{key}-{number}.yaml".replace("_", "-")).write_text(text)
    (directory / "history.yaml").write_text("".join(features))
