#!/usr/bin/env python3
"""Compare what `crm-anon sql` prints, run by DuckDB, PostgreSQL, MariaDB, MySQL, ClickHouse and two versions of Spark,
with the main job, cell by cell.

Why: the query claims to do there exactly what the main job does here. So the same rows go through both:

* the generator's file of 50 000 rows under the built-in table, and its audit;
* every awkward cell of the unit tests under every rule: blank, skip and fail; amounts of 36 digits;
* names with quotes, blanks, accents and keywords in them; broken CSV files; line breaks in kept cells;
* texts that would end a literal, reach psql's own commands or name a variable; on PostgreSQL under both settings of
  standard_conforming_strings, on MariaDB, MySQL and Spark under the settings of a session that change how texts are read;
* `audit --sql` by persons, the levels of a global recoding, a table of figures;
* random rule tables and random cells, on DuckDB, MariaDB, MySQL and ClickHouse (--cases, 2 000 unless said otherwise; the seed
  is printed).

--sample is for an engine that starts slowly: the whole file, long amounts, the hostile texts and what stops a query, and random tables
that are wide, so that few queries have many rules.

It installs what it lacks (see engines.py) into --work, so CI fails where an engine is missing.

Needs: Python 3.9 or later with venv, pip, apt-get as root or the Debian packages postgresql and a Java runtime, cargo
where no program is given. Exit status: 0 all equal, 1 if not.
"""

import argparse
import concurrent.futures
import csv
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time

from engines import ENGINES, PACKAGES, Refused, prepare

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent


def main() -> None:
    options = parse_options()
    if options.here:
        compare(options)
        return
    # Two versions of Spark cannot be in one Python, so every engine has an environment of its own.
    for engine in options.only:
        environment(options, engine)
    if options.prepare:
        prepare(options.only)
        return
    program = options.program or build()
    os.environ.setdefault("TZ", time.tzname[0])
    commands = []
    for engine in options.only:
        python = options.work / f"venv-{engine}/bin/python"
        commands.append([str(python), *sys.argv, "--here", "--only", engine, "--program", str(program)])
    # Each has a folder of its own, so they may run at once.
    with concurrent.futures.ThreadPoolExecutor(len(commands) if options.at_once else 1) as workers:
        if any(done.returncode != 0 for done in workers.map(subprocess.run, commands)):
            raise SystemExit(1)


def compare(options: argparse.Namespace) -> None:
    """Compares one engine with the main job, in the engine's environment."""
    begin = time.perf_counter()
    (name,) = options.only
    options.work = options.work / f"run-{name}"
    options.work.mkdir(exist_ok=True)
    test = Test(options)
    engine = ENGINES[name](options.work)
    try:
        test.run(engine)
        if name in options.random:
            test.random_tables(engine)
    finally:
        engine.close()
    print(f"{name}: {test.cells} cells compared, all equal: {time.perf_counter() - begin:.0f} s", flush=True)


