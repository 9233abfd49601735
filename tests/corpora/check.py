#!/usr/bin/env python3
"""Compare crm-anon's reader with Python's `csv` on about 1 200 published test files.

Why: the reader is strict so that no row is ever lost or shifted in silence. That holds only if everything it accepts
is read exactly as others read it, and everything it refuses is really at fault. Both are checked here, file by file:

* accepted: same encoding, same number of records and same cells as Python's `csv`, and no documented reason to refuse;
* refused: the reason given is found again by `oracle.py`, which looks at the bytes on its own.

Every file is read with the delimiter detected; every file up to 256 KiB also with each delimiter forced. The counts
are compared with `expected.json`, so that a change of behaviour is seen and explained (`--update` rewrites it).
`--small` leaves out the larger files and the forced delimiters, and compares which files are refused.

Usage: python3 tests/corpora/check.py [--cache FOLDER] [--reader PROGRAM] [--small | --update | --prepare]
Needs: Python 3.9 or later, npm, pip and cargo. Exit status: 0 as expected, 1 disagreement or changed counts.
"""

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import fetch
import oracle

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
EXPECTED = HERE / "expected.json"
SMALL_BYTES = 256 << 10
FILES_PER_CALL = 100
READER_TIMEOUT_SECONDS = 600
# How the reader names encodings, and Python. ASCII is UTF-8 in which nothing decided yet.
PYTHON_NAMES = {
    "ascii": "utf-8",
    "utf-8": "utf-8",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "windows-1252": "cp1252",
}


