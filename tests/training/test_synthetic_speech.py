"""Synthetic speech from eSpeak NG and Festival: every symbol has a phone, and the times fit the sound."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from inference.motion.lips.content import PHONES
from inference.training.synthetic_speech import espeak, festival

RATE = 16000


def speak(text, voice, **settings):
    try:
        return espeak.speak(text, voice, **settings)
    except FileNotFoundError as error:
        pytest.skip(str(error))


def decibels(samples, start, end):
    part = samples[round(start * RATE) : round(end * RATE)].astype(float)
    return 20 * np.log10(np.sqrt((part**2).mean()) + 1e-6)


def assert_covers(phones, samples):
    assert phones[0][1] == 0
    for (_, _, end), (_, start, _) in zip(phones, phones[1:]):
        assert end == pytest.approx(start)
    assert all(end > start for _, start, end in phones)
    assert phones[-1][2] == pytest.approx(len(samples) / RATE, abs=1e-3)


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("", ("SIL",)),
        ("p", ("P",)),
        ("pʰ", ("P",)),
        ("pʲ", ("P",)),
        ("ph", ("P",)),
        ("bʰ", ("B",)),
        ("mʲ", ("M",)),
        ("m̩", ("M",)),
        ("tʃ", ("CH",)),
        ("ts", ("T", "S")),
        ("ss", ("S",)),
        ("aɪɚ", ("AY", "ER")),
        ("ɑ̃", ("AA",)),
        ("yː", ("UW",)),
    ],
)
def test_phones_of_ipa(symbol, expected):
    assert espeak.phones_of_ipa(symbol) == expected


def test_a_language_can_have_its_own_entry():
    assert espeak.phones_of_ipa("c", "hi") == ("CH",)
    assert espeak.phones_of_ipa("c", "el") == ("K",)


@pytest.mark.parametrize("symbol", ["☃", "p☃", "ː"])
def test_an_unknown_symbol_is_told(symbol):
    with pytest.raises(espeak.UnknownSymbol) as caught:
        espeak.phones_of_ipa(symbol)
    assert caught.value.symbol == symbol
    with pytest.raises(espeak.UnknownSymbol):
        espeak.labels_of([("a", 0, 0.1), (symbol, 0.1, 0.2)], 3200)


def test_a_phrase_with_an_unknown_symbol_is_counted(monkeypatch, tmp_path):
    takes = iter([[("☃", 0, 1)], [("a", 0, 1)], [("☃", 0, 1)], [("b", 0, 1)]])
    monkeypatch.setattr(espeak, "speak", lambda *_: (np.zeros(RATE, np.float32), next(takes)))
    unknown = espeak.synthesise_language("ja", tmp_path, 2.0, np.random.default_rng(0))
    assert unknown == {"☃": 2}
    written = np.load(tmp_path / "espeak_ja.npz")
    assert len(written["names"]) == 2
    assert written["labels"].dtype == np.int8
    assert list(written["label_start"]) == [0, 101, 202]


def test_the_tables_are_sound():
    assert all(espeak.phones_of_ipa(vowel) for vowel in "aeiouyøœ")
    families = {symbol.split(":")[0] for symbol in festival.phone_table()}
    assert {voice["family"] for voice in festival.voices().values()} <= families
    assert len(espeak.languages()) >= 25
    assert all("package" in language for language in espeak.languages().values() if "words" in language)


def test_a_double_symbol_is_refused(tmp_path):
    table = tmp_path / "table.tsv"
    table.write_text("a\tAA\na\tAH\n")
    with pytest.raises(ValueError, match="twice"):
        espeak.read_table(table)
    table.write_text("a\tXX\n")
    with pytest.raises(ValueError, match="no phone"):
        espeak.read_table(table)


def test_several_phones_share_the_time():
    labels = espeak.labels_of_parts([(("T", "S"), 0.1, 0.3)], 8000)
    assert [PHONES[label] for label in labels[[9, 10, 19, 20, 29, 30]]] == ["SIL", "T", "T", "S", "S", "SIL"]


@pytest.mark.parametrize("language", list(espeak.languages()))
def test_the_table_covers_what_a_language_emits(language):
    random = np.random.default_rng(1)
    for _ in range(3):
        try:
            text = espeak.phrase(language, random)
        except FileNotFoundError:
            pytest.skip(f"the words of {language} are not installed")
        samples, phones = speak(text, language, speed=200)
        assert_covers(phones, samples)
        symbols = {name for name, _, _ in phones} - {"??"}  # German eSpeak cannot write all of its own
        assert all(espeak.phones_of_ipa(symbol, language) for symbol in symbols)
        assert any(name for name, _, _ in phones)


@pytest.mark.parametrize("voice", ["en-us", "en-us+f2", "de+m3", "it+klatt", "fr+whisper"])
def test_closures_are_low_and_vowels_loud(voice):
    samples, phones = speak("papa mama baba topo lapita, mapa.", voice, speed=140)
    assert_covers(phones, samples)
    kinds = [(espeak.phones_of_ipa(name)[0], start, end) for name, start, end in phones]
    vowels = np.median([decibels(samples, *times) for kind, *times in kinds if kind in espeak.VOWELS])
    for kind, below in (("P", 10), ("B", 3), ("M", 2)):
        found = [decibels(samples, *times) for name, *times in kinds if name == kind]
        assert found
        assert np.median(found) < vowels - below
    # A closure between vowels belongs to its stop: the stop's first half is all but silent.
    halves = [
        decibels(samples, start, (start + end) / 2)
        for (before, _, _), (kind, start, end) in zip(kinds, kinds[1:])
        if kind == "P" and before in espeak.VOWELS
    ]
    assert np.median(halves) < vowels - 18


def test_the_vowel_after_a_nasal_starts_where_it_is_heard():
    samples, phones = speak("mama mama mama.", "es", speed=120)
    for (name, start, end), (after, _, _) in zip(phones, phones[1:]):
        if name == "m" and after and end - start > 0.03:
            assert decibels(samples, end - 0.02, end) < decibels(samples, end + 0.01, end + 0.04)


def test_an_unknown_voice_is_told():
    speak("a", "en-us")
    with pytest.raises(ValueError, match="no voice"):
        espeak.speak("a", "no-such-voice")


def test_the_same_seed_says_the_same(tmp_path):
    speak("a", "ja")
    for name in "ab":
        espeak.synthesise_language("ja", tmp_path / name, 3.0, np.random.default_rng(5))
    first, second = (np.load(tmp_path / name / "espeak_ja.npz") for name in "ab")
    # eSpeak's noise and pitch periods are its own: texts and voices repeat, samples do not.
    assert list(first["names"]) == list(second["names"])
    assert np.allclose(first["audio_start"], second["audio_start"], rtol=0.02)


def test_festival_times_fit_the_sound():
    try:
        takes = festival.speak_all(["Papa puts a map on top."] * 2, "kal", [1.0, 1.25])
    except FileNotFoundError as error:
        pytest.skip(str(error))
    if not all(takes):
        pytest.skip("festvox-kallpc16k is not installed")
    lengths = []
    for samples, phones in takes:
        lengths.append(len(samples))
        assert phones[0][1] == 0
        assert all(start == before for (_, _, before), (_, start, _) in zip(phones, phones[1:]))
        assert phones[-1][2] <= len(samples) / RATE < phones[-1][2] + 0.2
        kinds = [(festival.phones_of_segment(name, "english")[0], *times) for name, *times in phones]
        stops = [decibels(samples, *times) for kind, *times in kinds if kind == "P"]
        vowels = [decibels(samples, *times) for kind, *times in kinds if kind in espeak.VOWELS]
        assert np.median(stops) < np.median(vowels) - 10
    assert lengths[1] > lengths[0] * 1.1
    with pytest.raises(espeak.UnknownSymbol):
        festival.phones_of_segment("xyz", "english")
