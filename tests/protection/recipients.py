"""Opens what `--encrypt-to` writes with another implementation of age, `pyrage` from PyPI; called by check.py."""

import subprocess
from pathlib import Path


def check(program: str, fixture: Path) -> str:
    import pyrage

    def run(*arguments) -> bytes:
        command = [program, fixture, "-q", "--seed", "1", *arguments]
        return subprocess.run(command, check=True, capture_output=True).stdout

    def refused(sealed: bytes, key) -> bool:
        try:
            pyrage.decrypt(sealed, [key])
        except pyrage.DecryptError:
            return True
        return False

    own, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "id"], check=True)
    ssh = pyrage.ssh.Identity.from_buffer(Path("id").read_bytes())
    to = ["--encrypt-to", str(own.to_public()), "--encrypt-to", "id.pub"]
    opened = 0
    for extra in [[], ["--bom", "--crlf"], ["--shuffle"]]:
        plain = run(*extra)
        run(*extra, *to, "-o", "out.age")
        for sealed in [run(*extra, *to), Path("out.age").read_bytes()]:
            assert pyrage.decrypt(sealed, [own]) == plain
            assert pyrage.decrypt(sealed, [ssh]) == plain
            assert refused(sealed, other)
            assert refused(sealed[:-1], own)
            assert refused(sealed[:-1] + bytes([sealed[-1] ^ 1]), own)
            opened += 1
    return f"pyrage opens {opened} outputs with either key, and no altered one"
