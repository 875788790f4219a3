"""Checks `ch24 score` against DuckDB: random rules over random rows, every row compared.

The conditions are built as small trees and written twice: in the language of ch24 into a rule pack, and as SQL that
DuckDB evaluates over the same rows, which it reads itself. What DuckDB does not know (stages, points, lanes) is settled
here in Python after docs/design.md. Nothing of ch24 is reused but the table that `ch24 fields --json` prints.
"""

import argparse
import csv
import datetime
import json
import math
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, namedtuple
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

# --------------------------------------------------------------------------------------------------- what rows hold

HTS = ["4407299500", "4407", "440729", "44072995", "4418", "4420900000", "0301940100", "030194", "0305", "0305720000",
       "0307910290", "0106390100", "01062000", "9403608081", "9601", "6810110010", "7204", "1605", "16052100"]
COUNTRIES = ["MX", "CA", "US", "BR", "PE", "NA", "NO", "CN", "VN", "GT", "ID"]
PORTS = ["2604", "5301", "2704", "2402", "4601", "0901"]
WORDS = ["ROSEWOOD", "SAWN", "LUMBER", "TOTOABA", "BUCHE", "SECO", "PEZ", "ÑANDÚ", "CAOBA", "TABLÓN", "ŁÓDŹ", "ÆRØ",
         "FISH-MAW", "DRIED", "木材", "ĐÀ", "NẴNG", "100%", "A_B", "O'NEIL", '2" PIPE', "KG;NET", "CRÈME", "ШПОН", "🐟"]
TAXA = [("Swietenia", "macrophylla"), ("Swietenia", "sp."), ("Dalbergia", "retusa"), ("Dalbergia", "nigra"),
        ("Dalbergia", None), ("Cedrela", "odorata"), ("Totoaba", "macdonaldi"), ("Isostichopus", "badionotus"),
        ("Ateles", "geoffroyi"), ("Ateles", "sp."), (None, "retusa"), (None, None)]
FAMILIES = {"Swietenia": "Meliaceae", "Cedrela": "Meliaceae", "Dalbergia": "Fabaceae", "Totoaba": "Sciaenidae",
            "Ateles": "Atelidae"}
NAMES = ["MADERAS DEL SUR SA DE CV", "PESCADOS ÑUÑO", "ACME, INC.", "NORTH SEA TRADING", "ÉBÉNISTES RÉUNIS"]
STATUSES = ["filed", "disclaimed", "paper", "elsewhere", "not_filed", "unknown"]

TEXTS = {
    "hts_number": HTS, "country_of_origin": COUNTRIES, "country_of_harvest": COUNTRIES, "country_of_export": COUNTRIES,
    "goods_description": None, "scientific_genus": sorted({g for g, _ in TAXA if g}),
    "scientific_species": sorted({s for _, s in TAXA if s}), "entry_type": ["01", "03", "06", "11", "86"],
    "us_port_of_entry": PORTS, "us_port_of_unlading": PORTS, "quantity_1_uom": ["NO", "KG", "M3", "DOZ"],
    "carrier_code": ["MAEU", "HLCU", "AA"], "importer_name": NAMES, "place_of_receipt": NAMES + ["LEÓN", "VERACRUZ"],
    "wildlife_source_code": ["W", "C", "F", "R"], "simp_status": STATUSES, "ppq505_status": STATUSES,
    "trusted_program": ["ctpat", "pip", "oea"], "cites_permit_foreign": ["MX12345", "MX99", "BR7", "CA-1"],
    "entry_number": None, "house_bill_number": None, "master_bill_number": None, "line_id": None,
}
NUMBERS = ["entered_value_usd", "gross_weight_kg", "net_weight_kg", "quantity_1", "component_quantity", "piece_count",
           "manifest_quantity", "landed_weight_kg", "entry_line_number", "component_seq"]
DATES = ["date_of_import", "entry_date", "estimated_arrival_date", "harvest_start_date", "harvest_end_date",
         "in_bond_opened"]
BOOLEANS = ["related_party", "live_venomous", "aggregated_harvest_report"]
LISTS = {"transit_countries": COUNTRIES, "adcvd_cases": ["A-201-845", "C-122-858", "A-570-010"],
         "seal_numbers": ["S1", "S2", "Ñ9"]}
# Fields that the engine fills in, and fields that the file does not have.
FILLED = {"taxon": "text", "legal_date": "date"}
MISSING = {"conveyance_name": "text", "harvest_vessel_gt": "number"}
STAGES = ["manifest", "isf", "in_bond", "release", "entry_summary", "historical"]
COLUMNS = ["evidence_stage", "source_format", *TEXTS, *NUMBERS, *DATES, *BOOLEANS, *LISTS]
# Cells that keys and fills are made of hold something only where the row's stage and format can carry them.
FEEDS = {"entry_number", "entry_line_number", "house_bill_number", "master_bill_number", "scientific_genus",
         "scientific_species", "quantity_1", "quantity_1_uom", "line_id", "component_seq", *DATES}
KIND = {**{name: "text" for name in TEXTS}, **{name: "number" for name in NUMBERS}, **{name: "date" for name in DATES},
        **{name: "boolean" for name in BOOLEANS}, **{name: "list" for name in LISTS}, **FILLED, **MISSING,
        "evidence_stage": "text", "source_format": "text"}
SQL_TYPE = {"text": "VARCHAR", "number": "DOUBLE", "date": "DATE", "boolean": "BOOLEAN", "list": "VARCHAR"}
FIRST_DAY = datetime.date(2025, 1, 1)


class Carried:
    """Which fields a row can hold at its stage and in its format, from `ch24 fields --json`."""

    def __init__(self, fields):
        self.fields = {field["name"]: field for field in fields}
        self.known = {}

    def by(self, stage, source_format):
        key = (stage or "entry_summary", source_format)
        if key not in self.known:
            self.known[key] = {name for name in [*COLUMNS, *FILLED] if self.holds(name, *key)}
        return self.known[key]

    def holds(self, name, stage, source_format):
        field = self.fields[name]
        formats = field["formats"]
        in_format = formats == "every" or source_format in (None, "canonical") or source_format in formats
        return stage in field["stages"] and in_format


