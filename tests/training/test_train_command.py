"""The one command from corpora to weights, on corpora made on the spot: every stage, stopped and started again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from recordings import wav_bytes

pytest.importorskip("torch", reason="torch is needed for training")
pytest.importorskip("av", reason="av is needed to read the corpora")

from made_clips import made_clip

from inference.cli import main
from inference.errors import EngineError
from inference.hearing.audio import read_recording
from inference.hearing.backends import CONTENT_WEIGHTS, hear, load_backend
from inference.paths import ENGINE_ROOT
from inference.training.filmed_corpora import corpus, realign
from inference.training.filmed_corpora.labelled import save_labelled
from inference.training.recipes.configuration import CONFIGS, read_config
from inference.training.recipes.train import first_decoder

TINY = """
[encoder]
channels = 12
steps = 3
batch = 4
validation_speakers = 1
checkpoint_every = 2
[first]
steps = 2
[deeper]
steps = 3
[decoder]
channels = 8
components = 4
steps = 3
batch = 3
[teacher]
steps = 3
batch = 3
[together]
steps = 3
faces = 3
sentences = 3
checkpoint_every = 2
[again]
steps = 2
[steady]
utterances = 1
flite = 0
espeak = 0
made = 4
batch = 4
steps = 2
[voice]
seeds = [1, 2]
channels = 4
dilations = [1, 2]
validation_speakers = 1
timbres = 2
espeak = 0
flite_words = 0
drawn_out = 0
no_voices = 2
spectra = 3
batch = 4
crop_frames = 60
steps = 3
checkpoint_every = 2
[voted]
takes = 1
batch = 4
steps = 3
groups = 2
[known]
clips = 12
others = 1
"""
SENTENCE = "0 10000 sil\n10000 20000 bin\n20000 30000 blue\n30000 40000 at\n40000 50000 f\n50000 60000 two\n60000 75000 now\n"


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``grid``, ``speech`` (labelled) and ``data`` (what it came from), a few seconds each."""
    folder = tmp_path_factory.mktemp("corpora")
    random = np.random.default_rng(0)
    for speaker, count, voice in (("s1", 14, "woman"), ("s4", 3, "man")):
        said = read_recording(ENGINE_ROOT / "demo" / "voices" / f"{voice}.wav").samples
        for index in range(count):
            name = f"bba{'abcdefghijklmn'[index]}zn"  # as GRID's are named
            made_clip(folder / "grid" / speaker / f"{name}.npz", sound=said[1200 * index :][: 75 * 640])
            alignment = folder / "data" / "grid" / "alignments" / speaker / f"{name}.align"
            alignment.parent.mkdir(parents=True, exist_ok=True)
            alignment.write_text(SENTENCE)
    rows = ["\t".join(("utterance", "speaker", "part", "text", "phones (words split by |)", "file"))]
    for speaker in ("0001", "0002", "0003"):
        sound = random.normal(0, 0.09, 32000)
        path = folder / "data" / "speech" / "wav" / f"{speaker}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wav_bytes(sound, 16000))
        rows.append("\t".join((f"u{speaker}", speaker, "train", "mama", "M AA0 M AA0", f"wav/{speaker}.wav")))
        labels = np.repeat(np.array([0, 22, 1, 22, 1], np.int8), 41)[:201]
        for name in (
            speaker,
            *(("grid_s1", "flite_x", "espeak_y", "festival_z") if speaker == "0001" else ()),
        ):
            save_labelled(folder / "speech" / f"{name}.npz", ["a", "b"], [sound] * 2, [labels] * 2, "train")
    (folder / "data" / "speech" / "utterances.tsv").write_text("\n".join(rows) + "\n")
    (folder / "tiny.toml").write_text(TINY)
    return folder


def arguments(corpora: Path, runs: Path, part: str = "all") -> list[str]:
    return [
        "train", part, "--config", str(corpora / "tiny.toml"), "--speech", str(corpora / "speech"),
        "--corpus", str(corpora / "grid"), "--data", str(corpora / "data"), "--runs", str(runs),
        "--output", str(runs / "content.npz"), "--threads", "1",
    ]  # fmt: skip


