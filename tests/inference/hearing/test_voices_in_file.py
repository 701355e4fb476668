"""Who speaks when: dialogues of voices made here, of flite's, and of real people where they are at hand."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from recordings import SAMPLE_VOICE
from waiting import HUNG

from inference.hearing.audio import read_recording, resample
from inference.hearing.voices_in_file import one_voice, voices_in

RATE = 16000
SENTENCES = (
    "The birch canoe slid on the smooth planks.",
    "Glue the sheet to the dark blue background.",
    "It is easy to tell the depth of a well.",
    "These days a chicken leg is a rare dish.",
    "Rice is often served in round bowls.",
    "The juice of lemons makes fine punch.",
    "The box was thrown beside the parked truck.",
    "Four hours of steady work faced us.",
)
Line = tuple[int, np.ndarray]


def trimmed(samples: np.ndarray) -> np.ndarray:
    """Without silence at its ends, at -23 dBFS."""
    loud = np.flatnonzero(np.abs(samples) > 0.03 * np.abs(samples).max())
    samples = samples[loud[0] : loud[-1]]
    return samples / np.std(samples) * 0.07


def dialogue(lines: list[Line], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Lines one after another with pauses of 0.3 to 1 s, and who speaks in each sample, -1 for nobody."""
    random = np.random.RandomState(seed)
    sound, owner = [], []
    for who, line in lines:
        pause = int(random.uniform(0.3, 1) * RATE)
        sound += [np.zeros(pause), line]
        owner += [np.full(pause, -1), np.full(len(line), who)]
    whole = np.concatenate(sound)
    return (whole + 1e-4 * random.standard_normal(len(whole))).astype(np.float32), np.concatenate(owner)


def rightly(samples: np.ndarray, owner: np.ndarray) -> float:
    """Share of the speech that is attributed to who said it."""
    heard = np.repeat(voices_in(samples).owner, 160)[80:]
    heard = np.pad(heard, (0, len(owner)), mode="edge")[: len(owner)]
    return float(np.mean(heard[owner >= 0] == owner[owner >= 0]))


def made_up(who: int) -> list[np.ndarray]:
    """Four lines of somebody with the sample voice's throat, or with a longer and a shorter one."""
    voice = read_recording(SAMPLE_VOICE).samples
    rate = (RATE, 20500, 13000)[who]
    changed = resample(voice, RATE, rate)
    return [trimmed(part) for part in np.array_split(changed, 4)]


