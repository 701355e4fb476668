"""Whatever a .blend file keeps for the add-on, damaged by hand: panels draw, buttons answer, each says a sentence at most."""

from __future__ import annotations

import json
import os
import traceback
import zlib
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FunctionType

import bpy
import drawn_characters
import numpy as np
import picture_characters
import pytest
from layout import Layout
from versions import ends

from blender_addon import api, registration
from blender_addon.api import grease_pencil as drawn_faces
from blender_addon.api import motion_cache
from blender_addon.characters import pictures
from blender_addon.characters.character import ROLE
from blender_addon.characters.drawing_mappings import (
    ChartMapping,
    Mapped,
    Move,
    PartMapping,
    PropertyMapping,
    Reference,
    from_json,
    to_json,
)
from blender_addon.errors import TalkingAnimationError
from blender_addon.faces import landmarks
from blender_addon.faces.from_picture import points_board
from blender_addon.faces.from_picture.appearance import PHOTO
from blender_addon.faces.from_picture.looks import LOOK
from blender_addon.faces.landmark_search.points import Landmarks
from blender_addon.faces.talk_ready.apply import GENERATED
from blender_addon.host.blender_versions import sequencer
from blender_addon.keys import actions, sound_strips
from blender_addon.talking import carried
from blender_addon.targets.grease_pencil import rig
from blender_addon.targets.grease_pencil.drawing import OWN_FRAMES
from blender_addon.ui import lookup

NAN, ENDLESS = float("nan"), float("inf")
pytestmark = ends
LONG = "FUZZ_INPUTS" in os.environ
"""Whether all damage is tried; else one in so many."""
FEW = 12
VALUES = (
    7,
    -1.5,
    NAN,
    ENDLESS,
    1e308,
    2**31 - 1,
    "",
    "\x7f{",
    "x" * 100_000,
    [1.0, 2.0],
    [7],
    {"a": 1},
    b"\xff\0PK",
)
"""What any custom property may have become."""
TEXTS = (
    "", "{", "null", "7", '"x"', "[]", "[" * 100_000, "1" * 5000, '{"format": 99, "version": 99}', "{\"a\": NaN}", "\u202e",
)  # fmt: skip
"""What any of our texts may have become."""
ENTRIES = (
    None,
    True,
    -1,
    10**400,
    NAN,
    -ENDLESS,
    "",
    "x\0y",
    "x\ny",
    [],
    [[]],
    [[1, 2, 3]],
    [["a"]],
    {},
    {"": {}},
    [{}],
    [None],
)
"""What any entry of our JSON may have become."""


