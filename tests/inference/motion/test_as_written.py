"""Where a line's text is known, closures of the lips are those of the text; where it is not what is said, nothing changes."""

from __future__ import annotations

import numpy as np
import pytest
from heard_phones import heard, phones_of

from inference.hearing.text.spoken_text import LONGEST
from inference.motion.lips.as_written import as_written, notes
from inference.motion.lips.content import PHONES
from inference.motion.lips.lip_closure import BILABIALS, closure_strength

SAID = "SIL DH AH B IH G B EH R SIL K EY M HH OW M SIL"
TEXT = "The big bear came home."
_MEET = [PHONES.index(name) for name in BILABIALS]


def _heard_as(instead: dict[int, str]) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """`SAID` as an ear hears it that takes some of its phones for others."""
    return heard(" ".join(instead.get(place, name) for place, name in enumerate(SAID.split())))


def test_a_closure_that_is_not_heard_is_made_and_one_too_many_is_not() -> None:
    missed, wrong = phones_of(SAID, "M")[0], phones_of(SAID, "G")[0]
    phones, spans = _heard_as({missed: "N", wrong: "D"})
    phones[slice(*spans[missed]), _MEET[-1]] += 0.05  # a hint
    result, left_out, _ = as_written(phones, PHONES, TEXT)
    assert left_out == ""
    closed = closure_strength(result, PHONES) > 0.5
    assert not (closure_strength(phones, PHONES) > 0.5)[slice(*spans[missed])].any()
    assert closed[slice(*spans[missed])].any()
    for place, (first, last) in enumerate(spans):
        name = SAID.split()[place]
        if name in BILABIALS:
            assert closed[first:last].any(), place
        else:
            assert result[first + 3 : last - 3, _MEET].sum() < 0.05, place
    assert result.min() >= 0


def test_a_closure_the_text_has_not_is_released() -> None:
    place = phones_of(SAID, "K")[0]
    said = SAID.replace("K EY M HH OW M", "K AY T S AA N")
    phones, spans = heard(said)
    middle = spans[place + 2][0]
    phones[middle : middle + 3] *= 0.6
    phones[middle : middle + 3, _MEET[1]] += 0.4
    assert (closure_strength(phones, PHONES) > 0.5)[middle : middle + 3].any()
    result, left_out, _ = as_written(phones, PHONES, "The big bear, kite, son.")
    assert left_out == "" and not (closure_strength(result, PHONES) > 0.5)[middle - 2 : middle + 5].any()


def test_a_closure_that_is_heard_clearly_stays_whatever_is_written() -> None:
    """An actor says another word than the script has, within a word that fits."""
    place = phones_of(SAID, "K")[0]
    said = SAID.replace("K EY M HH OW M", "K AY T S AA N")
    phones, spans = heard(said)
    middle = spans[place + 2][0]
    for surely, closed in ((0.7, False), (0.9, True)):
        told = phones.copy()
        told[middle : middle + 3] *= 1 - surely
        told[middle : middle + 3, _MEET[1]] += surely
        result, left_out, _ = as_written(told, PHONES, "The big bear, kite, son.")
        assert left_out == ""
        assert (closure_strength(result, PHONES) > 0.5)[middle : middle + 3].any() == closed
    told = phones.copy()
    told[middle] = (
        told[middle] * 0.1 + 0.9 * np.eye(len(PHONES), dtype=np.float32)[_MEET[1]]
    )  # 20 ms are no sound
    result, _, _ = as_written(told, PHONES, "The big bear, kite, son.")
    assert not (closure_strength(result, PHONES) > 0.5)[middle - 2 : middle + 5].any()


def test_a_letter_that_is_not_heard_at_all_stays_silent() -> None:
    place = phones_of(SAID, "M")[1]
    phones, spans = heard(SAID)
    silent = slice(spans[place][0] - 1, spans[place][1] + 1)
    phones[silent, _MEET] = 0
    phones[silent, PHONES.index("OW")] = 0.9
    result, left_out, _ = as_written(phones, PHONES, TEXT)
    assert left_out == "" and not (closure_strength(result, PHONES) > 0.5)[silent].any()