def main() -> int:
    options = parse_options()
    archives = fetch.fetch(options.cache)
    if options.prepare:
        return 0
    files = fetch.unpack(options.cache)
    reader = options.reader or build_reader(options.small)
    print(f"{len(files)} files of {len(archives)} packages; the reader against Python {sys.version.split()[0]}")

    found = {"packages": archives, "files": len(files), "passes": {}}
    disagreements = []
    passes = [("detected", None), *oracle.DELIMITERS.items()]
    if options.small:
        files = [path for path in files if is_small(options.cache, path)]
        passes = passes[:1]
    for name, delimiter in passes:
        outcome = compare(reader, options.cache, files, delimiter)
        found["passes"][name] = outcome.counts()
        disagreements += [f"{name}: {line}" for line in outcome.disagreements]
        print(outcome.table(name))
        if delimiter is None:
            found["refused_files"] = {reason: sorted(paths) for reason, paths in sorted(outcome.refused.items())}
            found["other_delimiter_fits"] = sorted(outcome.doubts)
            for path, doubt in sorted(outcome.doubts.items()):
                print(f"  worth a look: {path}: {doubt}")

    for line in disagreements:
        print("DISAGREEMENT", line)
    if options.update and not disagreements:
        EXPECTED.write_text(json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
        print(f"{EXPECTED.name} rewritten")
        return 0
    return 1 if disagreements or differs(found, files if options.small else None) else 0


def parse_options():
    parser = argparse.ArgumentParser(description="Compare the reader with Python's csv on published test files.")
    default_cache = REPOSITORY / "target" / "corpora"
    parser.add_argument("--cache", type=Path, default=default_cache, help="where the files are kept (%(default)s)")
    parser.add_argument("--reader", help="the example program `read`; built with cargo when not given")
    scope = parser.add_mutually_exclusive_group()
    scope.add_argument("--small", action="store_true", help="only files up to 256 KiB, the delimiter detected")
    scope.add_argument("--update", action="store_true", help="rewrite expected.json, if nothing disagrees")
    scope.add_argument("--prepare", action="store_true", help="fetch the files, and compare nothing")
    options = parser.parse_args()
    options.cache = options.cache.resolve()
    if options.reader:
        options.reader = str(Path(options.reader).resolve())
    return options


def build_reader(small: bool) -> str:
    command = ["cargo", "build", "--locked", "--example", "read", "--message-format=json-render-diagnostics"]
    if not small:
        command.append("--release")
    build = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    if build.returncode != 0:
        raise SystemExit("the example `read` does not build")
    for line in build.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == "read":
            return message["executable"]
    raise SystemExit("cargo names no program for the example `read`")


class Outcome:
    """What one pass over the files gave."""

    def __init__(self):
        self.alike = 0
        self.records = 0
        self.refused = defaultdict(list)
        self.disagreements = []
        self.doubts = {}

    def counts(self) -> dict:
        refused = {reason: len(paths) for reason, paths in sorted(self.refused.items())}
        files = self.alike + sum(refused.values()) + len(self.disagreements)
        return {"files": files, "read_alike": self.alike, "records": self.records, "refused": refused}

    def table(self, name: str) -> str:
        counts = self.counts()
        refused = ", ".join(f"{reason} {count}" for reason, count in counts["refused"].items()) or "none"
        return (
            f"{name}: {counts['files']} files, {self.alike} read alike ({self.records} records), "
            f"refused: {refused}; disagreements: {len(self.disagreements)}"
        )


def compare(reader: str, cache: Path, files: list, delimiter) -> Outcome:
    if delimiter is not None:
        files = [path for path in files if is_small(cache, path)]
    answers = ask(reader, cache, files, delimiter)
    outcome = Outcome()
    for path in files:
        fault = judge(cache / path, path, answers.get(path), delimiter, outcome)
        if fault:
            outcome.disagreements.append(f"{path}: {fault}")
    return outcome


def is_small(cache: Path, path: str) -> bool:
    return (cache / path).stat().st_size <= SMALL_BYTES


def ask(reader: str, cache: Path, files: list, delimiter) -> dict:
    """Run the reader over the files; give its answer for each path."""
    answers = {}
    forced = [] if delimiter is None else ["--delimiter", delimiter]
    for start in range(0, len(files), FILES_PER_CALL):
        command = [reader, *forced, *files[start : start + FILES_PER_CALL]]
        done = subprocess.run(command, cwd=cache, stdout=subprocess.PIPE, timeout=READER_TIMEOUT_SECONDS)
        for line in done.stdout.decode("utf-8").splitlines():
            answer = json.loads(line)
            answers[answer["file"]] = answer
    return answers


def judge(path: Path, name: str, answer, forced, outcome: Outcome):
    """Book one answer as read alike or rightly refused; give what is wrong with it otherwise."""
    if answer is None:
        return "the reader gave no answer (did it crash?)"
    raw = path.read_bytes()
    reason = answer.get("refused")
    encoding = oracle.Encoding(raw)
    if encoding.text is None:
        also = {"nul"} if b"\0" in raw else set()
        return book_refusal(name, reason, {"encoding"} | also, outcome)
    delimiter = forced or answer.get("delimiter")
    if reason is not None:
        return book_refusal(name, reason, reasons_to_refuse(encoding.text, delimiter), outcome)

    reading = oracle.Reading(encoding.text, delimiter)
    if reading.reasons:
        return f"accepted, though there is reason to refuse it: {', '.join(sorted(reading.reasons))}"
    if PYTHON_NAMES.get(answer["encoding"].lower()) != encoding.name:
        return f"read as {answer['encoding']}, and it is {encoding.name}"
    if (answer["records"], answer["sha256"]) != (reading.records, reading.sha256):
        return f"read differently: {answer['records']} records, and Python has {reading.records}"
    outcome.alike += 1
    outcome.records += reading.records
    if forced is None:
        others = oracle.tables_under(encoding.text)
        if others and max(others, key=others.get) != delimiter:
            outcome.doubts[name] = f"read with {delimiter!r}, {reading.width()} columns; regular under {others}"
    return None


def reasons_to_refuse(text: str, delimiter) -> set:
    """The refusals that hold under the delimiter, or under the likeliest where the reader does not tell one."""
    reasons = set(oracle.Reading(text, delimiter or oracle.likely_delimiter(text)).reasons)
    if not delimiter and len(oracle.tables_under(text)) != 1:
        reasons.add("ambiguous_delimiter")
    return reasons


def book_refusal(name: str, reason, holding: set, outcome: Outcome):
    if reason is None:
        return f"accepted, though there is reason to refuse it: {', '.join(sorted(holding))}"
    if reason not in holding:
        return f"refused as {reason}, which is not confirmed; what holds: {', '.join(sorted(holding)) or 'nothing'}"
    outcome.refused[reason].append(name)
    return None


def differs(found: dict, only) -> bool:
    """Say what is not as `expected.json` has it; where `only` some files were read, which of them are refused."""
    if not EXPECTED.exists():
        print(f"{EXPECTED.name} is missing: run with --update")
        return True
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    if only is not None:
        del found["passes"], expected["passes"]
        refused = {reason: sorted({*paths} & {*only}) for reason, paths in expected["refused_files"].items()}
        expected["refused_files"] = {reason: paths for reason, paths in refused.items() if paths}
    changed = sorted(key for key in {*expected, *found} if expected.get(key) != found.get(key))
    for key in changed:
        print(f"CHANGED {key}: expected {json.dumps(expected.get(key))}, found {json.dumps(found.get(key))}")
    return bool(changed)


if __name__ == "__main__":
    sys.exit(main())
