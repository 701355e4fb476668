"""ATC_net of the personalised head pose: published keys and shapes, its front end, and a head that it moves."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the full engine")

from torch.nn import functional

from inference import cli, pipeline
from inference.errors import EngineError
from inference.face.animation import FaceAnimation
from inference.published import cepstra, head_pose, licence, state

SHAPES: dict[str, list[int]] = json.loads(
    Path(__file__).with_name("head_pose_shapes.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    """Random ones of the published keys and shapes."""
    generator = torch.Generator().manual_seed(4)
    state = {}
    for key, shape in SHAPES.items():
        if key.endswith("tracked"):
            state[key] = torch.tensor(3)
        elif key.endswith("running_var") or (key.endswith("weight") and len(shape) == 1):
            state[key] = 0.5 + torch.rand(shape, generator=generator)
        else:
            spread = (3 / math.prod(shape[1:])) ** 0.5 if len(shape) > 1 else 0.05
            state[key] = (2 * torch.rand(shape, generator=generator) - 1) * spread
    return state


@pytest.fixture(scope="module")
def weights_file(weights, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "atcnet_lstm_general.pth"
    torch.save(weights, path)
    return path


def test_keys_and_shapes_are_the_published_ones():
    ours = {key: list(values.shape) for key, values in head_pose.AudioToHead().state_dict().items()}
    assert ours == SHAPES
    learned = [shape for key, shape in SHAPES.items() if not key.endswith(("mean", "var", "tracked"))]
    assert sum(math.prod(shape) for shape in learned) == 29_430_534


def _restated(weights: dict[str, torch.Tensor], windows: np.ndarray) -> np.ndarray:
    """The layer list, one after the other; the recurrence step by step."""
    values = torch.from_numpy(windows)[:, None]
    for layer in ("0", "1", "pool", "3", "4", "5", "last pool"):
        if layer.endswith("pool"):
            values = functional.max_pool2d(values, 3, (1, 2) if layer == "pool" else (2, 2))
            continue
        name = f"audio_eocder.{layer}"
        values = functional.conv2d(values, weights[f"{name}.0.weight"], padding=1)
        mean, deviation = weights[f"{name}.1.running_mean"], (weights[f"{name}.1.running_var"] + 1e-5).sqrt()
        values = (values - mean[:, None, None]) / deviation[:, None, None]
        values = (
            values * weights[f"{name}.1.weight"][:, None, None] + weights[f"{name}.1.bias"][:, None, None]
        )
        values = values.clamp(min=0)
    values = values.reshape(len(windows), -1)
    for layer in ("0", "2"):
        name = f"audio_eocder_fc.{layer}"
        values = (values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]).clamp(min=0)
    for layer in range(3):
        hidden, memory, told = torch.zeros(256), torch.zeros(256), []
        for frame in values:
            gates = (
                weights[f"lstm.weight_ih_l{layer}"] @ frame + weights[f"lstm.bias_ih_l{layer}"]
                + weights[f"lstm.weight_hh_l{layer}"] @ hidden + weights[f"lstm.bias_hh_l{layer}"]
            )  # fmt: skip
            enter, forget, candidate, leave = gates.split(256)
            memory = forget.sigmoid() * memory + enter.sigmoid() * candidate.tanh()
            hidden = leave.sigmoid() * memory.tanh()
            told.append(hidden)
        values = torch.stack(told)
    return (values @ weights["lstm_fc.0.weight"].T + weights["lstm_fc.0.bias"]).numpy()


def test_the_network_is_its_layer_list(weights, weights_file):
    windows = np.random.RandomState(2).standard_normal((5, 28, 12)).astype(np.float32) * 3
    network = head_pose.load(weights_file)
    with torch.inference_mode():
        said = network(torch.from_numpy(windows)).numpy()
    restated = _restated(weights, windows)
    assert said.shape == (5, 70)
    np.testing.assert_allclose(said, restated, atol=2e-5)
    rotation, translation = head_pose.head_motion(network, windows)
    pose = restated[:, 64:] - restated[:, 64:].mean(axis=0)
    np.testing.assert_allclose(rotation, pose[:, :3], atol=2e-5)
    np.testing.assert_allclose(translation, pose[:, 3:] / 0.9, atol=3e-5)


def test_cepstra_are_those_of_the_package_that_was_used():
    """Numbers of python_speech_features 0.6: ``mfcc(samples, 16000, winstep=0.01)[[0, 3, 9]][:, [1, 6, 12]]``."""
    time = np.arange(1700)
    samples = np.round(3000 * np.sin(time * time / 9000) + 40 * np.cos(time))
    samples[900:1100] = 0
    told = cepstra.cepstra(samples)
    assert told.shape == (10, 12)
    np.testing.assert_allclose(told[[0, 3, 9]][:, [0, 5, 11]], EXPECTED, atol=1e-6)


EXPECTED = [
    [26.6002952, 25.8660045, -18.6276897],
    [26.4119697, -26.7750264, -1.8523969],
    [10.3937039, 28.1646297, 9.6054439],
]


@pytest.mark.parametrize(("samples", "frames"), [(1, 1), (640, 1), (641, 2), (16000, 25), (16001, 26)])
def test_every_frame_of_the_film_hears_something(samples, frames):
    assert cepstra.windows(np.zeros(samples, np.float32)).shape == (frames, 28, 12)


def test_the_head_is_the_networks_and_the_lips_are_not(weights_file, word, tmp_path, capsys, monkeypatch):
    monkeypatch.delenv(licence.VARIABLE, raising=False)
    plain, moved = tmp_path / "plain.npz", tmp_path / "moved.npz"
    assert cli.main(["animate", str(word), "-o", str(plain)]) == 0
    with_head = ["animate", str(word), "-o", str(moved), "--published-head", str(weights_file)]
    assert cli.main(with_head) == 1
    assert "research only" in capsys.readouterr().err
    assert not moved.exists()
    assert cli.main([*with_head, "--accept-licence"]) == 0
    assert licence.HEAD_POSES.notice in capsys.readouterr().err
    one, other = FaceAnimation.load(plain), FaceAnimation.load(moved)
    np.testing.assert_array_equal(one.arkit, other.arkit)
    assert not np.allclose(one.head_rotation, other.head_rotation)
    assert np.abs(other.head_rotation).max() > 1e-4
    assert not other.head_rotation[[0, -1]].any()
    assert "ATC_net" in other.source["head"]
    assert cli.main([*with_head, "--pose", "still"]) == 0  # accepted before
    assert not FaceAnimation.load(moved).head_rotation.any()


@pytest.mark.parametrize("what", ["absent", "folder", "not accepted", "no torch"])
def test_what_stands_against_a_published_head_is_said_before_any_work(
    what, weights_file, word, tmp_path, capsys, monkeypatch
):
    monkeypatch.delenv(licence.VARIABLE, raising=False)
    monkeypatch.setattr(pipeline, "animate", lambda *_: pytest.fail("It was animated first."))
    weights = tmp_path / "atc.pth"
    if what == "folder":
        weights.mkdir()
    elif what != "absent":
        weights.symlink_to(weights_file)
    if what == "no torch":
        monkeypatch.setattr(state, "_NEEDED", ("torch_of_nobody",))
    command = ["animate", str(word), "-o", str(tmp_path / "o.npz"), "--published-head", str(weights)]
    if what != "not accepted":
        command.append("--accept-licence")
    assert cli.main(command) == 1
    told = {"not accepted": "research only", "no torch": "full engine"}.get(what, "does not exist")
    assert told in capsys.readouterr().err


def test_a_head_that_is_held_needs_no_published_terms(weights_file, word, tmp_path, capsys, monkeypatch):
    monkeypatch.delenv(licence.VARIABLE, raising=False)
    weights = tmp_path / "atc.pth"
    weights.symlink_to(weights_file)
    held = ["animate", str(word), "-o", str(tmp_path / "o.npz"), "--pose", "still", "--accept-licence"]
    assert cli.main([*held, "--published-head", str(weights)]) == 0
    assert licence.HEAD_POSES.notice not in capsys.readouterr().err
    assert not licence.HEAD_POSES.is_accepted(tmp_path)


def test_a_published_head_hears_the_recording_that_was_read(weights_file, word, tmp_path, monkeypatch):
    read = []

    def counted(*arguments):
        read.append(arguments)
        return read_recording(*arguments)

    read_recording = pipeline.read_recording
    monkeypatch.setattr(pipeline, "read_recording", counted)
    command = ["animate", str(word), "-o", str(tmp_path / "o.npz"), "--accept-licence"]
    assert cli.main([*command, "--published-head", str(weights_file)]) == 0
    assert len(read) == 1


@pytest.mark.parametrize("what", ["absent", "other", "short", "text"])
def test_a_file_that_is_none_of_it(what, weights, tmp_path):
    path = tmp_path / "weights.pth"
    if what == "other":
        torch.save({"fc.weight": torch.zeros(3, 4)}, path)
    elif what == "short":
        torch.save({**weights, "lstm_fc.0.bias": torch.zeros(6)}, path)
    elif what == "text":
        path.write_text("download failed")
    with pytest.raises(EngineError, match=r"weights\.pth") as error:
        head_pose.load(path)
    assert error.value.code == "bad_weights"
    assert "MakeItTalk" not in error.value.message
