#!/usr/bin/env python3
"""Measure the query that `crm-anon sql` prints, on DuckDB and Spark, beside the main job on the same file.

Why: what the query costs decides whether it is run in the engine or the file is exported. This generates the file (or
takes one), installs the engines at the versions that tests/sql/engines.py compares cell by cell, runs the main job and
each engine in turn several times, each a process of its own with two threads, from CSV to CSV (warm page cache, output
to a new file), and, for who has them, from Parquet and from split CSV files; beside DuckDB's query stands a bare one that
reads, shuffles and writes the same columns. It checks that all but that one wrote the same rows: the same cells, but for the random index, in whatever order.

Usage: python3 benches/peers/engines.py [--rows N | --input FILE] [--rounds N] [--only NAME,…] [--keep] [--json FILE]
Needs: Python 3.9 or later with venv, cargo, pip's registry; Spark is left out if there is no Java runtime.
"""

import argparse
import csv
import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

from measure import Contender, as_json, contest, machine, remove
from peers import Files, build, chosen_by, install

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
ALL_PACKAGES = runpy.run_path(str(REPOSITORY / "tests/sql/engines.py"))["PACKAGES"]
PACKAGES = {engine: ALL_PACKAGES[engine][0] for engine in ("duckdb", "spark")}
THREADS = 2
# Into how many files the input is split for who reads several at once.
PARTS = 8


def main() -> None:
    options = parse_options()
    options.work.mkdir(parents=True, exist_ok=True)
    binary = options.binary or str(build("--bin", "crm-anon"))
    if options.input is None:
        made = Files(options.generator or str(build("--example", "generate")), options.work)
        options.input = made.table("plain", options.rows)
    else:
        made = None
        options.input.read_bytes()  # warms the page cache
    facts = {"machine": machine(), "versions": PACKAGES, "rounds": options.rounds}
    size = options.input.stat().st_size
    contenders = [each for each in engines(binary, options) if not options.only or chosen_by(options.only, each.name)]
    try:
        contest(contenders, options.rounds, options.work)
        for each in contenders:
            print(f"  {each.name}: {each.median():.1f} s", flush=True)  # the comparison takes as long again
        rows = compared(contenders, options.work)
        facts.update(rows=rows, contenders=as_json(contenders))
    finally:
        if made and not options.keep:
            made.remove()
    about = facts["machine"]
    versions = ", ".join(PACKAGES.values())
    print(f"\n{rows} rows, {size / 1e9:.2f} GB; {versions}; {options.rounds} rounds")
    print(f"{about['date']}, {about['cpu']}, {about['threads']} threads, {about['system']}\n")
    print(table(contenders, rows))
    if options.json:
        options.json.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=4_000_000, help="rows of the file that is made (%(default)s: 1 GB)")
    parser.add_argument("--input", type=Path, help="a file of the generator's that is there already")
    parser.add_argument("--rounds", type=int, default=3, help="how often each runs (%(default)s)")
    parser.add_argument("--only", default="", help="names, or beginnings of names, between commas")
    parser.add_argument("--keep", action="store_true", help="leave the generated file in the work folder")
    parser.add_argument("--work", type=Path, default=REPOSITORY / "target" / "peers", help="work folder (%(default)s)")
    parser.add_argument("--binary", help="a crm-anon that is built already")
    parser.add_argument("--generator", help="an example `generate` that is built already")
    parser.add_argument("--json", type=Path, help="write every measured run here too")
    options = parser.parse_args()
    options.work = options.work.resolve()
    options.input = options.input and options.input.resolve()
    options.only = [name for name in options.only.split(",") if name]
    return options


