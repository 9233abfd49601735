"""What Python's own `csv` module makes of a file, and which refusals of the documentation hold for it.

Why: `check.py` may not take a refusal on trust. "Refused" is only right if the file is really at fault, so every
reason is established here a second time, from the bytes, without looking at how the Rust reader does it.
"""

import codecs
import csv
import hashlib
import io
import re
import struct
import sys

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
MAX_FIELD_BYTES = 1 << 28  # the limit that the example `read` sets
RECORD_END = b"\xff" * 4
NON_ASCII = re.compile(rb"[\x80-\xff]")
LINE_BREAK = re.compile(r"\r\n|\n|\r")
# Python's words for the two quoting errors, under `strict=True`.
TEXT_AFTER_QUOTE = "expected after"
UNCLOSED_QUOTE = "unexpected end of data"

csv.field_size_limit(sys.maxsize)


class Encoding:
    """The encoding of a file by the documented rule, and its text (None where the bytes do not fit)."""

    def __init__(self, raw: bytes):
        self.name, start = named_by_bytes(raw)
        try:
            self.text = codecs.decode(raw[start:], self.name)
        except UnicodeDecodeError:
            self.text = None


def named_by_bytes(raw: bytes):
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if raw.startswith(mark):
            return name, len(mark)
    first = NON_ASCII.search(raw)
    if first is None:
        return "utf-8", 0
    # The first character that is not ASCII decides: is it one of UTF-8, one to four bytes long?
    at = first.start()
    for length in (2, 3, 4):
        try:
            raw[at : at + length].decode("utf-8")
            return "utf-8", 0
        except UnicodeDecodeError:
            continue
    return "cp1252", 0


class Reading:
    """The records of `text` under one delimiter, as Python reads them strictly, and the refusals that hold.

    `reasons` lists what must be refused; `records` and `sha256` are what an accepting reader has to give. The digest
    runs over each field as its length (4 bytes, little endian) and its UTF-8, and over 4 bytes 0xFF behind each record.

    Beside plain CSV it knows trailing delimiters: where the first row is the header's width and some empty fields more,
    every row must end with as many, and they are no fields.
    """

    def __init__(self, text: str, delimiter: str):
        self.reasons = set()
        self.widths = []
        self.blank_before = False
        self.blank_between = False
        self.sha256 = None
        self.delimiter = delimiter
        self.trailing = 0
        self.header = []
        digest = hashlib.sha256()
        if "\0" in text:
            self.reasons.add("nul")
        try:
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
                self.take(row, digest)
        except csv.Error as error:
            self.take_error(str(error))
        except UnicodeEncodeError:  # half a surrogate pair, which only a broken UTF-16 file can hold
            self.reasons.add("encoding")
        if not self.widths and not self.reasons:
            self.reasons.add("empty")
        # Between the rows of one column a blank line may be a row; before the header and at the end it is none.
        if self.blank_between and self.width() == 1:
            self.reasons.add("blank_line")
        if not self.reasons:
            self.sha256 = digest.hexdigest()

    @property
    def records(self) -> int:
        return len(self.widths)

    def width(self) -> int:
        return self.widths[0] if self.widths else 0

    def take(self, row: list, digest) -> None:
        if not row:
            self.blank_before = True
            return
        self.blank_between |= self.blank_before and bool(self.widths)
        self.blank_before = False
        if not self.widths:
            self.header = row
        elif len(self.widths) == 1:
            self.take_first(row)
        row = self.without_trailing(row)
        self.widths.append(len(row))
        if len(row) != self.width():
            self.reasons.add("width")
        for field in row:
            content = field.encode("utf-8")
            if len(content) > MAX_FIELD_BYTES:
                self.reasons.add("field_too_long")
            if is_of_lines(field) and holds_a_row(field, self.width() + self.trailing, self.delimiter):
                self.reasons.add("merged_rows")
            digest.update(struct.pack("<I", len(content)))
            digest.update(content)
        digest.update(RECORD_END)
        if len(self.widths) == 1 and any(is_of_lines(name) and self.delimiter in name for name in row):
            self.reasons.add("line_break_in_name")

    def take_first(self, row: list) -> None:
        """What the first row below the header says of the header, and of every row."""
        behind = row[self.width() :]
        if not any(behind):
            self.trailing = len(behind)
        # A name of several lines may be a part of a row, unless the rows are as wide as the header all the same.
        if len(row) - self.trailing != self.width() and any(map(is_of_lines, self.header)):
            self.reasons.add("line_break_in_name")

    def without_trailing(self, row: list) -> list:
        if not self.trailing or not self.widths:
            return row
        if len(row) == self.width():
            self.reasons.add("trailing_delimiters")
        kept = len(row) - self.trailing
        return row if any(row[kept:]) else row[:kept]

    def take_error(self, error: str) -> None:
        if TEXT_AFTER_QUOTE in error:
            self.reasons.add("text_after_quote")
        elif UNCLOSED_QUOTE in error:
            self.reasons.add("unclosed_quote")
        elif "NUL" not in error:  # Python before 3.11 stops at a NUL, which is noted already
            raise AssertionError(f"Python's csv gave an error that this script does not know: {error}")


def is_of_lines(field: str) -> bool:
    return "\n" in field or "\r" in field


def holds_a_row(field: str, width: int, delimiter: str) -> bool:
    """Whether a line inside a quoted field is itself a row of the header's width.

    The line is looked at as it stands in the file, where a quote in a quoted field is doubled.
    """
    for line in LINE_BREAK.split(field.replace('"', '""')):
        for row in csv.reader([line], delimiter=delimiter):
            if len(row) == width:
                return True
    return False


def likely_delimiter(text: str) -> str:
    """The candidate that the first line with content has most often."""
    first = next((line for line in LINE_BREAK.split(text) if line), "")
    return max(DELIMITERS.values(), key=first.count)


def tables_under(text: str) -> dict:
    """Every candidate delimiter under which the text is a regular table of two columns or more, with that width."""
    readings = {delimiter: Reading(text, delimiter) for delimiter in DELIMITERS.values()}
    return {d: reading.width() for d, reading in readings.items() if not reading.reasons and reading.width() > 1}
