"""What the pages tell people to type exists: commands and their options, files, modules."""

from __future__ import annotations

import argparse
import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import rooms_read
from documented import PAGES, ROOT, named_options, paragraphs

from inference import cli
from tools import rooms
from tools.commands import COMMANDS
from tools.commands import parser as builder

PROGRAMS = [
    *sorted((ROOT / "examples").glob("*.py")),
    ROOT / "build.py",
    *sorted((ROOT / "tools").glob("**/*.py")),
]
ENGINE, BUILDER = cli._parser(), builder()
_OTHERS = {"-k", "-p", "-x", "--shuffle-seed"}
"""Options of pytest, which `build.py test`, `quick` and `inside` pass on."""


def commands(path: Path, start: str) -> Iterator[tuple[str, list[str]]]:
    """What follows a command's beginning, to its end in the text: as it is written, and as words."""
    for found in re.finditer(rf"{start}(?![\w.-])([^`\n]*)", paragraphs(path)):
        written = re.split(r"\s#|\s{2,}|\|| → |[;:]\s", found[1])[0].replace("…", " ")
        try:
            words = shlex.split(written)
        except ValueError:  # a sentence's apostrophe
            words = written.split()
        yield found[0], words


def below(parser: argparse.ArgumentParser, words: list[str]) -> argparse.ArgumentParser:
    """The parser of the innermost command that the words name."""
    for word in words:
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction) and word in action.choices:
                parser = action.choices[word]
    return parser


@cache
def strings(path: Path) -> frozenset[str]:
    """All texts in a program."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@pytest.mark.parametrize("page", [*PAGES, *PROGRAMS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_and_options_exist(page: Path) -> None:
    known = {word for action in ENGINE._actions for word in (action.choices or ())}
    for written, words in commands(page, r"python -m inference"):
        if not words or words[0].startswith(("-", "<")):
            continue
        assert words[0] in known, written
        asked = below(ENGINE, words)
        assert set(named_options(words)) <= set(asked._option_string_actions), written
    for written, words in commands(page, r"build\.py"):
        if not words or not re.fullmatch(r"[a-z]+", words[0]) or not written.startswith("build.py "):
            continue
        command = next((one for one in COMMANDS if one.name == words[0]), None)
        if command is None and "python build.py" not in paragraphs(page).split(written)[0][-7:] + written:
            continue  # a sentence about build.py
        assert command is not None, written
        options = set(below(BUILDER, words)._option_string_actions) | (
            _OTHERS if command.passes_on else set()
        )
        assert set(named_options(words)) <= options, written


def program(name: str) -> Path | None:
    """The file of a module or of a path that a command runs."""
    place = ROOT / (name if name.endswith(".py") else name.replace(".", "/") + ".py")
    package = place.with_suffix("") / "__main__.py"
    return next((path for path in (place, package) if path.is_file()), None)


@pytest.mark.parametrize("page", [*PAGES, *PROGRAMS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_programs_and_their_options_exist(page: Path) -> None:
    text = paragraphs(page)
    for found in re.finditer(r"(?:-m|python) ((?:tools|inference|tests|demo|examples)[./][\w./]*\w)", text):
        assert program(found[1]) is not None, found[0]
        rest = re.split(r"[`\n]|\s#", text[found.end() :])[0]
        asked = set(named_options(rest.replace("…", " ").split())) - {"--help"}
        path = program(found[1])
        assert path is not None
        if path.parent.name == "examples":  # the add-on's own options: tests/blender
            continue
        near = [path, *path.parent.glob("*.py")] if path.name == "__main__.py" else [path]
        assert asked <= set().union(*map(strings, near)), found[0]


TOPS = ("blender_addon", "inference", "tools", "tests", "docs", "demo", "examples", "checkpoints", "LICENSES")
_YOURS = re.compile(r"fred|puppet\.py|checkpoints/(published|portrait)|out/|data/ted_hd|speech/utterances")
"""What the reader is told to write, or has from elsewhere."""


@cache
def every_path() -> frozenset[str]:
    """Files and folders of the repository, and every end of their paths: `face/names.py`, `names.py`, `face/names`."""
    ends = {path.name for path in ROOT.iterdir()}
    for path in (path for top in TOPS for path in [ROOT / top, *(ROOT / top).rglob("*")]):
        for shown in {path, path.with_suffix("")} if "__pycache__" not in path.parts else set():
            parts = shown.relative_to(ROOT).parts
            ends |= {"/".join(parts[start:]) for start in range(len(parts))}
    return frozenset(ends)


@pytest.mark.parametrize("page", [*PAGES, *PROGRAMS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_named_files_exist(page: Path) -> None:
    text = paragraphs(page)
    named = re.findall(r"`([\w.-]+(?:/[\w.-]+)*\.py|(?:[a-z_]+/)+[\w.-]*)`", text) if page in PAGES else []
    named += re.findall(rf"(?<![\w./-])((?:{'|'.join(TOPS)})/[\w./-]*\w\.\w+)(?![\w/])", text)
    rooms = {end.partition("/")[0] for end in every_path()}
    missing = {
        name
        for name in named
        if (name.endswith(".py") or name.partition("/")[0] in rooms) and not _YOURS.search(name)
    } - every_path()
    assert not {name for name in missing if name.rstrip("/") not in every_path()}


def rows_of_rooms(package: str) -> dict[str, str]:
    """Names of rooms → what the table of docs/architecture.md says of them; a row may name several."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.split(f"| `{package}/` | job |\n|---|---|\n")[1].split("\n\n")[0]
    rows: dict[str, str] = {}
    for line in table.splitlines():
        _, names, job, _ = re.split(r"(?<!\\)\|", line)
        rows |= {name.rstrip("/"): job for name in re.findall(r"`([\w/]+)`", names)}
    return rows


