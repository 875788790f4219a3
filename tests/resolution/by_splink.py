"""The same parties through Splink: a Fellegi-Sunter model, trained without labels, at several thresholds.

Names lose punctuation and legal form, addresses are parted into street and numbers, before Splink sees them, as a practitioner would do.
"""

import re
import time

import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

FORM = re.compile(
    r"\b(S ?A ?DE ?C ?V|SADECV|S ?DE ?R ?L ?DE ?C ?V|S ?P ?R ?DE ?R ?L|S ?C ?DE ?R ?L|INC|INCORPORATED|L ?L ?C|CORP|CORPORATION"
    r"|CO LTD|COMPANY LIMITED|CO|COMPANY|LTD|LIMITED|S ?A ?C|E ?I ?R ?L|S ?R ?L|S ?A)$"
)
KIND = re.compile(r"\b(CALLE|AV|AVENIDA|BLVD|CARRETERA|STREET|ST|AVENUE|AVE|ROAD|RD|DRIVE|JR|NO|CP|INDUSTRIAL ZONE)\b")
THRESHOLDS = [0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999, 0.9999999]


def clean(row, number):
    name, address, city, state, country, code = row
    name = re.sub(r"[^A-Z0-9]+", " ", name.upper()).strip()
    name = FORM.sub("", name).strip() or name
    address = re.sub(r"[^A-Z0-9]+", " ", address.upper()).strip()
    unit = re.search(r"\b(?:INT|SUITE|LOCAL) (\d+)", address)
    address = re.sub(r"\b(INT|SUITE|LOCAL) \d+", " ", address)
    postal = re.findall(r"\b\d{5}\b", address)
    house = re.findall(r"\b\d{1,4}\b", address)
    street = " ".join(re.sub(r"\d+", " ", KIND.sub(" ", address)).split())
    words = name.split()
    return {
        "unique_id": number,
        "name": name or None,
        "name_sorted": " ".join(sorted(words)) or None,
        "first_word": words[0] if words else None,
        "longest_word": max(words, key=len) if words else None,
        "street": street or None,
        "house": house[0] if house else None,
        "unit": unit.group(1) if unit else None,
        "postal": postal[-1] if postal else None,
        "city": city or None,
        "country": country or None,
        "code": code or None,
    }


def resolve(rows):
    """For each threshold the cluster of each row; and the seconds that all of it took."""
    import pyarrow

    start = time.monotonic()
    table = pyarrow.Table.from_pylist([clean(row, number) for number, row in enumerate(rows)])
    database = DuckDBAPI()
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name_sorted", [0.97, 0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("street", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("house").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postal").configure(term_frequency_adjustments=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.ExactMatch("country"),
            cl.ExactMatch("code"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("name_sorted"),
            block_on("longest_word"),
            block_on("street", "house"),
            block_on("code"),
            block_on("substr(longest_word, 1, 4)", "city"),
            block_on("substr(name, 1, 6)", "city"),
            block_on("postal"),
        ],
    )
    linker = Linker(database.register(table), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("name_sorted", "street", "house"), block_on("code")], recall=0.4
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("street", "house"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("name_sorted"))
    predicted = linker.inference.predict(threshold_match_probability=THRESHOLDS[0])
    found = {}
    for threshold in THRESHOLDS:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, threshold_match_probability=threshold
        )
        cluster_of = [None] * len(rows)
        for row in clusters.as_record_list():
            cluster_of[row["unique_id"]] = row["cluster_id"]
        found[threshold] = cluster_of
        if threshold == THRESHOLDS[0]:
            seconds = time.monotonic() - start
    return found, seconds
