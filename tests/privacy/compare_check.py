#!/usr/bin/env python3
"""Recount what `crm-anon compare` tells, on random pairs of releases and on a skewed population, the plainest way there is.

Why: the program goes through hashes and trees of codes; this takes every row of one release with every row of the
other, and every label for the set of values that it stands for, written out value by value.

The population is the skewed one of the benchmarks (benches/generate): postal codes by their inhabitants, several rows a
person. It is published twice with `--k`, and in between a hundredth of the rows changes; the second time k is another, as if
somebody else had published it.

The definitions, which the guide has too:

* partners of a row are the rows of the other release of which every label may stand for the same value;
* a class is the rows with the same quasi-identifying labels; candidates of a row with partners are, for the older
  class in which most are found, the rows of its class with a partner in that one, or the rows of that one with a
  partner in its class, whichever are fewer; of a row without partners, the rows of its class without partners;
* a sensitive value is certain if all candidates have the same;
* a person is linked if one of their rows is, and has as few candidates as the most exposed of their rows.

Usage: python3 tests/privacy/compare_check.py [--binary PROGRAM] [--generator PROGRAM] [--tables N] [--people N] [--seed N]
Needs: Python 3.9 or later; cargo, where no program is given. Exit status: 0 all equal, 1 if not.
"""

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
from bisect import bisect_left
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

from program import built

YEARS = range(1975, 1995)
AMOUNTS = range(-40, 200, 10)  # thousands
PLACES = {
    "75011": ("75 Paris", "Île-de-France"),
    "75020": ("75 Paris", "Île-de-France"),
    "92100": ("92 Hauts-de-Seine", "Île-de-France"),
    "69001": ("69 Rhône", "Auvergne-Rhône-Alpes"),
    "38000": ("38 Isère", "Auvergne-Rhône-Alpes"),
}
# The postal codes that a label of a département or a region may stand for: those that occur.
CODES = set(PLACES)
REGIONS = {
    "Île-de-France": "75 77 78 91 92 93 94 95",
    "Auvergne-Rhône-Alpes": "01 03 07 15 26 38 42 43 63 69 73 74",
    "Bourgogne-Franche-Comté": "21 25 39 58 70 71 89 90",
    "Bretagne": "22 29 35 56",
    "Centre-Val de Loire": "18 28 36 37 41 45",
    "Corse": "2A 2B",
    "Grand Est": "08 10 51 52 54 55 57 67 68 88",
    "Hauts-de-France": "02 59 60 62 80",
    "Normandie": "14 27 50 61 76",
    "Nouvelle-Aquitaine": "16 17 19 23 24 33 40 47 64 79 86 87",
    "Occitanie": "09 11 12 30 31 32 34 46 48 65 66 81 82",
    "Pays de la Loire": "44 49 53 72 85",
    "Provence-Alpes-Côte d'Azur": "04 05 06 13 83 84",
    "Guadeloupe": "971",
    "Martinique": "972",
    "Guyane": "973",
    "La Réunion": "974",
    "Mayotte": "976",
    "Saint-Barthélemy": "977",
    "Saint-Martin": "978",
}
# Two islands went their own ways, and kept their postal codes.
ISLANDS = {"97133": "977", "97150": "978"}
# The columns of the generator that the rule table below reads, by its names for them.
GENERATED = {
    "client": "id_client",
    "naissance": "date_naissance",
    "adresse": "adresse",
    "sexe": "sexe",
    "salaire": "revenus",
    "points": "points_perdus",
    "depuis": "date_demande",
    "formule": "formule",
}
RULES = """version = 1
index = "Index_rd"
[columns.naissance]
rule = "year"
as = "annee"
attribute = "quasi-identifying"
[columns.adresse]
rule = "postal_code"
as = "code"
attribute = "quasi-identifying"
[columns.sexe]
rule = "keep"
attribute = "quasi-identifying"
[columns.salaire]
rule = { bucket = { width = 20_000 } }
as = "revenus"
attribute = "sensitive"
[columns.points]
rule = "keep"
attribute = "sensitive"
[columns.depuis]
rule = "year_month"
as = "mois"
attribute = "insensitive"
why = "what is said of it is not known to others"
[columns.formule]
rule = "keep"
attribute = "insensitive"
"""
# A population has persons, and a pseudonym of each, so that rows can be counted by persons from outside.
PERSONS = """[columns.client]
rule = "drop"
attribute = "identifying"
[columns.jeton]
rule = "keep"
attribute = "insensitive"
"""
QUASI = ["annee", "code", "sexe"]
SENSITIVE = ["revenus", "points"]
OTHER = ["mois", "formule"]


