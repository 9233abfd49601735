#!/usr/bin/env python3
"""Compare what `crm-anon aggregate` suppresses, and how long that takes, with other ways to the same end.

Why: suppression that is safe may still hide far more than it has to. Compared on the table of the founding trial (100 000 rows
by département, course of study and sex, all totals published):

* secondary cells with those of a linear-programming heuristic, solved with HiGHS: one primary cell after the other, the cheapest
  flow of persons through the table's cells that lets the cell have `threshold` values, where cells that are suppressed already cost
  nothing; each cell of a flow is suppressed. Then what no cell needs is told again, as far as the same program says so.
  A cell that the flows of others have moved far enough, up and down together, needs none of its own.
  It protects from whoever knows the published figures alone, and not from an insider, whom the program has in mind too;
* primary cells with those of `acro` (where it is installed), by the same threshold, dominance and p % rules, on random tables;
* the time of a table of 10 000 cells, which is told and not judged.

Usage: tests/privacy/aggregate_compare.py [--binary PROGRAM] [--rows N] [--seed N] [--only COMPARISON]...
Needs: Python 3.9 or later with scipy and highspy; `acro` if it is to be compared; cargo, where no program is given.
Exit status: 0 all holds, 1 if not.
"""

import argparse
import logging
import random
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from fractions import Fraction
from pathlib import Path

from aggregate_check import TOTAL, Row, Table, run, told
from program import built

# How many times as many secondary cells as the heuristic's there may be.
LIMIT = 1.3


def main() -> int:
    options = parse_options()
    program = options.binary or built()
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        for compare in (secondary, primary, speed):
            if options.only and compare.__name__ not in options.only:
                continue
            failures += compare(program, Path(folder), options, random.Random(options.seed))
    for line in failures:
        print(line)
    return 1 if failures else 0


def drawn(sizes, skews, people, chance, threshold):
    weights = [[1 / (rank + 1) ** skew for rank in range(size)] for size, skew in zip(sizes, skews)]
    rows = [
        Row(f"p{person}", [f"v{chance.choices(range(size), weight)[0]}" for size, weight in zip(sizes, weights)], None, None)
        for person in range(people)
    ]
    header = ["id_client", *(f"c{at}" for at in range(len(sizes))), "revenus", "enfant"]
    return Table(header, rows, len(sizes), threshold, True, None, False, None)


def secondary(program, folder, options, chance):
    table = drawn([81, 25, 2], [0.7, 0.9, 0.2], options.rows, chance, 11)
    table.write(folder)
    begin = time.monotonic()
    done = run(program, folder, table)
    seconds = time.monotonic() - begin
    if done.returncode != 0:
        return [f"status {done.returncode}: {done.stderr}"]
    published, manifest = told(folder, table)
    counts = {key: len(rows) for key, rows in table.cells().items()}
    small = {key for key, count in counts.items() if count < table.threshold}
    own = {key for key, row in published.items() if row[-1] == "c"} - small
    begin = time.process_time()
    heuristic = Heuristic(counts, table.threshold)
    other = heuristic.suppressed() - small
    print(
        f"secondary: {len(counts)} cells with margins, {len(small)} primary; crm-anon {len(own)} more ({sum(counts[key] for key in own)} "
        f"persons) in {seconds:.2f} s, the heuristic {len(other)} more ({sum(counts[key] for key in other)} persons) in "
        f"{time.process_time() - begin:.0f} s of processors and {sum(heuristic.solved)} programs: {len(own) / max(len(other), 1):.2f} times as many cells",
        flush=True,
    )
    if len(own) > LIMIT * len(other):
        return [f"secondary: {len(own)} cells, more than {LIMIT} times {len(other)}"]
    return []


