"""A face drawn in strokes talks: by bones, or drawn anew; it is given back as it was."""

from __future__ import annotations

import re
from dataclasses import replace

import bpy
import numpy as np
import pytest
from face_animations import face_animation
from versions import ends

from blender_addon import api
from blender_addon.api import grease_pencil as drawn_faces
from blender_addon.characters.target import TargetSettings
from blender_addon.contract import ARKIT_INDEX
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import animation_data, drawing_layers, grease_pencil
from blender_addon.jobs import live
from blender_addon.motion import drawn_face
from blender_addon.motion.key_reduction import KeyStyle
from blender_addon.talking.write import Destination, follow, write
from blender_addon.targets.grease_pencil import drawing, keys, rig
from blender_addon.ui import drawn_parts, lookup

OPEN, SHUT, BLINK, FRAMES = 6, 12, 17, 20


@pytest.fixture(scope="module")
def motion():
    """An open mouth, a shut one, a blink."""
    weights = np.zeros((FRAMES, 52), np.float32)
    weights[4:9, ARKIT_INDEX["jawOpen"]] = 0.6
    weights[16:19, [0, 7]] = 1.0
    turn = np.zeros((FRAMES, 3), np.float32)
    turn[13:15, 1] = 0.3
    return face_animation(25.0, weights, head_rotation=turn)


@pytest.fixture
def face():
    item = drawn_faces.add_face(bpy.context.scene)
    bpy.context.view_layer.update()
    return item


def talk(item, motion, start: int = 1):
    return write(
        api.describe(item), motion, api.Dials(), Destination(start, True, {}, KeyStyle(), (0.0, 0.0))
    )


def shown(item, layer: str, frame: int) -> np.ndarray:
    """The points of a layer as the scene shows them at a frame."""
    bpy.context.scene.frame_set(frame)
    seen = item.evaluated_get(bpy.context.evaluated_depsgraph_get())
    (found,) = [one for one in seen.data.layers if grease_pencil.layer_name(one) == layer]
    return grease_pencil.read(found, grease_pencil.frame_at(found, frame)).points


def height(points: np.ndarray) -> float:
    return float(np.ptp(points[:, 2]))


def kept(item) -> dict:
    """All that is drawn."""
    return {
        (grease_pencil.layer_name(layer), frame.frame_number): [
            part.tobytes() for part in vars(grease_pencil.read(layer, frame)).values()
        ]
        for layer in item.data.layers
        for frame in layer.frames
    }


@pytest.mark.parametrize("way", ["BONES", "DRAWINGS"])
def test_it_talks_and_is_given_back(face, motion, way: str):
    before, objects = kept(face), len(bpy.data.objects)
    face.talking_drawing.way = way
    report = talk(face, motion)
    assert report.curves > 80 and not report.warnings
    assert len(grease_pencil.modifiers(face)) == (way == "BONES")
    assert all(len(layer.frames) > 5 for layer in face.data.layers) == (way == "DRAWINGS")
    rest = shown(face, "Mouth", 1)
    assert np.allclose(rest, np.frombuffer(before["Mouth", 1][0], np.float32).reshape(-1, 3), atol=1e-5)
    assert height(shown(face, "Mouth", 1 + OPEN)) > height(rest) + 0.12
    assert np.abs(shown(face, "Mouth", 1 + SHUT) - rest).max() < 1e-4
    assert height(shown(face, "Lids", 1 + BLINK)) > 0.25
    lashes = shown(face, "Lashes", 1 + BLINK)[:, 2] - shown(face, "Lashes", 1)[:, 2]
    assert lashes.min() < -0.25 and lashes.max() < 1e-4
    assert np.allclose(
        shown(face, "Face", 1 + OPEN)[:, 2].max(), shown(face, "Face", 1)[:, 2].max(), atol=1e-4
    )
    nose = shown(face, "Nose", 1 + 14) - shown(face, "Nose", 1)
    assert nose[:, 0].min() > 0.01  # a turned head shows by what lies in front
    assert api.remove(face)
    bpy.context.scene.frame_set(1)
    assert kept(face) == before and len(bpy.data.objects) == objects
    assert not len(face.vertex_groups) and not len(grease_pencil.modifiers(face))


