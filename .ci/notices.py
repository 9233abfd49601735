#!/usr/bin/env python3
"""Write THIRD-PARTY-NOTICES: the licences of all crates that are linked into the program.

They must go with it wherever it is passed on. Of a crate that may be used under one of several licences the MIT licence
is taken if it is among them, else the first that the crate brings a text of. Crates with one text share it.

Usage: python3 .ci/notices.py [--check]
       --check says whether the file is as it would be written
Exit status: 0 written, or as it should be · 1 stale (--check) · 2 a crate without a text, or cargo failed
"""

import json
import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
NOTICES = REPOSITORY / "THIRD-PARTY-NOTICES"
TARGET = "x86_64-unknown-linux-gnu"

def main() -> int:
    texts: dict[str, list[str]] = {}
    missing = []
    for package in linked(metadata()):
        found = text_of(package)
        name = f"{package['name']} {package['version']} ({package['license']})"
        if found is None:
            missing.append(name)
        else:
            texts.setdefault(found, []).append(name)
    if missing:
        print("no text of a licence in: " + ", ".join(missing), file=sys.stderr)
        return 2
    written = document(texts)
    if "--check" in sys.argv[1:]:
        if NOTICES.exists() and NOTICES.read_text(encoding="utf-8") == written:
            return 0
        print("THIRD-PARTY-NOTICES is stale: run python3 .ci/notices.py", file=sys.stderr)
        return 1
    NOTICES.write_text(written, encoding="utf-8")
    return 0


def document(texts: dict[str, list[str]]) -> str:
    parts = [
        "crm-anon is linked with the work of others. These are their licences.\n"
        "Made by .ci/notices.py from what Cargo.lock names.\n"
    ]
    for text, names in sorted(texts.items(), key=lambda entry: entry[1]):
        parts.append("=" * 80 + "\n" + "\n".join(names) + "\n" + "-" * 80 + "\n" + text)
    return "\n".join(parts)


def metadata() -> dict:
    """What cargo says of all packages."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", TARGET]
    return json.loads(subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, check=True).stdout)


def own(said: dict) -> dict:
    """The package of the program itself."""
    return next(p for p in said["packages"] if p["name"] == "crm-anon" and p["source"] is None)


def links(said: dict) -> dict[str, list[str]]:
    """Of the program and each package that is linked into it, what it is linked with: their ids."""
    packages = {package["id"]: package for package in said["packages"]}
    nodes = {node["id"]: node for node in said["resolve"]["nodes"]}
    found, open_ids = {}, [own(said)["id"]]
    while open_ids:
        one = open_ids.pop()
        if one in found:
            continue
        found[one] = [
            dependency["pkg"]
            for dependency in nodes[one]["deps"]
            if any(kind["kind"] is None for kind in dependency["dep_kinds"])
            and not any("proc-macro" in target["kind"] for target in packages[dependency["pkg"]]["targets"])
        ]
        open_ids.extend(found[one])
    return found


def linked(said: dict) -> list[dict]:
    """The packages of others that are linked into the program, in the order of their names."""
    ids = links(said).keys() - {own(said)["id"]}
    return sorted((p for p in said["packages"] if p["id"] in ids), key=lambda p: (p["name"], p["version"]))


def text_of(package: dict) -> str | None:
    folder = Path(package["manifest_path"]).parent
    names = re.compile(r"^(licen[cs]e|copying|unlicense|notice)", re.IGNORECASE)
    files = sorted(path for path in folder.iterdir() if path.is_file() and names.match(path.name))
    if package.get("license_file"):
        files.insert(0, folder / package["license_file"])
    licence = package["license"] or ""
    chosen = [path for path in files if "mit" in path.name.lower()] if "MIT" in licence else []
    if not chosen or " AND " in licence:
        chosen = files if " AND " in licence else files[:1]
    if not chosen:
        return mit(package) if "MIT" in licence else None
    return "\n".join(clean(path) for path in dict.fromkeys(chosen))


def clean(path: Path) -> str:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(line.rstrip() for line in lines).strip() + "\n"


def mit(package: dict) -> str:
    """The MIT licence, for a crate that names it and leaves the text in its repository."""
    whose = ", ".join(re.sub(r" <.*?>", "", author) for author in package["authors"]) or "its authors"
    return (
        f"Copyright (c) {whose}\n\n"
        "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated\n"
        'documentation files (the "Software"), to deal in the Software without restriction, including without limitation the\n'
        "rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit\n"
        "persons to whom the Software is furnished to do so, subject to the following conditions:\n\n"
        "The above copyright notice and this permission notice shall be included in all copies or substantial portions of the\n"
        "Software.\n\n"
        'THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE\n'
        "WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR\n"
        "COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR\n"
        "OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
