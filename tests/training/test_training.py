"""Corpora, augmentation, losses, runs and metrics, on data made on the spot."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is needed for training")

from made_clips import made_clip

from inference.detection.mesh_points import MESH_TO_IBUG
from inference.errors import EngineError
from inference.face.landmarks import MIRROR, mouth_opening
from inference.training.disturbances import augment
from inference.training.evaluation.metrics import best_lag, correlation
from inference.training.filmed_corpora.corpus import load_clip, split
from inference.training.filmed_corpora.faces import example_of, neutral_of
from inference.training.recipes.decoder import components_of, loss_weights, motion_loss
from inference.training.recipes.encoder import continue_from
from inference.training.recipes.joint import mean_of, set_dropout
from inference.training.recipes.run import Run, follow


def test_mesh_table_is_symmetric_and_complete() -> None:
    assert len(MESH_TO_IBUG) == 68 == len(set(MESH_TO_IBUG.tolist()))
    assert len(MIRROR) == 68


def test_clip_round_trip(tmp_path: Path) -> None:
    opening = made_clip(tmp_path / "s9" / "one.npz")
    clip = load_clip(tmp_path / "s9" / "one.npz")
    assert clip.speaker == "s9" and len(clip) == 75
    assert np.abs(mouth_opening(clip.landmarks) - opening).max() < 1e-3
    assert mouth_opening(neutral_of(clip.landmarks)) < 1e-3


def test_splits_count_through_skipped_clips(tmp_path: Path) -> None:
    for index in range(20):
        if index != 4:
            made_clip(tmp_path / "s1" / f"c{index:02d}.npz", 30)
    report = {"clips": 19, "skipped": [{"clip": "s1/c04", "reason": "no face"}]}
    (tmp_path / "report.json").write_text(json.dumps(report))
    groups = split(tmp_path, "s1")
    assert [path.stem for path in groups["test"]] == ["c09", "c19"]
    made_clip(tmp_path / "s26" / "a.npz", 30)
    assert split(tmp_path, "s26")["train"] == []


def test_augmentation_keeps_shape_and_repeats() -> None:
    samples = np.random.default_rng(0).normal(0, 0.1, 32000).astype(np.float32)
    spectrum = augment.magnitudes(samples)
    assert spectrum.shape == (201, 257)
    power = augment.mel_of(spectrum)
    first, second = (augment.disturb(power, np.random.default_rng(5), []) for _ in range(2))
    assert (
        first.shape == power.shape
        and np.array_equal(first, second)
        and np.isfinite(augment.heard(first)).all()
    )
    noise = augment.noise(120, np.random.default_rng(2), [])
    assert noise.shape == (120, 40) and noise.mean() == pytest.approx(1, rel=1e-3)


def test_a_room_rings_on_and_its_tail_is_as_loud_as_it_says() -> None:
    power = np.full((300, 40), 1e-9, np.float32)
    power[50] = 1.0
    heard = augment.room(power, 0.5, 3.0)
    assert np.allclose(heard[:51], power[:51])
    tail = heard[51:].sum(axis=0)
    assert 10 * np.log10(tail[0] / 1000**-0.04) == pytest.approx(-3.0, abs=0.1)  # 2.4 dB of it within a frame
    assert 10 * np.log10(heard[55, 0] / heard[80, 0]) == pytest.approx(
        30, abs=0.5
    )  # 60 dB in 0.5 s, half of it in 0.25 s
    assert heard[80, 39] < 0.1 * heard[80, 0]


def test_an_overdriven_amplifier_squeezes_and_fills() -> None:
    power = np.full((100, 40), 1e-6, np.float32)
    power[:50, 5], power[50:, 5] = 1.0, 100.0
    heard = augment.overdriven(power, np.random.default_rng(3))
    assert heard.shape == power.shape and heard.dtype == np.float32
    assert 1 < heard[60, 5] / heard[10, 5] < 100
    assert heard[60, 30] / heard[60, 5] > 100 * power[60, 30] / power[60, 5]


def test_a_faster_clip_takes_its_lips_along(tmp_path: Path) -> None:
    made_clip(tmp_path / "s9" / "one.npz")
    example = example_of(load_clip(tmp_path / "s9" / "one.npz"))
    fast, slow = example.spoken_at(1.25), example.spoken_at(0.8)
    for changed, speed in ((fast, 1.25), (slow, 0.8)):
        assert changed.spectrum.shape == example.spectrum.shape
        assert changed.displacement.shape == example.displacement.shape
        frame = int(40 / speed)
        assert changed.displacement[frame] == pytest.approx(
            example.displacement[round(frame * speed)], abs=0.01
        )
        assert np.array_equal(changed.spectrum[100], example.spectrum[int(100 * speed)])
    assert np.abs(fast.displacement[62:] - example.displacement[-1]).max() < 1e-6  # at rest behind its end
    assert np.array_equal(example.spoken_at(1.0).spectrum, example.spectrum)


def test_components_span_the_motion_and_the_loss_sees_errors(tmp_path: Path) -> None:
    made_clip(tmp_path / "s9" / "one.npz")
    example = example_of(load_clip(tmp_path / "s9" / "one.npz"))
    basis, kept = components_of([example], 6)
    assert basis.shape == (6, 37, 3) and kept > 0.99
    truth = torch.from_numpy(example.displacement[None])
    spoken = torch.ones(1, dtype=torch.bool)
    scale = loss_weights()
    right = float(motion_loss(truth, truth, scale, spoken))
    late = float(motion_loss(truth.roll(3, 1), truth, scale, spoken))
    flat = float(motion_loss(torch.zeros_like(truth), truth, scale, spoken))
    assert right < 0.02 < min(late, flat)


def test_best_lag_has_the_sign_it_says() -> None:
    truth = np.random.default_rng(0).normal(size=200)
    r, lag = best_lag(np.roll(truth, 2), truth, 25.0)
    assert r > 0.99 and lag == pytest.approx(80)
    assert correlation(np.zeros(5), truth[:5]) == 0


def test_a_run_goes_on_after_a_stop(tmp_path: Path) -> None:
    layer = torch.nn.Linear(2, 2)
    run = Run(tmp_path, {"layer": layer}, 10)
    run.record(4, loss=1.0)
    run.save(4)
    other = torch.nn.Linear(2, 2)
    again = Run(tmp_path, {"layer": other}, 10)
    assert again.step == 4 and torch.equal(other.weight, layer.weight)
    again.record(8, loss=0.5)
    again.plot()
    assert (tmp_path / "curves.csv").read_text().count("\n") == 3 and (
        tmp_path / "curves.png"
    ).stat().st_size > 1000


def test_the_moving_average_follows_weights_and_statistics() -> None:
    network = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.BatchNorm1d(3), torch.nn.Dropout(0.5))
    average = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.BatchNorm1d(3), torch.nn.Dropout(0.5))
    network(torch.randn(8, 3) + 5)
    expected = 0.75 * average[0].weight + 0.25 * network[0].weight
    follow(average, network, 0.75)
    assert torch.allclose(average[0].weight, expected)
    assert average[1].num_batches_tracked == 1
    for _ in range(60):
        follow(average, network, 0.75)
    assert torch.allclose(average[1].running_mean, network[1].running_mean, atol=1e-4)
    set_dropout(network, 0.1)
    assert network[2].p == 0.1


def test_a_deeper_encoder_begins_where_the_other_ended() -> None:
    from inference.training.networks.content import Encoder, EncoderConfig

    torch.manual_seed(0)
    shallow = Encoder(EncoderConfig(channels=12, dilations=(1, 2)))
    shallow(torch.randn(4, 41, 60))  # statistics of its own
    deeper = Encoder(EncoderConfig(channels=12, dilations=(1, 2, 4, 1)))
    features = torch.randn(2, 41, 60)
    wanted = shallow.eval()(features)[1].detach()
    untrained = (deeper.eval()(features)[1].detach() - wanted).std()
    continue_from(deeper, shallow.state_dict())
    heard = deeper(features)[1]
    assert (heard.detach() - wanted).std() < 0.1 * untrained
    # And every new layer learns.
    deeper.train()(features)[1].square().sum().backward()
    for layer in deeper.layers[2:]:
        assert layer.weight.grad is not None and float(layer.weight.grad.abs().max()) > 0
    with pytest.raises(EngineError, match="deeper"):
        continue_from(shallow, deeper.state_dict())


def test_the_mean_of_runs_keeps_counts() -> None:
    first = {"encoder": {"weight": torch.tensor([0.0, 2.0]), "count": torch.tensor(10)}}
    other = {"encoder": {"weight": torch.tensor([1.0, 4.0]), "count": torch.tensor(10)}}
    mean = mean_of([first, other])["encoder"]
    assert mean["weight"].tolist() == [0.5, 3.0]
    assert mean["count"].dtype == torch.int64 and int(mean["count"]) == 10
