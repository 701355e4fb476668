# SPDX-License-Identifier: MIT
"""`build.py inside`: the add-on's tests in one Blender, with nothing installed beside that Blender and pytest."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import blenders
from tools.blenders import Blender
from tools.environments import ENV, ROOT, folder_of_packages
from tools.terminal import BuildError, run, say

SUITE = "tests/blender"


def inside(options: argparse.Namespace) -> int:
    """Run pytest in the Blender that the first argument names; the others go to pytest."""
    if not options.arguments:
        raise BuildError(f"say which Blender: {choices()}.")
    chosen, *given = options.arguments
    blender = find(chosen)
    say(f"Testing in {blender.name}")
    words = ["-p", "no:cacheprovider", *given]
    if not any(word.startswith("tests") and (ROOT / word.partition("::")[0]).exists() for word in given):
        words.append(SUITE)
    with tempfile.TemporaryDirectory(prefix="talking-") as user:
        variables = blender.environment(Path(user))
        if blender.wheel:
            command = [str(blender.program), "-m", "pytest", *words]
        else:
            variables["PYTHONPATH"] = str(pytest_for(blender))
            command = blender.command(ROOT / SUITE / "run_in_blender.py", *words)
        return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


def choices() -> str:
    """What may be named, for people."""
    wheels = ", ".join("{}.{}".format(*version) for version in blenders.WHEELS)
    return f"{wheels} (bpy wheels, Python 3.11), blender (the one on PATH), or the path of a Blender"


def find(chosen: str) -> Blender:
    """The Blender of this name: a wheel's version, `blender`, or a path."""
    for version, number in blenders.WHEELS.items():
        if chosen in (number, "{}.{}".format(*version)):
            wheel = blenders.wheel(version)
            if wheel is None:
                raise BuildError(f"Blender {chosen} as a wheel needs Python 3.11, and there is none on PATH.")
            return wheel
    blenders.ensure_libraries(blenders.LIBRARIES)
    blender = blenders.installed(None if chosen == "blender" else chosen)
    if blender is None:
        raise BuildError(f"{chosen} is no Blender that starts; name one of {choices()}.")
    if not blenders.ensure_numpy(blender):
        raise BuildError(f"{blender.name} has no numpy (Debian, Ubuntu: apt-get install python3-numpy).")
    return blender


def pytest_for(blender: Blender) -> Path:
    """A folder with pytest for the Python inside a Blender, which decides what pytest needs beside itself."""
    python = own_python(blender)
    if python is None:
        return folder_of_packages("inside-blender", "inside-blender", Path(sys.executable))
    probe = subprocess.run([python, "-c", "import pip"], capture_output=True, check=False)
    if probe.returncode != 0:
        run(
            [python, "-m", "ensurepip"],
            what=f"Putting pip into {blender.name}",
            log=ENV / "logs" / "ensurepip.log",
        )
    return folder_of_packages(f"inside-{blender.slug}", "inside-blender", python)


def own_python(blender: Blender) -> Path | None:
    """The Python program that Blender's own downloads bring along; None where the system's is used, as in Debian."""
    program = blender.program.resolve()
    number = "{}.{}".format(*blender.version)
    for folder in (program.parent, program.parent.parent / "Resources"):
        for name in ("python.exe", "python3.*"):
            for brought in sorted((folder / number / "python" / "bin").glob(name)):
                return brought
    return None