@pytest.fixture(scope="module")
def flite(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[np.ndarray]]:
    """All sentences by three voices."""
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed")
    folder, said = tmp_path_factory.mktemp("flite"), {}
    for voice in ("slt", "rms", "awb"):
        said[voice] = []
        for number, text in enumerate(SENTENCES):
            path = folder / f"{voice}{number}.wav"
            subprocess.run(["flite", "-voice", voice, "-t", text, "-o", path], check=True, timeout=HUNG)
            said[voice].append(trimmed(read_recording(path).samples))
    return said


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (2, 1)])
def test_two_voices_by_turns(order: tuple[int, int]) -> None:
    voices = [made_up(who) for who in order]
    samples, owner = dialogue([(number % 2, voices[number % 2][number // 2]) for number in range(8)])
    heard = voices_in(samples)
    assert heard.count == 2
    assert rightly(samples, owner) > 0.97


@pytest.mark.parametrize("number", [1, 2])
def test_one_of_them_is_left_where_it_was(number: int) -> None:
    voices = [made_up(0), made_up(1)]
    samples, owner = dialogue([(turn % 2, voices[turn % 2][turn // 2]) for turn in range(8)])
    alone, told = one_voice(samples, str(number), "line.wav")
    assert told == [] and alone.dtype == np.float32 and len(alone) == len(samples)
    mine = owner == number - 1
    inner = np.convolve(mine, np.ones(2000), "same") > 1999  # away from the edges
    np.testing.assert_allclose(alone[inner], samples[inner], atol=1e-6)
    others = np.convolve(owner == 2 - number, np.ones(2000), "same") > 1999
    assert not alone[others].any()
    softly = np.abs(np.diff(alone)).max()
    assert softly <= np.abs(np.diff(samples)).max() * 1.05


def test_everybody_is_the_recording_itself() -> None:
    samples, _ = dialogue([(0, made_up(0)[0])])
    same, told = one_voice(samples, "all", "line.wav")
    assert same is samples and told == []


ALONE = {
    "one speaker": lambda: dialogue([(0, line) for line in made_up(0)])[0],
    "a word": lambda: made_up(0)[0][:6000].astype(np.float32),
    "silence": lambda: np.zeros(5 * RATE, np.float32),
    "noise": lambda: np.random.RandomState(0).standard_normal(5 * RATE).astype(np.float32) * np.float32(0.1),
    "almost nothing": lambda: np.zeros(800, np.float32),
}


@pytest.mark.parametrize("case", ALONE)
@pytest.mark.parametrize("number", [1, 2])
def test_where_only_one_can_be_told_apart_all_stays(case: str, number: int) -> None:
    samples = ALONE[case]()
    same, (told,) = one_voice(samples, str(number), "line.wav")
    np.testing.assert_array_equal(same, samples)
    assert told == "line.wav: only one voice could be told apart, so all that is said is used."


def test_a_third_voice_of_two_is_told() -> None:
    voices = [made_up(0), made_up(1)]
    samples, _ = dialogue([(turn % 2, voices[turn % 2][turn // 2]) for turn in range(8)])
    same, (told,) = one_voice(samples, "3", "Interview.mov")
    np.testing.assert_array_equal(same, samples)
    assert told.startswith("Interview.mov: only 2 voices") and "no third" in told and told.endswith(".")


def test_flite_by_turns(flite: dict[str, list[np.ndarray]]) -> None:
    for pair in (("slt", "rms"), ("awb", "slt"), ("rms", "awb")):
        lines = [(number % 2, flite[pair[number % 2]][number]) for number in range(8)]
        assert rightly(*dialogue(lines)) > 0.97, pair


def test_flite_with_unequal_shares(flite: dict[str, list[np.ndarray]]) -> None:
    speakers = (0, 0, 0, 1, 0, 0, 0, 0)
    lines = [(who, flite[("slt", "rms")[who]][number]) for number, who in enumerate(speakers)]
    samples, owner = dialogue(lines)
    assert rightly(samples, owner) > 0.97
    alone, _ = one_voice(samples, "2", "line.wav")
    assert 0.9 < np.sum(alone**2) / np.sum(samples[owner == 1] ** 2) < 1.1


def test_flite_alone(flite: dict[str, list[np.ndarray]]) -> None:
    for voice, lines in flite.items():
        assert voices_in(dialogue([(0, line) for line in lines])[0]).count == 1, voice


def test_real_people(root: Path) -> None:
    """Twelve pairs whom the encoder never heard."""
    folder = root.parent / "shared" / "data" / "speech"
    if not (folder / "utterances.tsv").is_file():
        pytest.skip("speechocean762 is not at hand")
    pytest.importorskip("av")
    files = defaultdict(list)
    with (folder / "utterances.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            if row["part"] == "test":
                files[row["speaker"]].append(folder / row["file"])
    names = [sorted(files)[number] for number in np.random.RandomState(5).permutation(len(files))[:24]]
    shares = []
    for pair in zip(names[::2], names[1::2], strict=True):
        lines = [
            (turn % 2, trimmed(read_recording(files[pair[turn % 2]][turn // 2]).samples))
            for turn in range(10)
        ]
        samples, owner = dialogue(lines)
        if voices_in(samples).count > 1:
            shares.append(rightly(samples, owner))
    assert len(shares) >= 8  # where it is unsure it leaves the recording alone
    assert np.mean(shares) > 0.95
