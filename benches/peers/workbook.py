#!/usr/bin/env python3
"""Measure how long a workbook of a million rows takes, beside calamine, which only reads its cells.

Why: nearly all the time of such a run goes into unpacking and parsing, so a reader that does nothing else is the measure.
calamine runs as a small program that takes the cells one by one, as it recommends for large sheets, and keeps none.

The workbook has the generator's rows, written by PyPI's xlsxwriter with numbers and dates as what they are. Texts are in
the cells (constant memory) or, with --shared, in the table of shared texts, as Excel writes them.

Usage: python3 benches/peers/workbook.py [--rows N] [--rounds N] [--shared] [--binary FILE] [--generator FILE]
Needs: Python 3.9 or later with venv, cargo, the registries of both. A million rows take some minutes to write.
"""

import argparse
import subprocess
import sys
import venv
from pathlib import Path

from measure import Contender, contest, machine, table
from peers import REPOSITORY, build

ROWS = 1_000_000
WRITER = "xlsxwriter==3.2.9"

MANIFEST = """[package]
name = "cells"
version = "0.0.0"
edition = "2024"

[dependencies]
calamine = "=0.38.0"

[profile.release]
lto = "thin"
codegen-units = 1

[workspace]
"""

PROGRAM = """use calamine::{DataRef, Reader, Xlsx, open_workbook};

fn main() {
    let path = std::env::args().nth(1).expect("a path");
    let mut workbook: Xlsx<_> = open_workbook(path).expect("a workbook");
    let sheet = workbook.sheet_names().first().cloned().expect("a sheet");
    let mut cells = workbook.worksheet_cells_reader(&sheet).expect("the sheet");
    let (mut count, mut bytes) = (0_u64, 0);
    while let Some(cell) = cells.next_cell().expect("a cell") {
        count += 1;
        bytes += match cell.get_value() {
            DataRef::String(text) => text.len(),
            DataRef::SharedString(text) => text.len(),
            _ => 0,
        };
    }
    eprintln!("{count} cells, {bytes} bytes of text");
}
"""

WRITE = """import csv, datetime, re, sys
import xlsxwriter

source, target, parts, shared = sys.argv[1:4] + [sys.argv[4] == "True"]
workbook = xlsxwriter.Workbook(target, {"constant_memory": not shared, "tmpdir": parts})
sheet = workbook.add_worksheet("Clients")
day = workbook.add_format({"num_format": "yyyy-mm-dd"})
with open(source, encoding="utf-8", newline="") as file:
    rows = csv.reader(file)
    header = next(rows)
    sheet.write_row(0, 0, header)
    numbers = {at for at, name in enumerate(header) if name in {"revenus", "valeur_residence_prin", "tarif_devis", "points_perdus", "age_vehicule"}}
    dates = {at for at, name in enumerate(header) if name.startswith("date_")}
    for number, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            if not cell:
                continue
            if at in numbers and re.fullmatch("[0-9]+([.][0-9]+)?", cell):
                sheet.write_number(number, at, float(cell))
            elif at in dates and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
                sheet.write_datetime(number, at, datetime.datetime.fromisoformat(cell), day)
            else:
                sheet.write_string(number, at, cell)
workbook.close()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a large workbook beside calamine.")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the workbook (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each runs (%(default)s)")
    parser.add_argument("--shared", action="store_true", help="texts in the table of shared texts")
    parser.add_argument("--work", type=Path, default=REPOSITORY / "target" / "peers", help="work folder (%(default)s)")
    parser.add_argument("--binary", help="a crm-anon that is built already")
    parser.add_argument("--generator", help="an example `generate` that is built already")
    options = parser.parse_args()
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    binary = options.binary or str(build("--bin", "crm-anon"))
    reader = calamine(options.work)
    source = workbook(options)
    print(f"{source.name}: {source.stat().st_size / 1e6:.0f} MB")
    contenders = [
        Contender("calamine 0.38.0, cells alone", [str(reader), "INPUT"], source),
        Contender("crm-anon, 2 threads", [binary, "INPUT", "-qq", "-j", "2", "-o", "OUTPUT"], source),
        Contender("crm-anon, 1 thread", [binary, "INPUT", "-qq", "-j", "1", "-o", "OUTPUT"], source),
    ]
    contest(contenders, options.rounds, options.work)
    for each in contenders:
        each.run_for_memory(options.work / "output.csv")
    (options.work / "output.csv").unlink(missing_ok=True)
    about = machine()
    print(table(contenders, contenders[:1]))
    print(f"\n{about['date']}, {about['cpu']}, {about['threads']} threads, load {about['load_before']}, {about['system']}")


def calamine(work: Path) -> Path:
    """The program that reads cells with calamine, built as crm-anon's release is."""
    folder = work / "cells"
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text(MANIFEST, encoding="utf-8")
    (folder / "src/main.rs").write_text(PROGRAM, encoding="utf-8")
    command = ["cargo", "build", "--release", "--quiet", "--target-dir", str(folder / "target")]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "target/release/cells"


def workbook(options: argparse.Namespace) -> Path:
    path = options.work / f"workbook-{options.rows}{'-shared' if options.shared else ''}.xlsx"
    if path.exists():
        return path
    generator = options.generator or str(build("--example", "generate"))
    rows = path.with_suffix(".csv")
    subprocess.run([generator, "--rows", str(options.rows), "--output", str(rows)], check=True)
    environment = options.work / "venv-workbook"
    python = environment / "bin/python"
    if not python.exists():
        venv.create(environment, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", WRITER], check=True)
    parts = path.with_suffix(".parts")
    parts.mkdir(exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    subprocess.run([str(python), "-c", WRITE, str(rows), str(unfinished), str(parts), str(options.shared)], check=True)
    unfinished.rename(path)
    rows.unlink()
    parts.rmdir()
    return path


if __name__ == "__main__":
    sys.exit(main())
