"""The re-implemented networks: published keys and shapes, formulas, and no seam however long the recording."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the full engine")

from published_files import ENTRIES, SHAPES, random_state, write_checkpoint

from inference.errors import EngineError
from inference.hearing import backends
from inference.published import networks
from inference.published.files import read_weights
from inference.published.model import convert, speaker_motion
from inference.published.postprocess import pose_motion
from inference.published.segments import overlapping

CLASSES = {
    "content": networks.ContentBranch,
    "speaker": networks.SpeakerBranch,
    "autovc": networks.VoiceConverter,
}


def filled(network: str, seed: int = 0) -> torch.nn.Module:
    module = CLASSES[network]()
    state = {key: values.numpy() for key, values in random_state(network, seed).items()}
    networks.load_into(module, state, Path("random"))
    return module


@pytest.mark.parametrize("network", CLASSES)
def test_names_and_shapes_are_the_published_ones(network: str) -> None:
    ours = {key: list(values.shape) for key, values in CLASSES[network]().state_dict().items()}
    published = SHAPES[network]
    assert {key: published.get(key) for key in ours} == ours
    # What is left out is the decoder that inference never runs.
    assert all(key.startswith("decoder.") for key in set(published) - set(ours))
    assert network == "speaker" or set(published) == set(ours)


def test_the_published_parameter_counts() -> None:
    counts = {
        network: sum(
            math.prod(shape)
            for key, shape in keys.items()
            if not key.endswith(("running_mean", "running_var", ".pe", "tracked"))
        )
        for network, keys in SHAPES.items()
    }
    assert counts == {
        "content": 1_965_677,
        "speaker": 3_000_908,
        "autovc": 14_320_960,
        "translator": 69_860_736,
    }


@pytest.mark.parametrize(
    ("network", "legacy", "parallel"),
    [("content", False, True), ("content", True, False), ("speaker", False, False), ("speaker", True, True)],
)
def test_files_of_every_container_fill_the_networks(
    tmp_path: Path, network: str, legacy: bool, parallel: bool
) -> None:
    path = write_checkpoint(tmp_path, network, legacy=legacy, parallel=parallel)
    before = path.read_bytes()
    module = CLASSES[network]()
    networks.load_into(module, read_weights(path, ENTRIES[network][1]), path)
    reference = random_state(network)
    for key, values in module.state_dict().items():
        assert torch.equal(values, reference[key]), key
    assert path.read_bytes() == before


def test_what_may_be_missing_and_what_may_not(tmp_path: Path) -> None:
    path = tmp_path / "ckpt_speaker_branch.pth"
    weights = {key: values.numpy() for key, values in random_state("speaker").items()}
    weights["comb_mlp.0.weight"] = np.zeros((512, 384), np.float32)
    del weights["encoder.pe.pe"]
    module = networks.SpeakerBranch()
    networks.load_into(module, weights, path)
    assert torch.allclose(module.encoder.pe.pe, random_state("speaker")["encoder.pe.pe"], atol=1e-6)
    missing = {key: values for key, values in weights.items() if key != "out.2.bias"}
    with pytest.raises(EngineError, match=r"ckpt_speaker_branch\.pth lacks the weight out\.2\.bias"):
        networks.load_into(module, missing, path)
    with pytest.raises(EngineError, match=r"out\.2\.bias with the shape \(7,\)"):
        networks.load_into(module, {**weights, "out.2.bias": np.zeros(7)}, path)
    with pytest.raises(EngineError, match="invalid numbers"):
        networks.load_into(module, {**weights, "out.2.bias": np.full(256, np.nan)}, path)


def test_a_file_of_another_network_is_refused(tmp_path: Path) -> None:
    path = write_checkpoint(tmp_path, "content", legacy=False, parallel=False)
    with pytest.raises(EngineError, match="no network named 'model'"):
        read_weights(path, "model")


def test_norm_is_with_the_unbiased_deviation_and_epsilon_outside() -> None:
    norm = networks.Norm(4)
    norm.alpha.data, norm.bias.data = torch.tensor([1.0, 2, 3, 4]), torch.tensor([0.0, 1, 0, 1])
    values = np.array([1.0, 2, 4, 9])
    expected = np.array([1, 2, 3, 4]) * (values - 4) / (np.sqrt(((values - 4) ** 2).sum() / 3) + 1e-6) + [
        0,
        1,
        0,
        1,
    ]
    assert np.allclose(norm(torch.tensor(values).float()).detach(), expected, atol=1e-5)
    layer_norm = torch.nn.functional.layer_norm(torch.tensor(values).float(), (4,))
    assert not np.allclose(layer_norm, (expected - [0, 1, 0, 1]) / [1, 2, 3, 4], atol=0.1)


def test_positions_are_not_the_usual_ones() -> None:
    table = networks.position_table(64, 64)[0].double().numpy()
    for place in (0, 1, 7, 63):
        for slot in range(0, 64, 2):
            assert table[place, slot] == pytest.approx(math.sin(place / 10000 ** (2 * slot / 64)), abs=1e-5)
            assert table[place, slot + 1] == pytest.approx(
                math.cos(place / 10000 ** (2 * (slot + 1) / 64)), abs=1e-5
            )


def test_attention_is_two_heads_of_32() -> None:
    torch.manual_seed(0)
    attention = networks.Attention(64)
    values = torch.randn(1, 5, 64)
    query, key, value = (
        part(values)[0].detach().numpy()
        for part in (attention.q_linear, attention.k_linear, attention.v_linear)
    )
    heads = []
    for head in (slice(0, 32), slice(32, 64)):
        scores = query[:, head] @ key[:, head].T / np.sqrt(32)
        weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        heads.append(weights @ value[:, head])
    expected = attention.out(torch.from_numpy(np.concatenate(heads, axis=1)))
    assert torch.allclose(attention(values)[0], expected, atol=1e-5)


def sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


def lstm_step_by_step(inputs: np.ndarray, state: dict[str, np.ndarray], name: str, layers: int) -> np.ndarray:
    """(T, D) → (T, H), written out: gates in torch's order input, forget, cell, output."""
    for layer in range(layers):
        into, over = state[f"{name}.weight_ih_l{layer}"], state[f"{name}.weight_hh_l{layer}"]
        bias = state[f"{name}.bias_ih_l{layer}"] + state[f"{name}.bias_hh_l{layer}"]
        hidden = cell = np.zeros(over.shape[1])
        outputs = []
        for row in inputs:
            gates = np.split(into @ row + over @ hidden + bias, 4)
            cell = sigmoid(gates[1]) * cell + sigmoid(gates[0]) * np.tanh(gates[2])
            hidden = sigmoid(gates[3]) * np.tanh(cell)
            outputs.append(hidden)
        inputs = np.array(outputs)
    return inputs


