#!/usr/bin/env python3
"""Write the bill of materials of a program, in CycloneDX 1.6: the crates that are linked into it, and the program's own hash.

The same program gives the same bytes, with SOURCE_DATE_EPOCH as its time. What only builds (build scripts, macros) is not
in it; C code that is linked (zstd, ring) is in the crate that brings it.

Usage: python3 .ci/sbom.py PROGRAM > FILE
"""

import hashlib
import json
import os
import sys
import tomllib
import uuid
from datetime import UTC, datetime
from pathlib import Path

import notices


def main() -> int:
    program = Path(sys.argv[1]).read_bytes()
    said = notices.metadata()
    own = notices.own(said)
    lock = tomllib.loads((notices.REPOSITORY / "Cargo.lock").read_text(encoding="utf-8"))
    sums = {(p["name"], p["version"]): p.get("checksum") for p in lock["package"]}
    described = {own["id"]: component(own, hashlib.sha256(program).hexdigest())}
    for package in notices.linked(said):
        described[package["id"]] = component(package, sums[package["name"], package["version"]])
    reference = {one: part["bom-ref"] for one, part in described.items()}
    links = notices.links(said)
    parts = {
        "metadata": {
            "timestamp": datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": described.pop(own["id"]) | {"type": "application"},
            "properties": [{"name": "crm-anon:target", "value": notices.TARGET}],
        },
        "components": list(described.values()),
        "dependencies": sorted(
            ({"ref": reference[one], "dependsOn": sorted(reference[other] for other in set(links[one]))} for one in links),
            key=lambda entry: entry["ref"],
        ),
    }
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(parts))
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{number}", "version": 1} | parts
    print(json.dumps(document, indent=1, ensure_ascii=False))
    return 0


def component(package: dict, sha256: str) -> dict:
    purl = f"pkg:cargo/{package['name']}@{package['version']}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": package["name"],
        "version": package["version"],
        "licenses": [{"expression": package["license"].replace("/", " OR ")}],
        "hashes": [{"alg": "SHA-256", "content": sha256}],
        "purl": purl,
    }


if __name__ == "__main__":
    sys.exit(main())
