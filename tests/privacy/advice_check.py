#!/usr/bin/env python3
"""Make every change that `crm-anon audit` advises, and count again what is then alone.

Why: "leave out `metier`: 99.9 % alone → 3.1 %" is believed and acted upon, so each figure must be that of the file with
the change made. For random tables and a skewed population, by rows and by persons, this

* recodes the rows by what it knows of years, of French postal codes and of a hierarchy file that it wrote itself;
* counts rows (persons) alone and k for each step of each column, each single advice, and each line of the plan with those
  above it, the plain way;
* has the program audit the file of the whole plan, which must come to the same figures;
* sees that there is a plan if more than one in twenty is alone and no single step mends that, and none otherwise; that it
  leaves at most one in twenty alone; and that no column with a step that leaves fewer alone is left out of the advice.

Usage: python3 tests/privacy/advice_check.py [--binary PROGRAM] [--tables N] [--people N] [--seed N]
Needs: Python 3.9 or later; cargo, where no program is given. Exit status: 0 all equal, 1 if not.
"""

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from program import built

PLACES = {
    "75001": ("75 Paris", "Île-de-France"), "75002": ("75 Paris", "Île-de-France"), "92000": ("92 Hauts-de-Seine", "Île-de-France"),
    "69001": ("69 Rhône", "Auvergne-Rhône-Alpes"), "69002": ("69 Rhône", "Auvergne-Rhône-Alpes"),
    "38000": ("38 Isère", "Auvergne-Rhône-Alpes"), "13001": ("13 Bouches-du-Rhône", "Provence-Alpes-Côte d'Azur"),
    "06000": ("06 Alpes-Maritimes", "Provence-Alpes-Côte d'Azur"), "33000": ("33 Gironde", "Nouvelle-Aquitaine"),
    "64000": ("64 Pyrénées-Atlantiques", "Nouvelle-Aquitaine"), "59000": ("59 Nord", "Hauts-de-France"),
    "80000": ("80 Somme", "Hauts-de-France"), "31000": ("31 Haute-Garonne", "Occitanie"), "34000": ("34 Hérault", "Occitanie"),
    "44000": ("44 Loire-Atlantique", "Pays de la Loire"), "49000": ("49 Maine-et-Loire", "Pays de la Loire"),
    "35000": ("35 Ille-et-Vilaine", "Bretagne"), "29200": ("29 Finistère", "Bretagne"), "67000": ("67 Bas-Rhin", "Grand Est"),
    "57000": ("57 Moselle", "Grand Est"), "76000": ("76 Seine-Maritime", "Normandie"), "14000": ("14 Calvados", "Normandie"),
}  # fmt: skip
JOBS = 40
RULES = """version = 1
index = ""
[columns.naissance]
rule = "year"
as = "annee"
attribute = "quasi-identifying"
[columns.adresse]
rule = "postal_code"
as = "code"
attribute = "quasi-identifying"
[columns.metier]
rule = "keep"
attribute = "quasi-identifying"
ladder = { file = "jobs.csv" }
[columns.sexe]
rule = "keep"
attribute = "quasi-identifying"
"""
COLUMNS = ["annee", "code", "metier", "sexe"]


def main() -> int:
    options = parse_options()
    program = options.binary or built()
    chance = random.Random(options.seed)
    failures = plans = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "rules.toml").write_text(RULES, encoding="utf-8")
        hierarchy = [f"metier {job};groupe {job // 5};famille {job // 20}" for job in range(JOBS)]
        (folder / "jobs.csv").write_text("\n".join(hierarchy) + "\n", encoding="utf-8")
        sizes = [chance.choice([3, 20, 60, 200]) for _ in range(options.tables)] + [options.people] * 2
        for number, size in enumerate(sizes):
            by_persons = number % 2 == 1
            rows = table(chance, size, by_persons)
            wrong, planned = examined(program, folder, rows, by_persons)
            plans += planned
            for line in wrong:
                failures += 1
                print(f"table {number} of {len(rows)} rows{', by persons' if by_persons else ''}: {line}")
    print(f"{len(sizes)} tables, {plans} plans, {failures} differences")
    return 1 if failures else 0


