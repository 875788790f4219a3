"""Times one set of rules on one Parquet file of `ch24 generate` with ch24, DuckDB and polars.

    python3 -m venv v && v/bin/pip install duckdb polars
    v/bin/python benches/peers.py --ch24 target/release/ch24 --data m.parquet --rules 100

Each engine reads the same file with the same number of threads and writes a Parquet file: DuckDB and polars the entry
number and one sum of points, ch24 all of `lines`. The sums of points must agree. Ratios within one run are what counts.
"""

import argparse, json, os, random, resource, shutil, subprocess, sys, tempfile, time
from pathlib import Path

ORIGINS = ["MX", "CN", "VN", "CA", "ID", "TH", "IN", "EC", "CL", "BR", "PE", "US", "JP", "KR", "GT"]
WORDS = ["FROZEN", "SAWN", "LUMBER", "SHRIMP", "TUNA", "OAK", "FILLET", "DRIED", "LIVE", "BOARD", "CHAIR", "LEATHER"]
PREFIXES = ["44", "4407", "4412", "0306", "0304", "0303", "16", "94", "9403", "4203", "01", "0602", "92", "84", "6403"]


def rules(count, seed):
    """Conditions, each a conjunction of three to five tests, as SQL that every engine reads alike."""
    draw = random.Random(seed)
    for number in range(count):
        tests = draw.sample(
            [
                f"hts_number LIKE '{draw.choice(PREFIXES)}%'",
                f"country_of_origin IN ({', '.join(repr(c) for c in draw.sample(ORIGINS, 4))})",
                f"country_of_harvest <> '{draw.choice(ORIGINS)}'",
                f"entry_type <> '{draw.choice(['01', '11', '06'])}'",
                f"entered_value_usd > {draw.choice([500, 5000, 20000, 80000])}",
                f"gross_weight_kg < {draw.choice([200, 2000, 15000])}",
                f"quantity_1 BETWEEN {draw.choice([1, 10, 100])} AND {draw.choice([1000, 20000])}",
                f"goods_description LIKE '%{draw.choice(WORDS)}%'",
                "scientific_genus IS NULL",
                "cites_permit_foreign IS NULL",
            ],
            draw.randint(3, 5),
        )
        yield f"B-{number:04}", draw.randint(1, 9), " AND ".join(tests)


def timed(action):
    """Seconds by the clock, and the largest memory of a child process so far in MiB."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ch24", default="target/release/ch24")
    parser.add_argument("--data", required=True)
    parser.add_argument("--rules", type=int, default=100)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--engines", default="ch24,duckdb,polars")
    args = parser.parse_args()
    os.environ["POLARS_MAX_THREADS"] = str(args.threads)
    conditions = list(rules(args.rules, 1))
    work = Path(tempfile.mkdtemp())
    pack = work / "pack"
    pack.mkdir()
    for name, points, when in conditions:
        (pack / f"{name}.yaml").write_text(
            json.dumps({"id": name, "name": name.lower(), "title": name, "theme": "timber", "family": "document",
                        "severity": "low", "points": points, "when": when})
        )
    points = " + ".join(f"CASE WHEN {when} THEN {points} ELSE 0 END" for _, points, when in conditions)
    sums = {}

    def ch24():
        out = work / "ch24"
        subprocess.run([args.ch24, "score", args.data, "--rules", pack, "--out", out, "--outputs", "lines", "--threads",
                        str(args.threads), "--quiet"], check=True)
        sums["ch24"] = f"SELECT sum(points_total) FROM '{out}/lines.parquet'"

    def duckdb():
        import duckdb
        connection = duckdb.connect(config={"threads": args.threads})
        connection.execute(f"COPY (SELECT entry_number, {points} AS points FROM '{args.data}') TO '{work}/duckdb.parquet'")
        sums["duckdb"] = f"SELECT sum(points) FROM '{work}/duckdb.parquet'"

    def polars():
        import polars
        rows = polars.scan_parquet(args.data)
        total = polars.sql_expr(points)
        rows.select("entry_number", total.alias("points")).sink_parquet(f"{work}/polars.parquet")
        sums["polars"] = f"SELECT sum(points) FROM '{work}/polars.parquet'"

    for engine in args.engines.split(","):
        seconds = timed({"ch24": ch24, "duckdb": duckdb, "polars": polars}[engine])
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"{engine:7} {seconds:8.1f} s" + (f"  {child} MiB" if engine == "ch24" else ""), flush=True)
    import duckdb as check
    totals = {engine: check.sql(query).fetchall()[0][0] for engine, query in sums.items()}
    print("points", totals)
    shutil.rmtree(work)
    sys.exit(len(set(totals.values())) > 1)


main()
