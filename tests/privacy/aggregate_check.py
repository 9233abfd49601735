#!/usr/bin/env python3
"""Attack what `crm-anon aggregate` publishes with linear and integer programs, and recount what it tells.

Why: suppressing small cells is not enough where totals are published. An attacker who knows all published figures
solves for the suppressed ones. The program claims that such an attacker is left with at least `threshold` possible
whole numbers for each cell that is suppressed for its own sake, also when knowing any one cell of one person. It proves
that to itself with moves along cubes; this attacks the published table with HiGHS (scipy), which knows nothing of cubes.

For each random table (2 to 4 dimensions, skewed, with and without totals):

* the published figures equal a recount by Python's csv; what is suppressed has no figure;
* a cell of fewer persons than the threshold is suppressed, and so are sums that one contribution dominates;
* for each of these cells the least and the greatest number of persons that the published figures allow, as an integer
  program over all cells (which occur, and so have a person at least), are threshold - 1 apart at least;
* the same with each of some cells of one person fixed, one at a time;
* for each amount, the least and the greatest sum (at least 0 each) are p % of the largest contribution away.

The founding trial: 100 000 rows by département, formation and sexe (4 050 cells), all figures attacked: no suppressed
small cell is worked out, and none is known to be below the threshold.

Usage: tests/privacy/aggregate_check.py [--binary PROGRAM] [--tables N] [--seed N] [--trial ROWS] [--cells N]
Needs: Python 3.9 or later with scipy; cargo, where no program is given. Exit status: 0 all holds, 1 if not.
"""

import argparse
import csv
import itertools
import json
import math
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
TOTAL = "Total"


def main() -> int:
    options = parse_options()
    program = options.binary or built()
    chance = random.Random(options.seed)
    failures = attacked = refused = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.tables):
            table = Table.random(chance)
            wrong, count = examined(program, Path(folder), table, chance)
            refused += count is None
            attacked += count or 0
            for line in wrong:
                failures += 1
                print(f"table {number} ({table.describe()}): {line}")
        print(f"{options.tables} random tables, {refused} refused, {attacked} cells attacked: {failures} failures")
        if options.trial:
            failures += trial(program, Path(folder), options.trial, options.cells, chance)
    return 1 if failures else 0


