"""The speaker encoder's training and measuring: on voices made up here, and on held-out people where the corpus is there."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from recordings import wav_bytes

torch = pytest.importorskip("torch", reason="torch is needed for training")
pytest.importorskip("av", reason="av is needed to read the corpora")

from inference.cli import main
from inference.errors import EngineError
from inference.hearing.population import Population
from inference.hearing.speaker_encoder import (
    NumpySpeakerEncoder,
    load_speaker_encoder,
    load_speaker_weights,
    save_speaker_weights,
    speaker_features,
)
from inference.motion.manner.voice import RANKED, VoiceStatistics
from inference.training.evaluation.speaker_pairs import (
    averaged,
    equal_error_rate,
    evaluate_speaker,
    grid_clips,
    pair_cosines,
)
from inference.training.filmed_corpora.utterances import utterance_files
from inference.training.networks.speaker import AngularMargin, SpeakerConfig, SpeakerNetwork, export
from inference.training.recipes.speaker import Batches, Speech, population_of

NOBODY = Population({}, {}, (172, 243))
TINY = """
[speaker]
channels = 8
dilations = [1, 2]
pooled = 10
attention = 4
embedding = 6
warps = [0.9, 1.0]
validation_speakers = 2
crop_frames = 60
batch = 6
steps = 4
checkpoint_every = 2
"""
HEADER = ("utterance", "file", "speaker", "gender", "age", "part", "text", "phones (words split by |)")


def buzz(hertz: float, seconds: float, random: np.random.Generator) -> np.ndarray:
    """Syllables of a harmonic sound, within ±1."""
    moments = np.arange(int(seconds * 16000)) / 16000
    sound = sum(np.sin(2 * np.pi * hertz * k * moments) / k for k in range(1, 12))
    sound = 0.1 * sound * (0.1 + np.sin(2 * np.pi * 2 * moments) ** 2) + random.normal(0, 1e-3, len(moments))
    return np.clip(sound, -1, 1)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``speech`` as speechocean762's table has it: six people who train and three who test, six utterances each."""
    folder = tmp_path_factory.mktemp("voices")
    random = np.random.default_rng(0)
    (folder / "speech" / "wav").mkdir(parents=True)
    rows = ["\t".join(HEADER)]
    for number in range(9):
        for take in range(6):
            name = f"wav/{number}_{take}.wav"
            voice = wav_bytes(buzz(90 + 35 * number, 2.2, random), 16000)
            (folder / "speech" / name).write_bytes(voice)
            part = "train" if number < 6 else "test"
            rows.append("\t".join((f"{number}{take}", name, f"{number:04d}", "f", "20", part, "MA", "M AA0")))
    (folder / "speech" / "utterances.tsv").write_text("\n".join(rows) + "\n")
    (folder / "tiny.toml").write_text(TINY)
    return folder


@pytest.fixture
def network() -> SpeakerNetwork:
    """Random, with running statistics that are not trivial."""
    torch.manual_seed(2)
    network = SpeakerNetwork(SpeakerConfig())
    for norm in (network.pooled_norm, *network.norms):
        torch.nn.init.uniform_(norm.weight, 0.5, 1.5)
        torch.nn.init.normal_(norm.bias, 0, 0.3)
    for _ in range(3):
        network(torch.randn(6, 40, 150) * 1.3 + 0.2)
    return network.eval()


@pytest.mark.parametrize("frames", [1, 2, 57, 400, 803])
def test_numpy_and_torch_agree(network: SpeakerNetwork, frames: int) -> None:
    weights = export(network, NOBODY, {"name": "test", "version": "0", "threshold": 0.5})
    features = np.random.default_rng(frames).normal(size=(frames, 40)).astype(np.float32)
    with torch.inference_mode():
        expected = network(torch.from_numpy(features.T[None].copy()))[0].numpy()
    np.testing.assert_allclose(NumpySpeakerEncoder(weights).forward(features), expected, atol=1e-4, rtol=1e-4)