@pytest.mark.parametrize("package", rooms.PACKAGES)
def test_the_architecture_names_every_room_from_the_top_down(package: str) -> None:
    read, order = rooms_read.package(package), list(rows_of_rooms(package))
    assert set(read.rooms) - {"__main__", "__init__"} <= set(order) <= set(read.rooms)
    for upper, lower in read.arrows():
        if {upper, lower} <= set(order) - {"__init__"}:
            assert order.index(upper) < order.index(lower), f"{upper} imports {lower}"


@pytest.mark.parametrize("package", rooms.PACKAGES)
def test_what_the_architecture_says_is_in_a_room_is_there(package: str) -> None:
    missing = []
    for room, job in rows_of_rooms(package).items():
        folder = ROOT / package / room
        inside = {path.stem for path in [*folder.rglob("*.py"), *folder.rglob("*/")]} | {room}
        for name in re.findall(r"`([a-z][a-z_]+)/?`", job):
            if (
                folder.is_dir()
                and name not in inside
                and not (ROOT / package / name).exists()
                and name not in every_path()
            ):
                missing.append(f"{room}: {name}")
    assert not missing


def all_options(parser: argparse.ArgumentParser) -> set[str]:
    """The options of a parser and of the commands below it."""
    found = set(parser._option_string_actions)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= set().union(*map(all_options, action.choices.values()))
    return found


_ELSEWHERE = {"--command", "--python", "--factory-startup", "--variant"}
"""Options of Blender and of debootstrap."""
_COMPOSED = {"--lips-from", "--head-from", "--no-sync"}
"""Options whose names are put together in the add-on; tests/blender asks its parser for them."""


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_options_named_by_themselves_exist(page: Path) -> None:
    """In tables and sentences: whose option it is a sentence says, not its form, so any of ours will do."""
    ours = [*PROGRAMS, *(ROOT / "demo").glob("*.py"), *(ROOT / "inference").glob("*/measure.py")]
    ours += [ROOT / "blender_addon" / "command_line" / "arguments.py", *(ROOT / "tests").glob("shuffle.py")]
    known = (
        all_options(ENGINE) | all_options(BUILDER) | set().union(*map(strings, ours)) | _ELSEWHERE | _COMPOSED
    )
    named = set(re.findall(r"`(--[a-z][a-z-]+)", paragraphs(page)))
    assert named <= known, named - known
