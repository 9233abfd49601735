"""Run a program, and say what it cost: seconds, processor time and peak memory.

Why: the peers are measured from outside and all in the same way, as whole processes from start to exit, so that none
of them tells its own time. What a peer prints as the last line (the seconds without starting its interpreter) is
noted beside it.
"""

import datetime
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

POLL_SECONDS = 0.001


class Contender:
    """One program with its arguments. `command` may hold the words INPUT and OUTPUT, replaced by the two paths."""

    def __init__(self, name, command, source, env=None, stdin=False, stdout=False, same_job=False):
        self.name = name
        self.command = command
        self.source = Path(source)
        self.env = {**os.environ, **(env or {})}
        self.stdin = stdin  # the input comes on standard input
        self.stdout = stdout  # the output leaves on standard output
        self.same_job = same_job  # the output is the anonymised table
        self.errors = tempfile.TemporaryFile()  # a pipe that nobody reads could fill and stop the program
        self.runs = []
        self.peak_bytes = 0
        self.differing_cells = None

    def start(self, target: Path) -> subprocess.Popen:
        words = {"INPUT": str(self.source), "OUTPUT": str(target)}
        command = [words.get(word, word) for word in self.command]
        reading = open(self.source, "rb") if self.stdin else subprocess.DEVNULL
        writing = open(target, "wb") if self.stdout else subprocess.PIPE
        process = subprocess.Popen(command, stdin=reading, stdout=writing, stderr=self.errors, env=self.env)
        for file in (reading, writing):
            if hasattr(file, "close"):
                file.close()
        return process

    def run(self, target: Path) -> None:
        """Run once against a file that does not exist yet, and note seconds and processor seconds."""
        remove(target)
        os.sync()  # what earlier runs left to be written is not this one's cost
        begin = time.perf_counter()
        process = self.start(target)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        self.check(process, status)
        told = process.stdout.read().split() if process.stdout else []
        inner = float(told[-1]) if told else None
        self.runs.append({"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "inner": inner})

    def run_for_memory(self, target: Path) -> None:
        """Run once more, untimed, and note the peak of the resident memory, that of the programs it starts included.

        `ru_maxrss` cannot be taken: a started program inherits that of this script. Where /proc tells the high-water
        mark of the running program, it is read until it ends; elsewhere `ru_maxrss` is an upper bound.
        """
        remove(target)
        process = self.start(target)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            self.peak_bytes = max(self.peak_bytes, high_water_marks(process.pid))
            time.sleep(POLL_SECONDS)
        self.check(process, status)
        if not self.peak_bytes:
            self.peak_bytes = usage.ru_maxrss * 1024

    def check(self, process: subprocess.Popen, status: int) -> None:
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            self.errors.seek(0)
            errors = self.errors.read().decode(errors="replace")[-2000:]
            raise SystemExit(f"{self.name} failed with {process.returncode}:\n{errors}")

    def median(self, key: str = "seconds"):
        values = [run[key] for run in self.runs if run[key] is not None]
        return statistics.median(values) if values else None

    def spread(self):
        seconds = [run["seconds"] for run in self.runs]
        return min(seconds), max(seconds)


def high_water_marks(pid: int) -> int:
    """The peaks of a running program and of those that it started, added up."""
    folder = Path(f"/proc/{pid}")
    try:
        lines = (folder / "status").read_text().splitlines()
        children = [int(child) for task in (folder / "task").iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return 0
    own = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)
    return own + sum(map(high_water_marks, children))


def remove(target: Path) -> None:
    """Remove an output, which is a folder where an engine writes several files."""
    if target.is_dir():
        shutil.rmtree(target)
    target.unlink(missing_ok=True)


def contest(contenders: list, rounds: int, folder: Path) -> None:
    """Run A B C … A B C …, so that a slow moment of the machine does not fall on one contender alone."""
    target = folder / "output.csv"
    for number in range(rounds):
        for contender in contenders:
            contender.run(target)
        print(f"  round {number + 1} of {rounds} done", flush=True)
    remove(target)


def machine() -> dict:
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
    except OSError:
        pass
    return {
        "date": datetime.date.today().isoformat(),
        "cpu": model,
        "threads": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def table(contenders: list, baselines: list) -> str:
    """A table in Markdown: medians, spread, memory, and the ratio to each baseline's median."""
    head = ["", "seconds", "min – max", "cpu s", "without start", "peak MiB", *(f"÷ {b.name}" for b in baselines)]
    head.append("cells that differ")
    rows = [head, ["---"] + ["--:"] * (len(head) - 1)]
    for each in contenders:
        low, high = each.spread()
        inner = each.median("inner")
        row = [each.name, f"{each.median():.3f}", f"{low:.3f} – {high:.3f}", f"{each.median('cpu'):.2f}"]
        row += ["" if inner is None else f"{inner:.3f}", f"{each.peak_bytes / 2**20:.0f}"]
        row += [f"{each.median() / baseline.median():.2f}" for baseline in baselines]
        row.append("" if each.differing_cells is None else str(each.differing_cells))
        rows.append(row)
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def as_json(contenders: list) -> list:
    keys = ("name", "runs", "peak_bytes", "differing_cells")
    facts = [{key: getattr(each, key) for key in keys} for each in contenders]
    for fact, each in zip(facts, contenders):
        fact.update(input_bytes=each.source.stat().st_size, median_seconds=each.median(), min_max=each.spread())
    return facts
