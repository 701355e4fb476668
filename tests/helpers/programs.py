"""The test double of the engine, and a Python that runs it."""

from __future__ import annotations

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
