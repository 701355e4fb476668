"""What other lip-sync add-ons have mapped is read, whether they are installed or left their data, and talks."""

from __future__ import annotations

import bpy
import pytest
from drawn_characters import FPS, empty, linked, pencil, say, seen, spoken

from blender_addon.api import drawings
from blender_addon.characters.character import describe
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions.animation_data import new_curve_set
from blender_addon.ui import drawings as panel
from blender_addon.ui import lookup

LINE = spoken()


class RhubarbItem(bpy.types.PropertyGroup):
    key: bpy.props.StringProperty()
    action: bpy.props.PointerProperty(type=bpy.types.Action)


class RhubarbMapping(bpy.types.PropertyGroup):
    items: bpy.props.CollectionProperty(type=RhubarbItem)


class LipSyncSettings(bpy.types.PropertyGroup):
    lip_sync_2d_sprite_sheet_index: bpy.props.IntProperty()
    lip_sync_2d_viseme_sil: bpy.props.IntProperty(default=-1)
    lip_sync_2d_viseme_PP: bpy.props.IntProperty(default=-1)
    lip_sync_2d_viseme_aa: bpy.props.IntProperty(default=-1)
    lip_sync_2d_viseme_ou: bpy.props.IntProperty(default=-1)
    lip_sync_2d_viseme_E: bpy.props.IntProperty(default=-1)


def install() -> None:
    for cls in (RhubarbItem, RhubarbMapping, LipSyncSettings):
        bpy.utils.register_class(cls)
    bpy.types.Object.rhubarb_lipsync_mapping = bpy.props.PointerProperty(type=RhubarbMapping)
    bpy.types.Object.lipsync2d_props = bpy.props.PointerProperty(type=LipSyncSettings)


def uninstall() -> None:
    del bpy.types.Object.rhubarb_lipsync_mapping, bpy.types.Object.lipsync2d_props
    for cls in (LipSyncSettings, RhubarbMapping, RhubarbItem):
        bpy.utils.unregister_class(cls)


@pytest.fixture(autouse=True)
def _others():
    bpy.context.scene.render.fps = int(FPS)
    install()
    yield
    uninstall()


@pytest.fixture
def without():
    """Call it to have the other add-ons no longer installed."""
    gone = []

    def now() -> None:
        uninstall()
        gone.append(True)

    yield now
    if gone:
        install()


def pose(name: str, owner, values: dict[str, float]):
    """An action of one frame."""
    curves = new_curve_set(name, owner)
    for path, value in values.items():
        curves.new(path, 0, "").keyframe_points.insert(3, value)
    return curves.action


def mapped(item, actions: dict) -> None:
    for letter, action in actions.items():
        row = item.rhubarb_lipsync_mapping.items.add()
        row.key, row.action = letter, action


def head(names: str):
    mesh = bpy.data.meshes.new("Head")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 0, 1)], [], [(0, 1, 2)])
    item = linked(bpy.data.objects.new("Head", mesh))
    for number, name in enumerate(("Basis", *names)):
        item.shape_key_add(name=name).data[0].co.z = number / 10
    return item


def test_rhubarbs_actions_are_poses_that_are_held():
    item = empty("Puppet")
    item["mouth"], item["tilt"] = 9, 0.25
    values = {"A": 0, "C": 2, "D": 3, "F": 5, "X": 8}
    mapped(item, {letter: pose(f"M{letter}", item, {'["mouth"]': value}) for letter, value in values.items()})
    tilted = pose("Tilted", item, {'["mouth"]': 6.0, '["tilt"]': 0.75})
    mapped(item, {"E": tilted, "B": None})
    assert drawings.other_addon(describe(item)) == "Rhubarb Lip Sync NG"
    assert bpy.context.scene.talking_animation.character is None
    assert "6 mouths" in drawings.take_over(item)
    assert describe(item).problem == ""
    report = say(item, LINE)
    shown = seen(1, report.end, lambda graph: (round(item["mouth"]), round(item["tilt"], 3)))
    assert {mouth for mouth, _ in shown} == {0, 2, 3, 5, 6, 8}
    assert all(tilt == (0.75 if mouth == 6 else 0.25) for mouth, tilt in shown)
    bpy.data.actions.remove(tilted)
    (told,) = [text for target in describe(item).targets if (text := target.problem(describe(item)))]
    assert "'Tilted'" in told and "is gone" in told


def test_rhubarbs_actions_of_one_shape_key_each_are_rows_of_the_table():
    item = head("ABCDX")
    keys = item.data.shape_keys
    mapped(
        item,
        {
            name: pose(
                f"K{name}", keys, {f'key_blocks["{other}"].value': float(other == name) for other in "ABCDX"}
            )
            for name in "ABCD"
        },
    )
    assert "4 mouths" in drawings.take_over(item)
    character = describe(item)
    assert character.mouth == "MOUTH_SHAPES" and not drawings.mapped_of(character.root).charts
    say(item, LINE)
    opened = seen(1, 40, lambda graph: max(keys.key_blocks["D"].value, 0.0))
    assert max(opened) > 0.3


