"""The table of what can keep a talking animation from showing; that each is found and mended, Blender's tests say."""

from __future__ import annotations

import string
from types import SimpleNamespace

import pytest

from blender_addon.talking.problem import KINDS, TOLD_WHEN_WRITTEN, problem_of


@pytest.mark.parametrize("row", [row for row in KINDS if row not in {"TARGET", "LINKED"}])
def test_a_row_is_one_sentence_about_its_subject(row):
    """Each says whom it is about, but for those about the scene."""
    sentence = KINDS[row].sentence
    words = {word: 1 for _, word, _, _ in string.Formatter().parse(sentence) if word and word != "name"}
    problem = problem_of(row, "Anna {1}", SimpleNamespace(), **words)
    assert problem.message.endswith(".") and ". " not in problem.message.replace(". Removing", "")
    assert problem.code == row.partition("/")[0] and problem.subject == "Anna {1}"
    about_the_scene = row.startswith(("FPS", "FRAME_MAP", "RANGE", "PREVIEW_RANGE"))
    assert ("'Anna {1}'" in problem.message) is not about_the_scene


def test_a_row_that_sets_a_property_mends_it():
    track = SimpleNamespace(mute=True)
    problem = problem_of("NLA_MUTED", "Anna", track, track="Track")
    assert problem.message == "The NLA track 'Track' of 'Anna' is muted: switch it on."
    assert problem.repair is not None
    problem.repair()
    assert track.mute is False


def test_what_targets_tell_is_known_by_its_code():
    assert {row.partition("/")[0] for row in KINDS} >= TOLD_WHEN_WRITTEN