def test_both_ways_are_one_drawing(face, motion):
    talk(face, motion)
    frames = (1 + OPEN, 15, 1 + BLINK)
    by_bones = {
        (name, frame): shown(face, name, frame) for name in ("Mouth", "Pupils", "Face") for frame in frames
    }
    face.talking_drawing.way = "DRAWINGS"
    talk(face, motion)
    for (name, frame), points in by_bones.items():
        assert np.abs(shown(face, name, frame) - points).max() < 1e-4


def test_lips_are_where_the_landmarks_say(face, motion):
    random = np.random.default_rng(7).normal(0, 0.05, (FRAMES, 68, 3)).astype(np.float32)
    landmarks = np.broadcast_to(motion.neutral, (FRAMES, 68, 3)) + random
    landmarks[:, [61, 62, 63], 1] += 0.2  # lips never cross
    talk(face, replace(motion, landmarks=landmarks, head_rotation=np.zeros((FRAMES, 3), np.float32)))
    mouth = shown(face, "Mouth", 1)
    width, left = np.ptp(mouth[:, 0]), mouth[:, 0].min()
    for frame in (5, 11):
        away = (landmarks[frame] - motion.neutral) * width / 0.484
        moved = shown(face, "Mouth", 1 + frame) - mouth
        for share, upper, lower in ((0.25, 61, 67), (0.5, 62, 66), (0.75, 63, 65)):
            near = np.argsort(np.abs(mouth[:, 0] - left - share * width))[:4]  # two of each lip
            up, down = moved[near, 2].max(), moved[near, 2].min()
            assert (
                abs(up - away[upper, 1]) < 0.022 and abs(down - away[lower, 1]) < 0.022
            )  # 2 % of the eye distance


def test_drawings_are_held_and_keep_what_is_drawn_later(face, motion):
    face.talking_drawing.way, face.talking_drawing.hold = "DRAWINGS", 3
    for layer in face.data.layers:
        points = grease_pencil.read(layer, layer.frames[0]).points
        later = grease_pencil.Moved(60, points, [True] * 9)
        assert grease_pencil.add_frames(layer, [later]) == [60]
    before = kept(face)
    talk(face, motion, start=5)
    (mouth,) = [one for one in face.data.layers if grease_pencil.layer_name(one) == "Mouth"]
    numbers = grease_pencil.frame_numbers(mouth)
    assert numbers[0] == 1 and numbers[-1] == 60 and 5 < len(numbers) < 20
    assert np.array_equal(shown(face, "Mouth", 70), shown(face, "Mouth", 1))
    assert api.remove(face) and kept(face) == before


@pytest.mark.parametrize(("hold", "shut"), [(2, (7,)), (3, (6, 8)), (3, (8, 9))])
def test_every_closure_is_drawn_on_twos_and_threes(face, hold: int, shut: tuple[int, ...]):
    weights = np.zeros((FRAMES, 52), np.float32)
    weights[2:18, ARKIT_INDEX["jawOpen"]] = 0.6
    weights[list(shut), ARKIT_INDEX["jawOpen"]] = 0
    face.talking_drawing.way, face.talking_drawing.hold = "DRAWINGS", hold
    talk(face, face_animation(25.0, weights))
    rest = height(shown(face, "Mouth", 1))
    drawn = [height(shown(face, "Mouth", frame)) < rest + 0.01 for frame in range(1 + 3, 1 + 15)]
    closures = np.flatnonzero(np.diff([False, *drawn, False]))
    assert len(closures) >= 2 and sum(drawn) == hold * (len(shut) if shut != (8, 9) else 1)
    assert sum(drawn) < len(drawn) / 1.5


