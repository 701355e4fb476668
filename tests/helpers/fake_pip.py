"""A test double of `python -m venv` and `python -m pip`: does at once what they would do, or fails as they fail.

Its arguments are the whole command that it stands in for.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

SAYS = {
    "there-is-no-such-package": "ERROR: No matching distribution found",
    "too-large": "OSError: [Errno 28] No space left on device",
    "other-digest": "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n"
    "    other-digest==1.0 from https://files.example/other.whl (from -r lock (line 1)):\n        Expected sha256 0\n",
    "no-network": "WARNING: Retrying after connection broken by NewConnectionError",
}


def main(command: list[str]) -> int:
    """Stand in for a command; returns its exit code."""
    environment = Path(command[0]).parents[1] if "venv" not in command else Path(command[-1])
    wanted = environment / "wanted.txt"
    if "venv" in command:
        python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        python.parent.mkdir(parents=True)
        python.write_text("")
        return 0
    if "pip" in command:
        if "--require-hashes" not in command:
            print("ERROR: nothing may be installed without its digest")
            return 1
        listed = Path(command[command.index("-r") + 1]).read_text().splitlines()
        packages = [line.partition("==")[0] for line in listed]
        kept = Path(command[command.index("--cache-dir") + 1])
        kept.mkdir(exist_ok=True)
        wanted.write_text(" ".join(packages))
        for package in packages:
            print(f"Collecting {package}", flush=True)
            if package == "never-ends":
                time.sleep(600)
            print(
                f"  {'Using cached' if (kept / package).exists() else 'Downloading'} {package}-1.0-py3-none-any.whl"
            )
            (kept / package).touch()
            if package in SAYS:
                print(SAYS[package])
                return 1
        return 0
    return 1 if "no-numpy" in wanted.read_text() else 0  # "import numpy"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
