# SPDX-License-Identifier: MIT
"""The product's version: `inference/__init__.py` holds it, the places that Blender and people read repeat it.

pyproject.toml takes it from there. Blender reads the manifest and `bl_info` without running any code, so both must be
literals; `build.py version X.Y.Z` writes them all, and a test holds them together.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

from tools.environments import ROOT
from tools.terminal import BuildError, say


@dataclass(frozen=True)
class Place:
    """A file that names the version.

    Attributes:
        path: the file, from the repository's root.
        pattern: what finds it; its only group is the number as it is spelled there.
        separator: what stands between the three numbers.
    """

    path: str
    pattern: str
    separator: str = "."

    def found(self, root: Path = ROOT) -> list[str]:
        """Every number that the file names, as X.Y.Z."""
        text = (root / self.path).read_text(encoding="utf-8")
        numbers = [
            ".".join(match.group(1).split(self.separator))
            for match in re.finditer(self.pattern, text, re.MULTILINE)
        ]
        if not numbers:
            raise BuildError(f"{self.path} names no version.")
        return numbers

    def write(self, number: str, root: Path = ROOT) -> None:
        """Put another number in its place."""
        spelled = number.replace(".", self.separator)

        def replaced(match: re.Match[str]) -> str:
            begin, end = match.start(1) - match.start(), match.end(1) - match.start()
            return match.group()[:begin] + spelled + match.group()[end:]

        path = root / self.path
        text = path.read_bytes().decode("utf-8")
        path.write_bytes(re.sub(self.pattern, replaced, text, flags=re.MULTILINE).encode("utf-8"))


SOURCE = Place("inference/__init__.py", r'^__version__\b[^=\n]*= "([^"]+)"')
PLACES = (
    SOURCE,
    Place("blender_addon/blender_manifest.toml", r'^version = "([^"]+)"'),
    Place("blender_addon/__init__.py", r'^    "version": \((\d+, \d+, \d+)\)', ", "),
    Place("README.md", r"\btalking_animation-(\d+\.\d+\.\d+)\.zip"),
)
CHANGELOG = "CHANGELOG.md"


def current(root: Path = ROOT) -> str:
    """The version, from its one source."""
    return SOURCE.found(root)[0]


def write(number: str, root: Path = ROOT) -> None:
    """Write a version into every place that names it.

    Raises:
        BuildError: where it is no X.Y.Z, or a place is missing (then nothing is written).
    """
    if re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", number) is None:
        raise BuildError(f"{number} is no version: three numbers are needed, as in 1.2.3.")
    for place in PLACES:
        place.found(root)
    for place in PLACES:
        place.write(number, root)


def sections(root: Path = ROOT) -> dict[str, str]:
    """The changelog's text of each released version, the newest first."""
    text = (root / CHANGELOG).read_text(encoding="utf-8")
    _, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    by_version = {}
    for part in parts:
        title, _, body = part.partition("\n")
        number = re.match(r"\[(\d+\.\d+\.\d+)\]", title)
        if number is not None:
            by_version[number.group(1)] = body.strip() + "\n"
    return by_version


def version(options: argparse.Namespace) -> int:
    """`build.py version`: say which it is or what is new in it, or write another one."""
    number = options.number or current()
    if options.number is not None:
        write(number)
        say(f"Version {number}: {', '.join(place.path for place in PLACES)}")
    told = sections().get(number)
    if options.notes:
        if told is None:
            raise BuildError(f"{CHANGELOG} has no section [{number}].")
        print(told, end="")
    elif options.number is None:
        print(number)
    elif told is None:
        print(f"       {CHANGELOG} has no section [{number}] yet: name its Unreleased section so.")
    return 0
