# SPDX-License-Identifier: MIT
"""`build.py lint`, `types`, `docs` and `quick`: what takes seconds or minutes, and needs no torch and no Blender."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.environments import (
    BYTECODE,
    ENV,
    OUT,
    ROOT,
    environment,
    interpreter,
    python_of,
    requirements,
    satisfied,
)

PYTHONS = ((3, 11), (3, 12), (3, 10))
LINT = (("ruff", "check", "--output-format=concise", "."), ("ruff", "format", "--check", "."))
TYPES = (("mypy",),)
DOCS = (("mkdocs", "build", "--strict", "--site-dir", str(OUT / "site")),)
QUICK = ("tests/addon_pure", "tests/inference")
"""Folders of tests that need numpy and pytest; what needs more is skipped there."""


def python_with(extra: str) -> Path:
    """A Python that has the packages of this extra: this one, the developer's, or one made for it."""
    wanted = requirements(extra)
    for program in (Path(sys.executable), python_of(ENV / "dev")):
        if program.exists() and satisfied(program, wanted):
            return program
    return environment(extra, [extra], interpreter(*PYTHONS))


def run_modules(python: Path, commands: Sequence[Sequence[str]]) -> int:
    """Run each `python -m …` in the repository, all of them; returns the first exit code that is not 0."""
    codes = [
        subprocess.run([str(python), "-m", *words], cwd=ROOT, check=False).returncode for words in commands
    ]
    return next((code for code in codes if code != 0), 0)


def lint(options: argparse.Namespace) -> int:
    """`build.py lint`: the rules and the format of the code."""
    del options
    return run_modules(python_with("checks"), LINT)


def types(options: argparse.Namespace) -> int:
    """`build.py types`: the types of engine, add-on and tools."""
    del options
    return run_modules(python_with("checks"), TYPES)


def docs(options: argparse.Namespace) -> int:
    """`build.py docs`: the pages of docs/ as a site in out/site; a link that leads nowhere is an error."""
    if options.serve:
        return run_modules(python_with("docs"), [("mkdocs", "serve")])
    code = run_modules(python_with("docs"), DOCS)
    if code == 0:
        print(f"{OUT / 'site' / 'index.html'}")
    return code


def quick(options: argparse.Namespace) -> int:
    """`build.py quick`: the tests that need numpy and pytest alone, or those that the arguments name."""
    python = environment("quick", ["quick"], Path(sys.executable))
    variables = {**os.environ, **BYTECODE}
    words = quick_arguments(options.arguments)
    return subprocess.run(
        [str(python), "-m", "pytest", *words], cwd=ROOT, env=variables, check=False
    ).returncode


def quick_arguments(given: Sequence[str]) -> list[str]:
    """What pytest is told: the arguments, and the quick folders where they name no test."""
    named = any(word.startswith("tests") and (ROOT / word.partition("::")[0]).exists() for word in given)
    return [*given, *([] if named else [name for name in QUICK if (ROOT / name).is_dir()])]
