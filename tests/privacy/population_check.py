#!/usr/bin/env python3
"""Compare what `crm-anon audit` expects of the population with a population in which everybody is known.

Why: the journalist's risk is told against INSEE's tables, by place, sex and year of birth. This makes people by the
same tables, every one of them, in some départements: of each postal code as many as live there, each with a sex, an age
and a year of birth drawn by the département's shares. A customer file is a random part of them. How many of its rows are the
only person of the whole population with their values is then counted, and has to be what the program expects, within
four standard deviations of the draw. It is counted for years and months of birth, for five years and départements, and for a file
that has half of all people; and with persons of several rows. The tables are read here from their files, by other code.

Usage: python3 tests/privacy/population_check.py [--binary PROGRAM] [--departements 48,23,15] [--share 0.02] [--seed N]
Needs: Python 3.9 or later; cargo, where no program is given. Exit status: 0 all agreed, 1 if not.
"""

import argparse
import csv
import json
import math
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
GEOGRAPHY = REPOSITORY / "src" / "rules" / "geography"
YEAR, AGES = 2025, 20


def numbers(path):
    value = shift = 0
    for byte in path.read_bytes():
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0


def tables():
    """By département code: its label, its postal codes with their people, and its people by sex and age."""
    lines = (GEOGRAPHY / "departements.txt").read_text(encoding="utf-8").splitlines()
    labels = [line.split(";")[0] for line in lines]
    packed, ages = numbers(GEOGRAPHY / "postal_codes.bin"), numbers(GEOGRAPHY / "ages.bin")
    found = {}
    for label in labels:
        codes, code = {}, 0
        for _ in range(next(packed, 0)):
            code += next(packed)
            codes[f"{code:05}"] = next(packed)
        found[label.split(" ")[0]] = (label, codes, [[next(ages) for _ in range(AGES)] for _ in "HF"])
    return found


def everybody(chance, options):
    """All people: département, postal code, sex, year and month of birth."""
    known = tables()
    straddling = Counter(code for _, codes, _ in known.values() for code in codes)
    people = []
    for departement in options.departements.split(","):
        label, codes, profile = known[departement]
        cells = [(sex, age) for sex in range(2) for age in range(AGES)]
        weights = [profile[sex][age] for sex, age in cells]
        for code, inhabitants in codes.items():
            if straddling[code] > 1:
                continue
            for sex, age in chance.choices(cells, weights=weights, k=inhabitants):
                years = 10 if age == AGES - 1 else 5
                born = YEAR - 1 - (5 * age + chance.randrange(years))
                people.append((label, code, "HF"[sex], str(born), f"{born}-{chance.randint(1, 12):02}"))
    return people


def five_years(year):
    first = int(year) // 5 * 5
    return f"{first}-{first + 4}"


def case(name, options, people, chance, share, view, contracts=False):
    """One file: what is expected of it beside what is true."""
    whole = Counter(view(person) for person in people)
    members = [person for person in people if chance.random() < share]
    truth = sum(whole[view(person)] == 1 for person in members)
    under = sum(whole[view(person)] < 11 for person in members)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["client", "Code_postal", "sexe", "Annee_naissance", "metier"])
            for number, person in enumerate(members):
                for _ in range(1 + contracts * (number % 3 == 0)):
                    out.writerow([f"C{number}", *view(person), chance.choice(["cadre", "ouvrier"])])
        command = [options.binary, "audit", path, "--format", "json", "--quasi", "Code_postal,sexe,Annee_naissance,metier"]
        command += ["--person", "client"] if contracts else ["--ignore", "client"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            return [f"{name}: {done.stderr}"]
        told = json.loads(done.stdout)["population"]
    wrong = []
    if (told["judged"], told["not_judged"]) != (len(members), 0):
        wrong.append(f"{name}: {told['judged']} judged and {told['not_judged']} not, of {len(members)}")
    if (sorted(told["columns"]), told["not_counted"]) != (["Annee_naissance", "Code_postal", "sexe"], ["metier"]):
        wrong.append(f"{name}: columns {told['columns']} and {told['not_counted']}")
    figures = []
    for what, expected, true in [("unique", told["expected_unique"], truth), ("under 11", told["expected_under_11"], under)]:
        figures.append(f"{what} {expected / len(members):.2%} expected, {true / len(members):.2%} true")
        # Rows of one class are under 11 together.
        spread = 4 * math.sqrt(max(true, 1) * (1 if what == "unique" else 11)) + 1
        if abs(expected - true) > spread:
            wrong.append(f"{name}: {what}: {expected:.1f} expected, {true} true")
    print(f"{name}: {len(members)} of {len(people)} people; {'; '.join(figures)}; journalist {told['journalist_average']:.2%}")
    return wrong


def main() -> int:
    options = parse_options()
    chance = random.Random(options.seed)
    people = everybody(chance, options)
    exact = lambda person: person[1:4]
    wrong = case("years", options, people, chance, options.share, exact)
    wrong += case("months", options, people, chance, options.share, lambda person: (person[1], person[2], person[4]))
    wrong += case("five years", options, people, chance, options.share,
                  lambda person: (person[1], person[2], five_years(person[3])))
    wrong += case("départements", options, people, chance, options.share, lambda person: (person[0], person[2], person[3]))
    wrong += case("half of all people", options, people, chance, 0.5, exact)
    wrong += case("persons of several rows", options, people, chance, options.share, exact, contracts=True)
    for line in wrong:
        print(f"WRONG {line}")
    return 1 if wrong else 0


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", help="the program; built, if not given")
    parser.add_argument("--departements", default="48,23,15,09", help="whose people are made [48,23,15,09]")
    parser.add_argument("--share", type=float, default=0.05, help="of them in the file [0.05]")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.binary is None:
        subprocess.run(["cargo", "build", "--locked", "--release", "--bin", "crm-anon"], cwd=REPOSITORY, check=True)
        options.binary = REPOSITORY / "target" / "release" / "crm-anon"
    return options


if __name__ == "__main__":
    sys.exit(main())
