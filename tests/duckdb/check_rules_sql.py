"""Checks `ch24 rules sql` against `ch24 score`: the query that the program prints, run by DuckDB, every row compared.

The program scores an input and writes its normalized rows; DuckDB runs the printed query over those rows; the hits and
the number of rules that are not evaluable must be the same in each row. Drafts, which the program never lists, are
checked with a copy of the pack in which they are active.
"""

import argparse
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLES = REPOSITORY / "sample-data"


def run(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nstopped with exit code {done.returncode}:\n{done.stderr[:4000]}")
    return done.stdout


def score(ch24, pack, source, mapping, directory, form):
    """Lines and normalized rows of an input."""
    out, rows = directory / "out", directory / f"rows.{form}"
    command = [ch24, "score", source, "--rules", pack, "--out", out, "--outputs", "lines", "--force", "--quiet", "--reconcile=false",
               "--write-normalized", rows]
    run(command + (["--map", mapping] if mapping else []))
    return out / "lines.parquet", rows


def query(db, text, target):
    """Runs a query into a file; gives seconds."""
    start = time.monotonic()
    db.execute(f"COPY ({text}) TO '{target}' (FORMAT parquet)")
    return time.monotonic() - start


def disagreements(db, lines, found, column):
    """Rows in which the hits differ; `column`: what the query says, as an expression."""
    return db.execute(f"""
        SELECT coalesce(line.source_ref, row.source_ref), line.hits, {column}, line.n_not_evaluable, row.n_not_evaluable
        FROM '{lines}' AS line FULL JOIN '{found}' AS row USING (record_id)
        WHERE line.hits IS DISTINCT FROM {column} OR line.n_not_evaluable IS DISTINCT FROM row.n_not_evaluable
        ORDER BY 1""").fetchall()


def activated(pack, directory):
    """A copy of a pack in which drafts are active; none where it has no drafts."""
    copy = directory / "activated"
    shutil.copytree(pack, copy)
    n_drafts = 0
    for path in sorted(copy.rglob("*.yaml")):
        if path.parent.name == "lists":
            continue
        text, n = re.subn(r"(?m)^status: *draft\b", "status: active", path.read_text(encoding="utf-8"))
        if n:
            path.write_text(text, encoding="utf-8")
            n_drafts += n
    return copy if n_drafts else None


def check(arguments, name, source, mapping, directory):
    """True where every row agrees."""
    directory.mkdir()
    lines, rows = score(arguments.ch24, arguments.rules, source, mapping, directory, arguments.format)
    text = run([arguments.ch24, "rules", "sql", "--dialect", "duckdb", "--rules", arguments.rules, "--data", rows])
    found = directory / "found.parquet"
    db = duckdb.connect(config={"threads": arguments.threads, "temp_directory": str(directory / "spill")})
    seconds = query(db, text, found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wrong = disagreements(db, lines, found, "row.hits")
    n_rows, n_hits, n_drafts = db.execute(
        f"SELECT count(*), coalesce(sum(len(hits)), 0), coalesce(sum(len(draft_hits)), 0) FROM '{found}'").fetchone()
    all_active = activated(arguments.rules, directory)
    if all_active:
        lines, _ = score(arguments.ch24, all_active, source, mapping, directory, arguments.format)
        text = run([arguments.ch24, "rules", "sql", "--dialect", "duckdb", "--rules", all_active, "--data", rows])
        query(db, text, directory / "active.parquet")
        wrong += disagreements(db, lines, directory / "active.parquet", "row.hits")
        wrong += db.execute(f"""SELECT row.source_ref, active.hits, row.hits, 'with', row.draft_hits
            FROM '{found}' AS row JOIN '{directory / "active.parquet"}' AS active USING (record_id)
            WHERE list_sort(row.hits || row.draft_hits) <> active.hits""").fetchall()
    state = "FAILED" if wrong or n_rows == 0 else "passed"
    print(f"{state} {name}: {n_rows} rows, {n_hits} hits, {n_drafts} draft hits; {len(wrong)} rows disagree; "
          f"query {seconds:.1f} s, peak {peak:.0f} MiB")
    for source_ref, ours, theirs, absent, absent_there in wrong[:arguments.show]:
        only = f"only ch24 {sorted(set(ours or []) - set(theirs or []))}, only SQL {sorted(set(theirs or []) - set(ours or []))}"
        print(f"  {source_ref}: {only}, not evaluable {absent} and {absent_there}")
    return state == "passed"


def cases(arguments, directory):
    """Name, file and mapping of each input."""
    if arguments.input:
        yield arguments.input.name, arguments.input, arguments.map
        return
    yield "sample manifest", SAMPLES / "manifest.csv", None
    yield "LEMIS records", SAMPLES / "lemis.csv", SAMPLES / "lemis.map.yaml"
    generated = directory / "generated.csv"
    run([arguments.ch24, "generate", "--rows", arguments.rows, "--seed", arguments.seed, "--out", generated])
    yield f"{arguments.rows} generated rows, seed {arguments.seed}", generated, None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ch24", default="target/release/ch24", help="the program (default target/release/ch24)")
    parser.add_argument("--rules", type=Path, default=REPOSITORY / "rules", help="a rule pack (default: the shipped one)")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the generated input")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--input", type=Path, help="check this file instead of the samples and a generated one")
    parser.add_argument("--map", type=Path, help="its mapping")
    parser.add_argument("--format", default="parquet", choices=["parquet", "csv", "ndjson"], help="of the normalized rows")
    parser.add_argument("--threads", type=int, default=2, help="threads of DuckDB")
    parser.add_argument("--show", type=int, default=5, help="how many rows that disagree are shown")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ch24-sql-") as directory:
        directory = Path(directory)
        passed = [check(arguments, name, source, mapping, directory / f"case-{number}")
                  for number, (name, source, mapping) in enumerate(cases(arguments, directory))]
    print(f"{passed.count(True)} passed, {passed.count(False)} failed")
    sys.exit(0 if all(passed) else 1)


if __name__ == "__main__":
    main()
