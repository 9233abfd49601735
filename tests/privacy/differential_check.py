#!/usr/bin/env python3
"""Hold the noise of `crm-anon aggregate --epsilon` against other implementations, and audit what it hides.

Why: a mistake in a private mechanism shows in no single output. Here the program is run as anybody runs it, on tables of
so many cells that each run gives thousands of draws, and it is compared with what this script works out itself:

* half-widths equal OpenDP's for one draw (where `opendp` is installed; else the textbook formula), and for totals those of
  probabilities that are added up one by one;
* the figures of empty cells have the discrete Laplace distribution (chi-squared);
* a privacy audit: on two inputs that differ by one person in each cell, the probabilities of events are estimated, and with
  them a lower bound of epsilon (with intervals that hold together in all but one of ten thousand cases). It must not be
  above the epsilon that was asked for, and not far below it either, or the audit sees nothing. Counts, sums with an
  amount far beyond its bound, the count and the centred sum behind a mean, and persons with more rows than count;
* errors of counts and means are no larger than those of the usual ways with OpenDP's noise, nor than those of PipelineDP
  and Tumult Analytics on the same task (where they are installed);
* what tables come to in the ledger is never below what dp-accounting composes (where it is installed), and by zCDP it is what the
  formula says;
* cells that come from the data: a cell in which one person is alone is told no more often than delta allows, which is seen at
  a delta that is large enough to see it;
* the same audit finds faults that are planted in a mechanism of the script's own: a sensitivity that is off by two, and
  amounts that are not moved to their bounds;
* runs are killed (SIGKILL) at many moments: the ledger never says less than was spent.

Usage: tests/privacy/differential_check.py [--binary PROGRAM] [--cells N] [--runs N] [--kills N] [--seed N]
       [--only CHECK]... [--tumult PYTHON]
Needs: Python 3.9 or later; `opendp`, `pipeline-dp` and `dp-accounting` if they are to be compared; a Python with
`tmlt.analytics` (and Java, which its Spark needs) for --tumult; cargo, where no program is given.
Exit status: 0 all holds, 1 if not.
"""

import argparse
import bisect
import csv
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path

from program import built


# Two-sided intervals of this many deviations fail once in 20 million cases; some hundred are compared.
DEVIATIONS = 5.2


def main() -> int:
    options = parse_options()
    program = options.binary or built()
    chance = random.Random(options.seed)
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        work = Work(program, Path(folder))
        for check in (half_widths, distribution, audits, planted, composition, alone, accuracy, kills):
            if options.only and check.__name__ not in options.only:
                continue
            started = time.monotonic()
            found = check(work, options, chance)
            failures += found
            print(f"{check.__name__}: {len(found)} failures, {time.monotonic() - started:.0f} s", flush=True)
    for line in failures:
        print(line)
    return 1 if failures else 0


class Work:
    """Runs the program on a table with a column of many brackets."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def rules(self, keys, bounds="[0, 100]", more=""):
        (self.folder / "rules.toml").write_text(
            f"""version = 1
