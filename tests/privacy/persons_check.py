#!/usr/bin/env python3
"""Recount by persons what `crm-anon audit --person` and `--k … --person` tell, on random tables and on a skewed population.

Why: k, l, t and risks that count rows hide persons with several rows behind themselves. The program counts persons with
packed codes, keyed hashes and sets that are cut short; this counts them in the plainest way there is, from the rows.

The definitions, which the guide has too:

* the size of a class is the number of different persons with a row in it; a row without a person is one by itself;
* a person is unique, or in a class of fewer than n, if any class with a row of theirs is; the risk of a person is
  1 / the size of the smallest of these classes;
* what a class tells of a sensitive column: each person counts once for each value that their rows have there;
* persons with several rows are alone with all their rows if no other person has as many rows of each class.

Of outputs of `--k`, which have no identifiers, rows are joined with the input by position (`--keep-order`).

Usage: python3 tests/privacy/persons_check.py [--binary PROGRAM] [--tables N] [--people N] [--seed N]
Needs: Python 3.9 or later; cargo, where no program is given. Exit status: 0 all equal, 1 if not.
"""

import argparse
import csv
import json
import math
import random
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from program import built

MISSING = {"", "NULL", "NA", "N/A", "#N/A", "NaN", "None"}
TOLERANCE = 1e-9


def main() -> int:
    options = parse_options()
    program = options.binary or built()
    chance = random.Random(options.seed)
    failures = checks = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.tables):
            table = random_table(chance)
            for what, wrong in [
                ("audit", audited(program, Path(folder), table)),
                ("k", recoded(program, Path(folder), table, chance.choice([2, 3, 5]), chance)),
            ]:
                checks += 1
                for line in wrong:
                    failures += 1
                    print(f"table {number}, {what}: {line}")
        table = population(chance, options.people)
        for what, wrong in [
            ("audit", audited(program, Path(folder), table)),
            ("k", recoded(program, Path(folder), table, 5, chance)),
        ]:
            checks += 1
            for line in wrong:
                failures += 1
                print(f"population, {what}: {line}")
    print(f"{checks} checks, {failures} differences")
    return 1 if failures else 0


class Table:
    """Rows, and which columns are what."""

    def __init__(self, person, quasi, sensitive, rows, ordered=()):
        self.person, self.quasi, self.sensitive = person, quasi, sensitive
        self.rows, self.ordered = rows, set(ordered)

    @property
    def header(self):
        return self.person + self.quasi + self.sensitive

    def write(self, path):
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(self.header)
            writer.writerows(self.rows)

    def persons(self):
        """Whose each row is; a row without a person is its own."""
        persons = []
        for number, row in enumerate(self.rows):
            cells = [cell.strip() for cell in row[: len(self.person)]]
            named = any(cell not in MISSING for cell in cells)
            persons.append(tuple(cells) if named else ("row", number))
        return persons


def random_table(chance):
    person = ["id_client"] if chance.random() < 0.7 else ["agence", "id_client"]
    quasi = [f"q{number}" for number in range(chance.randint(1, 4))]
    sensitive = [f"s{number}" for number in range(chance.randint(0, 2))]
    values = {name: chance.randint(1, 5) for name in quasi + sensitive}
    people = chance.randint(1, 40)
    # A person's rows mostly share their values.
    usual = {(at, name): chance.randrange(values[name]) for at in range(people) for name in quasi}
    stays = chance.choice([0.2, 0.8, 1.0])
    rows = []
    for _ in range(chance.randint(1, 120)):
        at = min(int(chance.expovariate(3 / people)), people - 1)
        cells = []
        for name in quasi:
            value = usual[at, name] if chance.random() < stays else chance.randrange(values[name])
            cells.append("v%d" % value)
        cells += ["w%d" % chance.randrange(values[name]) for name in sensitive]
        key = f"c{at}" if chance.random() < 0.9 else chance.choice(["", "NULL", " "])
        own = [key] if len(person) == 1 else [f"a{at % 2}" if key.startswith("c") else "", key]
        rows.append(own + cells)
    return Table(person, quasi, sensitive, rows)


