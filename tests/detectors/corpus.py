#!/usr/bin/env python3
"""Make the labelled cells on which the detectors are measured: corpus.tsv.

Why columns and not loose cells: a checksum of one digit proves little, so what decides is how many of a column's
cells pass it. Every line is a column's name, a cell (with \\n, \\t and \\\\ for line feed, tab and backslash) and
the names of the detectors that must find something in it, with commas between.

The labels come from how a cell was made (values.py, negatives.py), from the published definitions and not from the
detectors. Where an independent library knows the kind, every value, right or wrong on purpose, is put to it:
python-stdnum (NIR, IBAN, Luhn, SIREN, SIRET, VAT, NISS, AVS), phonenumbers, and Python's own ipaddress and datetime.

Usage: python3 tests/detectors/corpus.py [--check]
Without --check it writes corpus.tsv; with it, it makes the cells again, puts them to the libraries and compares.
Needs: pip install python-stdnum phonenumbers. Exit status: 0 right, 1 a library disagrees or the file differs.
"""

import argparse
import ipaddress
import random
import re
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import negatives
import phonenumbers
import values as v
from stdnum import iban, luhn
from stdnum.be import nn
from stdnum.ch import ssn
from stdnum.fr import nir, siren, siret, tva

FILE = Path(__file__).resolve().parent / "corpus.tsv"
SEED = 20_260_101
CELLS_OF_A_KIND = 60
CELLS_OF_A_NEGATIVE = 48

# Columns that hold one kind, all the way down.
KINDS = [
    ("email", v.email), ("phone", v.phone), ("phone", v.phone_international), ("phone", v.phone_national),
    ("phone", lambda r: "33" + v.phone_national(r)[1:]), ("nir", v.nir), ("nir", v.nir_bare), ("nir", v.nir_body),
    ("iban", v.iban), ("iban", v.iban_compact), ("card", v.card), ("card", v.card_compact), ("plate", v.plate_new),
    ("plate", v.plate_old), ("siren", v.siren), ("siret", v.siret), ("ip", v.ipv4), ("ip", v.ipv6), ("url", v.url),
    ("url", v.url_bare), ("date", v.date), ("date", v.date_compact), ("coordinates", v.coordinates),
    ("coordinates", v.coordinates_short), ("address", v.address), ("address", v.address_international),
    ("phone", v.phone_spelt), ("phone", v.phone_singles), ("phone", v.phone_lost_zero), ("phone", v.phone_float),
    ("phone", v.phone_33_float), ("phone", v.phone_belgian), ("phone", v.phone_swiss), ("nir", v.nir_spelt), ("nir", v.nir_float),
    ("iban", v.iban_spelt), ("rib", v.rib), ("rib", v.rib_compact), ("national_id", v.niss), ("national_id", v.niss_compact),
    ("national_id", v.avs), ("national_id", v.avs_compact), ("vat", v.vat), ("email", v.email_spelt), ("plate", v.plate_spelt),
    ("plate", v.plate_low_compact), ("date", v.date_in_words), ("date", v.date_short), ("date", v.born_recently), ("date", v.date_unpadded),
    ("address", v.street_and_number), ("address", v.address_code_first), ("address", v.address_town), ("address", v.address_abroad),
    ("date", v.born_in_digits), ("card", v.card_spelt),
]  # fmt: skip

# What people type into the wrong column, one at a time. No form that only a whole column can tell.
STRAYS = [
    ("email", v.email), ("phone", v.phone), ("phone", v.phone_international), ("nir", v.nir), ("iban", v.iban),
    ("card", v.card), ("plate", v.plate_new), ("plate", v.plate_old), ("siren", v.siren), ("siret", v.siret),
    ("ip", v.ip), ("url", v.url), ("url", v.url_bare), ("date", v.date), ("coordinates", v.coordinates),
    ("address", v.address), ("phone", v.phone_spelt), ("phone", v.phone_belgian), ("phone", v.phone_swiss), ("nir", v.nir_spelt),
    ("iban", v.iban_spelt), ("rib", v.rib), ("national_id", v.niss), ("national_id", v.avs), ("vat", v.vat), ("email", v.email_spelt),
    ("plate", v.plate_spelt), ("date", v.date_in_words), ("date", v.born_recently), ("address", v.address_code_first),
    ("address", v.address_town), ("address", v.address_abroad), ("date", v.born_in_digits), ("card", v.card_spelt),
]  # fmt: skip

