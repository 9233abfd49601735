"""Cells and rule tables for the conformance test.

`awkward` takes every text between quotes from the unit tests of the rules, so what a rule was once wrong about is put
to the engines too, under every rule. `Cases` makes rule tables and cells at random, near the edges of what is read.
"""

import pathlib
import random
import re

SOURCES = [
    "src/rules/amount/tests.rs", "src/rules/kinds/bucket/tests.rs", "src/rules/kinds/year/tests.rs", "src/rules/date/formats.rs",
    "src/rules/kinds/postal_code/tests.rs", "src/rules/kinds/yes_no.rs", "src/rules/table/missing.rs", "tests/it/cells.rs",
]

# Every rule that the awkward cells are put under.
RULES = [
    "'year'",
    "{ year = { formats = ['%m/%d/%Y'] } }",
    "{ year = { formats = ['%d %B %Y', '%d/%m/%Y %H:%M', '%Y%m%d'] } }",
    "{ year = { formats = ['%d.%m.%y', '%Y'] } }",
    "{ year = { formats = ['%m/%Y', 'le %d.%m.%Y à %Hh%M', '%e %b %Y'] } }",
    "'yes_no'",
    "{ yes_no = { yes = \"it's\", no = 'no\\t?', decimal = ',' } }".replace("\\t", "${x}"),
    "{ bucket = { width = 20_000 } }",
    "{ bucket = { width = 50, decimal = ',' } }",
    "{ bucket = { width = 7, decimal = '.' } }",
    "{ bucket = { width = 1_000_000_000_000_000 } }",
    "'postal_code'",
    "{ postal_code = { min_population = 5_000 } }",
    "{ postal_code = { min_population = 900_000_000 } }",
    "{ year = { before = 1940 } }",
    "'year_month'",
    "{ year_month = { formats = ['%m/%Y'] } }",
    "{ age = { at = '2020-02-29', top = 90 } }",
    "'age'",
    "{ bucket = { width = 100, bottom = -200, top = 20_000 } }",
    "{ range = { edges = [-12.5, 0, 0.05, 18, 45_000.5] } }",
    "{ range = { edges = [100], labels = ['peu', \"l'autre\"], decimal = ',' } }",
    "{ round = { to = 100 } }",
    "{ round = { to = 1, decimal = '.', bottom = -5, top = 45_000 } }",
    "'departement'",
    "'region'",
    "{ map = { table = { '1985' = '', \"l'x\" = 'y', NULL = 'rien', '0' = 'zéro' }, otherwise = { value = 'autre' } } }",
    "{ map = { table = { oui = 'o', 'Été' = 'e', 'k' = 'K' }, ignore_case = true } }",
    "{ keep = { allowed = ['oui', \"l'x\", 'Été', '0'] } }",
    "{ keep = { allowed = ['1985', '45 000'], otherwise = { value = \"l'autre\" } } }",
    "{ constant = { value = \"c'est $5\" } }",
    "{ mask = { with = '#', length = 'keep' } }",
    "'mask'",
]

# Texts of a rule table that would leave their literal where it is not written for the engine. MARKER is a file that a
# program would make. The first ones fit on a line.
HOSTILE = [
    "l'inconnu", "'", "\\", "\\'; \\! touch MARKER; --", "it's", "a\\'b", "${env:HOME} $$ $1", ":'x' :x :\"x\"", "''", "\\\\''",
    "' || (SELECT 1/0) || '", "x'); COPY t TO PROGRAM 'touch MARKER'; --", "-- /* */;", "\\x27 \\047 \\u0027", "%_\\%\\_", "E'x'", "{{ x }} {% x %} {x:String} #{x} @x",
    "${x:-y} ${spark.app.name} $tag$'$tag$", "\\N \\0 \\Z", "U&'\\0041' N'x' r'x' _utf8'x' x'41'", "*/ /*! 1 */ # -- ", "N° é œ 日本 👍",
    "a'\n\\! touch MARKER\nb", "tab\there", "\\\n'",
]

LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
ESCAPE = re.compile(r"\\(u\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|\n\s*|.)", re.DOTALL)
SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "\\": "\\", '"': '"', "'": "'"}


def unescape(found: re.Match) -> str:
    if found[2]:
        return chr(int(found[2], 16))
    if found[3]:
        return chr(int(found[3], 16)) if int(found[3], 16) < 128 else "?"
    return SIMPLE.get(found[1][0], "")