def test_keyframes_of_the_users_own_are_drawn_from_each_and_stay(face, motion):
    face.talking_drawing.way = "DRAWINGS"
    (mouth,) = [one for one in face.data.layers if grease_pencil.layer_name(one) == "Mouth"]
    rest = grease_pencil.read(mouth, mouth.frames[0]).points
    grease_pencil.add_frames(mouth, [grease_pencil.Moved(9, rest + [0.5, 0, 0], [True]), _later(rest)])
    if grease_pencil.NEW:  # keyframes that share a drawing
        mouth.frames.copy(9, 14, instance_drawing=True)
    before = kept(face)
    report = talk(face, motion)
    assert "keyframes of its own while it talks" in report.warnings[0]
    assert grease_pencil.frame_numbers(mouth)[-1] == 80 and len(mouth.frames) > FRAMES
    assert {key: points for key, points in kept(face).items() if key in before} == before
    assert abs(shown(face, "Mouth", 12)[:, 0].mean() - shown(face, "Mouth", 8)[:, 0].mean() - 0.5) < 0.05
    assert abs(shown(face, "Mouth", 12)[:, 0].mean() - shown(face, "Mouth", 16)[:, 0].mean()) < 0.2
    assert api.remove(face) and kept(face) == before


def _later(points):
    return grease_pencil.Moved(80, points, [False])


def test_layers_of_long_names_are_given_back_too(face, motion):
    face.talking_drawing.way = "DRAWINGS"
    (mouth,) = [one for one in face.data.layers if grease_pencil.layer_name(one) == "Mouth"]
    setattr(
        mouth,
        "name" if grease_pencil.NEW else "info",
        "Mouth of the old captain " * 2 + "with a pipe in its left corner",
    )
    before = kept(face)
    talk(face, motion)
    assert len(grease_pencil.frame_numbers(mouth)) > 5
    assert api.remove(face) and kept(face) == before


def test_points_are_told_where_names_tell_nothing(face, motion):
    for layer in face.data.layers:
        layer_number = list(face.data.layers).index(layer)
        setattr(layer, "name" if grease_pencil.NEW else "info", f"Line {layer_number}")
    assert "No mouth was found in the drawing 'Drawn Face'" in api.describe(face).problem
    text = drawn_faces.find_face(face, bpy.context.scene)
    assert "Mouth" in text and "Left Eye" in text and "Right Brow" in text
    assert api.describe(face).problem == ""
    talk(face, motion)
    assert api.remove(face)
    face.location.x = 2.0
    bpy.context.view_layer.update()
    lines = drawn_faces.part_lines(face, bpy.context.scene)
    (mouth,) = [line for line in lines if line.part == "MOUTH"]
    assert len(lines) == len(face.talking_drawing.strokes) and abs(mouth.points[:, 0].mean() - 2.0) < 0.01
    assert np.array_equal(mouth.points[0], mouth.points[-1])  # it is closed
    face.talking_drawing.strokes[mouth.row].part = "NOSE"
    assert "MOUTH" not in {line.part for line in drawn_faces.part_lines(face, bpy.context.scene)}
    face.talking_drawing.strokes[mouth.row].part = "MOUTH"
    drawn_faces.forget_face(face)
    assert not drawn_faces.part_lines(face, bpy.context.scene)
    assert api.describe(face).problem


def test_what_each_redraw_shows_is_read_without_fitting_a_face(face, monkeypatch):
    drawn_faces.find_face(face, bpy.context.scene)
    every = drawn_faces.part_lines(face, bpy.context.scene)
    monkeypatch.delattr(drawing, "flattened")
    monkeypatch.delattr(drawn_face, "fit")
    lines = drawn_faces.part_lines(face, bpy.context.scene)
    assert [(line.row, line.part) for line in lines] == [(line.row, line.part) for line in every]
    hidden = face.data.layers[0]
    hidden.hide = True
    left = drawn_faces.part_lines(face, bpy.context.scene)
    name = grease_pencil.layer_name(hidden)
    assert len(left) == sum(row.layer != name for row in face.talking_drawing.strokes) < len(lines)
    drawn_faces.forget_face(face)
    monkeypatch.delattr(drawing, "shown_strokes")
    assert drawn_faces.part_lines(face, bpy.context.scene) == []


