# SPDX-License-Identifier: MIT
"""Private Python environments under .env/ and the system packages they need.

An environment is made once: a stamp in it holds a hash of its requirements, and one that already satisfies
them is taken as it is. The requirements themselves are the lists in pyproject.toml.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools import toml
from tools.terminal import BuildError, run, say
from tools.turns import turn

ROOT = Path(__file__).resolve().parent.parent
ENV = ROOT / ".env"
_SYSTEM = threading.RLock()
"""Environments are filled side by side; what touches the system is done by one at a time."""
OUT = ROOT / "out"
BYTECODE = {"PYTHONPYCACHEPREFIX": str(ENV / "bytecode"), "PYTHONDONTWRITEBYTECODE": ""}
"""Variables that keep compiled modules, out of the sources. Every Python that the tests start would compile them again,
which takes longer than most of what it does; many containers forbid to keep them, so that is lifted."""
TESTS_STARTED = "TALKING_TESTS_STARTED"
"""Environment variable: when `build.py test` began, seconds since 1970."""

_SATISFIED = """
import sys
from importlib import metadata
try:
    from packaging.requirements import Requirement
except ImportError:
    from pip._vendor.packaging.requirements import Requirement
for text in sys.argv[1:]:
    wanted = Requirement(text)
    if wanted.marker is not None and not wanted.marker.evaluate():
        continue
    try:
        have = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        sys.exit(1)
    if not wanted.specifier.contains(have, prereleases=True):
        sys.exit(1)
"""


def forget_temporary_bytecode(kept: Path = ENV / "bytecode", temporary: Path | None = None) -> None:
    """Delete what was compiled of modules in the system's folder for temporary files, where earlier tests made them."""
    folder = (temporary or Path(tempfile.gettempdir())).resolve()
    if not ROOT.is_relative_to(folder):
        shutil.rmtree(kept / folder.relative_to(folder.anchor), ignore_errors=True)


def requirements(*extras: str) -> list[str]:
    """The requirements of these extras of pyproject.toml, sorted and without repetition."""
    lists = toml.read(ROOT / "pyproject.toml").get("project", {}).get("optional-dependencies")
    if lists is None:
        raise BuildError("pyproject.toml has no [project.optional-dependencies].")
    missing = [extra for extra in extras if extra not in lists]
    if missing:
        raise BuildError(f"pyproject.toml lists no requirements called {', '.join(missing)}.")
    return sorted({requirement for extra in extras for requirement in lists[extra]})


def pinned(lock: Path) -> list[str]:
    """The requirements of a list with digests, without these: `name==version ; marker`, as they stand there.

    Raises:
        BuildError: there is no such list.
    """
    try:
        text = lock.read_text(encoding="ascii")
    except OSError as problem:
        raise BuildError(f"{lock} cannot be read: {problem.strerror}.") from None
    lines = text.replace("\\\n", " ").splitlines()
    return [line.partition("--hash")[0].strip() for line in lines if line and not line.startswith("#")]


def interpreter(*versions: tuple[int, int]) -> Path | None:
    """A Python of one of these versions, the first wanted first: this one or one from PATH."""
    for version in versions:
        if sys.version_info[:2] == version:
            return Path(sys.executable)
        program = shutil.which("python{}.{}".format(*version))
        if program is not None:
            told = subprocess.run(
                [program, "-c", "import sys; print(*sys.version_info[:2])"],
                capture_output=True,
                check=False,
                text=True,
            )
            if told.stdout.split() == [str(number) for number in version]:
                return Path(program)
    return None


