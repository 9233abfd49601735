#!/usr/bin/env python3
"""Check the rule `microaggregate` against groups that are made here.

Why: a mean of five people protects each of them only if it is one of five, at the ends of the column and beside equal amounts too,
and is of use only if means and sums stay what they were. On random files, with missing cells, filters, invalid cells and several
threads, the columns are read with Python's `csv`, grouped here with exact fractions, and compared cell for cell.

Usage: tests/privacy/microaggregate_check.py [--binary PROGRAM] [--files N] [--seed N]
Needs: Python 3.9 or later; cargo, where no program is given.
Exit status: 0 all holds, 1 if not.
"""

import argparse
import csv
import io
import random
import subprocess
import sys
import tempfile
from collections import Counter
from fractions import Fraction
from pathlib import Path

from program import built


def main() -> int:
    options = parse_options()
    program = options.binary or built()
    failures, rows, groups, refused = [], 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.files):
            found = check(program, Path(folder), random.Random(f"{options.seed} {number}"))
            failures += [f"file {number}: {line}" for line in found[0]]
            rows, groups, refused = rows + found[1], groups + found[2], refused + found[3]
    print(f"{options.files} files, {rows} rows, {groups} groups, {refused} refused for too few amounts: {len(failures)} failures")
    for line in failures:
        print(line)
    return 1 if failures else 0


def grouped(amounts, size):
    """The group of each different amount, as a list of them: filled in rising order, equal ones together."""
    counts = Counter(amounts)
    groups, group = [], []
    for amount in sorted(counts):
        group.append(amount)
        if sum(counts[one] for one in group) >= size:
            groups.append(group)
            group = []
    if group and groups:
        groups[-1] += group
    elif group:
        return None
    return [(group, Fraction(sum(one * counts[one] for one in group), sum(counts[one] for one in group))) for group in groups]


def rounded(mean):
    """Whole hundredths, halves away from zero, as they are written."""
    size = int(abs(mean) + Fraction(1, 2))
    sign = "-" if mean < 0 and size else ""
    return f"{sign}{size // 100}.{size % 100:02}"


def amount(chance, spread):
    cents = {
        "few": lambda: chance.randint(-5, 5) * 100,
        "wide": lambda: chance.randint(-(10**9), 10**9),
        "skewed": lambda: int(chance.lognormvariate(8, 2) * 100),
        "huge": lambda: chance.choice([-1, 1]) * (10**18 - 1 - chance.randint(0, 3)),
    }[spread]()
    return cents, f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def check(program, folder, chance):
    size, count = chance.randint(2, 9), chance.choice([0, 3, 8, 40, 500, 3000])
    spread, policy = chance.choice(["few", "wide", "skewed", "huge"]), chance.choice(["blank", "skip"])
    (folder / "rules.toml").write_text(
        f"version = 1\nindex = ''\n[rows]\nwhere = [{{ column = 'dedans', is = 'oui' }}]\n[columns.groupe]\nrule = 'keep'\n"
        f"attribute = 'insensitive'\n[columns.montant]\nrule = {{ microaggregate = {{ size = {size}, decimal = '.' }} }}\n"
        "attribute = 'sensitive'\n"
    )
    kept = []
    with open(folder / "in.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, delimiter=";", lineterminator="\n")
        out.writerow(["dedans", "groupe", "montant"])
        # The last one has all there is of it twice, so that no file is without a row.
        for row in range(count + 1):
            cents, text = amount(chance, spread)
            kind = chance.choices(["usual", "missing", "invalid", "out"], [80, 8, 4, 8])[0] if row < count else "missing"
            text = {"missing": chance.choice(["", "NULL"]), "invalid": "inconnu"}.get(kind, text)
            out.writerow(["non" if kind == "out" else "oui", f"g{row % 3}", text])
            if kind != "out" and (kind != "invalid" or policy == "blank"):
                kept.append((f"g{row % 3}", cents if kind == "usual" else None))
    texts = set()
    for threads in (1, chance.randint(2, 5)):
        command = [str(program), "in.csv", "-r", "rules.toml", "-q", "--on-invalid", policy, "-j", str(threads), "-o", "out.csv"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        texts.add((done.returncode, (folder / "out.csv").read_text() if done.returncode == 0 else ""))
    if len(texts) != 1:
        return ["it depends on threads"], 0, 0, 0
    status, text = texts.pop()
    amounts = [cents for _, cents in kept if cents is not None]
    groups = grouped(amounts, size)
    if groups is None or status == 4:
        right = groups is None and status == 4
        return ([] if right else [f"status {status}: {done.stderr}"]), len(kept), 0, 1
    if status != 0:
        return [f"status {status}: {done.stderr}"], 0, 0, 0
    means = {one: rounded(mean) for group, mean in groups for one in group}
    expected = [[group, "" if cents is None else means[cents]] for group, cents in kept]
    published = list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
    failures = [] if published == expected else [f"{sum(a != b for a, b in zip(published, expected))} rows differ"]
    shared = Counter(row[1] for row in published if row[1])
    failures += [f"{shown} is shared by {rows}" for shown, rows in shared.items() if rows < size]
    moved = abs(sum(Fraction(row[1]) * 100 for row in published if row[1]) - sum(amounts))
    if moved > Fraction(len(amounts), 2):
        failures.append("the sum is not kept")
    return failures, len(kept), len(groups), 0


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=lambda path: Path(path).resolve(), help="the program; default: build it")
    parser.add_argument("--files", type=int, default=300, help="random files (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
