#!/usr/bin/env python3
"""Opens what `--encrypt-to` writes with another implementation of age, pyrage (pip install pyrage).

usage: age_check.py path/to/crm-anon
"""

import os
import subprocess
import sys
import tempfile

import pyrage

program = os.path.abspath(sys.argv[1])
fixture = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures", "export_crm.csv")


def run(*arguments):
    command = [program, fixture, "-q", "--seed", "1", *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout


def refused(sealed, key):
    try:
        pyrage.decrypt(sealed, [key])
    except pyrage.DecryptError:
        return True
    return False


with tempfile.TemporaryDirectory() as folder:
    own, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    ssh = os.path.join(folder, "id")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", ssh], check=True)
    with open(ssh, "rb") as key:
        ssh_key = pyrage.ssh.Identity.from_buffer(key.read())
    to = ["--encrypt-to", str(own.to_public()), "--encrypt-to", ssh + ".pub"]
    for extra in [[], ["--bom", "--crlf"], ["--shuffle"]]:
        plain = run(*extra)
        path = os.path.join(folder, "out.age")
        run(*extra, *to, "-o", path)
        with open(path, "rb") as file:
            to_file = file.read()
        for sealed in [run(*extra, *to), to_file]:
            assert pyrage.decrypt(sealed, [own]) == plain
            assert pyrage.decrypt(sealed, [ssh_key]) == plain
            assert refused(sealed, other)
            assert refused(sealed[:-1], own)
            assert refused(sealed[:-1] + bytes([sealed[-1] ^ 1]), own)
print("pyrage opens every output, and no altered one")
