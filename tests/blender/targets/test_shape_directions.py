"""Shapes that by their names open a mouth or shut eyes and were sculpted to do something else: told, and told as what they do."""

from __future__ import annotations

import numpy as np
import pytest
import real_characters
import vendor_faces
from mathutils import Matrix
from vendor_names import FACES
from versions import ends

from blender_addon import api
from blender_addon.characters import mapping, measurements
from blender_addon.characters.face_axes import measure_mesh
from blender_addon.contract import ARKIT_NAMES
from blender_addon.host.blender_versions.shape_points import coordinates
from blender_addon.targets import mouth_calibration, shape_directions

pytestmark = ends

SHAPES = {name: name for name in ARKIT_NAMES}
DOWN, LEFT = np.array([0.0, 0.0, -0.03]), np.array([1.0, 0.0, 0.0])


@pytest.fixture(autouse=True)
def nothing_known():
    measurements.forget()


def told(face) -> str:
    measurements.forget()
    return shape_directions.turned_round(api.describe(face))


def sculpted(change, shapes=SHAPES, opener="jawOpen"):
    """A head whose opener moves what `change` makes of (points at rest, its usual offsets)."""
    face = vendor_faces.build(shapes)
    keys = face.data.shape_keys
    base = coordinates(keys.reference_key)
    points = base + change(base, coordinates(keys.key_blocks[opener]) - base)
    keys.key_blocks[opener].data.foreach_set("co", points.astype(np.float32).ravel())
    return face


def aside(base, offsets):
    return np.linalg.norm(offsets, axis=1)[:, None] * LEFT


def above_the_neck(base, offsets):
    return np.where(base[:, 2:] > np.percentile(base[:, 2], 20), DOWN, 0.0)


@pytest.mark.parametrize(
    ("change", "does"),
    [
        (lambda base, offsets: np.tile(DOWN, (len(base), 1)), "takes the whole head along"),
        (lambda base, offsets: 0.5 * offsets + DOWN, "takes the whole head along"),
        (above_the_neck, "takes the whole head along"),
        (aside, "moves the jaw sideways"),
        (lambda base, offsets: offsets[:, [0, 2, 1]], "moves the jaw forward or back"),
        (lambda base, offsets: offsets @ np.array(Matrix.Rotation(1.571, 3, "X")), "moves the jaw forward"),
        (lambda base, offsets: offsets @ np.array(Matrix.Rotation(-1.571, 3, "X")), "moves the jaw forward"),
    ],
)
def test_a_jaw_that_does_something_else_is_told(change, does):
    """The whole head, with a part of the jaw, all but the neck, aside, and by the axes of another program."""
    sentence = told(sculpted(change))
    assert f"'jawOpen' of 'Face' {does}" in sentence and "lips do not part" not in sentence


def test_whatever_the_opener_is_called():
    assert "'あ' of 'Face' moves the jaw sideways" in told(
        sculpted(aside, FACES["MikuMikuDance"].shapes, "あ")
    )


def test_beside_an_ah_that_moves_nothing_no_other_viseme_is_taken_for_what_opens_the_mouth(fake, voice):
    """A viseme O that pushes the lips up and forward was called a jaw that goes the wrong way."""
    shapes = {f"viseme_{name}": "mouthFunnel" for name in ("PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn")}
    face = vendor_faces.build({**shapes, "viseme_O": "jawOpen*-0.5", "viseme_aa": ""})
    assert told(face) == ""
    warnings = api.generate(face, voice).warnings
    assert any(
        "'viseme_aa' of 'Face' moves nothing, so the mouth opens too little" in text for text in warnings
    )


@pytest.mark.parametrize("names", ["Oculus", "Rhubarb", "MikuMikuDance"])
def test_what_opens_the_mouth_besides_one_that_was_switched_off_is_judged(names):
    """An ah that a person gave no shape does not hide what the next of them does."""
    widest, next_one, channel = {
        "Oculus": ("viseme_aa", "viseme_O", "viseme:aa"),
        "Rhubarb": ("mouth_D", "mouth_C", "mouth:D"),
        "MikuMikuDance": ("あ", "お", "vowel:A"),
    }[names]
    blinks = {name: name for name in ("eyeBlinkLeft", "eyeBlinkRight")}  # tell where sideways is
    face = sculpted(aside, {**FACES[names].shapes, **blinks}, next_one)
    assert told(face) == ""
    mapping.choose(face, channel, ())
    assert f"'{next_one}' of 'Face' moves the jaw sideways" in told(face)
    mapping.choose(face, channel, (widest,))
    assert told(face) == ""


