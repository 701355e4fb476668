"""Characters that listen: they turn to whoever speaks, wherever that is."""

from __future__ import annotations

import math
from typing import Any

import bpy
import characters
import numpy as np
import pytest
import scenes
from mathutils import Matrix, Quaternion, Vector
from tones import write_wav
from versions import ends

from blender_addon import api
from blender_addon.command_line import recording
from blender_addon.errors import TalkingAnimationError
from blender_addon.host import settings
from blender_addon.inputs.scene_script.lines import from_table
from blender_addon.jobs.options import GenerateOptions
from blender_addon.jobs.whole_scene import animate_scene
from blender_addon.keys import actions
from blender_addon.ui import scene as panel

STILL = GenerateOptions(style="natural", idle=False)
LISTENING = GenerateOptions(style="natural", idle=False, listening=1.0)
REACH = math.degrees(0.6 * math.radians(45))


@pytest.fixture(scope="module")
def cache_folder(tmp_path_factory) -> str:
    """One for all of these tests: they say the same lines."""
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(autouse=True)
def _scene(fake, tmp_path, cache_folder):
    settings.fallback.cache_folder = cache_folder
    bpy.context.scene.render.fps = 25
    write_wav(tmp_path / "line.wav", 4.0)


def rows(tmp_path, *lines: tuple[str, int]) -> Any:
    """The script of a table of four-second lines: who, and from which frame on."""
    return from_table(
        str(scenes.table(tmp_path / "lines.csv", [(who, "line.wav", start) for who, start in lines]))
    )


def animate(tmp_path, *lines: tuple[str, int], options: GenerateOptions = LISTENING) -> Any:
    report = animate_scene(rows(tmp_path, *lines), options)
    assert not report.failed, report.table()
    return report


def face_of(item: Any) -> Any:
    return item if item.type == "MESH" else scenes.face_of(item)


def eyes_of(item: Any) -> np.ndarray:
    """(3,) between the eyes, as shown: vertices 0 and 1 of a test face."""
    face = face_of(item).evaluated_get(bpy.context.evaluated_depsgraph_get())
    points = [face.matrix_world @ face.data.vertices[index].co for index in (0, 1)]
    return np.array((points[0] + points[1]) / 2)


def looking(item: Any) -> np.ndarray:
    """(3,) which way a face looks, as shown: from the back corners of its box to the front ones."""
    face = face_of(item).evaluated_get(bpy.context.evaluated_depsgraph_get())
    corners = [np.array(face.matrix_world @ face.data.vertices[index].co) for index in range(3, 11)]
    back, front = (
        np.mean([corners[index] for index in rows], axis=0) for rows in ((2, 3, 6, 7), (0, 1, 4, 5))
    )
    return (front - back) / np.linalg.norm(front - back)


def gaze(item: Any) -> tuple[float, float]:
    """Yaw and pitch of the eyes in degrees, as the face's shapes show them."""
    keys = face_of(item).data.shape_keys.key_blocks
    yaw = (keys["eyeLookOutLeft"].value - keys["eyeLookInLeft"].value) * 30
    return yaw, (keys["eyeLookUpLeft"].value - keys["eyeLookDownLeft"].value) * 25


def between(first: np.ndarray, second: np.ndarray) -> float:
    """Degrees between two directions."""
    cosine = first @ second / np.linalg.norm(first) / np.linalg.norm(second)
    return math.degrees(math.acos(min(1.0, max(-1.0, cosine))))


def turned(item: Any, other: Any, frame: int) -> tuple[float, float]:
    """Degrees that a head has turned away from where it looks at rest, and that are left to the other's eyes."""
    scene = bpy.context.scene
    scene.frame_set(1)
    rest, wanted = looking(item), eyes_of(other) - eyes_of(item)
    scene.frame_set(frame)
    now = looking(item)
    return between(rest, now), between(now, wanted)


def place(item: Any, x: float, y: float, turn: float = 0.0) -> None:
    """Put a character somewhere, looking along -Y turned by so many degrees about Z."""
    item.location = (x, y, 0.0)
    item.rotation_euler = (0.0, 0.0, math.radians(turn))
    bpy.context.view_layer.update()