def texts_of(good):
    """A text of JSON, damaged: cut, another one, or with one of its entries exchanged."""
    yield from TEXTS
    yield good[: len(good) // 2]
    for change in ENTRIES:
        for name in json.loads(good):
            yield json.dumps({**json.loads(good), name: change})


class Drawn(Layout):
    """A layout that also takes lists, searches and menus."""

    def _child(self, *_, **__):
        return Drawn(self.said)

    row = column = box = split = column_flow = grid_flow = _child

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: Drawn(self.said)


class Panel:
    """A panel with a layout, which Blender gives to windows alone."""

    def __init__(self, kind):
        self.kind, self.layout = kind, Drawn()

    def __getattr__(self, name):
        member = getattr(self.kind, name)
        return partial(member, self) if isinstance(member, FunctionType) else member


def look(obj):
    """Draw all that shows, ask all buttons whether they can be pressed."""
    lookup.forget()
    for cls in registration.CLASSES:
        if issubclass(cls, bpy.types.Operator) and hasattr(cls, "poll"):
            cls.poll(bpy.context)
        if issubclass(cls, bpy.types.Panel) and (not hasattr(cls, "poll") or cls.poll(bpy.context)):
            cls.draw(Panel(cls), bpy.context)


def told(function, *arguments):
    """What a function says instead of doing its work; "" where it does it."""
    try:
        function(*arguments)
    except TalkingAnimationError as error:
        assert str(error).endswith((".", "?")) and "Traceback" not in str(error)
        return str(error)
    return ""


def use(obj):
    """Look, and press what reads what is kept."""
    look(obj)
    for handler in (registration._saves, registration._stepped_back):
        handler(None)
    for function in (api.check, api.apply_dials, api.push_to_nla, api.add_cues, api.remove_cues):
        told(function, obj)


def picked(obj):
    bpy.context.view_layer.objects.active = obj
    bpy.context.scene.talking_animation.character = obj
    return obj


def failures(obj, name, put, values):
    """What was raised, but for a sentence, where using an object with one of these values failed.

    Args:
        obj: what is used.
        name: of what is damaged: others are tried for each, in each test, whatever ran before.
        put: lets something keep a value.
        values: one in so many is tried.
    """
    raised = []
    test = os.environ["PYTEST_CURRENT_TEST"].rpartition("::")[2]
    first = zlib.crc32(f"{test} {name}".encode()) % FEW
    for value in list(values) if LONG else list(values)[first::FEW]:
        try:
            put(value)
        except (TypeError, ValueError, OverflowError, RuntimeError):
            continue  # Blender keeps no such value
        try:
            use(obj)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            raised.append((repr(value)[:60], repr(error)[:150], f"{place.filename}:{place.lineno}"))
    return raised


def putting(owner, name):
    """A function that lets a datablock keep a value under a name."""

    def put(value):
        if name in owner:
            del owner[name]  # Blender keeps the kind of a value where it can
        owner[name] = value

    return put


def entries(obj, owner, name, values=VALUES):
    """`failures` for each entry of a group of properties, and for the group."""
    raised, kept = [], owner[name].to_dict()
    for entry, good in kept.items():
        raised += failures(obj, f"{owner.name} {entry}", putting(owner[name], entry), values)
        if entry in owner[name]:
            del owner[name][entry]
        raised += failures(obj, "", lambda _: None, [None] * FEW)
        with suppress(TypeError):  # a reference to an object, beside what Blender has put in its place
            owner[name][entry] = good
    return raised + failures(obj, owner.name, putting(owner, name), values)


def test_what_actions_remember(talker):
    _, mesh = talker
    picked(mesh)
    (action,) = actions.own_actions(mesh.data.shape_keys)
    good = action[actions.TAG]
    assert not failures(mesh, actions.TAG, putting(action, actions.TAG), [*VALUES, *texts_of(good)])
    action[actions.TAG] = good
    assert api.apply_dials(mesh, api.Dials(lips=0.5))


def test_what_a_scene_remembers(talker):
    rig, mesh = talker
    picked(mesh)
    state = bpy.context.scene.talking_animation
    good = state.playback
    assert json.loads(good)
    assert not failures(
        mesh, "playback", lambda value: setattr(state, "playback", value), list(texts_of(good))
    )


def test_what_was_mapped(talker):
    _, mesh = talker
    root = picked(mesh).parent
    state = root.talking_animation
    state.mapping = json.dumps(
        {"format": 1, "mouth": "", "rows": {"jawOpen": ["jawOpen"]}, "bones": {"bone:jaw": "x"}}
    )
    assert not failures(
        mesh, "mapping", lambda value: setattr(state, "mapping", value), list(texts_of(state.mapping))
    )
    state.mapping = ""
    chart = ChartMapping(
        "mouth", "OBJECTS", Reference("OBJECT", root.name), "LETTERS", {"A": "Face", "D": "Face"}
    )
    moved = PropertyMapping(Reference("OBJECT", "Face", "location"), 0, Move("jawOpen"))
    part = PartMapping("mouth", "Face", "", {"up": Move("jawOpen")})
    good = to_json(Mapped((chart,), (part,), (moved,)))
    assert not from_json(good).damaged
    rows = list(texts_of(good))
    for table, row in json.loads(good).items():
        for entry in row[0] if isinstance(row, list) else ():
            for change in ENTRIES:
                rows.append(json.dumps({**json.loads(good), table: [{**row[0], entry: change}]}))
    assert not failures(mesh, "drawings", lambda value: setattr(state, "drawings", value), rows)


def test_what_blender_keeps_of_our_settings(talker):
    if "talking_animation" not in bpy.context.scene:
        pytest.skip("this Blender keeps settings of add-ons out of reach")
    rig, mesh = talker
    picked(mesh)
    texts = [
        value for value in VALUES if not isinstance(value, bytes)
    ]  # Blender reads no property whose text is none
    raised = [entries(mesh, owner, "talking_animation", texts) for owner in (rig, bpy.context.scene)]
    assert not any(raised), raised


def test_landmarks_points_and_guide(talker):
    rig, mesh = talker
    picked(mesh)
    corners = np.zeros((68, 3), np.int64)
    landmarks.store(mesh, Landmarks(corners, np.full((68, 3), 1 / 3), 0.5, "hand", ()))
    raised = entries(mesh, mesh, landmarks.PROPERTY)
    mesh[GENERATED] = "jawOpen"
    raised += failures(mesh, GENERATED, putting(mesh, GENERATED), VALUES)
    anchor = api.add_points(None, "EMPTIES")
    picked(anchor)
    for owner, name in ((anchor, ROLE), (anchor.children[0], ROLE), (anchor.children[0], "landmark")):
        good = owner.get(name)
        raised += failures(anchor, f"{owner.name} {name}", putting(owner, name), VALUES)
        owner[name] = good
    assert not raised


def dialled(mesh, voice):
    api.apply_dials(mesh, api.Dials(lips=0.5))


def generated_again(mesh, voice):
    assert api.generate(mesh, voice, start_frame=10).curves
    api.add_points(mesh)  # they are new: nothing of theirs was forgotten


@pytest.mark.parametrize("damaged", ["{", "rest", "muted_drivers"])
@pytest.mark.parametrize("change", [None, dialled, generated_again])
def test_a_damaged_record_is_told(talker, voice, damaged, change):
    """Also after a change, which had written a whole record of what the damaged one did not know."""
    rig, mesh = talker
    picked(mesh)
    for action in actions.own_actions(mesh.data.shape_keys):
        record = {**json.loads(action[actions.TAG]), damaged: 7}
        action[actions.TAG] = json.dumps(record) if damaged in actions.record_of(action) else damaged
    if change is not None:
        change(mesh, voice)
    assert [problem.code for problem in api.check(mesh)].count("FORGOTTEN") == 1
    assert bpy.ops.talking_animation.remove() == {"FINISHED"}
    assert "damaged" in bpy.context.window_manager.talking_animation.message
    assert api.check(mesh) == [] and not api.remove(mesh)


def test_what_a_picture_remembers():
    (root,) = picture_characters.add(picture_characters.contract_picture())
    face = picked(picture_characters.face_of(root)).data
    raised = [entries(root, owner, pictures.PROPERTY) for owner in (root, picture_characters.face_of(root))]
    raised.append(failures(root, LOOK, putting(root, LOOK), VALUES))
    raised.append(failures(root, PHOTO, putting(face.materials[0], PHOTO), VALUES))
    assert not any(raised), raised


def test_what_a_drawing_remembers():
    obj = drawn_faces.add_face(bpy.context.scene)
    drawn_characters.say(picked(obj), drawn_characters.spoken("XAD"))
    armature = rig.find(obj)
    good = {name: armature[name] for name in (rig._MADE_OF, rig._FRAME, ROLE)}
    raised = []
    for name, value in good.items():
        raised += failures(obj, name, putting(armature, name), VALUES)
        armature[name] = value
    raised += failures(obj, OWN_FRAMES, putting(obj, OWN_FRAMES), [*VALUES, *texts_of('{"Mouth": [1, 2]}')])
    assert not raised


@pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender has no sound strips")
def test_what_strips_texts_and_boards_remember(talker):
    _, mesh = talker
    picked(mesh)
    (strip,) = sequencer.sequencer_strips(bpy.context.scene)
    raised = failures(mesh, "strip", putting(strip, actions.TAG), VALUES)
    raised += failures(mesh, sound_strips.OF_VIDEO, putting(strip, sound_strips.OF_VIDEO), VALUES)
    text = bpy.data.texts.new("summary")
    raised += failures(mesh, "text", putting(text, actions.TAG), VALUES)
    board = points_board.make(bpy.context.scene, "a", np.zeros((9, 9, 4), np.uint8), "a.png")
    raised += failures(mesh, points_board.PICTURE, putting(board, points_board.PICTURE), VALUES)
    raised += failures(mesh, points_board._ORDER, putting(board.children[1], points_board._ORDER), VALUES)
    assert not raised


def test_remove_and_generate_where_all_is_damaged(talker, voice):
    _, mesh = talker
    picked(mesh)
    for good in (7, "{", "x" * 1000):
        for action in actions.own_actions(mesh.data.shape_keys):
            putting(action, actions.TAG)(good)
        bpy.context.scene.talking_animation.playback = str(good)
        assert api.generate(mesh, voice, start_frame=10).curves
        for action in actions.own_actions(mesh.data.shape_keys):
            putting(action, actions.TAG)(good)
        assert api.remove(mesh)
        assert api.generate(mesh, voice, start_frame=10).curves


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no such device")
def test_links_and_devices_in_the_cache(talker, voice, tmp_path):
    """A link in place of motion is never written through, nor deleted through; a device is not read."""
    _, mesh = talker
    kept = Path(carried.motion_file(mesh))
    users = tmp_path / "users.npz"
    users.write_bytes(b"the user's own")
    for target in (users, Path("/dev/zero"), kept):
        kept.unlink()
        kept.symlink_to(target)
        assert api.apply_dials(mesh, api.Dials(lips=0.5))  # of what the file brought along
        assert api.generate(mesh, voice, start_frame=10).curves
        assert kept.is_file() and not kept.is_symlink()
    kept.unlink()
    kept.symlink_to(users)
    motion_cache.clear(everything=True)
    assert users.read_bytes() == b"the user's own" and not kept.is_symlink()
