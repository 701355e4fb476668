"""What the pages tell people to type in scripts and behind `--command talking_animation` exists in the add-on."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest
from documented import PAGES, ROOT, named_options, paragraphs

from blender_addon import api
from blender_addon.api import charts, drawings, mapping, portraits
from blender_addon.command_line.arguments import parser

PLACES = {"api": api, "drawings": drawings, "mapping": mapping}
MORE = {"charts": charts, "portraits": portraits, "drawings": drawings, "mapping": mapping}
EXAMPLES = [ROOT / "examples" / f"{name}.py" for name in ("generate", "picture")]
IDS = [page.relative_to(ROOT).as_posix() for page in [*PAGES, *EXAMPLES]]


@pytest.mark.parametrize("page", [*PAGES, *EXAMPLES], ids=IDS)
def test_options_behind_the_command_exist(page):
    known = {word for action in parser()._actions for word in action.option_strings}
    text = paragraphs(page)
    for found in re.finditer(
        r"(?:--command talking_animation|examples/(?:generate|picture)\.py)([^`\n]*)", text
    ):
        words = re.split(r"\s#|\s{2,}", found[1].partition(" -- ")[2] or found[1])[0].split()
        assert set(named_options(words)) <= known, found[0]


def test_options_that_the_guide_lists_exist():
    known = {word for action in parser()._actions for word in action.option_strings}
    guide = (ROOT / "docs" / "user-guide.md").read_text(encoding="utf-8")
    part = guide.split("## Without a window")[1].split("```python")[0].split("`--help`")[1]
    listed = re.findall(r"(?<!\w)--[a-z][a-z-]+", part)
    assert len(listed) > 25 and set(listed) <= known, set(listed) - known


def blocks(text: str) -> Iterator[ast.Module]:
    for found in re.finditer(r"^```python\n(.*?)^```", text, re.M | re.S):
        yield ast.parse(textwrap.dedent(found[1]))


def named(node: ast.expr) -> Any:
    """What `api.charts.chart_from` and the like stand for; None for what is no part of the add-on."""
    if isinstance(node, ast.Name):
        return PLACES.get(node.id)
    if isinstance(node, ast.Attribute):
        place = named(node.value)
        return None if place is None else getattr(place, node.attr)
    return None


@pytest.mark.parametrize("page", PAGES, ids=IDS[: len(PAGES)])
def test_scripts_call_what_is_there(page):
    text = page.read_text(encoding="utf-8")
    for tree in blocks(text):
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            function = named(call.func)
            if function is not None:
                keywords = {word.arg for word in call.keywords if word.arg}
                inspect.signature(function).bind(*call.args, **dict.fromkeys(keywords))
    for found in re.finditer(r"`(?:report = )?(api|drawings|mapping)((?:\.\w+)+)", text):
        place = PLACES[found[1]]
        for name in found[2][1:].split("."):
            place = getattr(place, name, None) or MORE[name]