class Test:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.program, self.work = options, options.program, options.work
        self.cells = 0
        generate = [options.program.parent / "examples/generate", "--rows", str(options.rows), "--seed", "7", "--output"]
        self.generated = self.work / "generated.csv"
        subprocess.run([*generate, self.generated], check=True)

    def crm_anon(self, *arguments, status: int = 0) -> str:
        """Standard output of the program, or its messages where it is to fail."""
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8")
        if done.returncode != status:
            fail(f"crm-anon {arguments}: status {done.returncode}\n{done.stderr}")
        return done.stdout if status == 0 else done.stderr

    def main_job(self, path: pathlib.Path, *arguments) -> list[list[str]]:
        self.crm_anon(path, "-q", "--output-delimiter", ",", "-o", self.work / "out.csv", *arguments)
        return read(self.work / "out.csv")

    def query(self, engine, *arguments) -> str:
        copy = ["--copy-to", "-"] if engine.dialect == "postgresql" else []
        return self.crm_anon("sql", "--dialect", engine.dialect, *copy, *arguments)

    def run(self, engine) -> None:
        self.whole_file(engine)
        self.long_amounts(engine)
        if self.options.sample:
            self.hostile_texts(engine)
            self.line_breaks(engine)
            return
        self.awkward_cells(engine)
        self.names(engine)
        self.hostile_texts(engine)
        self.line_breaks(engine)
        self.persons(engine)
        self.levels(engine)
        self.figures(engine)
        if engine.reads_csv:
            self.csv_files(engine)

    def whole_file(self, engine) -> None:
        """The generated file: all cells but the index are the main job's, the audit is `audit`'s."""
        expected = self.main_job(self.generated, "--on-invalid", "blank")
        header, *rows = read(self.generated)
        if engine.reads_csv:
            source = ["--csv", self.generated]
        else:
            engine.load("base_client", header, rows)
            source = ["--columns", self.names_file(header)]
        came = engine.run(self.query(engine, *source, "--on-invalid", "blank"))
        check(came[0] == expected[0], f"header {came[0]}")
        index = [row[0] for row in came[1:]]
        check(len(set(index)) == len(rows), "the index is unique")
        check(all(text.isascii() and text.isdigit() and len(text) <= 15 for text in index), "an index of 15 digits at most")
        check([row[1:] for row in came[1:]] != [row[1:] for row in expected[1:]], "rows in another order")
        self.same(sorted(row[1:] for row in came[1:]), sorted(row[1:] for row in expected[1:]), "generated file")
        self.audit(engine, expected)

    def audit(self, engine, anonymised: list[list[str]]) -> None:
        figures = json.loads(self.crm_anon("audit", self.work / "out.csv", "--format", "json", "--sensitive", "points_perdus"))
        engine.load("base anonyme", anonymised[0], anonymised[1:])
        came = self.measured(engine, "--table", "base anonyme", "--sensitive", "points_perdus")
        expected = {name: figures[name] for name in ("rows", "classes", "k", "unique_rows")}
        expected |= {f"rows_under_{size}": rows for size, rows in figures["rows_under"].items()}
        expected["l_1"] = figures["sensitive"][0]["l_distinct"]
        for name, value in expected.items():
            check(str(value) == came[name], f"audit: {name} is {came[name]}, not {value}")

    def measured(self, engine, *arguments) -> dict[str, str]:
        """What `audit --sql` counts."""
        query = self.crm_anon("audit", "--sql", "--dialect", engine.dialect, *arguments)
        if engine.dialect == "postgresql":
            query = "COPY (" + query.rstrip(";\n") + "\n) TO STDOUT WITH (FORMAT csv, HEADER);\n"
        header, row = engine.run(query)
        return dict(zip(header, row))

    def persons(self, engine) -> None:
        """Persons with several rows, rows of nobody, and identifiers of two columns, counted as `audit` counts them."""
        chance = random.Random(5)
        header, rows = ["id", "agence", "a", "b", "s"], []
        for _ in range(300):
            person = chance.randrange(90)
            key = chance.choice([f" k{person}", f"k{person}\t", "NULL", "", " n/a "]) if chance.random() < 0.3 else f"k{person}"
            quasi = ["FM"[person % 2] if chance.random() < 0.8 else "X", str(person % 11)]
            rows.append([key, chance.choice([f"g{person % 3}", ""]), *quasi, str(chance.randrange(4))])
        path = self.work / "persons.csv"
        write(path, [header, *rows])
        engine.load("rows of persons", header, rows)
        for columns in (["id"], ["agence", "id"]):
            whose = [word for column in columns for word in ("--person", column)]
            counted = ["--quasi", "a,b", "--sensitive", "s", *whose]
            figures = json.loads(self.crm_anon("audit", path, "--format", "json", *counted))
            came = self.measured(engine, "--table", "rows of persons", *counted)
            expected = {name: figures[name] for name in ("classes", "k", "unique_rows")}
            expected |= {"rows": figures["persons"]["persons"], "l_1": figures["sensitive"][0]["l_distinct"]}
            expected |= {f"rows_under_{size}": rows for size, rows in figures["rows_under"].items()}
            check(came == {name: str(value) for name, value in expected.items()}, f"persons by {columns}: {came}, not {expected}")

    def levels(self, engine) -> None:
        """The levels of a global recoding give what that run gave."""
        table, manifest = self.work / "levels.toml", self.work / "manifest.json"
        header, *rows = read(self.generated)
        for at, (rules, k, rows) in enumerate([(LEVELS, 3, rows[:2000]), (KEPT_NUMBERS, 4, rows[:500])]):
            table.write_text(rules, encoding="utf-8")
            path = self.work / "levels.csv"
            write(path, [header, *rows])
            engine.load("base_client", header, rows)
            expected = self.main_job(path, "--rules", table, "--k", k, "--recoding", "global", "--manifest", manifest, "--max-suppressed", "20%")
            found = json.loads(manifest.read_text())["privacy"]
            check(found["suppressed"] > 0 and any(set(levels) - {"*", "as written"} for levels in found["levels"].values()), f"levels: {found['levels']}")
            arguments = ["--rules", table, "--columns", self.names_file(header), "--k-levels", manifest]
            came = engine.run(self.query(engine, *arguments))
            self.same(sorted(came), sorted(expected), f"levels {at}: {found['levels']}")
        # Fewer than k suppressed rows would be known for it.
        lost = header.index("points_perdus")
        other = next(row for row in rows if row[lost] != rows[0][lost])
        engine.load("base_client", header, [*(rows[:1] * 10), other])
        self.refused(engine, self.query(engine, *arguments), "rows would be suppressed")

    def figures(self, engine) -> None:
        """Counts by cell, where primary suppression is enough; where it is not, the query stops."""
        table = self.work / "figures.toml"
        header = ["id", "sexe", "formule"]
        chance = random.Random(6)
        rows = [[f"k{chance.randrange(400)}", chance.choice("FHX"), f"f{int(chance.expovariate(0.3))}"] for _ in range(700)]
        path = self.work / "figures.csv"
        write(path, [header, *rows])
        engine.load("figures", header, rows)
        for unit in ("", "unit = 'id'"):
            table.write_text(FIGURES + unit, encoding="utf-8")
            done = self.main_figures(path, table)
            query = self.query(engine, "--rules", table, "--table", "figures", "--columns", self.names_file(header), "--aggregate")
            came = sorted(engine.run(query))
            check(came[-1] == done[-1] == ["sexe", "formule", "n", "statut"], f"figures: {came[-1]}")
            check(sum(row[3] == "c" for row in came) > 2, "cells are suppressed")
            for row, other in zip(came, done, strict=True):
                check(row[:2] == other[:2], f"figures: {row}, not {other}")
                # The main job may suppress more, to cover.
                check(row == other or other[3] == "c" and int(row[2]) >= 11, f"figures: {row}, not {other}")
                self.cells += len(row)
        # One small cell is the difference between all persons and the others.
        few = [["a", "F", "x"]] * 3 + [[f"k{at}", "H", "x"] for at in range(50)]
        engine.load("figures", header, few)
        self.refused(engine, query, "secondary suppression")

    def main_figures(self, path: pathlib.Path, table: pathlib.Path) -> list[list[str]]:
        self.crm_anon("aggregate", path, "-q", "--rules", table, "-o", self.work / "out.csv")
        return sorted(read(self.work / "out.csv"))

    def refused(self, engine, query: str, message: str) -> None:
        try:
            engine.run(query)
        except Refused as refused:
            check(message in str(refused), str(refused))
        else:
            fail(f"{engine.dialect}: the query did not stop: {message}")

    def awkward_cells(self, engine) -> None:
        from cells import RULES, awkward

        cells = awkward(REPOSITORY)
        header = ["id", *(f"c{at}" for at in range(1, len(RULES) + 1))]
        rules = "\n".join(f"[columns.c{at}]\nrule = {rule}" for at, rule in enumerate(RULES, 1))
        table = self.work / "awkward.toml"
        table.write_text(f"version = 1\nindex = ''\n[columns.id]\nrule = 'keep'\nleftovers = 'ignore'\n{rules}\n", encoding="utf-8")
        rows = [[str(at), *([cell] * len(RULES))] for at, cell in enumerate(cells)]
        path = self.work / "awkward.csv"
        write(path, [header, *rows])
        engine.load("awkward", header, rows)
        arguments = ["--rules", table, "--table", "awkward", "--columns", self.names_file(header)]
        expected = self.main_job(path, "--rules", table, "--on-invalid", "blank")
        came = by_id(engine.run(self.query(engine, *arguments, "--on-invalid", "blank")))
        self.same(came, by_id(expected), "awkward cells", [header, *rows])
        # One column at a time: what is skipped under one rule may be valid under another.
        singles = range(1, len(RULES) + 1) if engine.dialect == "duckdb" else (1, 6, 8)
        for at in singles:
            one = [[row[0], row[at]] for row in [header, *rows]]
            write(path, one)
            expected = self.main_job(path, "--rules", table, "--on-invalid", "skip")
            arguments[-1] = self.names_file(one[0])
            came = by_id(engine.run(self.query(engine, *arguments, "--on-invalid", "skip")))
            self.same(came, by_id(expected), f"awkward cells under skip, {RULES[at - 1]}")
        self.fails(engine, table)

    def fails(self, engine, table: pathlib.Path) -> None:
        """Under `fail` an invalid cell stops the query, and no cell is in the message."""
        for column in ("c1", "c6", "c8"):
            header = ["id", column]
            engine.load("awkward", header, [["kept-canary", "canary-4711"]])
            query = self.query(engine, "--rules", table, "--table", "awkward", "--columns", self.names_file(header))
            try:
                engine.run(query)
            except Refused as refused:
                first = str(refused).split("== SQL")[0]
                check("canary" not in str(refused), f"no cell in the message: {refused}")
                check(f"crm-anon: column `{column}`: not " in first, f"the message names the column: {refused}")
            else:
                fail(f"{engine.dialect}: an invalid cell of {column} did not stop the query")
            valid = [["1", "NULL"], ["2", ""]]
            engine.load("awkward", header, valid)
            check(by_id(engine.run(query)) == [header, ["1", ""], ["2", ""]], "missing cells do not stop it")

    def long_amounts(self, engine) -> None:
        """Amounts of as many digits as are read, with either sign: an engine may compute with fewer."""
        rules = [f"{{ round = {{ to = {to} }} }}" for to in (1, 2, 100, 1_000_000_000_000_000)]
        rules += [f"{{ bucket = {{ width = {width} }} }}" for width in (1, 7, 50, 1_000_000_000_000_000)]
        rules += ["{ range = { edges = [-1_000_000, 0.5, 1_000_000] } }", "'yes_no'"]
        digits = ["88093035089092060300005262620023686", "999999999999999999999999999999999999", "123456789012345678901234567890123456"]
        digits += ["9" * count for count in (15, 16, 17, 19, 28, 29, 31, 34, 35)]
        cells = [sign + text + decimals for text in digits for sign in ("", "-") for decimals in ("", ",5", ",49")]
        columns = "".join(f"[columns.c{at}]\nrule = {rule}\n" for at, rule in enumerate(rules, 1))
        table = self.work / "long.toml"
        table.write_text(f"version = 1\nindex = ''\n[columns.id]\nrule = 'keep'\nleftovers = 'ignore'\n{columns}", encoding="utf-8")
        header = ["id", *(f"c{at}" for at in range(1, len(rules) + 1))]
        rows = [[str(at), *([cell] * len(rules))] for at, cell in enumerate(cells)]
        path = self.work / "long.csv"
        write(path, [header, *rows])
        engine.load("long_amounts", header, rows)
        expected = by_id(self.main_job(path, "--rules", table, "--on-invalid", "blank"))
        query = self.query(engine, "--rules", table, "--table", "long_amounts", "--columns", self.names_file(header), "--on-invalid", "blank")
        self.same(by_id(engine.run(query)), expected, "long amounts", [header, *rows])

    def names(self, engine) -> None:
        """Names of tables, columns and outputs that must be quoted."""
        names = ["select", "Ma Colonne", "l'âge", 'dou"ble', "ba`ck", "semi;colon", "--dash", "/* c */", "a\\b", "été.x", "$1", "%s"]
        table = self.work / "names.toml"
        parts = [f"[columns.{json.dumps(name, ensure_ascii=False)}]\nrule = 'keep'\nleftovers = 'ignore'\nas = {json.dumps('as ' + name, ensure_ascii=False)}\n" for name in names]
        table.write_text("version = 1\nindex = 'ordre \"d''index'\n".replace("''", "'").replace("index = 'ordre", "index = '''ordre").replace("d'index'", "d'index'''") + "".join(parts), encoding="utf-8")
        row = [f"cell {name}" for name in names]
        for name in ['ta"ble', "sel ect", "o'x", "tä`ble"]:
            engine.load(name, names, [row])
            path = '"' + name.replace('"', '""') + '"'
            came = engine.run(self.query(engine, "--rules", table, "--table", path, "--columns", self.names_file(names)))
            expected = [["ordre \"d'index", *("as " + each for each in names)], row]
            self.same([came[0], came[1][1:]], expected, f"names, {name}")

    def hostile_texts(self, engine) -> None:
        """Every text of a rule table stays a text: as a code, as what it becomes, as a missing word, in a pattern."""
        from cells import HOSTILE

        marker = self.work / "reached"
        remove(marker)
        texts = [text.replace("MARKER", str(marker)) for text in HOSTILE]
        lines = [text for text in texts if text.isprintable()]
        codes = {text: f"code {at}" for at, text in enumerate(texts)}
        shown = {f"code {at}": text for at, text in enumerate(lines)}
        entries = lambda table: "{ " + ", ".join(f"{toml(key)} = {toml(value)}" for key, value in table.items()) + " }"
        rules = [
            f"{{ map = {{ table = {entries(codes)}, otherwise = 'empty' }} }}",
            f"{{ map = {{ table = {entries(codes)}, otherwise = 'empty', ignore_case = true }} }}",
            f"{{ map = {{ table = {entries(shown)}, otherwise = {{ value = {toml(lines[0])} }} }} }}",
            f"{{ yes_no = {{ yes = {toml(lines[1])}, no = {toml(lines[2])} }} }}",
            f"{{ constant = {{ value = {toml(lines[3])} }} }}",
        ]
        missing = ", ".join(toml(text) for text in ["", *lines[4:8]])
        columns = "".join(f"[columns.c{at}]\nrule = {rule}\n" for at, rule in enumerate(rules, 1))
        table = self.work / "hostile.toml"
        table.write_text(f"version = 1\nindex = ''\nmissing = [{missing}]\n[columns.id]\nrule = 'keep'\nleftovers = 'ignore'\n{columns}", encoding="utf-8")
        header = ["id", *(f"c{at}" for at in range(1, len(rules) + 1))]
        cells = [*texts, *shown, "0", "1", "autre"]
        rows = [[str(at), *([cell] * len(rules))] for at, cell in enumerate(cells)]
        path = self.work / "hostile.csv"
        write(path, [header, *rows])
        engine.load("hostile", header, rows)
        arguments = ["--rules", table, "--table", "hostile", "--columns", self.names_file(header), "--on-invalid", "blank"]
        expected = by_id(self.main_job(path, "--rules", table, "--on-invalid", "blank", "--on-leftover", "warn"))
        query = self.query(engine, *arguments)
        for setting in engine.settings:
            self.same(by_id(engine.run(setting + query)), expected, f"hostile texts {setting}", [header, *rows])
        check(not marker.exists(), f"{engine.dialect}: a text of the rule table reached a program")

    def line_breaks(self, engine) -> None:
        engine.load("broken", ["sexe", "metier"], [["F", "bou\nchère"]])
        try:
            engine.run(self.query(engine, "--table", "broken", "--columns", "sexe,metier"))
        except Refused as refused:
            check("a line break in a kept cell" in str(refused) and "bou" not in str(refused), str(refused))
        else:
            fail(f"{engine.dialect}: a line break in a kept cell did not stop the query")

    def csv_files(self, engine) -> None:
        """What the engine reads of a file, and what it must refuse: rows of another width, another header."""
        path = self.work / "file.csv"
        write(path, [["metier", "sexe"], ["a", "F"], [' b "c", d ', "H"], ["é", "x;y"], ["NULL", ""]], delimiter=";")
        copy = self.work / f"copy-{engine.dialect}.csv"
        remove(copy)
        query = self.query(engine, "--csv", path)
        expected = self.main_job(path)
        self.same(sorted(row[1:] for row in engine.run(query)), sorted(row[1:] for row in expected), "a file with semicolons")
        engine.run(self.query(engine, "--csv", path, "--copy-to", copy))
        parts = sorted(copy.glob("part-*")) if copy.is_dir() else [copy]
        rows = [row[1:] for part in parts for row in read(part)]
        self.same(sorted(row for row in rows if row != expected[0][1:]), sorted(row[1:] for row in expected[1:]), "a copied file")
        for case, text in [
            ("a short row", "metier;sexe\na\nb;H\n"), ("a long row", "metier;sexe\na;F\nb;H;canary\n"), ("another header", "sexe;nom\nF;b\n"),
        ]:
            path.write_text(text, encoding="utf-8")
            try:
                engine.run(query)
            except Refused:
                continue
            fail(f"{engine.dialect}: {case} did not stop the query")

    def random_tables(self, engine) -> None:
        from cells import Cases

        seed = self.options.seed if self.options.seed is not None else int.from_bytes(os.urandom(4), "big")
        print(f"{self.options.cases} random tables, --seed {seed}", flush=True)
        cases = Cases(seed)
        work = []
        for at in range(self.options.cases):
            columns = WIDE if self.options.sample else cases.random.randint(1, 4)
            rows = [[str(row), *(cases.cell() for _ in range(columns))] for row in range(cases.random.randint(1, 16))]
            work.append((at, cases.table(columns), [["id", *(f"c{column}" for column in range(1, columns + 1))], *rows]))
        folder = self.work / "cases"
        folder.mkdir(exist_ok=True)
        refused = 0
        with concurrent.futures.ThreadPoolExecutor(2) as workers:
            for (at, table, rows), (query, expected) in zip(work, workers.map(lambda case: self.case(engine.dialect, folder, case), work)):
                if expected is None:  # a cell with line breaks looks like merged rows
                    refused += 1
                    continue
                engine.load("cases_of_chance", rows[0], rows[1:])
                self.same(by_id(engine.run(query)), by_id(expected), f"case {at}:\n{table}", rows)
        print(f"{len(work) - refused} cases compared, {refused} refused by the main job")
        check(refused < len(work) / 10, "few cases are refused")

    def case(self, dialect: str, folder: pathlib.Path, case) -> tuple:
        at, table, rows = case
        rules, path, out = (folder / f"{at}.{name}" for name in ("toml", "csv", "out"))
        rules.write_text(table, encoding="utf-8")
        write(path, rows)
        arguments = [path, "-q", "--rules", rules, "--on-invalid", "blank", "-o", out]
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True)
        if done.returncode == 3:
            return None, None
        check(done.returncode == 0, f"case {at}: {done.stderr}\n{table}")
        query = self.crm_anon(
            "sql", "--dialect", dialect, "--rules", rules, "--table", "cases_of_chance", "--columns", ",".join(rows[0]), "--on-invalid", "blank"
        )
        expected = read(out)
        for path in (rules, path, out):
            path.unlink()
        return query, expected

    def names_file(self, names: list[str]) -> pathlib.Path:
        path = self.work / "names.txt"
        path.write_text("\n".join(names) + "\n", encoding="utf-8")
        return path

    def same(self, came: list[list[str]], expected: list[list[str]], what: str, cells=None) -> None:
        if len(came) != len(expected):
            fail(f"{what}: {len(came)} rows, not {len(expected)}")
        for at, (row, other) in enumerate(zip(came, expected)):
            if row != other:
                source = f"\nof {cells[at]!r}" if cells else ""
                fail(f"{what}: row {at}\ncame     {row!r}\nexpected {other!r}{source}")
            self.cells += len(row)


