"""Times the same rules on the same rows with ch24, DuckDB and polars, each in turn.

    python3 -m venv v && v/bin/pip install -r benches/peers/requirements.txt
    v/bin/python benches/peers/peers.py --ch24 target/release/ch24

Makes the rows with `ch24 generate` unless --data names them. The rules are conjunctions of three to six tests like
those of the shipped pack: lists of tariff numbers (written out as prefixes), of words in descriptions and of genera, sets
of countries and ports, amounts, missing documents; they hit about as seldom. Every condition is plain SQL, which all
three read alike.

DuckDB and polars write the entry number and three scores: for each theme the points of its rules, capped by family and
by 100. ch24 writes its whole table of lines, or what the case says, and like them takes every row for itself. The sums of the scores must agree. Then the shipped
pack, on fewer rows, beside DuckDB with the query of `ch24 rules sql`; polars cannot run that query.
Ratios within one run on one machine are what counts.
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
# What a reader of CSV would take for numbers.
TEXT = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in ["hts_number", "us_port_of_entry", "entry_type", "entry_number"]) + "}"
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
    """One set of rules on one file."""

    def __init__(self, args, work, n_rules):
        self.args, self.work, self.pack = args, work, work / f"pack-{n_rules}"
        self.known = list(rules(n_rules, args.seed))
        if not self.pack.exists():
            write_pack(self.pack, self.known)

    def ch24(self, data, *more, outputs="lines", threads=None, out="ch24"):
        out = self.work / out
        shutil.rmtree(out, ignore_errors=True)
        return subprocess.Popen([self.args.ch24, "score", data, "--rules", self.pack, "--out", out, "--outputs", outputs,
                                 "--threads", str(threads or self.args.threads), "--quiet", "--reconcile=false", *more])

    def score(self, data, *more, **named):
        if self.ch24(data, *more, **named).wait() != 0:
            sys.exit("ch24 failed")
        return self.work / "ch24" / "lines.parquet"

    def flagged(self, data):
        self.score(data, "--keep", "flagged")

    def everything(self, data):
        return self.score(data, outputs="lines,shipments,entities,report")

    def two_at_once(self, data):
        """Two runs beside each other, each with one thread."""
        both = [self.ch24(data, threads=1, out=f"ch24-{number}") for number in (1, 2)]
        if any(run.wait() != 0 for run in both):
            sys.exit("ch24 failed")

    def duckdb(self, data):
        import duckdb

        columns = ", ".join(f"{sql} AS {name}" for name, sql in scores(self.known, "least({}, {})".format))
        out = self.work / "duckdb.parquet"
        rows = f"read_csv('{data}', types = {TEXT})" if str(data).endswith(".csv") else f"'{data}'"
        with duckdb.connect(config={"threads": self.args.threads}) as connection:
            connection.execute(f"COPY (SELECT entry_number, {columns} FROM {rows}) TO '{out}'")
        return out

    def polars(self, data):
        import polars

        rows = polars.scan_parquet(data)
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


class Shipped:
    """The shipped pack on normalized rows."""

    def __init__(self, args, work):
        self.args, self.work, self.rows = args, work, work / "normalized.parquet"
        data = work / "shipped.parquet"
        generate(args, args.shipped_rows, data)
        self.run(data, "--write-normalized", self.rows)
        sql = [args.ch24, "rules", "sql", "--dialect", "duckdb", "--data", self.rows]
        self.query = subprocess.run(sql, check=True, stdout=subprocess.PIPE, text=True).stdout.strip().rstrip(";")

    def run(self, data, *more):
        out = self.work / "shipped"
        shutil.rmtree(out, ignore_errors=True)
        subprocess.run([self.args.ch24, "score", data, "--out", out, "--outputs", "lines", "--threads", str(self.args.threads),
                        "--quiet", *more], check=True)

    def ch24(self, _):
        self.run(self.rows)

    def duckdb(self, _):
        import duckdb

        with duckdb.connect(config={"threads": self.args.threads}) as connection:
            connection.execute(f"COPY ({self.query}) TO '{self.work / 'shipped.duckdb.parquet'}'")


def generate(args, n_rows, file):
    subprocess.run([args.ch24, "generate", "--rows", str(n_rows), "--seed", "1", "--out", file, "--force"], check=True,
                   stdout=subprocess.DEVNULL)


def sums(file):
    import duckdb

    columns = ", ".join(f"sum({column})::BIGINT" for column in THEMES.values())
    return duckdb.sql(f"SELECT count(*), {columns} FROM '{file}'").fetchall()[0]


def cases(args, work):
    """Name of a case, what runs it, and its data."""
    rows, text = args.data, work / "rows.csv"
    plain, hundred, four_hundred, one = (Peers(args, work, count) for count in (args.rules, 100, 400, 1))
    known = {
        "ch24, all lines": (plain.score, rows),
        "ch24, flagged lines": (plain.flagged, rows),
        "ch24, all outputs": (plain.everything, rows),
        "DuckDB": (plain.duckdb, rows),
        "polars": (plain.polars, rows),
        "ch24, 100 rules": (hundred.score, rows),
        "ch24, 400 rules": (four_hundred.score, rows),
        "ch24, two runs at once, a thread each": (plain.two_at_once, rows),
    }
    if args.csv_rows:
        generate(args, args.csv_rows, text)
        known |= {
            "ch24, CSV": (plain.score, text),
            "DuckDB, CSV": (plain.duckdb, text),
            "ch24, CSV, 1 rule": (one.score, text),
            "DuckDB, CSV, 1 rule": (one.duckdb, text),
        }
    if args.shipped_rows:
        shipped = Shipped(args, work)
        known |= {"ch24, shipped pack": (shipped.ch24, None), "DuckDB, shipped pack": (shipped.duckdb, None)}
    return known


# What is compared, as `slower / faster`, and the ratio that is aimed for; half as fast is 0.5.
BARS = [
    ("polars", "ch24, all lines", 8),
    ("DuckDB", "ch24, all lines", 14),
    ("polars", "ch24, flagged lines", 14),
    ("DuckDB", "ch24, flagged lines", 24),
    ("polars", "ch24, all outputs", 4),
    ("ch24, 100 rules", "ch24, 400 rules", 0.5),
    ("DuckDB, CSV", "ch24, CSV", 3),
    ("DuckDB, CSV, 1 rule", "ch24, CSV, 1 rule", 1),
    ("ch24, two runs at once, a thread each", "ch24, all lines", 1.8),
    ("DuckDB, shipped pack", "ch24, shipped pack", None),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ch24", default="target/release/ch24")
    parser.add_argument("--data", help="Parquet rows of ch24 generate; made where it is not given")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--csv-rows", type=int, default=2_000_000, help="rows of the CSV file; 0 leaves these cases out")
    parser.add_argument("--shipped-rows", type=int, default=1_000_000, help="rows for the shipped pack; 0 leaves it out")
    parser.add_argument("--rules", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", default="", help="run the cases whose name holds this text")
    args = parser.parse_args()
    os.environ["POLARS_MAX_THREADS"] = str(args.threads)
    work = Path(tempfile.mkdtemp())
    if not args.data:
        args.data = str(work / "rows.parquet")
        generate(args, args.rows, args.data)
    known = {name: case for name, case in cases(args, work).items() if args.only in name}
    seconds, totals = {name: [] for name in known}, {}
    for _ in range(args.repeat):
        for name, (run, data) in known.items():
            start = time.perf_counter()
            file = run(data)
            seconds[name].append(time.perf_counter() - start)
            if file and "rules" not in name:
                totals.setdefault((data, "1 rule" in name), {})[name] = sums(file)
            print(f"  {name:40} {seconds[name][-1]:7.1f} s", flush=True)
    median = {name: statistics.median(all_of) for name, all_of in seconds.items()}
    print(f"\n{args.rules} rules, {args.threads} threads, median of {args.repeat} (least to most)")
    for name, all_of in seconds.items():
        print(f"  {name:40} {median[name]:7.1f} s ({min(all_of):.1f} to {max(all_of):.1f})")
    print()
    for slow, fast, bar in BARS:
        if slow in median and fast in median:
            aim = f", aim x{bar}" if bar else ""
            print(f"  {fast + ' against ' + slow:70} x{median[slow] / median[fast]:.1f}{aim}")
    print(f"  largest process of ch24: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MiB")
    shutil.rmtree(work)
    differ = [found for found in totals.values() if len(set(found.values())) > 1]
    print("  sums of scores agree" if not differ else f"  sums of scores differ: {differ}")
    return int(bool(differ))


if __name__ == "__main__":
    sys.exit(main())