def test_posteriors_stay_posteriors() -> None:
    phones, _ = _heard_as({phones_of(SAID, "B")[0]: "D"})
    result, _, _ = as_written(phones, PHONES, TEXT)
    assert result.dtype == np.float32 and result.shape == phones.shape
    assert np.allclose(result.sum(axis=1), 1, atol=1e-4) and result.max() <= 1 + 1e-5


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Simple problems may become complex.", "other"),
        ("Hi", "other"),
        ("m" * 100_000, "other"),
        ("p b m " * 20_000, "other"),
        ("שלום עולם", "untold"),
        ("你好", "untold"),
        ("😀", "nothing said"),
        ("(laughs)", "nothing said"),
        ("ANNA:", "nothing said"),
    ],
)
def test_a_text_that_is_not_what_is_said_changes_nothing_and_says_so(text: str, why: str) -> None:
    phones, _ = heard(SAID)
    before = phones.copy()
    result, left_out, _ = as_written(phones, PHONES, text)
    assert left_out == why and result is phones and (phones == before).all()
    (told,) = notes(text, left_out, [], "line.wav")
    assert "line.wav" in told


def test_a_text_of_which_the_beginning_alone_is_read_says_so() -> None:
    assert notes("a" * LONGEST, "", [], "line.wav") == []
    (told,) = notes("a" * (LONGEST + 1), "", [], "line.wav")
    assert told.startswith("Of the text of line.wav the first 200,000 letters were used")


def test_no_frames_at_all() -> None:
    empty = np.zeros((0, len(PHONES)), np.float32)
    assert as_written(empty, PHONES, TEXT) == (empty, "other", [])


def test_where_half_of_the_text_is_another_the_rest_of_what_is_heard_stays() -> None:
    phones, spans = heard(f"{SAID} {SAID} {SAID} {SAID}")
    result, left_out, _ = as_written(phones, PHONES, f"{TEXT} {TEXT} {TEXT} A big door.")
    assert left_out in ("", "other")
    beside = slice(spans[-8][0], spans[-1][1])  # words that the text has not
    assert (
        (closure_strength(result, PHONES) > 0.5)[beside] == (closure_strength(phones, PHONES) > 0.5)[beside]
    ).all()


def test_a_stretch_that_is_not_what_is_written_is_named_and_left_alone() -> None:
    """A tenth of other words had a whole script left out."""
    added = "SIL HH UW S EH D DH IH S W AA Z T R UW B AE D Y EH T IH T IH Z N AA T SIL"
    bears = f"{SAID} {SAID} {SAID}"
    missed = phones_of(SAID, "M")[0]
    phones, spans = heard(f"{bears} {added} {bears}")
    phones[slice(*spans[missed])] = heard("N")[0]
    phones[slice(*spans[missed]), _MEET[-1]] += 0.05
    result, left_out, unfit = as_written(phones, PHONES, f"{TEXT} " * 6)
    assert left_out == "" and (closure_strength(result, PHONES) > 0.5)[slice(*spans[missed])].any()
    first, last = len(bears.split()), len(f"{bears} {added}".split())
    ((start, end),) = unfit
    assert abs(start * 50 - spans[first + 1][0]) < 15 and abs(end * 50 - spans[last - 1][0]) < 25
    within = slice(spans[first + 3][0], spans[last - 6][0])
    assert (result[within] == phones[within]).all()
    (told,) = notes(TEXT, left_out, unfit, "line.wav")
    assert (
        told.startswith("From 0:05.")
        and "does not fit what is heard in line.wav: it was left out there" in told
    )


def test_a_word_with_a_closure_where_none_is_heard_makes_none() -> None:
    phones, spans = heard(SAID.replace("K EY M", "W EH N T"))
    for text in ("The big bear came home.", "The big bear map home."):
        result, _, _ = as_written(phones, PHONES, text)
        place = SAID.split().index("K")
        closed = (closure_strength(result, PHONES) > 0.5)[spans[place][0] : spans[place + 4][0]]
        assert not closed.any(), text


def test_a_closure_the_text_has_not_stays_where_other_words_are_heard_around_it() -> None:
    """A wrong word of a script took the closures of the one that was said."""
    phones, spans = heard(SAID.replace("B EH R", "P AO T"), sure=0.6)
    place = SAID.split().index("B", 5)
    result, left_out, _ = as_written(phones, PHONES, "The big seek came home.")
    assert left_out == "" and (closure_strength(result, PHONES) > 0.5)[slice(*spans[place])].any()


def test_a_p_or_b_that_is_heard_as_a_sound_made_alike_is_made() -> None:
    missed = phones_of(SAID, "B")[1]
    phones, spans = _heard_as({missed: "D"})
    phones[:, _MEET] *= 0.3  # none of it is heard there
    span = slice(*spans[missed])
    assert as_written(phones, PHONES, TEXT)[0][span, _MEET].sum(axis=1).max() > 0.8
    phones, _ = _heard_as({missed: "S"})
    phones[span, _MEET] = 0
    assert as_written(phones, PHONES, TEXT)[0][span, _MEET].max() < 0.1