def test_a_sprite_sheet_of_lip_sync():
    item = head("")
    state = item.lipsync2d_props
    state.lip_sync_2d_viseme_sil, state.lip_sync_2d_viseme_PP = 0, 1
    state.lip_sync_2d_viseme_aa, state.lip_sync_2d_viseme_ou, state.lip_sync_2d_viseme_E = 4, 7, 2
    assert bpy.ops.talking_animation.take_over_mapping.poll() is False
    bpy.context.scene.talking_animation.character = item
    assert bpy.ops.talking_animation.take_over_mapping() == {"FINISHED"}
    report = say(item, LINE)
    cells = seen(1, report.end, lambda graph: state.lip_sync_2d_sprite_sheet_index)
    assert set(cells) == {0, 1, 2, 4, 7}


def test_redraws_ask_once_until_something_changes(monkeypatch):
    monkeypatch.setattr(lookup.time, "monotonic", lambda: 1000.0)
    lookup.forget()
    asked = []
    found = panel.drawings.other_addon
    monkeypatch.setattr(panel.drawings, "other_addon", lambda character: asked.append(1) or found(character))
    keyed, bare = head("AD"), empty("Bare")
    keys = keyed.data.shape_keys
    mapped(keyed, {name: pose(f"R{name}", keys, {f'key_blocks["{name}"].value': 1.0}) for name in "AD"})
    chosen, poll = bpy.context.scene.talking_animation, bpy.ops.talking_animation.take_over_mapping.poll
    chosen.character = keyed
    assert [poll() for _ in range(5)] == [True] * 5 and len(asked) == 1
    chosen.character = bare
    assert [poll() for _ in range(5)] == [False] * 5 and len(asked) == 2
    mapped(bare, {"A": pose("Bared", bare, {"location": 0.0}), "D": pose("Bares", bare, {"location": 1.0})})
    lookup.forget()
    assert poll() and len(asked) == 3


def test_what_an_addon_left_is_read_too(without):
    item = head(["Zu", "Auf", "Rund"])
    without()
    item["lipsync2d_props"] = {
        "lip_sync_2d_lips_type": 1,
        "lip_sync_2d_viseme_shape_keys_PP": 1,
        "lip_sync_2d_viseme_shape_keys_aa": 2,
        "lip_sync_2d_viseme_shape_keys_ou": 3,
        "lip_sync_2d_viseme_shape_keys_E": 9,
    }
    assert "3 mouths" in drawings.take_over(item)
    assert describe(item).mouth == "VISEMES"
    item["lipsync2d_props"]["lip_sync_2d_lips_type"] = 0
    item["lipsync2d_props"]["lip_sync_2d_viseme_aa"] = 3
    with pytest.raises(TalkingAnimationError, match="is not enabled: enable it"):
        drawings.take_over(item)


def test_what_was_mapped_before_an_addon_was_removed_is_read(without):
    puppet, keyed, sheet, bare = empty("Puppet"), head("ABDX"), head(""), empty("Bare")
    puppet["mouth"] = 9
    values = {"A": 0, "C": 2, "D": 3, "F": 5, "X": 8}
    mapped(puppet, {letter: pose(f"P{letter}", puppet, {'["mouth"]': n}) for letter, n in values.items()})
    mapped(puppet, {"B": None})
    keys = keyed.data.shape_keys
    mapped(keyed, {name: pose(f"L{name}", keys, {f'key_blocks["{name}"].value': 1.0}) for name in "ABD"})
    sheet.lipsync2d_props.lip_sync_2d_viseme_sil, sheet.lipsync2d_props.lip_sync_2d_viseme_aa = 0, 4
    assert not len(bare.rhubarb_lipsync_mapping.items)
    without()
    assert not hasattr(puppet, "rhubarb_lipsync_mapping")
    assert drawings.other_addon(describe(puppet)) == "Rhubarb Lip Sync NG"
    assert "5 mouths" in drawings.take_over(puppet)
    report = say(puppet, LINE)
    assert set(seen(1, report.end, lambda graph: round(puppet["mouth"]))) == set(values.values())
    assert "3 mouths" in drawings.take_over(keyed)
    say(keyed, LINE)
    assert max(seen(1, 40, lambda graph: keys.key_blocks["D"].value)) > 0.3
    assert drawings.other_addon(describe(sheet)) == "Lip Sync"
    with pytest.raises(TalkingAnimationError, match="is not enabled: enable it"):
        drawings.take_over(sheet)
    assert drawings.other_addon(describe(bare)) == ""


def test_nothing_to_take_over_and_damage_are_told(without):
    face = pencil("Face", ["mouth_A"])
    assert drawings.other_addon(describe(face)) == ""
    with pytest.raises(TalkingAnimationError, match="has no mapping of Rhubarb Lip Sync NG or Lip Sync"):
        drawings.take_over(face)
    mapped(face, {"A": None, "?": pose("Odd", face, {"location": 1.0})})
    assert drawings.other_addon(describe(face)) == ""
    other = empty("Other")
    without()
    other["rhubarb_lipsync_mapping"], other["lipsync2d_props"] = "text", 7
    assert drawings.other_addon(describe(other)) == ""