# -- who turns to whom --------------------------------------------------------------------------------------


@ends
def test_two_who_stand_at_an_angle(tmp_path):
    alice, bob = scenes.cast("Alice", "Bob")
    place(bob, 6.0, -6.0)  # 45 degrees to Alice's left
    animate(tmp_path, ("Alice", 1), ("Bob", 126))
    moved, left = turned(alice, bob, 200)
    assert moved == pytest.approx(REACH, abs=5) and left == pytest.approx(45 - REACH, abs=5)
    yaw, pitch = gaze(alice)
    assert yaw == pytest.approx(45 - REACH, abs=5) and abs(pitch) < 6, "the eyes go the rest"
    # Bob sees Alice at his back right: further than a head turns.
    moved, _ = turned(bob, alice, 70)
    assert moved == pytest.approx(35, abs=5) and gaze(bob)[0] < -25
    for rig, frame in ((alice, 200), (bob, 70)):
        bpy.context.scene.frame_set(frame)
        assert face_of(rig).data.shape_keys.key_blocks["jawOpen"].value == pytest.approx(0, abs=1e-6)


@ends
def test_three_and_who_began_last(tmp_path):
    alice, bob, carol = scenes.cast("Alice", "Bob", "Carol")
    place(bob, 6.0, -6.0)
    place(carol, -6.0, -6.0)
    animate(tmp_path, ("Bob", 1), ("Carol", 76), ("Alice", 226))
    assert turned(alice, bob, 70)[1] < 45 - REACH + 5
    assert turned(alice, carol, 120)[1] < 45 - REACH + 5, "both speak"
    assert turned(alice, carol, 170)[1] < 45 - REACH + 5
    # In its own line it moves as the engine made it: the fake one's head looks 0.1 to the side, 0.2 down.
    bpy.context.scene.frame_set(280)
    before = looking(alice)
    animate(tmp_path, ("Bob", 1), ("Carol", 76), ("Alice", 226), options=STILL)
    bpy.context.scene.frame_set(280)
    assert between(before, looking(alice)) < 0.01


def standing(kind: str) -> tuple[Any, Any]:
    """Two characters, the first below turned, scaled or mirrored parents."""
    alice, bob = scenes.cast("Alice", "Bob")
    top, middle = (bpy.data.objects.new(name, None) for name in ("top", "middle"))
    for item in (top, middle):
        bpy.context.scene.collection.objects.link(item)
    middle.parent = top
    alice.parent = middle
    top.location, top.rotation_euler = (4.0, 5.0, -2.0), (0.4, -0.7, 2.0)
    if kind == "scaled":
        top.scale, middle.scale = (2.5, 2.5, 2.5), (0.1, 0.1, 0.1)
    elif kind == "mirrored":
        middle.scale = (-1.0, 1.0, 1.0)
    elif kind == "twisted":
        alice.rotation_mode = "QUATERNION"
        alice.rotation_quaternion = Quaternion((1.0, 1.0, 0.0), 2.0)
        alice.location = (3.0, -40.0, 7.0)
    bpy.context.view_layer.update()
    face = alice.matrix_world
    there = face @ Vector(
        (3.0, -6.0, 1.0)
    )  # in front of Alice, to its left and a little up, in its own space
    bob.matrix_world = Matrix.Translation(there) @ Matrix.Rotation(1.0, 4, "Z")
    bpy.context.view_layer.update()
    return alice, bob


@ends
@pytest.mark.parametrize("kind", ["turned", "scaled", "mirrored", "twisted"])
def test_below_turned_and_scaled_parents(tmp_path, kind):
    alice, bob = standing(kind)
    animate(tmp_path, ("Alice", 1), ("Bob", 126))
    bpy.context.scene.frame_set(1)
    whole = between(looking(alice), eyes_of(bob) - eyes_of(alice))
    assert 20 < whole < 50
    moved, left = turned(alice, bob, 200)
    assert left < 0.4 * whole + 5 and moved == pytest.approx(0.6 * whole, abs=5)