def make_rows(rng, n_rows, carried):
    """Rows as dictionaries: entries of several lines, lines of several components, stages mixed, order shuffled."""
    rows = []
    entry = 0
    while len(rows) < n_rows:
        entry += 1
        number = f"ABC{entry:08d}" if rng.random() < 0.9 else None
        bills = [f"H{rng.randrange(n_rows // 6 + 1)}" if rng.random() < 0.5 else None,
                 f"M{rng.randrange(n_rows // 9 + 1)}" if rng.random() < 0.7 else None]
        stage = rng.choice([*STAGES, "entry_summary", "entry_summary", "entry_summary", "release", None])
        source = rng.choice([None, None, None, None, "canonical", "canonical", "catair_ae", "ace_es003", "ams_csv"])
        for line in range(1, rng.randint(1, 4) + 1):
            line_id = f"L{entry}-{line}" if rng.random() < 0.95 else None
            for component in range(1, rng.choice([1, 1, 1, 2, 3]) + 1):
                row = make_row(rng)
                row.update(entry_number=number, house_bill_number=bills[0], master_bill_number=bills[1],
                           line_id=line_id, evidence_stage=stage, source_format=source,
                           entry_line_number=float(line), component_seq=float(component))
                holds = carried.by(stage, source)
                for name in COLUMNS:
                    if name not in holds and (name in FEEDS or rng.random() < 0.8):
                        row[name] = None
                rows.append(row)
    rows = rows[:n_rows]
    rng.shuffle(rows)
    return rows


def make_row(rng):
    row = {}
    for name, pool in TEXTS.items():
        row[name] = rng.choice(pool) if pool and rng.random() < 0.85 else None
    row["scientific_genus"], row["scientific_species"] = rng.choice(TAXA)
    row["goods_description"] = " ".join(rng.choices(WORDS, k=rng.randint(1, 4))) if rng.random() < 0.9 else None
    for name in NUMBERS:
        row[name] = make_number(rng, name)
    for name in DATES:
        row[name] = FIRST_DAY + datetime.timedelta(rng.randrange(-40, 760)) if rng.random() < 0.8 else None
    for name in BOOLEANS:
        row[name] = rng.choice([True, False, None])
    for name, pool in LISTS.items():
        row[name] = rng.choices(pool, k=rng.randint(1, 3)) if rng.random() < 0.6 else None
    return row


def make_number(rng, name):
    """Quarters, so that sums are exact in any order; a few values at the edges where nothing is summed."""
    if rng.random() < 0.15:
        return None
    if name in ("entered_value_usd", "landed_weight_kg") and rng.random() < 0.03:
        return rng.choice([1e300, 5e-324, -1e300, 0.1, 1e-200])
    if rng.random() < 0.12:
        return rng.choice([0.0, 0.0, -0.0, -2.5])
    return rng.randrange(1, 400) / rng.choice([1, 1, 4])


# ------------------------------------------------------------------------------------------------------------ lists

PackList = namedtuple("PackList", "name match rows")
VALUES = {"note": "text", "amount": "number", "since": "date"}


def make_lists(rng):
    """The lists of the pack; keys repeat with other dates and values, and values are sometimes empty."""
    pairs = [f"{country}||{genus}" for country in COUNTRIES for genus in FAMILIES]
    keys = {
        "hts_codes": ("prefix", [hts[:length] for hts in HTS for length in (2, 4, 6, 8, 10)]),
        "watched": ("exact", [*COUNTRIES, *PORTS, "W", "C", "filed", "MAEU", *NAMES]),
        "pairs": ("exact", pairs),
        "listed_taxa": ("taxon", [*FAMILIES, *FAMILIES.values(), *(f"{g} {s}" for g, s in TAXA if g and s)]),
        "phrases_wood": ("exact", ["rosewood", "Tablon", "caoba sawn", "Lodz", "nang"]),
        "phrases_fish": ("exact", ["buche seco", "totoaba", "fish maw", "nandu", "aero", "pipe", "O Neil"]),
    }
    lists = []
    for name, (match, known) in keys.items():
        known = sorted(set(known))
        chosen = known if name.startswith("phrases") else rng.choices(known, k=min(40, len(known)))
        lists.append(PackList(name, match, [make_list_row(rng, key) for key in chosen]))
    family_rows = [dict(key=genus, family=family) for genus, family in FAMILIES.items() if rng.random() < 0.8]
    lists.append(PackList("taxon_family", "exact", family_rows + [dict(key="Swietenia", family="Fabaceae")]))
    return lists


def make_list_row(rng, key):
    start = FIRST_DAY + datetime.timedelta(rng.randrange(0, 500))
    return dict(
        key=key,
        valid_from=start if rng.random() < 0.7 else None,
        valid_to=start + datetime.timedelta(rng.randrange(0, 500)) if rng.random() < 0.6 else None,
        note=rng.choice([*COUNTRIES, "W", "LEÓN", "a, b", None]),
        amount=rng.choice([None, 0.0, 0.25, 10.0, 99.5, 250.0]),
        since=rng.choice([None, FIRST_DAY, FIRST_DAY + datetime.timedelta(300)]),
    )


