"""The table of what can keep a talking animation from showing; that each is found and mended, Blender's tests say."""

from __future__ import annotations

import string
from types import SimpleNamespace

import pytest

from blender_addon.host import problem_words
from blender_addon.host.texts_with_gaps import with_gaps
from blender_addon.talking.problem import KINDS, TOLD_WHEN_WRITTEN, problem_of

OTHERS_SAY = {"TARGET", "LINKED"}
REMEDIES = {
    "KEY_NOWHERE": ["their neighbours are", "the shape that it is relative to has them"],
    "SHARED_MESH": ["make it single-user (Object > Relations > Make Single User > Object & Data)"],
    "SEVERAL_FACES": ["give each an armature of its own", "parent them to nothing they share"],
    "LEFT_OUT": [
        "pick 'Whole', to which both belong, and generate again",
        "parent 'Part' to 'Whole', pick 'Whole' and generate again",
    ],
}


@pytest.mark.parametrize("row", [row for row in KINDS if row not in OTHERS_SAY])
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


@pytest.mark.parametrize("row", [row for row in KINDS if row not in OTHERS_SAY])
def test_a_row_is_said_in_german(row):
    """The names and numbers in it are those that the English sentence has."""
    sentence = KINDS[row].sentence
    names = {word for _, word, _, _ in string.Formatter().parse(sentence) if word} - {"name", "remedy"}
    words = {word: 70 + number for number, word in enumerate(sorted(names))}
    for remedy in REMEDIES.get(row, [""]):
        message = problem_of(row, "Anna {1}", SimpleNamespace(), **words, remedy=remedy).message
        german = with_gaps(message, "de_DE", lambda text: text)
        assert german != message and german.endswith("."), message
        about_her = "'Anna {1}'" in message
        assert ("„Anna {1}“" in german) is about_her and all(
            str(number) in german for number in words.values()
        )
        assert german.count("„Whole“") == message.count("'Whole'")


def test_no_german_sentence_is_left_over():
    gaps = lambda text: "".join(  # noqa: E731
        before + ("{}" if word is not None else "") for before, word, *_ in string.Formatter().parse(text)
    )
    told = set()
    for row, kind in KINDS.items():
        for remedy in REMEDIES.get(row, [""]):
            for name in ("'Part'", "'Whole'"):
                remedy = remedy.replace(name, "'{}'")
            told.add(gaps(kind.sentence.replace("{remedy}", remedy)))
    assert set(problem_words.GERMAN) - told == {"Nothing keeps the talking animation from showing."}
