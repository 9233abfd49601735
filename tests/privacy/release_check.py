#!/usr/bin/env python3
"""Ten nights of `crm-anon --release`: count, the plainest way there is, among how many persons anybody is.

Why: a release promises that any of its outputs together tell no more than one. The program decides that by keyed
hashes and groups; this knows who everybody is, and counts persons.

* Over all nights: of a person, the persons who were published on the same nights as that one, each night in the same
  class (the same quasi-identifying labels). Whoever knows the person's values and has all outputs has no fewer candidates. It is
  counted of people whose every row can be told by its other cells (a mark that the output publishes).
* By pairs of nights, without that mark, as `compare` defines candidates: rows of the class with a partner, and newcomers.
* `crm-anon compare` of all outputs, which has to say the same of the least.
* Every published label holds the person's true value, k holds in every output, and what is not published is told in
  the manifest.

Each night a share of the rows changes: a third of them leave, as many come, and of as many a value is another.

Usage: python3 tests/privacy/release_check.py [--binary PROGRAM] [--people N] [--nights N] [--changed P] [--seed N]
                                              [--whole] [-- OPTION...]
With --whole, the people are the skewed ones of the benchmarks (benches/generate) and the rule table is the built-in one; then
there is no mark. What stands behind -- goes to each run. Needs: Python 3.9 or later; cargo, where no program is given. Exit status: 0 all held, 1 if not.
"""

import argparse
import csv
import itertools
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from program import built

K = 5
PLACES = {
    "75011": ["75 Paris", "Île-de-France"],
    "75020": ["75 Paris", "Île-de-France"],
    "92100": ["92 Hauts-de-Seine", "Île-de-France"],
    "69001": ["69 Rhône", "Auvergne-Rhône-Alpes"],
    "38000": ["38 Isère", "Auvergne-Rhône-Alpes"],
}
RULES = """version = 1
index = "Index_rd"
[privacy]
k = 5
person = "client"
max_suppressed = "40%"
[columns.client]
rule = "drop"
attribute = "identifying"
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
rule = { bucket = { width = 5_000 } }
as = "revenus"
attribute = "sensitive"
[columns.points]
rule = "keep"
attribute = "sensitive"
[columns.formule]
rule = "keep"
attribute = "insensitive"
"""
MARK = """[columns.marque]
rule = "keep"
attribute = "insensitive"
"""
QUASI = ["annee", "code", "sexe"]
MARKS = itertools.count(1)


def main() -> int:
    options = parse_options()
    wrong = []
    options.binary = options.binary or built()
    if options.whole:
        options.generator = options.generator or built("--example", "generate")
        wrong += generated(options)
    else:
        for marked in (True, False):
            wrong += own_people(options, marked)
    for line in wrong:
        print(f"WRONG {line}")
    return 1 if wrong else 0


def own_people(options, marked):
    chance = random.Random(options.seed + marked)
    people = {number: person(chance, number) for number in range(options.people)}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "rules.toml").write_text(RULES + (MARK if marked else ""), encoding="utf-8")
        keygen(options, folder)
        nights = []
        for night in range(options.nights):
            if night:
                change(chance, people, options.changed, person, changed_value)
            rows = list(people.values())
            chance.shuffle(rows)
            write(folder / "export.csv", rows)
            nights.append(run(options, folder, night, ["-r", str(folder / "rules.toml")]))
            nights[-1]["truth"] = dict((row["marque"], row) for row in rows)
        print(f"{'marked' if marked else 'unmarked'}: {options.people} people, {options.changed:.1%} of rows changed a night")
        table(nights)
        wrong = every_output(nights, marked)
        wrong += over_all_nights(nights) if marked else by_pairs(nights)
        return wrong + compared(options, folder, ["-r", str(folder / "rules.toml")])


def person(chance, number):
    """Somebody new: skewed places and years, as people are."""
    year = int(chance.triangular(1940, 2004, 1985))
    place = chance.choices(list(PLACES), weights=[50, 25, 12, 8, 5])[0]
    return {
        "client": f"C{number:06}",
        "naissance": f"{year}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        "adresse": f"{chance.randint(1, 90)} rue des Lilas, {place} Ville",
        "sexe": chance.choice("FH"),
        "salaire": f"{int(chance.lognormvariate(10.3, 0.5))}",
        "points": str(min(chance.randrange(13), chance.randrange(13))),
        "formule": chance.choice(["tiers", "tous risques", "vol, bris", 'dit "plus"']),
        # A number drawn at random would be that of two persons now and then, if there are a hundred thousand.
        "marque": f"m{next(MARKS):09}",
    }


