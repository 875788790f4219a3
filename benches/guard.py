"""Counts the instructions of the core on a fixed piece of work, and compares them with benches/instructions.json.

    python3 benches/guard.py             # exit 1 where one is more than a tenth above the file
    python3 benches/guard.py --update    # writes the file; say in the commit why

Needs valgrind. Time depends on the machine and on what else runs there; instructions hardly do.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
KNOWN = HERE / "instructions.json"
# Each is counted with everything that it calls.
COUNTED = {
    "encode: columns to classes": "ch24::score::encode::encode",
    "match: classes to rules that hit": "ch24::score::core::match_rules",
}


def built():
    """The program, built as for `cargo bench`."""
    command = ["cargo", "bench", "--bench", "instructions", "--no-run", "--message-format=json"]
    lines = subprocess.run(command, cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    messages = (json.loads(line) for line in lines)
    return next(message["executable"] for message in messages
                if message.get("target", {}).get("name") == "instructions" and message.get("executable"))


def count(program):
    with tempfile.NamedTemporaryFile() as out:
        collected = [f"--toggle-collect={function}" for function in COUNTED.values()]
        command = ["valgrind", "--tool=callgrind", *collected, f"--callgrind-out-file={out.name}", program]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        command = ["callgrind_annotate", "--inclusive=yes", "--auto=no", out.name]
        table = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    counts = {}
    for name, function in COUNTED.items():
        # A function that was inlined from several files has several lines: the largest is the whole.
        found = re.findall(rf"^ *([\d,]+) .*:{re.escape(function)}(?: |$)", table, re.MULTILINE)
        if not found:
            sys.exit(f"{function} was never called: has it another name now?")
        counts[name] = max(int(count.replace(",", "")) for count in found)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="write the file")
    parser.add_argument("--tolerance", type=float, default=0.1, help="share above the file that is let through")
    args = parser.parse_args()
    program = built()
    counts = count(program)
    if args.update:
        KNOWN.write_text(json.dumps(counts, indent=2) + "\n")
        return 0
    known = json.loads(KNOWN.read_text())
    is_worse = False
    for name, instructions in counts.items():
        ratio = instructions / known[name]
        is_worse |= ratio > 1 + args.tolerance
        print(f"{name:34} {instructions:14,} instructions, {100 * (ratio - 1):+.1f} % of the file")
    return int(is_worse)


if __name__ == "__main__":
    sys.exit(main())