# The columns of a random table where there are to be few tables.
WIDE = 12

QUASI = "attribute = 'quasi-identifying'\n"
LEVELS = f"""version = 1
index = ''
[columns.date_naissance]
rule = 'year'
{QUASI}[columns.adresse]
rule = 'postal_code'
{QUASI}[columns.revenus]
rule = {{ bucket = {{ width = 5_000 }} }}
{QUASI}[columns.sexe]
rule = 'keep'
{QUASI}[columns.formule]
rule = 'keep'
"""
KEPT_NUMBERS = f"""version = 1
index = ''
[columns.points_perdus]
rule = 'keep'
{QUASI}[columns.age_vehicule]
rule = 'keep'
{QUASI}[columns.formule]
rule = 'keep'
"""
FIGURES = f"""version = 1
[columns.id]
rule = 'drop'
[columns.sexe]
rule = 'keep'
{QUASI}[columns.formule]
rule = 'keep'
{QUASI}[aggregate]
by = ['sexe', 'formule']
"""


def toml(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)


def by_id(rows: list[list[str]]) -> list[list[str]]:
    """The header, and the rows by their number."""
    return [rows[0], *sorted(rows[1:], key=lambda row: int(row[0]))]


def read(path: pathlib.Path) -> list[list[str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path: pathlib.Path, rows: list[list[str]], delimiter: str = ",") -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n", delimiter=delimiter).writerows(rows)


def remove(path: pathlib.Path) -> None:
    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def check(holds: bool, what: str) -> None:
    if not holds:
        fail(what)


def fail(what: str) -> None:
    raise SystemExit(f"conformance: {what}")


def environment(options: argparse.Namespace, engine: str) -> None:
    """Makes the virtual environment with the packages of an engine, where it lacks one."""
    folder = options.work / f"venv-{engine}"
    packages = PACKAGES.get(engine, [])
    installed = folder / "packages.txt"
    if installed.exists() and installed.read_text().split() == packages:
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    if packages:
        pip = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *packages], check=True)
    installed.write_text("\n".join(packages))


def build() -> pathlib.Path:
    """The program, with examples/generate beside it."""
    command = ["cargo", "build", "--locked", "--bins", "--example", "generate", "--message-format=json"]
    built = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
    messages = [json.loads(line) for line in built.splitlines()]
    made = [message["executable"] for message in messages if message.get("executable")]
    return next(pathlib.Path(path) for path in made if pathlib.Path(path).name == "crm-anon")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=pathlib.Path, default=REPOSITORY / "target/sql-conformance")
    parser.add_argument("--program", type=pathlib.Path, help="a built crm-anon, with examples/generate beside it")
    parser.add_argument("--prepare", action="store_true", help="install what the engines need, and compare nothing")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(ENGINES))
    parser.add_argument("--random", type=lambda text: text.split(","), default=["duckdb", "mariadb", "mysql", "clickhouse"], help="the engines for random tables")
    parser.add_argument("--sample", action="store_true", help="compare less: see above")
    parser.add_argument("--at-once", action="store_true", help="all engines at the same time")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--cases", type=int, default=2_000)
    parser.add_argument("--seed", type=int)
    options = parser.parse_args()
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    return options


main()
