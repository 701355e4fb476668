"""The test double of the engine, a Python that runs it, and whether a process is still there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FAKE = Path(__file__).with_name("fake_engine.py")


def _python_with_numpy() -> str:
    """A Python for the fake engine: inside Debian's Blender, sys.executable is any Python on PATH."""
    for program in (sys.executable, "/usr/bin/python3"):
        if program and "blender" not in Path(program).name.lower():
            probe = [program, "-c", "import numpy"]
            if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
                return program
    pytest.exit("no Python with numpy was found for the fake engine", returncode=3)


PYTHON = _python_with_numpy()


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    if os.name == "nt":  # a signal would reach this process too
        command = ["tasklist", "/NH", "/FO", "CSV", "/FI", f"PID eq {pid}"]
        return f'"{pid}"' not in subprocess.run(command, capture_output=True, text=True, check=True).stdout
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
