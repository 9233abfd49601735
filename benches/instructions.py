#!/usr/bin/env python3
"""Guard the cost of the commands without a clock: instructions per byte of input, counted by valgrind.

Why: a timed test fails on a busy machine and passes on a fast one. The number of instructions hardly changes from one run
or machine to the next, so a limit on it finds a change that doubled the work. It is no measure of speed: for that there is
benches/peers/peers.py.

Two sizes of each file are run on one thread, and the difference counted, so that starting the program does not count.
valgrind knows AVX2, so the same code runs as on most machines; where the processor has no AVX2, the portable code runs,
and is held to the same limits only if --any-processor says so.

With --as-tested it counts the program that `cargo test` built, on fewer rows: it takes some seven times as many instructions, and what
makes it dearer makes a release dearer too, so that .ci/run need not build one. .ci/full counts the release.

Usage: python3 benches/instructions.py [--as-tested] [--update] [--any-processor] [--binary FILE] [--generator FILE]
       --update prints what LIMITS should be by today's count, and holds nothing to them
Exit status: 0 within the limits · 1 over one of them · 2 it could not be counted (valgrind is missing, a run failed)
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Instructions per byte of input, of a release and as tested, by what is run and by dialect: a twentieth more than was counted on
# 1 December 2026. `anonymise` is the main job with --quiet, `told` the same without, which counts unique rows too. `k` is the main job
# with --k 5: a search, whose cost goes by combinations of values, so its figure is one of these two sizes alone.
LIMITS = {
    ("anonymise", "plain"): (16.7, 136.6),
    ("anonymise", "excel"): (26.4, 204.9),
    ("told", "plain"): (22.5, 187.7),
    ("audit", "plain"): (184.8, 890.7),
    ("k", "plain"): (1853.0, 6326.2),
    ("inspect", "plain"): (261.2, 1348.2),
    ("protection", "plain"): (159.3, 1223.0),
    ("reveal", "plain"): (49.7, 493.8),
}
SLACK = 1.05

# How many rows are counted, of a release and as tested: fewer of what takes longer.
MANY = ((2_000, 22_000), (1_000, 5_000))
FEW = ((1_000, 3_000), (500, 1_500))
REPOSITORY = Path(__file__).resolve().parent.parent


def main() -> int:
    options = parse_options()
    if shutil.which("valgrind") is None:
        return fail("valgrind is not installed (apt-get install valgrind): nothing was counted")
    if not options.any_processor and not has_avx2():
        return fail("this processor has no AVX2: nothing was counted (--any-processor counts all the same)")
    tested = options.as_tested
    binary = options.binary or build(tested, "--bin", "crm-anon")
    generator = options.generator or build(tested, "--example", "generate")
    over = []

    def counted(job: tuple) -> float:
        rows = (MANY if job[0] in ("anonymise", "told") else FEW)[tested]
        # A folder for each, as they are counted side by side.
        with tempfile.TemporaryDirectory() as folder:
            return cost((str(binary), str(generator)), job, rows, Path(folder))

    with ThreadPoolExecutor(os.cpu_count()) as counting:
        for job, per_byte in zip(LIMITS, counting.map(counted, LIMITS)):
            limit, what = LIMITS[job][tested], " ".join(job)
            if options.update:
                print(f"{what}: {per_byte:.2f} instructions per byte; limit: {per_byte * SLACK:.1f}")
                continue
            if per_byte > limit:
                # A thread that waits for another may turn in a circle for a while on a busy machine, which counts.
                print(f"{what}: {per_byte:.2f} instructions per byte, counted again")
                per_byte = min(per_byte, counted(job))
            print(f"{what}: {per_byte:.2f} instructions per byte, limit {limit}")
            if per_byte > limit:
                over.append(what)
    if over:
        print(f"over the limit: {', '.join(over)}. Find out why (valgrind --tool=callgrind, cargo bench --bench micro);")
        print("if the cost is worth it, set LIMITS in this file to what --update prints, and say why in the commit")
        return 1
    return 0


def cost(programs: tuple, what: tuple, both: tuple, folder: Path) -> float:
    """Instructions per byte of what the larger file has beyond the smaller one."""
    (binary, generator), (job, dialect) = programs, what
    counted, sizes = [], []
    for rows in both:
        path = folder / f"{dialect}-{rows}.csv"
        run([generator, "--rows", str(rows), "--dialect", dialect, "--output", str(path)])
        if job == "reveal":
            protected = folder / f"protected-{rows}.csv"
            run(command(binary, "protection", path, folder) + ["-o", str(protected)])
            path = protected
        sizes.append(path.stat().st_size)
        output = [] if job in ("audit", "inspect") else ["-o", str(folder / "out.csv")]
        counted.append(instructions(command(binary, job, path, folder) + output))
    return (counted[1] - counted[0]) / (sizes[1] - sizes[0])


def command(binary: str, job: str, path: Path, folder: Path) -> list:
    """What is run on a file, but for its output."""
    match job:
        case "anonymise":
            options = ["--quiet"]
        case "told":
            options = []
        case "k":
            options = ["--quiet", "--k", "5", "--seed", "1"]
        case "protection":
            options = ["--quiet", "--rules", "protection", *keys(binary, folder)]
        case "reveal":
            options = ["reveal", *keys(binary, folder)]
        case _:
            options = [job]
    return [binary, *options, "-j", "1", str(path)]


def keys(binary: str, folder: Path) -> list:
    """The options for the keys of protected columns, which are made at first."""
    options = []
    for role in ("identite", "habilite"):
        path = folder / f"{role}.key"
        if not path.exists():
            run([binary, "keygen", role, "-o", str(path)])
        options += ["--key", str(path)]
    return options


def instructions(arguments: list) -> int:
    """How many instructions a command takes: cachegrind without its caches only counts."""
    counting = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    said = run(counting + arguments).stderr
    found = re.search(r"I\s+refs:\s+([\d,]+)", said)
    if found is None:
        raise Uncounted(f"valgrind gave no count:\n{said}")
    return int(found.group(1).replace(",", ""))


def run(arguments: list) -> subprocess.CompletedProcess:
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Uncounted(f"exit status {done.returncode}: {' '.join(arguments)}\n{done.stderr}")
    return done


def build(tested: bool, *what: str) -> Path:
    """Builds the program or the generator, and says where it is."""
    profile = [] if tested else ["--release"]
    command = ["cargo", "build", *profile, "--locked", "--message-format=json", *what]
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
    parser.add_argument("--as-tested", action="store_true", help="count the program that the tests run, not a release")
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
