"""Times the same rules on the same rows with ch24, DuckDB and polars, each in turn.

    python3 -m venv v && v/bin/pip install -r benches/peers/requirements.txt
    v/bin/python benches/peers/peers.py --ch24 target/release/ch24

Makes the rows with `ch24 generate` unless --data names them. The rules are conjunctions of three to five tests like
those of the shipped pack: prefixes of tariff numbers, words in descriptions, sets of countries, ports and species,
amounts, missing documents. Every condition is plain SQL, which all three read alike.

DuckDB and polars write the entry number and three scores: for each theme the points of its rules, capped by family and
by 100. ch24 writes its whole table of lines, and with --keep flagged those that are not green. The sums of the scores
must agree. Ratios within one run on one machine are what counts.
"""

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

THEMES = {"timber": "timber_score", "wildlife": "wildlife_score", "iuu": "iuu_score"}
CAPS = {"document": 60, "species": 50, "list": 80, "history": 40, "entity": 30, "price": 25, "quantity": 25, "routing": 20}
ORIGINS = ["MX", "CN", "VN", "CA", "ID", "TH", "IN", "EC", "CL", "BR", "PE", "US", "JP", "KR", "GT", "HN", "RU", "TW"]
WORDS = ["FROZEN", "SAWN", "LUMBER", "SHRIMP", "TUNA", "OAK", "FILLET", "DRIED", "LIVE", "BOARD", "CHAIR", "LEATHER",
         "ROSEWOOD", "CEDAR", "MAHOGANY", "MAW", "BUCHE", "FIN", "CONCH", "ABALONE", "CORAL", "PARROT", "CACTUS", "SKIN",
         "BOOTS", "PLYWOOD", "VENEER", "CHARCOAL", "SNAPPER", "CRAB", "SQUID", "OCTOPUS", "EEL", "PEPINO", "CAOBA",
         "TOTOABA", "GRANADILLO", "COCOBOLO", "PALISANDRO", "EBONY", "TEAK", "TECA", "PADAUK", "WENGE", "SANDALWOOD",
         "AGARWOOD", "SHARK", "TIBURON", "RAY SKIN", "CAVIAR", "SEAHORSE", "SEA CUCUMBER", "HOLOTHURIA", "GLASS EEL",
         "ELVER", "LOBSTER", "LANGOSTA", "CAMARON", "ATUN", "PARGO", "MERO", "GROUPER", "PYTHON", "CAIMAN", "LIZARD",
         "IGUANA", "TORTUGA", "TURTLE", "IVORY", "MARFIL", "FEATHER", "TROPHY", "ORCHID", "CYCAD", "TILLANDSIA"]
HEADINGS = ["440729", "440721", "441233", "440349", "440890", "440122", "030617", "030616", "030489", "030389", "030499",
            "160414", "160521", "160529", "940360", "940161", "940330", "420310", "420221", "010620", "010632", "060290",
            "920290", "640399", "050790", "050800", "030572", "030559", "030783", "030819"]
CHAPTERS = ["0301", "0302", "0303", "0304", "0305", "0306", "0307", "0308", "1604", "1605", "4401", "4403", "4407", "4408",
            "4409", "4412", "4418", "4420", "4421", "9401", "9403", "9202", "0106", "0507", "0508", "0602", "4103", "4113"]
GENERA = ["Dalbergia", "Swietenia", "Cedrela", "Quercus", "Thunnus", "Penaeus", "Lutjanus", "Haliotis", "Gadus", "Octopus",
          "Crocodylus", "Python", "Iguana", "Panulirus", "Betula", "Tectona", "Salmo", "Boa", "Pterocarpus", "Guaiacum",
          "Gonystylus", "Aquilaria", "Diospyros", "Paubrasilia", "Totoaba", "Strombus", "Isostichopus", "Anguilla",
          "Sphyrna", "Carcharhinus", "Hippocampus", "Acipenser", "Callinectes", "Portunus", "Dosidicus", "Epinephelus",
          "Ara", "Amazona", "Varanus", "Caiman", "Chelonia", "Ambystoma", "Brachypelma", "Mammillaria", "Zamia", "Cattleya",
          "Tillandsia", "Vanilla", "Dipteryx", "Handroanthus"]
PORTS = ["2304", "2604", "2506", "2402", "2704", "5201", "1901", "4601", "5301", "2305", "2503", "1803", "3001", "2811"]
ENTRIES = ["01", "03", "06", "11", "86", "61"]


def tests(draw):
    """Three to six tests, each on its own columns: first what the goods are, then what is odd about them."""

    def likes(column, patterns):
        return "(" + " OR ".join(f"{column} LIKE '{pattern}'" for pattern in patterns) + ")"

    def among(column, known, least, most, negated=""):
        values = ", ".join(f"'{value}'" for value in draw.sample(known, draw.randint(least, most)))
        return f"{column} {negated}IN ({values})"

    def tariff_list():
        known = draw.sample(HEADINGS, draw.randint(1, 6))
        return [f"{code}%" for code in known + [f"{draw.choice(CHAPTERS)}{draw.randint(0, 99):02}" for _ in range(draw.randint(4, 34))]]

    goods = [
        likes("hts_number", tariff_list()),
        likes("goods_description", [f"%{word}%" for word in draw.sample(WORDS, draw.randint(5, 25))]),
        among("scientific_genus", GENERA, 3, 30),
    ]
    oddities = [
        among("country_of_origin", ORIGINS, 1, 5),
        among("country_of_harvest", ORIGINS, 1, 4, draw.choice(["", "NOT "])),
        among("us_port_of_entry", PORTS, 1, 4),
        among("entry_type", ENTRIES, 1, 3),
        f"entered_value_usd > {draw.choice([20000, 80000, 200000])}",
        f"gross_weight_kg < {draw.choice([20, 200, 2000])}",
        f"quantity_1 BETWEEN {draw.choice([1, 10, 100])} AND {draw.choice([200, 1000])}",
        f"country_of_origin <> country_of_{draw.choice(['harvest', 'export'])}",
        f"cites_permit_foreign IS {draw.choice(['', 'NOT '])}NULL",
        "wildlife_source_code IS NOT NULL",
    ]
    chosen = draw.sample(goods, draw.randint(1, 2))
    return chosen + draw.sample(oddities, draw.randint(3, 6) - len(chosen))