def test_half_precision_hardly_moves_the_embedding(network: SpeakerNetwork, tmp_path: Path) -> None:
    weights = export(network, NOBODY, {"name": "test", "version": "0", "threshold": 0.5})
    save_speaker_weights(tmp_path / "speaker.npz", weights)
    features = np.random.default_rng(0).normal(size=(900, 40)).astype(np.float32)
    before, after = (
        NumpySpeakerEncoder(item).embed_features(features)
        for item in (weights, load_speaker_weights(tmp_path / "speaker.npz"))
    )
    assert float(before @ after) > 0.9995
    assert np.linalg.norm(after) == pytest.approx(1, abs=1e-5)


def test_the_margin_makes_the_task_harder_and_only_for_the_right_speaker() -> None:
    torch.manual_seed(0)
    judge = AngularMargin(8, 5)
    embeddings, wanted = torch.randn(20, 8), torch.arange(20) % 5
    losses = [float(judge(embeddings, wanted, margin)[0].detach()) for margin in (0.0, 0.1, 0.3)]
    assert losses[0] < losses[1] < losses[2]
    plain = torch.nn.functional.cross_entropy(
        30 * torch.nn.functional.normalize(embeddings) @ torch.nn.functional.normalize(judge.weight).T, wanted
    )
    assert losses[0] == pytest.approx(float(plain.detach()), rel=1e-4)
    own = torch.nn.functional.normalize(judge.weight)[wanted].detach()
    assert float(judge(own, wanted, 0.1)[1]) == 1
    opposite = -own.requires_grad_()
    judge(opposite, wanted, 0.3)[0].backward()  # where the angle plus the margin would be beyond pi
    assert torch.isfinite(own.grad).all()


def test_equal_error_rates() -> None:
    assert equal_error_rate(np.array([0.8, 0.9]), np.array([0.1, 0.2]))[0] == 0
    rate, threshold = equal_error_rate(np.array([0.3, 0.7, 0.8, 0.9]), np.array([0.1, 0.2, 0.3, 0.75]))
    assert rate == 0.25
    assert 0.3 < threshold <= 0.75
    same = np.random.default_rng(0).normal(0, 1, 20000)
    rate, threshold = equal_error_rate(same + 2, same)
    assert rate == pytest.approx(0.1587, abs=0.005)  # one standard deviation on either side
    assert threshold == pytest.approx(1, abs=0.05)


def test_pairs_are_those_of_one_speaker_and_of_two() -> None:
    embeddings = np.eye(3, dtype=np.float32)[[0, 0, 1, 2]]
    same, different = pair_cosines(embeddings, ["a", "a", "b", "c"])
    assert same.tolist() == [1.0]
    assert different.tolist() == [0.0] * 5


def test_averages_are_of_one_speaker() -> None:
    embeddings = np.eye(2, dtype=np.float32)[[0, 1, 0, 1, 0, 0, 1]]
    means, owners = averaged(embeddings, ["a", "b", "a", "b", "a", "a", "b"], 3)
    assert owners == ["a", "b"]
    np.testing.assert_allclose(means, np.eye(2))


