#!/usr/bin/env python3
"""Runs a program that was built for another system beside the one of this machine, on every fixture: the same exit
status and the same bytes are asked of both.

Usage: .ci/same_bytes.py NATIVE OTHER [RUNNER ARGUMENT...]
  NATIVE  the program of this machine
  OTHER   the program of the other system
  RUNNER  what runs it here (wine, qemu), with its arguments; none if this machine runs it itself
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

# What is done to each fixture. `OUT` stands for the output's name. Without a seed a run has no bytes to compare.
JOBS = {
    "standard output": ["{}", "-qq", "--seed", "1"],
    "shuffled, two threads": ["{}", "-qq", "--seed", "1", "--shuffle", "-j", "2", "-o", "OUT.csv"],
    "k": ["{}", "-qq", "--seed", "1", "--k", "2", "--max-suppressed", "100%", "-o", "OUT.csv"],
    "masked, compressed": ["{}", "-qq", "--seed", "1", "--on-leftover", "mask", "-o", "OUT.csv.gz"],
    "for Excel": ["{}", "-qq", "--seed", "1", "--excel", "--on-invalid", "blank", "-o", "OUT.csv"],
    "workbook": ["{}", "-qq", "--seed", "1", "--on-invalid", "skip", "-o", "OUT.xlsx"],
    "inspect": ["inspect", "{}", "--suggest"],
    "audit": ["audit", "{}", "--format", "json"],
}

# What is done once, and needs no fixture.
OTHERS = {
    "rules": ["rules", "--lang", "en"],
    "protection": ["rules", "protection", "--lang", "fr"],
    "invented rows": ["fixture", "rules.toml", "--rows", "50", "--seed", "1"],
    "opened": ["reveal", "protected.csv", "--key", "identite.key", "--key", "habilite.key"],
}


def run(command, arguments, folder):
    environment = dict(os.environ, WINEDEBUG="-all", LC_ALL="C.UTF-8")
    done = subprocess.run(command + arguments, cwd=folder, env=environment, capture_output=True, stdin=subprocess.DEVNULL)
    written = {path.name: path.read_bytes() for path in folder.glob("OUT.*")}
    for name in written:
        (folder / name).unlink()
    return done.returncode, done.stdout, written, done.stderr


def difference(native, other):
    (status, out, written, _), (their_status, their_out, their_written, said) = native, other
    if status != their_status:
        return f"status {their_status} in place of {status}: {said.decode(errors='replace')[:300]}"
    if out != their_out:
        return "standard output differs"
    if written != their_written:
        return "what is written differs"
    return None


def main():
    native, other, *runner = sys.argv[1:]
    native = [str(pathlib.Path(native).resolve())]
    other = runner + [str(pathlib.Path(other).resolve())]
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / "fixtures"
        shutil.copytree(ROOT / "fixtures", folder)
        inputs = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.suffix in (".csv", ".xlsx", ".gz", ".zst"))
        (folder / "rules.toml").write_bytes(run(native, ["rules"], folder)[1])
        for role in ("identite", "habilite"):
            run(native, ["keygen", role, "-o", f"{role}.key"], folder)
        keys = ["--key", "identite.key", "--key", "habilite.key"]
        run(native, ["export_crm.csv", "-qq", "-r", "protection", "-o", "protected.csv", *keys], folder)
        todo = [(f"{name}, {job}", [name if a == "{}" else a for a in arguments]) for name in inputs for job, arguments in JOBS.items()]
        todo += list(OTHERS.items())
        done, wrong = 0, []
        for name, arguments in todo:
            ours = run(native, arguments, folder)
            found = difference(ours, run(other, arguments, folder))
            done += ours[0] == 0
            if found:
                wrong.append(f"{name}: {found}")
        print(*wrong, sep="\n")
        print(f"{len(todo)} runs on {len(inputs)} files, of which {done} end with status 0: {len(wrong)} differ")
        # Where everything is refused nothing is compared.
        if wrong or done < len(inputs):
            sys.exit(1)


main()