def write_lists(lists, directory):
    directory.mkdir(parents=True)
    for known in lists:
        heads = list(known.rows[0])
        with open(directory / f"{known.name}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(heads)
            writer.writerows([cell(row[head]) for head in heads] for row in known.rows)
        columns = {"family": "text"} if "family" in heads else VALUES
        declared = ", ".join(f"{name}: {kind}" for name, kind in columns.items())
        (directory / f"{known.name}.yaml").write_text(
            f"source: made up\nas_of: 2026-01-01\nlicense: CC0\nkey: key\nmatch: {known.match}\ncolumns: {{{declared}}}\n"
        )


def load_lists(db, lists, directory):
    """DuckDB reads the same files; `ord` is the place in the file, `fgenus` a genus of which the key is the family."""
    for known in lists:
        heads = {"key": "VARCHAR", "family": "VARCHAR"} if "family" in known.rows[0] else {
            "key": "VARCHAR", "valid_from": "DATE", "valid_to": "DATE", "note": "VARCHAR", "amount": "DOUBLE",
            "since": "DATE"}
        path = directory / f"{known.name}.csv"
        db.execute(f"CREATE TABLE raw_list AS SELECT * FROM {csv_of(path, heads)}")
        db.execute(f"CREATE TABLE list_{known.name} AS SELECT *, rowid AS ord FROM raw_list")
        db.execute("DROP TABLE raw_list")
    db.execute("""CREATE TABLE first_family AS
        SELECT key AS genus, arg_min(family, ord) AS family FROM list_taxon_family GROUP BY key""")
    db.execute("""CREATE TABLE list_listed_taxa_by_family AS
        SELECT l.*, f.genus AS fgenus FROM list_listed_taxa l LEFT JOIN first_family f ON f.family = l.key""")


def csv_of(path, columns):
    typed = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    return (f"read_csv('{path}', header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', "
            f"auto_detect = false, parallel = false, columns = {{{typed}}})")


def cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "|".join(value)
    return repr(value) if isinstance(value, float) else str(value)


# ------------------------------------------------------------------------------------------- conditions as trees

# An expression: how ch24 writes it, how tightly that binds, how DuckDB writes it, and the names that it reads.
Tree = namedtuple("Tree", "text level sql names")
OR, AND, NOT, COMPARE, SUM, PRODUCT, UNARY, PRIMARY = range(1, 9)


def text_literal(value):
    return "'" + value.replace("'", "''") + "'"


class Maker:
    """Makes random trees. `names` maps names by type to those that conditions may use."""

    def __init__(self, rng, rows):
        self.rng = rng
        self.names = {"text": [*TEXTS, "taxon", "evidence_stage"], "number": list(NUMBERS), "boolean": list(BOOLEANS),
                      "date": [*DATES, "legal_date"], "list": list(LISTS)}
        self.params = None
        self.n_rows = len(rows)
        sample = rng.sample(rows, min(len(rows), 400))
        self.samples = {name: [row[name] for row in sample if row.get(name) is not None] for name in COLUMNS}
        self.samples["taxon"] = ["Swietenia macrophylla", "Dalbergia", "Dalbergia retusa", "Ateles"]

    # ---- writing

    def inside(self, tree, level):
        """The ch24 text of an operand: in parentheses where it must be, and now and then where it need not."""
        if tree.level < level or self.rng.random() < 0.04:
            return f"({tree.text})"
        return tree.text

    def word(self, keyword):
        return keyword.lower() if self.rng.random() < 0.2 else keyword

    def chain(self, keyword, level, parts):
        text = f"{self.rng.choice([' ', ' ', chr(10)])}{self.word(keyword)} ".join(
            self.inside(part, level + 1) for part in parts)
        return Tree(text, level, "(" + f" {keyword} ".join(part.sql for part in parts) + ")", names_of(parts))

    def call(self, name, parts, sql):
        return Tree(f"{name}({', '.join(part if isinstance(part, str) else part.text for part in parts)})", PRIMARY,
                    sql, names_of(part for part in parts if not isinstance(part, str)))

    def name(self, name):
        return Tree(name, PRIMARY, f"r.{name}", frozenset([name]))

    def literal(self, value):
        if value is None:
            return Tree(self.word("NULL"), PRIMARY, "NULL", frozenset())
        if isinstance(value, datetime.date):
            return Tree(f"DATE '{value}'", PRIMARY, f"DATE '{value}'", frozenset())
        if isinstance(value, bool):
            return Tree(str(value).upper(), PRIMARY, str(value).upper(), frozenset())
        if isinstance(value, float):
            sql = f"CAST('{value!r}' AS DOUBLE)"
            if self.params is not None and self.rng.random() < 0.2:
                param = f"p{len(self.params)}"
                self.params[param] = value
                return Tree(f":{param}", PRIMARY, sql, frozenset())
            short = f"{value:.0f}" if value == int(value) and abs(value) < 1e9 and value != 0 else repr(value)
            return Tree(short, UNARY if short.startswith("-") else PRIMARY, sql, frozenset())
        return Tree(text_literal(value), PRIMARY, text_literal(value), frozenset())

    # ---- values

    def pick(self, kind):
        return self.name(self.rng.choice(self.names[kind]))

    def sample(self, kind, tree):
        """A literal that the tree may equal."""
        known = [value for name in sorted(tree.names) for value in self.samples.get(name, ()) if kind_of(value) == kind]
        if known and self.rng.random() < 0.95:
            return self.rng.choice(known)
        day = FIRST_DAY + datetime.timedelta(self.rng.randrange(0, 700))
        return {"text": self.rng.choice(["MX", "Dalbergia", "H1", "01", "5301", "", "é"]), "date": day,
                "number": self.rng.choice([0.0, 1.0, 2.0, 3.0, 12.0, 0.5, -1.0, 100.0, 2025.0]),
                "boolean": self.rng.random() < 0.5}[kind]

    def value(self, kind, depth=2, lists=True):
        return {"text": self.text, "number": self.number, "date": self.date, "boolean": self.boolean}[kind](depth, lists)

    def several(self, kind, depth, lists):
        parts = [self.value(kind, depth - 1, lists) for _ in range(self.rng.randint(1, 3))]
        if self.rng.random() < 0.3:
            parts.insert(self.rng.randint(0, len(parts)), self.literal(self.sample(kind, parts[0])))
        if self.rng.random() < 0.1:
            parts.insert(self.rng.randint(0, len(parts)), self.literal(None))
        return parts

    def common(self, kind, depth, lists):
        """Functions that take and give any type that has an order."""
        name = self.rng.choice(["coalesce", "coalesce", "least", "greatest"])
        parts = self.several(kind, depth, lists)
        return self.call(name, parts, f"CAST({name}({', '.join(part.sql for part in parts)}) AS {SQL_TYPE[kind]})")

    def text(self, depth=2, lists=True):
        roll = self.rng.random()
        if depth <= 0 or roll < 0.7:
            return self.pick("text")
        if roll < 0.8:
            return self.common("text", depth, lists)
        if roll < 0.88:
            name = self.rng.choice(["lower", "upper"])
            part = self.text(depth - 1, lists)
            return self.call(name, [part], f"{name}({part.sql})")
        if roll < 0.95 or not lists:
            parts = [self.text(depth - 1, lists) for _ in range(2)]
            if self.rng.random() < 0.5:
                parts.insert(1, self.literal("||"))
            return Tree(" || ".join(self.inside(part, SUM if part is parts[0] else PRODUCT) for part in parts), SUM,
                        "(" + " || ".join(part.sql for part in parts) + ")", names_of(parts))
        return self.lookup("note")

    def number(self, depth=2, lists=True):
        roll = self.rng.random()
        if depth <= 0 or roll < 0.45:
            return self.pick("number")
        if roll < 0.75:
            return self.arithmetic(depth, lists)
        if roll < 0.78:
            part = self.number(depth - 1, lists)
            return Tree("- " + self.inside(part, UNARY), UNARY, f"(-{part.sql})", part.names)
        if roll < 0.82:
            part = self.number(depth - 1, lists)
            return self.call("abs", [part], f"abs({part.sql})")
        if roll < 0.85:
            part = self.text(depth - 1, lists)
            return self.call("length", [part], f"CAST(length({part.sql}) AS DOUBLE)")
        if roll < 0.9:
            parts = [self.date(depth - 1, lists) for _ in range(2)]
            return self.call("days_between", parts,
                             f"CAST(date_diff('day', {parts[0].sql}, {parts[1].sql}) AS DOUBLE)")
        if roll < 0.93:
            name, part = self.rng.choice(["month", "year"]), self.date(depth - 1, lists)
            return self.call(name, [part], f"CAST({name}({part.sql}) AS DOUBLE)")
        if roll < 0.97 or not lists:
            return self.common("number", depth, lists)
        return self.lookup("amount")

    def arithmetic(self, depth, lists):
        sign = self.rng.choice(["+", "-", "*", "/", "/"])
        left = self.number(depth - 1, lists)
        right = self.literal(make_number(self.rng, "") or 2.0) if self.rng.random() < 0.3 else self.number(depth - 1, lists)
        level = SUM if sign in "+-" else PRODUCT
        divisor = f"nullif({right.sql}, 0)" if sign == "/" else right.sql
        return Tree(f"{self.inside(left, level)} {sign} {self.inside(right, level + 1)}", level,
                    f"finite({left.sql} {sign} {divisor})", left.names | right.names)

    def date(self, depth=2, lists=True):
        roll = self.rng.random()
        if depth <= 0 or roll < 0.75:
            return self.pick("date")
        return self.common("date", depth, lists) if roll < 0.93 or not lists else self.lookup("since")

    # ---- lists

    def key(self, known):
        """A key for a list: most often of the field that the list is about."""
        if self.rng.random() < 0.2:
            return self.text(1, False)
        if known == "hts_codes":
            return self.name("hts_number")
        if known == "listed_taxa":
            return self.name(self.rng.choice(["taxon", "taxon", "scientific_genus"]))
        if known == "pairs":
            parts = [self.name(self.rng.choice(["country_of_origin", "country_of_harvest"])), self.name("scientific_genus")]
            return Tree(f"{parts[0].text} || '||' || {parts[1].text}", SUM,
                        f"({parts[0].sql} || '||' || {parts[1].sql})", names_of(parts))
        return self.name(self.rng.choice(["country_of_origin", "us_port_of_entry", "wildlife_source_code",
                                          "simp_status", "importer_name", "carrier_code"]))

    def list_rows(self, known, key, date):
        """The rows of a list that a key finds, and their order: the longest candidate, then the place in the file."""
        table, found, order = f"list_{known}", f"l.key = {key.sql}", "l.ord"
        if known == "hts_codes":
            found, order = f"starts_with({key.sql}, l.key)", "length(l.key) DESC, l.ord"
        if known == "listed_taxa":
            table, genus = "list_listed_taxa_by_family", f"split_part({key.sql}, ' ', 1)"
            found = f"({found} OR l.key = {genus} OR l.fgenus = {genus})"
            order = f"CASE WHEN l.key = {key.sql} THEN 0 WHEN l.key = {genus} THEN 1 ELSE 2 END, l.ord"
        if date is not None:
            found += (f" AND (l.valid_from IS NULL OR l.valid_from <= {date.sql})"
                      f" AND (l.valid_to IS NULL OR {date.sql} <= l.valid_to) AND {date.sql} IS NOT NULL")
        return f"FROM {table} l WHERE {found}", order

    def listed(self):
        known = self.rng.choice(["hts_codes", "watched", "pairs", "listed_taxa"])
        date = self.date(1, False) if self.rng.random() < 0.5 else None
        return known, self.key(known), date, [] if date is None else [date]

    def lookup(self, column):
        known, key, date, dates = self.listed()
        rows, order = self.list_rows(known, key, date)
        return self.call("lookup", [text_literal(known), key, text_literal(column), *dates],
                         f"(SELECT l.{column} {rows} ORDER BY {order} LIMIT 1)")

    def in_list(self):
        known, key, date, dates = self.listed()
        rows, _ = self.list_rows(known, key, date)
        unknown = " OR ".join(f"{part.sql} IS NULL" for part in [key, *dates])
        return self.call("in_list", [key, text_literal(known), *dates],
                         f"(CASE WHEN {unknown} THEN NULL ELSE EXISTS (SELECT 1 {rows}) END)")

    def contains_any(self):
        known = self.rng.choice(["phrases_wood", "phrases_fish"])
        part = self.name("goods_description") if self.rng.random() < 0.7 else self.text(1, False)
        return self.call("contains_any", [part, text_literal(known)],
                         f"(CASE WHEN {part.sql} IS NULL THEN NULL ELSE EXISTS (SELECT 1 FROM list_{known} l "
                         f"WHERE contains(fold({part.sql}), fold(l.key))) END)")

    # ---- truths

    def leaf(self, lists=True):
        makers = [self.comparison] * 6 + [self.one_of] * 4 + [self.between] * 2 + [self.like] * 4 + [self.is_null] * 2
        makers += [self.starts_with, self.has_item] + [lambda: self.pick("boolean")] * 3
        makers += ([self.in_list] * 4 + [self.contains_any] * 2) if lists else []
        return self.rng.choice(makers)()

    def kind(self):
        return self.rng.choice(["text", "text", "text", "number", "number", "date"])

    def comparison(self):
        kind = self.kind() if self.rng.random() < 0.93 else "boolean"
        left = self.value(kind)
        roll = self.rng.random()
        if roll < 0.7:
            right = self.literal(self.sample(kind, left))
        elif roll < 0.98:
            right = self.value(kind, 1)
        else:
            right = self.literal(None)
        if roll > 0.9:
            left, right = right, left
        sign = self.rng.choice(["=", "=", "<>", "!=", "<", "<=", ">", ">="])
        return Tree(f"{self.inside(left, SUM)} {sign} {self.inside(right, SUM)}", COMPARE,
                    f"({left.sql} {sign} {right.sql})", left.names | right.names)

    def one_of(self):
        kind = self.kind()
        left = self.value(kind, 1)
        items = [self.literal(self.sample(kind, left)) for _ in range(self.rng.randint(1, 5))]
        if self.rng.random() < 0.15:
            items.append(self.literal(None))
        if self.rng.random() < 0.1:
            items.append(self.value(kind, 1, False))
        self.rng.shuffle(items)
        keyword = self.rng.choice(["IN", "IN", "NOT IN"])
        return Tree(f"{self.inside(left, SUM)} {self.word(keyword)} ({', '.join(item.text for item in items)})", COMPARE,
                    f"({left.sql} {keyword} ({', '.join(item.sql for item in items)}))", names_of([left, *items]))

    def between(self):
        kind = self.kind()
        value = self.value(kind, 1)
        bounds = [self.literal(self.sample(kind, value)) if self.rng.random() < 0.85 else self.value(kind, 1, False)
                  for _ in range(2)]
        keyword = self.rng.choice(["BETWEEN", "BETWEEN", "NOT BETWEEN"])
        return Tree(f"{self.inside(value, SUM)} {self.word(keyword)} {self.inside(bounds[0], SUM)} AND "
                    f"{self.inside(bounds[1], SUM)}", COMPARE,
                    f"({value.sql} {keyword} {bounds[0].sql} AND {bounds[1].sql})", names_of([value, *bounds]))

    def like(self):
        value = self.text(1, False) if self.rng.random() < 0.5 else self.name("goods_description")
        pattern = list(self.sample("text", value) or "%")
        for _ in range(self.rng.randint(0, 2)):
            pattern[self.rng.randrange(len(pattern))] = self.rng.choice("_%")
        start = self.rng.randrange(len(pattern)) if self.rng.random() < 0.4 else 0
        end = self.rng.randint(start + 1, len(pattern)) if self.rng.random() < 0.6 else len(pattern)
        pattern = "%" * (start > 0) + "".join(pattern[start:end]) + "%" * (end < len(pattern))
        keyword = self.rng.choice(["LIKE", "LIKE", "NOT LIKE"])
        return Tree(f"{self.inside(value, SUM)} {self.word(keyword)} {text_literal(pattern)}", COMPARE,
                    f"({value.sql} {keyword} {text_literal(pattern)})", value.names)

    def is_null(self):
        value = self.value(self.rng.choice(["text", "number", "date", "boolean"]), 1)
        if self.rng.random() < 0.1:
            value = self.pick("list")
        keyword = self.rng.choice(["IS NULL", "IS NOT NULL"])
        return Tree(f"{self.inside(value, SUM)} {self.word(keyword)}", COMPARE, f"({value.sql} {keyword})", value.names)

    def starts_with(self):
        value = self.text(1, False)
        prefix = self.sample("text", value)[:self.rng.randint(1, 5)]
        return self.call("starts_with", [value, text_literal(prefix)], f"starts_with({value.sql}, {text_literal(prefix)})")

    def has_item(self):
        value = self.pick("list")
        item = self.rng.choice(LISTS[value.text])
        return self.call("has_item", [value, text_literal(item)],
                         f"list_contains(string_split({value.sql}, '|'), {text_literal(item)})")

    def boolean(self, depth=2, lists=True):
        roll = self.rng.random()
        if depth <= 0 or roll < 0.4:
            return self.leaf(lists)
        if roll < 0.6:
            return self.chain("AND", AND, [self.boolean(depth - 1, lists) for _ in range(self.rng.randint(2, 3))])
        if roll < 0.8:
            return self.chain("OR", OR, [self.boolean(depth - 1, lists) for _ in range(self.rng.randint(2, 3))])
        if roll < 0.94:
            part = self.boolean(depth - 1, lists)
            return Tree(f"{self.word('NOT')} {self.inside(part, NOT)}", NOT, f"(NOT {part.sql})", part.names)
        parts = [self.boolean(depth - 1, lists), self.literal(self.rng.choice([True, False]))]
        return self.call("coalesce", parts, f"coalesce({parts[0].sql}, {parts[1].sql})")

    def condition(self):
        """A condition as authors write it, or a deep one, or one that would explode in disjunctive form."""
        roll = self.rng.random()
        if roll < 0.45:
            return self.chain("AND", AND, [self.leaf() for _ in range(self.rng.randint(1, 4))])
        if roll < 0.85:
            return self.boolean(self.rng.randint(2, 5))
        ors = [self.chain("OR", OR, [self.leaf() for _ in range(self.rng.randint(3, 5))])
               for _ in range(self.rng.randint(3, 6))]
        condition = self.chain("AND", AND, ors)
        if roll < 0.92:
            return condition
        return Tree(f"NOT ({condition.text})", NOT, f"(NOT {condition.sql})", condition.names)


def names_of(trees):
    return frozenset().union(*(tree.names for tree in trees))


def kind_of(value):
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, float):
        return "number"
    return {str: "text", datetime.date: "date", list: "list"}[type(value)]


