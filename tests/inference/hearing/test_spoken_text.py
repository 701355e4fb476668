"""A line's text: which words are said, what its letters tell, and when they are heard."""

from __future__ import annotations

import numpy as np
import pytest
from heard_phones import FRAMES, heard, phones_of

from inference.hearing.text import alignment
from inference.hearing.text.alignment import Aligned, align
from inference.hearing.text.letters import sounds_of
from inference.hearing.text.spoken_text import heard_text, sounds_of_text, tells_sounds
from inference.hearing.text.trust import FITS, fitting
from inference.hearing.text.words import number_words, spoken_words
from inference.motion.lips.content import PHONES

BEAR = "SIL DH AH B IH G B EH R SIL K EY M HH OW M SIL"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, Bob!", "hello bob"),
        ("ANNA: Come in. (She sighs.) [door]", "come in"),
        ("Anna: Come in.\nThe Old Man: No.", "come in no"),
        ("I said: come in", "i said come in"),
        ("Yes. BOB: No.", "yes no"),
        ("(a (nested) aside) Hi <i>you</i> *waves* {b}", "hi you"),
        ("1\n00:00:01,000 --> 00:00:02,500\nMaybe.\n", "maybe"),
        ("Don’t pay 15% & run", "dont pay fifteen percent and run"),
        ("WEBVTT Kind: captions\n\nNOTE nobody\nreads this\n\nintro\n00:01.000 --> 00:04.000 align:start\n<v Bob>Hi, <00:02.5>Ann"
         "\n\n00:05.000 --> 00:06.000\nTom &amp; Ann&nbsp;now\n", "hi ann tom and ann now"),
        ("12\n00:00:01,000 --> 00:00:02,500\n42\n\n13\n00:00:03,000 --> 00:00:04,000\nI know", "forty two i know"),
        ("0:00:01.000,0:00:02.500\nMaybe\n", "maybe"),
        ("[Script Info]\nTitle: x\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\i1}Maybe,\\Nso", "maybe so"),
        ("[00:12.00]Maybe\n00:01:02:03 so", "maybe so"),
        ("INT. KITCHEN - DAY\n\nANNA (O.S.)\n(softly)\nMy map!\n\nBOB\nNo.\n\nCUT TO:\n", "my map no"),
        ("DR. SMITH: Yes.\nV.O.: No.\nMan #2: Hey", "yes no hey"),
        ("STOP IT\nNOW\n\nBOB!", "stop it now bob"),
        ("BOB\nI know.\n\nANN\n(softly)\nSo do I.", "i know so do i"),
        ("HELLO THERE\nhow are you\n\nFINE THANKS\nand you", "hello there how are you fine thanks and you"),
        ("MIAMI\nIs a big city", "miami is a big city"),
        ("EST une femme", "est une femme"),
        ("EXT is", "ext is"),
        ("EXT CAR - DAY\nNo.", "no"),
        ("INT. Bob said so", "int bob said so"),
        ("INT./EXT. CAR - DAY\n\nBOB\nNo.", "no"),
        ("1\n00:00:01,000 --> 00:00:02,000\nHi\n2\n00:00:02,000 --> 00:00:03,000\nBob", "hi bob"),
        ("I have 3\n\n4\nmore --> yes", "i have three four more yes"),
        ("1st, 2nd, 21st, 12th, 40th; the 1990s", "first second twenty first twelfth fortieth the nineteen nineties"),
        ("Call 555-1234 or (020) 555 1234",
         "call five five five one two three four or zero two zero five five five one two three four"),
        ("No. 5, #1, -7 for £5 or $3.", "number five number one minus seven for five pounds or three dollars"),
        ("$2 trillion, $5 thousand, $2.5 million, $1 or £1", "two trillion five thousand two point five million one dollar or "
         "one pound"),
        ("I said no. 5 go. Oh, no. 5 go. the no. 1, no.3 or No. 4", "i said no five go oh no five go the number one number three "
         "or number four"),
        ("-3 days?\n- 4. -5.", "three days four five"),
        ("It is -5, −5", "it is minus five minus five"),
        ("123.4567 or 020.555.1234, 100 2000-watt", "one hundred twenty three point four five six seven or zero two zero five "
         "five five one two three four one hundred two thousand watt"),
        ("£5m, $2 million, 2-3", "five m two million two three"),
        ("B-Bob, M-m-maybe. re-\nmember", "b bob m m maybe remember"),
        ('<speak>Hi <break time="1s"/><emphasis>Bob</emphasis></speak>', "hi bob"),
        ("In 1984, 007 had 1,025 cars and 300 maps", "in nineteen eighty four zero zero seven had one thousand twenty five "
         "cars and three hundred maps"),
        ("1,000,300 maps, 3.14 apples, 3.10.2024", "one million three hundred maps three point one four apples three ten twenty "
         "twenty four"),
        ("$4.50, £1,200,50 0,000 5,", "four fifty one two hundred fifty zero five"),
        ("BBC TV, Hmm", "bee bee see tee vee hmm"),
        ("Plan B or 4 W, C", "plan bee or four dubelyoo c"),
        ("the U.S.A. by J. K. Rowling", "the u es a by jay kay rowling"),
        ("X-ray 12, Bob's B's", "eks ray twelve bobs bs"),
        ("Wracam w nocy. W deszczu\nW ciszy", "wracam w nocy w deszczu w ciszy"),
        ("V LESE A Z MĚSTA", "v lese a z města"),
        ("\ufeffCafé", "café"),
        ("12:30", "twelve thirty"),
        ("Ｈｅｌｌｏ ﬁsh", "hello fish"),
        ("(laughs)", ""),
        ("  \n", ""),
        ("😀🎬", ""),
        ("(never closed bracket", "never closed bracket"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_text(text: str, words: str) -> None:
    assert spoken_words(text) == words.split()


@pytest.mark.parametrize(
    "part", [" ", "A", "A ", "-", "1-", "0:", "\\n", "-\n", "(", "&", "A.", "Dialogue: ", "NOTE\n", "-->\n"]
)
def test_a_long_text_takes_no_longer_by_the_letter(part: str) -> None:
    """It ends, as what looks through all that follows from each sign would not."""
    assert len(spoken_words(part * 20_000)) <= 40_000


def test_numbers_as_words() -> None:
    assert [number_words(digits) for digits in ("0", "7", "19", "20", "42", "100", "999")] == [
        "zero", "seven", "nineteen", "twenty", "forty two", "one hundred", "nine hundred ninety nine"
    ]  # fmt: skip
    assert number_words("2000") == "two thousand"
    assert number_words("9" * 60) == " ".join(["nine"] * 60)


@pytest.mark.parametrize(
    ("word", "lips"),
    [
        ("mamma", "m.m."), ("lamb", "..m"), ("umbrella", ".m...."), ("phone", "...."), ("apple", ".p.."),
        ("doubt", "..."), ("receipt", "....."), ("empty", ".m.."), ("quick", "...." ), ("café", "...."), ("w", "."), ("в", "."),
        ("мама", "m.m."), ("привет", "p....."), ("μπαμπάς", "m.m.."), ("まみ", "m.m."), ("ぱぱ", "p.p."), ("バス", "b..."),
        ("밥", "b.b"), ("Übung".casefold(), ".b.."),
    ],
)  # fmt: skip
def test_where_the_letters_let_lips_meet(word: str, lips: str) -> None:
    sounds = sounds_of(word)
    meet = "".join(sound.phones[0].lower() if sound.lips == "bilabial" else "." for sound in sounds)
    assert meet == lips


def test_a_word_of_one_letter_is_no_letter_s_name() -> None:
    """Polish w was said "dubelyoo", with lips that meet."""
    for text, lips in (
        ("Wracam w nocy w deszczu w ciszy", 1),
        ("Я в лесу с тобой", 1),
        ("Jsem v lese", 1),
        ("a W in it", 1),
    ):
        sounds = [sound for word in sounds_of_text(text) for sound in word]
        assert sum(sound.lips == "bilabial" for sound in sounds) == lips, text


def test_scripts_that_do_not_tell_sounds() -> None:
    for text in ("你好，世界", "שלום עולם", "مرحبا بالعالم", "😀", "", "(laughs)", "---"):
        assert not tells_sounds(sounds_of_text(text)), text
    assert tells_sounds(sounds_of_text("Hello 世界")) and tells_sounds(sounds_of_text("42"))


def test_a_text_is_found_where_it_is_heard() -> None:
    spoken, spans = heard(BEAR)
    words = sounds_of_text("The big bear came home.")
    aligned = align(words, spoken, PHONES)
    assert _fit(aligned) > FITS / 2 and aligned.fits.min() > -0.6
    sounds = [sound for word in words for sound in word]
    found = [tuple(span) for sound, span in zip(sounds, aligned.spans.tolist()) if sound.lips == "bilabial"]
    assert found == [spans[place] for place in phones_of(BEAR, "B", "M")]


@pytest.mark.parametrize(
    "text",
    [
        "Simple problems may become complex.",
        "Nine",
        "a" * 100_000,
        "Lorem ipsum dolor sit amet, " * 360,
        "7" * 500,
    ],
)
def test_what_is_not_said_does_not_fit(text: str) -> None:
    assert heard_text(sounds_of_text(text), heard(BEAR)[0], PHONES) is None


def _fit(aligned: Aligned) -> float:
    """By frame."""
    return float(aligned.agreement.mean())


def test_a_line_is_found_in_the_text_of_its_scene() -> None:
    spoken, spans = heard(f"{BEAR} {BEAR}")
    others = "Nobody is there. Where did you go yesterday? I don't know. "
    found = heard_text(
        sounds_of_text(others * 50 + "The big bear came home. The big bear came home. " + others * 20),
        spoken,
        PHONES,
    )
    assert found is not None and found[1].all()
    heard_at = {tuple(span) for span in found[0].spans.tolist()}
    assert {spans[place] for place in phones_of(f"{BEAR} {BEAR}", "B", "M")} <= heard_at
    assert heard_text(sounds_of_text(others * 70), spoken, PHONES) is None


@pytest.mark.parametrize("text_after", [0, 100])
@pytest.mark.parametrize("not_of_it", [0, 2])
def test_a_recording_of_a_long_text_s_end_is_found(
    monkeypatch: pytest.MonkeyPatch, not_of_it: int, text_after: int
) -> None:
    """What began behind 1,500 sounds was looked for before them alone, and the text was said not to fit."""
    monkeypatch.setattr(alignment, "_LEAST_BESIDE", 200)
    monkeypatch.setattr(alignment, "_MOST_FOLLOWED", 0)
    monkeypatch.setattr(alignment, "_PIECE", 200)
    added = "SIL HH UW S EH D DH IH S W AA Z T R UW AE N D Y EH T IH T IH Z N AA T SIL"
    spoken, _ = heard(" ".join([added] * not_of_it + ["SIL"] * 40 + [BEAR] * 8))
    others = "Nobody is there. Where did you go yesterday? I don't know. "
    bears = "The big bear came home. " * 8
    found = heard_text(sounds_of_text(others * 40 + bears + "Nobody is there. " * text_after), spoken, PHONES)
    assert found is not None
    first = len(added.split()) * not_of_it * FRAMES
    assert found[1][first + 10 :].all()
    assert heard_text(sounds_of_text(others * 80), spoken, PHONES) is None


def test_where_a_script_has_other_words_it_alone_is_left_out() -> None:
    """A tenth that was not in it had the whole text left out."""
    added = "SIL HH UW S EH D DH IH S W AA Z T R UW AE N D Y EH T IH T IH Z N AA T SIL"
    bears = f"{BEAR} {BEAR} {BEAR}"
    spoken, spans = heard(f"{bears} {added} {bears}")
    words = sounds_of_text("The big bear came home. " * 6)
    found = heard_text(words, spoken, PHONES)
    assert found is not None
    _, fits = found
    first, last = len(bears.split()), len(f"{bears} {added}".split())
    assert fits[: spans[first - 1][0]].all() and fits[spans[last + 4][0] :].all()
    assert not fits[spans[first + 3][0] : spans[last - 6][0]].any()


def test_stretches_that_fit() -> None:
    speech = np.ones(400, bool)
    well, badly = np.full(100, FITS + 0.25), np.full(100, FITS - 0.8)
    assert fitting(np.tile(well, 4), speech).all() and not fitting(np.tile(badly, 4), speech).any()
    once = np.concatenate([well, badly, well, well])
    assert fitting(once, speech).tolist() == [True] * 100 + [False] * 100 + [True] * 200
    by_chance = np.concatenate([badly, well[:60], badly, badly])
    assert not fitting(by_chance, np.ones(len(by_chance), bool)).any()
    assert fitting(np.zeros(0), np.zeros(0, bool)).shape == (0,)
    pause = np.concatenate([well, np.full(5000, -0.2), well])
    assert fitting(pause, pause == well[0]).all(), "pauses tell nothing"


def test_a_word_more_or_less_is_passed_over() -> None:
    spoken, spans = heard(BEAR)
    more = align(sounds_of_text("The big purple bear came home"), spoken, PHONES)
    purple = more.fits[len(sounds_of("the") + sounds_of("big")) :][: len(sounds_of("purple"))]
    assert _fit(more) > -1.0 and purple.max() < -1.5 < more.fits[-1]
    less = align(sounds_of_text("The bear came home"), spoken, PHONES)
    assert tuple(less.spans[2]) == spans[phones_of(BEAR, "B")[1]]


def test_a_long_recording_is_followed_through_its_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alignment, "_LEAST_BESIDE", 300)
    monkeypatch.setattr(alignment, "_MOST_FOLLOWED", 0)
    spoken, _ = heard(" ".join([BEAR, *["SIL"] * 60] * 40))
    words = sounds_of_text("The big bear came home. " * 40)
    found = heard_text(words, spoken, PHONES)
    assert found is not None and found[1].all()
    aligned, _ = found
    assert aligned.fits.min() > -0.6
    assert (np.diff(aligned.spans[aligned.spans[:, 1] > aligned.spans[:, 0], 0]) > 0).all()


def test_one_frame_and_silence() -> None:
    words = sounds_of_text("Hi")
    assert heard_text(words, heard("SIL")[0][:1], PHONES) is None
    assert heard_text(words, heard("SIL " * 30)[0], PHONES) is None
