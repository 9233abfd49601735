#!/usr/bin/env python3
"""Recount what `crm-anon audit --population` tells: on random tables, and on populations where the truth is known.

Why: the journalist's risk is only as good as the population that it is measured in. The program sums the cells of a table by
place and holds labels against them by code; this goes from each row to each cell of the table, as the guide defines it:

* a label stands for the cells of the table that it holds, each whole or, where it is finer than a class of ages, for a share
  of it; a missing value and `*` stand for all;
* N is the sum of shares, n the persons of the file with the same labels; N is never less than n;
* the others M are the sum of shares of the persons of each cell who are not in the file: those of the file with the same
  label of the place are spread over its cells as the table's persons are;
* without other quasi-identifiers the risk is 1 / N; where shares were taken, the mean of 1 / (n + a Poisson number of mean M)
  (its first terms, for n > 1); unique is a class of one, n = 1, with nobody in whole cells, by the chance that no other is in the shares;
* with others, x: persons have it by a gamma rate of shape f(x) - alpha, of all m persons of the file, so that those with x
  among the M are negative binomial with p = m / (m + M).

Of random tables every figure is recounted. Of the populations, the truth is counted: the persons of the population who share
a row's quasi-identifiers. What the estimator of mu-argus (Benedetti, Franconi 1998) says is printed beside it.

Usage: python3 tests/privacy/population_check.py [--binary PROGRAM] [--tables N] [--people N] [--seed N]
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

PLACES = {
    "75011": ("75 Paris", "Île-de-France"),
    "75012": ("75 Paris", "Île-de-France"),
    "94300": ("94 Val-de-Marne", "Île-de-France"),
    "69001": ("69 Rhône", "Auvergne-Rhône-Alpes"),
    "69002": ("69 Rhône", "Auvergne-Rhône-Alpes"),
}
SEXES = {"F": "F", "M": "M", "Mme": "F", "M.": "M", "2": "F", "1": "M"}
# How far an estimate may be below and above the truth, of simulated populations, in points.
MARGINS = {"exact": (1e-9, 1e-9), "shares": (1.0, 1.0), "beyond": (2.5, 2.5), "dependent": (2.5, 20.0), "places": (1.0, 1.0)}


def main() -> int:
    options = parse_options()
    program = options.binary or built()
    chance = random.Random(options.seed)
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.tables):
            for line in random_table(program, Path(folder), chance):
                failures += 1
                print(f"table {number}: {line}")
        for what in MARGINS:
            for line in simulated(program, Path(folder), chance, options.people, what):
                failures += 1
                print(f"{what}: {line}")
    print(f"{options.tables} tables and {len(MARGINS)} populations, {failures} differences")
    return 1 if failures else 0


def random_table(program, folder, chance):
    """Writes a table of the population and a file, and holds what is told of them against a recount."""
    with_sex, years = chance.random() < 0.7, chance.choice(["age", "birth_year", None])
    first = {"age": 0, "birth_year": 1940, None: 0}[years]
    width = chance.choice([1, 5, 10])
    classes = [(first + low, first + low + width - 1) for low in range(0, 40, width)] if years else [None]
    used = chance.sample(sorted(PLACES), chance.randint(1, len(PLACES)))
    cells = {}
    for place in used:
        for sex in "FM" if with_sex else [None]:
            for own in classes:
                if chance.random() < 0.9:
                    cells[place, sex, own] = chance.choice([0, 1, 2, 3, 7, 40, 2.5])
    cells[used[0], "F" if with_sex else None, classes[0]] = 9
    rows, people = [], chance.randint(1, 60)
    for _ in range(people):
        place = chance.choice(used if chance.random() < 0.95 else sorted(PLACES))
        year = first + chance.randrange(40)
        decade = f"{year // 10 * 10}-{year // 10 * 10 + 9}"
        row = [f"P{chance.randrange(people)}", chance.choice([place, place, *PLACES[place], "*", ""])]
        row.append(chance.choice(["F", "M", "Mme", "M.", "1", "2", "*", "", "X"]))
        row.append(chance.choice([str(year), str(year), decade, "*", ""]))
        row.append(chance.choice(["a", "a", "b", "c%d" % chance.randrange(30), "*"]))
        rows.append(row)
    rows.append(["P0", used[0], "F", str(first), "a"])
    header = ["id_client", "code_postal", "sexe", {"birth_year": "annee_naissance"}.get(years, "age"), "groupe"]
    quasi = [1] + [at for at in (2, 3, 4) if chance.random() < 0.7]
    by_person = chance.random() < 0.5
    command = ["--quasi", ",".join(header[at] for at in quasi)]
    command += ["--person", "id_client"] if by_person else []
    write(folder / "file.csv", header, rows)
    write_population(folder / "population.csv", cells, with_sex, years)
    told = audit(program, folder, command)
    if isinstance(told, str):
        return [told]
    persons = [row[0] if by_person else number for number, row in enumerate(rows)]
    inside = [1] + ([2] if with_sex and 2 in quasi else []) + ([3] if years and 3 in quasi else [])
    return differences(told, rows, persons, quasi, inside, cells)


def stands(row, inside, cells):
    """The cells that a row's labels stand for, and which share of each; nothing if a label is unknown."""
    found, known = {}, {at: False for at in inside}
    for (place, sex, own), persons in cells.items():
        share = 1.0
        for at in inside:
            label = row[at]
            if label in ("", "*"):
                part = 1.0
            elif at == 1:
                part = float(label == place or label in PLACES[place])
            elif at == 2:
                part = float(SEXES.get(label) == sex)
            else:
                low, _, high = label.partition("-")
                low, high = int(low), int(high or low)
                part = max(0, min(high, own[1]) - max(low, own[0]) + 1) / (own[1] - own[0] + 1)
            known[at] = known[at] or part > 0
            share *= part
        if share > 0:
            found[place, sex, own] = share
    return found if all(known.values()) else None