def batch_norm(values: np.ndarray, state: dict[str, np.ndarray], name: str) -> np.ndarray:
    centred = (values - state[f"{name}.running_mean"]) / np.sqrt(state[f"{name}.running_var"] + 1e-5)
    return centred * state[f"{name}.weight"] + state[f"{name}.bias"]


def test_the_content_branch_is_the_formula_written_out() -> None:
    module = filled("content")
    state = {key: values.double().numpy() for key, values in random_state("content").items()}

    def linear(values: np.ndarray, name: str) -> np.ndarray:
        return values @ state[f"{name}.weight"].T + state[f"{name}.bias"]

    def leaky(values: np.ndarray) -> np.ndarray:
        return np.where(values > 0, values, 0.2 * values)

    random = np.random.RandomState(1)
    windows, face = random.standard_normal((2, 18, 80)), random.standard_normal(204)
    rows = []
    for window in windows:
        prior = linear(leaky(batch_norm(linear(window, "fc_prior.0"), state, "fc_prior.1")), "fc_prior.3")
        hidden = np.concatenate([lstm_step_by_step(prior, state, "bilstm", 3)[-1], face])
        for first, norm in (("fc.0", "fc.1"), ("fc.3", "fc.4")):
            hidden = leaky(batch_norm(linear(hidden, first), state, norm))
        rows.append(linear(hidden, "fc.6"))
    found = module(torch.from_numpy(windows).float(), torch.from_numpy(face).float())
    assert np.allclose(found.numpy(), rows, atol=1e-4)


def test_autovc_squeezes_through_codes_of_sixteen_frames() -> None:
    torch.manual_seed(0)
    encoder = networks.VoiceEncoder().eval()
    values = torch.randn(1, 336, 48)
    hidden = values
    for layer in encoder.convolutions:
        hidden = torch.relu(layer(hidden))
    states = encoder.lstm(hidden.transpose(1, 2))[0][0]
    codes = encoder(values)[0]
    assert codes.shape == (48, 32)
    for first in (0, 16, 32):
        code = torch.cat([states[first + 15, :16], states[first, 16:]])
        assert torch.allclose(codes[first : first + 16], code.expand(16, -1), atol=1e-6)


@pytest.mark.parametrize(
    ("frames", "length", "overlap", "align"),
    [
        (1, 512, 480, 1),
        (512, 512, 480, 1),
        (513, 512, 480, 1),
        (1875, 512, 480, 1),
        (9000, 4096, 512, 32),
        (700, 512, 256, 32),
    ],
)
def test_the_shares_of_all_segments_add_up_to_one(frames: int, length: int, overlap: int, align: int) -> None:
    total = np.zeros(frames)
    for start, stop, share in overlapping(frames, length, overlap, align):
        assert start % align == 0
        assert stop - start == len(share) <= length
        if start > 0:
            assert share[0] < 0.05
        if stop < frames:
            assert share[-1] < 0.05
        assert np.abs(np.diff(share)).max(initial=0) < 0.05
        total[start:stop] += share
    assert np.allclose(total, 1, atol=1e-6)


