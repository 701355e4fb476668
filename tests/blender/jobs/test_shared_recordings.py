"""A recording that several characters say at the same time is heard once, as long as one of them says it."""

from __future__ import annotations

import bpy
import pytest
import scenes
from tones import write_wav

from blender_addon import api
from blender_addon.host.blender_versions import sequencer
from blender_addon.inputs.scene_script.lines import from_sequencer, from_table
from blender_addon.keys import sound_strips

pytestmark = pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender has no sound strips")


def sounds(scene=None):
    strips = sequencer.sequencer_strips(scene or bpy.context.scene)
    return sorted((strip.name.partition(".")[0], int(sequencer.strip_range(strip).start)) for strip in strips)


@pytest.fixture
def pair(fake, tmp_path):
    """Two people in one file, and a row each; Anna says another line as well."""
    bpy.context.scene.render.fps = 25
    rigs = scenes.cast("Anna", "Bert")
    write_wav(tmp_path / "both.wav", 2.0)
    write_wav(tmp_path / "own.wav", 1.0)
    rows = [("Anna", "both.wav", 10), ("Bert", "both.wav", 10), ("Anna", "own.wav", 70)]
    return *rigs, scenes.table(tmp_path / "lines.csv", rows)


def animate(path):
    report = api.animate_scene(from_table(str(path)), api.GenerateOptions(idle=False))
    assert not report.failed
    return report


def test_once_for_both(pair):
    _, _, path = pair
    for _ in range(2):
        animate(path)
        assert sounds() == [("both", 10), ("own", 70)]
    assert len(bpy.data.sounds) == 2, "what was not needed is not left behind"


def test_lines_elsewhere_are_not_looked_up(pair, monkeypatch):
    """Each line resolved the paths of all before it: half of what 500 lines took."""
    looked_up, really = [], sound_strips.os.path.realpath
    monkeypatch.setattr(
        sound_strips.os.path, "realpath", lambda path, **more: looked_up.append(path) or really(path, **more)
    )
    animate(pair[2])
    assert len([path for path in looked_up if str(path).endswith(".wav")]) == 2


@pytest.mark.parametrize("first", [0, 1])
def test_it_stays_while_one_of_them_says_it(pair, first):
    animate(pair[2])
    assert api.remove(pair[first])
    assert sounds() == [("both", 10)] if first == 0 else [("both", 10), ("own", 70)]
    assert api.remove(pair[1 - first])
    assert sounds() == [] and not bpy.data.sounds


def test_one_of_them_moves_away(pair, tmp_path):
    animate(pair[2])
    animate(scenes.table(tmp_path / "later.csv", [("Bert", "both.wav", 40)]))
    assert sounds() == [("both", 10), ("both", 40), ("own", 70)]
    api.remove(pair[1])
    assert sounds() == [("both", 10), ("own", 70)]


def test_generated_one_by_one(pair, tmp_path):
    anna, bert, _ = pair
    for rig, voice in ((anna, 1), (bert, 2)):
        api.generate(rig, tmp_path / "both.wav", start_frame=5, voice_in_file=voice)
    assert sounds() == [("both", 5)]
    api.generate(anna, tmp_path / "both.wav", start_frame=6)
    assert sounds() == [("both", 5), ("both", 6)]


def test_a_strip_of_the_user_s_is_left_alone(pair, tmp_path):
    own = sequencer.add_sound_strip(bpy.context.scene, "mine", str(tmp_path / "both.wav"), 9, 10)
    animate(pair[2])
    api.remove(pair[0])
    api.remove(pair[1])
    assert sounds() == [("mine", 10)] and not sound_strips.owners_of(own)


def test_a_shared_strip_is_nobody_s_until_it_is_chosen(pair):
    animate(pair[2])
    found = {line.label.partition(".")[0]: line for line in from_sequencer(bpy.context.scene).lines}
    assert found["own"].character == "Anna_rig" and not found["both"].character
    assert "'Anna_rig', 'Bert_rig'" in found["both"].problem


def test_in_a_copied_scene(pair):
    animate(pair[2])
    first = bpy.context.scene
    bpy.ops.scene.new(type="FULL_COPY")
    second = bpy.context.scene
    for name in ("Anna_rig", "Bert_rig"):
        copy = next(item for item in second.objects if item.name.startswith(name))
        assert len(sounds(second)) >= 1 and api.remove(copy, second)
    assert sounds(second) == [] and sounds(first) == [("both", 10), ("own", 70)]
    for rig in pair[:2]:
        api.remove(rig, first)
    assert sounds(first) == []
