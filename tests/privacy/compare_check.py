#!/usr/bin/env python3
"""Recount what `crm-anon compare` tells, on random pairs of releases, the plainest way there is.

Why: the program goes through hashes and trees of codes; this takes every row of one release with every row of the
other, and every label for the set of values that it stands for, written out value by value.

The definitions, which the guide has too:

* partners of a row are the rows of the other release of which every label may stand for the same value;
* a class is the rows with the same quasi-identifying labels; candidates of a row with partners are, for the older
  class in which most are found, the rows of its class with a partner in that one, or the rows of that one with a
  partner in its class, whichever are fewer; of a row without partners, the rows of its class without partners;
* a sensitive value is certain if all candidates have the same;
* a person is linked if one of their rows is, and has as few candidates as the most exposed of their rows.

Usage: python3 tests/privacy/compare_check.py [--binary PROGRAM] [--tables N] [--seed N]
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
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
YEARS = range(1975, 1995)
AMOUNTS = range(-40, 200, 10)  # thousands
PLACES = {
    "75011": ("75 Paris", "Île-de-France"),
    "75020": ("75 Paris", "Île-de-France"),
    "92100": ("92 Hauts-de-Seine", "Île-de-France"),
    "69001": ("69 Rhône", "Auvergne-Rhône-Alpes"),
    "38000": ("38 Isère", "Auvergne-Rhône-Alpes"),
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
    print(f"{options.tables} pairs, {failures} differences")
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
        return {code for code, outer in PLACES.items() if text == code or text in outer}
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


def meet(name, one, other):
    if one == other:
        return True
    one, other = values_of(name, one), values_of(name, other)
    return one is None or other is None or bool(one & other)


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
    command = [program, "compare", str(folder / "old.csv"), str(folder / "new.csv"), "-r", str(rules), "--header",
               "--format", "json", "-j", str(chance.choice([1, 2, 3]))]  # fmt: skip
    command += ["--person", "jeton"] if persons else ["--ignore", "jeton"] if "jeton" in header else []
    if all(not rows for rows in releases):
        return []
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        return [f"status {done.returncode}: {done.stderr.strip()}"]
    told = json.loads(done.stdout)["comparisons"][0]
    told.pop("memory_bytes")
    told["old"].pop("path"), told["new"].pop("path")
    expected = Recount(header, persons, releases).figures(indexes if indexed else None)
    return [f"{what}: told {told[what]}, counted {expected[what]}" for what in expected if told[what] != expected[what]]


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
        forth, back = defaultdict(list), defaultdict(list)
        distinct = defaultdict(list)
        for at, row in enumerate(self.old):
            distinct[row].append(at)
        for new, row in enumerate(self.new):
            for other, positions in distinct.items():
                if self.may_be(row, other, columns):
                    for old in positions:
                        forth[new].append(old)
                        back[old].append(new)
        return forth, back

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
        same = [[at for at, other in enumerate(self.new) if other == row] for row in self.new]
        linked = self.linked(forth, back, same)
        by_quasi = self.linked(quasi_forth, quasi_back, [classes[1][self.key(row)] for row in self.new])
        fewest, together, alone = {}, defaultdict(set), defaultdict(set)
        for at, row in enumerate(self.new):
            own = classes[1][self.key(row)]
            candidates, certain = self.candidates(at, own, classes[0], forth, back)
            holder = self.holders[1][at]
            fewest[holder] = min(candidates, fewest.get(holder, candidates))
            for column in self.sensitive:
                if len({self.new[row][column] for row in own}) == 1:
                    alone[column].add(holder)
                if column in certain:
                    together[column].add(holder)
        everybody = self.of_new(range(len(self.new)))
        newcomers = everybody - self.of_new(row for row in forth if forth[row])
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
                "quasi_identifying": len(newcomers - self.of_new(row for row in quasi_forth if quasi_forth[row])),
                "alone": sum(fewest[holder] == 1 for holder in newcomers),
                "under_5": sum(fewest[holder] < 5 for holder in newcomers),
            },
            "gone": len(self.of_old(range(len(self.old))) - self.of_old(row for row in back if back[row])),
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

    def candidates(self, at, own, older, forth, back):
        """How many candidates a row has, and the sensitive columns that are certain."""
        if not forth[at]:
            newcomers = [row for row in own if not forth[row]]
            return len(self.of_new(newcomers)), self.certain(newcomers)
        best = []
        for key in {self.key(self.old[row]) for row in forth[at]}:
            other = set(older[key])
            mine = [row for row in own if other & set(forth[row])]
            theirs = [row for row in other if set(back[row]) & set(own)]
            number = min(len(self.of_new(mine)), len(self.of_old(theirs)))
            best.append((number, self.certain(mine)))
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


def built():
    subprocess.run(["cargo", "build", "--quiet", "--locked"], cwd=REPOSITORY, check=True)
    told = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--no-deps"], cwd=REPOSITORY, check=True, capture_output=True
    )
    return str(Path(json.loads(told.stdout)["target_directory"]) / "debug" / "crm-anon")


def parse_options():
    parser = argparse.ArgumentParser(description="Recount what crm-anon compare tells.")
    parser.add_argument("--binary", help="the program; without it, cargo builds one")
    parser.add_argument("--tables", type=int, default=300, help="random pairs of releases")
    parser.add_argument("--seed", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
