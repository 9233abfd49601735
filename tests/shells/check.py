#!/usr/bin/env python3
"""Press Tab in real shells, on a terminal, and look at what stands on the line then.

Why: a completion script that a shell can parse may still complete nothing. So bash, zsh and fish are started on a
pseudo-terminal, load what `crm-anon completions` prints, and are typed to like anybody would.

Usage: python3 tests/shells/check.py [--program PROGRAM]
Needs: Python 3.9 or later on Linux, bash, zsh, fish; cargo where no program is given. Exit status: 0 all completed, 1 if not.
"""

import argparse
import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
MARK = "-line-is-"
# How long a shell may take to start, or to answer: far more than any does.
PATIENCE_SECONDS = 60

# What is typed, a tab at its end; and what the line is then.
CASES = [
    ("crm-anon insp\t", "crm-anon inspect"),
    ("crm-anon inspect exp\t", "crm-anon inspect export.csv"),
    ("crm-anon inspect export.csv --sugg\t", "crm-anon inspect export.csv --suggest"),
    ("crm-anon exp\t", "crm-anon export.csv"),
    ("crm-anon export.csv --on-inv\t", "crm-anon export.csv --on-invalid"),
    ("crm-anon export.csv --on-invalid bl\t", "crm-anon export.csv --on-invalid blank"),
    ("crm-anon export.csv -r prot\t", "crm-anon export.csv -r protection"),
    ("crm-anon sql --dialect duck\t", "crm-anon sql --dialect duckdb"),
    ("crm-anon journal ver\t", "crm-anon journal verify"),
    ("crm-anon rules --explain postal\t", "crm-anon rules --explain postal_code"),
    ("crm-anon audit exp\t", "crm-anon audit export.csv"),
]

# How each is started without the user's own settings, and told to load the script.
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], ["PS1='$ '", "source script.bash"]),
    "zsh": (["zsh", "-f", "-i"], ["PS1='$ '; autoload -U compinit; compinit -D -u", "source script.zsh"]),
    "fish": (["fish", "--no-config", "-i"], ["source script.fish"]),
}


def main() -> int:
    options = parse_options()
    program = Path(options.program or build())
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "bin").mkdir()
        (folder / "bin" / "crm-anon").symlink_to(program)
        (folder / "export.csv").write_text("nom;email\n", encoding="utf-8")
        for shell in SHELLS:
            if shutil.which(shell) is None:
                raise SystemExit(f"{shell} is not installed")
            script = subprocess.run([program, "completions", shell], check=True, stdout=subprocess.PIPE).stdout
            (folder / f"script.{shell}").write_bytes(script)
            lines = typed(shell, folder)
            for (keys, expected), line in zip(CASES, lines):
                if line != expected:
                    wrong.append(f"{shell}: {keys!r} gave {line!r}, not {expected!r}")
            print(f"{shell}: {len(lines)} lines")
            if len(lines) != len(CASES):
                wrong.append(f"{shell}: {len(lines)} lines came back, and {len(CASES)} were typed")
    for line in wrong:
        print("WRONG", line)
    return 1 if wrong else 0


def typed(shell: str, folder: Path) -> list:
    """The lines as they stand when each case has been typed."""
    command, setup = SHELLS[shell]
    with Terminal(command, folder) as terminal:
        for line in setup:
            terminal.type(line + "\r")
        terminal.type(f"echo ready{MARK}\r")
        terminal.wait_for(rf"\nready{MARK}")
        lines = []
        for number, (keys, _) in enumerate(CASES):
            # Ctrl-A goes back to the start: the completed line becomes what `echo` prints.
            terminal.type(f"{keys}\x01echo {number}{MARK}\r")
            lines.append(terminal.wait_for(rf"\n{number}{MARK}([^\r\n]*)")[1].rstrip())
    return lines


class Terminal:
    """A program on a pseudo-terminal."""

    def __init__(self, command: list, folder: Path):
        self.command, self.folder, self.shown = command, folder, ""

    def __enter__(self):
        environment = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "TERM": "dumb",
            "LC_ALL": "C.UTF-8",
        }
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 300, 0, 0))
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env=environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)
        os.set_blocking(self.master, False)
        return self

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def wait_for(self, pattern: str):
        """What is shown, as soon as it holds the pattern."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            found = re.search(pattern, re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.shown))
            if found:
                self.shown = ""
                return found
            try:
                self.shown += os.read(self.master, 1 << 16).decode("utf-8", "replace")
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:  # the terminal is closed
                break
        raise SystemExit(f"{self.command[0]} did not show {pattern!r}:\n{self.shown}")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.master)


def build() -> str:
    subprocess.run(["cargo", "build", "--locked"], cwd=REPOSITORY, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return str(target.absolute() / "debug" / "crm-anon")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=os.path.abspath, help="crm-anon; built if not given")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
