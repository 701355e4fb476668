"""What `tools.live_delay` says of a live preview; what it measures needs a clock, and is not measured here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import live_delay


def test_figures_in_words():
    figures = live_delay.Figures([0.4, 0.5, 0.42], [0.05, 0.09], 1, 120, 2, 4.0)
    told = figures.told()
    assert "30.0 a second, 2 without a new frame" in told and "lost blocks: 1" in told
    assert "70 ms a request, at most 90 ms" in told and "delay: 0.420 s" in told


def test_a_picture_later_than_its_frames_is_a_stall(monkeypatch: pytest.MonkeyPatch):
    figures, pace = live_delay.Figures(), live_delay.Pace()
    monkeypatch.setattr(live_delay.time, "monotonic", lambda: 10.0)
    live_delay._picture(figures, pace, 0.0, 9.0)
    assert figures.pictures == 0  # nothing came yet
    pace.arrived(9.5, 0.0, 0.3)
    live_delay._picture(figures, pace, 0.6, 9.0)
    live_delay._picture(figures, pace, 0.1, 9.0)
    assert (figures.pictures, figures.stalls) == (2, 1)
    assert figures.delays == pytest.approx([10 - 9 - 0.48, 10 - 9 - 0.1])


def test_likeness_of_a_word(word: Path):
    told = live_delay.likeness(word)
    assert re.fullmatch(r"word\.wav: jaw r = 0\.\d{3}, lips shut or open alike in \d+ % of the frames", told)