# ------------------------------------------------------------------------------------------------------- the pack

Derived = namedtuple("Derived", "name kind text sql names")
Rule = namedtuple("Rule", "id theme family points floor status stages mitigates params condition fields")
SCORED = ["timber", "wildlife", "iuu"]
CAPS = {"document": 60, "species": 50, "list": 80, "history": 40, "entity": 30, "price": 25, "quantity": 25, "routing": 20}
MITIGABLE = ["price", "quantity", "routing", "entity"]
UNIT_KEYS = {"line": "r.line_key", "entry": "r.entry_number",
             "bill": "coalesce(r.house_bill_number, r.master_bill_number)"}


def make_derived(rng, maker):
    """Three layers: expressions over fields, aggregates over those, expressions over all."""
    layers = [[], [], []]
    for position in range(6):
        kind = ["text", "number", "number", "date", "boolean", "boolean"][position]
        tree = maker.value(kind, 2)
        layers[0].append(Derived(f"first_{position}", kind, tree.text, tree.sql, tree.names))
    add_names(maker, layers[0])
    for position in range(12):
        layers[1].append(make_aggregate(rng, maker, f"over_{position}"))
    add_names(maker, layers[1])
    for position in range(4):
        kind = ["number", "boolean", "text", "number"][position]
        tree = maker.value(kind, 2)
        layers[2].append(Derived(f"then_{position}", kind, tree.text, tree.sql, tree.names))
    add_names(maker, layers[2])
    return layers