def python_of(folder: Path) -> Path:
    """The Python program of an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def satisfied(python: Path, wanted: Sequence[str]) -> bool:
    """Whether these requirements are installed for a Python."""
    asked = subprocess.run([python, "-c", _SATISFIED, *wanted], capture_output=True, check=False)
    return asked.returncode == 0


def environment(
    name: str, extras: Sequence[str], python: Path | None = None, lock: Path | None = None
) -> Path:
    """Make sure that .env/NAME holds these extras; returns its Python.

    Args:
        name: the folder in .env/.
        extras: lists of pyproject.toml.
        python: makes the environment where there is none yet; this one by default.
        lock: a list of tools/lock.py, which pip installs instead, by the SHA-256 of each file and nothing that is not in it.
    """
    with turn(ENV / "turns" / name, f".env/{name}"):
        return _environment(name, extras, python, lock)


def _environment(name: str, extras: Sequence[str], python: Path | None, lock: Path | None) -> Path:
    folder = ENV / name
    wanted = requirements(*extras) if lock is None else pinned(lock)
    program = python_of(folder)
    stamp = folder / ".requirements"
    key = hashlib.sha256("\n".join(wanted).encode() if lock is None else lock.read_bytes()).hexdigest()
    if program.exists():
        if stamp.exists() and stamp.read_text(encoding="ascii").strip() == key:
            return program
        if satisfied(program, wanted):
            stamp.write_text(key + "\n", encoding="ascii")
            return program
    else:
        say(f"Making the environment .env/{name}")
        make_venv(python or Path(sys.executable), folder)
    if lock is None:
        say(f"Installing into .env/{name}: {', '.join(wanted)}")
        asked = wanted
    else:
        say(f"Installing into .env/{name} what {lock.name} lists, by the SHA-256 of each file")
        asked = ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    run(
        [
            program,
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "--progress-bar",
            "off",
            "--no-compile",  # of gigabytes of modules few are ever imported
            *asked,
        ],
        what=f"Installing into .env/{name}",
        log=ENV / "logs" / f"pip-{name}.log",
    )
    stamp.write_text(key + "\n", encoding="ascii")
    return program


def folder_of_packages(name: str, extra: str, python: Path) -> Path:
    """Install an extra as a plain folder to put on a foreign Python's path (that of an installed Blender)."""
    with turn(ENV / "turns" / name, f".env/{name}"):
        return _folder_of_packages(name, extra, python)


def _folder_of_packages(name: str, extra: str, python: Path) -> Path:
    folder = ENV / name
    wanted = requirements(extra)
    key = hashlib.sha256("\n".join(wanted).encode()).hexdigest()
    stamp = folder / ".requirements"
    if stamp.exists() and stamp.read_text(encoding="ascii").strip() == key:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    say(f"Installing into .env/{name}: {', '.join(wanted)}")
    run(
        [
            python,
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "--no-compile",
            "--target",
            folder,
            *wanted,
        ],
        what=f"Installing into .env/{name}",
        log=ENV / "logs" / f"pip-{name}.log",
    )
    stamp.write_text(key + "\n", encoding="ascii")
    return folder


def make_venv(python: Path, folder: Path) -> None:
    """Make an empty virtual environment with pip in it, installing Debian's missing piece where need be."""
    with _SYSTEM:
        told = subprocess.run(
            [python, "-c", "import sys, venv, ensurepip; print(*sys.version_info[:2], sep='.')"],
            capture_output=True,
            text=True,
            check=False,
        )
        if told.returncode != 0:
            version = subprocess.run(
                [python, "-c", "import sys; print(*sys.version_info[:2], sep='.')"],
                capture_output=True,
                text=True,
                check=True,
            ).stdout.strip()
            apt_install([f"python{version}-venv"], "Python can make no virtual environments here")
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            run([python, "-m", "venv", folder], what=f"Making the environment {folder.name}")
        except BuildError:
            shutil.rmtree(folder, ignore_errors=True)
            raise


_updated = False


def apt_install(packages: Iterable[str], why: str) -> None:
    """Install Debian or Ubuntu packages as root; for anyone else, stop and print the command."""
    with _SYSTEM:
        _apt_install(list(packages), why)


def _apt_install(names: list[str], why: str) -> None:
    global _updated
    if not sys.platform.startswith("linux") or shutil.which("apt-get") is None:
        raise BuildError(f"{why}: install what your system calls {', '.join(names)} and run this again.")
    command = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    if os.geteuid() != 0:
        raise BuildError(
            f"{why}. Run this line, then this command again:\n"
            f"    sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(names)}"
        )
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = ENV / "logs" / "apt.log"
    if not _updated:
        say("Reading the system's package lists (apt-get update)")
        try:
            run(["apt-get", "update", "-q"], what="apt-get update", environment=quiet, log=log)
        except BuildError as problem:  # one unreachable list among many need not matter
            say(f"  apt-get update had a problem, going on: {str(problem).splitlines()[0]}")
        _updated = True
    say(f"{why}: installing {', '.join(names)}")
    run(command, what="apt-get install", environment=quiet, log=log)
