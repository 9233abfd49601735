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
* for each amount, the least and the greatest sum (at least 0 each) are p % of the largest contribution away;
* for each share, the numbers of persons with and without it, as an integer program over all three numbers of each cell: as far
  apart as the numbers of persons;
* quantiles equal a recount, have `threshold` persons on either side and between them, and are told of a margin only where
  no cell of it is suppressed;
* a second table, of the same people after a few have come and gone, published with --against the first: what was suppressed stays
  so, no cell has a figure in both that differs by 1 to threshold - 1 persons, and each cell that was suppressed for the first table's
  sake is attacked as those above.

Tiny tables: all tables of whole numbers that fit what is published are written down, and each primary cell has `threshold`
different values among them.

The founding trial: 100 000 rows by département, formation and sexe (4 050 cells), all figures attacked: no suppressed
small cell is worked out, and none is known to be below the threshold.

Usage: tests/privacy/aggregate_check.py [--binary PROGRAM] [--tables N] [--seed N] [--tiny N] [--trial ROWS] [--cells N]
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
from collections import defaultdict, namedtuple
from fractions import Fraction
from pathlib import Path

from program import built

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
                print(f"table {number} ({table.describe()}): {line}", flush=True)
            if number % 100 == 99:
                print(f"{number + 1} tables, {attacked} cells attacked, {failures} failures", flush=True)
        print(f"{options.tables} random tables, {refused} refused, {attacked} cells attacked: {failures} failures")
        looked_at = 0
        for number in range(options.tiny):
            wrong, count = tiny(program, Path(folder), chance)
            looked_at += count
            failures += len(wrong)
            for line in wrong:
                print(f"tiny table {number}: {line}", flush=True)
        if options.tiny:
            print(f"{options.tiny} tiny tables, {looked_at} cells looked at in all tables that fit: {failures} failures", flush=True)
        if options.trial:
            failures += trial(program, Path(folder), options.trial, options.cells, chance)
    return 1 if failures else 0


