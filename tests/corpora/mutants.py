#!/usr/bin/env python3
"""Run the main job on damaged exports: whatever becomes of one must not depend on threads, and hold against another build.

Why: the engine has a quick way for rows that are as they should be and a careful one for all others, and each batch of rows is
worked on by any of the threads. Damage brings quotes, encodings, widths and line ends to where the ways meet.

Each mutant is a generated export of some rows (now and then of more than a megabyte, so that it has several batches) with one to four
changes: bytes inserted, doubled, replaced, cut out or exchanged, of those that mean something to CSV above all. It goes through the
program with 1, 2 and 7 threads, as a file and on standard input, with one seed: status and output have to be the same byte for byte. With
--before, an older build gets it too: where both publish, the columns that both have are to be the same row by row, but for the index,
whose numbers are a build's own. Where only one publishes, or has a column more, that is told: an older build may refuse what is read now,
and not know a name with a character in it that cannot be seen.

Usage: python3 tests/corpora/mutants.py [--binary PROGRAM] [--generator PROGRAM] [--before PROGRAM] [--mutants N] [--seed N]
Needs: Python 3.10 or later; cargo, where no program is given. A mutant with a difference stays in the current folder.
Exit status: 0 all equal, 1 if not.
"""

import argparse
import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
WAYS = [(threads, how) for threads in (1, 2, 7) for how in ("file", "standard input")]
WRONG = "differences"
PIECES = [
    b'"', b'""', b",", b";", b"\n", b"\r\n", b"\r", b"\0", b"\t", b"\xff", b"\xe9", "é".encode(), "\u200b".encode(), b"\xef\xbb\xbf",
    b"\x1a", b" ", b"=", b'="', b"'", b"\\", b"\n\n", b'",', b',"', b"NULL", b"-", b"0", b"9" * 20, "Ž".encode(), b"\x80", b"\xc3",
]  # fmt: skip


def main() -> int:
    options = parse_options()
    options.binary = options.binary or built("--bin", "crm-anon")
    options.generator = options.generator or built("--example", "generate")
    outcomes = Counter()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        exports = [made(options, Path(folder), dialect, rows) for dialect in ("plain", "excel") for rows in (3, 30, 4500)]
        for outcome in pool.map(lambda number: tried(options, exports, number), range(options.mutants)):
            outcomes.update(outcome)
    print(f"{options.mutants} mutants: {dict(sorted(outcomes.items()))}")
    return 1 if outcomes[WRONG] else 0


def tried(options, exports, number):
    """What became of a mutant, which follows from its number and the seed."""
    chance = random.Random(f"{options.seed} {number}")
    mutant = mutated(chance, chance.choices(exports, [10, 10, 1] * 2)[0])
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        path = folder / "mutant.csv"
        path.write_bytes(mutant)
        # One way is the measure; of the others two by turns, or all of them now and then.
        ways = WAYS if number % 20 == 0 else [WAYS[0], *chance.sample(WAYS[1:], 2)]
        results = [run(options.binary, path, folder, way) for way in ways]
        older = run(options.before, path, folder, WAYS[0]) if options.before else None
    outcomes, wrong = Counter(), []
    for way, result in zip(ways[1:], results[1:]):
        if result != results[0]:
            wrong.append(f"{way[0]} threads, {way[1]}: not what one thread makes of the file")
    status, output = results[0]
    outcomes["published" if status == 0 else "refused"] += 1
    if older and (status, older[0]) == (0, 0):
        mine, theirs = columns(output), columns(older[1])
        outcomes["published by both"] += 1
        outcomes["with other columns"] += mine.keys() != theirs.keys()
        if any(mine[name] != theirs[name] for name in mine.keys() & theirs.keys()):
            wrong.append("other cells than those of the older build")
    elif older and 0 in (status, older[0]):
        outcomes["published by this build only" if status == 0 else "published by the older build only"] += 1
    for what in wrong:
        print(f"mutant {number}: {what}")
        Path(f"mutant{number}.csv").write_bytes(mutant)
    outcomes[WRONG] += len(wrong)
    return outcomes


def made(options, folder, dialect, rows):
    path = folder / f"{dialect}{rows}.csv"
    words = ["--rows", str(rows), "--dialect", dialect, "--seed", str(options.seed), "--output", str(path)]
    subprocess.run([options.generator, *words], check=True)
    return path.read_bytes()


def mutated(chance, export):
    """The export with a few changes, most of them where rows and cells meet."""
    content = bytearray(export)
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        at = chance.randrange(len(content) + 1)
        if chance.random() < 0.5:
            near = content.find(chance.choice([b",", b";", b"\n", b'"']), at)
            at = near if near >= 0 else at
        match chance.randrange(5):
            case 0 | 1:
                content[at:at] = chance.choice(PIECES)
            case 2:
                content[at : at + 1] = chance.choice(PIECES)
            case 3:
                del content[at : at + chance.choice([1, 1, 2, 10, 300])]
            case _:
                end = at + chance.choice([1, 2, 10, 300])
                content[at:at] = content[at:end]
    return bytes(content)


def run(program, path, folder, way):
    """The exit status of the main job, and its output if it published one."""
    threads, how = way
    output = folder / "output.csv"
    output.unlink(missing_ok=True)
    source = str(path) if how == "file" else "-"
    command = [program, source, "-q", "--seed", "7", "-j", str(threads), "-o", str(output)]
    with open(path, "rb") as file:
        stdin = file if how != "file" else subprocess.DEVNULL
        done = subprocess.run(command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if done.returncode < 0 or done.returncode > 8:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}")
    return done.returncode, output.read_bytes() if output.exists() else b""


def columns(output):
    """The columns of an output without its index, by their names and how often each name came before."""
    text = output.decode("utf-8")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    if any(len(row) != len(header) for row in rows):
        return {"a row of another width": output}
    names = [(name, header[:at].count(name)) for at, name in enumerate(header)]
    return {name: [unwrapped(row[at]) for row in rows] for at, name in enumerate(names) if name[0] != "Index_rd"}


def unwrapped(cell):
    """The text that a spreadsheet writes as `="…"`, which older builds took for a formula."""
    inner = cell[2:-1] if cell.startswith('="') and cell.endswith('"') and len(cell) > 2 else None
    return cell if inner is None else inner.replace('""', '"')


def built(*what):
    command = ["cargo", "build", "--release", "--quiet", "--locked", *what, "--message-format=json"]
    lines = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout.splitlines()
    return [made for made in (json.loads(line).get("executable") for line in lines) if made][-1]


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", help="the program; without it, cargo builds a release")
    parser.add_argument("--generator", help="benches/generate, built")
    parser.add_argument("--before", help="an older build, to hold its cells against")
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
