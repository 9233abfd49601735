#!/usr/bin/env python3
"""Guard the cost of the main job without a clock: instructions per byte of input, counted by valgrind.

Why: a timed test fails on a busy machine and passes on a fast one. The number of instructions hardly changes from one run
or machine to the next, so a limit on it finds a change that doubled the work. It is no measure of speed: for that there is
benches/peers/peers.py.

Two sizes of each file are run on one thread, and the difference counted, so that starting the program does not count.
valgrind knows AVX2, so the same code runs as on most machines; where the processor has no AVX2, the portable code runs,
and is held to the same limits only if --any-processor says so.

Usage: python3 benches/instructions.py [--update] [--any-processor] [--binary FILE] [--generator FILE]
       --update prints what LIMITS should be by today's count, and holds nothing to them
Exit status: 0 within the limits · 1 over one of them · 2 it could not be counted (valgrind is missing, a run failed)
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# Instructions per byte of input, by what is run and by dialect: a twentieth more than was counted on 29 November 2026 (20.16 and 28.63).
# The build before postal codes went by a table counted 15.1 and 20.6; most of the difference is in reading postal codes by their table and in the check
# for identifiers. --k is not among them: its search takes minutes under valgrind, and does not grow with the rows.
LIMITS = {
    ("anonymise", "plain"): 21.2,
    ("anonymise", "excel"): 30.1,
}
SLACK = 1.05

ROWS = (2_000, 22_000)
REPOSITORY = Path(__file__).resolve().parent.parent


def main() -> int:
    options = parse_options()
    if shutil.which("valgrind") is None:
        return fail("valgrind is not installed (apt-get install valgrind): nothing was counted")
    if not options.any_processor and not has_avx2():
        return fail("this processor has no AVX2: nothing was counted (--any-processor counts all the same)")
    binary = options.binary or build("--bin", "crm-anon")
    generator = options.generator or build("--example", "generate")
    over = []
    with tempfile.TemporaryDirectory() as folder:
        for (job, dialect), limit in LIMITS.items():
            per_byte = cost(str(binary), str(generator), job, dialect, Path(folder))
            what = f"{job} {dialect}"
            if options.update:
                print(f"{what}: {per_byte:.2f} instructions per byte; limit: {per_byte * SLACK:.1f}")
                continue
            print(f"{what}: {per_byte:.2f} instructions per byte, limit {limit}")
            if per_byte > limit:
                over.append(what)
    if over:
        print(f"over the limit: {', '.join(over)}. Find out why (valgrind --tool=callgrind, cargo bench --bench micro);")
        print("if the cost is worth it, set LIMITS in this file to what --update prints, and say why in the commit")
        return 1
    return 0


def cost(binary: str, generator: str, job: str, dialect: str, folder: Path) -> float:
    """Instructions per byte of what the larger file has beyond the smaller one."""
    counted, sizes = [], []
    for rows in ROWS:
        path = folder / f"{dialect}-{rows}.csv"
        run([generator, "--rows", str(rows), "--dialect", dialect, "--output", str(path)])
        sizes.append(path.stat().st_size)
        match job:
            case "anonymise":
                command = [binary, "--quiet", "-j", "1", str(path), "-o", str(folder / "out.csv")]
            case _:
                command = [binary, job, "-j", "1", str(path)]
        counted.append(instructions(command))
    return (counted[1] - counted[0]) / (sizes[1] - sizes[0])


def instructions(command: list) -> int:
    """How many instructions a command takes: cachegrind without its caches only counts."""
    counting = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    said = run(counting + command).stderr
    found = re.search(r"I\s+refs:\s+([\d,]+)", said)
    if found is None:
        raise Uncounted(f"valgrind gave no count:\n{said}")
    return int(found.group(1).replace(",", ""))


def run(command: list) -> subprocess.CompletedProcess:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Uncounted(f"exit status {done.returncode}: {' '.join(command)}\n{done.stderr}")
    return done


def build(*what: str) -> Path:
    """Builds the program or the generator as it is released, and says where it is."""
    command = ["cargo", "build", "--release", "--locked", "--message-format=json", *what]
    done = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Uncounted(f"exit status {done.returncode}: {' '.join(command)}")
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    return Path(next(m["executable"] for m in messages if m.get("executable")))


def has_avx2() -> bool:
    try:
        return "avx2" in Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:
        return False


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Instructions per byte of input, held to a limit.")
    parser.add_argument("--update", action="store_true", help="print what LIMITS should be, and pass")
    parser.add_argument("--any-processor", action="store_true", help="count without AVX2 too")
    parser.add_argument("--binary", type=Path, help="crm-anon, already built")
    parser.add_argument("--generator", type=Path, help="the example generate, already built")
    return parser.parse_args()


class Uncounted(Exception):
    """What keeps this from counting."""


def fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Uncounted as error:
        sys.exit(fail(str(error)))
