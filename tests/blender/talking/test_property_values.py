"""Properties of every kind are given back as they were: whole numbers, ticks, choices and custom ones, also of bones."""

from __future__ import annotations

import bpy
import pytest

from blender_addon.keys import ownership, property_values


@pytest.fixture
def item():
    thing = bpy.data.objects.new("Thing", None)
    thing['a "quoted" name'] = 3
    thing["list"] = [0.5, 2.0]
    for name in ("it's", "a \\ b", "two\nlines"):
        thing[name] = 0.25
    return thing


@pytest.mark.parametrize(
    ("path", "index", "value"),
    [
        ('["a \\"quoted\\" name"]', 0, 5.0),
        ('["it\'s"]', 0, 0.5),
        ('["a \\\\ b"]', 0, 0.5),
        ('["two\\nlines"]', 0, 0.5),
        ('["list"]', 1, 4.5),
        ("hide_viewport", 0, 1.0),
        ("location", 2, -2.5),
        ("empty_display_type", 0, 3.0),
        ("pass_index", 0, 12.0),
        ("empty_display_size", 0, 0.25),
    ],
)
def test_what_is_assigned_is_read(item, path, index, value):
    kind = type(item.path_resolve(path))
    property_values.assign(item, path, index, value)
    assert property_values.read(item, path, index) == value
    assert type(item.path_resolve(path)) is kind


@pytest.mark.parametrize("path", ["no_such", 'pose.bones["x"].location', '["gone"]', "name", "parent"])
def test_what_keys_cannot_move_is_said(item, path):
    with pytest.raises(ValueError, match=r"Thing|text"):
        property_values.read(item, path, 0)


def test_what_was_there_before_is_read_once_for_each_datablock(monkeypatch):
    asked = []
    remembered = {("location", 0): 4.5}
    monkeypatch.setattr(ownership, "rest_values", lambda datablock: asked.append(datablock) or remembered)
    item = bpy.data.objects.new("Sign", None)
    item.location, item["x"] = (1.0, 2.0, 3.0), 7
    rest = ownership.RestReader()
    places = [("location", 0), ("location", 2), ('["x"]', 0), ("scale", 1), ("location", 2)]
    assert [rest(item, *place) for place in places] == [4.5, 3.0, 7.0, 1.0, 3.0]
    assert asked == [item]
    with pytest.raises(ValueError, match="has no property"):
        rest(item, '["gone"]', 0)
