#!/usr/bin/env python3
"""Open what crm-anon protects, and make what it reveals, with other people's cryptography.

Why: a file that only one program can read is lost with that program, and a format that is not what its description
says is no format. Everything here follows the README's description and uses `cryptography`, `pycryptodome` and
`pyrage` from PyPI, never crm-anon's own code:

* every encrypted cell of the fixture is opened, and encrypted again to the same text; every hash is computed again;
* the nonces are what the README says, and no two are the same;
* cells that were encrypted here are given back by `crm-anon reveal`;
* a key file under a passphrase is opened as an age file, after the passphrase was typed on a terminal that did not
  show it; without a terminal nothing is asked;
* what `--encrypt-to` writes is opened as an age file by its recipients, and by nobody else.

Usage: python3 tests/protection/check.py [--cache FOLDER] [--program PROGRAM | --prepare]
Needs: Python 3.9 or later on Linux, pip and cargo. Exit status: 0 as described, 1 anything else.
"""

import argparse
import base64
import csv
import hashlib
import hmac
import os
import pty
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PACKAGES = ["cryptography==50.0.2", "pycryptodome==4.4.0", "pyrage==1.4.0"]
FIXTURE = REPOSITORY / "fixtures" / "export_crm.csv"
PASSPHRASE = "cheval pile agrafe"

TABLE = """
version = 1
[columns.email]
rule = { encrypt = { role = "identite", deterministic = true } }
[columns.nom]
rule = { hash = { role = "identite" } }
[columns.num_ss]
rule = { hash = { role = "habilite", length = 64, domain = "N° SS" } }
as = "code"
"""


def main() -> int:
    options = parse_options()
    into_environment(options.cache)
    if options.prepare:
        return 0
    program = options.program or build()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for check in (check_random, check_deterministic_and_hash, check_reverse, check_passphrase, check_recipients):
            print(f"{check.__name__[6:]}: {check(program)}")
    return 0


# ---- the format, as the README describes it ----


class Key:
    """A role's key, from its file."""

    def __init__(self, text: str):
        line = next(line for line in text.splitlines() if line.startswith("crm-anon-key-1 "))
        content, checksum = line.rsplit(" ", 1)
        assert hashlib.sha256(content.encode()).hexdigest()[:8] == checksum, "the checksum"
        _, self.role, letters = content.split(" ")
        self.key = from_base64(letters)
        assert len(self.key) == 32

    def context(self, kind: str, name: str) -> bytes:
        return f"crm-anon/1/{kind}/{self.role}/{name}".encode()

    def derive(self, kind: str, name: str, length: int) -> bytes:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(hashes.SHA256(), length, None, self.context(kind, name)).derive(self.key)

    def seal(self, column: str, cell: bytes, nonce: bytes) -> str:
        from Crypto.Cipher import ChaCha20_Poly1305

        cipher = ChaCha20_Poly1305.new(key=self.derive("encrypt", column, 32), nonce=nonce)
        cipher.update(self.context("encrypt", column))
        sealed, tag = cipher.encrypt_and_digest(padded(cell))
        return f"crm1.e.{self.role}.{to_base64(self.id() + nonce + sealed + tag)}"

    def open(self, column: str, text: str):
        """The cell and its nonce."""
        from Crypto.Cipher import ChaCha20_Poly1305

        payload = self.payload("e", text)
        nonce, sealed, tag = payload[4:28], payload[28:-16], payload[-16:]
        cipher = ChaCha20_Poly1305.new(key=self.derive("encrypt", column, 32), nonce=nonce)
        cipher.update(self.context("encrypt", column))
        return unpadded(cipher.decrypt_and_verify(sealed, tag)), nonce

    def seal_alike(self, column: str, cell: bytes) -> str:
        sealed = self.siv(column).encrypt(padded(cell), [self.context("encrypt-deterministic", column)])
        return f"crm1.d.{self.role}.{to_base64(self.id() + sealed)}"

    def open_alike(self, column: str, text: str) -> bytes:
        sealed = self.payload("d", text)[4:]
        return unpadded(self.siv(column).decrypt(sealed, [self.context("encrypt-deterministic", column)]))

    def siv(self, column: str):
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        return AESSIV(self.derive("encrypt-deterministic", column, 64))

    def hash(self, domain: str, cell: str, length: int) -> str:
        key = self.derive("hash", domain, 32)
        return hmac.new(key, cell.strip().encode(), hashlib.sha256).hexdigest()[:length]

    def id(self) -> bytes:
        return self.derive("key-id", "", 4)

    def payload(self, method: str, text: str) -> bytes:
        mark, letter, role, letters = text.split(".")
        assert (mark, letter, role) == ("crm1", method, self.role), "the prefix"
        payload = from_base64(letters)
        assert payload[:4] == self.id(), "the key id"
        return payload


