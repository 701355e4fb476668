"""Every naming convention: recognised, driven, and the lips open as the landmarks do – seen on the evaluated mesh."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import bpy
import numpy as np
import pytest
import real_characters
import vendor_faces
from blender_addon.contract.landmarks import mouth_opening
from face_animations import face_animation
from places import VOICE
from vendor_names import FACES
from versions import ends

from blender_addon import api
from blender_addon.characters import character, registry
from blender_addon.characters.target import TargetSettings
from blender_addon.contract import ARKIT_NAMES, Dials, FaceAnimation
from blender_addon.keys import actions
from blender_addon.motion import stored_motion
from blender_addon.targets import lip_seam

FPS = 25.0
SETTINGS = TargetSettings(Dials(), actions.RestReader())


@functools.lru_cache(maxsize=1)
def speech() -> FaceAnimation:
    """The engine's motion for the demo voice."""
    from inference.pipeline import Settings, animate

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "motion.npz"
        animate(VOICE, Settings(fps=FPS)).animation.save(path)
        return stored_motion.load(str(path))


def write(item, motion, dials=None) -> dict[str, np.ndarray]:
    """Key a character with the motion; returns shape key → values."""
    found = character.describe(item)
    settings = TargetSettings(dials or Dials(), actions.RestReader())
    outcome = registry.by_name("shape_keys").apply(motion, found, settings)
    by_key: dict = {}
    for channel in outcome.channels:
        by_key.setdefault(channel.datablock, []).append(channel)
    for datablock, channels in by_key.items():
        actions.write(datablock, channels, actions.Placement(1, True, item.name, {}))
    return {channel.data_path.split('"')[1]: channel.values for channel in outcome.channels}


def openings(item, motion, step=2) -> tuple[np.ndarray, np.ndarray]:
    """Opening of the evaluated mesh's lips and of the landmarks, at every second frame."""
    landmarks = vendor_faces.demo_head().landmarks
    upper, lower = (landmarks[number] for number in vendor_faces.INNER_LIPS)
    rows = list(range(3, len(motion), step))
    mesh = vendor_faces.distances(item, [(upper, lower)], [row + 1 for row in rows])[:, 0]
    return mesh, mouth_opening(motion.landmarks)[rows]


def correlation(one, two) -> float:
    return float(np.corrcoef(one, two)[0, 1])


@ends
@pytest.mark.parametrize("name", FACES)
def test_recognised_and_driven(name):
    face = FACES[name]
    item = vendor_faces.build(face.shapes)
    found = character.describe(item)
    assert found.problem == ""
    assert found.conventions[0] == face.convention
    assert found.mouth == face.mouth
    motion = speech()
    values = write(item, motion)
    for still in face.still:
        assert still not in values or values[still].max() < 1e-4, f"{still} moves what others move"
    mesh, wanted = openings(item, motion)
    r = correlation(mesh, wanted)
    print(
        f"{name}: r = {r:.3f}, widest {mesh.max() * 100:.2f} cm, shut {mesh[wanted < 0.005].max() * 100:.3f} cm"
    )
    assert r >= face.bar
    assert mesh.max() > 0.008, "speech must be seen"
    assert mesh[wanted < 0.005].max() < 0.15 * mesh.max(), "lips that shut must shut"
    if face.blinks:
        lids = motion.arkit[:, ARKIT_NAMES.index("eyeBlinkLeft")]
        shut, opened = int(lids[3:-3].argmax()) + 3, int(lids[3:-3].argmin()) + 3
        landmarks = vendor_faces.demo_head().landmarks
        pairs = [(landmarks[a], landmarks[b]) for a, b in vendor_faces.LIDS.values()]
        gaps = vendor_faces.distances(item, pairs, [shut + 1, opened + 1])
        assert (gaps[0] < 0.45 * gaps[1]).all(), "both eyes blink"


@ends
@pytest.mark.parametrize("name", [name for name, face in FACES.items() if face.mouth != "EXPRESSIONS"])
def test_without_measuring_the_mesh(name, monkeypatch):
    monkeypatch.setattr(lip_seam, "find", lambda _: None)
    face = FACES[name]
    item = vendor_faces.build(face.shapes)
    write(item, speech())
    r = correlation(*openings(item, speech(), 3))
    print(f"{name} without measuring: r = {r:.3f}")
    assert r >= face.bar


def every_channel(frames=32) -> FaceAnimation:
    """A motion in which each ARKit channel and each viseme has its moment."""
    arkit = np.zeros((frames * 2, 52), np.float32)
    arkit[np.arange(52) + 4, np.arange(52)] = 0.7  # after the ease at the start
    visemes = np.zeros((frames * 2, 15), np.float32)
    visemes[:, 0] = 1
    for number in range(1, 15):
        visemes[4 * number - 3 : 4 * number, number] = 0.9
        visemes[4 * number - 3 : 4 * number, 0] = 0.1
    landmarks = np.zeros((frames * 2, 68, 3), np.float32)
    landmarks[:, 62, 1] = 0.08
    return face_animation(
        FPS, arkit, landmarks=landmarks, neutral=np.zeros((68, 3), np.float32), visemes=visemes
    )


