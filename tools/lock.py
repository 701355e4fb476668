# SPDX-License-Identifier: MIT
"""The full engine's packages with the SHA-256 of each of their files, as pip's --require-hashes takes them.

    python -m tools.lock        after pyproject.toml's list `full` has changed; needs PyPI

The list is written to `full-engine.lock`, which is shipped. Versions and digests are what uv, which is installed for this, finds
on PyPI for every Python and every system that Blender runs on; nothing but wheels is taken, so nothing is built at the user's.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tools import toml
from tools.environments import ROOT, environment, interpreter, pinned, requirements
from tools.terminal import BuildError, say

LOCK = ROOT / "full-engine.lock"
PYTHONS = range(10, 15)
"""Minor versions of Python 3 that the full engine is made with."""
_HEAD = """\
# The full engine's packages and the SHA-256 of their wheels, made by `python -m tools.lock` of pyproject.toml's list `full`.
# It decides: pip installs nothing that is not in here.
"""
_CONSTRAINTS = ("numpy>=2.1; python_version>='3.13'",)
"""What no package asks for, but has wheels only so."""
_SYSTEMS = re.compile(
    r"any|manylinux\w*_(x86_64|aarch64)|linux_(x86_64|aarch64)|win_(amd64|arm64)|macosx_\w+"
)


def fits(wheel: str) -> bool:
    """Whether Blender's Python may take a wheel of this file name, on Windows, macOS or Linux with glibc."""
    python, binary, system = wheel.removesuffix(".whl").rsplit("-", 3)[-3:]
    if not any(_SYSTEMS.fullmatch(part) for part in system.split(".")):
        return False
    known = {f"cp3{minor}" for minor in PYTHONS}
    if binary == "none":
        return any(part in known | {"py3", "cp3"} for part in python.split("."))
    if binary == "abi3":
        minors = [int(part[3:]) for part in python.split(".") if re.fullmatch(r"cp3\d*", part) and part[3:]]
        return any(minor <= max(PYTHONS) for minor in minors)
    return bool(known & set(python.split("."))) and binary in known


def lines(locked: dict[str, Any]) -> list[str]:
    """The lines of the list.

    Args:
        locked: what a ``pylock.toml`` holds.

    Raises:
        BuildError: where a package has no wheel for anybody.
    """
    result = []
    for package in locked["packages"]:
        name = f"{package['name']}=={package['version']}"
        digests = sorted(
            wheel["hashes"]["sha256"]
            for wheel in package.get("wheels", ())
            if fits(wheel["url"].rpartition("/")[2].replace("%2B", "+"))
        )
        if not digests:
            raise BuildError(
                f"{name} has no wheel for any Blender: choose another version in pyproject.toml."
            )
        marker = f" ; {package['marker']}" if "marker" in package else ""
        result.append(" \\\n".join([name + marker, *(f"    --hash=sha256:{digest}" for digest in digests)]))
    return result


def packages(path: Path = LOCK) -> list[tuple[str, str]]:
    """Name and version of each package of the list.

    Raises:
        BuildError: there is no list.
    """
    named = (line.partition(";")[0].strip().partition("==") for line in pinned(path))
    return [(name, version) for name, _, version in named]


def main() -> int:
    """Ask PyPI and write the list."""
    uv = environment("lock", ["lock"], interpreter((3, 11), (3, 12), (3, 10))).with_name("uv")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "wanted.txt").write_text("\n".join(requirements("full")) + "\n", encoding="utf-8")
        (folder / "constraints.txt").write_text("\n".join(_CONSTRAINTS) + "\n", encoding="utf-8")
        command = [
            str(uv),
            "pip",
            "compile",
            "--no-python-downloads",
            "--universal",
            "--only-binary",
            ":all:",
        ]
        command += ["--python-version", f"3.{min(PYTHONS)}", "--format", "pylock.toml", "--quiet"]
        command += ["-c", "constraints.txt", "-o", "pylock.toml", "wanted.txt"]
        asked = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if asked.returncode != 0:
            raise BuildError(f"PyPI has no such packages together: {asked.stderr.strip()}")
        packages = lines(toml.read(folder / "pylock.toml"))
    LOCK.write_text(_HEAD + "\n".join(packages) + "\n", encoding="ascii", newline="\n")
    say(f"{LOCK.name}: {len(packages)} packages")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BuildError as problem:
        sys.exit(f"tools.lock: {problem}")
