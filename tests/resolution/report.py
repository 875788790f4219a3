"""Measures `ch24 resolve` and Splink on the same invented parties, and writes the figures into docs/entities.md.

    pip install -r tests/resolution/requirements.txt
    cargo build --release && python tests/resolution/report.py

Figures of `ch24` and Splink are pairwise: of all pairs of filings, which were said to be one entity, and which are. Splink is shown at
every threshold, so that its best is there too; `ch24` has one setting.
"""

import argparse
import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

from pairwise import measure  # noqa: E402

MARKS = ("<!-- measured: begin -->", "<!-- measured: end -->")


def generate(directory, entities, seed):
    path = directory / f"parties-{entities}-{seed}.csv"
    command = [sys.executable, HERE / "make_parties.py", "--entities", str(entities), "--seed", str(seed), "--out", path]
    subprocess.run(command, check=True)
    truth = pathlib.Path(str(path) + ".truth").read_text().split()
    return path, truth


def by_ch24(program, path, directory):
    """The cluster of each row, the seconds, and what it took: seconds of processors, the most memory in MiB."""
    out = directory / (path.stem + "-out")
    command = [program, "resolve", path, "-o", out, "--format", "csv", "--force", "--quiet", "--lines"]
    start = time.monotonic()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        sys.exit("ch24 resolve failed")
    found = {}
    with open(out / "party_lines.csv", newline="") as file:
        for row in csv.DictReader(file):
            found[int(row["source_ref"].rsplit("#", 1)[1])] = row["cluster_id"]
    return [found[row] for row in sorted(found)], seconds, (usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def row(name, figures, seconds):
    return f"| {name} | {figures[0]:.3f} | {figures[1]:.3f} | {figures[2]:.3f} | {seconds} |"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ch24", default=ROOT / "target/release/ch24")
    parser.add_argument("--entities", type=int, default=10_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13])
    parser.add_argument("--large", type=int, default=277_000)
    args = parser.parse_args()
    text = [MARKS[0], ""]
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        text += ["| seed, filings | precision | recall | F1 | seconds |", "|---|---|---|---|---|"]
        for seed in args.seeds:
            path, truth = generate(directory, args.entities, seed)
            found, seconds, _ = by_ch24(args.ch24, path, directory)
            text.append(row(f"`ch24`, seed {seed}, {len(truth):,}", measure(found, truth), f"{seconds:.1f}"))
        path, truth = generate(directory, args.entities, args.seeds[0])
        import by_splink

        with open(path, newline="") as file:
            rows = list(csv.reader(file))[1:]
        clusters, seconds = by_splink.resolve(rows)
        for threshold, found in clusters.items():
            text.append(row(f"Splink 5.0.0, seed {args.seeds[0]}, threshold {threshold}", measure(found, truth), f"{seconds:.0f}"))
        path, truth = generate(directory, args.large, 7)
        found, seconds, (processor, memory) = by_ch24(args.ch24, path, directory)
        text.append(row(f"`ch24`, seed 7, {len(truth):,}", measure(found, truth), f"{seconds:.0f}"))
        text += ["", f"The last took {processor:.0f} seconds of processors and {memory:,.0f} MiB at most, on a machine of {os.cpu_count()} "
                 "cores that others used at the same time.", ""]
    text.append(MARKS[1])
    page = ROOT / "docs/entities.md"
    old = page.read_text()
    page.write_text(re.sub(f"{MARKS[0]}.*{MARKS[1]}", lambda _: "\n".join(text), old, flags=re.S))
    print("\n".join(text))


main()
