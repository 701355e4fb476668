"""Mouths that open less than most are driven further, as far as their sliders go, and still shut."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import characters
import numpy as np
import pytest
import scenes
import vendor_faces
from face_animations import face_animation
from vendor_names import FACES
from versions import ends

from blender_addon import api
from blender_addon.characters import measurements, registry
from blender_addon.characters.face_axes import measure_mesh
from blender_addon.characters.shape_offsets import ShapeOffsets
from blender_addon.characters.target import TargetSettings
from blender_addon.contract import ARKIT_INDEX, ARKIT_NAMES, VISEMES, Dials
from blender_addon.host.blender_versions.shape_points import coordinates
from blender_addon.inputs.scene_script.lines import from_table
from blender_addon.jobs.options import GenerateOptions
from blender_addon.jobs.whole_scene import animate_scene
from blender_addon.keys import actions
from blender_addon.targets import mouth_calibration, shape_directions
from blender_addon.ui import mapping as panel

pytestmark = ends

FPS, FRAMES = 25.0, 60
OPENERS = ("jawOpen", "mouthClose", "mouthLowerDownLeft", "mouthLowerDownRight")
LIP_LINE = ((61, 67), (62, 66), (63, 65))


@pytest.fixture(autouse=True)
def nothing_known():
    measurements.forget()


def motion():
    """A mouth that opens up to 0.2 eye-corner distances, with a closure over an open jaw each second."""
    turn = np.arange(FRAMES)
    opening = 0.1 - 0.1 * np.cos(2 * np.pi * turn / 25)
    shut = turn % 25 < 3
    opening[shut] = 0
    arkit = np.zeros((FRAMES, 52), np.float32)
    arkit[:, ARKIT_INDEX["jawOpen"]] = np.where(shut, 0.2, opening / 0.38)
    arkit[:, ARKIT_INDEX["mouthClose"]] = np.where(shut, 0.2, 0)
    arkit[:, ARKIT_INDEX["mouthPucker"]] = 0.2
    landmarks = np.zeros((FRAMES, 68, 3), np.float32)
    landmarks[:, 62, 1] = opening
    visemes = np.zeros((FRAMES, 15), np.float32)
    visemes[turn, np.where(shut, VISEMES.index("PP"), VISEMES.index("aa"))] = 1
    neutral = np.zeros((68, 3), np.float32)
    return face_animation(FPS, arkit, landmarks=landmarks, neutral=neutral, visemes=visemes), opening, shut


def narrow(share=0.45, names=ARKIT_NAMES):
    """The demo head, whose jaw opens a share of what it does."""
    return vendor_faces.build({name: f"{name}*{share}" if name in OPENERS else name for name in names})


def keyed(item, dials=None):
    """Shape key → values, and what was warned of."""
    outcome = registry.by_name("shape_keys").apply(
        motion()[0], api.describe(item), TargetSettings(dials or Dials(), actions.RestReader())
    )
    return {channel.data_path.split('"')[1]: channel.values for channel in outcome.channels}, outcome.warnings


def gaps(item, values):
    """(T, 3) how far the inner lips are apart along their line, up being positive, in outer eye-corner distances."""
    head = vendor_faces.demo_head()
    unit = measure_mesh(api.describe(item).meshes[0]).unit
    rows = []
    for upper, lower in LIP_LINE:
        ends = []
        for place in (head.landmarks[upper], head.landmarks[lower]):
            keys = item.data.shape_keys
            rest = np.array(keys.reference_key.data[place].co)
            moved = sum(
                values[name][:FRAMES, None] * (np.array(keys.key_blocks[name].data[place].co) - rest)
                for name in values
            )
            ends.append(moved)
        apart = ends[0] - ends[1]
        rows.append(np.linalg.norm(apart, axis=1) * np.sign(apart[:, 2]) / unit)
    return np.array(rows).T


def test_a_narrow_mouth_opens_as_asked_and_shuts_along_its_line():
    face = narrow()
    _, opening, shut = motion()
    steady = np.arange(FRAMES) > 5  # eased in
    values, warnings = keyed(face)
    middle = gaps(face, values)[:, 1]
    share = float((middle * opening)[steady].sum() / (opening**2)[steady].sum())
    assert 0.9 < share < 1.15 and np.corrcoef(middle[steady], opening[steady])[0, 1] > 0.98
    assert not warnings and max(value.max() for value in values.values()) <= 1.0
    face.talking_animation.calibrate = False
    before, _ = keyed(face)
    assert gaps(face, before)[:, 1].max() < 0.6 * middle.max()
    for name, value in values.items():
        assert value[:FRAMES][shut] == pytest.approx(before[name][:FRAMES][shut], abs=0.03), name
    assert np.abs(gaps(face, values)[shut]).max() <= np.abs(gaps(face, before)[shut]).max() + 0.01


@pytest.mark.parametrize("masked", [False, True])
def test_a_mouth_that_hardly_opens_is_told(masked):
    """By shapes made for other sliders, or behind a vertex group that nearly leaves the mouth out."""
    face = narrow(1.0 if masked else 0.03)
    if masked:
        face.vertex_groups.new(name="mask").add(list(range(len(face.data.vertices))), 0.03, "REPLACE")
        for name in OPENERS:
            face.data.shape_keys.key_blocks[name].vertex_group = "mask"
    assert [warning for warning in keyed(face)[1] if "'jawOpen' hardly opens the mouth" in warning]
    assert not keyed(narrow(1.0))[1]


def is_open_at_rest(face):
    """Turn a face into one that was modelled with an open mouth, which its jawOpen shuts."""
    blocks = face.data.shape_keys.key_blocks
    points = {block.name: coordinates(block) for block in blocks}
    drop = points["jawOpen"] - points["Basis"]
    for block in blocks:
        shut = block.name == "jawOpen"
        block.data.foreach_set("co", (points["Basis"] if shut else points[block.name] + drop).ravel())


@pytest.mark.parametrize("sculpted", ["up", "softly up", "alone", "viseme", "shut"])
def test_a_jaw_that_goes_the_wrong_way_is_told(fake, voice, sculpted):
    shapes = {name: name for name in ARKIT_NAMES}
    opener = "viseme_aa" if sculpted == "viseme" else "jawOpen"
    face = {
        "up": lambda: vendor_faces.build({**shapes, "jawOpen": "jawOpen*-1"}),
        "softly up": lambda: vendor_faces.build({**shapes, "jawOpen": "jawOpen*-0.1"}),
        "alone": lambda: vendor_faces.build({"jawOpen": "jawOpen*-1"}),
        "viseme": lambda: vendor_faces.build({**FACES["Oculus"].shapes, "viseme_aa": "jawOpen*-0.7"}),
        "shut": lambda: vendor_faces.build(shapes),
    }[sculpted]()
    if sculpted == "shut":
        is_open_at_rest(face)
    warnings = api.generate(face, voice).warnings
    assert [
        told for told in warnings if f"'{opener}' of '{face.name}' moves the jaw up instead of down" in told
    ]
    assert "TARGET" in [problem.code for problem in api.check(face)]


@pytest.mark.parametrize(
    ("names", "does"),
    [
        (["mouthClose"], "opens"),
        (["mouthLowerDownLeft", "mouthLowerDownRight"], "shuts"),
        (["mouthUpperUpLeft", "mouthUpperUpRight"], "shuts"),
    ],
)
def test_other_shapes_that_move_the_lips_the_wrong_way_are_told(names, does):
    shapes = {each: each for each in ARKIT_NAMES}
    assert shape_directions.turned_round(api.describe(vendor_faces.build(shapes))) == ""
    face = vendor_faces.build({**shapes, **{name: f"{name}*-1" for name in names}})
    told = shape_directions.turned_round(api.describe(face))
    assert told.startswith(f"'{' + '.join(names)}' of '{face.name}' {does} the mouth where it should")


def test_a_face_without_what_opens_its_jaw_is_told():
    """Renamed or left out by an exporter: the lips alone part a third as far, and nothing was said."""
    names = [name for name in ARKIT_NAMES if name != "jawOpen"]
    assert [told for told in keyed(narrow(1.0, names))[1] if "is known to open the jaw" in told]


def test_jaws_that_go_the_right_way_are_left_in_peace():
    """Under every naming convention, turned and mirrored."""
    for name in ("ARKit", "Genesis 8", "Oculus", "VRoid", "Rhubarb"):
        face = vendor_faces.build(FACES[name].shapes)
        face.scale, face.rotation_euler = (-1.0, 1.0, 2.0), (1.5, 2.0, 0.3)
        assert shape_directions.turned_round(api.describe(face)) == "", name


def test_it_is_said_in_one_line_and_can_be_switched_off(fake, voice):
    face = narrow(0.5)
    report = api.generate(face, voice)
    assert "'jawOpen' opens 4" in report.message or "'jawOpen' opens 5" in report.message
    assert "% as far as on most faces: driven" in report.message and report.message.endswith("up to 1.0.")
    assert len(api.mapping.adjustments(api.describe(face))) == 1
    report = api.generate(face, voice, calibrated=False)
    assert "on most faces" not in report.message and not face.talking_animation.calibrate
    assert not api.mapping.adjustments(api.describe(face))
    api.generate(face, voice)
    assert not face.talking_animation.calibrate, "the character's choice is kept"
    assert "calibrate" in panel.TALKING_PT_mapping._draw_head.__code__.co_consts


def test_off_is_what_it_would_be_without_measuring(monkeypatch):
    face = narrow()
    face.talking_animation.calibrate = False
    off, _ = keyed(face)
    face.talking_animation.calibrate = True
    monkeypatch.setattr(mouth_calibration, "of", lambda _: None)
    plain, _ = keyed(face)
    assert off.keys() == plain.keys() and all((off[name] == plain[name]).all() for name in off)


@pytest.mark.parametrize("share", [1.0, 1.6])
def test_a_mouth_that_opens_as_most_do_is_left_alone(share):
    assert mouth_calibration.of(api.describe(narrow(share))) is None


def test_sliders_say_how_far_a_shape_goes():
    face = narrow(0.3)
    jaw = face.data.shape_keys.key_blocks["jawOpen"]
    jaw.slider_max = 0.5
    values, warnings = keyed(face)
    assert values["jawOpen"].max() == pytest.approx(0.5)
    assert "let the slider of 'jawOpen' go further" in warnings[0]
    jaw.slider_max = 3.0
    values, warnings = keyed(face)
    assert 1.0 < values["jawOpen"].max() <= 3.0 and not warnings
    assert "up to 3.0" in api.mapping.adjustments(api.describe(face))[0]


def test_visemes_that_open_little_are_driven_further():
    opens = {"aa": 0.25, "E": 0.15, "O": 0.1, "I": 0.05, "DD": 0.03, "TH": 0.05, "kk": 0.06}
    shapes = {name: mix for name, mix in FACES["Oculus"].shapes.items() if "jawOpen" not in mix}
    shapes.update({f"eyeBlink{side}": f"eyeBlink{side}" for side in ("Left", "Right")})
    face = vendor_faces.build(
        {**shapes, **{f"viseme_{name}": f"jawOpen*{share}" for name, share in opens.items()}}
    )
    found = mouth_calibration.of(api.describe(face))
    assert found.channel == "viseme:aa" and 0.3 < found.share < 0.8
    values, _ = keyed(face)
    face.talking_animation.calibrate = False
    before, _ = keyed(face)
    assert before["viseme_aa"].mean() < values["viseme_aa"].mean() and values["viseme_aa"].max() <= 1.0


EYELESS = tuple(name for name in ARKIT_NAMES if not name.startswith(("eye", "brow", "cheek", "noseSneer")))


def on_shoulders(item):
    """A face whose lowest vertices lie as far apart as shoulders do."""
    points = np.array([point.co for point in item.data.vertices])
    low = points[:, 2] < points[:, 2].min() + 0.05 * np.ptp(points[:, 2])
    for block in item.data.shape_keys.key_blocks:
        for index in np.flatnonzero(low):
            block.data[int(index)].co.x *= 6
    return item


@pytest.mark.parametrize("body", [False, True])
def test_a_face_without_eye_shapes_is_measured_by_its_head(body):
    face = narrow(0.4, EYELESS)
    found = mouth_calibration.of(api.describe(on_shoulders(face) if body else face))
    known = mouth_calibration.of(api.describe(narrow(0.4)))
    assert found.channel == "jawOpen" and found.share == pytest.approx(known.share, rel=0.35)
    values, _ = keyed(face)
    face.talking_animation.calibrate = False
    before, _ = keyed(face)
    assert before["jawOpen"].max() < 0.8 * values["jawOpen"].max()
    assert mouth_calibration.of(api.describe(narrow(0.9, EYELESS))) is None
    assert mouth_calibration.of(api.describe(characters.face_mesh())) is None, "lips that do not part"


def behind_groups(names=ARKIT_NAMES):
    """The demo head whose sided shapes move both sides, each behind a vertex group of its own side."""
    sides = ("Left", "Right")
    sided = [name for name in names if name.endswith(sides)]
    both = {
        name: " + ".join(name.removesuffix("Left").removesuffix("Right") + side for side in sides)
        for name in sided
    }
    face = vendor_faces.build({name: both.get(name, name) for name in names})
    for side, mask in zip(sides, "LR"):
        group = face.vertex_groups.new(name=side)
        for place, weight in enumerate(vendor_faces.demo_head().masks[mask].tolist()):
            group.add([place], weight, "REPLACE")
    for name in sided:
        face.data.shape_keys.key_blocks[name].vertex_group = "Left" if name.endswith("Left") else "Right"
    return face


def test_shapes_of_both_sides_behind_groups_are_measured_as_they_are_shown():
    whole, masked = (
        api.describe(face).meshes[0]
        for face in (vendor_faces.build({n: n for n in ARKIT_NAMES}), behind_groups())
    )
    for name in ("eyeBlinkLeft", "mouthSmileRight"):
        shown = [ShapeOffsets(mesh.object).of(name) for mesh in (whole, masked)]
        assert np.abs(shown[0] - shown[1]).max() < 0.05 * np.abs(shown[0]).max(), name
    expected, face = measure_mesh(whole), measure_mesh(masked)
    assert face.axes == pytest.approx(expected.axes)
    assert face.unit == pytest.approx(expected.unit, rel=0.02)


def test_a_scene_says_it_once_a_character(fake, voice):
    narrow(0.5).name = "Mumbler"
    narrow(1.0).name = "Speaker"
    rows = [["Mumbler", voice, 1], ["Speaker", voice, 60], ["Mumbler", voice, 120]]
    options = GenerateOptions(style="natural", idle=False)
    path = scenes.table(Path(voice).parent / "lines.csv", rows)
    report = animate_scene(from_table(str(path)), options)
    assert not report.failed and len(report.adjusted) == 1
    assert report.adjusted[0].startswith("'Mumbler': 'jawOpen' opens ")
    assert report.message.endswith("; 1 mouth driven further.")
    assert f"Driven further:\n  {report.adjusted[0]}" in report.table()
    assert report.as_json()["adjusted"] == report.adjusted
    report = animate_scene(from_table(str(path)), replace(options, calibrated=False))
    assert not report.adjusted and "further" not in report.message + report.table()