def differences(told, rows, persons, quasi, inside, cells):
    members = defaultdict(set)
    for row, person in zip(rows, persons):
        members[tuple(row[at] for at in quasi)].add(person)
    example = {tuple(row[at] for at in quasi): row for row in rows}
    beyond = [at for at in quasi if at not in inside]
    labels = {key: tuple(row[at] for at in inside) for key, row in example.items()}
    other = {key: tuple(row[at] for at in beyond) for key, row in example.items()}
    alike, having = Counter(), Counter()
    for key, own in members.items():
        alike[labels[key]] += len(own)
        having[other[key]] += len(own)
    everybody = sum(alike.values())
    once, twice = (sum(size == wanted for size in having.values()) for wanted in (1, 2))
    alpha = min(max(1 - 2 * twice / once, 0.0), 0.9) if once else 0.0
    stand = {labels[key]: stands(example[key], inside, cells) for key in members}
    # Persons of the file by label of the place and by sex and class.
    in_file = Counter()
    for own, size in alike.items():
        weights = Counter()
        for (place, sex, years), share in (stand[own] or {}).items():
            weights[sex, years] += share * cells[place, sex, years]
        for group, weight in weights.items():
            if weight > 0:
                in_file[(own[0], *group)] += size * weight / sum(weights.values())
    figures = {}
    undercounted = unknown = 0
    for key, own in members.items():
        n, f, found = alike[labels[key]], len(own), stand[labels[key]]
        whole = shared = touched = others = log_none = 0.0
        groups = defaultdict(float)
        share_of = {}
        for (place, sex, years), share in (found or {}).items():
            groups[sex, years] += cells[place, sex, years]
            share_of[sex, years] = share
        for group, size in groups.items():
            rest = max(0.0, size - in_file[(labels[key][0], *group)])
            share = share_of[group]
            touched += size
            others += share * rest
            if share < 1:
                shared += share * size
                log_none += rest * math.log(1 - share)
            else:
                whole += size
        if found is None:
            unknown += 1
        elif touched + 1e-9 < n:
            undercounted += 1
        size = max(whole + shared, n)
        if shared == 0 or others <= 0:
            risk = 1 / size
        elif n == 1:
            risk = (1 - math.exp(-others)) / others
        else:
            mean = n + others
            risk = 1 / mean + others / mean**3
        unique = math.exp(log_none) if n <= 1 and whole <= n + 1e-9 else 0.0
        estimated = risk
        if beyond and any(label != "*" for label in other[key]):
            shape, p = having[other[key]] - alpha, everybody / (everybody + others)
            estimated = mean_risk(f, shape, p)
            unique = p**shape if f == 1 else 0.0
        figures[key] = (risk, estimated, unique)
    wrong = []

    def check(what, found, expected):
        if not math.isclose(found, expected, rel_tol=1e-5, abs_tol=1e-7):
            wrong.append(f"{what}: told {found}, counted {expected}")

    each = defaultdict(lambda: (0.0, 0.0, 0.0))
    for row, person in zip(rows, persons):
        own = figures[tuple(row[at] for at in quasi)]
        each[person] = tuple(max(pair) for pair in zip(each[person], own))
    population = told["population"]
    for at, name in enumerate(["table_alone", "estimated"]):
        risks = [own[at] for own in each.values()]
        check(f"highest, {name}", population[name]["highest"], max(risks))
        check(f"average, {name}", population[name]["average"], sum(risks) / len(risks))
        above = sum(risk > 0.2 + 1e-9 for risk in risks) / len(risks)
        if not any(abs(risk - 0.2) < 1e-6 for risk in risks):
            check(f"above, {name}", population[name]["rows_above_threshold"], above)
    check("unique", population["expected_unique"], sum(own[2] for own in each.values()))
    check("undercounted", population["classes_undercounted"], undercounted)
    check("unknown", population["classes_unknown"], unknown)
    check("persons", population["persons"], sum(cells.values()))
    check("journalist", told["risk"]["journalist"]["average"], population["estimated"]["average"])
    check("marketer", told["risk"]["marketer"], population["estimated"]["average"])
    return wrong