def test_parts_are_shown_where_the_drawing_is(face, motion, monkeypatch):
    drawn_faces.find_face(face, bpy.context.scene)
    rows = len(face.talking_drawing.strokes)
    report = talk(face, motion)
    scene = bpy.context.scene
    shown_at = {}
    for frame in (1, 1 + OPEN, report.end):
        lookup.forget()
        scene.frame_set(frame)
        shown_at[frame] = len(drawn_parts.lines_at(face, scene))
    assert list(shown_at.values()) == [rows, 0, rows]
    monkeypatch.setattr(lookup, "_SECONDS", 1e9)
    monkeypatch.delattr(rig, "find")  # which goes through all objects of the file
    for frame, before in shown_at.items():
        scene.frame_set(frame)
        assert len(drawn_parts.lines_at(face, scene)) == before
    monkeypatch.undo()
    api.remove(face)
    lookup.forget()
    scene.frame_set(1 + OPEN)
    assert len(drawn_parts.lines_at(face, scene)) == rows


@pytest.mark.skipif(grease_pencil.NEW, reason="this Blender shows programs no weights of drawings")
def test_vertex_groups_tell_parts(face, motion):
    names = []
    for number, layer in enumerate(face.data.layers):
        names.append(layer.info)
        face.vertex_groups.new(name=layer.info)
        count = len(grease_pencil.read(layer, layer.frames[0]).points)
        weights = np.linspace(0.6, 1.0, count)[:, None]
        grease_pencil.weigh(face, layer.frames[0], [layer.info], weights)
        layer.info = f"Line {number}"
    assert "Mouth" in names and api.describe(face).problem == ""
    curves = talk(face, motion).curves
    moved = [shown(face, f"Line {number}", 1 + OPEN) for number in range(len(names))]
    assert talk(face, motion).curves == curves > 80  # groups of bones tell nothing
    assert all(np.array_equal(shown(face, f"Line {n}", 1 + OPEN), points) for n, points in enumerate(moved))
    mouth = f"Line {names.index('Mouth')}"
    assert height(shown(face, mouth, 1 + OPEN)) > height(shown(face, mouth, 1)) + 0.12


def _empty(item) -> None:
    for layer in item.data.layers:
        grease_pencil.remove_frames(layer, [1])


def _see_through(item) -> None:
    for layer in item.data.layers:
        layer.opacity = 0.0


def _lock(item) -> None:
    for layer in item.data.layers:
        layer.lock = True


def _line(item) -> None:
    for layer in list(item.data.layers):
        item.data.layers.remove(layer)
    layer = grease_pencil.add_layer(item, "Mund")
    points = np.array([[-1, 0, 0], [0, 0, -0.2], [1, 0, 0]], float)
    grease_pencil.draw(grease_pencil.new_frame(layer, 1), [grease_pencil.NewStroke(points, False, 0, 0.02)])


def _drawn_mouth(item, points: np.ndarray, cyclic: bool = True):
    """The same face with another mouth, as a layer of its own."""
    for layer in list(item.data.layers):
        if "Mouth" in grease_pencil.layer_name(layer) or grease_pencil.layer_name(layer) == "Tongue":
            item.data.layers.remove(layer)
    layer = grease_pencil.add_layer(item, "Mouth")
    stroke = grease_pencil.NewStroke(points, cyclic, 0, 0.02)
    grease_pencil.draw(grease_pencil.new_frame(layer, 1), [stroke])
    return layer


def _ring(turns: float = 1.0) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi * turns, 40)
    return np.stack([0.3 * np.cos(angle), 0 * angle, 0.06 * np.sin(angle) - 0.86], axis=1)


def _point(item) -> None:
    _drawn_mouth(item, np.array([[0.0, 0.0, -0.86]]))


def _second_mouth(item) -> None:
    layer = grease_pencil.add_layer(item, "Mouth 2")
    stroke = grease_pencil.NewStroke(_ring() + [2.0, 0.0, 0.0], True, 0, 0.02)
    grease_pencil.draw(grease_pencil.new_frame(layer, 1), [stroke])


def _half(item) -> None:
    _drawn_mouth(item, _ring(0.5)[:, [2, 1, 0]] * [1, 1, 0.2] + [0.86, 0, -0.86], False)
    grease_pencil.modifiers(item).new("Mirror", "GREASE_PENCIL_MIRROR" if grease_pencil.NEW else "GP_MIRROR")


def _lock_group(item) -> None:
    if not grease_pencil.NEW:
        pytest.skip("layers have no groups")
    group = item.data.layer_groups.new("Head")
    for layer in list(item.data.layers):
        item.data.layers.move_to_layer_group(layer, group)
    group.lock = True