def test_one_command_makes_the_weights(
    corpora: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(realign, "WORST", -99.0)  # an encoder of three steps is sure of nothing
    monkeypatch.setattr(corpus, "VALIDATED", 4)
    assert main(arguments(corpora, tmp_path, "content")) == 0
    assert not (tmp_path / "content.npz").exists()
    assert main(arguments(corpora, tmp_path, "landmarks")) == 0
    for stage in (
        "first",
        "encoder",
        "deeper",
        "decoder",
        "teacher",
        "together/1",
        "together/2",
        "again/3",
        "again/4",
        "steady",
        "voice/1",
        "voice/2",
    ):
        assert (tmp_path / stage / "curves.png").is_file(), stage
    backend = load_backend("numpy", "cpu", tmp_path / "content.npz")
    assert backend.weights.hears_tones
    known = backend.weights.known
    assert known is not None and known.names == ("s1",) and known.centres.shape == (1, 64)
    heard = hear(np.zeros(16000 - 1, np.float32), backend)
    assert heard.phones.shape == (50, 40) and len(backend.weights.decoders) == 3
    assert heard.motion.shape == (50, len(backend.weights.basis))
    assert "eSpeak" in " ".join(backend.weights.metadata["corpora"])

    # What the last stages can go on from is in the file beside what they made of it.
    kept, begun = (first_decoder(tmp_path / name) for name in ("content.npz", "steady/content.npz"))
    assert len(kept.decoders) == 1 and (kept.basis == begun.basis).all()
    for one, other in zip(kept.decoders[0], begun.decoders[0], strict=True):
        assert (one.weight == other.weight).all() and (one.bias == other.bias).all()

    # The last stages alone, from nothing but filmed faces and those weights, are the same.
    again = ["train", "voted", "--config", str(corpora / "tiny.toml"), "--corpus", str(corpora / "grid")]
    again += [
        "--start",
        str(tmp_path / "content.npz"),
        "--output",
        str(tmp_path / "again.npz"),
        "--threads",
        "1",
    ]
    assert main(again) == 0
    with np.load(tmp_path / "content.npz") as one, np.load(tmp_path / "again.npz") as other:
        assert {name for name in one.files if (one[name] != other[name]).any()} == {"header"}

    # Who is not known any more is told.
    (tmp_path / "nobody.toml").write_text("[known]\nclips = 99\n")
    nobody = ["--config", str(tmp_path / "nobody.toml"), "--output", str(tmp_path / "nobody.npz")]
    start = tmp_path / "content.npz"
    assert main(["train", "known", "--corpus", str(corpora / "grid"), "--start", str(start), *nobody]) == 0
    assert "known: no longer s1, whom --start knows" in capsys.readouterr().out

    # A lost last stage is made again from what is there, to the same weights.
    first = (tmp_path / "content.npz").read_bytes()
    for stage, seed in (("together", "2"), ("again", "4")):
        (tmp_path / stage / "together.pt").unlink()
        for name in ("together.pt", "checkpoint.pt"):
            (tmp_path / stage / seed / name).unlink()
    (tmp_path / "content.npz").unlink()
    assert main(arguments(corpora, tmp_path)) == 0
    assert (tmp_path / "content.npz").read_bytes() == first


def test_landmarks_need_the_encoder(
    corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(corpora, tmp_path, "landmarks")) == 1
    assert "train content" in capsys.readouterr().err


def test_configuration_changes_single_values(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[encoder]\nsteps = 7\n")
    shipped, changed = read_config(), read_config([own])
    assert changed["encoder"]["steps"] == 7
    assert changed["encoder"]["channels"] == shipped["encoder"]["channels"]
    assert changed["together"] == shipped["together"]
    assert (CONFIGS / "landmarks.toml").is_file()
    own.write_text("seed = 2\n[deeper]\ncrop_frames = 7\n[again]\nfaces = 3\n[portrait]\nlips = 8\n")
    assert read_config([own])["deeper"]["crop_frames"] == 7


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[encoder]\nstep = 7\n", r"says step in \[encoder\], which no training reads: steps is"),
        ("[encodr]\nsteps = 7\n", r"says \[encodr\], which no training reads: encoder is"),
        ("steps = 7\n", "says steps, which no training reads"),
        ("encoder = 7\n", "says encoder, which no training reads"),
        ('[encoder]\nsteps = "many"\n', "says 'many' for steps"),
        ("[encoder]\nsteps = 7.5\n", "says 7.5 for steps"),
        ("[encoder]\nsteps = -7\n", "says -7 for steps"),
        ("[encoder]\nrate = nan\n", "says nan for rate"),
        ("[encoder]\nsteps = true\n", "says True for steps"),
        ("[encoder]\ndilations = 3\n", "says 3 for dilations"),
    ],
)
def test_configuration_of_what_no_training_reads(tmp_path: Path, text: str, told: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text)
    with pytest.raises(EngineError, match=told) as refused:
        read_config([own])
    assert refused.value.code == "bad_config"


@pytest.mark.parametrize("part", ["content", "voted"])
def test_nothing_to_learn_from_is_told(tmp_path: Path, part: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["train", part, "--corpus", str(tmp_path), "--output", str(tmp_path / "o.npz")]
    if part == "voted":
        command += ["--start", str(CONTENT_WEIGHTS)]
    else:
        command += ["--speech", str(tmp_path), "--data", str(tmp_path), "--runs", str(tmp_path / "runs")]
    assert main(command) == 1
    assert "to learn from" in capsys.readouterr().err
    assert main(["prepare", "speech", str(CONFIGS / "content.toml"), str(tmp_path / "out")]) == 1
    assert "content.toml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (["voted"], "train voted needs --corpus and --start"),
        (["voted", "pictures", "--corpus", "grid", "--start", "c.npz"], "takes no folder of pictures"),
        (["known"], "train known needs --corpus and --start"),
        (["known", "--corpus", "grid", "--start", "missing.npz"], "missing.npz is missing"),
        (["voted", "--corpus", "grid", "--start", "missing.npz"], "missing.npz is missing"),
        (["lips", "--corpus", "grid", "--start", "c.npz"], "train lips needs --data and --runs"),
        (
            ["all", "--corpus", "g", "--speech", "s", "--data", "d", "--runs", "r", "--start", "c.npz"],
            "Only train lips",
        ),
    ],
)
def test_what_a_part_needs_is_told(capsys: pytest.CaptureFixture[str], said: list[str], told: str) -> None:
    assert main(["train", *said, "--output", "made.npz"]) != 0
    assert told in "".join(capsys.readouterr())


@pytest.mark.parametrize("text", [None, "not [ toml"])
def test_bad_configuration_is_told(
    corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None
) -> None:
    bad = tmp_path / "bad.toml"
    if text is not None:
        bad.write_text(text)
    wrong = arguments(corpora, tmp_path)
    wrong[3] = str(bad)
    assert main(wrong) == 1
    assert str(bad) in capsys.readouterr().err