def population(chance, people):
    """Contracts of a skewed population: several rows a person, as an insurer has them."""
    towns = [f"{number:05}" for number in range(1000, 1000 + max(5, people // 200))]
    jobs = [f"metier {number}" for number in range(60)]
    town_weights = [1 / (rank + 1) for rank in range(len(towns))]
    job_weights = [1 / (rank + 1) ** 1.2 for rank in range(len(jobs))]
    rows = []
    for at in range(people):
        year, sex = str(1940 + int(chance.triangular(0, 65, 40))), chance.choice("FM")
        town = chance.choices(towns, town_weights)[0]
        job = chance.choices(jobs, job_weights)[0]
        income = int(min(chance.lognormvariate(10.2, 0.7), 500_000) // 20_000)
        income = f"{income * 20_000}-{income * 20_000 + 20_000}"
        for _ in range(1 + min(int(chance.expovariate(0.4)), 20)):
            moved = chance.random() < 0.05
            rows.append([f"P{at:07}", year, sex, chance.choices(towns, town_weights)[0] if moved else town,
                         job, chance.choice(["auto", "moto", "camping-car"]), income])  # fmt: skip
    chance.shuffle(rows)
    quasi = ["annee", "sexe", "code", "metier", "usage"]
    return Table(["id_client"], quasi, ["revenus"], rows, ordered=["revenus"])


def audited(program, folder, table):
    path = folder / "file.csv"
    table.write(path)
    command = [program, "audit", str(path), "--header", "--format", "json", "--quasi", ",".join(table.quasi)]
    if table.sensitive:
        command += ["--sensitive", ",".join(table.sensitive)]
    for name in table.person:
        command += ["--person", name]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        return [f"status {done.returncode}: {done.stderr.strip()}"]
    return differences(json.loads(done.stdout), table, table.persons(), table.rows, len(table.person))


def recoded(program, folder, table, k, chance):
    source, rules = folder / "file.csv", folder / "rules.toml"
    output, manifest = folder / "out.csv", folder / "manifest.json"
    table.write(source)
    names = ", ".join(f'"{name}"' for name in table.person)
    text = ["version = 1", 'index = ""', "[privacy]", f"k = {k}", 'max_suppressed = "100%"', f"person = [{names}]"]
    recoding = chance.choice(["local", "global"]) if len(table.rows) < 1000 else "local"
    text.append(f'recoding = "{recoding}"')
    for name in table.person:
        text += [f"[columns.{name}]", 'rule = "drop"', 'attribute = "identifying"']
    for attribute, columns in [("quasi-identifying", table.quasi), ("sensitive", table.sensitive)]:
        for name in columns:
            text += [f"[columns.{name}]", 'rule = "keep"', f'attribute = "{attribute}"', 'leftovers = "ignore"']
    rules.write_text("\n".join(text) + "\n")
    command = [program, str(source), "--header", "-r", str(rules), "-o", str(output), "--keep-order",
               "--manifest", str(manifest), "-j", str(chance.choice([1, 2, 3])), "-q"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    persons = table.persons()
    if done.returncode == 4:
        # There is none only if all rows in one class are not enough.
        enough = len(set(persons)) >= k
        alone = any(len({row[at] for row in table.rows}) > 1 for at in range(-len(table.sensitive), 0))
        return ["k is reachable, and was not reached"] if enough and not alone else []
    if done.returncode != 0:
        return [f"status {done.returncode}: {done.stderr.strip()}"]
    with open(output, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    if len(rows) != len(table.rows):
        return [f"{len(rows)} rows of {len(table.rows)}"]
    told = json.loads(manifest.read_text())["privacy"]
    wrong = differences(told, table, persons, rows, 0)
    least = told["k"]
    if least < k:
        wrong.append(f"k is {least}, {k} was asked for")
    return wrong


def differences(told, table, persons, rows, first):
    """What is told and is not so, of rows whose quasi-identifying columns begin at `first`."""
    columns = range(first, first + len(table.quasi))
    wrong = []

    def check(what, found, expected):
        equal = math.isclose(found, expected, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        if not equal:
            wrong.append(f"{what}: told {found}, counted {expected}")

    classes, least = grouped(rows, persons, columns)
    check("rows", told["rows"], len(rows))
    check("classes", told["classes"], len(classes))
    check("k", told["k"], min(map(len, classes.values())))
    check("unique", told["unique_rows"], sum(size < 2 for size in least.values()))
    for limit in (3, 5, 11):
        check(f"under {limit}", told["rows_under"][str(limit)], sum(size < limit for size in least.values()))
    for size in told["class_sizes"]:
        fits = lambda number: size["from"] <= number and (size["to"] is None or number <= size["to"])  # noqa: E731
        check(f"classes from {size['from']}", size["classes"], sum(fits(len(own)) for own in classes.values()))
        check(f"persons from {size['from']}", size["rows"], sum(map(fits, least.values())))
    average = sum(1 / size for size in least.values()) / len(least)
    risk = told["risk"]
    check("highest risk", risk["prosecutor"]["highest"], max(1 / size for size in least.values()))
    check("average risk", risk["prosecutor"]["average"], average)
    check("marketer", risk["marketer"], average)
    check("above", risk["prosecutor"]["rows_above_threshold"], sum(size < 5 for size in least.values()) / len(least))

    rows_of = defaultdict(Counter)
    for row, person in zip(rows, persons):
        rows_of[person][tuple(row[at] for at in columns)] += 1
    several = {person: frozenset(own.items()) for person, own in rows_of.items() if sum(own.values()) > 1}
    same = Counter(several.values())
    counts = told["persons"]
    check("persons", counts["persons"], len(rows_of))
    check("with several rows", counts["with_several_rows"], len(several))
    check("alone together", counts["alone_with_all_their_rows"], sum(same[own] == 1 for own in several.values()))
    check("without person", counts["rows_without_person"], sum(person[0] == "row" for person in rows_of))

    for position, column in enumerate(told["quasi_identifying"]):
        others = [at for at in columns if at != first + position]
        _, without = grouped(rows, persons, others)
        alone = sum(size < 2 for size in without.values())
        check(f"unique without {column['column']}", column["unique_rows_without"], alone)
        check(f"unique at *: {column['column']}", column["steps"][-1]["unique_rows"], alone)

    for position, column in enumerate(told["sensitive"]):
        at = first + len(table.quasi) + position
        ordered = column["column"] in table.ordered
        figures = sensitive(rows, persons, columns, at, ordered)
        for name, expected in figures.items():
            check(f"{name} of {column['column']}", column[name], expected)
    return wrong


def grouped(rows, persons, columns):
    """The persons of each class, and the size of each person's smallest one."""
    classes = defaultdict(set)
    for row, person in zip(rows, persons):
        classes[tuple(row[at] for at in columns)].add(person)
    least = {}
    for own in classes.values():
        for person in own:
            least[person] = min(least.get(person, len(own)), len(own))
    return classes, least


def sensitive(rows, persons, columns, at, ordered):
    having = defaultdict(lambda: defaultdict(set))
    for row, person in zip(rows, persons):
        having[tuple(row[column] for column in columns)][row[at]].add(person)
    table = Counter()
    for values in having.values():
        for value, own in values.items():
            table[value] += len(own)
    whole = sum(table.values())
    # Brackets by where they begin.
    order = sorted(table, key=lambda value: float(value.split("-")[0])) if ordered else sorted(table)
    figures = {"l_distinct": math.inf, "l_entropy": math.inf, "t": 0.0, "largest_share": 0.0}
    of_one = set()
    for values in having.values():
        everybody = set().union(*values.values())
        all_of_class = sum(map(len, values.values()))
        shares = {value: len(own) / all_of_class for value, own in values.items()}
        entropy = math.exp(-sum(share * math.log(share) for share in shares.values()))
        if ordered:
            moved = below = 0.0
            for value in order:
                below += shares.get(value, 0.0) - table[value] / whole
                moved += abs(below)
            t = moved / max(len(order) - 1, 1)
        else:
            t = sum(abs(shares.get(value, 0.0) - table[value] / whole) for value in order) / 2
        figures["l_distinct"] = min(figures["l_distinct"], len(values))
        figures["l_entropy"] = min(figures["l_entropy"], entropy)
        figures["t"] = max(figures["t"], t)
        share = max(map(len, values.values())) / len(everybody)
        figures["largest_share"] = max(figures["largest_share"], share)
        if len(values) == 1:
            of_one |= everybody
    return {**figures, "rows_in_classes_of_one_value": len(of_one)}


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", help="the program [default: built here]")
    parser.add_argument("--tables", type=int, default=200, help="random tables [default: 200]")
    parser.add_argument("--people", type=int, default=20_000, help="persons of the population [default: 20000]")
    parser.add_argument("--seed", type=int, default=1, help="of the random tables [default: 1]")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