def _hide_group(item) -> None:
    _lock_group(item)
    item.data.layer_groups["Head"].hide = True


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_point, "has no width"),
        (_half, "apply that modifier"),
        (_second_mouth, "several mouths beside each other"),
        (_lock_group, "unlock it, and the group"),
        (_hide_group, "no strokes to be seen"),
        (_empty, "has no strokes to be seen"),
        (_see_through, "or give them opacity"),
        (_lock, "is locked"),
        (_line, "is a single line, which cannot open"),
    ],
)
def test_what_stands_in_the_way_is_told(face, motion, spoil, told: str):
    spoil(face)
    character = api.describe(face)
    assert told in character.problem and not character.mouths
    with pytest.raises(TalkingAnimationError):
        api.generate(face, "no.wav")
    with pytest.raises(TalkingAnimationError, match=re.escape(told)):
        talk(face, motion)


def test_a_mouth_that_was_closed_by_hand_opens(face, motion):
    _drawn_mouth(face, _ring(), False)
    rest = height(shown(face, "Mouth", 1))
    assert not talk(face, motion).warnings
    assert height(shown(face, "Mouth", 1 + OPEN)) > rest + 0.1
    assert height(shown(face, "Mouth", 1 + SHUT)) < 0.2 * rest


def test_a_mouth_whose_end_was_drawn_beyond_its_beginning_opens(face, motion):
    _drawn_mouth(face, _ring(1.08) * np.linspace(0.995, 1.005, 40)[:, None], False)
    rest = height(shown(face, "Mouth", 1))
    assert not talk(face, motion).warnings
    assert height(shown(face, "Mouth", 1 + OPEN)) > rest + 0.1
    assert height(shown(face, "Mouth", 1 + SHUT)) < 0.3 * rest


def test_bones_move_points_before_modifiers_make_others_of_them(face, motion):
    modifiers = grease_pencil.modifiers(face)
    kind = "GREASE_PENCIL_{}" if grease_pencil.NEW else "GP_{}"
    modifiers.new("Longer", kind.format("LENGTH"))
    modifiers.new("Smoother", kind.format("SUBDIV"))
    talk(face, motion)
    assert [modifier.name for modifier in modifiers][1:] == ["Longer", "Smoother"]
    opened = shown(face, "Lashes", 1 + BLINK)
    face.talking_drawing.way = "DRAWINGS"
    talk(face, motion)
    assert np.allclose(shown(face, "Lashes", 1 + BLINK), opened, atol=1e-4)
    assert len(opened) > len(
        grease_pencil.read(face.data.layers["Lashes"], face.data.layers["Lashes"].frames[0]).points
    )


def test_a_time_offset_that_hides_the_drawn_talk_is_told(face, motion):
    face.talking_drawing.way = "DRAWINGS"
    offset = drawing_layers.add_time_modifier(face, "Hold", "Mouth", 1)
    (told,) = talk(face, motion).warnings
    assert told.startswith("The Time Offset modifier 'Hold' of the drawing 'Drawn Face' shows other frames")
    offset.mode, offset.offset = "NORMAL", 0
    assert not talk(face, motion).warnings


def test_a_part_of_the_face_in_an_object_of_its_own_is_told(face, motion):
    whole = bpy.data.objects.new("Whole", None)
    bpy.context.scene.collection.objects.link(whole)
    outline = grease_pencil.new_object("Outline")
    bpy.context.scene.collection.objects.link(outline)
    layer = grease_pencil.add_layer(outline, "Face")
    grease_pencil.draw(
        grease_pencil.new_frame(layer, 1), [grease_pencil.NewStroke(_ring() * 3, True, 0, 0.02)]
    )
    face.parent = outline.parent = whole
    bpy.context.view_layer.update()
    (told,) = talk(whole, motion).warnings
    assert told.startswith("The drawing 'Outline' is a part of the face that 'Drawn Face' talks with")
    assert not talk(face, motion).warnings


def test_a_dial_that_moves_reads_a_drawing_once(face, motion, monkeypatch):
    talk(face, motion)
    character, read, numbers = api.describe(face), drawing.read, []
    monkeypatch.setattr(drawing, "read", lambda obj, number: numbers.append(number) or read(obj, number))
    settings = TargetSettings(api.Dials(), lambda datablock, path, index: 0.0)
    assert keys.DrawnStrokes().apply(motion, character, settings).channels and len(numbers) == 1


