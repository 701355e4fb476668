"""What the pages print in italics or bold as a button, field or panel is called so in the add-on."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest
from documented import PAGES, ROOT

SHOWN = [
    page
    for page in PAGES
    if page.stem
    in {
        "user-guide",
        "portrait-video",
        "pictures",
        "drawings",
        "grease-pencil",
        "talk-ready",
        "looks",
        "rigs",
    }
]
BLENDERS = {
    *(
        "⌄",
        "add-ons",
        "agx",
        "child of",
        "copy location",
        "filmic",
        "fixed frame",
        "get extensions",
        "install from disk",
        "library override",
    ),
    *(
        "file",
        "export",
        "actions",
        "bake animation",
        "nla strips",
        "all actions",
        "animation mode",
        "nla tracks",
        "group by nla track",
    ),
    *("limit location", "make", "menu switch", "online manual", "upgrade face rig", "stop"),
}
"""What Blender itself calls so, and *Stop*, which is drawn as *Stop (Esc)*."""
IN_THE_SCENE = {"b · rig", "landmark 57", "landmark 00", "landmark 67", "nose bridge", "nostrils", "gums"}
"""Names that the add-on composes, and those of people's objects."""


@cache
def words_of_the_addon() -> frozenset[str]:
    """Every short text in the add-on's code, as `told` spells it."""
    found = set()
    for path in (ROOT / "blender_addon").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 80:
                found |= {told(node.value), *(told(part) for part in re.split(r"[:.]\s", node.value))}
    return frozenset(found)


def told(text: str) -> str:
    return re.sub(r"\s*(…|\?|\.\.\.)$", "", " ".join(text.split())).strip(" .,:").casefold()


def labels(text: str) -> set[str]:
    """What is in italics or bold in the middle of a sentence, part by part of a path such as *Face > Mapping*."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    text = re.sub(r"`[^`\n]*`|^\*[^*\n].*\*$|^#.*$|^\*?!\[.*$", "", text, flags=re.M)
    text = re.sub(r"^(?:\d+\.|[-*]) +\*{1,2}[^*]+\*{1,2}(?=[:. ])|^\*\*[^*]+\.\*\*", "", text, flags=re.M)
    found = set()
    for match in re.finditer(r"(?<![*\w])(\*{1,2})([A-Z⌄][^*]{0,60}?)\1(?![*\w])", text):
        if not re.search(r"(?<!\w)[a-z]{5}", match[2]):  # labels have capitals, emphasis has not
            found |= {told(part) for part in re.split(r"\s*>\s*|[,:] ", " ".join(match[2].split()))}
    return found - {""}


@pytest.mark.parametrize("page", SHOWN, ids=lambda path: path.stem)
def test_what_is_named_is_called_so(page) -> None:
    named = labels(page.read_text(encoding="utf-8"))
    assert named
    unknown = named - words_of_the_addon() - BLENDERS - IN_THE_SCENE
    assert not unknown
