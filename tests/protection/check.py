#!/usr/bin/env python3
"""Open what crm-anon protects, and make what it reveals, with other people's cryptography.

Why: a file that only one program can read is lost with that program, and a format that is not what its description
says is no format. Everything here follows docs/protected-files.md and uses `cryptography`, `pycryptodome` and
`pyrage` from PyPI, never crm-anon's own code:

* every encrypted cell of the fixture is opened, and encrypted again to the same text; every hash is computed again;
* the line of the run and the seal of every row are opened and made again to the same text, by each role alone;
* cells of both formats, lines and seals that were made here are accepted and given back by `crm-anon reveal`;
* so are files of both formats that were written once, in `vectors`;
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
import unicodedata
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
        for check in (check_sealed, check_written_once, check_deterministic_and_hash, check_reverse, check_reverse_of_first, check_passphrase, check_recipients):
            print(f"{check.__name__[6:]}: {check(program)}")
    return 0


# ---- the formats, as docs/protected-files.md describes them ----


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


    def derive_in(self, run: bytes, kind: str, name: str) -> bytes:
        return derived(self.key, run, f"crm-anon/2/{kind}/{self.role}/{name}")


class Run:
    """A run: what the name of the column of seals says, and what follows from it."""

    MARK = "crm2.run."

    def __init__(self, run: bytes, writing: bytes, roles: list, width: int, columns: dict, secret: bytes):
        """`roles` has names, key ids and sealed secrets; `columns`, by number, a letter, a role and a position."""
        self.run, self.writing, self.roles, self.width, self.columns = run, writing, roles, width, columns
        self.line_key = derived(secret, run + writing, "crm-anon/2/line")
        self.rows_key = derived(secret, run + writing, "crm-anon/2/rows")

    @classmethod
    def read(cls, header: list, key: Key):
        """Opens and proves the line in a header with the key of any of its roles."""
        [line] = [name for name in header if name.startswith(cls.MARK)]
        payload = from_base64(line[len(cls.MARK) :])
        at = 0

        def take(length: int) -> bytes:
            nonlocal at
            at += length
            return payload[at - length : at]

        def number(length: int) -> int:
            return int.from_bytes(take(length), "big")

        run, writing = take(12), take(12)
        roles = [(take(number(1)).decode(), take(4), take(48)) for _ in range(number(2))]
        width, columns = number(4), {}
        for _ in range(number(4)):
            column = number(4)
            columns[column] = (take(1).decode(), number(2), number(4))
        assert len(payload) == at + 16
        [(_, known, sealed)] = [role for role in roles if role[0] == key.role]
        assert known == key.id(), "the key id"
        secret = gcm(key.derive_in(run, "seal", "")).decrypt(bytes(12), sealed, None)
        made = cls(run, writing, roles, width, columns, secret)
        assert made.line(header) == line
        return made

    def body(self) -> bytes:
        parts = [self.run, self.writing, len(self.roles).to_bytes(2, "big")]
        for role, known, sealed in self.roles:
            parts += [len(role).to_bytes(1, "big"), role.encode(), known, sealed]
        parts += [self.width.to_bytes(4, "big"), len(self.columns).to_bytes(4, "big")]
        for number, (letter, role, position) in self.columns.items():
            parts += [number.to_bytes(4, "big"), letter.encode(), role.to_bytes(2, "big"), position.to_bytes(4, "big")]
        return b"".join(parts)

    def line(self, header: list) -> str:
        names = [compared(header[at]).encode() for at in self.order(header)]
        tag = gcm(self.line_key).encrypt(bytes(12), b"", self.body() + appended(names))
        return self.MARK + to_base64(self.body() + tag)

    def order(self, header: list) -> list:
        """The positions of columns, by number."""
        others = [at for at, name in enumerate(header) if not name.startswith(self.MARK)]
        return sorted(others, key=lambda at: (compared(header[at]).encode(), at))

    def seal(self, header: list, row: list, index: int, numbers: bytes) -> str:
        nonce = (len(numbers) == 10).to_bytes(4, "big") + index.to_bytes(8, "big")
        cells = appended([row[at].encode() for at in self.order(header)])
        return "s" + to_base64(gcm(self.rows_key).encrypt(nonce, numbers, cells))

    def opened_seal(self, header: list, row: list, index: int, seal: str) -> bytes:
        assert seal[0] == "s"
        sealed = from_base64(seal[1:])
        nonce = (len(sealed) == 26).to_bytes(4, "big") + index.to_bytes(8, "big")
        cells = appended([row[at].encode() for at in self.order(header)])
        return gcm(self.rows_key).decrypt(nonce, sealed, cells)


def sealed_cell(key: Key, run: bytes, column: str, position: int, index: int, cell: bytes) -> str:
    nonce = position.to_bytes(4, "big") + index.to_bytes(8, "big")
    return "e" + to_base85(gcm(key.derive_in(run, "encrypt", compared(column))).encrypt(nonce, padded(cell), None))


def opened_cell(key: Key, run: bytes, column: str, position: int, index: int, text: str) -> bytes:
    assert text.startswith("e")
    nonce = position.to_bytes(4, "big") + index.to_bytes(8, "big")
    sealed = from_base85(text[1:])
    return unpadded(gcm(key.derive_in(run, "encrypt", compared(column))).decrypt(nonce, sealed, None))


def gcm(key: bytes):
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def derived(secret: bytes, salt: bytes, info: str) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(hashes.SHA256(), 32, salt, info.encode()).derive(secret)


def appended(cells: list) -> bytes:
    return b"".join(len(cell).to_bytes(4, "big") + cell for cell in cells)


def compared(name: str) -> str:
    """A column's name as it is compared, as far as these files need it."""
    letters = unicodedata.normalize("NFKD", name.strip())
    return "".join("_" if c in " -" else c for c in letters.lower() if not unicodedata.combining(c))


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


