"""The documentation's site is built, and every link in it leads somewhere."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(importlib.util.find_spec("mkdocs") is None, reason="mkdocs is not installed here")
def test_the_site_is_built_without_a_warning(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    start = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert 'href="docs/architecture.html' in start and 'src="docs/images/demo.png"' in start
    for page in root.glob("docs/*.md"):
        assert (tmp_path / "site" / "docs" / f"{page.stem}.html").is_file()


def test_contributing_is_short_and_names_commands_that_exist(root: Path) -> None:
    from tools.commands import COMMANDS

    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert text.count("\n") <= 150
    words = text.replace("`", " ").replace("\n", " ").split("python build.py ")[1:]
    assert words and {word.split()[0] for word in words} <= {command.name for command in COMMANDS}


def test_the_changelog_has_a_section_for_the_version(root: Path) -> None:
    from tools import version

    released = list(version.sections())
    assert released[0] == version.current()
    assert released == sorted(
        released, key=lambda number: [int(part) for part in number.split(".")], reverse=True
    )
    assert "\n## [Unreleased]\n" in (root / version.CHANGELOG).read_text(encoding="utf-8")