def engines(binary: str, options) -> list:
    """The main job, and each engine that can run here."""
    python = install(options.work / "venv-engines", list(PACKAGES.values()))

    def engine(name: str, dialect: str, source: Path = options.input) -> Contender:
        command = [python, str(HERE / "peer_sql.py"), dialect, binary, "INPUT", "OUTPUT", str(THREADS)]
        return Contender(name, command, source, same_job="bare" not in dialect)

    main_job = [binary, "INPUT", "-o", "OUTPUT", "-j", str(THREADS), "--quiet"]
    parquet, split = parts_of(options, python)
    contenders = [
        Contender("crm-anon, the main job", main_job, options.input, same_job=True),
        engine("DuckDB on one CSV file", "duckdb"), engine("DuckDB without the rules", "duckdb-bare"), engine("DuckDB on Parquet", "duckdb", parquet),
    ]
    if shutil.which("java"):
        contenders += [
            engine("Spark on Parquet", "spark", parquet), engine("Spark on split CSV", "spark", split), engine("Spark on one CSV file", "spark"),
        ]
    else:
        print("Spark is left out: there is no Java runtime", file=sys.stderr)
    return contenders


def parts_of(options, python: str) -> tuple:
    """The input as a folder of Parquet files, and as a folder of CSV files."""
    folders = options.work / "parquet", options.work / "split"
    for folder in folders:
        remove(folder)
        folder.mkdir()
    with open(options.input, encoding="utf-8", newline="") as file:
        header = file.readline()
    (names,) = csv.reader([header])
    for folder in folders:
        (folder / "columns.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
    making = (
        "import duckdb, sys; parquet, split, source, parts = sys.argv[1:]\n"
        "duckdb.execute('SET enable_progress_bar = false')\n"
        "rows = f\"read_csv('{source}', header = true, all_varchar = true, strict_mode = true)\"\n"
        "duckdb.execute(f'CREATE TABLE rows AS SELECT *, row_number() OVER () % {parts} AS part FROM {rows}')\n"
        "for part in range(int(parts)):\n"
        "    own = f'COPY (SELECT * EXCLUDE (part) FROM rows WHERE part = {part}) TO '\n"
        "    duckdb.execute(f\"{own} '{parquet}/{part}.parquet' (COMPRESSION uncompressed)\"); duckdb.execute(f\"{own} '{split}/{part}.csv'\")\n"
    )
    subprocess.run([python, "-c", making, *map(str, folders), str(options.input), str(PARTS)], check=True)
    return folders


def compared(contenders: list, folder: Path) -> int:
    """Take memory and the output in runs of their own; give the number of rows, the same for all."""
    target = folder / "output.csv"
    first = None
    for each in contenders:
        each.run_for_memory(target)
        rows, _ = came = summed(target)
        remove(target)
        print(f"  {each.name}: {rows} rows", flush=True)
        first = first or came
        if came != first and each.same_job:
            raise SystemExit(f"{each.name} wrote other rows than {contenders[0].name}: {rows}, not {first[0]}, or other cells")
    return first[0]


def summed(target: Path) -> tuple:
    """How many rows an output has, and a sum over their cells, but those of the index, that their order does not change."""
    count = total = 0
    for path in sorted(target.glob("part-*.csv")) if target.is_dir() else [target]:
        with open(path, encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows, None)
            for row in rows:
                count += 1
                total += hash(tuple(row[1:]))
    return count, total


def table(contenders: list, rows: int) -> str:
    """A table in Markdown; `query alone` is without the start of an interpreter or a JVM."""
    lines = [
        "| | seconds | min – max | query alone | rows/s | processor s | peak MiB | × main job |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for each in contenders:
        low, high = each.spread()
        inner = each.median("inner")
        cells = [
            each.name, f"{each.median():.1f}", f"{low:.1f} – {high:.1f}", "" if inner is None else f"{inner:.1f}",
            f"{rows / each.median():,.0f}".replace(",", " "), f"{each.median('cpu'):.1f}", f"{each.peak_bytes / 2**20:.0f}",
            f"{each.median() / contenders[0].median():.2f}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    os.chdir(REPOSITORY)
    main()
