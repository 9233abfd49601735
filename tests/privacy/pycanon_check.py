#!/usr/bin/env python3
"""Compare `crm-anon audit` with pycanon, figure by figure, on UCI Adult and on generated customer files.

Why: a measure of anonymity that is wrong is worse than none, and its author's own tests share its author's errors.
pycanon is another implementation, by other people, of the same published definitions. For each set of columns below
this compares k, unique rows with all columns and without each, rows in classes of fewer than 3, 5 and 11, the number of
classes, and for each sensitive column distinct l, entropy l and t.

Where pycanon computes something else than what was published, it is brought to the definition as follows:

* entropy l: pycanon cuts exp(H) to a whole number; that number is compared with the floor of ours, and exp(H) itself
  with SciPy's entropy over pycanon's own classes;
* t of a column whose values are all numbers or brackets `LO-HI` (but for missing ones): pycanon uses the ordered
  distance only for columns of numbers, and would take brackets for categories. Li, Li and Venkatasubramanian (ICDE
  2007) define it over the rank of any ordered value, so pycanon is given the ranks, found here;
* in such a column a missing value has no rank: t is that of the rows which have a value, or the difference between the
  shares of missing values where that is more;
* a missing value is a category of its own, as an empty text, in every column.

Usage: python3 tests/privacy/pycanon_check.py [--binary PROGRAM] [--adult FILE] [--rows N] [--only NAME,…]
Needs: Python 3.9 or later with venv, pip; cargo, where no program is given. Exit status: 0 all equal, 1 if not.
"""

import argparse
import json
import math
import os
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from program import REPOSITORY, built

PACKAGES = ["pycanon==1.3.6", "pandas>=2,<3", "scipy>=1.11"]
NUMBER = r"[+-]?[0-9]+(?:[.,][0-9]+)?"
BRACKET = re.compile(rf"({NUMBER})(?:-({NUMBER}))?")
TOLERANCE = 1e-9

# Name, quasi-identifying columns, sensitive columns.
ADULT = [
    ("coarse", ["sex", "race"], ["salary-class", "occupation", "age"]),
    ("single column", ["education"], ["age", "workclass"]),
    ("person", ["sex", "age", "race"], ["occupation", "salary-class"]),
    ("family", ["marital-status", "native-country", "sex"], ["age", "education"]),
    ("work", ["education", "workclass"], ["age", "salary-class"]),
    ("origin", ["age", "native-country"], ["salary-class", "marital-status"]),
    ("eight", ["sex", "age", "race", "marital-status", "education", "native-country", "workclass", "occupation"],
     ["salary-class"]),
]  # fmt: skip
CUSTOMERS = [
    ("coarse", ["sexe", "enfant_conduite_accompagne"], ["Tranche_revenus", "etat_dossier", "points_perdus"]),
    ("vehicle", ["type_vehicule", "usage_vehicule", "sexe"], ["Tranche_tarif_devis", "formule"]),
    ("occupation", ["metier"], ["Tranche_revenus", "formation"]),
    ("year and sex", ["Annee_naissance", "sexe"], ["Tranche_valeur_residence_prin", "age_vehicule"]),
    ("place", ["Code_postal"], ["formule", "points_perdus"]),
    ("person", ["Annee_naissance", "Code_postal", "sexe"], ["etat_dossier"]),
]


def main() -> int:
    options = parse_options()
    options.work.mkdir(parents=True, exist_ok=True)
    binary = options.binary or built()
    customers = anonymised(binary, options)
    jobs = [(f"Adult: {name}", binary, options.adult, *columns) for name, *columns in ADULT]
    jobs += [(f"customers: {name}", binary, customers, *columns) for name, *columns in CUSTOMERS]
    if options.only:
        jobs = [job for job in jobs if any(job[0].startswith(name) for name in options.only)]
    if not jobs:
        raise SystemExit("no set of columns of that name")

    figures, differing = 0, []
    with ProcessPoolExecutor(options.processes) as pool:
        for job, compared in zip(jobs, pool.map(compare, jobs)):
            wrong = [line for line, equal in compared if not equal]
            differing += [f"{job[0]}: {line}" for line in wrong]
            figures += len(compared)
            print(f"{job[0]}: {len(compared)} figures, {len(wrong)} differ; " + "; ".join(line for line, _ in compared))
    for line in differing:
        print("DIFFERS", line)
    print(f"{len(jobs)} sets of columns, {figures} figures compared, {len(differing)} differ")
    return 1 if differing else 0


def parse_options():
    parser = argparse.ArgumentParser(description="Compare `crm-anon audit` with pycanon.")
    default_work = REPOSITORY / "target" / "pycanon"
    default_adult = REPOSITORY / "fixtures" / "adult" / "adult.csv.gz"
    parser.add_argument("--binary", help="a crm-anon that is built already")
    parser.add_argument("--generator", help="an example `generate` that is built already")
    parser.add_argument("--adult", type=Path, default=default_adult, help="the Adult table (%(default)s)")
    parser.add_argument("--rows", type=int, default=10_000, help="rows of the customer file (%(default)s)")
    parser.add_argument("--only", default="", help="names, or beginnings of names, between commas")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="sets compared at a time (%(default)s)")
    parser.add_argument("--work", type=Path, default=default_work, help="work folder (%(default)s)")
    options = parser.parse_args()
    options.work = options.work.resolve()
    options.only = [name for name in options.only.split(",") if name]
    return options