def padded(cell: bytes) -> bytes:
    return cell + b"\x80" + bytes(15 - len(cell) % 16)


def unpadded(text: bytes) -> bytes:
    assert len(text) % 16 == 0
    cell = text.rstrip(b"\0")
    assert cell.endswith(b"\x80") and len(text) - len(cell) < 16
    return cell[:-1]


def from_base64(text: str) -> bytes:
    content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    assert to_base64(content) == text, "not canonical"
    return content


def to_base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


# ---- the checks ----


def check_random(program: str) -> str:
    keys = {role: make_key(program, role) for role in ("identite", "habilite")}
    run(program, FIXTURE, "-q", "-r", "protection", *key_options(keys), "-o", "p.csv")
    source, protected = rows(FIXTURE), rows("p.csv")
    positions = {name: at for at, name in enumerate(source[0])}
    nonces = set()
    for before, after in zip(source[1:], protected[1:]):
        for name, cell in zip(protected[0], after):
            expected = before[positions[name]] if name in positions else None
            if not cell.startswith("crm1."):
                assert cell == expected or name == "Index_rd", name
                continue
            key = keys[cell.split(".")[2]]
            opened, nonce = key.open(name, cell)
            assert opened.decode() == expected, name
            assert key.seal(name, opened, nonce) == cell, name
            assert int.from_bytes(nonce[12:16], "big") == positions[name], name
            assert int.from_bytes(nonce[16:], "big") == int(after[0]), name
            nonces.add(nonce)
    cells = sum(cell.startswith("crm1.") for row in protected for cell in row)
    assert len(protected) == len(source) and cells == len(nonces) > 1000
    assert len({nonce[:12] for nonce in nonces}) == 1
    return f"{cells} cells of {len(source) - 1} rows opened and encrypted again to the same text"


def check_deterministic_and_hash(program: str) -> str:
    keys = {role: Key(Path(f"{role}.key").read_text()) for role in ("identite", "habilite")}
    Path("t.toml").write_text(TABLE)
    run(program, FIXTURE, "-q", "-r", "t.toml", *key_options(keys), "-o", "h.csv")
    source = list(csv.DictReader(FIXTURE.open(newline="", encoding="utf-8")))
    protected = list(csv.DictReader(open("h.csv", newline="", encoding="utf-8")))
    missing = {"", "null", "na", "n/a", "#n/a", "nan", "none"}
    count = 0
    for before, after in zip(source, protected):
        for name, output, key, domain, length in (
            ("nom", "nom", keys["identite"], "nom", 32),
            ("num_ss", "code", keys["habilite"], "n°_ss", 64),
        ):
            absent = before[name].strip().lower() in missing
            assert after[output] == ("" if absent else key.hash(domain, before[name], length)), name
            count += not absent
        if before["email"]:
            opened = keys["identite"].open_alike("email", after["email"])
            assert opened.decode() == before["email"]
            assert keys["identite"].seal_alike("email", opened) == after["email"]
            count += 1
        else:
            assert after["email"] == ""
    assert len(source) == len(protected) and count > 500
    return f"{count} cells computed again to the same text"


def check_reverse(program: str) -> str:
    """Cells that were encrypted here, in columns whose names are not what they are compared as."""
    key = Key(Path("identite.key").read_text())
    texts = ["a", "é" * 8, "x" * 16, 'two\nlines, "quoted"', "NULL", " ", ""]
    run_id = os.urandom(12)
    with open("made.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Index rd", "Prénom-Usuel", "ville"])
        for index, text in enumerate(texts, 1):
            nonce = run_id + (4).to_bytes(4, "big") + (index * 10**13).to_bytes(8, "big")
            cell = key.seal("prenom_usuel", text.encode(), nonce) if text else ""
            alike = key.seal_alike("ville", text.encode()) if text else ""
            writer.writerow([index * 10**13, cell, alike])
    run(program, "reveal", "made.csv", "-q", "--key", "identite.key", "-o", "opened.csv")
    opened = rows("opened.csv")[1:]
    assert [row[1:] for row in opened] == [[text, text] for text in texts], opened
    return f"{2 * len(texts)} cells given back"