def add_names(maker, derived):
    for entry in derived:
        # Often, so that rules use them.
        maker.names[entry.kind] += [entry.name] * 2


def make_aggregate(rng, maker, name):
    function = rng.choice(["any", "any", "all", "count", "distinct", "sum", "min", "max"])
    unit = rng.choice(["line", "entry", "entry", "bill"])
    if function in ("any", "all"):
        kind, tree = "boolean", maker.boolean(1)
    elif function == "sum":
        # Only quarters: their sum is exact whatever the order.
        kind, tree = "number", maker.name(rng.choice(["quantity_1", "component_quantity", "piece_count", "gross_weight_kg"]))
    elif function in ("min", "max"):
        kind = rng.choice(["number", "date"])
        tree = maker.value(kind, 1)
    else:
        kind, tree = "number", maker.value(rng.choice(["text", "number", "date", "boolean"]), 1)
    called = {"any": "bool_or", "all": "bool_and", "distinct": "count"}.get(function, function)
    argument = f"DISTINCT {tree.sql}" if function == "distinct" else tree.sql
    sql = f"{called}({argument}) OVER (PARTITION BY coalesce({UNIT_KEYS[unit]}, '#' || r.rid))"
    if function in ("count", "distinct"):
        sql = f"CAST({sql} AS DOUBLE)"
    return Derived(name, kind, f"{function}({tree.text}) over {unit}", sql, tree.names)