def main() -> int:
    options = parse_options()
    program = options.binary or built()
    chance = random.Random(options.seed)
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules.toml"
        rules.write_text(RULES, encoding="utf-8")
        for number in range(options.tables):
            rows = 400 if number % 50 == 49 else chance.choice([3, 12, 40])
            pair = random_pair(chance, rows)
            for line in compared(program, Path(folder), rules, pair, chance):
                failures += 1
                print(f"pair {number}: {line}")
        if options.people:
            generator = options.generator or built("--example", "generate")
            for line in population(program, generator, Path(folder), options.people, chance):
                failures += 1
                print(f"population: {line}")
    print(f"{options.tables} pairs and a population of {options.people} rows, {failures} differences")
    return 1 if failures else 0


def random_pair(chance, most):
    """Two releases of some people: their header, and their rows."""
    header = [name for name in QUASI + SENSITIVE + OTHER if chance.random() < 0.75] or ["annee"]
    if not set(header) & set(QUASI):
        header.append("code")
    persons = chance.random() < 0.4
    spread = chance.choice([2, 4, 20])
    people = [truth(chance, spread) for _ in range(max(1, most * 2 // 3))]
    keeps_order = chance.random() < 0.3
    releases = []
    for _ in range(2):
        levels = {name: chance.choice([(0,), (0, 1), (1,), (0, 1, 2), (0, 3), (2, 3)]) for name in header}
        rows = []
        for person, values in enumerate(people):
            if chance.random() < 0.1:
                continue
            if chance.random() < 0.1:
                values = truth(chance, spread)
            for _ in range(chance.choice([1, 1, 1, 2, 3]) if persons else 1):
                own = [label(name, values[name], chance.choice(levels[name])) for name in header]
                rows.append((f"P{person}" if chance.random() < 0.95 else "", own))
        if not keeps_order:
            chance.shuffle(rows)
        releases.append(rows)
    indexed = chance.random() < 0.5
    return header, persons, indexed, releases


def truth(chance, spread):
    """The values of a person; empty where one is missing."""
    few = list(PLACES)[: max(2, spread)]
    values = {
        "annee": chance.choice(YEARS[:spread]),
        "code": chance.choice(few),
        "sexe": chance.choice("FM"),
        "revenus": chance.choice(AMOUNTS[:spread]),
        "points": str(chance.randrange(spread)),
        "mois": (chance.choice(YEARS[:spread]), chance.randint(1, 12 if spread > 4 else 2)),
        "formule": chance.choice(["tiers", "tous risques", "a,b", 'dit "x"']),
    }
    if chance.random() < 0.1:
        values[chance.choice(list(values))] = ""
    return values


def label(name, value, level):
    """What is written of a value at a level; 3 is `*`."""
    if value == "":
        return "*" if level == 3 and name in QUASI else ""
    if level == 3:
        return "*" if name in QUASI else label(name, value, 0)
    if name == "annee":
        width = [1, 5, 10][level]
        first = value // width * width
        return str(value) if level == 0 else f"{first}-{first + width - 1}"
    if name == "code":
        return [value, *PLACES[value]][level]
    if name == "revenus":
        width = [20, 50, 100][level]
        first = value // width * width
        return f"{first * 1000}-{(first + width) * 1000}"
    if name == "mois":
        year, month = value
        decade = year // 10 * 10
        return [f"{year}-{month:02}", str(year), f"{decade}-{decade + 9}"][level]
    return value


@cache
def values_of(name, text):
    """All values that a label may stand for; nothing for `*`, which may stand for any."""
    if text == "*":
        return None
    if text == "":
        return {""}
    if name == "annee":
        first, _, last = text.partition("-")
        return set(range(int(first), int(last or first) + 1))
    if name == "code":
        return {code for code in CODES if text == code or holds_code(text, code)} or {text}
    if name == "revenus" and text.endswith("+"):
        return set(range(int(text[:-1]) // 1000, 10_000))
    if name == "revenus":
        cut = text.index("-", 1)
        return set(range(int(text[:cut]) // 1000, int(text[cut + 1 :]) // 1000))
    if name == "mois":
        if len(text) == 7:
            return {text}
        first, _, last = text.partition("-")
        years = range(int(first), int(last or first) + 1)
        return {f"{year}-{month:02}" for year in years for month in range(1, 13)}
    return {text}


def holds_code(text, code):
    """Whether a label of a département (`75 Paris`) or of a region has a postal code in it."""
    number = ISLANDS.get(code) or (code[:3] if code >= "97" else code[:2])
    if number == "20":
        number = "2A" if code < "20200" else "2B"
    return text.startswith(f"{number} ") or number in REGIONS.get(text, "").split()


@cache
def meet(name, one, other):
    if one == other:
        return True
    one, other = values_of(name, one), values_of(name, other)
    return one is None or other is None or bool(one & other)


def population(program, generator, folder, people, chance):
    """The differences of two releases of a population, by rows and by persons."""
    made = folder / "generated.csv"
    changed = max(1, people // 300)
    words = ["--rows", str(people + changed), "--people", "skewed", "--output", str(made)]
    subprocess.run([generator, *words], check=True)
    with open(made, newline="", encoding="utf-8") as file:
        everybody = [{name: row[theirs] for name, theirs in GENERATED.items()} for row in csv.DictReader(file)]
    CODES.update(code for row in everybody for code in [row["adresse"].rpartition(",")[2].strip()[:5]] if code.isdigit())
    values_of.cache_clear(), meet.cache_clear()
    rules = folder / "population.toml"
    rules.write_text(RULES + PERSONS, encoding="utf-8")
    rows, releases, indexes = everybody[:people], [], []
    for path, k in [("old.csv", 5), ("new.csv", 8)]:
        chance.shuffle(rows)
        header, release, index = published(program, folder, rules, rows, (path, k))
        releases.append(release)
        indexes.append(index)
        # A night later as many have gone, come and moved.
        rows = rows[changed:] + everybody[people:]
        for row in rows[:changed]:
            row["adresse"] = chance.choice(everybody)["adresse"]
    found = []
    for persons in (False, True):
        told = tell(program, folder, rules, ["--person" if persons else "--ignore", "jeton"])
        found += told if isinstance(told, list) else differences(told, header, persons, releases, indexes)
        print(f"population, by {'persons' if persons else 'rows'}: {json.dumps(told['candidates'])}, linked {told['linked']}")
    return found


def published(program, folder, rules, rows, how):
    """A release of these rows as the program publishes it: its header, its rows with whose each is, and its index."""
    path, k = how
    tokens = {}
    with open(folder / "export.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*GENERATED, "jeton"])
        for row in rows:
            token = tokens.setdefault(row["client"], f"P{len(tokens)}x")
            writer.writerow([*row.values(), token])
    command = [program, str(folder / "export.csv"), "-r", str(rules), "-qq", "--k", str(k), "--person", "client"]
    subprocess.run([*command, "-o", str(folder / path)], check=True)
    with open(folder / path, newline="", encoding="utf-8") as file:
        header, *cells = csv.reader(file)
    own = [at for at, name in enumerate(header) if name not in ("Index_rd", "jeton")]
    jeton, index = header.index("jeton"), header.index("Index_rd")
    release = [(row[jeton], [row[at] for at in own]) for row in cells]
    return [header[at] for at in own], release, [int(row[index]) for row in cells]


def compared(program, folder, rules, pair, chance):
    header, persons, indexed, releases = pair
    indexes = []
    for path, rows in zip(["old.csv", "new.csv"], releases):
        index = chance.sample(range(len(rows) * 2 + 1), len(rows))
        if chance.random() < 0.3:
            index = list(range(1, len(rows) + 1))
        indexes.append(index)
        with open(folder / path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["Index_rd"] * indexed + ["jeton"] * persons + header)
            for number, (person, cells) in zip(index, rows):
                writer.writerow([number] * indexed + [person] * persons + cells)
    if all(not rows for rows in releases):
        return []
    threads = str(chance.choice([1, 2, 3]))
    told = tell(program, folder, rules, ["-j", threads, *(["--person", "jeton"] if persons else [])])
    return told if isinstance(told, list) else differences(told, header, persons, releases, indexes if indexed else None)


def tell(program, folder, rules, more):
    """What the program tells of the two files, or why it does not."""
    command = [program, "compare", str(folder / "old.csv"), str(folder / "new.csv"), "-r", str(rules), "--header"]
    done = subprocess.run([*command, "--format", "json", *more], capture_output=True, text=True)
    if done.returncode != 0:
        return [f"status {done.returncode}: {done.stderr.strip()}"]
    return json.loads(done.stdout)["comparisons"][0]


def differences(told, header, persons, releases, indexes):
    expected = Recount(header, persons, releases).figures(indexes)
    for side in ("old", "new"):
        told[side].pop("path", None)
    return [f"{what}: told {told[what]}, counted {expected[what]}" for what in expected if told[what] != expected[what]]


def members(bits):
    """The places of the bits that are set."""
    text = bin(bits)[:1:-1]
    at = text.find("1")
    while at >= 0:
        yield at
        at = text.find("1", at + 1)


class Recount:
    """Two releases, and which of their rows may be the same."""

    def __init__(self, header, persons, releases):
        self.header = header
        self.old, self.new = [[tuple(cells) for _, cells in rows] for rows in releases]
        self.holders = [
            [person if persons and person else ("row", at) for at, (person, _) in enumerate(rows)] for rows in releases
        ]
        self.quasi = [at for at, name in enumerate(header) if name in QUASI]
        self.sensitive = [at for at, name in enumerate(header) if name in SENSITIVE]

    def may_be(self, one, other, columns):
        return all(meet(self.header[at], one[at], other[at]) for at in columns)

    def links(self, columns):
        """For each row of the newer release its partners, and the other way round."""
        return self.partners(self.new, self.old, columns), self.partners(self.old, self.new, columns)

    def partners(self, rows, others, columns):
        """For each row the others that it may be; rows that are alike share a list."""
        by_label = {at: defaultdict(list) for at in columns}
        for other, cells in enumerate(others):
            for at in columns:
                by_label[at][cells[at]].append(other)
        sets = {
            at: {label: self.set_of(at, label, by_label[at]) for label in {cells[at] for cells in rows}} for at in columns
        }
        known, result = {}, []
        for cells in rows:
            key = tuple(cells[at] for at in columns)
            if key not in known:
                found = (1 << len(others)) - 1
                for at in columns:
                    found &= sets[at][cells[at]]
                known[key] = list(members(found))
            result.append(known[key])
        return result

    def set_of(self, at, label, others):
        """The rows whose label may stand for a value of this one, as the bits of a number."""
        bits = bytearray(1 + max((rows[-1] for rows in others.values()), default=0) // 8)
        for other, rows in others.items():
            if meet(self.header[at], label, other):
                for row in rows:
                    bits[row // 8] |= 1 << row % 8
        return int.from_bytes(bits, "little")

    def of_old(self, rows):
        return {self.holders[0][row] for row in rows}

    def of_new(self, rows):
        return {self.holders[1][row] for row in rows}

    def linked(self, forth, back, alike):
        """Holders of the newer release that are linked; `alike` are the rows that a row cannot be told from."""
        found = set()
        for new in range(len(self.new)):
            own = self.of_new(alike[new])
            if len(own) != 1 or len(self.of_old(forth[new])) != 1:
                continue
            if self.of_new(at for old in forth[new] for at in back[old]) == own:
                found |= own
        return found

    def figures(self, indexes):
        everything = range(len(self.header))
        forth, back = self.links(everything)
        quasi_forth, quasi_back = self.links(self.quasi)
        classes = [self.classes(rows) for rows in (self.old, self.new)]
        alike = defaultdict(list)
        for at, row in enumerate(self.new):
            alike[row].append(at)
        same = [alike[row] for row in self.new]
        linked = self.linked(forth, back, same)
        by_quasi = self.linked(quasi_forth, quasi_back, [classes[1][self.key(row)] for row in self.new])
        fewest, together, alone, seen = {}, defaultdict(set), defaultdict(set), {}
        for at, row in enumerate(self.new):
            own = classes[1][self.key(row)]
            candidates, certain = self.candidates(at, own, (seen, classes[0]), (forth, back))
            holder = self.holders[1][at]
            fewest[holder] = min(candidates, fewest.get(holder, candidates))
            for column in self.sensitive:
                if len({self.new[row][column] for row in own}) == 1:
                    alone[column].add(holder)
                if column in certain:
                    together[column].add(holder)
        everybody = self.of_new(range(len(self.new)))
        with_partner = lambda partners: (row for row, found in enumerate(partners) if found)  # noqa: E731
        newcomers = everybody - self.of_new(with_partner(forth))
        sizes = sorted(fewest.values())
        under = lambda limit: bisect_left(sizes, limit)  # noqa: E731
        return {
            "old": {"rows": len(self.old), "counted": len(self.of_old(range(len(self.old))))},
            "new": {"rows": len(self.new), "counted": len(everybody)},
            "linked": {"all_columns": len(linked), "quasi_identifying": len(by_quasi)},
            "candidates": {
                "least": sizes[0] if sizes else 0,
                "one": under(2),
                "under": {"3": under(3), "5": under(5), "11": under(11)},
            },
            "newcomers": {
                "all": len(newcomers),
                "quasi_identifying": len(newcomers - self.of_new(with_partner(quasi_forth))),
                "alone": sum(fewest[holder] == 1 for holder in newcomers),
                "under_5": sum(fewest[holder] < 5 for holder in newcomers),
            },
            "gone": len(self.of_old(range(len(self.old))) - self.of_old(with_partner(back))),
            "certain": [
                {"column": self.header[at], "new_alone": len(alone[at]), "together": len(together[at])}
                for at in self.sensitive
            ],
            "order": self.order(forth, back),
            "index": self.index(indexes) if indexes else None,
        }

    def key(self, row):
        return tuple(row[at] for at in self.quasi)

    def classes(self, rows):
        classes = defaultdict(list)
        for at, row in enumerate(rows):
            classes[self.key(row)].append(at)
        return classes

    def candidates(self, at, own, old_classes, links):
        """How many candidates a row has, and the sensitive columns that are certain."""
        (seen, older), (forth, back) = old_classes, links
        if not forth[at]:
            newcomers = [row for row in own if not forth[row]]
            return len(self.of_new(newcomers)), self.certain(newcomers)
        best = []
        for key in {self.key(self.old[row]) for row in forth[at]}:
            pair = (self.key(self.new[at]), key)
            if pair not in seen:
                other, these = set(older[key]), set(own)
                mine = [row for row in own if not other.isdisjoint(forth[row])]
                theirs = [row for row in other if not these.isdisjoint(back[row])]
                seen[pair] = min(len(self.of_new(mine)), len(self.of_old(theirs))), self.certain(mine)
            best.append(seen[pair])
        most = max(number for number, _ in best)
        return most, set.intersection(*(certain for number, certain in best if number == most))

    def certain(self, rows):
        return {at for at in self.sensitive if len({self.new[row][at] for row in rows}) == 1}

    def order(self, forth, back):
        both = zip(self.old, self.new)
        everything = range(len(self.header))
        pairs = [
            (new, forth[new][0])
            for new in range(len(self.new))
            if len(forth[new]) == 1 and len(back[forth[new][0]]) == 1
        ]
        ends = []
        for _, old in pairs:
            place = bisect_left(ends, old)
            ends[place : place + 1] = [old]
        return {
            "same_position": sum(self.may_be(old, new, everything) for old, new in both),
            "linked_pairs": len(pairs),
            "in_order": len(ends),
        }

    def index(self, indexes):
        older = Counter(indexes[0])
        place = {index: at for at, index in enumerate(indexes[0])}
        same = [(place[index], at) for at, index in enumerate(indexes[1]) if older[index] == 1]
        everything = range(len(self.header))
        agree = sum(self.may_be(self.old[old], self.new[new], everything) for old, new in same)
        return {"same": len(same), "agree": agree}


def parse_options():
    parser = argparse.ArgumentParser(description="Recount what crm-anon compare tells.")
    parser.add_argument("--binary", help="the program; without it, cargo builds one")
    parser.add_argument("--generator", help="benches/generate, built; without it, cargo builds it")
    parser.add_argument("--tables", type=int, default=300, help="random pairs of releases")
    parser.add_argument("--people", type=int, default=20_000, help="rows of the population; 0 for none [default: 20000]")
    parser.add_argument("--seed", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
