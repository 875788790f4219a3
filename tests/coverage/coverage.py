"""Runs the shipped pack over real records and writes docs/coverage.md: hits by rule, evaluable share, outcomes.

The records are not part of the project; sample-data/README.md says where each comes from. Labels are read here, from the
source files, never by ch24.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent.parent


def lemis_bad(row):
    return row["disposition"] in ("S", "R", "A") or row["action"] == "R"


def lemis_is_headline(row):
    """Lines whose fields were filed before inspection: no personal goods, no source that inspectors write."""
    return row["purpose"] != "P" and row["source"] not in ("U", "X")


RECORDS = [
    dict(title="LEMIS, amphibians, 1999 and 2015-2018", file="lemis_amphibians_1999_2018.csv", map="lemis.map.yaml",
         bad=lemis_bad, of=lemis_is_headline, of_text="without personal goods (purpose P) and sources U and X",
         about="US Fish and Wildlife Service, Form 3-177 lines, real. Bad: seized, refused, re-exported or abandoned. The "
               "rules W-38 to W-49 were written after looking at this file, so their precision here flatters."),
    dict(title="CITES trade that the US reported as importer, 1982-2014",
         file="cites_us_importer_reported_1982_2014.csv", map="cites.map.yaml",
         bad=lambda row: row["source"] == "I", of=lambda row: row["purpose"] != "P", of_text="without purpose P",
         about="CITES Trade Database (CITES Secretariat and UNEP-WCMC), real. Bad: source I, confiscated or seized; the "
               "column is the label, so rules that read it see it only where it is not I."),
    dict(title="CITES yearly totals of timber and fishery taxa, US imports 2001-2015",
         file="cites_us_imports_timber_fish_2001_2015.csv", map="cites-totals.map.yaml", bad=None, of=None, of_text="",
         about="CITES Trade Database, real, no outcome: coverage and alert rate only."),
    dict(title="Korea customs declarations, 2020 (synthetic)", file="kcs_declarations_train.csv", map="kcs.map.yaml",
         bad=lambda row: row["Fraud"] == "1", of=None, of_text="",
         about="Made by a generative model from inspected declarations. Bad: duty evasion, which is no matter of chapter "
               "24: only what HTS and price rules do on six-digit headings is of interest."),
]


def score(ch24, records, known, out):
    """Runs ch24; gives its account and the line rows."""
    subprocess.run([ch24, "score", records / known["file"], "--map", HERE / "sample-data" / known["map"], "--out", out,
                    "--format", "csv", "--outputs", "lines", "--quiet", "--max-bad-rows", "100%"], check=True)
    with open(out / "lines.csv", encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    return json.loads((out / "run.json").read_text("utf-8")), lines


def share(part, whole):
    return "-" if not whole else f"{100 * part / whole:.1f} %"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows] + [""]


def section(known, account, lines, source):
    """One dataset as Markdown."""
    text = [f"## {known['title']}", "", known["about"], ""]
    rules = account["summary"]["rules"]
    evaluable = [rule for rule in rules if rule["not_evaluable"] < len(lines)]
    active = [rule for rule in rules if rule["status"] == "active"]
    text += [f"{len(lines):,} lines. {sum(rule['status'] == 'active' for rule in evaluable)} of {len(active)} active "
             "rules can be evaluated on some line.", ""]
    lanes = Counter(line["lane"] for line in lines)
    bad = [bool(known["bad"] and known["bad"](row)) for row in source]
    subsets = [("all lines", [True] * len(source))]
    if known["of"]:
        subsets.append((known["of_text"], [known["of"](row) for row in source]))
    heads = ["lane", "lines", "share"]
    if known["bad"]:
        heads += [f"bad, {name}" for name, _ in subsets]
    rows = []
    for lane in ("red", "yellow", "green"):
        row = [lane, f"{lanes[lane]:,}", share(lanes[lane], len(lines))]
        for _, kept in subsets if known["bad"] else []:
            inside = [is_bad for is_bad, line, keep in zip(bad, lines, kept) if keep and line["lane"] == lane]
            row.append(f"{sum(inside):,} of {len(inside):,} ({share(sum(inside), len(inside))})")
        rows.append(row)
    text += table(heads, rows)
    hits, bad_hits, drafts = Counter(), defaultdict(int), {rule["id"]: rule for rule in rules}
    for line, is_bad in zip(lines, bad):
        for rule in filter(None, line["hits"].split(";")):
            hits[rule] += 1
            bad_hits[rule] += is_bad
    heads = ["rule", "what", "hits", "share of lines", "evaluable"]
    if known["bad"]:
        heads += ["bad among hits"]
        text += [f"Base rate: {sum(bad):,} of {len(bad):,} lines are bad ({share(sum(bad), len(bad))}).", ""]
    rows = []
    for rule, count in sorted(hits.items(), key=lambda item: (-item[1], item[0])):
        can = len(lines) - drafts[rule]["not_evaluable"]
        row = [rule, drafts[rule]["title"], f"{count:,}", share(count, len(lines)), share(can, len(lines))]
        rows.append(row + ([share(bad_hits[rule], count)] if known["bad"] else []))
    text += table(heads, rows)
    silent = [rule["id"] for rule in evaluable if rule["status"] == "active" and not hits[rule["id"]]]
    if silent:
        text += [f"Evaluated, no hit: {', '.join(silent)}.", ""]
    return text


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--ch24", type=Path, default=HERE / "target/release/ch24")
    arguments.add_argument("--records", type=Path, required=True, help="directory with the source files")
    arguments.add_argument("--out", type=Path, default=HERE / "docs/coverage.md")
    asked = arguments.parse_args()
    text = ["# Coverage on real records", "",
            "Written by `python3 tests/coverage/coverage.py --records DIR`; do not edit. What the shipped pack does on records "
            "that are not made for it: which rules can be evaluated at all, what they hit, and how hits relate to outcomes "
            "where there are any. These are lines, not shipments, and no judgment of effectiveness: the rules were not fitted "
            "to outcomes, most fields of an entry are absent, and who was inspected was not random.", ""]
    for known in RECORDS:
        with open(asked.records / known["file"], encoding="utf-8", newline="") as file:
            source = list(csv.DictReader(file))
        with tempfile.TemporaryDirectory() as directory:
            account, lines = score(asked.ch24, asked.records, known, Path(directory) / "out")
        if len(lines) != len(source):
            sys.exit(f"{known['file']}: {len(source)} rows in, {len(lines)} lines out")
        text += section(known, account, lines, source)
    asked.out.write_text("\n".join(text).rstrip() + "\n", "utf-8")
    print(f"wrote {asked.out.name}")


if __name__ == "__main__":
    main()
