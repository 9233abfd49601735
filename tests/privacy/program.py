"""What the checks run, when no program that is built already is named."""

import json
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def built(kind="--bin", name="crm-anon"):
    """Builds a release of the program, or of an example, and says where it is."""
    command = ["cargo", "build", "--release", "--quiet", "--locked", kind, name, "--message-format=json"]
    done = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    made = [json.loads(line).get("executable") for line in done.stdout.splitlines()]
    if done.returncode != 0:
        raise SystemExit(f"{name} does not build")
    return next(path for path in made if path)