def changed_value(chance, row):
    """The same person with another value: another row, so with another mark."""
    column = chance.choice(["adresse", "salaire", "points", "formule"])
    other = person(chance, 0)
    return {**row, column: other[column], "marque": other["marque"]}


def change(chance, people, share, make, alter):
    """A night later: a third of the changed rows leave, as many come, of as many a value is another."""
    each = max(1, round(len(people) * share / 3))
    numbers = chance.sample(sorted(people), 2 * each)
    for number in numbers[:each]:
        del people[number]
    for number in numbers[each:]:
        people[number] = alter(chance, people[number])
    first = max(people) + 1
    for number in range(first, first + each):
        people[number] = make(chance, number)


def keygen(options, folder):
    key = folder / "release.key"
    subprocess.run([options.binary, "keygen", "release", "-o", str(key)], check=True, capture_output=True)


def run(options, folder, night, rules):
    """One night: the output, the manifest and the seconds; and the seconds of a run without a release."""
    output, manifest = folder / f"night{night}.csv", folder / "run.json"
    words = [options.binary, str(folder / "export.csv"), *rules, "-qq", "--k", str(K)]
    kept = ["--release", str(folder / "kept"), "--key", str(folder / "release.key")]
    tells = ["-o", str(output), "--manifest", str(manifest), "--journal", str(folder / "journal.jsonl")]
    seconds = timed(words + kept + tells + options.more)
    plain = timed(words + ["-o", str(folder / "plain.csv"), "--manifest", str(folder / "plain.json")] + options.more)
    told = json.loads(manifest.read_text())
    alone = json.loads((folder / "plain.json").read_text())
    with open(output, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    size = (folder / "kept" / "state").stat().st_size
    return {
        "rows": rows, "told": told, "seconds": seconds, "plain": plain, "size": size,
        "loss": told["privacy"]["loss"], "loss_plain": alone["privacy"]["loss"],
    }


def timed(words):
    begin = time.monotonic()
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(words)}\nended with {done.returncode}: {done.stderr}")
    return time.monotonic() - begin


