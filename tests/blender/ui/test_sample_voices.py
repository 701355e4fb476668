"""Voices that come with the add-on: they are there, small, level, heard as speech, and one click makes one the panel's voice."""

from __future__ import annotations

import wave
from pathlib import Path

import bpy
import numpy as np
import pytest
from layout import Layout

from blender_addon.api import voices
from blender_addon.inputs import sample_voices
from blender_addon.ui import panels

MOST = 150_000


@pytest.fixture
def chosen():
    return bpy.context.scene.talking_animation


def test_there_are_three_small_and_level_ones():
    assert [voice.label for voice in voices.sample_voices()] == ["Woman", "Man", "Child"]
    for voice in voices.sample_voices():
        assert voice.path.stat().st_size <= MOST
        with wave.open(str(voice.path)) as reader:
            assert (reader.getframerate(), reader.getnchannels()) == (16_000, 1)
            samples = np.frombuffer(reader.readframes(reader.getnframes()), "<i2") / 32768
        assert 3 < len(samples) / 16_000 < 5 and 0.3 < np.abs(samples).max() < 0.99
        assert 20 * np.log10(np.sqrt(np.mean(samples**2))) == pytest.approx(-20, abs=1.5)
    assert "CC0" in (voice.path.parent / "LICENSE.txt").read_text(encoding="utf-8")


def test_one_click_chooses_one(chosen):
    chosen.source = "STRIP"
    assert bpy.ops.talking_animation.use_sample_voice(name="child") == {"FINISHED"}
    assert chosen.source == "FILE" and Path(chosen.audio).name == "child.wav" and Path(chosen.audio).is_file()
    before = chosen.audio
    with pytest.raises(RuntimeError, match=r"There is no sample voice '\.\./hello'"):
        bpy.ops.talking_animation.use_sample_voice(name="../hello")
    assert chosen.audio == before


def test_the_panel_offers_them_until_a_voice_is_chosen_and_beside_it_then(chosen):
    def drawn():
        layout = Layout()
        panels.draw_voice(layout, chosen)
        return layout.said

    assert "TALKING_MT_sample_voices" in drawn()
    chosen.audio = "//line.wav"
    said = drawn()
    assert said.index("TALKING_MT_sample_voices") == said.index("talking_animation.choose_voice") + 1


def test_a_copy_without_them_offers_nothing(chosen, monkeypatch):
    monkeypatch.setattr(sample_voices, "shipped", lambda name: None)
    layout = Layout()
    panels.draw_voice(layout, chosen)
    assert "TALKING_MT_sample_voices" not in layout.said


def test_the_disk_is_asked_once(monkeypatch):
    sample_voices.shipped.cache_clear()
    known = voices.sample_voices()
    monkeypatch.setattr(Path, "is_file", lambda path: pytest.fail(f"{path} was looked for again"))
    assert voices.sample_voices() == known and len(known) == 3
