#!/usr/bin/env python3
"""Measure crm-anon beside the tools that one would otherwise take, on the same job and the same file.

Why: "fast" means nothing without a neighbour and a date. This generates the file, installs the peers, runs all of them
in turn several times (A B C … A B C …, warm page cache, output to a new file), checks that their outputs hold the same
cells as crm-anon's (all but the random index), and prints medians with spread and ratios.

* peers:  cp, crm-anon on 1 and 2 threads, Polars, DuckDB, Miller, Python's csv; crm-anon syncs its output to disk
          before it ends and the others do not, so `cp` is there with a sync too
* inputs: the Excel twin, gzip, zstd, standard input, 10 000 rows; beside the decompressors, alone and piped into crm-anon
* sizes:  0.25, 1 and 4 GB (on demand: `--sizes`, needs 10 GB of disk)

Usage: python3 benches/peers/peers.py [--rows N] [--rounds N] [--only NAME,…] [--sizes] [--keep] [--json FILE]
Needs: Python 3.9 or later with venv, cargo, pip's registry; gzip, zstd and mlr (Miller) are left out if missing.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from measure import Contender, as_json, contest, machine, table

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
PACKAGES = ["polars", "duckdb"]
BASE_ROWS = 1_000_000
SMALL_ROWS = 10_000


def main() -> None:
    options = parse_options()
    options.work.mkdir(parents=True, exist_ok=True)
    binary = options.binary or str(build("--bin", "crm-anon"))
    generator = options.generator or str(build("--example", "generate"))
    facts = {"machine": machine(), "rows": options.rows, "rounds": options.rounds}
    made = Files(generator, options.work)

    plain = made.table("plain", options.rows)
    facts["versions"], peers = peer_contenders(binary, plain, options)
    groups = {"peers": peers, "inputs": input_contenders(binary, made, options.rows)}
    if options.sizes:
        groups["sizes"] = size_contenders(binary, made, options.rows)
    try:
        for name, contenders in groups.items():
            chosen = [each for each in contenders if not options.only or chosen_by(options.only, each.name)]
            if chosen:
                facts[name] = measure(name, chosen, options)
    finally:
        if not options.keep:
            made.remove()
    about = facts["machine"]
    print(f"\n{about['date']}, {about['cpu']}, {about['threads']} threads, {about['system']}; {facts['versions']}")
    if options.json:
        options.json.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def parse_options():
    parser = argparse.ArgumentParser(description="Measure crm-anon beside its peers.")
    parser.add_argument("--rows", type=int, default=BASE_ROWS, help="rows of the file (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each runs (%(default)s)")
    parser.add_argument("--only", default="", help="names, or beginnings of names, between commas")
    parser.add_argument("--sizes", action="store_true", help="also 1/4, 1 and 4 times 1 GB")
    parser.add_argument("--keep", action="store_true", help="leave the generated files in the work folder")
    parser.add_argument("--work", type=Path, default=REPOSITORY / "target" / "peers", help="work folder (%(default)s)")
    parser.add_argument("--binary", help="a crm-anon that is built already")
    parser.add_argument("--generator", help="an example `generate` that is built already")
    parser.add_argument("--json", type=Path, help="write every measured run here too")
    options = parser.parse_args()
    options.work = options.work.resolve()
    options.only = [name for name in options.only.split(",") if name]
    return options


def chosen_by(only: list, name: str) -> bool:
    return any(name.startswith(beginning) for beginning in only)


def build(kind: str, name: str) -> Path:
    command = ["cargo", "build", "--release", kind, name, "--message-format=json-render-diagnostics"]
    done = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    for line in done.stdout.splitlines() if done.returncode == 0 else []:
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == name:
            return Path(message["executable"])
    raise SystemExit(f"{name} does not build")


class Files:
    """The input files, made once each and removed at the end."""

    def __init__(self, generator: str, folder: Path):
        self.generator = generator
        self.folder = folder
        self.paths = []

    def table(self, dialect: str, rows: int) -> Path:
        path = self.folder / f"{dialect}-{rows}.csv"
        return self.make(path, [self.generator, "--rows", str(rows), "--dialect", dialect, "--output", str(path)])

    def packed(self, source: Path, tool: str, suffix: str) -> Path:
        path = source.with_name(source.name + suffix)
        return self.make(path, [tool, "--keep", "--force", "--quiet", str(source)])

    def make(self, path: Path, command: list) -> Path:
        if path not in self.paths:
            subprocess.run(command, check=True)
            path.read_bytes()  # warms the page cache
            self.paths.append(path)
        return path

    def remove(self) -> None:
        for path in self.paths:
            path.unlink(missing_ok=True)


def crm_anon(name: str, binary: str, source: Path, threads: int = 2, stdin: bool = False) -> Contender:
    command = [binary, "-" if stdin else "INPUT", "-o", "OUTPUT", "-j", str(threads), "--quiet"]
    return Contender(name, command, source, stdin=stdin, same_job=True)


def peer_contenders(binary: str, plain: Path, options):
    """Give the versions in one line, and every contender that can run here."""
    python = install(options.work / "venv", PACKAGES)
    names = ", ".join(PACKAGES)
    tell = f"import {names}; print(', '.join(f'{{m.__name__}} {{m.__version__}}' for m in ({names})))"
    versions = subprocess.run([python, "-c", tell], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def peer(name: str, script: str, *more: str, **env: str) -> Contender:
        return Contender(name, [python, str(HERE / script), "INPUT", "OUTPUT", *more], plain, env, same_job=True)

    contenders = [
        Contender("cp", ["cp", "INPUT", "OUTPUT"], plain),
        Contender("cp, then sync", ["sh", "-c", 'cp "$0" "$1" && sync "$1"', "INPUT", "OUTPUT"], plain),
        crm_anon("crm-anon, 2 threads", binary, plain),
        crm_anon("crm-anon, 1 thread", binary, plain, threads=1),
        peer("Polars, 2 threads", "peer_polars.py", POLARS_MAX_THREADS="2"),
        peer("Polars, 1 thread", "peer_polars.py", POLARS_MAX_THREADS="1"),
        peer("DuckDB, 2 threads", "peer_duckdb.py", "2"),
        peer("Python csv", "peer_csv.py"),
    ]
    if shutil.which("mlr"):
        command = ["mlr", "--csv", "-S", "put", "-q", "-f", str(HERE / "peer_miller.mlr"), "INPUT"]
        contenders.append(Contender("Miller", command, plain, {"GOMAXPROCS": "2"}, stdout=True, same_job=True))
        told = subprocess.run(["mlr", "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()
        versions += f", {told}"
    return versions, contenders


def install(folder: Path, packages: list) -> str:
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *packages], check=True)
    return str(python)


def input_contenders(binary: str, made: Files, rows: int) -> list:
    plain = made.table("plain", rows)
    contenders = [
        crm_anon("plain file", binary, plain),
        crm_anon("plain, standard input", binary, plain, stdin=True),
        crm_anon("Excel twin", binary, made.table("excel", rows)),
    ]
    for tool, suffix in (("gzip", ".gz"), ("zstd", ".zst")):
        if shutil.which(tool):
            packed = made.packed(plain, tool, suffix)
            contenders.append(crm_anon(f"{tool} file", binary, packed))
            alone = ["sh", "-c", f'{tool} -dc "$0" > /dev/null', "INPUT"]
            contenders.append(Contender(f"{tool} -dc alone", alone, packed))
            piped = ["sh", "-c", f'{tool} -dc "$0" | "$1" - -o "$2" -j 2 --quiet', "INPUT", binary, "OUTPUT"]
            contenders.append(Contender(f"{tool} -dc, piped", piped, packed, same_job=True))
    contenders.append(crm_anon("10 000 rows", binary, made.table("plain", SMALL_ROWS)))
    return contenders


def size_contenders(binary: str, made: Files, rows: int) -> list:
    return [crm_anon(f"{n} x {rows} rows", binary, made.table("plain", n * rows)) for n in (1, 4, 16)]


def measure(name: str, contenders: list, options) -> list:
    """Time the group, then take memory and outputs in runs of their own; print its table."""
    print(f"{name}: {', '.join(each.name for each in contenders)}")
    contest(contenders, options.rounds, options.work)
    print("  medians:", "; ".join(f"{each.name} {each.median():.3f} s" for each in contenders), flush=True)
    reference = options.work / "reference.csv"
    other = options.work / "other.csv"
    first = None
    # The Excel twin, the small file and other sizes hold other bytes or rows: each group has its own reference input.
    for each in contenders:
        is_first = each.same_job and first is None
        target = reference if is_first else other
        each.run_for_memory(target)
        if is_first:
            first = each
        elif each.same_job and comparable(each.source, first.source):
            each.differing_cells = differing_cells(reference, other)
        if target.exists():
            print(f"  {each.name}: {target.stat().st_size / 1e6:.0f} MB out", flush=True)
    reference.unlink(missing_ok=True)
    other.unlink(missing_ok=True)
    wanted = {"peers": ["crm-anon, 2 threads", "cp"], "inputs": ["plain file"]}.get(name, [contenders[0].name])
    print(table(contenders, [each for each in contenders if each.name in wanted]) + "\n", flush=True)
    return as_json(contenders)


def comparable(one: Path, other: Path) -> bool:
    """Whether two inputs hold the same people: the same number of rows, in whatever dialect or packing."""
    rows = [path.name.split(".")[0].split("-")[-1] for path in (one, other)]
    return rows[0] == rows[1]


def differing_cells(one: Path, other: Path) -> int:
    """Count the cells, but those of the first column (the index), that differ; a missing row counts whole."""
    count = 0
    with open(one, encoding="utf-8", newline="") as left, open(other, encoding="utf-8", newline="") as right:
        left_rows = csv.reader(left, delimiter=delimiter(one))
        right_rows = csv.reader(right, delimiter=delimiter(other))
        for a in left_rows:
            b = next(right_rows, [])
            if a[1:] != b[1:]:
                pairs = zip(a[1:] + [None] * len(b), b[1:] + [None] * len(a))
                count += sum(x != y for x, y in pairs)
        count += sum(len(row) for row in right_rows)
    return count


def delimiter(path: Path) -> str:
    with open(path, encoding="utf-8") as file:
        return ";" if file.readline().startswith("Index_rd;") else ","


if __name__ == "__main__":
    os.chdir(REPOSITORY)
    main()