def make_rules(rng, maker, derived, n_rules, n_hits):
    """`n_hits` says how many rows a condition holds for: one that no row or every row hits is mostly made anew."""
    reads = {}
    for entry in derived:
        reads[entry.name] = frozenset().union(*(reads.get(name, {name}) for name in entry.names))
    numbers = rng.sample(range(1, 10 * n_rules), n_rules)
    most_points = rng.choice([5, 10, 30])
    rules = []
    for number in numbers:
        for tries in range(4):
            maker.params = {}
            condition = maker.condition()
            if tries == 3 or 0 < n_hits(condition) < maker.n_rows or rng.random() < 0.1:
                break
        if rng.random() < 0.03:
            # A field that the file does not have.
            leaf = Tree("conveyance_name = 'X' OR harvest_vessel_gt > 5", OR, "FALSE", frozenset(MISSING))
            condition = maker.chain("OR", OR, [condition, leaf])
        family = rng.choice(list(CAPS))
        mitigates = family in [*MITIGABLE, "history"] and rng.random() < 0.3
        floor = rng.choice(["review", "examine"]) if rng.random() < 0.06 and not mitigates else None
        rules.append(Rule(
            id=f"{rng.choice('TWFX')}-{number}",
            theme=rng.choice([*SCORED, "cross"]), family=family, points=rng.randint(1, most_points), floor=floor,
            status=rng.choice(["active"] * 8 + ["draft", rng.choice(["retired", "rejected"])]),
            stages=sorted(rng.sample(STAGES, rng.randint(1, 5))) if rng.random() < 0.3 else None,
            mitigates=mitigates, params=maker.params, condition=condition,
            fields=frozenset().union(*(reads.get(name, {name}) for name in condition.names)),
        ))
    maker.params = None
    return sorted(rules, key=lambda rule: rule.id.encode())


def make_policy(rng, maker):
    scopes = {theme: maker.boolean(2) for theme in SCORED if rng.random() < 0.9}
    caps = {family: rng.randint(3, 60) for family in CAPS if rng.random() < 0.7}
    yellow = rng.randint(5, 40)
    return dict(scopes=scopes, caps={**CAPS, **caps}, given_caps=caps, mitigation_cap=rng.randint(0, 40),
                yellow=(yellow, rng.randint(1, 3)), red=(rng.randint(yellow, 80), rng.randint(1, 6)))


def indent(text, by):
    return "".join(f"{by}{line}\n" for line in text.split("\n"))


def write_pack(directory, rng, rules, derived, policy):
    entries = list(derived)
    rng.shuffle(entries)
    (directory / "derived.yaml").write_text(
        "".join(f"{entry.name}: |\n{indent(entry.text, '  ')}" for entry in entries), encoding="utf-8")
    text = "version: 1\nthemes:\n"
    for theme in SCORED:
        scope = policy["scopes"].get(theme)
        text += f"  {theme}:\n    scope: |\n{indent(scope.text, '      ')}" if scope else f"  {theme}: {{}}\n"
    text += f"families: {{{', '.join(f'{family}: {cap}' for family, cap in policy['given_caps'].items())}}}\n"
    text += f"mitigation_cap: {policy['mitigation_cap']}\nlanes:\n"
    for lane in ("red", "yellow"):
        text += f"  {lane}: {{min_score: {policy[lane][0]}, min_families: {policy[lane][1]}}}\n"
    (directory / "policy.yaml").write_text(text, encoding="utf-8")
    for rule in rules:
        folder = directory / rule.theme
        folder.mkdir(exist_ok=True)
        (folder / f"{rule.id}.yaml").write_text(rule_file(rule), encoding="utf-8")


def rule_file(rule):
    text = f"id: {rule.id}\nname: rule-{rule.id.lower()}\ntitle: A random rule\ntheme: {rule.theme}\n"
    text += f"family: {rule.family}\nseverity: low\npoints: {rule.points}\nstatus: {rule.status}\n"
    text += f"floor: {rule.floor}\n" if rule.floor else ""
    text += f"stages: [{', '.join(rule.stages)}]\n" if rule.stages else ""
    text += "mitigates: true\n" if rule.mitigates else ""
    text += f"params: {{{', '.join(f'{name}: {value!r}' for name, value in rule.params.items())}}}\n" if rule.params else ""
    return text + f"when: |\n{indent(rule.condition.text, '  ')}"


# ----------------------------------------------------------------------------------------------------- DuckDB's side

FOLDED = "lower(x)"
for letter, spelling in {"æ": "ae", "ø": "o", "ł": "l", "đ": "d"}.items():
    FOLDED = f"replace({FOLDED}, '{letter}', '{spelling}')"