class Table:
    """Rows with one person each (or persons with rows), and how they are published."""

    def __init__(self, header, rows, dimensions, threshold, totals, stat, unit, round_to):
        self.header, self.rows, self.dimensions = header, rows, dimensions
        self.threshold, self.totals, self.stat = threshold, totals, stat
        self.unit, self.round = unit, round_to

    @classmethod
    def random(cls, chance):
        dimensions = chance.choice([2, 2, 3, 3, 4])
        most = {2: 8, 3: 5, 4: 3}[dimensions]
        sizes = [chance.randint(2, most) for _ in range(dimensions)]
        people = chance.choice([60, 300, 1200])
        skew = chance.uniform(0.3, 2.0)
        weights = [[1 / (rank + 1) ** skew for rank in range(size)] for size in sizes]
        rows = []
        for person in range(people):
            values = [f"v{chance.choices(range(size), weight)[0]}" for size, weight in zip(sizes, weights)]
            amount = round(chance.lognormvariate(10, chance.choice([0.3, 1.0])), 2)
            missing = chance.random() < 0.05
            rows.append((f"p{person}", values, None if missing else Fraction(str(amount))))
        header = ["id_client"] + [f"c{at}" for at in range(dimensions)] + ["revenus"]
        return cls(
            header,
            rows,
            dimensions,
            chance.choice([3, 5, 11]),
            chance.random() < 0.85,
            chance.choice([None, "sum", "mean"]),
            chance.random() < 0.3,
            chance.choice([None, None, 5]),
        )

    def describe(self):
        what = "with" if self.totals else "without"
        return f"{self.dimensions} dimensions, {len(self.rows)} people, threshold {self.threshold}, {what} totals, {self.stat}"

    def write(self, folder):
        with open(folder / "in.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(self.header)
            for person, values, amount in self.rows:
                writer.writerow([person, *values, "" if amount is None else f"{float(amount):.2f}"])
        lines = ["version = 1", 'index = ""', "[columns.id_client]", 'rule = "drop"', 'attribute = "identifying"']
        for at in range(self.dimensions):
            lines += [f"[columns.c{at}]", 'rule = "keep"', 'attribute = "quasi-identifying"', 'leftovers = "ignore"']
        lines += ["[columns.revenus]", 'rule = "drop"', 'attribute = "sensitive"']
        (folder / "rules.toml").write_text("\n".join(lines) + "\n")

    def cells(self):
        """Each cell with its persons and amounts, margins too where they are published."""
        found = defaultdict(list)
        for _, values, amount in self.rows:
            choices = [(value, TOTAL) if self.totals else (value,) for value in values]
            for key in itertools.product(*choices):
                found[key].append(amount)
        return found


def run(program, folder, table):
    arguments = [
        str(program), "aggregate", "in.csv", "-r", "rules.toml", "-o", "t.csv", "--manifest", "m.json", "-q",
        "--by", ",".join(f"c{at}" for at in range(table.dimensions)),
        "--threshold", str(table.threshold),
    ]
    arguments += ["--totals"] if table.totals else []
    arguments += ["--stat", f"{table.stat}:revenus"] if table.stat else []
    arguments += ["--unit", "id_client"] if table.unit else []
    arguments += ["--round", str(table.round)] if table.round else []
    for name in ["t.csv", "m.json"]:
        (folder / name).unlink(missing_ok=True)
    return subprocess.run(arguments, cwd=folder, capture_output=True, text=True)


def examined(program, folder, table, chance):
    table.write(folder)
    done = run(program, folder, table)
    if done.returncode == 4:
        return ([] if not (folder / "t.csv").exists() else ["refused, and published"]), None
    if done.returncode != 0:
        return [f"status {done.returncode}: {done.stderr}"], 0
    published = {}
    with open(folder / "t.csv", newline="") as file:
        for row in csv.reader(itertools.islice(file, 1, None)):
            published[tuple(row[: table.dimensions])] = row[table.dimensions :]
    manifest = json.loads((folder / "m.json").read_text())["figures"]
    cells = table.cells()
    wrong = recounted(table, published, cells, manifest)
    attack = Attack(table, published, cells)
    lines, count = attack.run(chance)
    return wrong + lines, count


def is_unsafe(table, amounts):
    """The rules for a cell by itself, from their definitions."""
    if len(amounts) < table.threshold:
        return True
    if not table.stat:
        return False
    known = sorted((abs(amount) for amount in amounts if amount is not None), reverse=True)
    if not known:
        return False
    total = sum(known)
    return (
        len(known) < table.threshold
        or len(set(known)) == 1
        or known[0] * 100 > 85 * total
        or (total - sum(known[:2])) * 100 < 10 * known[0]
    )


def recounted(table, published, cells, manifest):
    wrong = []
    if set(published) != set(cells):
        wrong.append(f"{len(published)} cells are listed, {len(cells)} occur")
    suppressed = 0
    for key, amounts in cells.items():
        row = published.get(key, [])
        figures, status = row[:-1], row[-1:]
        if status == ["c"]:
            suppressed += 1
            if any(figures):
                wrong.append(f"a suppressed cell has a figure: {key}")
            continue
        if is_unsafe(table, amounts):
            wrong.append(f"an unsafe cell is published: {key}")
        count = len(amounts)
        if table.round:
            count = (count + table.round // 2) // table.round * table.round
        expected = [str(count)]
        if table.stat:
            known = [amount for amount in amounts if amount is not None]
            figure = sum(known) * 100 if known else None
            if known and table.stat == "mean":
                figure = math.floor(figure / len(known) + Fraction(1, 2))
            expected.append(f"{int(figure) // 100}.{int(figure) % 100:02}" if known else "")
        if figures != expected:
            wrong.append(f"{key} has {figures}, not {expected}")
    primary = sum(is_unsafe(table, amounts) for amounts in cells.values())
    told = (manifest["cells"], manifest["cells_primary"], manifest["cells_primary"] + manifest["cells_secondary"])
    if told != (len(cells), primary, suppressed):
        wrong.append(f"the manifest tells {told} of {(len(cells), primary, suppressed)}")
    if primary and manifest["least_width"] < table.threshold:
        wrong.append("the manifest tells a width below the threshold")
    return wrong


class Attack:
    """All that is known of a table, as equations."""

    def __init__(self, table, published, cells):
        self.table, self.cells = table, cells
        self.secret = {key for key, row in published.items() if row[-1:] == ["c"]}
        self.inner = [key for key in cells if TOTAL not in key]
        self.unknown = [key for key in self.inner if key in self.secret]
        self.column = {key: at for at, key in enumerate(self.unknown)}
        children = defaultdict(list)
        for key in self.inner:
            for margin in itertools.product(*[(value, TOTAL) for value in key]):
                if margin != key:
                    children[margin].append(key)
        self.children = children
        # Without totals, the number of all persons is known all the same.
        everybody = (TOTAL,) * table.dimensions
        self.margins = [key for key in children if key not in self.secret and (table.totals or key == everybody)]
        self.lines = {margin: [key for key in children[margin] if key in self.column] for margin in self.margins}
        self.lines = {margin: keys for margin, keys in self.lines.items() if keys}

    def value(self, key, of):
        amounts = self.cells.get(key)
        if amounts is None:
            amounts = [amount for child in self.children[key] for amount in self.cells[child]]
        return of(amounts)

    def range(self, target, of, least, whole, fixed=()):
        """The least and the greatest value of a cell that the published figures allow."""
        import numpy
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_matrix

        rows, columns, right = [], [], []
        for number, keys in enumerate(self.lines.values()):
            rows += [number] * len(keys)
            columns += [self.column[key] for key in keys]
        for margin, keys in self.lines.items():
            known = sum(self.value(key, of) for key in self.children[margin] if key not in self.column)
            right.append(float(self.value(margin, of) - known))
        low = numpy.full(len(self.unknown), float(least))
        high = numpy.full(len(self.unknown), numpy.inf)
        for key in fixed:
            low[self.column[key]] = high[self.column[key]] = float(self.value(key, of))
        cost = numpy.zeros(len(self.unknown))
        for key in [target] if target in self.column else self.children[target]:
            if key in self.column:
                cost[self.column[key]] = 1
        beside = sum(self.value(key, of) for key in self.children.get(target, []) if key not in self.column)
        limits = []
        if right:
            matrix = csr_matrix((numpy.ones(len(rows)), (rows, columns)), (len(right), len(self.unknown)))
            limits = [LinearConstraint(matrix, right, right)]
        ends = []
        for sign in (1, -1):
            found = milp(sign * cost, constraints=limits, bounds=Bounds(low, high),
                         integrality=numpy.full(len(self.unknown), int(whole)))
            if found.status == 3:
                ends.append(sign * -math.inf)
            elif found.status == 0:
                ends.append(sign * found.fun + float(beside))
            else:
                raise RuntimeError(f"HiGHS: {found.message}")
        return ends

    def run(self, chance, most=40, insiders=3):
        table, wrong = self.table, []
        small = [key for key in self.secret if is_unsafe(table, self.cells[key])]
        chance.shuffle(small)
        singles = [key for key in self.unknown if len(self.cells[key]) == 1]
        known = lambda amounts: sum(amount is not None for amount in amounts)
        total = lambda amounts: sum(amount for amount in amounts if amount is not None)
        for key in small[:most]:
            low, high = self.range(key, len, 1, True)
            if high - low + 1 < table.threshold - 1e-6:
                wrong.append(f"{len(self.cells[key])} is from {low} to {high}")
            for single in chance.sample(singles, min(insiders, len(singles))):
                inside = set(itertools.product(*[(value, TOTAL) for value in single]))
                if single == key or key in inside and len(self.cells[key]) == 1:
                    continue
                low, high = self.range(key, len, 1, True, [single])
                if high - low + 1 < table.threshold - 1e-6:
                    wrong.append(f"{len(self.cells[key])} is from {low} to {high} for an insider")
            if table.stat and table.totals:
                low, high = self.range(key, known, 0, True)
                if high - low + 1 < table.threshold - 1e-6:
                    wrong.append(f"{known(self.cells[key])} known amounts are from {low} to {high}")
                low, high = self.range(key, total, 0, False)
                exact = float(total(self.cells[key]))
                largest = max((float(amount) for amount in self.cells[key] if amount is not None), default=0.0)
                if high - exact < 0.1 * largest - 1e-3 or exact - low < 0.1 * largest - 1e-3:
                    wrong.append(f"a sum of {exact} is from {low} to {high}, its largest contribution {largest}")
        return wrong, len(small[:most])


def trial(program, folder, people, cells, chance):
    """The table that naive suppression gave away: 81 départements, 25 courses of study, 2 sexes."""
    sizes = [81, 25, 2]
    weights = [[1 / (rank + 1) ** skew for rank in range(size)] for size, skew in zip(sizes, [0.7, 0.9, 0.2])]
    rows = [
        (f"p{person}", [f"v{chance.choices(range(size), weight)[0]}" for size, weight in zip(sizes, weights)], None)
        for person in range(people)
    ]
    header = ["id_client", "c0", "c1", "c2", "revenus"]
    table = Table(header, rows, 3, 11, True, None, False, None)
    table.write(folder)
    begin = time.monotonic()
    done = run(program, folder, table)
    seconds = time.monotonic() - begin
    if done.returncode != 0:
        print(f"trial: status {done.returncode}: {done.stderr}")
        return 1
    published = {}
    with open(folder / "t.csv", newline="") as file:
        for row in csv.reader(itertools.islice(file, 1, None)):
            published[tuple(row[:3])] = row[3:]
    manifest = json.loads((folder / "m.json").read_text())["figures"]
    counted = table.cells()
    wrong = recounted(table, published, counted, manifest)
    attack = Attack(table, published, counted)
    small = [key for key in attack.secret if len(counted[key]) < table.threshold]
    chance.shuffle(small)
    exact = below = narrow = 0
    for key in small[:cells]:
        # Relaxed, which is what the founding trial's attacker solved: it can only be wider than whole numbers allow.
        low, high = attack.range(key, len, 1, False)
        exact += high - low < 0.5
        below += high < table.threshold - 1e-6
        narrow += high - low + 1 < table.threshold - 1e-6
    print(
        f"trial: {people} rows, {manifest['cells']} cells with margins, {manifest['cells_primary']} primary, "
        f"{manifest['cells_secondary']} secondary, {seconds:.2f} s in all; {min(cells, len(small))} attacked: {exact} "
        f"worked out, {below} known to be below the threshold, {narrow} with fewer than {table.threshold} values"
    )
    for line in wrong:
        print(f"trial: {line}")
    return len(wrong) + exact + below + narrow


def built():
    subprocess.run(["cargo", "build", "--release", "--locked"], cwd=REPOSITORY, check=True)
    return REPOSITORY / "target" / "release" / "crm-anon"


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=lambda path: Path(path).resolve(), help="the program; default: build it")
    parser.add_argument("--tables", type=int, default=1000, help="random tables (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the random tables (default: %(default)s)")
    parser.add_argument("--trial", type=int, default=100_000, help="rows of the founding trial, 0 for none (default: %(default)s)")
    parser.add_argument("--cells", type=int, default=400, help="of it that are attacked (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