class Heuristic:
    """The linear-programming heuristic, made incremental so that it ends in minutes.

    Primary cells come in order of size. One that earlier flows have moved far enough needs none. Else a program over the suppressed
    cells alone is asked, which cost nothing; only where that has no answer, one over all cells. Both are changed from cell to cell
    and start from their last basis.
    """

    def __init__(self, counts, threshold):
        self.counts, self.need = counts, threshold - 1
        self.keys = list(counts)
        self.column = {key: at for at, key in enumerate(self.keys)}
        self.values = [sorted({own[at] for own in self.keys} - {TOTAL}) for at in range(len(self.keys[0]))]
        self.primary = {key for key in self.keys if counts[key] < threshold}
        self.solved = [0, 0]

    def model(self, costs, free):
        """A program in which the cells of `free` may have more persons, and fewer, of whom one stays."""
        import highspy
        import numpy

        model = highspy.Highs()
        model.setOptionValue("output_flag", False)
        model.setOptionValue("presolve", "off")
        size = len(self.keys)
        for key in self.keys:
            model.addVar(0.0, self.high(key, 0) if key in free else 0.0)
        for key in self.keys:
            model.addVar(0.0, self.high(key, 1) if key in free else 0.0)
        for key in self.keys:
            for at in (self.column[key], size + self.column[key]):
                model.changeColCost(at, costs.get(key, 0.0))
        # Each margin is the sum of the cells along one of its dimensions.
        for key in self.keys:
            for dimension, value in enumerate(key):
                if value != TOTAL:
                    continue
                parts = [self.column[part] for part in self.along(key, dimension)]
                columns = [*parts, *(size + part for part in parts), self.column[key], size + self.column[key]]
                signs = [1.0] * len(parts) + [-1.0] * len(parts) + [-1.0, 1.0]
                model.addRow(0.0, 0.0, len(columns), numpy.array(columns), numpy.array(signs))
        return model

    def high(self, key, sign):
        return 1e6 if sign == 0 else float(self.counts[key] - 1)

    def along(self, key, dimension):
        parts = (key[:dimension] + (value,) + key[dimension + 1 :] for value in self.values[dimension])
        return [part for part in parts if part in self.column]

    def free(self, model, key):
        for sign, at in enumerate((self.column[key], len(self.keys) + self.column[key])):
            model.changeColBounds(at, 0.0, self.high(key, sign))

    def flow(self, model, target):
        """How many persons more or fewer each cell has in the cheapest flow that moves a cell far enough; nothing if none does."""
        size, at = len(self.keys), self.column[target]
        model.changeColBounds(at, float(self.need), float(self.need))
        model.changeColBounds(size + at, 0.0, 0.0)
        model.run()
        optimal = model.modelStatusToString(model.getModelStatus()) == "Optimal"
        values = list(model.getSolution().col_value) if optimal else []
        self.free(model, target)
        if not optimal:
            return None
        moved = {key: values[number] - values[size + number] for number, key in enumerate(self.keys)}
        return {key: by for key, by in moved.items() if abs(by) > 1e-7}

    def protects(self, targets, flows, reach):
        """Gives each of the cells that needs one its flow, as `flows` finds it, and tells the cells of all these."""
        used = set()
        for target in targets:
            up, down = reach.get(target, (0.0, 0.0))
            if up + down >= self.need - 1e-6:
                continue
            for key, by in (flows(target) or {}).items():
                used.add(key)
                up, down = reach.get(key, (0.0, 0.0))
                reach[key] = max(up, by), max(down, -by)
        return used

    def suppressed(self):
        # Suppressing a crowd costs more, yet not as much more as it is larger.
        costs = {key: 1.0 + self.counts[key] ** 0.5 for key in self.keys if key not in self.primary}
        hidden = set(self.primary)
        within, whole = self.model({}, hidden), self.model(costs, set(self.keys))

        def cheapest(target):
            self.solved[0] += 1
            found = self.flow(within, target)
            if found is None:
                self.solved[1] += 1
                found = self.flow(whole, target)
                for key in set(found or ()) - hidden:
                    hidden.add(key)
                    self.free(within, key)
                    for at in (self.column[key], len(self.keys) + self.column[key]):
                        whole.changeColCost(at, 0.0)
            return found

        targets = sorted(self.primary, key=lambda key: (self.counts[key], key))
        self.protects(targets, cheapest, {})
        # Once more, now that all of them are there: what no cheapest flow uses is told.
        needed = set(self.primary)
        again = self.model({key: costs[key] for key in hidden - needed}, hidden)

        def needing_least(target):
            self.solved[0] += 1
            found = self.flow(again, target)
            for key in set(found or ()) - needed:
                needed.add(key)
                for at in (self.column[key], len(self.keys) + self.column[key]):
                    again.changeColCost(at, 0.0)
            return found

        self.protects(targets, needing_least, {})
        return needed


