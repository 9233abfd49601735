#!/usr/bin/env python3
"""Measure the other commands and options beside the main job, on the same file and in the same run.

Why: a goal such as "`audit` takes 1.2 times the main job" is a ratio, and ratios only hold within one run on one machine. All
run in turn several times, on two threads, with a warm page cache and an output to a new file.

Usage: python3 benches/peers/commands.py [--rows N] [--rounds N] [--only NAME,...] [--binary FILE] [--generator FILE]
Needs: Python 3.9 or later and cargo. A million rows take some five minutes and 3 GB of disk.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from measure import Contender, contest, machine, table
from peers import REPOSITORY, Files, build, chosen_by

ROWS = 1_000_000
ROLES = ("identite", "habilite")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the commands beside the main job.")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the file (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each runs (%(default)s)")
    parser.add_argument("--only", default="", help="names, or beginnings of names, between commas")
    parser.add_argument("--work", type=Path, default=REPOSITORY / "target" / "peers", help="work folder (%(default)s)")
    parser.add_argument("--binary", help="a crm-anon that is built already")
    parser.add_argument("--generator", help="an example `generate` that is built already")
    options = parser.parse_args()
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    binary = options.binary or str(build("--bin", "crm-anon"))
    made = Files(options.generator or str(build("--example", "generate")), options.work)
    only = [name for name in options.only.split(",") if name]
    try:
        contenders = commands(binary, made.table("plain", options.rows), options.work)
        contenders = [each for each in contenders if not only or chosen_by(only, each.name)]
        contest(contenders, options.rounds, options.work)
        for each in contenders:
            each.run_for_memory(options.work / "output.csv")
    finally:
        made.remove()
        for left in [*options.work.glob("commands-*"), options.work / "output.csv"]:
            left.unlink(missing_ok=True)
    about = machine()
    print(table(contenders, contenders[:1]))
    print(f"\n{about['date']}, {about['cpu']}, {about['threads']} threads, load {about['load_before']}, {about['system']}")


def commands(binary: str, plain: Path, work: Path) -> list:
    """The main job first: all others are told as its multiple."""

    def prepared(*command: str) -> None:
        subprocess.run([binary, *command], check=True, stderr=subprocess.DEVNULL)

    keys = []
    for role in ROLES:
        key = work / f"commands-{role}.key"
        key.unlink(missing_ok=True)
        prepared("keygen", role, "-o", str(key))
        keys += ["--key", str(key)]
    published, protected = work / "commands-published.csv", work / "commands-protected.csv"
    prepared(str(plain), "-qq", "-o", str(published))
    prepared(str(plain), "-qq", "-r", "protection", *keys, "-o", str(protected))
    side = str(work / "commands-side")

    def job(name: str, *more: str, threads: int = 2) -> Contender:
        return Contender(name, [binary, "INPUT", "-o", "OUTPUT", "-j", str(threads), *more], plain)

    def other(name: str, command: str, source: Path, *more: str) -> Contender:
        return Contender(name, [binary, command, "INPUT", *more], source, stdout=True)

    return [
        job("main job", "-q"),
        job("the same on one thread", "-q", threads=1),
        job("without `-q`: unique rows are counted"),
        job("`--manifest`", "-q", "--manifest", side),
        job("`--report`", "-q", "--report", side),
        job("`--shuffle`", "-q", "--shuffle"),
        job("`--on-leftover mask`", "-q", "--on-leftover", "mask"),
        job("`--k 5`", "-q", "--k", "5"),
        other("`audit` of the output", "audit", published),
        other("`inspect`", "inspect", plain),
        job("`-r protection`, ten encrypted columns", "-q", "-r", "protection", *keys),
        Contender("`reveal` of that", [binary, "reveal", "INPUT", "-q", *keys, "-o", "OUTPUT"], protected),
    ]


if __name__ == "__main__":
    sys.exit(main())