def table(nights):
    print("| night | rows read | published | new | waiting | retired | groups | loss | loss of --k | s | s of --k | state |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for number, night in enumerate(nights, 1):
        told, kept = night["told"], night["told"]["release"]
        print(
            f"| {number} | {told['rows_read']} | {told['rows_written']} | {kept['rows_new']} | {kept['rows_waiting']} "
            f"| {kept['rows_retired']} | {kept['groups']} | {night['loss']:.4f} | {night['loss_plain']:.4f} "
            f"| {night['seconds']:.2f} | {night['plain']:.2f} | {night['size'] / 1e6:.1f} MB |"
        )


def class_of(row):
    return tuple(row[name] for name in QUASI)


def every_output(nights, marked):
    wrong = []
    for number, night in enumerate(nights, 1):
        told, kept = night["told"], night["told"]["release"]
        least = min(Counter(map(class_of, night["rows"])).values())
        if least < K:
            wrong.append(f"night {number}: a class of {least}")
        held = kept["rows_waiting"] + kept["rows_retired"]
        if told["rows_read"] != told["rows_written"] + held or told["rows_written"] != len(night["rows"]):
            wrong.append(f"night {number}: {told['rows_read']} rows read, {len(night['rows'])} written, {held} held back")
        if kept["number"] != number:
            wrong.append(f"night {number}: the release is at number {kept['number']}")
        if not marked:
            continue
        for row in night["rows"]:
            true = night["truth"][row["marque"]]
            values = {"annee": int(true["naissance"][:4]), "code": true["adresse"][-11:-6], "sexe": true["sexe"]}
            if not all(holds(row[name], name, values[name]) for name in QUASI):
                wrong.append(f"night {number}: a label does not hold the person's value")
    return wrong


def span(text):
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def holds(label, name, value):
    if label == "*":
        return True
    if name == "annee":
        return span(label)[0] <= value <= span(label)[1]
    return label == value or name == "code" and label in PLACES[value]


def over_all_nights(nights):
    """Everybody's trajectory: the class of each night, nothing where the person was not published."""
    trajectories = defaultdict(lambda: [None] * len(nights))
    for number, night in enumerate(nights):
        for row in night["rows"]:
            trajectories[row["marque"]][number] = class_of(row)
    wrong = []
    by_class = defaultdict(list)
    for mark, own in trajectories.items():
        for number, label in enumerate(own):
            if label:
                by_class[number, label].append(mark)
    least = None
    for mark, own in trajectories.items():
        among = None
        for number, label in enumerate(own):
            if label:
                there = set(by_class[number, label])
                among = there if among is None else among & there
        least = len(among) if least is None else min(least, len(among))
        if len(among) < K:
            wrong.append(f"over all nights: {len(among)} candidates")
    print(f"over all {len(nights)} nights: {len(trajectories)} marks, the least candidates of anybody {least}")
    return wrong


def meet(name, one, other):
    if one == other or "*" in (one, other):
        return True
    if name == "annee":
        (a, b), (c, d) = span(one), span(other)
        return a <= d and c <= b
    if name == "code":
        return any((one == code or one in outer) and (other == code or other in outer) for code, outer in PLACES.items())
    return False


def by_pairs(nights):
    """Candidates of every row of a night beside every night before, as compare defines them."""
    wrong, least, pairs = [], None, 0
    for new in range(len(nights)):
        for old in range(new):
            pairs += 1
            found = min(candidates(nights[old]["rows"], nights[new]["rows"]))
            least = found if least is None else min(least, found)
            if found < K:
                wrong.append(f"nights {old + 1} and {new + 1}: {found} candidates")
    print(f"{pairs} pairs of nights: the least candidates of any row {least}")
    return wrong


def candidates(old, new):
    others = [name for name in new[0] if name not in QUASI and name != "Index_rd"]
    beside = lambda row: tuple(row[name] for name in others)
    by_beside = defaultdict(list)
    for at, row in enumerate(old):
        by_beside[beside(row)].append(at)
    partners = [
        [at for at in by_beside[beside(row)] if all(meet(name, old[at][name], row[name]) for name in QUASI)] for row in new
    ]
    classes = defaultdict(list)
    for at, row in enumerate(new):
        classes[class_of(row)].append(at)
    result = []
    for members in classes.values():
        news, olds = defaultdict(set), defaultdict(set)
        for at in members:
            for partner in partners[at]:
                news[class_of(old[partner])].add(at)
                olds[class_of(old[partner])].add(partner)
        newcomers = sum(1 for at in members if not partners[at])
        for at in members:
            found = [min(len(news[own]), len(olds[own])) for own in {class_of(old[p]) for p in partners[at]}]
            result.append(max(found) if found else newcomers)
    return result


def compared(options, folder, rules):
    outputs = [str(folder / f"night{night}.csv") for night in range(options.nights)]
    words = [options.binary, "compare", *outputs, *rules, "--format", "json", "--log", "json"]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        return [f"compare ended with {done.returncode}: {done.stderr}"]
    pairs = json.loads(done.stdout)["comparisons"]
    least = [pair["candidates"]["least"] for pair in pairs]
    print(f"compare: {len(least)} pairs, the least candidates of any row {min(least)}")
    wrong = [] if len(least) == options.nights * (options.nights - 1) // 2 else ["compare left pairs out"]
    return wrong + [f"compare: {found} candidates" for found in least if found < K]


def generated(options):
    """The people of the benchmarks, under the built-in table."""
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        count = options.people + options.nights * max(1, round(options.people * options.changed / 3))
        source = folder / "all.csv"
        made = [options.generator, "--rows", str(count), "--people", "skewed", "--output", str(source)]
        subprocess.run(made, check=True)
        with open(source, newline="", encoding="utf-8") as file:
            everybody = list(csv.DictReader(file))
        people = dict(enumerate(everybody[: options.people]))
        keygen(options, folder)

        def alter(chance, row):
            column = chance.choice(["adresse", "revenus", "points_perdus", "etat_dossier", "formule", "tarif_devis"])
            return {**row, column: chance.choice(everybody)[column]}

        nights = []
        for night in range(options.nights):
            if night:
                change(chance, people, options.changed, lambda _, number: everybody[number], alter)
            rows = list(people.values())
            chance.shuffle(rows)
            write(folder / "export.csv", rows)
            nights.append(run(options, folder, night, ["--person", "id_client"]))
        print(f"built-in table: {options.people} people, {options.changed:.1%} of rows changed a night")
        table(nights)
        return compared(options, folder, [])


def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--generator", help="benches/generate, built")
    parser.add_argument("--people", type=int, default=1500)
    parser.add_argument("--nights", type=int, default=10)
    parser.add_argument("--changed", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("more", nargs="*", help="more options of each run, behind --")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
