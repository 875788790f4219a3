"""Measures time and memory of `ch24 score` against rows, rules and threads; writes docs/growth.csv and docs/growth.svg.

    python3 benches/growth.py --ch24 target/release/ch24                  # 1 to 10 million rows
    python3 benches/growth.py --rows 1000000,10000000,100000000           # needs 25 GB of disk and half an hour

The rules are those of benches/peers/peers.py; `--outputs lines`. Each figure is the least of the repeats, since other work
on a machine only ever adds.
"""

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "peers"))
import peers

WIDTH, HEIGHT, MARGIN = 300, 220, 46


def measured(args, data, pack, threads, out):
    """Seconds by the clock and peak memory in MiB, the least of the repeats."""
    best = None
    for _ in range(args.repeat):
        shutil.rmtree(out, ignore_errors=True)
        start = time.perf_counter()
        run = subprocess.Popen([args.ch24, "score", data, "--rules", pack, "--out", out, "--outputs", "lines",
                                "--threads", str(threads), "--quiet", "--reconcile=false"])
        _, status, usage = os.wait4(run.pid, 0)
        if status != 0:
            sys.exit("ch24 failed")
        found = time.perf_counter() - start, usage.ru_maxrss / 1024
        best = min(best or found, found)
    return best


def points(args, work):
    """Every measured point: series, x, seconds, MiB."""
    packs, files = {}, {}

    def pack(count):
        if count not in packs:
            packs[count] = work / f"pack-{count}"
            peers.write_pack(packs[count], list(peers.rules(count, 1)))
        return packs[count]

    def file(rows):
        if rows not in files:
            files[rows] = work / f"{rows}.parquet"
            peers.generate(args, rows, files[rows])
        return files[rows]

    most = os.cpu_count()
    middle = args.rows[len(args.rows) // 2]
    for threads in sorted({1, 2, most}):
        if threads <= most:
            yield "threads", threads, *measured(args, file(middle), pack(300), threads, work / "out")
    for rules in args.rules:
        yield "rules", rules, *measured(args, file(middle), pack(rules), most, work / "out")
    for rows in args.rows:
        yield "rows", rows, *measured(args, file(rows), pack(300), most, work / "out")
        if rows != middle:
            files.pop(rows).unlink()


def plot(found):
    """Small multiples: time and memory against each series, both axes from zero."""
    panels = [("rows", "million rows", 1e6), ("rules", "rules", 1), ("threads", "threads", 1)]
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * 3} {HEIGHT * 2}" font-family="sans-serif" '
             'font-size="11" role="img"><title>Time and memory of ch24 score against rows, rules and threads</title>'
             '<rect width="100%" height="100%" fill="#fff"/>']
    for column, (series, unit, scale) in enumerate(panels):
        for row, (place, label) in enumerate([(2, "seconds"), (3, "MiB")]):
            at = [(point[1] / scale, point[place]) for point in found if point[0] == series]
            parts.append(panel(column * WIDTH, row * HEIGHT, at, unit, label))
    return "\n".join(parts) + "\n</svg>\n"


def panel(left, top, at, unit, label):
    most_x, most_y = max(x for x, _ in at), max(y for _, y in at) * 1.1
    wide, high = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN

    def place(x, y):
        return f"{left + MARGIN + wide * x / most_x:.1f},{top + MARGIN + high * (1 - y / most_y):.1f}"

    line = " ".join(place(x, y) for x, y in sorted(at))
    dots = "".join('<circle cx="{}" cy="{}" r="3" fill="#1f5f8b"/>'.format(*place(x, y).split(",")) for x, y in at)
    corner, right = place(0, 0), place(most_x, 0)
    x_zero, y_zero = corner.split(",")
    return (f'<path d="M{place(0, most_y)} L{corner} L{right}" fill="none" stroke="#444"/>'
            f'<polyline points="{line}" fill="none" stroke="#1f5f8b" stroke-width="2"/>{dots}'
            f'<text x="{left + MARGIN}" y="{top + MARGIN - 10}">{label}: up to {max(y for _, y in at):,.1f}</text>'
            f'<text x="{left + MARGIN + wide}" y="{float(y_zero) + 18}" text-anchor="end">{most_x:g} {unit}</text>'
            f'<text x="{x_zero}" y="{float(y_zero) + 18}">0</text>')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    numbers = lambda text: [int(number) for number in text.split(",")]
    parser.add_argument("--ch24", default="target/release/ch24")
    parser.add_argument("--rows", type=numbers, default=[1_000_000, 3_000_000, 10_000_000])
    parser.add_argument("--rules", type=numbers, default=[10, 100, 300, 1000])
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--directory", help="where the rows are made; default: the directory for temporary files")
    args = parser.parse_args()
    work = Path(tempfile.mkdtemp(dir=args.directory))
    found = []
    try:
        for point in points(args, work):
            found.append(point)
            print("{:8} {:12,} {:8.2f} s {:8.0f} MiB".format(*point), flush=True)
    finally:
        shutil.rmtree(work)
    docs = HERE.parent / "docs"
    with open(docs / "growth.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["series", "x", "seconds", "mib"])
        rows.writerows([series, x, f"{seconds:.2f}", f"{memory:.0f}"] for series, x, seconds, memory in found)
    (docs / "growth.svg").write_text(plot(found), encoding="utf-8")


if __name__ == "__main__":
    main()