def load_rows(db, path, carried, derived_layers):
    """Table r: the rows as the design says that conditions see them, then derived names, layer by layer."""
    db.execute("CREATE MACRO finite(x) AS CASE WHEN isfinite(x) THEN x END")
    db.execute(f"CREATE MACRO fold(x) AS ' ' || trim(regexp_replace(strip_accents({FOLDED}), '[^a-z0-9]+', ' ', 'g')) || ' '")
    typed = {name: SQL_TYPE[KIND[name]] for name in COLUMNS}
    db.execute(f"CREATE TABLE input AS SELECT * FROM {csv_of(path, typed)}")
    classes = db.execute("SELECT DISTINCT evidence_stage, source_format FROM input").fetchall()
    columns = ["rowid + 1 AS rid"]
    for name in COLUMNS:
        where = [f"(evidence_stage IS NOT DISTINCT FROM {sql_text(stage)} AND source_format IS NOT DISTINCT FROM {sql_text(source)})"
                 for stage, source in classes if name in carried.by(stage, source)]
        columns.append(f"CASE WHEN {' OR '.join(where) or 'FALSE'} THEN {name} END AS {name}")
    db.execute(f"CREATE TABLE r0 AS SELECT {', '.join(columns)} FROM input")
    db.execute("""CREATE TABLE r1 AS SELECT * REPLACE (
            coalesce(net_weight_kg, CASE WHEN quantity_1_uom = 'KG' THEN quantity_1 END) AS net_weight_kg,
            coalesce(component_seq, 1) AS component_seq,
            coalesce(line_id, entry_number || '-' || CAST(entry_line_number AS BIGINT), 'rows#' || rid) AS line_id),
        CASE WHEN scientific_species IS NULL OR scientific_species = 'sp.' THEN scientific_genus
             ELSE scientific_genus || ' ' || scientific_species END AS taxon,
        coalesce(date_of_import, estimated_arrival_date, entry_date) AS legal_date,
        CAST(NULL AS VARCHAR) AS conveyance_name, CAST(NULL AS DOUBLE) AS harvest_vessel_gt
        FROM r0""")
    db.execute("CREATE TABLE r2 AS SELECT *, line_id AS line_key FROM r1")
    for number, layer in enumerate(derived_layers, 2):
        added = ", ".join(f"CAST({entry.sql} AS {SQL_TYPE[entry.kind]}) AS {entry.name}" for entry in layer)
        db.execute(f"CREATE TABLE r{number + 1} AS SELECT r.*, {added} FROM r{number} r")
    db.execute("ALTER TABLE r5 RENAME TO r")


def sql_text(value):
    return "NULL" if value is None else text_literal(value)


def rows_where(db, condition):
    """Positions of the rows for which a condition is true."""
    try:
        found = db.execute(f"SELECT rid - 1 FROM r WHERE {condition.sql}").fetchall()
    except duckdb.Error as error:
        sys.exit(f"DuckDB cannot run this condition: {error}\n{condition.text}\n{condition.sql}")
    return frozenset(row for (row,) in found)


def judge(rules, hits, scopes, policy):
    """Points and lane of one line (section 5). `hits`: the active rules; `scopes`: the themes whose scope holds."""
    counted = [(rule, [rule.theme] if rule.theme != "cross" else scopes) for rule in hits]
    counted = [(rule, themes) for rule, themes in counted if themes]
    scores, lane = {}, 0
    for theme in SCORED:
        ours = [rule for rule, themes in counted if theme in themes]
        by_family = Counter()
        for rule in ours:
            if not rule.mitigates:
                by_family[rule.family] += rule.points
        mitigation = min(policy["mitigation_cap"], sum(rule.points for rule in ours if rule.mitigates))
        capped = {family: min(points, policy["caps"][family]) for family, points in by_family.items()}
        soft = sum(points for family, points in capped.items() if family in MITIGABLE)
        total = sum(capped.values()) - soft + max(0, soft - mitigation)
        scores[theme] = min(100, total)
        for level, name in ((1, "yellow"), (2, "red")):
            min_score, min_families = policy[name]
            if scores[theme] >= min_score and len(by_family) >= min_families:
                lane = max(lane, level)
    for rule, _ in counted:
        lane = max(lane, {None: 0, "review": 1, "examine": 2}[rule.floor])
    hard, soft = (sum(rule.points for rule, _ in counted if not rule.mitigates and (rule.family in MITIGABLE) == is_soft)
                  for is_soft in (False, True))
    subtracted = min(policy["mitigation_cap"], sum(rule.points for rule, _ in counted if rule.mitigates))
    return dict(timber_score=scores["timber"], wildlife_score=scores["wildlife"], iuu_score=scores["iuu"],
                score=max(scores.values()), points_total=hard + max(0, soft - subtracted), lane=["green", "yellow", "red"][lane])


# ------------------------------------------------------------------------------------------------------ ch24's side