def test_batches_are_the_same_for_the_same_step_and_of_the_right_voice() -> None:
    random = np.random.default_rng(0)
    colours = random.normal(0, 8, (3, 2, 40))  # by speaker and throat
    pieces = [colours[speaker] - 20 + random.normal(0, 1, (90, 2, 40)) for speaker in (0, 0, 1, 1, 2)]
    speech = Speech(np.concatenate(pieces).astype(np.float16), 90 * np.arange(6), ["a", "a", "b", "b", "c"])
    options = {"batch": 4, "crop_frames": 50, "disturbed": 0.0}
    batches = Batches(speech, ["a", "c"], options, 1)
    assert batches.classes == 4
    features, wanted = batches(3)
    again, _ = batches(3)
    assert torch.equal(features, again) and not torch.equal(features, batches(4)[0])
    assert features.shape == (4, 40, 50) and sorted(wanted.tolist()) == [0, 1, 2, 3]
    for row, number in zip(features.numpy(), wanted.tolist(), strict=True):
        colour = colours[(0, 2)[number // 2], number % 2]
        assert np.corrcoef(row.mean(axis=1), colour)[0, 1] > 0.9


def test_the_population_knows_what_a_syllable_tells() -> None:
    random = np.random.default_rng(0)

    def spoken(mean: float) -> list[VoiceStatistics]:
        # Measured on 16 syllables each: a single one would vary by 2.
        return [
            VoiceStatistics(150, 100, 200, 2, 4, mean + random.normal(0, 0.5), 0.1, 16) for _ in range(40)
        ]

    people = {str(number): spoken(random.normal(5, 1)) for number in range(150)}
    people["silent"] = [VoiceStatistics()]
    found = population_of(people)
    assert set(found.percentiles) == set(found.evidence) == set(RANKED)
    assert found.evidence["dynamics"] == pytest.approx(4, rel=0.3)  # 2 squared over 1 squared
    assert found.rank("dynamics", 5, 10**6) == pytest.approx(0.5, abs=0.1)
    assert found.percentiles["dynamics"].min() > 1


def test_one_command_makes_the_weights(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "train", "speaker", "--config", str(corpus / "tiny.toml"), "--data", str(corpus), "--runs", str(tmp_path),
        "--output", str(tmp_path / "speaker.npz"), "--threads", "1",
    ]  # fmt: skip
    assert main(arguments) == 0
    first = (tmp_path / "speaker.npz").read_bytes()
    weights = load_speaker_weights(tmp_path / "speaker.npz")
    assert -1 <= weights.metadata["threshold"] <= 1
    assert weights.population.percentiles["median_f0"][0] == pytest.approx(90, rel=0.03)
    assert weights.population.percentiles["median_f0"][-1] == pytest.approx(90 + 35 * 5, rel=0.03)
    assert "speechocean762" in weights.metadata["corpora"][0]
    assert (tmp_path / "speaker" / "curves.png").is_file()
    # What was finished is not done again.
    assert main(arguments) == 0
    assert (tmp_path / "speaker.npz").read_bytes() == first
    assert "going on at step 4 of 4" in capsys.readouterr().out

    measuring = ["evaluate-speaker", str(corpus), "--model", str(tmp_path / "speaker.npz")]
    assert main([*measuring, "--json", str(tmp_path / "f.json")]) == 0
    figures = json.loads((tmp_path / "f.json").read_text())
    assert figures["encoder"] == "speaker-1"
    assert [(row["condition"], row["utterances"]) for row in figures["rows"]] == [
        ("as recorded", 1), ("as recorded", 3), ("disturbed", 1), ("disturbed", 3),
    ]  # fmt: skip
    assert figures["rows"][0]["speakers"] == 3
    assert figures["rows"][0]["pairs"] == 3 * 15
    assert all(0 <= row["equal_error"] <= 100 for row in figures["rows"])


def test_the_other_parts_say_what_they_need(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["train", "--data", str(tmp_path), "--runs", str(tmp_path), "--output", str(tmp_path / "x.npz")])
        == 2
    )
    assert "--corpus and --speech" in capsys.readouterr().out


def test_missing_people_are_told(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="nobody"):
        utterance_files(corpus / "speech", "validation")
    with pytest.raises(FileNotFoundError):
        utterance_files(tmp_path, "train")
    with pytest.raises(EngineError, match="clips"):
        grid_clips(tmp_path)
    alone = {"0006": utterance_files(corpus / "speech", "test")["0006"]}
    with pytest.raises(EngineError, match="two speakers"):
        evaluate_speaker(load_speaker_encoder(), {"made up": alone}, report=lambda line: None)


def test_features_do_not_depend_on_the_gain() -> None:
    power = np.exp(np.random.default_rng(0).normal(0, 2, (200, 40))).astype(np.float32)
    np.testing.assert_allclose(speaker_features(power), speaker_features(1e-4 * power), atol=1e-3)


def test_what_ships_tells_strangers_apart(root: Path) -> None:
    data = root.parent / "shared" / "data"
    if not (data / "speech" / "utterances.tsv").is_file():
        pytest.skip(f"speechocean762 is not in {data}")
    people = utterance_files(data / "speech", "test")
    chosen = {name: people[name][:9] for name in list(people)[::8]}
    rows = evaluate_speaker(load_speaker_encoder(), {"held out": chosen}, report=lambda line: None)
    single, several = (row for row in rows if row.condition == "as recorded")
    assert single.speakers == len(chosen)
    assert single.equal_error < 16
    assert several.equal_error < 9
    assert several.equal_error < single.equal_error