index = ""
[differential_privacy]
keys.place = {keys}
bounds.amount = {bounds}
{more}
[columns.id]
rule = "drop"
attribute = "identifying"
[columns.value]
rule = {{ bucket = {{ width = 1 }} }}
as = "place"
[columns.amount]
rule = "drop"
attribute = "sensitive"
"""
        )

    def write(self, rows):
        with open(self.folder / "in.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "value", "amount"])
            writer.writerows(rows)

    def command(self, epsilon, *stats, totals=False, output="-"):
        command = [self.program, "aggregate", "in.csv", "-r", "rules.toml", "--by", "place", "--unit", "id", "-qq"]
        command += ["--epsilon", str(epsilon), "--journal", "journal", "-o", output]
        for stat in stats:
            command += ["--stat", stat]
        return command + (["--totals"] if totals else [])

    def run(self, epsilon, *stats, totals=False):
        """The rows of the table, by name."""
        # Each run verifies the whole ledger.
        (self.folder / "journal").unlink(missing_ok=True)
        command = self.command(epsilon, *stats, totals=totals)
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"the program ended with {done.returncode}: {done.stderr}")
        return list(csv.DictReader(done.stdout.splitlines()))


def brackets(cells):
    return f"{{ from = 0, to = {cells}, width = 1 }}"


def half_widths(work, options, chance):
    """Half-widths of one draw and of sums."""
    try:
        import opendp.prelude as dp

        accuracy = dp.discrete_laplacian_scale_to_accuracy
        print("half-widths of one draw: compared with OpenDP's")
    except ImportError:
        accuracy = None
        print("half-widths of one draw: OpenDP is not installed, compared with the formula")
    failures = []
    work.write([("a", 0, 5)])
    for _ in range(6):
        cells = chance.choice([2, 3, 5, 11])
        epsilon = Fraction(chance.randint(20, 3000), 1000)
        limit = chance.choice([1, 2])
        work.rules(brackets(cells), more=f"max_cells = {limit}")
        rows = work.run(float(epsilon), "count", totals=True)
        scale = float(limit / epsilon)
        if accuracy:
            # OpenDP's is the least real a with P(|X| >= a) = 0.05.
            expected = math.ceil(accuracy(scale, 0.05) - 1e-9) - 1
        else:
            expected = exact_width(scale, 1)
        for row in rows:
            draws = cells if row["place"] == "Total" else 1
            wanted = expected if draws == 1 else exact_width(scale, draws)
            if int(row["n_95"]) != wanted:
                failures.append(f"scale {scale}, {draws} draws: half-width {row['n_95']}, expected {wanted}")
        # A sum of cents, of a scale of millions.
        row = work.run(float(epsilon), "sum:amount")[0]
        scale *= 10_000
        expected = accuracy(scale, 0.05) - 1 if accuracy else scale * math.log(2 / (0.05 * (math.exp(1 / scale) + 1)))
        told = int(Fraction(row["sum_amount_95"]) * 100)
        if not expected - 1e-6 <= told <= expected + 1 + 1e-6 * expected:
            failures.append(f"scale {scale}: half-width {told} cents, expected {expected}")
    return failures


def exact_width(scale, draws):
    """From the probabilities of each sum, added up."""
    ratio = math.exp(-1 / scale)
    # The sum of n draws is the difference of two sums of n geometric numbers.
    length = math.ceil(scale * (24 + 3 * draws)) + 3
    negative_binomial = [(1 - ratio) ** draws]
    for at in range(1, length):
        negative_binomial.append(negative_binomial[-1] * ratio * (at + draws - 1) / at)
    within, width = 0.0, -1
    while within < 0.95:
        width += 1
        both = sum(a * b for a, b in zip(negative_binomial, negative_binomial[width:]))
        within += both if width == 0 else 2 * both
    return width


def distribution(work, options, chance):
    """Chi-squared of the figures of empty cells, at scales from a third to a hundred."""
    failures = []
    for epsilon, limit in ((3, 1), (1, 1), (2, 3), (0.2, 1), (0.05, 2), (0.01, 1)):
        work.rules(brackets(options.cells), more=f"max_cells = {limit}")
        work.write([("a", -1, 5)])
        drawn = Counter(int(row["n"]) for row in work.run(epsilon, "count"))
        total = sum(drawn.values())
        ratio = math.exp(-epsilon / limit)
        likely = lambda at: (1 - ratio) / (1 + ratio) * ratio ** abs(at)
        chi, bins, rest, rest_drawn = 0.0, 0, 1.0, total
        for at in sorted(drawn, key=abs):
            if likely(at) * total < 10:
                continue
            chi += (drawn[at] - likely(at) * total) ** 2 / (likely(at) * total)
            bins, rest, rest_drawn = bins + 1, rest - likely(at), rest_drawn - drawn[at]
        if rest * total > 10:
            chi += (rest_drawn - rest * total) ** 2 / (rest * total)
            bins += 1
        print(f"  scale {limit / epsilon:g}: chi-squared {chi:.0f} of {bins} bins over {total} draws")
        if bins < 5 or chi > bins + 5 * math.sqrt(2 * bins) + 10:
            failures.append(f"epsilon {epsilon}: chi-squared {chi:.0f} of {bins} bins over {total} draws")
    return failures


def audits(work, options, chance):
    """Lower bounds of epsilon from the program's own outputs."""
    cells, failures = options.cells, []
    person = lambda cell, at: f"p{cell}_{at}"
    three = [(person(cell, at), cell, 50) for cell in range(cells) for at in range(3)]
    # Each cell has one person more, with an amount far beyond the bounds and more rows than count.
    more = [(person(cell, 3), cell, 10**9) for cell in range(cells) for _ in range(3)]
    number = lambda row, name: int(Fraction(row[name]) * 100) if "." in row[name] else int(row[name])
    for name, epsilon, stats, column in (
        ("counts", 1.0, ["count"], "n"),
        ("counts at 0.3", 0.3, ["count"], "n"),
        ("sums", 1.0, ["sum:amount"], "sum_amount"),
        ("counts of values", 1.0, ["mean:amount"], "n_amount"),
        ("means", 1.0, ["mean:amount"], "mean_amount"),
    ):
        work.rules(brackets(cells))
        outputs = []
        for rows in (three, three + more):
            work.write(rows)
            drawn = []
            for _ in range(options.runs):
                told = work.run(epsilon, *stats)
                # A mean of no values by the noisy count is an output too.
                drawn += [number(row, column) if row[column] else -(10**18) for row in told]
            outputs.append(drawn)
        bound = lower_bound(*outputs)
        print(f"  {name}: epsilon {epsilon}, at least {bound:.3f} from {len(outputs[0])} draws each")
        # A mean has half of it in the count and half in the sum.
        # From few draws the audit learns less.
        part = {"counts of values": 1 / 2, "means": 1 / 2}.get(name, 1)
        least = (0.6 if len(outputs[0]) >= 100_000 else 0.3) * part
        if not least * epsilon <= bound <= epsilon:
            failures.append(f"{name}: the lower bound {bound:.3f} is not from {least * epsilon:.2f} to {epsilon}")
    return failures