def test_a_turned_and_scaled_layer_is_drawn_anew_as_bones_would_miss_it(face, motion):
    layer = next(one for one in face.data.layers if grease_pencil.layer_name(one) == "Mouth")
    layer.scale = (1.0, 1.0, 0.5)
    layer.rotation = (0.0, 0.2, 0.0)
    bpy.context.view_layer.update()
    before = kept(face)
    warnings = talk(face, motion).warnings
    assert not grease_pencil.keeps_weights() or ["'Mouth'" in told for told in warnings] == [True]
    unseen = live.unseen(api.describe(face))
    assert unseen in warnings if grease_pencil.keeps_weights() else "by new drawings alone" in unseen
    assert len(layer.frames) > 10 and api.remove(face) and kept(face) == before


def _scale(item) -> None:
    (layer,) = [one for one in item.data.layers if grease_pencil.layer_name(one) == "Mouth"]
    layer.scale = (1.0, 1.0, 0.5)


def _shift(item) -> None:
    (layer,) = [one for one in item.data.layers if grease_pencil.layer_name(one) == "Mouth"]
    setattr(layer, "translation" if grease_pencil.NEW else "location", (0.0, 0.0, 0.05))


def _draw_anew(item) -> None:
    item.talking_drawing.way = "DRAWINGS"


def _by_bones(item) -> None:
    item.talking_drawing.way = "BONES"


@ends
@pytest.mark.parametrize(
    ("way", "change"),
    [("BONES", _scale), ("BONES", _shift), ("BONES", _draw_anew), ("DRAWINGS", _by_bones)],
)
def test_what_changes_how_it_is_moved_before_a_dial_moves_it_once(face, motion, way, change):
    twin = drawn_faces.add_face(bpy.context.scene)
    before = kept(face)
    face.talking_drawing.way = twin.talking_drawing.way = way
    talk(face, motion)
    change(face)
    change(twin)
    bpy.context.view_layer.update()
    follow(api.describe(face), motion, api.Dials(), 1)
    talk(twin, motion)
    for layer in ("Mouth", "Face", "Lids"):
        for frame in (1 + OPEN, 1 + BLINK):
            points, once = shown(face, layer, frame), shown(twin, layer, frame)
            assert np.abs(points - once).max() < 0.01 * height(once)
    assert api.remove(face) and kept(face).keys() == before.keys()


@pytest.mark.skipif(not grease_pencil.NEW, reason="strokes of this Blender are no curves")
def test_bezier_curves_are_drawn_anew_with_their_handles(face, motion):
    layer = next(one for one in face.data.layers if grease_pencil.layer_name(one) == "Mouth")
    ring = _ring()[:-1:5]
    tangent = np.roll(ring, -1, axis=0) - np.roll(ring, 1, axis=0)
    drawn = _as_curve(layer, ring, tangent / 6)
    before = {name: _vectors(drawn, name) for name in ("position", "handle_left", "handle_right")}
    report = talk(face, motion)
    assert any("Bézier" in told for told in report.warnings) == grease_pencil.keeps_weights()
    assert ("Set Curve Type" in live.unseen(api.describe(face))) == grease_pencil.keeps_weights()
    along = grease_pencil.read(layer, grease_pencil.frame_at(layer, 1)).points
    assert len(along) == 3 * len(ring)
    for frame, low, high in ((OPEN, 1.3, 9.0), (SHUT, 0.0, 0.4)):
        moved = grease_pencil.frame_at(layer, frame).drawing
        assert (
            low
            < height(grease_pencil.read(layer, grease_pencil.frame_at(layer, frame)).points) / height(along)
            < high
        )
        assert not np.allclose(_vectors(moved, "handle_left"), before["handle_left"])
    for name, values in before.items():
        assert np.array_equal(_vectors(grease_pencil.frame_at(layer, 1).drawing, name), values)