def rules(count, seed):
    """Id, theme, family, points and condition of each rule."""
    draw = random.Random(seed)
    for number in range(count):
        yield (f"B-{number:04}", draw.choice(list(THEMES)), draw.choice(list(CAPS)), draw.randint(5, 30),
               " AND ".join(tests(draw)))


def write_pack(directory, known):
    directory.mkdir()
    for name, theme, family, points, when in known:
        rule = {"id": name, "name": name.lower(), "title": name, "theme": theme, "family": family, "severity": "low",
                "points": points, "when": when}
        (directory / f"{name}.yaml").write_text(json.dumps(rule))


def scores(known, least):
    """The three scores as SQL; `least` is how the engine writes the smaller of two."""
    for theme, column in THEMES.items():
        families = []
        for family, cap in CAPS.items():
            hits = [f"CASE WHEN {when} THEN {points} ELSE 0 END" for _, of, kind, points, when in known
                    if (of, kind) == (theme, family)]
            if hits:
                families.append(least(" + ".join(hits), cap))
        yield column, least(" + ".join(families) or "0", 100)


class Peers:
    def __init__(self, args, work):
        self.args, self.work, self.pack = args, work, work / "pack"
        self.known = list(rules(args.rules, args.seed))
        write_pack(self.pack, self.known)
        self.results = {}

    def ch24(self, *more):
        out = self.work / "ch24"
        shutil.rmtree(out, ignore_errors=True)
        subprocess.run([self.args.ch24, "score", self.args.data, "--rules", self.pack, "--out", out, "--outputs", "lines",
                        "--threads", str(self.args.threads), "--quiet", *more], check=True)
        return out / "lines.parquet"

    def ch24_all(self):
        return self.ch24()

    def ch24_flagged(self):
        self.ch24("--keep", "flagged")

    def duckdb(self):
        import duckdb

        columns = ", ".join(f"{sql} AS {name}" for name, sql in scores(self.known, "least({}, {})".format))
        out = self.work / "duckdb.parquet"
        with duckdb.connect(config={"threads": self.args.threads}) as connection:
            connection.execute(f"COPY (SELECT entry_number, {columns} FROM '{self.args.data}') TO '{out}'")
        return out

    def polars(self):
        import polars

        rows = polars.scan_parquet(self.args.data)
        themes = {}
        for theme, column in THEMES.items():
            parts = []
            for family, cap in CAPS.items():
                hits = [f"CASE WHEN {when} THEN {points} ELSE 0 END" for _, of, kind, points, when in self.known
                        if (of, kind) == (theme, family)]
                if hits:
                    parts.append(polars.min_horizontal(polars.sql_expr(" + ".join(hits)), polars.lit(cap)))
            themes[column] = polars.min_horizontal(polars.sum_horizontal(parts), polars.lit(100)) if parts else polars.lit(0)
        out = self.work / "polars.parquet"
        rows.select("entry_number", **themes).sink_parquet(out)
        return out

    def check(self, file):
        import duckdb

        columns = ", ".join(f"sum({column})" for column in THEMES.values())
        return duckdb.sql(f"SELECT count(*), {columns} FROM '{file}'").fetchall()[0]

    def run(self, engine):
        start = time.perf_counter()
        file = getattr(self, engine)()
        seconds = time.perf_counter() - start
        return seconds, self.check(file) if file else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ch24", default="target/release/ch24")
    parser.add_argument("--data", help="Parquet rows of ch24 generate; made where it is not given")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rules", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--engines", default="ch24_all,ch24_flagged,duckdb,polars")
    args = parser.parse_args()
    os.environ["POLARS_MAX_THREADS"] = str(args.threads)
    work = Path(tempfile.mkdtemp())
    if not args.data:
        args.data = str(work / "rows.parquet")
        subprocess.run([args.ch24, "generate", "--rows", str(args.rows), "--seed", "1", "--out", args.data], check=True)
    peers = Peers(args, work)
    seconds, totals = {}, {}
    for _ in range(args.repeat):
        for engine in args.engines.split(","):
            took, total = peers.run(engine)
            seconds.setdefault(engine, []).append(took)
            if total:
                totals[engine] = total
            print(f"  {engine:13} {took:7.1f} s", flush=True)
    print(f"\n{args.rules} rules, {args.threads} threads, median of {args.repeat} (least to most)")
    for engine, all_of in seconds.items():
        median = statistics.median(all_of)
        ratios = [f"{name} x{statistics.median(others) / median:.1f}" for name, others in seconds.items()
                  if name in ("duckdb", "polars") and engine.startswith("ch24")]
        print(f"  {engine:13} {median:7.1f} s ({min(all_of):.1f} to {max(all_of):.1f})  {'  '.join(ratios)}")
    print(f"  largest ch24 process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MiB")
    print("  rows and sums of scores:", totals)
    shutil.rmtree(work)
    return 0 if len(set(totals.values())) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
