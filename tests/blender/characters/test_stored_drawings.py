"""What was mapped of a drawn character where its text is damaged, impossible or of a newer version."""

from __future__ import annotations

import json

import pytest
from drawn_characters import empty

from blender_addon import api
from blender_addon.api import drawings

CHART = {
    "feature": "mouth",
    "kind": "OBJECTS",
    "where": {"type": "OBJECT", "name": "x", "path": ""},
    "chart": "",
    "drawings": {"A": "a"},
}


@pytest.mark.parametrize(
    "text",
    [
        *("[" * 20000, "no JSON", json.dumps({"format": 99})),
        json.dumps({"format": 1, "charts": [CHART]}),
        *(
            json.dumps({"format": 1, "charts": [{**CHART, "chart": "LETTERS", "drawings": drawn}]})
            for drawn in ({"A": "a\0b"}, {"A\0": "a"})
        ),
    ],
)
def test_what_cannot_be_read_is_told_and_kept(text: str):
    item = empty("Puppet")
    item.talking_animation.drawings = text
    assert drawings.mapped_of(item).damaged
    assert api.describe(item).problem
    assert not drawings.forget(item, "mouth") and not drawings.forget_property(item, 0)
    assert item.talking_animation.drawings == text
    assert drawings.forget(item) and item.talking_animation.drawings == ""