Row = namedtuple("Row", "person values amount member")


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
        skew, share = chance.uniform(0.3, 2.0), chance.choice([0.05, 0.3, 0.5])
        weights = [[1 / (rank + 1) ** skew for rank in range(size)] for size in sizes]
        rows = []
        for person in range(people):
            values = [f"v{chance.choices(range(size), weight)[0]}" for size, weight in zip(sizes, weights)]
            amount = round(chance.lognormvariate(10, chance.choice([0.3, 1.0])), 2)
            missing = chance.random() < 0.05
            member = None if chance.random() < 0.03 else chance.random() < share
            rows.append(Row(f"p{person}", values, None if missing else Fraction(str(amount)), member))
        header = ["id_client"] + [f"c{at}" for at in range(dimensions)] + ["revenus", "enfant"]
        return cls(
            header,
            rows,
            dimensions,
            chance.choice([3, 5, 11]),
            chance.random() < 0.85,
            chance.choice([None, "sum", "mean", "share", "quantile"]),
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
            for row in self.rows:
                amount = "" if row.amount is None else f"{float(row.amount):.2f}"
                member = "" if row.member is None else "oui" if row.member else "non"
                writer.writerow([row.person, *row.values, amount, member])
        lines = ["version = 1", 'index = ""', "[columns.id_client]", 'rule = "drop"', 'attribute = "identifying"']
        for at in range(self.dimensions):
            lines += [f"[columns.c{at}]", 'rule = "keep"', 'attribute = "quasi-identifying"', 'leftovers = "ignore"']
        lines += ["[columns.revenus]", 'rule = "drop"', 'attribute = "sensitive"']
        lines += ["[columns.enfant]", 'rule = "keep"', 'attribute = "quasi-identifying"']
        (folder / "rules.toml").write_text("\n".join(lines) + "\n")

    def cells(self):
        """Each cell with its persons and amounts, margins too where they are published."""
        found = defaultdict(list)
        for row in self.rows:
            choices = [(value, TOTAL) if self.totals else (value,) for value in row.values]
            for key in itertools.product(*choices):
                found[key].append(row)
        return found

    def later(self, chance):
        """The same people when some have gone and others come: few in most cells, many in some."""
        busy = {row.values[0] for row in self.rows if chance.random() < 0.002}
        stay = [row for row in self.rows if chance.random() > (0.3 if row.values[0] in busy else 0.01)]
        more = [chance.choice(self.rows)._replace(person=f"q{at}") for at in range(chance.choice([0, 2, 40, 200]))]
        new = Table(self.header, stay + more, self.dimensions, self.threshold, self.totals, self.stat, self.unit, self.round)
        return new


LEVELS = (Fraction(1, 4), Fraction(1, 2))
ROUNDING = 1000


def amounts_of(rows):
    return [row.amount for row in rows if row.amount is not None]


def with_it(rows):
    return sum(row.member is True for row in rows)


def without_it(rows):
    return sum(row.member is False for row in rows)


def ranks(count):
    return [math.ceil(level * count) for level in LEVELS]


def classes(rows):
    """Amounts rounded to the nearest multiple, halves upwards."""
    return sorted(math.floor(amount / ROUNDING + Fraction(1, 2)) * ROUNDING for amount in amounts_of(rows))


def run(program, folder, table, against=None):
    arguments = [
        str(program), "aggregate", "in.csv", "-r", "rules.toml", "-o", "t.csv", "--manifest", "m.json", "-q",
        "--by", ",".join(f"c{at}" for at in range(table.dimensions)),
        "--threshold", str(table.threshold),
    ]
    arguments += ["--totals"] if table.totals else []
    asked = {"share": "share:enfant=oui", "quantile": f"quantile:revenus:0.25,0.5:{ROUNDING}"}
    arguments += ["--stat", asked.get(table.stat, f"{table.stat}:revenus")] if table.stat else []
    arguments += ["--against", against] if against else []
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
    published, manifest = told(folder, table)
    cells = table.cells()
    wrong = recounted(table, published, cells, manifest, set())
    lines, count = Attack(table, published, cells, set()).run(chance)
    wrong += lines
    if chance.random() < 0.5:
        lines, more = examined_later(program, folder, table, published, cells, chance)
        wrong += [f"against the table before: {line}" for line in lines]
        count += more
    return wrong, count


def told(folder, table):
    published = {}
    with open(folder / "t.csv", newline="") as file:
        for row in csv.reader(itertools.islice(file, 1, None)):
            published[tuple(row[: table.dimensions])] = row[table.dimensions :]
    return published, json.loads((folder / "m.json").read_text())["figures"]


def examined_later(program, folder, table, before, cells_before, chance):
    (folder / "t.csv").replace(folder / "before.csv")
    later = table.later(chance)
    later.write(folder)
    done = run(program, folder, later, "before.csv")
    if done.returncode == 4:
        return [], 0
    if done.returncode != 0:
        return [f"status {done.returncode}: {done.stderr}"], 0
    published, manifest = told(folder, later)
    cells = later.cells()
    # What has to be suppressed beside what tells of too few.
    few = table.threshold + (table.round or 1) - 1
    others, wrong = set(), []
    for key, row in published.items():
        if key in before and key in cells:
            was = before[key]
            if was[-1] == "c":
                others.add(key)
            # A quantile of a margin that is told no more, since a cell of it is suppressed now, says nothing new.
            elif row[-1] != "c" and any(now and now != then for now, then in zip(row, was)) and abs(int(row[0]) - int(was[0])) < few:
                wrong.append(f"{key} has {row} and had {was}")
            elif row[-1] == "c" and 0 < abs(len(cells[key]) - len(cells_before[key])) < table.threshold and not table.round:
                others.add(key)
    wrong += [f"{key} was suppressed" for key in others if published[key][-1] != "c"]
    wrong += recounted(later, published, cells, manifest, others)
    lines, count = Attack(later, published, cells, others).run(chance)
    return wrong + lines, count


def is_unsafe(table, rows, inner=True):
    """The rules for a cell by itself, from their definitions."""
    if len(rows) < table.threshold:
        return True
    if not table.stat:
        return False
    if table.stat == "share":
        parts = with_it(rows), without_it(rows)
        return sum(parts) > 0 and min(parts) < table.threshold
    known = sorted(map(abs, amounts_of(rows)), reverse=True)
    if not known:
        return False
    if table.stat == "quantile":
        edges = [0, *ranks(len(known)), len(known) + 1]
        close = any(after - before - 1 < table.threshold for before, after in zip(edges, edges[1:]))
        return len(known) < table.threshold or inner and (close or len(set(classes(rows))) == 1)
    total = sum(known)
    return (
        len(known) < table.threshold
        or len(set(known)) == 1
        or known[0] * 100 > 85 * total
        or (total - sum(known[:2])) * 100 < 10 * known[0]
    )


def recounted(table, published, cells, manifest, others):
    wrong = []
    if set(published) != set(cells):
        wrong.append(f"{len(published)} cells are listed, {len(cells)} occur")
    suppressed = 0
    hidden = [key for key in cells if TOTAL not in key and published.get(key, [""])[-1] == "c"]
    mixed = {margin for key in hidden for margin in itertools.product(*[(value, TOTAL) for value in key])}
    for key, rows in cells.items():
        row = published.get(key, [])
        figures, status = row[:-1], row[-1:]
        if status == ["c"]:
            suppressed += 1
            if any(figures):
                wrong.append(f"a suppressed cell has a figure: {key}")
            continue
        if is_unsafe(table, rows, TOTAL not in key):
            wrong.append(f"an unsafe cell is published: {key}")
        count = len(rows)
        if table.round:
            count = (count + table.round // 2) // table.round * table.round
        expected = [str(count)]
        if table.stat == "quantile":
            known = classes(rows)
            is_told = known and key not in mixed
            expected += [str(known[rank - 1]) if is_told else "" for rank in ranks(len(known))]
        elif table.stat:
            known = amounts_of(rows)
            if table.stat == "share":
                known = [Fraction(100 * row.member) for row in rows if row.member is not None]
            figure = sum(known) * 100 if known else None
            if known and table.stat in ("mean", "share"):
                figure = math.floor(figure / len(known) + Fraction(1, 2))
            expected.append(f"{int(figure) // 100}.{int(figure) % 100:02}" if known else "")
        if figures != expected:
            wrong.append(f"{key} has {figures}, not {expected}")
    primary = sum(is_unsafe(table, rows, TOTAL not in key) for key, rows in cells.items())
    against = manifest.get("against", {"cells_kept": 0, "cells_changed": 0})
    together = against["cells_kept"] + against["cells_changed"] + manifest["cells_primary"] + manifest["cells_secondary"]
    told = (manifest["cells"], manifest["cells_primary"], together)
    if told != (len(cells), primary, suppressed):
        wrong.append(f"the manifest tells {told} of {(len(cells), primary, suppressed)}")
    if primary and manifest["least_width"] < table.threshold:
        wrong.append("the manifest tells a width below the threshold")
    return wrong


class System:
    """Tables that fit all published figures: one vector each, of numbers of persons (or amounts) by cell.

    Whether a cell can have enough values is shown in two ways. A table that fits is a witness: rounded, and held against
    every equation again, so two of them whose figures for a cell are far enough apart settle that cell, whoever found them.
    Some programs in which many cells are moved at once find most witnesses. What is left is solved for its
    exact ends, one program an end, and only these ends are ever a failure.
    """

    def __init__(self, matrix, right, low, truth, whole):
        import numpy

        self.matrix, self.right, self.low, self.truth, self.whole = matrix, right, low, truth, whole
        self.found = numpy.array([truth])
        self.solved = 0

    def limits(self):
        from scipy.optimize import LinearConstraint

        known, equal, least = self.matrix, *self.right
        return [LinearConstraint(known, equal, least)] if known.shape[0] else []

    def fits(self, table):
        """Whether a table fits: exactly for whole numbers, to a ten-thousandth of a cent's order for amounts."""
        slack = 0 if self.whole else 1e-6 * (1 + abs(self.truth).max())
        sums = self.matrix @ table
        return (
            (table >= self.low - slack).all() and (sums >= self.right[0] - slack).all() and (sums <= self.right[1] + slack).all()
        )

    def solve(self, cost, low, high, **options):
        import numpy
        from scipy.optimize import Bounds, milp

        self.solved += 1
        kinds = numpy.full(len(cost), int(self.whole))
        return milp(cost, constraints=self.limits(), bounds=Bounds(low, high), integrality=kinds, options=options)

    def look_for_witnesses(self, targets, reach, chance):
        """One table in which as many of these cells as possible are elsewhere."""
        import numpy

        insiders = sorted({at for target in targets for at in target.fixed})
        fixed = [at for at in insiders if chance.random() < 0.5]
        low, high = numpy.maximum(self.low, self.truth - reach), self.truth + reach
        low[fixed] = high[fixed] = self.truth[fixed]
        cost = numpy.zeros(len(self.truth))
        for target in targets:
            cost[target.cells] += chance.choice([-1, 1]) / len(target.cells)
        found = self.solve(cost, low, high, mip_rel_gap=0.1, time_limit=5)
        if found.x is not None:
            table = numpy.round(found.x) if self.whole else found.x
            if self.fits(table):
                self.found = numpy.vstack([self.found, table])

    def witnessed(self, target):
        tables = self.found
        if target.fixed:
            tables = tables[(abs(tables[:, target.fixed] - self.truth[target.fixed]) < 1e-9).all(axis=1)]
        figures = tables[:, target.cells].sum(axis=1)
        return figures.min() + target.beside, figures.max() + target.beside

    def ends(self, target):
        """The least and the greatest figure of a cell."""
        import numpy

        low, high = self.low.copy(), numpy.full(len(self.truth), numpy.inf)
        low[target.fixed] = high[target.fixed] = self.truth[target.fixed]
        cost = numpy.zeros(len(self.truth))
        cost[target.cells] = 1
        ends = []
        for sign in (1, -1):
            found = self.solve(sign * cost, low, high)
            if found.status == 3:
                ends.append(sign * -math.inf)
            elif found.status == 0:
                ends.append(sign * found.fun + float(target.beside))
            else:
                raise RuntimeError(f"HiGHS: {found.message}")
        return ends

    def unsettled(self, targets, reach, chance):
        """Cells that have too few values, each with its ends."""
        left = [target for target in targets if not target.is_wide(*self.witnessed(target))]
        for _ in range(WITNESSES):
            if not left:
                break
            self.look_for_witnesses(left, reach, chance)
            left = [target for target in left if not target.is_wide(*self.witnessed(target))]
        ends = [(target, *self.ends(target)) for target in left]
        return [(target, low, high) for target, low, high in ends if not target.is_wide(low, high)]

    def failures(self, targets, reach, chance):
        return [f"{target.what} is from {low} to {high}" for target, low, high in self.unsettled(targets, reach, chance)]


# Programs that look for tables which settle many cells at once, before those that are left are solved one by one.
WITNESSES = 12

# A cell that is attacked: the unknown numbers that make it up, what is known beside them, which other unknown numbers an
# insider knows, when its ends are far enough apart, and what it is called.
Target = namedtuple("Target", "cells beside fixed is_wide what")


class Attack:
    """All that is known of a table, as equations."""

    def __init__(self, table, published, cells, others):
        self.table, self.cells, self.others = table, cells, others
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
            amounts = [row for child in self.children[key] for row in self.cells[child]]
        return of(amounts)

    def system(self, layers, least, whole):
        """What the published figures say of these numbers of each cell, which are `least` at least. Of three, the second
        and the third are parts of the first."""
        import numpy
        from scipy.sparse import csr_matrix, vstack

        size, exact = len(self.unknown), float
        rows, columns, right = [], [], []
        for layer, of in enumerate(layers):
            for margin, keys in self.lines.items():
                rows += [len(right)] * len(keys)
                columns += [layer * size + self.column[key] for key in keys]
                known = sum(self.value(key, of) for key in self.children[margin] if key not in self.column)
                right.append(exact(self.value(margin, of) - known))
        matrix = csr_matrix((numpy.ones(len(rows)), (rows, columns)), (len(right), len(layers) * size))
        low, high = numpy.array(right), numpy.array(right)
        if len(layers) == 3:
            # Whoever is with it or without is a person.
            each = numpy.arange(size)
            parts = csr_matrix(
                (numpy.concatenate([numpy.ones(size), -numpy.ones(2 * size)]),
                 (numpy.tile(each, 3), numpy.concatenate([each, size + each, 2 * size + each]))), (size, 3 * size))
            matrix = vstack([matrix, parts]).tocsr()
            low = numpy.concatenate([low, numpy.zeros(size)])
            high = numpy.concatenate([high, numpy.full(size, numpy.inf)])
        truth = numpy.array([exact(self.value(key, of)) for of in layers for key in self.unknown])
        system = System(matrix, (low, high), numpy.repeat(numpy.array(least, float), size), truth, whole)
        if not system.fits(truth):
            raise RuntimeError("the true table does not fit what is published")
        return system

    def target(self, key, of, layer, is_wide, fixed=(), what=None):
        keys = [key] if key in self.column else self.children[key]
        offset = layer * len(self.unknown)
        return Target(
            [offset + self.column[key] for key in keys if key in self.column],
            float(sum(self.value(key, of) for key in keys if key not in self.column)),
            [self.column[key] for key in fixed],
            is_wide,
            f"{what or of.__name__} {float(of(self.cells[key])):g}" + (" for an insider" if fixed else ""),
        )

    def run(self, chance, most=40, insiders=3):
        table, wrong = self.table, []
        small = [key for key in self.secret if key in self.others or is_unsafe(table, self.cells[key], TOTAL not in key)]
        small.sort()
        chance.shuffle(small)
        small = small[:most]
        if not small:
            return [], 0
        singles = [key for key in self.unknown if len(self.cells[key]) == 1]
        is_wide = lambda low, high: high - low + 1 >= table.threshold - 1e-6
        reach = 2 * table.threshold
        targets = [self.target(key, len, 0, is_wide, what="a number of persons") for key in small]
        for key in small:
            for single in chance.sample(singles, min(insiders, len(singles))):
                inside = set(itertools.product(*[(value, TOTAL) for value in single]))
                if single == key or key in inside and len(self.cells[key]) == 1:
                    continue
                targets.append(self.target(key, len, 0, is_wide, [single], "a number of persons"))
        wrong += self.system([len], [1], True).failures(targets, reach, chance)
        if table.stat == "share" and table.totals:
            targets = [self.target(key, of, at, is_wide) for key in small for at, of in ((1, with_it), (2, without_it))]
            wrong += self.system([len, with_it, without_it], [1, 0, 0], True).failures(targets, reach, chance)
        if table.stat in ("sum", "mean") and table.totals:
            known = lambda rows: len(amounts_of(rows))
            targets = [self.target(key, known, 0, is_wide, what="a number of amounts") for key in small]
            wrong += self.system([known], [0], True).failures(targets, reach, chance)
            total = lambda rows: sum(amounts_of(rows))
            targets, most_of_all = [], 0.0
            for key in small:
                exact = float(total(self.cells[key]))
                largest = max(map(float, amounts_of(self.cells[key])), default=0.0)
                most_of_all = max(most_of_all, largest)
                is_far = lambda low, high, exact=exact, largest=largest: (
                    high - exact >= 0.1 * largest - 1e-3 and exact - low >= 0.1 * largest - 1e-3
                )
                what = f"its largest contribution {largest}, a sum of"
                targets.append(self.target(key, total, 0, is_far, what=what))
            wrong += self.system([total], [0], False).failures(targets, most_of_all, chance)
        return wrong, len(small)


def tiny(program, folder, chance):
    """A table so small that all tables which fit what is published can be written down: each primary cell has so many different
    values among them, with and without any insider's cell, and the programs' ends are theirs. Gives what is wrong, and how
    many cells were looked at."""
    sizes = chance.choice([(2, 2), (2, 3), (3, 3), (2, 2, 2)])
    people = chance.randint(8, 26)
    values = lambda: [f"v{min(chance.randrange(size), chance.randrange(size))}" for size in sizes]
    rows = [Row(f"p{person}", values(), None, None) for person in range(people)]
    header = ["id_client", *(f"c{at}" for at in range(len(sizes))), "revenus", "enfant"]
    table = Table(header, rows, len(sizes), chance.choice([3, 3, 4]), chance.random() < 0.85, None, False, None)
    table.write(folder)
    done = run(program, folder, table)
    if done.returncode == 4:
        return [], 0
    if done.returncode != 0:
        return [f"status {done.returncode}: {done.stderr}"], 0
    published, manifest = told(folder, table)
    cells = table.cells()
    wrong = recounted(table, published, cells, manifest, set())
    attack = Attack(table, published, cells, set())
    if not attack.unknown:
        return wrong, 0
    system = attack.system([len], [1], True)
    # Beyond that nothing else is bounded, and wide enough anyway.
    most = people + table.threshold
    fitting = list(all_that_fit(system, most))
    is_wide = lambda low, high: high - low + 1 >= table.threshold
    small = [key for key in attack.secret if is_unsafe(table, cells[key], TOTAL not in key)]
    singles = [key for key in attack.unknown if len(cells[key]) == 1]
    for key in small:
        for fixed in ([], *([single] for single in singles)):
            inside = {margin for single in fixed for margin in itertools.product(*[(value, TOTAL) for value in single])}
            if key in inside and len(cells[key]) == 1:
                continue
            target = attack.target(key, len, 0, is_wide, fixed, "a number of persons")
            tables = [one for one in fitting if all(one[at] == system.truth[at] for at in target.fixed)]
            figures = {sum(one[at] for at in target.cells) + target.beside for one in tables}
            if len(figures) < table.threshold:
                wrong.append(f"{target.what} has {len(figures)} values only: {sorted(figures)}")
            low, high = system.ends(target)
            if low != min(figures) or high != max(figures) and high < most:
                wrong.append(f"{target.what}: HiGHS has {low} to {high}, all tables {min(figures)} to {max(figures)}")
    return wrong, len(small)


def all_that_fit(system, most):
    """All tables of whole numbers from 1 to `most` that fit the equations."""
    matrix = system.matrix.toarray() if system.matrix.shape[0] else []
    lines = [([at for at, part in enumerate(line) if part], int(right)) for line, right in zip(matrix, system.right[0])]
    of_cell = [[number for number, (parts, _) in enumerate(lines) if at in parts] for at in range(len(system.truth))]
    left = [right for _, right in lines]
    # How many cells of each line are still to come: each of them has one person at least.
    to_come = [len(parts) for parts, _ in lines]
    table = []

    def place(at):
        if at == len(of_cell):
            yield tuple(table)
            return
        own = of_cell[at]
        high = min([most, *(left[number] - to_come[number] + 1 for number in own)])
        low = max([1, *(left[number] for number in own if to_come[number] == 1)])
        for value in range(low, high + 1):
            for number in own:
                left[number] -= value
                to_come[number] -= 1
            table.append(value)
            yield from place(at + 1)
            table.pop()
            for number in own:
                left[number] += value
                to_come[number] += 1

    return place(0)


def trial(program, folder, people, cells, chance):
    """The table that naive suppression gave away: 81 départements, 25 courses of study, 2 sexes."""
    sizes = [81, 25, 2]
    weights = [[1 / (rank + 1) ** skew for rank in range(size)] for size, skew in zip(sizes, [0.7, 0.9, 0.2])]
    rows = [
        Row(f"p{person}", [f"v{chance.choices(range(size), weight)[0]}" for size, weight in zip(sizes, weights)], None, None)
        for person in range(people)
    ]
    header = ["id_client", "c0", "c1", "c2", "revenus", "enfant"]
    table = Table(header, rows, 3, 11, True, None, False, None)
    table.write(folder)
    begin = time.monotonic()
    done = run(program, folder, table)
    seconds = time.monotonic() - begin
    if done.returncode != 0:
        print(f"trial: status {done.returncode}: {done.stderr}")
        return 1
    published, manifest = told(folder, table)
    counted = table.cells()
    wrong = recounted(table, published, counted, manifest, set())
    attack = Attack(table, published, counted, set())
    small = [key for key in attack.secret if len(counted[key]) < table.threshold]
    chance.shuffle(small)
    chosen = small[:cells]
    # Whole numbers, which is more than the founding trial's attacker did, who solved the relaxed program.
    is_wide = lambda low, high: high >= table.threshold - 1e-6 and high - low + 1 >= table.threshold - 1e-6
    targets = [attack.target(key, len, 0, is_wide) for key in chosen]
    begin = time.monotonic()
    found = attack.system([len], [1], True).unsettled(targets, 2 * table.threshold, chance)
    attacked = time.monotonic() - begin
    exact = sum(high - low < 0.5 for _, low, high in found)
    below = sum(high < table.threshold - 1e-6 for _, low, high in found)
    narrow = sum(high - low + 1 < table.threshold - 1e-6 for _, low, high in found)
    print(
        f"trial: {people} rows, {manifest['cells']} cells with margins, {manifest['cells_primary']} primary, "
        f"{manifest['cells_secondary']} secondary, {seconds:.2f} s in all; {len(chosen)} attacked in {attacked:.0f} s: {exact} "
        f"worked out, {below} known to be below the threshold, {narrow} with fewer than {table.threshold} values"
    )
    for line in wrong:
        print(f"trial: {line}")
    return len(wrong) + exact + below + narrow


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=lambda path: Path(path).resolve(), help="the program; default: build it")
    parser.add_argument("--tables", type=int, default=1000, help="random tables (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the random tables (default: %(default)s)")
    parser.add_argument("--tiny", type=int, default=200, help="tables of which all that fit are written down (default: %(default)s)")
    parser.add_argument("--trial", type=int, default=100_000, help="rows of the founding trial, 0 for none (default: %(default)s)")
    parser.add_argument("--cells", type=int, default=400, help="of it that are attacked (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