def check_passphrase(program: str) -> str:
    asked = typing(program, ["keygen", "scelle", "--passphrase", "-o", "scelle.key"], 2)
    sealed = Path("scelle.key").read_bytes()
    assert Path("scelle.key").stat().st_mode & 0o777 == 0o600
    key = Key(open_age(sealed, PASSPHRASE).decode())
    assert key.role == "scelle"
    Path("t.toml").write_text(
        'version = 1\n[columns.nom]\nrule = { encrypt = { role = "scelle" } }\n'
    )
    options = ["-q", "-r", "t.toml", "--key", "scelle.key", "-o", "s.csv"]
    asked += typing(program, [str(FIXTURE), *options], 1)
    for before, after in zip(rows(FIXTURE)[1:], rows("s.csv")[1:]):
        assert after[1] == "" or key.open("nom", after[1])[0].decode() == before[5]
    typing(program, [str(FIXTURE), *options], 1, passphrase="wrong", status=2)
    typing(program, ["keygen", "x", "--passphrase", "-o", "x.key"], 2, passphrase="", status=2)
    # A session without a terminal.
    done = subprocess.run(
        [program, "reveal", "s.csv", "--key", "scelle.key"], capture_output=True, start_new_session=True
    )
    assert done.returncode == 2 and b"terminal" in done.stderr and done.stdout == b""
    assert not Path("x.key").exists()
    return f"asked {asked} times, shown never; the sealed key opens as an age file"


def typing(program: str, arguments: list, times: int, passphrase: str = PASSPHRASE, status: int = 0) -> int:
    """Runs the program on a terminal of its own and types the passphrase whenever it is asked for."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(program, [program, *arguments])
    seen, asked = b"", 0
    while True:
        try:
            piece = os.read(terminal, 1024)
        except OSError:
            break
        if not piece:
            break
        seen += piece
        if seen.count(b": ") > asked and seen.endswith(b": ") and asked < times:
            asked += 1
            os.write(terminal, passphrase.encode() + b"\n")
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert (code, asked) == (status, times), (code, asked, seen)
    assert not passphrase or passphrase.encode() not in seen, "the passphrase was shown"
    return asked


def open_age(armored: bytes, passphrase: str) -> bytes:
    """The content of an age file with one scrypt recipient (https://c2sp.org/age)."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    def decode(text: bytes) -> bytes:
        return base64.b64decode(text + b"=" * (-len(text) % 4))

    def derive(key: bytes, salt, info: bytes) -> bytes:
        return HKDF(hashes.SHA256(), 32, salt, info).derive(key)

    lines = armored.split()
    start, end = lines.index(b"FILE-----") + 1, lines.index(b"-----END")
    content = base64.b64decode(b"".join(lines[start:end]))
    header, rest = content.split(b"\n--- ", 1)
    version, stanza, body = header.split(b"\n")
    assert version == b"age-encryption.org/v1"
    arrow, kind, salt, work = stanza.split(b" ")
    assert (arrow, kind) == (b"->", b"scrypt") and int(work) >= 18
    wrap = hashlib.scrypt(
        passphrase.encode(),
        salt=b"age-encryption.org/v1/scrypt" + decode(salt),
        n=1 << int(work),
        r=8,
        p=1,
        maxmem=1 << 30,
        dklen=32,
    )
    file_key = ChaCha20Poly1305(wrap).decrypt(bytes(12), decode(body), None)
    mac, payload = rest.split(b"\n", 1)
    expected = hmac.new(derive(file_key, None, b"header"), header + b"\n---", hashlib.sha256)
    assert hmac.compare_digest(decode(mac), expected.digest()), "the header's MAC"
    nonce, chunk = payload[:16], payload[16:]
    # One chunk of 64 KiB at most, and so the last.
    key = derive(file_key, nonce, b"payload")
    return ChaCha20Poly1305(key).decrypt(bytes(11) + b"\x01", chunk, None)


# ---- what it takes ----


def make_key(program: str, role: str) -> Key:
    run(program, "keygen", role, "-o", f"{role}.key")
    return Key(Path(f"{role}.key").read_text())


def key_options(keys) -> list:
    return [part for role in keys for part in ("--key", f"{role}.key")]


def check_recipients(program: str) -> str:
    import recipients

    return recipients.check(program, FIXTURE)


def run(program: str, *arguments) -> None:
    subprocess.run([program, *map(str, arguments)], check=True)


def rows(path) -> list:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def build() -> str:
    subprocess.run(["cargo", "build", "--locked"], cwd=REPOSITORY, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return str(target.absolute() / "debug" / "crm-anon")


def into_environment(cache: Path) -> None:
    """Goes on in a virtual environment that has the packages."""
    python = cache / "bin" / "python3"
    if Path(sys.prefix) == cache:
        return
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", cache], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    os.execv(python, [str(python), *sys.argv])


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = Path(tempfile.gettempdir()) / "crm-anon-protection"
    parser.add_argument("--cache", type=Path, default=default, help="where the virtual environment is")
    parser.add_argument("--program", type=os.path.abspath, help="crm-anon; built if not given")
    parser.add_argument("--prepare", action="store_true", help="install the packages, and check nothing")
    options = parser.parse_args()
    options.cache = options.cache.absolute()
    return options


if __name__ == "__main__":
    sys.exit(main())