def awkward(repository: pathlib.Path) -> list[str]:
    """Every text of the unit tests, once."""
    cells = {}
    for source in SOURCES:
        text = (repository / source).read_text(encoding="utf-8")
        for literal in LITERAL.finditer(text):
            cells[ESCAPE.sub(unescape, literal[1])] = None
    cells = [cell for cell in cells if "\0" not in cell and len(cell) < 500]
    today = __import__("datetime").date.today()
    return cells + [f"{today:%Y-%m-%d}", f"{today:%Y}-12-31", f"{today.year + 1}-01-01", f"{today:%d/%m/%Y}"]


BLANKS = [" ", " ", " ", "\u00a0", "\u202f", "\u2009", "\t", "\u3000"]
LETTERS = "aZéÉßxœΩ٣²½_-–,.;/'\"€%\\$`{}"
MISSING = ["", "NULL", "NA", "N/A", "#N/A", "NaN", "None", "-", "?", "Été", "inconnu", "0", "a.b", "[x]", "ok", "ßé"]
FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%y", "%Y%m%d", "%d %B %Y", "%e %b %Y", "%d %m %Y", "%Y %m%d %H", "le %d-%m-%Y", "%m/%Y", "%Y",
           "%d%m%Y", "%H:%M:%S %d/%m/%Y", "%b%d%Y", "%d5%Y", "%d 5%Y"]
MONTHS = ["jan", "February", "MAR", "april", "may", "June", "jul", "august", "Sept", "october", "Nov", "dec"]