def test_a_head_without_a_bone(tmp_path):
    alice, bob = characters.face_mesh("Alice"), characters.face_mesh("Bob")
    for item, x, y in ((alice, 0.0, 0.0), (bob, -5.0, -5.0)):
        item.location = (x, y, 0.0)
        item.rotation_euler = (0.0, 0.0, 0.3)
    alice.delta_rotation_euler = (0.0, 0.0, -0.3)
    bpy.context.view_layer.update()
    animate(tmp_path, ("Alice", 1), ("Bob", 126))
    moved, left = turned(alice, bob, 200)
    assert moved == pytest.approx(REACH, abs=5) and left == pytest.approx(45 - REACH, abs=5)
    # Again, while the animation of the first run is shown: what it sees is what it saw.
    animate(
        tmp_path,
        ("Alice", 1),
        ("Bob", 126),
        options=GenerateOptions(style="natural", idle=False, listening=1.0),
    )
    assert turned(alice, bob, 200) == (pytest.approx(moved, abs=0.01), pytest.approx(left, abs=0.01))
    assert api.remove(alice)
    assert tuple(alice.delta_rotation_euler) == pytest.approx((0.0, 0.0, -0.3))


def test_who_is_off_screen_is_heard(tmp_path):
    alice, bob = scenes.cast("Alice", "Bob")
    place(bob, 6.0, -6.0)
    face_of(bob).hide_render = True
    animate(tmp_path, ("Alice", 1), ("Bob", 126))
    assert max(turned(alice, bob, frame)[0] for frame in range(130, 226, 4)) < 10
    heads = []
    for frame in range(130, 220, 6):
        bpy.context.scene.frame_set(frame)
        heads.append(looking(alice))
    assert np.ptp(heads, axis=0).max() > 1e-3, "never frozen"


def test_one_character_alone_has_nobody_to_listen_to(tmp_path):
    (alice,) = scenes.cast("Alice")
    animate(tmp_path, ("Alice", 1), ("Alice", 151), options=STILL)
    before = api.motion_file(alice)
    animate(tmp_path, ("Alice", 1), ("Alice", 151))
    assert api.motion_file(alice) == before


def test_two_in_one_place(tmp_path):
    alice, bob = scenes.cast("Alice", "Bob")
    place(bob, 0.01, 0.0)
    animate(tmp_path, ("Alice", 1), ("Bob", 126))
    assert turned(alice, bob, 200)[0] < 10


def test_a_squashed_character_is_seen_by_none(tmp_path):
    alice, bob = scenes.cast("Alice", "Bob")
    place(bob, 6.0, -6.0)
    bob.scale = (1.0, 0.0, 1.0)
    bpy.context.view_layer.update()
    animate(tmp_path, ("Alice", 1), ("Bob", 126))
    assert turned(alice, bob, 200)[0] < 10


def test_who_walks_is_followed_with_the_head(tmp_path):
    alice, bob = scenes.cast("Alice", "Bob")
    for frame, x in ((126, -6.0), (226, 6.0)):
        bob.location = (x, -6.0, 0.0)
        bob.keyframe_insert("location", frame=frame)
    bpy.context.scene.frame_set(37)
    animate(tmp_path, ("Alice", 1), ("Bob", 126))
    assert bpy.context.scene.frame_current == 37
    sides = []
    for frame in (150, 215):
        bpy.context.scene.frame_set(frame)
        sides.append(looking(alice)[0])
    assert sides[0] < -0.2 and sides[1] > 0.2


# -- as any other motion ------------------------------------------------------------------------------------


@ends
def test_again_from_any_frame_and_without_it(tmp_path):
    alice, bob = scenes.cast("Alice", "Bob")
    place(bob, 6.0, -6.0)
    before = scenes.snapshot()
    lines = ("Alice", 1), ("Bob", 126)
    animate(tmp_path, *lines, options=STILL)
    plain = api.motion_file(alice)
    animate(tmp_path, *lines)
    heard = api.motion_file(alice)
    assert heard != plain
    for frame in (1, 60, 200):
        bpy.context.scene.frame_set(frame)
        animate(tmp_path, *lines)
        assert api.motion_file(alice) == heard, "what it sees is not what the run before has turned"
    animate(tmp_path, *lines, options=STILL)
    assert api.motion_file(alice) == plain
    animate(tmp_path, *lines)
    for rig in (alice, bob):
        assert api.remove(rig)
    bpy.data.texts.remove(bpy.data.texts[0])
    after = scenes.snapshot()
    assert after[0] == before[0] and after[-1] == before[-1]
    bpy.context.scene.frame_set(200)
    assert between(looking(alice), np.array([0.0, -1.0, 0.0])) < 1e-3


