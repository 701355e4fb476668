"""What ships imports nothing that opens a connection unasked; `tests/blender/engine_process/test_no_connection.py` runs it so."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from places import ROOT

TALKS = frozenset(
    {"aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib", "socket", "socketserver", "ssl",
     "telnetlib", "urllib", "urllib3", "webbrowser", "websockets", "xmlrpc"}
)  # fmt: skip
HARMLESS = frozenset({"urllib.parse"})
REFUSES = {"inference/detection/second_opinion.py": ["socket"]}
"""Takes connections away from another's package while that is loaded."""
ASKED = {"inference/batch/cluster.py": ["socket"]}
"""Talks to the cluster whose address somebody gives to `batch --ray`, which neither add-on nor worker can."""


def imported(source: str) -> Iterator[str]:
    """Names of the modules that a source imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def talkative(source: str) -> list[str]:
    return [
        name
        for name in imported(source)
        if name.partition(".")[0] in TALKS and not any(name.startswith(known) for known in HARMLESS)
    ]


@pytest.mark.parametrize("room", ["blender_addon", "inference"])
def test_nothing_that_ships_can_open_a_connection(room: str) -> None:
    shipped = [path for path in sorted((ROOT / room).rglob("*.py")) if "training" not in path.parts]
    assert len(shipped) > 50
    told = {
        path.relative_to(ROOT).as_posix(): names
        for path in shipped
        if (names := talkative(path.read_text(encoding="utf-8")))
    }
    assert told == {path: names for path, names in {**REFUSES, **ASKED}.items() if path.startswith(room)}


@pytest.mark.parametrize(
    "line", ["import socket", "from http import client", "def f():\n  import urllib.request as r"]
)
def test_an_import_is_noticed(line: str) -> None:
    assert talkative(line) and not talkative("from urllib.parse import quote\nfrom . import socket")