def planted(work, options, chance):
    """The audit finds faults of a mechanism that has them."""
    draws, failures = max(20_000, options.cells * options.runs), []
    noise = lambda scale: geometric(chance, scale) - geometric(chance, scale)
    clamped = lambda amount: min(max(amount, 0), 100)
    honest = lambda amounts, epsilon: sum(map(clamped, amounts)) + noise(100 / epsilon)
    halved = lambda amounts, epsilon: sum(map(clamped, amounts)) + noise(100 / 2 / epsilon)
    free = lambda amounts, epsilon: sum(amounts) + noise(100 / epsilon)
    for name, mechanism, is_fault in (
        ("no fault", honest, False),
        ("a sensitivity off by two", halved, True),
        ("no clamping", free, True),
    ):
        one = [mechanism([50, 20], 1.0) for _ in range(draws)]
        other = [mechanism([50, 20, 300], 1.0) for _ in range(draws)]
        bound = lower_bound(one, other)
        print(f"  {name}: at least {bound:.3f} for an epsilon of 1")
        if (bound > 1.0) != is_fault:
            failures.append(f"planted, {name}: the lower bound is {bound:.3f}")
    return failures


def geometric(chance, scale):
    return math.floor(math.log(1.0 - chance.random()) * -scale)


def lower_bound(one, other):
    """How much the probabilities of an event differ at least, over events of the kind "no more than t"."""
    values = sorted(set(one) | set(other))
    steps = values if len(values) <= 60 else [values[len(values) * at // 60] for at in range(60)]
    best = 0.0
    for left, right in ((sorted(one), sorted(other)), (sorted(other), sorted(one))):
        for step in steps:
            for low in (True, False):
                p, q = (share(drawn, step, low) for drawn in (left, right))
                best = max(best, math.log(max(interval(p, len(left))[0], 1e-12) / interval(q, len(right))[1]))
    return best


def share(drawn, step, low):
    at = bisect.bisect_right(drawn, step)
    return (at if low else len(drawn) - at) / len(drawn)


def interval(share_of, count):
    """Wilson's."""
    square = DEVIATIONS**2
    middle = (share_of + square / (2 * count)) / (1 + square / count)
    root = math.sqrt(share_of * (1 - share_of) / count + square / (4 * count**2))
    reach = DEVIATIONS * root / (1 + square / count)
    return middle - reach, middle + reach


def composition(work, options, chance):
    """What the program says is spent, beside dp-accounting's tightest composition of the same mechanisms: by sums, and by zCDP where the
    budget has a delta."""
    failures = []
    work.write([("a", 0, 5)])
    small = ["0.1"] * 60 + ["0.05"] * 40
    for tables, budget in (
        (["1", "0.5"], None), (["0.1"] * 12, None), (["0.3"] * 6, None), (["2", "2", "2"], None),
        (["1", "0.5"], "0.00001"), (["0.1"] * 60, "0.0001"), (["0.02"] * 100, "0.001"), (small, "0.00001"),
    ):
        for delta in ("", "0.000001" if budget is None else "0.00000008"):
            keys = '"threshold"' if delta else brackets(3)
            more = [f'delta = "{delta}"'] if delta else []
            more += [f'budget = {{ epsilon = "9", delta = "{budget}" }}'] if budget else []
            work.rules(keys, more="\n".join(more))
            (work.folder / "journal").unlink(missing_ok=True)
            for epsilon in tables:
                command = [*work.command(epsilon, "count", output="t.csv"), "--manifest", "m.json"]
                subprocess.run(command, cwd=work.folder, check=True)
            spent = json.loads((work.folder / "m.json").read_text())["differential_privacy"]["spent"]
            failures += composed(tables, Fraction(delta or 0), budget, spent)
    return failures


def composed(tables, delta, budget, spent):
    """What is wrong with what is told of these tables, each with such a delta, of a budget with one or none."""
    failures, case = [], f"{len(tables)} tables of {tables[0]} … {tables[-1]} with delta {float(delta):g} of {budget}"
    told, total = Fraction(spent["lifetime"]), sum(map(Fraction, tables))
    told_delta = Fraction(spent.get("delta", {"lifetime": 0})["lifetime"])
    if told_delta != len(tables) * delta:
        failures.append(f"{case}: a delta of {told_delta} is told")
    allowed, expected = told_delta, total
    if budget:
        kept = Fraction(budget) / 10
        allowed += kept
        both = spent["composition"]["lifetime"]
        rho = float(sum(Fraction(epsilon) ** 2 for epsilon in tables)) / 2
        zcdp = rho + 2 * math.sqrt(rho * math.log(1 / kept))
        if Fraction(both["sum"]) != total or Fraction(spent["composition"]["kept_delta"]) != kept:
            failures.append(f"{case}: {spent} is told")
        # Never less than the formula, and no more than rounding makes it.
        if not -1e-12 <= float(both["zcdp"]) - zcdp <= 1e-8:
            failures.append(f"{case}: {both['zcdp']} is told by zCDP, the formula says {zcdp}")
        expected = min(total, Fraction(both["zcdp"]))
    if told != expected:
        failures.append(f"{case}: {told} is told, and not {expected}")
    tight = tightest(tables, float(delta), float(allowed))
    if tight is not None:
        print(f"  {case}: {float(told):g} told (sum {float(total):g}), dp-accounting composes to {tight:.4f}")
        if tight > told + Fraction(1, 10**6):
            failures.append(f"{case}: {float(told)} is told, dp-accounting composes to {tight}")
    return failures


def tightest(tables, delta, allowed):
    """The least epsilon, at the delta that is allowed, of these discrete Laplace mechanisms together, each with such a delta of its own."""
    try:
        from dp_accounting.pld import privacy_loss_distribution as pld
    except ImportError:
        print("  dp-accounting is not installed")
        return None
    all_of_them = None
    for epsilon in sorted(set(tables)):
        one = pld.from_discrete_laplace_mechanism(float(epsilon), value_discretization_interval=1e-4)
        if delta:
            # What happens with that probability hides nothing.
            one = one.compose(pld.from_privacy_parameters(pld.common.DifferentialPrivacyParameters(0, delta)))
        # Composing many at once cuts off tails, which no epsilon covers where no delta is allowed.
        count = tables.count(epsilon)
        for one in [one.self_compose(count)] if allowed else [one] * count:
            all_of_them = one if all_of_them is None else all_of_them.compose(one)
    return all_of_them.get_epsilon_for_delta(allowed)


def alone(work, options, chance):
    """Cells of one person each, found in the data: how many of them are told, at a delta of a hundredth."""
    failures, cells = [], options.cells
    work.write([(f"p{at}", at, 5) for at in range(cells)])
    for epsilon, limit in ((1, 1), (0.3, 1), (2, 4)):
        work.rules('"threshold"', more=f'delta = "0.01"\nmax_cells = {limit}')
        told = [row for _ in range(options.runs) for row in work.run(epsilon, "count")]
        draws = cells * options.runs
        low, high = interval(len(told) / draws, draws)
        # A person is in so many cells at most, so one cell has a part of delta.
        most = 0.01 / limit
        print(f"  epsilon {epsilon}, {limit} cells: {len(told)} of {draws} told, {len(told) / draws:.6f} where {most} is allowed")
        if low > most:
            failures.append(f"{len(told)} of {draws} cells of one person are told, where {most} is allowed")
        # And not far fewer: the threshold is no larger than it has to be.
        if draws >= 20_000 and high < most * math.exp(-2 * epsilon / limit):
            failures.append(f"only {len(told)} of {draws} cells of one person are told")
    return failures


def accuracy(work, options, chance):
    """The count and the mean income by département of 50 000 people in 96 of them, at an epsilon of 1: beside the usual way with
    OpenDP's noise (half of epsilon for the count and half for the clamped sum, or for the sum about the middle), PipelineDP and
    Tumult Analytics, where they are there."""
    weights = [1 / (rank + 3) ** 0.7 for rank in range(96)]
    sizes = [round(50_000 * weight / sum(weights)) for weight in weights]
    rows, means = [], []
    for place, size in enumerate(sizes):
        incomes = [min(round(chance.lognormvariate(10.3, 0.5)), 100_000) for _ in range(size)]
        means.append(sum(incomes) / size)
        rows += [(f"p{place}_{at}", place, income) for at, income in enumerate(incomes)]
    work.rules(brackets(len(sizes)), bounds="[0, 100_000]")
    work.write(rows)
    noise = laplace_of_opendp(chance)
    errors = {name: ([], []) for name in ("crm-anon", "sum over count", "centred sum over count")}

    def note(name, place, count, mean):
        counts, incomes = errors.setdefault(name, ([], []))
        counts.append(abs(count - sizes[place]))
        incomes.append(abs(mean - means[place]))

    # Of 2 880 errors each the medians are off by so much by chance once in a million times.
    for _ in range(30):
        for place, row in enumerate(work.run(1, "mean:amount")):
            note("crm-anon", place, int(row["n_amount"]), float(row["mean_amount"]))
        for place, size in enumerate(sizes):
            count = size + noise(2)
            for name, middle in (("sum over count", 0), ("centred sum over count", 50_000)):
                mean = middle + (size * (means[place] - middle) + noise((100_000 - middle) * 2)) / max(count, 1)
                note(name, place, count, mean)
    failures = []
    for name, told in (("PipelineDP", pipeline_dp(rows, len(sizes))), ("Tumult", tumult(options, work.folder, len(sizes)))):
        if told is None:
            failures.append(f"accuracy: {name} failed")
        for place, count, mean in told or []:
            note(name, place, count, mean)
    medians = {}
    for name, (counts, incomes) in errors.items():
        medians[name] = sorted(counts)[len(counts) // 2], sorted(incomes)[len(incomes) // 2]
        print(f"  {name}: median error {medians[name][0]:.2f} of counts, {medians[name][1]:.0f} of means, of {len(counts)} each")
    own = medians.pop("crm-anon")
    # The same in the long run as the best of them.
    best = [min(medians[name][at] for name in medians) for at in (0, 1)]
    worse = own[0] > best[0] + 0.5 or own[1] > 1.25 * best[1]
    return failures + ([f"accuracy: {own}, beside {medians}"] if worse else [])


def pipeline_dp(rows, places, runs=10):
    """The same by PipelineDP: counts and means of one call, which shares out epsilon itself."""
    try:
        import pipeline_dp as dp
    except ImportError:
        print("  PipelineDP is not installed")
        return []
    told = []
    for _ in range(runs):
        budget = dp.NaiveBudgetAccountant(total_epsilon=1, total_delta=1e-12)
        limits = {"max_partitions_contributed": 1, "max_contributions_per_partition": 1, "min_value": 0, "max_value": 100_000}
        asked = dp.AggregateParams(noise_kind=dp.NoiseKind.LAPLACE, metrics=[dp.Metrics.COUNT, dp.Metrics.MEAN], **limits)
        columns = dp.DataExtractors(*[lambda row, at=at: row[at] for at in range(3)])
        found = dp.DPEngine(budget, dp.LocalBackend()).aggregate(rows, asked, columns, public_partitions=list(range(places)))
        budget.compute_budgets()
        told += [(place, figures.count, figures.mean) for place, figures in found]
    return told


TUMULT = """
import json, sys
import pandas
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
spark = spark.config("spark.sql.shuffle.partitions", "1").getOrCreate()
from tmlt.analytics import AddOneRow, KeySet, PureDPBudget, QueryBuilder, Session
places, runs = int(sys.argv[2]), int(sys.argv[3])
rows = pandas.read_csv(sys.argv[1], dtype={"value": str, "amount": float})[["value", "amount"]]
rows = spark.createDataFrame(rows).cache()
session = Session.from_dataframe(privacy_budget=PureDPBudget(runs), source_id="rows", dataframe=rows, protected_change=AddOneRow())
keys = KeySet.from_dict({"value": [str(place) for place in range(places)]})
told = []
for _ in range(runs):
    by = QueryBuilder("rows").groupby(keys)
    both = [by.count(name="told"), by.average("amount", low=0, high=100_000, name="told")]
    both = [session.evaluate(query, privacy_budget=PureDPBudget(0.5)).toPandas() for query in both]
    count, mean = [dict(zip(table["value"], table["told"])) for table in both]
    told += [(int(place), float(count[place]), float(mean[place])) for place in count]
print(json.dumps(told))
"""


def tumult(options, folder, places, runs=3):
    """The same by Tumult Analytics, which needs a Python of its own and Spark: half of epsilon for each of two queries, as
    it tells no count beside a mean."""
    if not options.tumult:
        print("  Tumult Analytics: no Python with it was named")
        return []
    command = [options.tumult, "-c", TUMULT, "in.csv", str(places), str(runs)]
    environment = {**os.environ, "PYSPARK_PYTHON": options.tumult}
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    if done.returncode != 0:
        return None
    return json.loads(done.stdout.splitlines()[-1])


def laplace_of_opendp(chance):
    """Noise of whole numbers: OpenDP's, if it is there."""
    try:
        import opendp.prelude as dp
    except ImportError:
        return lambda scale: geometric(chance, scale) - geometric(chance, scale)
    dp.enable_features("contrib")
    space = dp.atom_domain(T=int), dp.absolute_distance(T=int)
    made = {}

    def noise(scale):
        if scale not in made:
            made[scale] = dp.m.make_laplace(*space, scale=float(scale))
        return made[scale](0)

    return noise


def kills(work, options, chance):
    """Runs that are killed at some moment between their beginning and their end, and a little behind it: those of tables whose cells
    are declared, and of tables whose cells are found, which spend a delta too."""
    failures = []
    for name, keys, more, delta in (
        ("declared cells", '["0-1", "1-2"]', "", Fraction(0)),
        ("with a delta", '"threshold"', 'delta = "0.0001"', Fraction(1, 10_000)),
    ):
        work.rules(keys, more=more)
        failures += [f"{name}: {line}" for line in killed(work, options, chance, name, delta)]
    return failures


def killed(work, options, chance, name, delta):
    work.write([(f"p{at}", at % 2, 50) for at in range(2000)])
    journal = work.folder / "journal"
    for file in [journal, *work.folder.glob("out*.csv")]:
        file.unlink(missing_ok=True)
    started = time.monotonic()
    subprocess.run(work.command(0.5, "count", output="first.csv"), cwd=work.folder, check=True)
    usual = time.monotonic() - started
    published, failures, ended = 1, [], 0
    for at in range(options.kills):
        out = work.folder / f"out{at}.csv"
        child = subprocess.Popen(work.command(0.5, "count", output=out.name), cwd=work.folder, stderr=subprocess.DEVNULL)
        time.sleep(usual * 1.1 * chance.random())
        child.kill()
        ended += child.wait() != 0
        published += out.exists()
        lines = [json.loads(line) for line in journal.read_text().splitlines()]
        spent = [line["spent"] for line in lines if line["event"] == "spent"]
        told = sum(Fraction(one["epsilon"]) for one in spent), sum(Fraction(one.get("delta", "0")) for one in spent)
        if told[0] < published * Fraction(1, 2) or told[1] < published * delta:
            failures.append(f"kill {at}: {published} tables are there, and the ledger says {float(told[0])} and {float(told[1])}")
    print(f"  {name}: {options.kills} runs, {ended} of them killed before their end, {published - 1} tables published")
    done = subprocess.run([work.program, "journal", "verify", "journal"], cwd=work.folder, capture_output=True)
    if done.returncode != 0:
        failures.append("the journal is broken behind the kills")
    return failures


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=lambda path: str(Path(path).resolve()), help="the program")
    parser.add_argument("--cells", type=int, default=100_000, help="cells of a table, each one draw")
    parser.add_argument("--runs", type=int, default=20, help="runs of each audit on each of the two inputs")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", help="a check, by its name (default: all)")
    parser.add_argument("--tumult", help="a Python that has tmlt.analytics")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
