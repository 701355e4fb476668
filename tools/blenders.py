# SPDX-License-Identifier: MIT
"""The Blenders on this machine: an installed `blender`, and the `bpy` wheels under .env/."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.environments import BYTECODE, apt_install, environment, interpreter, python_of
from tools.environments import ENV as ENVIRONMENTS
from tools.terminal import BuildError

OLDEST = (3, 4)
WHEELS = {(4, 2): "4.2.23", (4, 5): "4.5.15", (5, 0): "5.0.1"}
WHEEL_PYTHON = (3, 11)

# What a Blender without a window still loads, and the Debian and Ubuntu package that brings it.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
}
WHEEL_LIBRARIES = {
    **LIBRARIES,
    "libXrender.so.1": "libxrender1",
    "libXfixes.so.3": "libxfixes3",
    "libXi.so.6": "libxi6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libSM.so.6": "libsm6",
    "libgomp.so.1": "libgomp1",
    "libXxf86vm.so.1": "libxxf86vm1",
}


@dataclass(frozen=True)
class Blender:
    """One Blender that scripts can be run in."""

    version: tuple[int, int, int]
    program: Path
    """`blender` itself, or the Python of an environment that holds bpy."""
    wheel: bool

    @property
    def name(self) -> str:
        """What a person calls it, as “Blender 3.4.1” or “Blender 5.0.1 (bpy)”."""
        number = ".".join(map(str, self.version))
        return f"Blender {number} (bpy)" if self.wheel else f"Blender {number}"

    @property
    def slug(self) -> str:
        """A name for folders."""
        return ("bpy-" if self.wheel else "blender-") + ".".join(map(str, self.version))

    @property
    def extensions(self) -> bool:
        """Whether add-ons are installed as extensions (Blender 4.2 and later)."""
        return self.version >= (4, 2, 0)

    def command(self, script: Path, *arguments: str | Path) -> list[str]:
        """The command that runs a script in this Blender; the script finds its arguments after `--`."""
        words = [str(argument) for argument in arguments]
        if self.wheel:
            return [str(self.program), str(script), "--", *words]
        start = [str(self.program), "-b", "--factory-startup", "--python-exit-code", "1"]
        return [*start, "--python", str(script), "--", *words]

    def plain_environment(self) -> dict[str, str]:
        """This process's environment variables without those that would lead Blender's Python astray.

        The Python inside Debian's Blender takes its home from the first python3.11 on PATH, which in a virtual
        environment or with pyenv is one without Debian's numpy; so Blender's own folder comes first.
        """
        astray = ("BLENDER_", "PYTHON")
        variables = {key: value for key, value in os.environ.items() if not key.startswith(astray)}
        if not self.wheel:
            variables["PATH"] = f"{self.program.parent}{os.pathsep}{variables.get('PATH', os.defpath)}"
        return variables

    def environment(self, user: Path) -> dict[str, str]:
        """Environment variables that keep Blender's settings and add-ons in a folder of their own."""
        variables = self.plain_environment()
        if self.extensions:
            variables["BLENDER_USER_RESOURCES"] = str(user)
        else:
            for name in ("CONFIG", "SCRIPTS", "DATAFILES"):
                folder = user / name.lower()
                folder.mkdir(parents=True, exist_ok=True)
                variables[f"BLENDER_USER_{name}"] = str(folder)
        user.mkdir(parents=True, exist_ok=True)
        variables["EGL_PLATFORM"] = "surfaceless"
        variables |= {**BYTECODE, "PYTHONUNBUFFERED": "1"}
        return variables


def missing_libraries(libraries: dict[str, str]) -> list[str]:
    """The packages whose libraries cannot be loaded here. Asked before Blender is: without EGL it aborts."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def ensure_libraries(libraries: dict[str, str]) -> None:
    """Install the system libraries that Blender needs and that are missing."""
    missing = missing_libraries(libraries)
    if missing:
        apt_install([*missing, "libgl1-mesa-dri"], "Blender needs system libraries that are missing")
        still = missing_libraries(libraries)
        if still:
            raise BuildError(f"These system packages are installed but cannot be loaded: {', '.join(still)}.")


def installed(path: str | None = None) -> Blender | None:
    """The `blender` on PATH (or at this path), where there is one that starts."""
    program = path or shutil.which("blender")
    if program is None:
        return None
    try:
        told = subprocess.run(
            [program, "-b", "--version"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r"^Blender (\d+)\.(\d+)(?:\.(\d+))?", told.stdout, re.MULTILINE)
    if match is None:
        return None
    major, minor, patch = (int(number or 0) for number in match.groups())
    return Blender((major, minor, patch), Path(program), wheel=False)


def ensure_numpy(blender: Blender) -> bool:
    """Whether an installed Blender's Python has numpy, after installing Debian's package where that helps."""

    def has() -> bool:
        command = [
            str(blender.program),
            "-b",
            "--factory-startup",
            "--python-exit-code",
            "1",
            "--python-expr",
        ]
        plain = blender.plain_environment()
        finished = subprocess.run(
            [*command, "import numpy"], env=plain, capture_output=True, timeout=120, check=False
        )
        return finished.returncode == 0

    if has():
        return True
    if blender.program.resolve().is_relative_to("/usr") and shutil.which("apt-get") is not None:
        apt_install(["python3-numpy"], "Blender's Python has no numpy")
        return has()
    return False


def wheel(version: tuple[int, int]) -> Blender | None:
    """The bpy wheel of this Blender version in .env/, installed where need be; None without Python 3.11."""
    number = WHEELS[version]
    name = f"bpy-{number}"
    python = interpreter(WHEEL_PYTHON)
    if python is None and not python_of(ENVIRONMENTS / name).exists():
        return None
    ensure_libraries(WHEEL_LIBRARIES)
    program = environment(name, ["blender-{}.{}".format(*version)], python)
    major, minor, patch = map(int, number.split("."))
    return Blender((major, minor, patch), program, wheel=True)


def for_demo(choice: str | None = None) -> Blender:
    """The Blender that the demo runs in: `blender` on PATH from 3.4 up, else bpy 5.0.1.

    `choice` is a path to a Blender, or `bpy`.
    """
    remedy = (
        "install Blender 3.4 or newer so that `blender` is on PATH (Debian, Ubuntu: "
        "sudo apt-get install blender python3-numpy), or run this with Python 3.11"
    )
    if choice != "bpy":
        blender = installed(choice)
        if choice is not None and blender is None:
            raise BuildError(
                f"{choice} is no Blender that starts; give the path of the program itself, or bpy."
            )
        if blender is not None and blender.version[:2] >= OLDEST:
            ensure_libraries(LIBRARIES)
            if ensure_numpy(blender):
                return blender
        if choice is not None:
            raise BuildError(
                f"{choice} cannot be used (Blender 3.4 or newer with numpy is needed): {remedy}."
            )
    newest = wheel((5, 0))
    if newest is None:
        version = "{}.{}".format(*sys.version_info)
        raise BuildError(f"There is no Blender here, and none can be had for Python {version}: {remedy}.")
    return newest