# All printable ASCII characters but the space and , ; | " ' ` \\ @ .
LETTERS = "".join(chr(code) for code in range(33, 127) if chr(code) not in ",;|\"'`\\@.")
OTHERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"


def from_base85(text: str) -> bytes:
    content = base64.b85decode(text.translate(str.maketrans(LETTERS, OTHERS)))
    assert to_base85(content) == text, "not canonical"
    return content


def to_base85(content: bytes) -> str:
    assert len(content) % 4 == 0
    return base64.b85encode(content).decode().translate(str.maketrans(OTHERS, LETTERS))


# ---- the checks ----


def check_sealed(program: str) -> str:
    keys = {role: make_key(program, role) for role in ("identite", "habilite")}
    run(program, FIXTURE, "-q", "-r", "protection", *key_options(keys), "-o", "p.csv")
    source, protected = rows(FIXTURE), rows("p.csv")
    positions = {name: at for at, name in enumerate(source[0])}
    cells = opened_by_hand(protected, keys)
    for before, after in zip(source[1:], cells):
        for name, cell in zip(protected[0], after):
            assert name not in positions or cell == before[positions[name]], name
    return f"{sum(map(len, cells))} cells of {len(cells)} rows are what they were, each row with its seal"


def opened_by_hand(protected: list, keys: dict) -> list:
    """The rows of a sealed file with every cell opened that is encrypted for itself, each held against its texts."""
    header, [seals] = protected[0], [at for at, name in enumerate(protected[0]) if name.startswith(Run.MARK)]
    of_run = [Run.read(header, key) for key in keys.values()]
    first = of_run[0]
    assert len({made.rows_key for made in of_run}) == 1, "each role has the same secret"
    order = first.order(header)
    holds = {order[number]: entry for number, entry in first.columns.items()}
    [at_index] = [at for at, (letter, _, _) in holds.items() if letter == "i"]
    nonces, opened, last, count = set(), [], 0, 0
    for line, row in enumerate(protected[1:], 1):
        index = int(row[at_index])
        numbers = first.opened_seal(header, row, index, row[seals])
        assert first.seal(header, row, index, numbers) == row[seals]
        is_last = line == len(protected) - 1
        assert len(numbers) == (10 if is_last else 5) and int.from_bytes(numbers[:5], "big") > last
        assert not is_last or int.from_bytes(numbers[5:], "big") == line
        last, cells = int.from_bytes(numbers[:5], "big"), list(row)
        for at, (letter, role, position) in holds.items():
            if letter != "e" or not row[at]:
                continue
            key = keys[first.roles[role][0]]
            place = (key, first.run, header[at], position, index)
            cell = opened_cell(*place, row[at])
            assert sealed_cell(*place, cell) == row[at], header[at]
            cells[at] = cell.decode()
            nonces.add((role, compared(header[at]), position, index))
            count += 1
        opened.append(cells)
    assert len(nonces) == count
    return opened