AROUND = [
    "cf. {}", "{}", "tél {} (bureau)", "voir {}, merci", "né(e) : {}", "« {} »", "contact :{};", "[{}]", "à rappeler - {}",
    "{} / à vérifier", "note\u00a0: {}", "ref={}", "{}.", "œuvre n°{}", "client {} ok", "{} 75002 Paris", "le {} !",
]  # fmt: skip


def make():
    """Every (column, cell, labels), and every (kind, value) in a text, the same each time."""
    r = random.Random(SEED)
    rows, strays = [], []

    def stray(kind, value):
        strays.append((kind, value(r)))
        return around(r, kind).format(strays[-1][1])

    for number, (kind, value) in enumerate(KINDS):
        rows += [(f"{kind}_{number}", value(r), {kind}) for _ in range(CELLS_OF_A_KIND)]
    for name, value in negatives.COLUMNS:
        rows += [(name, value(r), set()) for _ in range(CELLS_OF_A_NEGATIVE)]
    # A kept column of job titles with one leftover of each kind, and nothing else.
    for number in range(3):
        cells = [(r.choice(negatives.JOBS), set()) for _ in range(60)]
        cells += [(stray(kind, value), {kind}) for kind, value in STRAYS]
        r.shuffle(cells)
        rows += [(f"planted_{number}", *cell) for cell in cells]
    # Notes: one or two leftovers in a sentence, or none.
    for number in range(2):
        for _ in range(400):
            chosen = r.sample(STRAYS, r.choice([0, 1, 1, 2]))
            parts = [r.choice(negatives.PROSE)] + [stray(kind, value) for kind, value in chosen]
            rows.append((f"notes_{number}", " ; ".join(parts), {kind for kind, _ in chosen}))
    return rows, strays


# Kinds that a postal code behind them would change.
PLAIN_BEHIND = ("siren", "phone", "plate", "nir", "card", "rib", "national_id", "vat", "address")


def around(r, kind):
    """Text around a value that does not make another value of the two."""
    fits = [text for text in AROUND if not (text.endswith("Paris") and kind in PLAIN_BEHIND or "tél" in text and kind in ("siren", "siret"))]
    return r.choice(fits)


def only(pattern, text):
    return re.sub(pattern, "", text)


MONTH = {cut: at for names in (v.MONTHS, v.ENGLISH) for at, name in enumerate(names, 1) for cut in (name.lower(), name[:3].lower(), name[:4].lower())}
MONTH |= {"févr": 2, "fevrier": 2, "juil": 7, "aout": 8, "decembre": 12, "sept": 9, "jui": 6}


def is_date(text):
    """Months by name become numbers first, English `July 23, 1985` a day before its month."""
    part = re.sub(r"^(née? le |DDN |ddn : |naissance : )", "", text).lower().replace("1er", "1").replace(" / ", "/")
    in_digits = re.fullmatch(r"(\d\d) ?(\d\d) ?(\d\d|\d{4})", part)
    if in_digits and (len(text) > len(part) or " " in part):
        part = "/".join(in_digits.groups())
    part = re.sub(r"^([a-z]+) (\d+), ", r"\2 \1 ", part)
    part = re.sub(r"[^\W\d_]{3,}", lambda m: str(MONTH.get(m[0], m[0])), part)
    if re.fullmatch(r"\d+[. -]+\d+[. -]+\d{4}", part):
        part = "/".join(re.findall(r"\d+", part))
    part = part.replace("t", " ").split(" ")[0]
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d", "%d/%m/%y", "%d-%m-%y", "%d.%m.%y", "%Y.%m.%d"):
        try:
            return 1900 <= datetime.strptime(part, form).year < 2100
        except ValueError:
            pass
    return False