@ends
@pytest.mark.parametrize("name", FACES)
def test_each_channel_moves_what_it_says(name):
    """The keys that a channel drives move the demo head as the channel's own shape does."""
    face = FACES[name]
    item = vendor_faces.build(face.shapes)
    values = write(item, every_channel())
    head = vendor_faces.demo_head()
    for row in character.describe(item).rows:
        if not row.driven or row.channel not in ARKIT_NAMES:
            continue
        wanted = head.shapes[row.channel]
        made = sum(head.mix(face.shapes[target]) * gain for target, gain in row.drives)
        cosine = float((wanted * made).sum() / (np.linalg.norm(wanted) * np.linalg.norm(made)))
        if row.channel == "mouthClose" and row.gains:
            continue  # taken back from the jaw
        assert cosine > 0.4, f"{row.channel} drives {row.targets}"
    expected = set(face.shapes) - set(face.still)
    silent = {key for key in expected if not face.shapes[key]}
    unused = {"Mouth_Smile", "Mouth_Frown", "Eyes_Blink", "Mouth_Widen", "Mouth_Plosive", "Mouth_Lips_Open"}
    unused |= {
        "Mouth_Lips_Part",
        "Brow_Compress_L",
        "Brow_Compress_R",
        "aa_ah_ax_01",
        "ao_03",
        "er_05",
        "aw_09",
    }
    unused |= {"oy_10", "ay_11", "h_12"}
    moved = {key for key, weights in values.items() if np.abs(weights).max() > 1e-3}
    assert not expected - silent - unused - moved


def test_a_whole_generation_with_visemes(fake, voice):
    item = vendor_faces.build(FACES["Oculus"].shapes)
    before = [block.value for block in item.data.shape_keys.key_blocks]
    report = api.generate(item, voice)
    assert report.meshes == 1 and report.curves >= 14
    action = item.data.shape_keys.animation_data.nla_tracks[0].strips[0].action
    assert action is not None
    assert api.remove(item)
    assert [block.value for block in item.data.shape_keys.key_blocks] == before


def test_the_lips_dial_acts_on_visemes():
    item = vendor_faces.build(FACES["VRoid"].shapes)
    motion = speech()
    normal = write(item, motion)
    half = write(item, motion, Dials(lips=0.5))
    none = write(item, motion, Dials(lips=0.0))
    assert normal.keys() == half.keys() == none.keys()
    assert half["Fcl_MTH_A"].sum() < normal["Fcl_MTH_A"].sum()
    assert max(none[name].max() for name in none if "MTH" in name) == 0.0
    assert none["Fcl_EYE_Close_L"] == pytest.approx(normal["Fcl_EYE_Close_L"])


def test_teeth_and_tongue_follow_the_corrected_jaw():
    face = vendor_faces.build(FACES["MakeHuman units"].shapes)
    teeth = vendor_faces.build({"mouth-open": "jawOpen*0.7"}, "Teeth")
    teeth.parent = face
    assert [mesh.object.name for mesh in character.describe(face).meshes] == ["Face", "Teeth"]
    found = character.describe(face)
    outcome = registry.by_name("shape_keys").apply(speech(), found, SETTINGS)
    by_object = {
        channel.datablock: channel.values for channel in outcome.channels if "mouth-open" in channel.data_path
    }
    assert len(by_object) == 2
    one, two = by_object.values()
    assert one == pytest.approx(two, abs=1e-6)


def test_lips_are_found_where_they_part():
    item = vendor_faces.build(FACES["ARKit"].shapes)
    seam = lip_seam.find(character.describe(item))
    head = vendor_faces.demo_head()
    upper, lower = (head.points[head.landmarks[number]] / 100 for number in vendor_faces.INNER_LIPS)
    assert np.linalg.norm(head.points[seam.upper] / 100 - upper, axis=1).max() < 0.015
    assert np.linalg.norm(head.points[seam.lower] / 100 - lower, axis=1).max() < 0.015
    measured = seam.channel_openings()
    assert measured["jawOpen"] == pytest.approx(0.038, abs=0.005)
    assert abs(measured["mouthSmileLeft"]) < 0.002 and measured["mouthClose"] < -0.03
    assert lip_seam.find(character.describe(vendor_faces.build({"eyeBlinkLeft": "eyeBlinkLeft"}))) is None
    bpy.context.view_layer.update()


def measured(real, motion) -> tuple[np.ndarray, np.ndarray]:
    rows = list(range(3, len(motion), 3))
    mesh = vendor_faces.distances(real.object, [(real.upper, real.lower)], [row + 1 for row in rows])[:, 0]
    return mesh, mouth_opening(motion.landmarks)[rows]


@ends
def test_ict_head():
    real = real_characters.ict_head()
    found = character.describe(real.object)
    assert (found.conventions, found.mouth) == (("arkit",), "EXPRESSIONS")
    assert "51 of 52 ARKit shapes" in found.summary and found.missing == ["tongueOut"]
    motion = speech()
    values = write(real.object, motion)
    assert {"browInnerUp_L", "browInnerUp_R", "eyeBlink_L", "eyeBlink_R"} <= values.keys()
    mesh, wanted = measured(real, motion)
    print(f"ICT head: r = {correlation(mesh, wanted):.3f}, widest {mesh.max() * 100:.2f} cm")
    assert correlation(mesh, wanted) >= 0.95


@ends
@pytest.mark.parametrize("prefix", ["", "!ex-"])
def test_makehuman_with_its_own_units(prefix):
    real = real_characters.makehuman_with_units(prefix)
    found = character.describe(real.object)
    assert (found.conventions, found.mouth) == (("makehuman",), "EXPRESSIONS")
    motion = speech()
    values = write(real.object, motion)
    assert {f"{prefix}eye-left-closure", f"{prefix}eyebrows-right-inner-up"} <= values.keys()
    mesh, wanted = measured(real, motion)
    print(f"MakeHuman: r = {correlation(mesh, wanted):.3f}, widest {mesh.max() * 100:.2f} cm")
    assert correlation(mesh, wanted) >= 0.9
    assert mesh[wanted < 0.005].max() < 0.15 * mesh.max()
