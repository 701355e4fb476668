"""What every naming convention of face shapes has to hold."""

from __future__ import annotations

from blender_addon.rigs.face_shapes.convention import CHANNELS, parse
from blender_addon.rigs.face_shapes.recognition import CONVENTIONS


def test_the_data_of_the_conventions_is_sound():
    identifiers = [item.identifier for item in CONVENTIONS]
    assert len(set(identifiers)) == len(identifiers)
    for item in CONVENTIONS:
        assert item.source.startswith("https://") and item.title
        assert set(item.channels) <= set(CHANNELS), item.identifier
        assert item.unverified <= set(item.names), item.identifier
        for recipe in item.channels.values():
            for alternative in parse(recipe):
                assert alternative and all(name == name.strip() and name for name, _ in alternative)
                assert all(-1 <= gain <= 1 and gain for _, gain in alternative)
        for left in [name for name in item.channels if name.endswith("Left")]:
            assert left[:-4] + "Right" in item.channels, f"{item.identifier}: {left} has no other side"
