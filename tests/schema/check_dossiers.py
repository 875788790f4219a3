"""Checks that the JSON Schema of `ch24 dossier --schema` accepts every dossier of the sample, and holds the editions apart."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from schemas import accepted, validator

# What must never stand in a releasable edition, wherever it is put.
BREAKS = {
    "a score": lambda edition: edition.update(score=80),
    "rules": lambda edition: edition["shipments"][0].update(rules=["F-01"]),
    "an importer number": lambda edition: edition["shipments"][0]["parties"].update(importer_of_record_number="99-0000022AA"),
    "an entry number": lambda edition: edition["shipments"][0]["transport"].update(entry_number="Q4S22019642"),
    "no state": lambda edition: edition.pop("state"),
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--ch24", type=Path, required=True)
    arguments.add_argument("--input", type=Path, default=Path("sample-data/manifest.csv"))
    asked = arguments.parse_args()
    schema = validator(asked.ch24, "dossier", "--schema")
    wrong, dossiers = [], []
    with tempfile.TemporaryDirectory() as directory:
        out = Path(directory) / "out"
        subprocess.run([asked.ch24, "score", asked.input, "--out", out, "--quiet"], check=True)
        subprocess.run([asked.ch24, "dossier", out, "--all"], check=True, capture_output=True)
        dossiers = sorted((out / "dossiers").glob("*.json"))
        for path in dossiers:
            dossier = json.loads(path.read_text("utf-8"))
            wrong += [f"{path.name}: {error.message[:300]}" for error in schema.iter_errors(dossier)]
            if dossier["edition"] == "releasable":
                wrong += [f"{path.name}: accepted with {name}" for name in accepted(schema, dossier, BREAKS)]
    print("\n".join(wrong + [f"{len(dossiers)} editions, {len(wrong)} mistakes"]))
    return 1 if wrong or not dossiers else 0


if __name__ == "__main__":
    sys.exit(main())
