#!/usr/bin/env python3
"""Counts and names the tests that are for Unix alone, and holds them against the table in docs/systems.md: each has a reason
there, and no reason stands for more or fewer tests than there are.

Usage: .ci/left_out.py LINUX WINDOWS
  LINUX, WINDOWS  what the tests built for each system answer to `--list`
"""

import collections
import pathlib
import re
import sys

HEADING = "### Tests that Windows leaves out"


def tests(path):
    lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    return {line.removesuffix(": test") for line in lines if line.endswith(": test")}


def reasons():
    """How many tests begin with a name, by the table."""
    page = pathlib.Path(__file__).resolve().parent.parent / "docs/systems.md"
    text = page.read_text(encoding="utf-8").split(HEADING + "\n", 1)[1].split("\n#", 1)[0]
    rows = re.findall(r"^\| `([^`]+)` \| (\d+) \| .+ \|$", text, re.MULTILINE)
    return {name: int(count) for name, count in rows}


def main():
    linux, windows = (tests(path) for path in sys.argv[1:])
    if not linux or not windows:
        sys.exit("left_out: there is a system without tests")
    left_out, told, found, wrong = linux - windows, reasons(), collections.Counter(), []
    for test in sorted(left_out):
        print(f"left out: {test}")
        named = [name for name in told if test == name or test.startswith(name + "::")]
        if len(named) != 1:
            wrong.append(f"{test} has {len(named)} reasons")
        found.update(named)
    wrong += [f"{name}: {count} by the table, {found[name]} are left out" for name, count in told.items() if found[name] != count]
    print(f"{len(linux)} tests on Linux, {len(left_out)} of them left out on Windows, which has {len(windows - linux)} of its own")
    if wrong:
        sys.exit("docs/systems.md, " + HEADING.lstrip("# ") + ":\n" + "\n".join(wrong))


main()
