#!/usr/bin/env python3
"""Makes ages.bin, beside this file: the inhabitants of each département by sex and age.

    python3 src/rules/geography/rebuild_ages.py FILE [YEAR]            # writes it
    python3 src/rules/geography/rebuild_ages.py FILE [YEAR] --check    # fails if it is not what would be written

FILE is INSEE's "Estimation de population au 1er janvier, par département, sexe et âge quinquennal"
(https://www.insee.fr/fr/statistiques/8331297, Licence Ouverte 2.0): the workbook estim-pop-dep-sexe-aq-1975-2025.xlsx, or
the same as CSV with the columns year, dep_code, hommes_0_a_4_ans … hommes_95_ans_et_plus, femmes_… . YEAR is 2025 by
default; a newer one is a newer YEAR in people.rs.

For each département of departements.txt, in that order, ages.bin has one number for each of 20 ages of men, then as many
of women: 0 to 4 years on 1 January, 5 to 9 and so on, 95 and more; all 0 where INSEE gives none. Numbers are written seven
bits a byte, the low ones first; the high bit says that more follow. Needs Python 3.9 or later.
"""

import csv
import re
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

FOLDER = Path(__file__).parent
AGES = 20
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def of_csv(path, year):
    """By département, men and women by age."""
    people = {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["year"] == year:
                ages = [name for name in row if name.startswith("hommes_") and not name.endswith("total")]
                names = ages + [name.replace("hommes_", "femmes_") for name in ages]
                people[row["dep_code"]] = [int(row[name]) for name in names]
    return people


def of_workbook(path, year):
    """The same from the sheet of that year: code, name, then 21 columns of all, 21 of men, 21 of women, each ending with the total."""
    with zipfile.ZipFile(path) as archive:
        xml = lambda name: ElementTree.fromstring(archive.read(name))
        shared = ["".join(part.text or "" for part in item.iter(SPREADSHEET + "t"))
                  for item in xml("xl/sharedStrings.xml")]
        targets = {link.get("Id"): link.get("Target") for link in xml("xl/_rels/workbook.xml.rels")}
        sheets = {sheet.get("name").strip(): targets[sheet.get(RELATED)]
                  for sheet in xml("xl/workbook.xml").iter(SPREADSHEET + "sheet")}
        people = {}
        for row in xml("xl/" + sheets[year].removeprefix("/xl/")).iter(SPREADSHEET + "row"):
            cells = {}
            for cell in row:
                value = cell.find(SPREADSHEET + "v")
                if value is not None:
                    text = shared[int(value.text)] if cell.get("t") == "s" else value.text
                    cells[re.match("[A-Z]+", cell.get("r")).group()] = text
            code = cells.get("A", "").strip()
            if re.fullmatch(r"\d\d|2[AB]|97\d", code):
                numbers = [int(float(cells[letters(column)])) for column in range(2, 65)]
                people[code] = numbers[21:41] + numbers[42:62]
    return people


def letters(column):
    """The name of a column, counted from 0."""
    name = ""
    while column >= 0:
        name = chr(65 + column % 26) + name
        column = column // 26 - 1
    return name


def varint(number):
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return encoded


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    path, year = arguments[0], (arguments + ["2025"])[1]
    people = (of_workbook if path.endswith(".xlsx") else of_csv)(path, year)
    packed, known, total = bytearray(), 0, 0
    for line in (FOLDER / "departements.txt").read_text(encoding="utf-8").splitlines():
        numbers = people.get(line.split(" ")[0], [0] * 2 * AGES)
        assert len(numbers) == 2 * AGES, line
        known += any(numbers)
        total += sum(numbers)
        for number in numbers:
            packed += varint(number)
    print(f"{known} départements, {total} people on 1 January {year}; {len(packed)} bytes")
    if "--check" not in sys.argv:
        (FOLDER / "ages.bin").write_bytes(packed)
    elif (FOLDER / "ages.bin").read_bytes() != packed:
        sys.exit(f"ages.bin is not what {path} gives")


if __name__ == "__main__":
    main()