def check_written_once(program: str) -> str:
    folder = REPOSITORY / "tests" / "protection" / "vectors"
    keys = {role: Key((folder / f"{role}.key").read_text()) for role in ("identite", "habilite")}
    source, count = rows(folder / "source.csv"), 0
    sealed, first = rows(folder / "sealed.csv"), rows(folder / "first.csv")
    for before, row in zip(source[1:], opened_by_hand(sealed, keys)):
        assert row[1:4] == before[:3]
        count += 3
    for before, row in zip(source[1:], first[1:]):
        for at, name, key in ((1, "nom", keys["identite"]), (3, "adresse_(domicile)", keys["habilite"])):
            assert (key.open(name, row[at])[0].decode() if row[at] else "") == before[at - 1]
            count += 1
    return f"{count} cells of both formats"


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
    """A sealed file that was made here, in columns whose names are not what they are compared as."""
    keys = {role: Key(Path(f"{role}.key").read_text()) for role in ("identite", "habilite")}
    secret, run_id = os.urandom(32), os.urandom(12)
    header = ["Index rd", "Prénom-Usuel", "gardé", "ville", "gardé"]
    roles = [(role, key.id(), gcm(key.derive_in(run_id, "seal", "")).encrypt(bytes(12), secret, None)) for role, key in keys.items()]
    # In the order of their names: gardé, gardé, Index rd, Prénom-Usuel, ville.
    columns = {2: ("i", 0, 0), 3: ("e", 1, 7), 4: ("e", 0, 9)}
    made = Run(run_id, os.urandom(12), roles, 5, columns, secret)
    texts = ["a", "é" * 8, "x" * 16, 'two\nlines, "quoted"', "NULL", " ", ""]
    table = []
    for line, text in enumerate(texts, 1):
        index = line * 10**13
        one, two = (
            sealed_cell(keys[role], run_id, name, position, index, text.encode()) if text else ""
            for role, name, position in (("habilite", header[1], 7), ("identite", header[3], 9))
        )
        row = [str(index), one, f"k, {line}", two, 'the "second"']
        numbers = (3 * line).to_bytes(5, "big") + (len(texts).to_bytes(5, "big") if line == len(texts) else b"")
        table.append([*row, made.seal(header, row, index, numbers)])
    with open("made.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([[*header, made.line(header)], *table])
    for role in keys:
        run(program, "reveal", "made.csv", "-q", "--key", f"{role}.key", "--verify", "--whole")
    run(program, "reveal", "made.csv", "-q", *key_options(keys), "-o", "opened.csv")
    opened = rows("opened.csv")[1:]
    assert [(row[1], row[3]) for row in opened] == [(text, text) for text in texts], opened
    return f"{2 * len(texts)} cells given back, and {len(texts)} seals accepted"


def check_reverse_of_first(program: str) -> str:
    """Cells of the first format that were encrypted here."""
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
    opened = opened_by_hand(rows("s.csv"), {"scelle": key})
    assert all(after[1] == before[5] for before, after in zip(rows(FIXTURE)[1:], opened))
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
