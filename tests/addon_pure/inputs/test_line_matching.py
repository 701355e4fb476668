"""Whose line it is, by the names that strips, channels and files have."""

from __future__ import annotations

import pytest

from blender_addon.inputs.scene_script import line_matching

CAST = {
    "Alice_rig": ("Alice_rig", "Armature", "Alice_face"),
    "CH-Bob": ("CH-Bob", "Bob"),
    "Ann": ("Ann", "Ann mesh"),
    "Ann Lee": ("Ann Lee",),
    "Señora Ñandú": ("Señora Ñandú",),
    "アリス": ("アリス",),
    "Rig": ("Rig", "Armature.001"),
    "Clone.001": ("Clone.001",),
    "Clone": ("Clone",),
}


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("Alice_01", ["Alice_rig"]),
        ("sc03_ALICE-take2.wav", ["Alice_rig"]),
        ("aliceline3", ["Alice_rig"]),
        ("BobHello", ["CH-Bob"]),
        ("bobbin", []),
        ("Bob_to_Alice", ["Alice_rig", "CH-Bob"]),
        ("ann_lee_04", ["Ann Lee"]),
        ("Ann_04", ["Ann"]),
        ("anna_04", []),
        ("planning", []),
        ("senora nandu 3", ["Señora Ñandú"]),
        ("台詞アリス02", ["アリス"]),
        ("music", []),
        ("rig_test", []),
        ("Clone_3", ["Clone"]),
        ("Clone.001_3", ["Clone.001"]),
    ],
)
def test_names(text, owners):
    assert sorted(line_matching.best_in(text, CAST)) == owners


def test_the_first_place_that_tells_decides():
    said = [("strip", "line 7"), ("channel", "Bob"), ("file", "alice_7"), ("folder", "Alice")]
    assert line_matching.owner_of(said, CAST) == line_matching.Match("CH-Bob", "channel")
    both = [("strip", "Bob_Alice_7"), ("channel", ""), ("file", "x"), ("folder", "Alice")]
    assert line_matching.owner_of(both, CAST) == line_matching.Match("Alice_rig", "folder")
    assert line_matching.owner_of(both[:3], CAST) == line_matching.Match(rivals=("Alice_rig", "CH-Bob"))
    assert line_matching.owner_of([("strip", "door slam")], CAST) == line_matching.Match()