def primary(program, folder, options, chance):
    """The rules for a cell by itself, as acro applies them with its defaults: 10 persons, the two largest less than 90 % of a
    sum, and the p % rule at 10 %."""
    try:
        import acro
        import pandas
    except ImportError:
        print("primary: acro is not installed")
        return []
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    checks = acro.ACRO(suppress=True)
    failures, compared, unsafe, crowds = [], 0, 0, 0
    for number in range(options.tables):
        sizes = [chance.randint(2, 6), chance.randint(2, 6)]
        table = drawn(sizes, [chance.uniform(0.3, 1.5), 0.7], chance.choice([150, 300, 900]), chance, 10)
        # A few have very much, so that they make up most of a sum.
        amount = lambda: round(chance.lognormvariate(8, 0.6) * (300 if chance.random() < 0.03 else 1), 2)
        table.rows = [row._replace(amount=Fraction(str(amount()))) for row in table.rows]
        table.write(folder)
        command = [str(program), "aggregate", "in.csv", "-r", "rules.toml", "--by", "c0,c1", "--stat", "sum:revenus", "-q", "-o", "t.csv"]
        command += ["--threshold", "10", "--dominance", "2:90", "--p-percent", "10", "--manifest", "m.json"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode == 4:
            continue
        if done.returncode != 0:
            return [f"primary: status {done.returncode}: {done.stderr}"]
        published, manifest = told(folder, table)
        frame = pandas.DataFrame([(*row.values, float(row.amount)) for row in table.rows], columns=["a", "b", "x"])
        shown = checks.crosstab(frame.a, frame.b, values=frame.x, aggfunc="sum")
        flagged = {key for key in published if pandas.isna(shown.loc[key[0], key[1]])}
        compared += len(published)
        unsafe += len(flagged)
        crowds += sum(len(rows) >= 10 for key, rows in table.cells().items() if key in flagged)
        if manifest["cells_primary"] != len(flagged):
            failures.append(f"primary, table {number}: {manifest['cells_primary']} cells, acro flags {len(flagged)}")
        failures += [f"primary, table {number}: acro flags {key}, which is published" for key in flagged if published[key][-1] != "c"]
    print(
        f"primary: {compared} cells compared with acro's, which finds {unsafe} unsafe, {crowds} of them of 10 persons and more: "
        f"{len(failures)} differences",
        flush=True,
    )
    return failures


def speed(program, folder, options, chance):
    """A table of some 10 000 cells, margins included: the whole run, in time of the processor, as the machine may be busy."""
    table = drawn([70, 45, 2], [0.6, 0.6, 0.2], options.rows, chance, 11)
    table.write(folder)
    seconds, cells = [], 0
    for _ in range(5):
        before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = run(program, folder, table)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - begin))
        if done.returncode != 0:
            return [f"speed: status {done.returncode}: {done.stderr}"]
        cells = told(folder, table)[1]["cells"]
    own, wall = min(seconds)
    print(f"speed: {options.rows} rows, {cells} cells with margins: {own:.2f} s of processors ({wall:.2f} s by the clock)", flush=True)
    return []


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=lambda path: Path(path).resolve(), help="the program; default: build it")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the table (default: %(default)s)")
    parser.add_argument("--tables", type=int, default=60, help="random tables that are compared with acro (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", help="a comparison, by its name (default: all)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
