#!/usr/bin/env python3
"""Makes departements.txt and postal_codes.bin, beside this file, from INSEE's official geographic code.

    python3 src/rules/geography/rebuild.py            # writes them
    python3 src/rules/geography/rebuild.py --check    # writes nothing; fails if they are not what would be written

Needs Python 3.9 or later and npm, which fetches the package named below. A newer year is a newer VERSION here,
in mod.rs and in the README; the counts that the tests hold change with it.
"""

import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path

PACKAGE = "@etalab/decoupage-administratif"
VERSION = "6.0.0"  # The official geographic code of 2026, with the populations in force that year.
FOLDER = Path(__file__).parent

# No part of France, but a postal code of its post: one that nothing is known of.
MONACO = ("980", "Monaco", "980", "Monaco")


def download():
    """The package's lists, by name."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"]
        packed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        with tarfile.open(Path(folder) / packed.stdout.split()[-1]) as archive:
            return {
                name: json.load(archive.extractfile(f"package/data/{name}.json"))
                for name in ("communes", "departements", "regions")
            }


def inhabitants(communes):
    """By postal code and département, how many people live there."""
    # Paris, Lyon and Marseille are listed twice: whole, and by arrondissement, which are the ones to count. Former
    # communes are part of the present ones.
    parts = [c for c in communes if c["type"] == "arrondissement-municipal"]
    divided = {part["commune"] for part in parts}
    whole = [c for c in communes if c["type"] == "commune-actuelle" and c["code"] not in divided]
    codes = defaultdict(Counter)
    for commune in parts + whole:
        # Without a population: the southern and antarctic lands, Clipperton.
        if "population" not in commune:
            continue
        # Nobody publishes who of a commune lives under which of its codes. Equal shares never count anybody twice.
        share = Fraction(commune["population"], len(commune["codesPostaux"]))
        for code in commune["codesPostaux"]:
            codes[code][commune["departement"]] += share
    return codes


def varint(number):
    """Seven bits a byte, the low ones first; the high bit says that more follow."""
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return encoded


def files(lists):
    """The files by name, and a line about them."""
    codes = inhabitants(lists["communes"])
    by_departement = defaultdict(list)
    for code, places in sorted(codes.items()):
        assert len(places) <= 2, f"{code} lies in three départements: mod.rs has room for two"
        for departement, people in places.items():
            by_departement[departement].append((int(code), int(people)))

    regions = {region["code"]: region["nom"] for region in lists["regions"]}
    departements = [(d["code"], d["nom"], d["region"], regions[d["region"]])
                    for d in lists["departements"] if d["code"] in by_departement]
    departements = sorted(departements + [MONACO])
    assert len(departements) == len(by_departement) + 1

    text = "".join(f"{code} {name};{region} {region_name}\n" for code, name, region, region_name in departements)
    # For each département in that order: how many codes, then for each its distance from the one before (the first:
    # from 0) and its people in this département, rounded down.
    packed = bytearray()
    for code, *_ in departements:
        listed = by_departement[code]
        packed += varint(len(listed))
        before = 0
        for number, people in listed:
            packed += varint(number - before) + varint(people)
            before = number

    small = sum(sum(places.values()) < 5000 for places in codes.values())
    straddling = sum(len(places) > 1 for places in codes.values())
    told = (f"{len(codes)} postal codes, {small} of fewer than 5000 inhabitants, {straddling} in two départements; "
            f"{len(packed)} bytes")
    return {"departements.txt": text.encode(), "postal_codes.bin": bytes(packed)}, told


def main():
    made, told = files(download())
    print(told)
    for name, content in made.items():
        if "--check" not in sys.argv:
            (FOLDER / name).write_bytes(content)
        elif (FOLDER / name).read_bytes() != content:
            sys.exit(f"{name} is not what {PACKAGE} {VERSION} gives")


if __name__ == "__main__":
    main()