class Cases:
    """Rule tables and cells, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def table(self, columns: int) -> str:
        """A rule table in TOML for the columns c1, c2, … and the kept column id."""
        one = self.random.choice
        text = "version = 1\nindex = ''\n"
        if self.random.random() < 0.5:
            words = self.random.sample(MISSING, self.random.randint(0, 5))
            text += f"missing = {words!r}\n"
        text += "[columns.id]\nrule = 'keep'\nleftovers = 'ignore'\n"
        for at in range(1, columns + 1):
            text += f"[columns.c{at}]\nrule = {one([self.date_rule, self.year, self.yes_no, self.bucket, self.number, self.postal_code, self.text])()}\n"
        return text

    def decimal(self) -> str:
        return self.random.choice(["", ", decimal = ','", ", decimal = '.'"])

    def year(self) -> str:
        if self.random.random() < 0.5:
            return "'year'"
        return f"{{ year = {{ formats = {self.random.sample(FORMATS, self.random.randint(1, 3))!r} }} }}"

    def date_rule(self) -> str:
        number = self.random.randint
        at = "" if self.random.random() < 0.5 else f"at = '{number(1950, 2027)}-{number(1, 12):02}-{number(1, 28):02}', "
        return self.random.choice([
            "'year_month'", f"{{ year = {{ before = {number(1901, 2030)} }} }}", f"{{ age = {{ {at}top = {number(1, 120)} }} }}",
            f"{{ year_month = {{ formats = ['{self.random.choice(['%m/%Y', '%d/%m/%Y', '%B %Y'])}'] }} }}",
        ])

    def number(self) -> str:
        to = self.random.choice([1, 2, 7, 10, 100, 1000, 10**15])
        bottom = f", bottom = {-to * self.random.randint(0, 3)}" if self.random.random() < 0.4 and to < 10**9 else ""
        top = f", top = {to * self.random.randint(1, 300)}" if self.random.random() < 0.4 and to < 10**9 else ""
        edges = sorted({self.random.choice([-1, 1]) * round(self.random.random() * 10 ** self.random.randint(0, 6), self.random.randint(0, 4)) for _ in range(4)})
        return self.random.choice([
            f"{{ round = {{ to = {to}{bottom}{top}{self.decimal()} }} }}", f"{{ bucket = {{ width = {to}{bottom}{top} }} }}",
            f"{{ range = {{ edges = {edges}{self.decimal()} }} }}",
        ])

    def text(self) -> str:
        words = self.random.sample(["oui", "Non", "ok", "75002", "été", "1985", "x y", "l'x", "Ω"], 4)
        becomes = ["", "a", "it's", "b"]
        table = ", ".join(f'"{word}" = "{self.random.choice(becomes)}"' for word in words)
        otherwise = self.random.choice(["", ", otherwise = 'empty'", ", otherwise = { value = 'z' }"])
        case = self.random.choice(["", ", ignore_case = true"])
        return self.random.choice([
            "'departement'", "'region'", "{ constant = { value = 'x' } }", "'mask'", "{ mask = { length = 'keep' } }",
            f"{{ map = {{ table = {{ {table} }}{otherwise}{case} }} }}",
        ])

    def yes_no(self) -> str:
        return f"{{ yes_no = {{ yes = 'y', no = 'n'{self.decimal()} }} }}"

    def bucket(self) -> str:
        width = self.random.choice([1, 2, 7, 50, 999, 20_000, self.random.randint(1, 10**15), 10**15])
        return f"{{ bucket = {{ width = {width}{self.decimal()} }} }}"

    def postal_code(self) -> str:
        if self.random.random() < 0.7:
            return "'postal_code'"
        return f"{{ postal_code = {{ min_population = {self.random.choice([1, 5_000, 40_000])} }} }}"

    def cell(self) -> str:
        kinds = [self.amount, self.amount, self.date, self.date, self.address, self.address, self.word, self.anything]
        cell = self.random.choice(kinds)()
        if self.random.random() < 0.1:
            cell = self.random.choice(BLANKS) + cell + self.random.choice(BLANKS)
        if self.random.random() < 0.1 and cell:
            at = self.random.randrange(len(cell))
            cell = cell[:at] + self.random.choice(LETTERS + "0123456789 ") + cell[at + 1:]
        return cell

    def digits(self, least: int, most: int) -> str:
        return "".join(self.random.choice("0000123456789") for _ in range(self.random.randint(least, most)))

    def amount(self) -> str:
        one = self.random.choice
        separator = one(["", " ", "\u00a0", "\u202f", "\u2009", ".", ","])
        groups = [self.digits(1, 3), *(self.digits(3, 3) for _ in range(one([0, 0, 0, 1, 1, 2, 11, 12, 13])))]
        whole = separator.join(groups) if self.random.random() < 0.7 else self.digits(1, one([2, 5, 9, 40]))
        fraction = one(["", "", ".", ","])
        fraction += self.digits(1, 4) if fraction else ""
        return one(["", "", "", "-", "+"]) + whole + fraction + one(["", "", "€", " €", " EUR", "euros", " euro"])

    def date(self) -> str:
        number = self.random.randint
        year, month, day = number(1895, 2028), number(0, 13), number(0, 32)
        forms = ["{y}-{m:02}-{d:02}", "{y}/{m:02}/{d:02}", "{d:02}/{m:02}/{y}", "{d:02}-{m:02}-{y}", "{d:02}.{m:02}.{y}",
                 "{y}{m:02}{d:02}", "{d}/{m}/{y}", "{d:02}.{m:02}.{s:02}", "{d} {n} {y}", "{d:02} {m:02} {y}", "{m:02}/{y}", "+{y}-{m}-{d}",
                 "{d:02}{m:02}{y}", "{n}{d:02}{y}", "le {d:02}-{m:02}-{y}", "{y} {m:02}{d:02} 9", "9:5:60 {d}/{m}/{y}", "{d}5{y}", "{d}  5{y}"]
        text = self.random.choice(forms).format(y=year, m=month, d=day, s=year % 100, n=self.random.choice(MONTHS))
        if self.random.random() < 0.3:
            text += self.random.choice(["T", " "]) + f"{number(0, 25):02}:{number(0, 61):02}"
            text += self.random.choice(["", f":{number(0, 61):02}", ":30.25"]) + self.random.choice(["", "Z", "+02:00", "-0130", "+02", "+99:00"])
        return text

    def address(self) -> str:
        codes = ["75002", "48250", "94390", "20126", "97133", "98000", "35708", "12345", "00100", "96000", "97000", "98100", "7500", "750021"]
        words = ["rue", "Évreux", "BP", "é", "Paris", "x", "²", "CEDEX 9", "Ω", "\u0345", "٣", "Ⓐ", "字", "e\u0301"]
        between = [" ", " ", ", ", " - ", "–", "", "_", "\u00a0", "\n", "\u2011", "/", "(", "\u3000"]
        parts = []
        for _ in range(self.random.randint(0, 6)):
            parts += [self.random.choice(self.random.choice([codes, words])), self.random.choice(between)]
        return "".join(parts)

    def word(self) -> str:
        word = self.random.choice(MISSING)
        if self.random.random() < 0.3:
            word = self.random.choice(["oui", "Non", "ok", "75002", "été", "1985", "x y", "l'x", "Ω"])
        return "".join(self.random.choice([c.lower(), c.upper() if len(c.upper()) == 1 else c, c]) for c in word)

    def anything(self) -> str:
        ranges = [(0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x3FF), (0x2000, 0x206F), (0x20, 0xD7FF), (0xE000, 0x1FFFF)]
        def character() -> str:
            return chr(self.random.randint(*self.random.choice(ranges)))
        return "".join(self.random.choice([character(), "7", "5002", " "]) for _ in range(self.random.randint(0, 12)))