def test_a_head_whose_upper_half_opens_is_left_in_peace():
    def upper(base, offsets):
        amount = np.linalg.norm(offsets, axis=1)[:, None]
        return np.where(amount < 0.3 * amount.max(), -DOWN, 0.0)

    assert told(sculpted(upper)) == ""


@pytest.mark.parametrize(("axis", "angle"), [("X", -0.9), ("X", 0.7), ("X", 1.571), ("Y", 0.9), ("Z", 0.7)])
def test_heads_that_lie_askew_in_their_mesh_are_left_in_peace(axis, angle):
    face = vendor_faces.build(SHAPES)
    face.data.transform(Matrix.Rotation(angle, 4, axis), shape_keys=True)
    assert told(face) == ""


@pytest.mark.parametrize("vendor", ["ARKit", "Genesis 8", "MetaHuman", "VRoid", "five vowels"])
def test_every_convention_is_left_in_peace(vendor):
    face = vendor_faces.build(FACES[vendor].shapes)
    assert told(face) == "" and mouth_calibration.opens_too_far(api.describe(face)) == ""


@pytest.mark.parametrize("real", [real_characters.ict_head, real_characters.makehuman_with_units])
def test_real_heads_are_left_in_peace(real):
    face = real().object
    assert told(face) == "" and mouth_calibration.opens_too_far(api.describe(face)) == ""


@pytest.mark.parametrize("sides", [("Left", "Right"), ("Left",)])
def test_lids_that_go_up_are_told(sides):
    names = [f"eyeBlink{side}" for side in sides]
    face = vendor_faces.build({**SHAPES, **{name: f"{name}*-1" for name in names}})
    assert told(face).startswith(f"'{' + '.join(names)}' of 'Face' moves the lids up")


def test_one_blink_for_both_eyes_that_goes_up_is_told():
    shapes = {**FACES["MikuMikuDance"].shapes, "まばたき": "eyeBlinkLeft*-1 + eyeBlinkRight*-1"}
    assert told(vendor_faces.build(shapes)).startswith("'まばたき' of 'Face' moves the lids up")


@pytest.mark.parametrize("turn", [0.0, 1.571])
def test_sides_that_are_the_viewers_are_told_and_the_face_looks_where_it_looks(turn):
    """Such a face seemed to look backwards: it nodded up, and turned to the wrong side."""
    other = {"Left": "Right", "Right": "Left"}
    sides = {}
    for name in ARKIT_NAMES:
        end = next((side for side in other if name.endswith(side)), "")
        sides[name] = name.removesuffix(end) + other.get(end, "")
    face, right = vendor_faces.build(sides), vendor_faces.build(SHAPES)
    for item in (face, right):
        item.data.transform(Matrix.Rotation(turn, 4, "X"), shape_keys=True)
    looks, usual = (measure_mesh(api.describe(item).meshes[0]) for item in (face, right))
    assert looks.axes == pytest.approx(usual.axes) and looks.swapped and not usual.swapped
    assert "'eyeBlinkLeft' of 'Face' shuts the right eye" in told(face)


def test_a_vertex_that_is_nowhere_says_nothing_of_the_others():
    """One NaN, and jawOpen was said to move nothing; one more, and a blink moved all."""
    face = vendor_faces.build(SHAPES)
    keys = face.data.shape_keys.key_blocks
    keys["jawOpen"].data[7].co.z, keys["eyeBlinkLeft"].data[9].co.x = float("nan"), float("inf")
    found = api.describe(face)
    assert all(row.moves for row in found.rows) and told(face) == ""


def test_a_mouth_that_opens_three_times_too_far_is_told(fake, voice):
    face = vendor_faces.build({**SHAPES, "jawOpen": "jawOpen*3"})
    warnings = api.generate(face, voice).warnings
    assert [
        text for text in warnings if "2.8 times as far as on most faces" in text and "Lips to 0.35" in text
    ]
    assert (
        mouth_calibration.opens_too_far(api.describe(vendor_faces.build({**SHAPES, "jawOpen": "jawOpen*2"})))
        == ""
    )