def write_inputs(rows, directory):
    """The same rows as CSV and as Parquet, under one file name, because line ids hold it."""
    paths = {form: directory / form / "rows" for form in ("csv", "parquet")}
    for path in paths.values():
        path.parent.mkdir()
    with open(paths["csv"], "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([cell(row[name]) for name in COLUMNS] for row in rows)
    types = {"text": pa.string(), "number": pa.float64(), "date": pa.date32(), "boolean": pa.bool_(),
             "list": pa.list_(pa.string())}
    table = pa.table({name: pa.array([row[name] for row in rows], types[KIND[name]]) for name in COLUMNS})
    pq.write_table(table, paths["parquet"], row_group_size=max(1, len(rows) // 3))
    return paths


def score(ch24, path, pack, out, threads):
    # Random rows have random stages: every row is to be judged for itself.
    command = [ch24, "score", path, "--rules", pack, "--out", out, "--format", "parquet", "--outputs", "lines,shipments",
               "--threads", threads, "--quiet", "--reconcile=false"]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"ch24 score stopped with exit code {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[:6000]}")
    return {name: (out / name).read_bytes() for name in ("lines.parquet", "shipments.parquet")}


class Report:
    """Counts tests; prints the first disagreements of each."""

    def __init__(self, show):
        self.passed, self.failed, self.show = 0, 0, show

    def test(self, name, wrong, describe):
        """`wrong`: the rows that disagree."""
        if not wrong:
            self.passed += 1
            return
        self.failed += 1
        if self.failed <= self.show:
            print(f"FAILED {name}: {len(wrong)} rows disagree")
            for row in sorted(wrong)[:2]:
                print(describe(row))


def check(arguments, directory):
    rng = random.Random(arguments.seed)
    fields = json.loads(subprocess.run([arguments.ch24, "fields", "--json"], capture_output=True, check=True).stdout)
    carried = Carried(fields)
    rows = make_rows(rng, arguments.rows, carried)
    maker = Maker(rng, rows)
    lists = make_lists(rng)
    layers = make_derived(rng, maker)
    derived = [entry for layer in layers for entry in layer]
    pack = directory / "pack"
    write_lists(lists, pack / "lists")
    paths = write_inputs(rows, directory)
    db = duckdb.connect(config={"threads": 2})
    load_lists(db, lists, pack / "lists")
    load_rows(db, paths["csv"], carried, layers)
    rules = make_rules(rng, maker, derived, arguments.rules, lambda condition: len(rows_where(db, condition)))
    policy = make_policy(rng, maker)
    write_pack(pack, rng, rules, derived, policy)
    report = Report(arguments.show)

    runs = {(form, threads): score(arguments.ch24, paths[form], pack, directory / f"out-{form}-{threads}", threads)
            for form in paths for threads in (1, 2)}
    first = runs["csv", 1]
    for (form, threads), files in list(runs.items())[1:]:
        differ = {name for name in files if files[name] != first[name]}
        report.test(f"{form} on {threads} threads gives the bytes of csv on 1", differ, str)
    lines = pq.read_table(directory / "out-csv-1" / "lines.parquet").to_pylist()
    if len(lines) != len(rows):
        sys.exit(f"{len(rows)} rows went in, {len(lines)} lines came out")

    # Which rules can be evaluated, per class of rows.
    known_classes = [(row["evidence_stage"], row["source_format"]) for row in rows]
    active = [rule for rule in rules if rule.status == "active"]
    evaluable = {(stage, source): {rule.id for rule in active if rule.fields <= carried.by(stage, source)
                                   and (not rule.stages or (stage or "entry_summary") in rule.stages)}
                 for stage, source in set(known_classes)}
    expected = [[] for _ in rows]
    got = [set(line["hits"]) for line in lines]
    n_hits = []
    for rule in active:
        held = {row for row in rows_where(db, rule.condition) if rule.id in evaluable[known_classes[row]]}
        n_hits.append(len(held))
        for row in held:
            expected[row].append(rule)
        wrong = held ^ {row for row, hits in enumerate(got) if rule.id in hits}

        def describe(row, rule=rule, held=held):
            side = "DuckDB" if row in held else "ch24"
            cells = db.execute(f"SELECT * FROM r WHERE rid = {row + 1}").fetchall()[0]
            heads = [column[0] for column in db.description]
            named = rule.fields | rule.condition.names | {"evidence_stage", "source_format"}
            shown = {head: str(value) for head, value in zip(heads, cells) if head in named}
            return f"  row {row + 1}: only {side} says that it hits: {shown}\n  {rule_file(rule)}"

        report.test(f"rule {rule.id}", wrong, describe)

    # What stands beside the hits.
    scopes = {theme: rows_where(db, policy["scopes"][theme]) if theme in policy["scopes"] else set(range(len(rows)))
              for theme in SCORED}
    judged = {}
    columns = {name: [] for name in ("hits", "n_not_evaluable", "timber_score", "wildlife_score", "iuu_score", "score",
                                     "points_total", "lane")}
    judged_names = set(columns)
    for row, hits in enumerate(expected):
        in_scope = tuple(theme for theme in SCORED if row in scopes[theme])
        key = (tuple(rule.id for rule in hits), in_scope)
        if key not in judged:
            judged[key] = judge(rules, hits, in_scope, policy)
        wanted = dict(judged[key], hits=list(key[0]), n_not_evaluable=len(active) - len(evaluable[known_classes[row]]))
        for name, values in columns.items():
            values.append(wanted[name])
    given = db.execute("""SELECT line_id, hts_number, taxon, goods_description, country_of_origin, country_of_harvest,
        us_port_of_entry, entry_number, legal_date, coalesce(evidence_stage, 'entry_summary') AS evidence_stage,
        coalesce(entry_number, house_bill_number, master_bill_number, line_id) AS shipment_key FROM r ORDER BY rid""")
    heads = [column[0] for column in given.description]
    columns.update(zip(heads, map(list, zip(*given.fetchall()))))
    for name, values in columns.items():
        wrong = [row for row, value in enumerate(values) if lines[row][name] != value]

        def describe(row, name=name, values=values):
            text = f"  row {row + 1}: ch24 says {lines[row][name]!r}, expected {values[row]!r}"
            if name == "hits" or name not in judged_names:
                return text
            if got[row] != {rule.id for rule in expected[row]}:
                return text + ", because the hits differ"
            signed = [(rule.id, rule.theme, rule.family, -rule.points if rule.mitigates else rule.points, rule.floor)
                      for rule in expected[row]]
            scope_texts = {theme: (row in scopes[theme], tree.text) for theme, tree in policy["scopes"].items()}
            return f"{text}\n  hits {signed}\n  scopes {scope_texts}\n  policy {dict(policy, scopes=None)}\n  row {rows[row]}"

        report.test(f"column {name}", wrong, describe)
    # Without capacity and random draw a shipment has the lane of its worst line.
    worst, n_lines = {}, Counter(columns["shipment_key"])
    for key, lane in zip(columns["shipment_key"], columns["lane"]):
        worst[key] = max(worst.get(key, "green"), lane, key=["green", "yellow", "red"].index)
    shipments = pq.read_table(directory / "out-csv-1" / "shipments.parquet").to_pylist()
    for name, wanted in (("lane", worst), ("n_lines", n_lines)):
        said = {shipment["shipment_key"]: shipment[name] for shipment in shipments}
        wrong = {key for key in wanted.keys() | said.keys() if wanted.get(key) != said.get(key)}
        report.test(f"shipments column {name}", wrong, lambda key, said=said, wanted=wanted:
                    f"  shipment {key}: ch24 says {said.get(key)!r}, expected {wanted.get(key)!r}")
    lanes = Counter(columns["lane"])
    some = sum(1 for n in n_hits if 0 < n < len(rows))
    print(f"seed {arguments.seed}: {len(rows)} rows, {len(rules)} rules ({len(active)} active, {some} of them hit some rows), "
          f"{sum(n_hits)} hits, lanes {dict(sorted(lanes.items()))}")
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ch24", default="target/release/ch24", help="the program (default target/release/ch24)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rules", type=int, default=120)
    parser.add_argument("--rows", type=int, default=20000)
    parser.add_argument("--show", type=int, default=5, help="how many failed tests are shown in full")
    parser.add_argument("--keep", type=Path, help="leave pack, rows and results in this directory, which must not exist")
    arguments = parser.parse_args()
    start = time.monotonic()
    directory = arguments.keep or Path(tempfile.mkdtemp(prefix="ch24-duckdb-"))
    directory.mkdir(exist_ok=arguments.keep is None)
    try:
        report = check(arguments, directory)
    finally:
        if arguments.keep is None:
            shutil.rmtree(directory)
    print(f"{time.monotonic() - start:.0f} s", file=sys.stderr)
    print(f"{report.passed} passed, {report.failed} failed")
    sys.exit(1 if report.failed else 0)


if __name__ == "__main__":
    main()
