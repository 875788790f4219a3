"""Checks that `ch24 rules schema` accepts every shipped rule, and refuses what the loader refuses."""

import argparse
import datetime
import sys
from pathlib import Path

from ruamel.yaml import YAML

from schemas import accepted, validator


def plain(value):
    """YAML 1.2 values as JSON; dates as text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


BREAKS = {
    "no condition": lambda rule: rule.pop("when"),
    "a theme that does not exist": lambda rule: rule.update(theme="tmber"),
    "too many points": lambda rule: rule.update(points=101),
    "an unknown key": lambda rule: rule.update(severty="low"),
    "one text where a list stands": lambda rule: rule.update(legal_basis="16 USC 3372"),
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--ch24", type=Path, required=True)
    arguments.add_argument("--rules", type=Path, default=Path("rules"))
    asked = arguments.parse_args()
    schema = validator(asked.ch24, "rules", "schema")
    reader = YAML(typ="safe", pure=True)
    rules = [path for path in sorted(asked.rules.glob("*/*.yaml")) if path.parent.name != "lists"]
    wrong = []
    for path in rules:
        rule = plain(reader.load(path.read_text("utf-8")))
        wrong += [f"{path}: {error.message}" for error in schema.iter_errors(rule)]
        wrong += [f"{path}: accepted with {name}" for name in accepted(schema, rule, BREAKS)]
    print("\n".join(wrong + [f"{len(rules)} rules, {len(wrong)} mistakes"]))
    return 1 if wrong or not rules else 0


if __name__ == "__main__":
    sys.exit(main())
