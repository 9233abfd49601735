#!/usr/bin/env python3
"""Tables on which other programs for secondary suppression were caught out, published with `crm-anon aggregate` and attacked.

Why: a random table is seldom the hard one. These were found by users of sdcTable and tau-Argus and told in public; the tables
are built anew here from what is written there, with people of our own in them:

* `simpleheuristic`: sdcTable's test of that name. Nine cells of a 4 by 4 table are suppressed, two and more in each line, and one
  follows from the sums of two rows and two columns all the same. They are given by --against, as the only way to say which;
* `singletons`: sdcTools/UserSupport issue 135. Three cells of one person, of whom each knows the own;
* `linked`: issue 136. Regions add up to counties and to groups of another kind, and each of the two tables is safe without the other;
* `dominated`: issue 160. The largest enterprise makes most of what all suppressed cells have together. The numbers of the issue are in a
  file that is no longer to be had: these are of the same kind;
* `ones`, `zeros`, `all zeros`: issue 194. 15 = 10 + 3 + x + x where no cell is empty, 15 = 10 + 5 + x + x and 0 = x + x + x where no amount
  is below zero.

Each suppressed cell is attacked with HiGHS, by somebody who knows all that is published and by each single person: nothing that has to be
hidden may have fewer possible numbers of persons than the threshold, no sum may be known to within 10 % of its largest part, and
no suppressed number at all, of persons or of amounts, may follow exactly.

Usage: tests/privacy/aggregate_cases.py [--binary PROGRAM] [--only CASE]...
Needs: Python 3.9 or later with scipy; cargo, where no program is given.
Exit status: 0 all holds, 1 if not.
"""

import argparse
import csv
import random
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

from aggregate_check import Attack, Row, Table, amounts_of, told
from program import built


def main() -> int:
    options = parse_options()
    program = options.binary or built()
    failures = []
    for name, case in CASES.items():
        if options.only and name not in options.only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            failures += [f"{name}: {line}" for line in published_and_attacked(program, Path(folder), name, *case())]
    for line in failures:
        print(line)
    return 1 if failures else 0


def published_and_attacked(program, folder, name, table, hidden, more):
    table.write(folder)
    cells = table.cells()
    command = [str(program), "aggregate", "in.csv", "-r", "rules.toml", "-o", "t.csv", "--manifest", "m.json", "-q", "--totals"]
    command += ["--by", ",".join(f"c{at}" for at in range(table.dimensions)), "--threshold", str(table.threshold), *more]
    command += ["--stat", f"{table.stat}:revenus"] if table.stat else []
    if hidden:
        with open(folder / "before.csv", "w", newline="") as file:
            before = csv.writer(file)
            before.writerow([f"c{at}" for at in range(table.dimensions)] + ["n", "statut"])
            before.writerows([*key, "" if key in hidden else len(rows), "c" if key in hidden else ""] for key, rows in cells.items())
        command += ["--against", "before.csv"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode == 4:
        print(f"{name}: nothing of it can be published safely")
        return [] if not (folder / "t.csv").exists() else ["refused, and published"]
    if done.returncode != 0:
        return [f"status {done.returncode}: {done.stderr}"]
    published, manifest = told(folder, table)
    suppressed = {key for key, row in published.items() if row[-1] == "c"}
    if not hidden <= suppressed:
        return [f"{sorted(hidden - suppressed)} are published"]
    attack = Attack(table, published, cells, hidden)
    wrong, attacked = attack.run(random.Random(1), most=10**6, insiders=10**6)
    followed = [*follows(attack, suppressed, len, [1], True), *(follows(attack, suppressed, total, [0], False) if table.stat else [])]
    print(
        f"{name}: {len(published)} cells with margins, {manifest['cells_primary'] + len(hidden)} to be hidden, {len(suppressed)} suppressed, "
        f"{attacked} attacked, {len(followed)} follow: {len(wrong)} failures"
    )
    return wrong + followed


def total(rows):
    return sum(amounts_of(rows))


def follows(attack, suppressed, of, least, whole):
    """The suppressed figures that follow exactly from what is published."""
    system = attack.system([of], least, whole)
    wrong = []
    for key in sorted(suppressed):
        low, high = system.ends(attack.target(key, of, 0, lambda low, high: high > low))
        if high - low < 1e-6 * (1 + abs(high)):
            wrong.append(f"{key} must be {low:g}")
    return wrong


def of_people(counts, threshold, amounts=None):
    """A table with so many people in each cell, and the amounts of these."""
    rows = []
    for values, count in counts.items():
        for at in range(count):
            amount = amounts[values][at] if amounts else None
            rows.append(Row(f"p{len(rows)}", list(values), None if amount is None else Fraction(str(amount)), None))
    dimensions = len(next(iter(counts)))
    header = ["id_client", *(f"c{at}" for at in range(dimensions)), "revenus", "enfant"]
    return Table(header, rows, dimensions, threshold, True, "sum" if amounts else None, False, None)


def simpleheuristic():
    numbers = {"w": (30, 47, 64, 89), "x": (90, 124, 5, 31), "y": (92, 100, 59, 85), "z": (800, 991, 651, 685)}
    counts = {(row, column): count for row, own in numbers.items() for column, count in zip("abcd", own)}
    hidden = {(cell[0], cell[1]) for cell in "wa wb wc xa xc yb yd zb zd".split()}
    return of_people(counts, 3), hidden, []


def singletons():
    numbers = {"1": (1, 1, 7, 1, 0), "2": (1, 0, 0, 2, 8)}
    counts = {(row, column): count for row, own in numbers.items() for column, count in zip("ABHMW", own) if count}
    return of_people(counts, 3), set(), []


def linked():
    groups = {"L": "BIG", "M": "BIG"}
    numbers = dict(zip("ABIJKLMN", (2, 2, 8, 8, 3, 3, 3, 7)))
    counts = {
        (region, "county-1" if region in "ABIJ" else "county-2", groups.get(region, "small")): count for region, count in numbers.items()
    }
    return of_people(counts, 4), set(), []


def dominated():
    amounts = {
        ("B05",): [90_000, 500, 300, 200],
        ("B06",): [2_000, 100, 50],
        ("B07",): [1_500, 90, 80],
        ("B08",): [9_000, 8_500, 8_000, 7_500, 7_000],
        ("B09",): [900, 850, 820, 800, 790],
    }
    counts = {values: len(own) for values, own in amounts.items()}
    return of_people(counts, 3, amounts), set(), ["--dominance", "2:80"]


def ones():
    return of_people({("a",): 10, ("b",): 3, ("c",): 1, ("d",): 1}, 3), set(), []


def of_sums(sums):
    """Twelve people a cell, who have equal amounts only where they have none."""
    amounts = {}
    for at, all_of_it in enumerate(sums):
        parts = [all_of_it * (90 + 5 * (number % 5)) for number in range(12)]
        amounts[(f"v{at}",)] = [round(part / 1200, 2) for part in parts]
    return of_people({values: 12 for values in amounts}, 11, amounts), set(), []


def zeros():
    return of_sums([1000, 500, 0, 0])


def all_zeros():
    return of_sums([0, 0, 0])


CASES = {
    "simpleheuristic": simpleheuristic,
    "singletons": singletons,
    "linked": linked,
    "dominated": dominated,
    "ones": ones,
    "zeros": zeros,
    "all zeros": all_zeros,
}


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=lambda path: Path(path).resolve(), help="the program; default: build it")
    parser.add_argument("--only", action="append", choices=list(CASES), help="a case, by its name (default: all)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