def mean_risk(size, shape, p):
    """The mean of 1 / (size + Y), Y negative binomial, term by term."""
    weight, mean, sum_of_weights = p**shape, 0.0, 0.0
    for number in range(3_000_000):
        mean += weight / (size + number)
        sum_of_weights += weight
        if (1 - sum_of_weights) / (size + number) < 1e-9:
            break
        weight *= (shape + number) / (number + 1) * (1 - p)
    return mean


def simulated(program, folder, chance, people, what):
    """A population with skew, a sample of it as the file, and its own counts as the table."""
    places = [f"{10_000 + number}" for number in range(max(5, people // 1500))]
    weights = [chance.lognormvariate(0, 1.2) for _ in places]
    jobs = [f"metier {number}" for number in range(500)]
    job_weights = [1 / (rank + 1) for rank in range(len(jobs))]
    width = 1 if what == "exact" else 5
    population = zip(
        chance.choices(places, weights, k=people),
        chance.choices("FM", k=people),
        [str(min(99, int(abs(chance.gauss(0, 35))))) for _ in range(people)],
        chance.choices(jobs, job_weights, k=people),
    )
    population = list(population)
    if what == "dependent":
        # Where a place has a trade of its own, three in ten live by it.
        own = {place: jobs[at * 13 % len(jobs)] for at, place in enumerate(places)}
        population = [(*who[:3], own[who[0]] if chance.random() < 0.3 else who[3]) for who in population]
    quasi = 4 if what in ("beyond", "dependent") else 3
    cells, truth = Counter(), Counter()
    for person in population:
        low = int(person[2]) // width * width
        # The built-in table, for one, tells places alone.
        cells[(person[0], None, None) if what == "places" else (person[0], person[1], (low, low + width - 1))] += 1
        truth[person[:quasi]] += 1
    sample = [person for person in population if chance.random() < 0.1]
    write(folder / "file.csv", ["code_postal", "sexe", "age", "metier"], sample)
    write_population(folder / "population.csv", cells, what != "places", "age" if what != "places" else None)
    names = ",".join(["code_postal", "sexe", "age", "metier"][:quasi])
    told = audit(program, folder, ["--quasi", names])
    if isinstance(told, str):
        return [told]
    rows = len(sample)
    unique = 100 * sum(truth[person[:quasi]] == 1 for person in sample) / rows
    average = 100 * sum(1 / truth[person[:quasi]] for person in sample) / rows
    found = told["population"]
    figures = {
        "unique in the population": (100 * found["expected_unique_share"], unique),
        "average risk": (100 * found["estimated"]["average"], average),
    }
    print(f"{what}: {rows} rows of {people} people, {100 * told['unique_rows'] / rows:.2f} % unique in the file")
    if what != "places":
        in_file = Counter(person[:quasi] for person in sample)
        of_cell = Counter(person[:3] for person in sample)
        shares = [
            min(1.0, of_cell[person[:3]] * width / max(cells[person[0], person[1], class_of(person[2], width)], 1))
            for person in sample
            if in_file[person[:quasi]] == 1
        ]
        print(f"  mu-argus would say {100 * sum(shares) / rows:.2f} % unique in the population")
    wrong = []
    for name, (told_figure, true_figure) in figures.items():
        print(f"  {name}: told {told_figure:.2f} %, true {true_figure:.2f} %")
        below, above = MARGINS[what]
        if not true_figure - below <= told_figure <= true_figure + above:
            wrong.append(f"{name}: told {told_figure}, true {true_figure}")
    if found["table_alone"]["average"] * 100 > average + MARGINS[what][0]:
        wrong.append(f"the lower bound {found['table_alone']['average']} is above the truth {average / 100}")
    return wrong


def class_of(age, width):
    low = int(age) // width * width
    return low, low + width - 1


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_population(path, cells, with_sex, years):
    header = ["place", *(["sex"] if with_sex else []), *([years] if years else []), "count"]
    rows = []
    for (place, sex, own), persons in cells.items():
        label = [] if not years else [str(own[0]) if own[0] == own[1] else f"{own[0]}-{own[1]}"]
        rows.append([place, *([sex] if with_sex else []), *label, persons])
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def audit(program, folder, arguments):
    command = [program, "audit", str(folder / "file.csv"), "--header", "--format", "json"]
    command += ["--population", str(folder / "population.csv"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else f"status {done.returncode}: {done.stderr.strip()}"


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", help="the program [default: built here]")
    parser.add_argument("--tables", type=int, default=200, help="random tables [default: 200]")
    parser.add_argument("--people", type=int, default=200_000, help="persons of the populations [default: 200000]")
    parser.add_argument("--seed", type=int, default=1, help="of the random numbers [default: 1]")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