def is_ip(text):
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def is_phone(text):
    """French as it stands, with the 0 or the + that it lost, or a neighbour's."""
    text = text.removesuffix(".0")
    text = only(r"[^\d+()]", text)
    if text.startswith(("330", "33")) and len(text) >= 11 or text.startswith("32") and len(text) == 11:
        text = "+" + text
    if len(text) == 9 and text[0] != "0":
        text = "0" + text
    return any(phonenumbers.is_valid_number(phonenumbers.parse(text, country)) for country in ("FR", "BE", "CH"))


def is_nir(text):
    """With its key; a body gets the one that belongs to it."""
    compact = only(r"[\s._/-]|NIR|\(?cl[ée]|: ", text.removesuffix(".0"))
    return nir.is_valid(compact if len(compact) == 15 else compact + nir.calc_check_digits(compact + "00"))


def is_iban(text):
    return iban.is_valid(only(r"[\s._/-]|IBAN", text).upper(), check_country=False)


def is_national_id(text):
    return nn.is_valid(only(r"[\s._/-]", text)) or ssn.is_valid(only(r"[\s._-]", text))


def is_vat(text):
    return tva.is_valid(only(r"[\s._-]|TVA", text.upper()))


def is_rib(text):
    """No library knows it; the whole number, letters as digits, is a multiple of 97."""
    compact = only(r"[\s./_-]|RIB|clé", text)
    return len(compact) == 23 and int("".join(v.RIB_LETTERS.get(c, c) for c in compact)) % 97 == 0


def is_card(text):
    return luhn.is_valid(only(r"[\s._/-]", text))


# Which library is asked, for values that make up a whole cell: column name to (question, the right answer).
QUESTIONS = {
    "nir": (is_nir, True), "iban": (is_iban, True), "card": (is_card, True), "siren": (siren.is_valid, True), "siret": (siret.is_valid, True),
    "ip": (is_ip, True), "date": (is_date, True), "phone": (is_phone, True), "national_id": (is_national_id, True), "vat": (is_vat, True),
    "rib": (is_rib, True), "wrong_nir": (is_nir, False), "wrong_iban": (is_iban, False), "wrong_card": (is_card, False),
    "wrong_siren": (siren.is_valid, False), "wrong_siret": (siret.is_valid, False), "wrong_date": (is_date, False),
    "wrong_ipv4": (is_ip, False), "wrong_niss": (is_national_id, False), "wrong_vat": (is_vat, False), "wrong_rib": (is_rib, False),
}  # fmt: skip


def disagreements(rows, strays):
    """Values of which a library says otherwise; and how many each was asked about."""
    asked, wrong = Counter(), []
    for column, cell, labels in rows + [(kind, value, {kind}) for kind, value in strays]:
        kind = column if column in QUESTIONS else column.rsplit("_", 1)[0] if labels else None
        if kind not in QUESTIONS:
            continue
        question, right = QUESTIONS[kind]
        # python-stdnum takes ASCII separators only.
        text = re.sub("[\u00a0\u202f]", " ", cell)
        asked[kind] += 1
        if question(text) != right:
            wrong.append(f"{column}: {cell!r} should be {right}")
    return asked, wrong


def escaped(cell):
    return cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def main():
    parser = argparse.ArgumentParser(description="Make the labelled cells on which the detectors are measured.")
    parser.add_argument("--check", action="store_true", help="compare with corpus.tsv instead of writing it")
    check = parser.parse_args().check
    rows, strays = make()
    asked, wrong = disagreements(rows, strays)
    for line in wrong:
        print("DISAGREEMENT", line)
    text = "".join(f"{column}\t{escaped(cell)}\t{','.join(sorted(labels))}\n" for column, cell, labels in rows)
    if not wrong and not check:
        FILE.write_text(text, encoding="utf-8", newline="\n")
    differs = not FILE.is_file() or FILE.read_text(encoding="utf-8") != text
    if differs:
        print(f"{FILE.name} is not what this script makes")
    counted = ", ".join(f"{kind} {count}" for kind, count in sorted(asked.items()))
    print(f"{len(rows)} cells; put to the libraries: {sum(asked.values())} ({counted}); disagreements: {len(wrong)}")
    return 1 if wrong or differs else 0


if __name__ == "__main__":
    sys.exit(main())