def test_dials_and_key_styles(tmp_path):
    alice, bob = scenes.cast("Alice", "Bob")
    place(bob, 6.0, -6.0)
    animate(tmp_path, ("Alice", 1), ("Bob", 126))
    whole = turned(alice, bob, 200)[0]
    api.apply_dials(alice, api.Dials(head=0.5))
    assert turned(alice, bob, 200)[0] == pytest.approx(whole / 2, abs=1)
    api.apply_dials(alice, api.Dials())
    api.apply_key_style(alice, api.KeyStyle("BEZIER", tolerance=0.01))
    assert turned(alice, bob, 200)[0] == pytest.approx(whole, abs=1.5)
    api.push_to_nla(alice, 3, 4)
    assert turned(alice, bob, 200)[0] == pytest.approx(whole, abs=1.5)
    assert actions.own_actions(alice)


def test_a_head_that_is_to_be_still(tmp_path):
    alice, bob = scenes.cast("Alice", "Bob")
    place(bob, 3.0, -6.0)
    still = GenerateOptions(style="natural", idle=False, listening=1.0, pose="still")
    animate(tmp_path, ("Alice", 1), ("Bob", 126), options=still)
    assert turned(alice, bob, 200)[0] < 0.1 and gaze(alice)[0] > 15


@pytest.mark.parametrize("amount", [-0.1, 2.5, math.nan, math.inf])
def test_amounts_that_there_are_not(amount):
    with pytest.raises(TalkingAnimationError, match="Listening is a number from 0 to 2"):
        GenerateOptions(listening=amount)


def test_the_panel_and_the_command_line(tmp_path):
    alice, bob = scenes.cast("Alice", "Bob")
    place(bob, 6.0, -6.0)
    lines = scenes.table(tmp_path / "lines.csv", [("Alice", "line.wav", 1), ("Bob", "line.wav", 126)])
    script = bpy.context.scene.talking_animation_script
    assert script.listening == 0.0
    script.source, script.table, script.idle, script.listening = "TABLE", str(lines), False, 0.5
    choice = panel.choice_of(bpy.context.scene)
    assert choice.listening == 0.5
    script.listening = 7.0
    assert script.listening == 2.0
    arguments = ["--lines", str(lines), "--no-idle", "--style", "natural"]
    assert recording.command([*arguments, "--listening", "1"]) == 0
    assert turned(alice, bob, 200)[0] > 20
    assert recording.command(arguments) == 0
    assert turned(alice, bob, 200)[0] < 0.01


def test_one_character_of_several(tmp_path, capsys):
    alice, bob = scenes.cast("Alice", "Bob")
    place(bob, 6.0, -6.0)
    lines = scenes.table(tmp_path / "lines.csv", [("Alice", "line.wav", 1), ("Bob", "line.wav", 126)])
    arguments = ["--lines", str(lines), "--no-idle", "--style", "natural", "--character", "Alice_face"]
    assert recording.command([*arguments, "--listening", "1"]) == 0
    told = capsys.readouterr().out
    assert "1 of 1 line on 1 character" in told and "Bob" not in told
    assert turned(alice, bob, 200)[0] > 20, "it hears the others"
    assert api.has_animation(alice) and not api.has_animation(bob)
    assert recording.command([*arguments[:-1], "Bob_rig"]) == 0
    assert turned(alice, bob, 200)[0] > 20 and api.has_animation(bob)
    characters.face_mesh("Carol")
    assert recording.command([*arguments[:-1], "Carol"]) == 1
    assert "No line of this scene belongs to 'Carol'." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--lines", "lines.csv", "--listening", "2.1"], "'2.1' is not a number from 0 to 2"),
        (["--audio", "line.wav", "--listening", "1"], "--listening needs --scene or --lines"),
    ],
)
def test_command_lines_that_are_wrong(arguments, told, capsys):
    assert recording.command(arguments) == 2
    assert told in capsys.readouterr().err