def anonymised(binary: str, options) -> Path:
    """A generated customer file as the built-in table publishes it."""
    generator = options.generator or built("--example", "generate")
    source, published = options.work / "customers.csv", options.work / "customers_anonymised.csv"
    published.unlink(missing_ok=True)
    subprocess.run([generator, "--rows", str(options.rows), "--output", str(source)], check=True)
    subprocess.run([binary, str(source), "-o", str(published)], check=True, stderr=subprocess.DEVNULL)
    return published


def compare(job) -> list:
    """The figures of one set of columns: each as a line, and whether both agree on it."""
    import pandas
    from pycanon import anonymity
    from pycanon.anonymity.utils.aux_anonymity import get_equiv_class
    from scipy.stats import entropy

    _, binary, path, quasi, sensitive = job
    audit = ["audit", str(path), "--quasi", ",".join(quasi), "--sensitive", ",".join(sensitive), "--format", "json"]
    ours = json.loads(subprocess.run([binary, *audit], check=True, stdout=subprocess.PIPE).stdout)
    rows = read(pandas, path)
    classes = get_equiv_class(rows, quasi)
    sizes = [len(rows_of) for rows_of in classes]
    compared = []

    def figure(name: str, mine, theirs, equal=None) -> None:
        equal = mine == theirs if equal is None else equal
        compared.append((f"{name} {mine}" if equal else f"{name} {mine} and not {theirs}", equal))

    figure("rows", ours["rows"], len(rows))
    figure("classes", ours["classes"], len(classes))
    figure("k", ours["k"], anonymity.k_anonymity(rows, quasi))
    figure("unique rows", ours["unique_rows"], sum(size for size in sizes if size == 1))
    for limit, mine in ours["rows_under"].items():
        figure(f"rows under {limit}", mine, sum(size for size in sizes if size < int(limit)))
    without = {each["column"]: each["unique_rows_without"] for each in ours["quasi_identifying"]}
    for column in quasi if len(quasi) > 1 else []:
        others = [other for other in quasi if other != column]
        alone = sum(len(rows_of) == 1 for rows_of in get_equiv_class(rows, others))
        figure(f"unique rows without {column}", without[column], alone)
    by_column = {each["column"]: each for each in ours["sensitive"]}
    figure("sensitive columns", sorted(by_column), sorted(sensitive))
    for column in sensitive:
        mine = by_column[column]
        ranks = ranks_of(rows[column].unique())
        figure(f"{column}: distance", mine["t_distance"], "equal" if ranks is None else "ordered")
        figure(f"{column}: l", mine["l_distinct"], anonymity.l_diversity(rows, quasi, [column]))
        whole, exact = mine["l_entropy"], anonymity.entropy_l_diversity(rows, quasi, [column])
        # exp(ln 3) is a little less than 3 in floating point, which pycanon then cuts to 2.
        figure(f"{column}: whole entropy l", math.floor(whole + TOLERANCE), exact,
               exact in (math.floor(whole - TOLERANCE), math.floor(whole + TOLERANCE)))  # fmt: skip
        least = min(entropy(rows[column].iloc[rows_of].value_counts()) for rows_of in classes)
        figure(f"{column}: entropy l", whole, math.exp(least), math.isclose(whole, math.exp(least), rel_tol=TOLERANCE))
        measured, absent = rows, 0.0
        if ranks is not None:
            present = rows[column] != ""
            absent = max(abs((~present.iloc[rows_of]).mean() - (~present).mean()) for rows_of in classes)
            measured = rows[present].reset_index(drop=True)
            measured = measured.assign(**{column: measured[column].map(ranks)})
        t = max(absent, float(anonymity.t_closeness(measured, quasi, [column])))
        figure(f"{column}: t", mine["t"], t, math.isclose(mine["t"], t, rel_tol=TOLERANCE, abs_tol=TOLERANCE))
    return compared


def read(pandas, path: Path):
    """The table, every cell as text, empty where it is missing."""
    header = pandas.read_csv(path, header=None, nrows=1, sep="\0", engine="python", encoding="utf-8-sig").iloc[0, 0]
    delimiter = max(",;\t", key=header.count)
    return pandas.read_csv(path, sep=delimiter, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def ranks_of(texts):
    """The rank of each text that is not missing, where all of these are numbers or brackets; else None."""
    found = {text: BRACKET.fullmatch(text) for text in texts if text}
    if not found or not all(found.values()):
        return None
    keys = {}
    for text, match in found.items():
        low = float(match[1].replace(",", "."))
        high = low if match[2] is None else float(match[2].replace(",", "."))
        if high < low:
            return None
        keys[text] = (low, high)
    order = {key: rank for rank, key in enumerate(sorted(set(keys.values())))}
    return {text: order[key] for text, key in keys.items()}


def install(folder: Path) -> str:
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES], check=True)
    return str(python)


if __name__ == "__main__":
    environment = parse_options().work / "venv"
    if Path(sys.prefix).resolve() != environment:
        sys.exit(subprocess.run([install(environment), *sys.argv]).returncode)
    sys.exit(main())