def table(chance, people, by_persons):
    """A person, then the columns: years by age, towns and jobs by Zipf."""
    codes = list(PLACES)
    spread = chance.choice([1, 5, 40])
    rows = []
    for person in range(people):
        year = str(2005 - int(chance.triangular(0, 65, 30)) // spread)
        code = chance.choices(codes, [1 / (rank + 1) for rank in range(len(codes))])[0]
        for _ in range(chance.choice([1, 1, 2, 3]) if by_persons else 1):
            job = chance.choices(range(JOBS), [1 / (rank + 1) ** 1.2 for rank in range(JOBS)])[0]
            rows.append([f"P{person:06}", year, code, f"metier {job}", chance.choice("FM")])
    return rows


def generalised(column, step, value):
    """What a step of a column makes of a value."""
    if step == "*":
        return "*"
    if column == "annee":
        width = int(step.split()[0])
        return int(value) // width * width
    if column == "code":
        if step.startswith("min_population"):
            return value  # Towns of many people, all of them.
        return PLACES[value][{"département": 0, "région": 1}[step]]
    if column == "metier":
        # The hierarchy's columns, by their numbers.
        level = int("".join(filter(str.isdigit, step)))
        return int(value.split()[1]) // {1: 5, 2: 20}[level]
    raise ValueError(f"{column} has no step {step}")


def counted(rows, changes, by_persons):
    """Rows (persons) alone, k, and all there are, after changes by column."""
    classes = defaultdict(set)
    for number, row in enumerate(rows):
        key = tuple(
            generalised(column, changes[column], value) if column in changes else value
            for column, value in zip(COLUMNS, row[1:])
        )
        classes[key].add(row[0] if by_persons else number)
    least = {}
    for own in classes.values():
        for one in own:
            least[one] = min(least.get(one, len(own)), len(own))
    return sum(size < 2 for size in least.values()), min(map(len, classes.values())), len(least)


def examined(program, folder, rows, by_persons):
    told = audited(program, folder, rows, by_persons)
    alone, k, everybody = counted(rows, {}, by_persons)
    wrong = []

    def check(what, found, expected):
        if found != expected:
            wrong.append(f"{what}: told {found}, counted {expected}")

    def enough(alone):
        return alone * 20 <= everybody

    check("now", (told["unique_rows"], told["k"]), (alone, k))
    single, helped = [], set()
    for column in told["quasi_identifying"]:
        for step in column["steps"]:
            expected = counted(rows, {column["column"]: step["step"]}, by_persons)
            check(f"{column['column']} → {step['step']}", (step["unique_rows"], step["k"]), expected[:2])
            single.append(expected[0])
            if expected[0] < alone:
                helped.add(column["column"])
    for advice in told["advice"]:
        expected = counted(rows, {advice["column"]: advice["step"]}, by_persons)
        check(f"advice {advice['column']} → {advice['step']}", (advice["unique_rows"], advice["k"]), expected[:2])
    check("columns advised", sorted(advice["column"] for advice in told["advice"]), sorted(helped))
    order = [advice["unique_rows"] for advice in told["advice"]]
    check("order of the advice", order, sorted(order))

    plan, changes = told["plan"], {}
    check("whether there is a plan", bool(plan), not enough(alone) and not any(map(enough, single)) and everybody > 1)
    for step in plan:
        check(f"{step['column']} is new to the plan", step["column"] in changes, False)
        changes[step["column"]] = step["step"]
        expected = counted(rows, changes, by_persons)
        check(f"plan up to {step['column']} → {step['step']}", (step["unique_rows"], step["k"]), expected[:2])
    if plan:
        check("the plan is enough", enough(plan[-1]["unique_rows"]), True)
        # The file itself, with the plan carried out, audited without the rule table's ladders.
        recoded = [
            [row[0]] + [
                f"x{generalised(column, changes[column], value)}" if column in changes else value
                for column, value in zip(COLUMNS, row[1:])
            ]
            for row in rows
        ]  # fmt: skip
        again = audited(program, folder, recoded, by_persons, ladders=False)
        check("a run of the plan", (again["unique_rows"], again["k"]), (plan[-1]["unique_rows"], plan[-1]["k"]))
    return wrong, bool(plan)


def audited(program, folder, rows, by_persons, ladders=True):
    path = folder / "file.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id_client", *COLUMNS])
        writer.writerows(rows)
    command = [program, "audit", str(path), "--header", "--format", "json"]
    command += ["-r", str(folder / "rules.toml"), "--ignore", "id_client"] if ladders else ["--quasi", ",".join(COLUMNS)]
    command += ["--person", "id_client"] if by_persons else []
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"status {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", help="the program [default: built here]")
    parser.add_argument("--tables", type=int, default=200, help="random tables [default: 200]")
    parser.add_argument("--people", type=int, default=20_000, help="persons of the populations [default: 20000]")
    parser.add_argument("--seed", type=int, default=1, help="of the random tables [default: 1]")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
