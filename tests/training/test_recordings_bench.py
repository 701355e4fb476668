"""Whether every kind of recording moves the mouth: the sounds that are made, and the rows on mouths whose answers are known."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from inference.cli import main
from inference.errors import EngineError
from inference.hearing.audio import SAMPLE_RATE
from inference.hearing.features import pitch
from inference.motion.lips.content import PHONES
from inference.training.disturbances import sounds, throat
from inference.training.disturbances.unspoken import EFFECTS, SECONDS, UNSPOKEN
from inference.training.evaluation.recordings import bench as benches
from inference.training.evaluation.recordings import (
    changed_lines,
    held_sounds,
    stems,
    stillness,
    table,
    words,
)
from inference.training.evaluation.recordings.bench import Bench, Case, Figure, NotMade, figure_of
from inference.training.figures import write_figures
from inference.training.synthetic_speech.english_voices import ENGLISH_VOICES


def level(samples: np.ndarray) -> float:
    """dBFS, RMS."""
    return float(10 * np.log10(np.mean(np.asarray(samples, float) ** 2) + 1e-12))


def power_between(samples: np.ndarray, low: float, high: float) -> float:
    spectrum = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    return float(spectrum[(hertz >= low) & (hertz < high)].sum())


def median_pitch(samples: np.ndarray) -> float:
    f0 = pitch(samples.astype(np.float32))
    return float(np.median(f0[f0 > 0]))


def middle(samples: np.ndarray, at: float, seconds: float = 0.02) -> np.ndarray:
    return samples[round((at - seconds / 2) * SAMPLE_RATE) : round((at + seconds / 2) * SAMPLE_RATE)]


@dataclass(frozen=True)
class ToneVoice:
    """Says every text as one vowel between two silences."""

    voice: str = "tone"
    program: str = "toy"

    @property
    def name(self) -> str:
        return f"{self.program} {self.voice}"

    def speak(self, texts: Sequence[str]) -> list[tuple[np.ndarray, list[tuple[str, float, float]]]]:
        spoken = []
        for text in texts:
            length = 0.2 + 0.05 * len(text)
            rest = np.zeros(1600)
            samples = np.concatenate([rest, throat.vowel("AA", [110 + len(text), 100], length), rest])
            end = len(samples) / SAMPLE_RATE
            phones = [("SIL", 0.0, 0.1), ("M", 0.1, 0.2), ("AA", 0.2, end - 0.1), ("SIL", end - 0.1, end)]
            spoken.append((samples.astype(np.float32), phones))
        return spoken


class AbsentVoice(ToneVoice):
    def speak(self, texts: Sequence[str]) -> list[tuple[np.ndarray, list[tuple[str, float, float]]]]:
        raise FileNotFoundError("toy was not found; install it (Debian: apt install toy).")


def following(samples: np.ndarray) -> np.ndarray:
    """A mouth that opens with the sound around it, whatever else is in the file."""
    return 0.15 * np.clip(benches.frame_levels(samples) + 60, 0, 60) / 60


def shut(samples: np.ndarray) -> np.ndarray:
    return np.zeros(len(benches.frame_levels(samples)))


def wide(samples: np.ndarray) -> np.ndarray:
    return shut(samples) + 0.1


def by_kind(figures: Sequence[Figure]) -> dict[tuple[str, str], Figure]:
    return {(figure.kind, figure.measure.split(",")[0]): figure for figure in figures}


# Made sounds


@pytest.mark.parametrize(("phone", "hertz"), [("AA", 117.0), ("IY", 173.0), ("UW", 310.0), ("EH", 440.0)])
def test_a_vowel_by_rule_has_its_length_level_and_pitch(phone: str, hertz: float) -> None:
    samples = throat.vowel(phone, hertz, 0.83)
    assert len(samples) == round(0.83 * SAMPLE_RATE)
    assert np.abs(samples).max() == pytest.approx(0.5, abs=1e-6)
    assert median_pitch(samples) == pytest.approx(hertz, rel=0.02)
    assert np.array_equal(samples, throat.vowel(phone, hertz, 0.83))


def test_vowels_by_rule_differ_by_their_formants() -> None:
    aa, iy, uw = (throat.vowel(phone, 120.0, 1.0) for phone in ("AA", "IY", "UW"))
    assert power_between(aa, 600, 1300) > 20 * power_between(aa, 1900, 3200)
    assert power_between(iy, 1900, 3200) > power_between(iy, 700, 1400)
    assert power_between(uw, 200, 450) > power_between(uw, 600, 3500)


def test_a_glide_ends_where_it_is_sent() -> None:
    samples = throat.vowel("AH", [120, 240], 1.0)
    half = len(samples) // 2
    assert median_pitch(samples[:half]) < 165 < 195 < median_pitch(samples[half:])


def test_a_scream_is_high_and_rough() -> None:
    samples = throat.scream("AA", 620.0, 1.2)
    beats = np.abs(np.fft.rfft(np.abs(samples)))
    assert power_between(samples, 0, 400) < 0.1 * power_between(samples, 400, 8000)
    assert beats[round(70 * 1.2)] > 5 * np.median(beats[60:110])


def test_hums_sound_behind_shut_lips() -> None:
    for samples in (throat.murmur([115, 130], 0.7), throat.agreement(190.0)):
        assert power_between(samples, 100, 600) > 20 * power_between(samples, 900, 8000)
    assert level(middle(throat.agreement(190.0), 0.315)) < level(middle(throat.agreement(190.0), 0.5)) - 15


@pytest.mark.parametrize("rate", [4.0, 5.3])
def test_laughter_comes_in_bursts_that_fall(rate: float) -> None:
    samples, middles = throat.laughter(215.0, bursts=6, rate=rate)
    assert len(middles) == 6
    assert np.diff(middles) == pytest.approx(1 / rate, abs=0.001)
    levels = [level(middle(samples, float(at))) for at in middles]
    assert levels[0] - 15 < levels[-1] < levels[0] - 5
    assert np.polyfit(range(6), levels, 1)[0] < -1.5
    # 60 ms of breath come before the vowel, of which half lies before its middle.
    vowel = min(0.11, 0.5 / rate)
    breaths = [level(middle(samples, float(at) - vowel / 2 - 0.03)) for at in middles]
    assert all(burst - 30 < breath < burst - 6 for breath, burst in zip(breaths, levels))
    gaps = [level(middle(samples, float(at) + vowel / 2 + 0.005, 0.006)) for at in middles[:-1]]
    assert max(gaps) < -100


def test_sobs_are_uneven() -> None:
    samples, middles = throat.sobbing(140.0, bursts=5, seed=3)
    assert np.diff(middles).std() > 0.03
    assert all(level(middle(samples, float(at))) > -40 for at in middles)
    assert middles[-1] < len(samples) / SAMPLE_RATE


def test_a_cough_dies_away() -> None:
    samples = throat.cough(170.0)
    assert level(middle(samples, 0.05)) > level(middle(samples, 0.42)) + 25
    assert level(samples[-800:]) < level(middle(samples, 0.05)) - 25


@pytest.mark.parametrize("name", UNSPOKEN)
def test_unspoken_sounds_last_five_seconds_within_full_scale(name: str) -> None:
    samples = UNSPOKEN[name]()
    assert len(samples) == SECONDS * SAMPLE_RATE
    assert np.isfinite(samples).all() and 0.03 < np.abs(samples).max() <= 1
    assert np.array_equal(samples, UNSPOKEN[name]())


@pytest.mark.parametrize("name", EFFECTS)
def test_effects_are_at_full_scale(name: str) -> None:
    assert np.abs(EFFECTS[name]()).max() == pytest.approx(1)


def test_a_held_vowel_keeps_its_pitch_and_has_no_gap() -> None:
    pytest.importorskip("parselmouth")
    from inference.training.disturbances.sounds import held

    word = np.concatenate([np.zeros(2000), throat.vowel("EH", 147.0, 0.3), np.zeros(2000)])
    longer = held(word, 0.2, 0.35, 2.2)
    assert len(longer) == round(2.2 * SAMPLE_RATE)
    assert median_pitch(longer) == pytest.approx(147, rel=0.02)
    levels = benches.frame_levels(longer)[2:-2]
    assert levels.max() - levels.min() < 4


# What rows are made of


def test_trimmed_keeps_the_sound_and_its_margin() -> None:
    tone = np.sin(np.arange(3200) / 3)
    padded = np.concatenate([np.zeros(4800), tone, np.zeros(1600)])
    assert len(benches.trimmed(padded)) == 3200
    assert len(benches.trimmed(padded, 0.05)) == 3200 + 1600
    assert len(benches.trimmed(padded, 0.2)) == 3200 + 6400  # more than there was at the end
    assert benches.trimmed(padded, 0.2)[3200 : 3200 + 3200] == pytest.approx(tone)


def test_the_share_of_the_time_open_leaves_out_ends_and_silence() -> None:
    samples = np.concatenate([np.ones(SAMPLE_RATE), np.zeros(SAMPLE_RATE)]) * 0.1
    opening = np.zeros(101)
    opening[5:35] = 0.05
    # Frames 5 to 50 sound further than 0.1 s from the ends: 46 with the half frame at 1 s.
    assert benches.share_open(samples, opening, 0.02) == pytest.approx(30 / 45, abs=0.02)
    assert benches.share_open(samples, opening, 0.06) == 0


def test_rhythm_forgives_80_ms_and_no_more() -> None:
    samples, _ = throat.laughter(200.0)
    mouth = following(samples)
    assert held_sounds.rhythm(samples, mouth) > 0.9
    assert held_sounds.rhythm(samples, np.roll(mouth, 4)) > 0.85
    assert held_sounds.rhythm(samples, np.roll(mouth, 6)) < 0.5
    assert held_sounds.rhythm(samples, shut(samples)) == 0


def test_bursts_are_open_where_the_mouth_is_in_their_middle() -> None:
    opening = np.zeros(100)
    opening[48:52] = 0.04
    assert held_sounds.bursts_open(opening, np.array([0.5, 1.0, 1.5, 1.04])) == 0.5


def test_a_figure_tells_groups_and_the_worst() -> None:
    cases = [
        Case(name, name[0], value, np.zeros(1), np.zeros(1))
        for name, value in (("a1", 0.7), ("a2", 1.0), ("b1", 1.6))
    ]
    figure = figure_of("kind", "ratio", cases, np.median, 0.8, 1.25)
    assert (figure.value, figure.count, figure.passes) == (1.0, 3, True)
    assert figure.groups == {"a": 0.85, "b": 1.6}
    assert figure.worst is cases[2]
    assert benches.furthest_from_one([0.7, 1.0, 1.3]) == 0.7
    assert figure_of("kind", "ratio", [], np.median, 0.8).passes is None


# Rows


def test_words_that_move_no_lip_are_counted() -> None:
    def only_in_long_files(samples: np.ndarray) -> np.ndarray:
        return following(samples) * (len(samples) > 2 * SAMPLE_RATE)

    voices = (ToneVoice("low"), ToneVoice("other"))
    figures = by_kind(list(words.words_alone(Bench(only_in_long_files, voices=voices))))  # type: ignore[arg-type]
    assert figures["words alone, cut close", "share shut"].value == 1
    assert figures["words alone, 0.3 s of silence", "share shut"].passes is False
    assert figures["the same words after a sentence", "share shut"].value == 0
    assert figures["words alone, beside after a sentence", "ratio of peaks"].value == 0
    figures = by_kind(list(words.words_alone(Bench(following, voices=voices))))  # type: ignore[arg-type]
    assert all(figure.passes for figure in figures.values())
    assert figures["words alone, beside after a sentence", "ratio of peaks"].value == pytest.approx(
        1, abs=0.05
    )
    assert figures["words alone, cut close", "share shut"].count == 2 * len(words.WORDS)


def stem_figures(mouth: benches.Mouth, floor: float | None) -> dict[tuple[str, str], Figure]:
    """Of one line in 12 s, at its start, middle and end."""
    bench = Bench(mouth, voices=[ToneVoice()])  # type: ignore[list-item]
    lines = [("one", bench.line(bench.voices[0]))]
    recordings = stems._surrounded(lines, 12.0, floor)
    return by_kind(list(stems._figures(bench, "stem", recordings, stems.STEM_R, True)))


@pytest.mark.parametrize("floor", [None, stems.FLOOR])
def test_a_mouth_that_follows_the_sound_passes_stems(floor: float | None) -> None:
    figures = stem_figures(following, floor)
    assert len(figures) == 2 and all(figure.passes and figure.count == 3 for figure in figures.values())


def test_a_mouth_that_hears_the_whole_file_fails_stems() -> None:
    def beside_the_file(samples: np.ndarray) -> np.ndarray:
        return following(samples) * np.sqrt(np.mean(samples**2)) * 10

    figures = stem_figures(beside_the_file, None)
    assert figures["stem", "r to the line alone"].value == pytest.approx(1, abs=0.02)  # r knows no size
    size = figures["stem", "mean opening to the line alone's"]
    bench = Bench(shut, voices=[ToneVoice()])  # type: ignore[list-item]
    length = len(bench.line(bench.voices[0])) / SAMPLE_RATE
    assert size.value == pytest.approx((length / (length + 12)) ** 0.5, rel=0.02) and not size.passes


def test_ten_minutes_have_their_lines_where_they_are_said() -> None:
    line = np.arange(1, 16001) / 16000
    placed = list(stems._ten_minutes([("one", line), ("two", -line)], None))
    assert [start for _, _, start, _ in placed] == [20, 140, 285, 430, 580]
    for _, samples, start, alone in placed:
        first = round(start * SAMPLE_RATE)
        assert len(samples) == 600 * SAMPLE_RATE
        assert np.array_equal(samples[first : first + len(alone)], alone)


def test_a_line_longer_than_the_end_of_ten_minutes_starts_sooner() -> None:
    lines = [
        (str(number), np.full(length, 0.1)) for number, length in enumerate((160, 8000, 700, 16000, 400001))
    ]
    placed = list(stems._ten_minutes(lines, None))
    assert [start for _, _, start, _ in placed] == [20, 140, 285, 430, 574.98]
    for _, samples, start, alone in placed:
        first = round(start * SAMPLE_RATE)
        assert np.array_equal(samples[first : first + len(alone)], alone)


def test_soft_lines_are_so_much_softer() -> None:
    bench = Bench(following, voices=[ToneVoice()])  # type: ignore[list-item]
    for name, samples, start, line in stems._beside_louder(bench, 30):
        first = round(start * SAMPLE_RATE)
        assert level(samples[first : first + len(line)]) == pytest.approx(level(line) - 30, abs=0.1), name
        assert level(line) == pytest.approx(benches.SPEECH_LEVEL, abs=0.1)


def test_a_mouth_is_compared_over_the_lines_own_time() -> None:
    bench = Bench(following, voices=[ToneVoice()])  # type: ignore[list-item]
    line = bench.line(bench.voices[0], seconds=2.0)
    before = benches.silence(1.37)  # between two frames
    samples = benches.after_each_other(before, line, benches.silence(0.1), np.ones(SAMPLE_RATE))
    likeness, sizes = stems.compared(bench, iter([("a", samples, 1.37, line)]))
    assert likeness[0].value > 0.97
    assert sizes[0].value == pytest.approx(1, abs=0.05)


def test_laughs_hums_and_stillness_on_mouths_whose_answers_are_known() -> None:
    pytest.importorskip("parselmouth")
    voices = [ToneVoice()]
    laughs = by_kind(list(held_sounds.laughter(Bench(following, voices=voices))))  # type: ignore[arg-type]
    assert all(figure.passes for figure in laughs.values())
    laughs = by_kind(list(held_sounds.laughter(Bench(wide, voices=voices))))  # type: ignore[arg-type]
    assert laughs["laughter", "r to the loudness"].value == 0
    assert laughs["laughter", "share of bursts open"].value == 1
    hums = by_kind(list(held_sounds.hums(Bench(wide, voices=voices))))  # type: ignore[arg-type]
    assert {figure.value for figure in hums.values()} == {0.1}
    assert [one.value for one in held_sounds.hushes(Bench(wide, voices=voices))] == [1]  # type: ignore[arg-type]
    assert [one.value for one in held_sounds.hushes(Bench(shut, voices=voices))] == [0]  # type: ignore[arg-type]
    still = list(stillness.stillness(Bench(following, voices=voices)))  # type: ignore[arg-type]
    assert [figure.count for figure in still] == [len(UNSPOKEN)] * 3
    assert not any(figure.passes for figure in still)
    assert all(figure.passes for figure in stillness.stillness(Bench(shut, voices=voices)))  # type: ignore[arg-type]


def test_held_vowels_by_their_class() -> None:
    pytest.importorskip("parselmouth")
    open_ones, narrow = held_sounds.held_vowels(Bench(wide, voices=[ToneVoice()]))  # type: ignore[list-item]
    assert set(narrow.groups) == {"IY", "UW"} and set(open_ones.groups) == {"AA", "AE", "AO", "EH", "OW"}
    assert (open_ones.value, open_ones.count) == (1, 5 * len(held_sounds.HELD_SECONDS))


# The whole


def test_missing_voices_are_told_and_the_rest_is_measured() -> None:
    bench = Bench(shut, voices=[AbsentVoice("gone"), ToneVoice()])  # type: ignore[list-item]
    printed: list[str] = []
    rows = table.evaluate_recordings(bench, ["stillness"], printed.append)
    assert len(rows["stillness"]) == 3
    assert printed[-1].startswith("left out: toy gone: toy was not found")


def test_a_row_that_cannot_be_made_says_what_is_wanted(tmp_path: Path) -> None:
    bench = Bench(shut, voices=[AbsentVoice("gone")])  # type: ignore[list-item]
    printed: list[str] = []
    rows = table.evaluate_recordings(bench, ["words", "real-words"], printed.append)
    assert rows["words"][0].value is None and "apt install toy" in rows["words"][0].remark
    assert "--recordings DATA" in rows["real-words"][0].remark
    assert any("not measured: no synthesiser" in line for line in printed)
    with pytest.raises(NotMade, match="grid is not there"):
        words.grid_words(Bench(shut, tmp_path))


def test_a_changed_line_is_beside_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = {
        "as filmed": lambda samples, others, seed: samples,
        "softer": lambda samples, others, seed: 0.5 * samples,
        "backwards": lambda samples, others, seed: samples[::-1],
    }
    monkeypatch.setattr(changed_lines, "DISTURBANCES", ways)
    monkeypatch.setattr(sounds, "DISTURBANCES", ways)
    bench = Bench(following, voices=[ToneVoice()])  # type: ignore[list-item]
    rows = table.evaluate_recordings(bench, ["changed-lines"], lambda line: None)["changed-lines"]
    assert [figure.kind for figure in rows] == ["a line: softer"] * 2 + ["a line: backwards"] * 2
    assert rows[0].value == rows[1].value == pytest.approx(1, abs=0.01)
    assert rows[2].value is not None and rows[2].value < 0.99


def test_a_line_played_at_another_speed_is_beside_itself_at_that_speed() -> None:
    bench = Bench(following, voices=[ToneVoice()])  # type: ignore[list-item]
    alone = following(bench.line(bench.voices[0]))

    def at_one_speed(samples: np.ndarray) -> np.ndarray:
        return np.resize(alone, len(following(samples)))

    for mouth, least, most in ((following, 0.95, 1.0), (at_one_speed, -1.0, 0.8)):
        rows = list(changed_lines.played_lines(Bench(mouth, voices=[ToneVoice()])))  # type: ignore[list-item]
        values = {figure.kind: figure.value for figure in rows}
        assert len(values) == len(rows) / 2 >= 3
        assert all(value is not None and least <= value <= most + 1e-6 for value in values.values()), values


def test_rows_that_nobody_knows() -> None:
    with pytest.raises(EngineError, match="no row yodelling: choose from words"):
        table.evaluate_recordings(Bench(shut), ["yodelling"])


def test_the_json_and_the_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    bench = Bench(shut, voices=[ToneVoice()])  # type: ignore[list-item]
    rows = table.evaluate_recordings(bench, ["stillness", "real-words"], lambda line: None)
    write_figures(table.content(rows, ["one"]), tmp_path / "figures.json")
    written = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    first = written["rows"]["stillness"][0]
    assert (first["value"], first["most"], first["passes"], first["groups"]["wind"]) == (0, 0.03, True, 0)
    assert written["rows"]["real-words"][0]["value"] is None
    assert written["left_out"] == ["one"]
    table.plot_recordings(rows, tmp_path / "worst.png")
    assert (tmp_path / "worst.png").stat().st_size > 1000


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate"]) == 2
    assert main(["evaluate", "somewhere", "--rows", "stems"]) == 2
    assert "needs a prepared corpus, or --recordings" in capsys.readouterr().out
    target = tmp_path / "figures.json"
    assert main(["evaluate", "--recordings", "--rows", "real-words", "--json", str(target)]) == 0
    assert "not measured" in capsys.readouterr().out and target.is_file()


@pytest.mark.parametrize("voice", ENGLISH_VOICES, ids=lambda voice: voice.name)
def test_voices_speak_with_our_phones(voice) -> None:
    if not shutil.which({"espeak": "espeak-ng"}.get(voice.program, voice.program)):
        pytest.skip(f"{voice.program} is not installed")
    try:
        (samples, phones), _ = voice.speak(["Go home.", "Law."])
    except FileNotFoundError as error:
        pytest.skip(str(error))
    assert {name for name, _, _ in phones} <= set(PHONES)
    assert {"G", "OW", "M"} <= {name for name, _, _ in phones}
    assert phones[-2][2] < len(samples) / SAMPLE_RATE  # flite's kal ends within its last pause


def test_a_row_without_a_bar_neither_passes_nor_misses_it() -> None:
    told = table.line_of(
        figure_of("a line", "r", [Case("one", "", 0.5, np.zeros(1), np.zeros(1))], min)
    ).split()
    assert told[-3:] == ["0.500", "–", "–"]