@pytest.fixture(scope="module")
def half_a_minute() -> tuple[torch.nn.Module, torch.Tensor, torch.Tensor]:
    """The speaker-aware branch, 30 s of what it could hear, and a speaker."""
    from scipy.ndimage import gaussian_filter1d

    random = np.random.RandomState(0)
    module = filled("speaker")
    with torch.inference_mode():
        mel = torch.from_numpy(random.standard_normal((64, 18, 80)).astype(np.float32))
        spread = module.hear(mel).numpy()
    wander = gaussian_filter1d(random.standard_normal((1875, 256)), 5, axis=0)
    heard = spread.mean(axis=0) + spread.std(axis=0) * wander / wander.std()
    speaker = random.standard_normal(256)
    return module, *(
        torch.from_numpy(part.astype(np.float32)) for part in (heard, 3 * speaker / np.linalg.norm(speaker))
    )


def test_up_to_512_frames_are_exactly_one_published_segment(half_a_minute: tuple) -> None:
    module, heard, speaker = half_a_minute
    with torch.inference_mode():
        expected = module(heard[:512], speaker).numpy()
    assert np.array_equal(speaker_motion(module, heard[:512], speaker), expected)


def test_thirty_seconds_have_no_seam_and_hardly_know_where_segments_begin(half_a_minute: tuple) -> None:
    module, heard, speaker = half_a_minute
    with torch.inference_mode():
        cut = np.concatenate(
            [module(heard[first : first + 512], speaker).numpy() for first in range(0, 1875, 512)]
        )
    ours = speaker_motion(module, heard, speaker)

    def steps(motion: np.ndarray) -> np.ndarray:
        size = np.abs(np.diff(motion, axis=0)).mean(axis=1)
        return size / np.median(size)

    borders = np.array([512, 1024, 1536]) - 1
    assert steps(cut)[borders].min() > 2.5  # the published seams are there to be found
    assert steps(ours)[borders].max() < 1.6
    assert steps(ours)[480:-480].max() < steps(cut)[borders].min()
    # The same sound, its segments beginning elsewhere: the middle moves the same.
    late = speaker_motion(module, heard[100:], speaker)
    middle = slice(400, -400)
    smoothed, other = (pose_motion(part.reshape(-1, 68, 3), 1.0) for part in (ours[100:], late))
    difference = np.sqrt(np.mean((smoothed[middle] - other[middle]) ** 2))
    motion = np.sqrt(np.mean((smoothed[middle] - smoothed[middle].mean(axis=0)) ** 2))
    assert difference < 0.15 * motion


def test_the_voice_is_converted_in_blocks_without_a_seam() -> None:
    class Echo(torch.nn.Module):
        """Gives back what it hears, and fails on lengths that AutoVC cannot take."""

        def forward(
            self, mel: torch.Tensor, source: torch.Tensor, target: torch.Tensor, pitch: torch.Tensor
        ) -> torch.Tensor:
            assert mel.shape[1] % 32 == 0
            assert mel.shape[1] <= 4096
            assert (pitch.sum(dim=-1) <= 1).all()
            return mel + pitch.argmax(dim=-1, keepdim=True)

    random = np.random.RandomState(0)
    mel = random.standard_normal((10_001, 80)).astype(np.float32)
    pitch = random.randint(0, 257, 10_001)
    told: list[float] = []
    voice = torch.zeros(256)
    result = convert(Echo(), mel, pitch, voice, voice, told.append)  # type: ignore[arg-type]
    assert np.allclose(result.numpy(), mel + pitch[:, None], atol=1e-3)
    assert told[-1] == 1.0


def test_the_shapes_are_written_down_once() -> None:
    text = Path(__file__).with_name("published_shapes.json").read_text(encoding="utf-8")
    assert {name: len(keys) for name, keys in json.loads(text).items()} == {
        "content": 37,
        "speaker": 118,
        "autovc": 62,
        "translator": 321,
    }


@pytest.mark.parametrize(
    ("devices", "chosen"), [(["cpu"], ("cpu", "cpu", None)), (["cpu", "cuda"], ("cuda", "cpu", "cuda"))]
)
def test_the_device_that_is_asked_for_or_a_sentence(devices, chosen, monkeypatch) -> None:
    monkeypatch.setattr(backends, "available_devices", lambda: devices)
    for name, device in zip(("auto", "cpu", "cuda"), chosen):
        if device is not None:
            assert networks.device_of(name).type == device
            continue
        with pytest.raises(EngineError, match="NVIDIA") as refused:
            networks.device_of(name)
        assert refused.value.code == "backend_unavailable"