def _as_curve(layer, ring: np.ndarray, reach: np.ndarray):
    """Draw the mouth of a layer as one Bézier curve; returns its drawing."""
    layer.frames.remove(layer.frames[0].frame_number)
    frame = grease_pencil.new_frame(layer, 1)
    grease_pencil.draw(frame, [grease_pencil.NewStroke(ring, True, 0, 0.02)])
    frame.drawing.set_types(type="BEZIER")
    for name, values in (("handle_left", ring - reach), ("handle_right", ring + reach)):
        known = frame.drawing.attributes.get(name) or frame.drawing.attributes.new(
            name, "FLOAT_VECTOR", "POINT"
        )
        known.data.foreach_set("vector", np.ascontiguousarray(values, np.float32).ravel())
    return frame.drawing


def _vectors(drawn, name: str) -> np.ndarray:
    values = np.empty(3 * len(drawn.attributes[name].data), np.float32)
    drawn.attributes[name].data.foreach_get("vector", values)
    return values


@pytest.mark.skipif(not grease_pencil.keeps_weights(), reason="this Blender draws all layers anew")
@pytest.mark.parametrize("left_out", ["hide", "lock"])
def test_a_scaled_layer_that_takes_no_part_leaves_the_others_to_bones(face, motion, left_out):
    layer = grease_pencil.add_layer(face, "Sketch")
    layer.scale = (1.0, 1.0, 0.5)
    setattr(layer, left_out, True)
    bpy.context.view_layer.update()
    assert not talk(face, motion).warnings
    assert all(len(one.frames) < 2 for one in face.data.layers)


def test_a_layer_that_fades_in_is_seen(face):
    layer = face.data.layers[0]
    layer.opacity = 0.0
    assert not grease_pencil.is_shown(layer)
    mine = animation_data.new_curve_set("Mine", face.data)
    curve = mine.new(f'layers["{grease_pencil.layer_name(layer)}"].opacity', 0, "")
    animation_data.write_keys(curve, np.array([[1, 0.0], [20, 1.0]], np.float32))
    data = face.data.animation_data_create()
    animation_data.set_active_action(data, mine.action, mine.slot)
    assert grease_pencil.is_shown(layer)


def test_the_panels_button_adds_a_face_that_can_talk():
    assert bpy.ops.talking_animation.add_drawn_face() == {"FINISHED"}
    item = bpy.context.scene.talking_animation.character
    assert drawn_faces.is_drawing(item) and not api.describe(item).problem
    assert rig.find(item) is None


def test_a_face_is_drawn_beside_what_stands_at_the_cursor():
    bpy.ops.mesh.primitive_cube_add(size=2)
    first, second = (drawn_faces.add_face(bpy.context.scene) for _ in range(2))
    places = [0.0, first.location.x, second.location.x]
    assert places[1] > 1.5 and places[2] > places[1] + 1.5


def test_in_another_scene_its_bones_are_there_and_the_window_is_as_it_was(motion):
    other = bpy.data.scenes.new("Other")
    edited = bpy.data.objects.new("Edited", bpy.data.meshes.new("Edited"))
    window = bpy.context.scene
    window.collection.objects.link(edited)
    bpy.context.view_layer.objects.active = edited
    edited.select_set(True)
    bpy.ops.object.mode_set(mode="EDIT")
    other.frame_set(40)
    item = drawn_faces.add_face(other)
    talk(item, motion)
    armature = rig.find(item)
    assert rig.frame_of(armature) == 40
    assert list(armature.users_scene) == [other] and len(armature.pose.bones) > 8
    assert bpy.context.view_layer.objects.active == edited and edited.mode == "EDIT" and edited.select_get()
    bpy.ops.object.mode_set(mode="OBJECT")


def test_no_strokes_draw_an_empty_keyframe():
    layer = grease_pencil.add_layer(grease_pencil.new_object("Bare"), "Lines")
    frame = grease_pencil.new_frame(layer, 1)
    grease_pencil.draw(frame, [])
    assert len(grease_pencil.read(layer, frame)) == 0


@pytest.mark.parametrize("text", ["{", "[]", '{"Lines": 3}', '{"Lines": [[1]]}'])
def test_damaged_words_about_own_keyframes_are_none(text):
    assert not any(drawing.own_frames({drawing.OWN_FRAMES: text}).values())
