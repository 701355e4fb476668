"""style_avatar: published keys and shapes, its layer list, and its style codes in and out of ours."""

from __future__ import annotations

import json
import math
import pickle
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the full engine")
scipy_io = pytest.importorskip("scipy.io", reason="needs the full engine")

from recordings import wav_bytes
from torch.nn import functional

from inference import cli
from inference.commands import style as style_command
from inference.errors import EngineError
from inference.face.animation import FaceAnimation
from inference.face.landmarks import NEUTRAL_FACE
from inference.face.messages import StyleRequest
from inference.motion.manner.style_code import CODE_NAMES, measure
from inference.motion.manner.styles import load_style
from inference.published import style_avatar
from inference.published import style_avatar_files as given

SHAPES: dict[str, list[int]] = json.loads(
    Path(__file__).with_name("style_avatar_shapes.json").read_text(encoding="utf-8")
)
UNIT = 0.9
"""Outer eye corners of the face model here, in its units."""
SECONDS = 1.9


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    """Random ones of the published keys and shapes."""
    generator = torch.Generator().manual_seed(6)
    state = {}
    for key, shape in SHAPES.items():
        if key.endswith("running_var"):
            state[key] = 0.5 + torch.rand(shape, generator=generator)
        elif len(shape) > 1:
            state[key] = torch.randn(shape, generator=generator) * (1 / math.prod(shape[1:])) ** 0.5
        elif key.endswith("weight"):
            state[key] = 0.3 + 0.3 * torch.rand(shape, generator=generator)
        else:
            state[key] = 0.05 * torch.randn(shape, generator=generator)
    return state


def expressions() -> np.ndarray:
    """(64, 68, 3): random ones that move little, and the first four what our styles measure, each alone."""
    basis = np.random.RandomState(4).standard_normal((64, 68, 3)) * 0.002
    basis[:4] = 0
    basis[0, 65:68, 1] = basis[0, 55:60, 1] = -0.05  # opens
    basis[1, 54, 0], basis[1, 48, 0] = 0.02, -0.02  # widens
    basis[2, [48, 54], 1] = 0.02  # raises the corners
    basis[3, 17:27, 1] = 0.03  # raises the brows
    return basis


@pytest.fixture(scope="module")
def folder(weights: dict[str, torch.Tensor], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every file that it needs, random; the face model's points in an order of their own."""
    place = tmp_path_factory.mktemp("style_avatar")
    torch.save(weights, place / "backbone.pkl")
    random = np.random.RandomState(8)
    order = random.permutation(90)[:68]
    mean = random.standard_normal((90, 3))
    mean[order] = NEUTRAL_FACE * UNIT + (0.1, -0.2, 0.3)
    basis = random.standard_normal((90, 3, 64))
    basis[order] = expressions().transpose(1, 2, 0)
    scipy_io.savemat(
        place / "BFM_model_front.mat",
        {"meanshape": mean.reshape(1, -1), "exBase": basis.reshape(-1, 64), "keypoints": order[None] + 1.0},
    )
    scale = {
        "s_m": np.full(64, 0.3),
        "s_s": np.full(64, 0.1),
        "d_s_m": np.full(64, 0.08),
        "d_s_s": np.full(64, 0.02),
    }
    (place / "exp_mean_std.pkl").write_bytes(pickle.dumps(scale, protocol=2))
    head = {"d_s_m": np.full(7, 0.004), "d_s_s": np.full(7, 0.001), "mean": np.zeros(7)}
    (place / "pose_mean_std.pkl").write_bytes(pickle.dumps(head))
    return place


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Path:
    time = np.arange(int(SECONDS * 16000)) / 16000
    path = tmp_path_factory.mktemp("line") / "line.wav"
    path.write_bytes(wav_bytes(0.3 * np.sin(900 * time) * np.abs(np.sin(7 * time)), 16000))
    return path


def letters(rows: int, seed: int = 1) -> np.ndarray:
    raw = np.exp(2 * np.random.RandomState(seed).standard_normal((rows, 29)))
    return (raw / raw.sum(axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def letters_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("letters") / "line.npy"
    np.save(path, letters(94))
    return path


def test_keys_and_shapes_are_the_published_ones() -> None:
    network = style_avatar.StyleFusionModel()
    ours = {key: list(value.shape) for key, value in network.state_dict().items() if "num_" not in key}
    assert ours == SHAPES
    assert all(value.dtype == torch.float32 for key, value in network.state_dict().items() if key in ours)
    learned = [shape for key, shape in SHAPES.items() if "running" not in key]
    assert sum(math.prod(shape) for shape in learned) == 9_211_904


def _restated(
    state: dict[str, torch.Tensor], heard: torch.Tensor, energy: torch.Tensor, code: torch.Tensor
) -> torch.Tensor:
    """The layers by their published names, one after the other."""

    def conv(values: torch.Tensor, name: str, stride: int = 1) -> torch.Tensor:
        weight = state[f"{name}.weight"]
        return functional.conv1d(values, weight, state.get(f"{name}.bias"), stride, weight.shape[-1] // 2)

    def norm(values: torch.Tensor, name: str) -> torch.Tensor:
        mean, variance, scale, shift = (
            state[f"{name}.{part}"][:, None] for part in ("running_mean", "running_var", "weight", "bias")
        )
        return (values - mean) / torch.sqrt(variance + 1e-5) * scale + shift

    def leaky(values: torch.Tensor, name: str) -> torch.Tensor:
        return torch.where(values > 0, values, values * state[f"{name}.weight"][:, None])

    def front(values: torch.Tensor, name: str) -> torch.Tensor:
        return conv(norm(conv(values, f"{name}.0"), f"{name}.1").clamp(min=0), f"{name}.3")

    values = torch.cat([front(heard, "audio_layer"), front(energy, "energy_layer")], 1)
    for place in [*range(21), 22, 23]:
        if place == 22:
            style = state["exp_sty_layer.0.weight"] @ code + state["exp_sty_layer.0.bias"]
            style = state["exp_sty_layer.2.weight"] @ style.clamp(min=0) + state["exp_sty_layer.2.bias"]
            values = torch.cat([values, style[None, :, None].repeat(len(values), 1, values.shape[2])], 1)
        name = f"backbone{1 if place < 21 else 2}.{place}"
        stride = 2 if place in (0, 3, 7) else 1
        short = values[:, :, ::stride]
        if f"{name}.shortcut_layer.0.weight" in state:
            short = norm(conv(values, f"{name}.shortcut_layer.0", stride), f"{name}.shortcut_layer.1")
        inner = conv(norm(values, f"{name}.res_layer.0"), f"{name}.res_layer.1")
        inner = conv(leaky(inner, f"{name}.res_layer.2"), f"{name}.res_layer.3", stride)
        values = norm(inner, f"{name}.res_layer.4") + short
    assert values.shape[1:] == (512, 10)
    # Ten columns become 32: each at its middle's place, linear between neighbours, the ends held.
    place = ((torch.arange(32) + 0.5) * 10 / 32 - 0.5).clamp(min=0)
    before = place.floor().long()
    after = (before + 1).clamp(max=9)
    values = values[:, :, before] * (1 - (place - before)) + values[:, :, after] * (place - before)
    values = conv(norm(values, "out_layer.1"), "out_layer.2")
    return conv(leaky(values, "out_layer.3"), "out_layer.4")


def test_the_network_is_its_layer_list_over_windows(weights: dict[str, torch.Tensor], folder: Path) -> None:
    samples = np.random.RandomState(3).uniform(-0.5, 0.5, 20_000).astype(np.float32)
    rows = letters(91)
    code = np.random.RandomState(5).standard_normal(135)
    said = style_avatar.coefficients(style_avatar.load(folder / "backbone.pkl"), rows, samples, code)
    energy = np.array(
        [
            [math.sqrt(np.mean(samples[place : place + 512].astype(float) ** 2))]
            for place in range(0, 19_489, 320)
        ],
        np.float32,
    )
    np.testing.assert_allclose(style_avatar.loudness(samples), energy, rtol=1e-5)
    total, seen = np.zeros((45, 64)), np.zeros((45, 1))
    for wanted in range(0, 45, 8):  # 45 frames of 91 letters
        first = min(wanted, 13)
        parts = []
        for curve in (rows, energy):
            heard = [curve[min(max(2 * first - 8 + number, 0), len(curve) - 1)] for number in range(80)]
            parts.append(torch.from_numpy(np.array(heard).T[None]))
        with torch.inference_mode():
            window = _restated(weights, *parts, torch.from_numpy(code).float())[0].numpy().T
        total[first : first + 32] += window
        seen[first : first + 32] += 1
    assert said.shape == (45, 64) and said.dtype == np.float32
    np.testing.assert_allclose(said, total / seen, atol=2e-4, rtol=1e-3)
    assert np.ptp(said, axis=0).max() > 0.01


@pytest.mark.parametrize("rows", [1, 2, 63, 64, 65])
def test_every_recording_has_frames(rows: int, folder: Path) -> None:
    network = style_avatar.load(folder / "backbone.pkl")
    said = style_avatar.coefficients(network, letters(rows), np.zeros(320 * rows, np.float32), np.zeros(135))
    assert said.shape == (max(rows // 2, 1), 64) and np.isfinite(said).all()


def _command(line: Path, output: Path, folder: Path, *more: str) -> list[str]:
    return [
        "animate",
        str(line),
        "-o",
        str(output),
        "--model",
        "style_avatar",
        "--published-folder",
        str(folder),
        *more,
    ]


def test_a_recording_speaks_in_a_style(
    line: Path, letters_file: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = tmp_path / "sty.npy"
    np.save(codes, np.random.RandomState(2).standard_normal((10, 135)).astype(np.float32))
    made = {}
    for name in ("", "0", "7"):
        output = tmp_path / f"style{name}.npz"
        style = ["--published-style", f"{codes}:{name}"] if name else []
        command = _command(line, output, folder, "--published-letters", str(letters_file), *style)
        if not name:
            assert cli.main(command) == 1
            assert "University of Basel" in capsys.readouterr().err
        assert cli.main([*command, "--accept-licence"]) == 0
        made[name] = FaceAnimation.load(output)
    average = made[""]
    assert average.source["model"] == "style_avatar" and average.source["licence"] == "research only"
    assert made["7"].source["style_code"] == "sty.npy:7"
    assert len(average) == math.ceil(SECONDS * 25)
    for one, other in (("", "0"), ("0", "7")):
        assert np.abs(made[one].landmarks - made[other].landmarks).max() > 1e-3
    assert average.head_rotation.any(), "the head is the engine's own"
    still = tmp_path / "still.npz"
    assert (
        cli.main(_command(line, still, folder, "--published-letters", str(letters_file), "--pose", "still"))
        == 0
    )
    assert not FaceAnimation.load(still).head_rotation.any()


def _other(path: Path, values: np.ndarray) -> Path:
    np.save(path, values)
    return path


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("none", "--published-letters"),
        ("absent", "nothing.npy does not exist"),
        ("text", "is no .npy file of numbers"),
        ("turned", "shape (29, 94) instead of (rows, 29)"),
        ("nan", "not finite"),
        ("logits", "after its softmax"),
        ("100 a second", "3.8 s of letters at 50 a second, but the recording lasts 1.9 s"),
        ("empty", "shape (0, 29)"),
        ("objects", "is no .npy file of numbers"),
    ],
)
def test_letters_of_another_kind_are_told(
    what: str, told: str, line: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "letters.npy"
    values = letters(94)
    if what == "text":
        path.write_text("download failed")
    elif what == "objects":
        np.save(path, np.array([{}, []], object))
    else:
        _other(
            path,
            {
                "turned": values.T,
                "nan": np.where(np.arange(29) == 3, np.nan, values),
                "logits": np.log(values),
                "100 a second": letters(188),
                "empty": values[:0],
            }.get(what, values),
        )
    named = {"none": [], "absent": ["--published-letters", str(tmp_path / "nothing.npy")]}
    more = named.get(what, ["--published-letters", str(path)])
    output = tmp_path / "o.npz"
    assert cli.main(_command(line, output, folder, "--accept-licence", *more)) == 1
    said = capsys.readouterr().err
    assert told in said and "Traceback" not in said and not output.exists()


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("several.npy", "holds 3 styles: add which"),
        ("several.npy:3", "there is no 3"),
        ("short.npy", "shape (20,) instead of style codes of 135"),
        ("wild.npy", "not finite"),
        ("nothing.npy:1", "nothing.npy does not exist"),
    ],
)
def test_codes_of_another_kind_are_told(place: str, told: str, tmp_path: Path) -> None:
    _other(tmp_path / "several.npy", np.zeros((3, 135)))
    _other(tmp_path / "short.npy", np.zeros(20))
    _other(tmp_path / "wild.npy", np.full(135, np.inf))
    with pytest.raises(EngineError) as error:
        given.read_code(str(tmp_path / place))
    assert told in error.value.message and error.value.code == "bad_style"


@pytest.mark.parametrize(
    "what", ["prefix and halves", "other", "nan", "renamed", "cut model", "other model", "no model"]
)
def test_files_of_another_kind_are_told(
    what: str,
    weights: dict[str, torch.Tensor],
    line: Path,
    letters_file: Path,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = tmp_path / "files"
    place.mkdir()
    for file in folder.iterdir():
        (place / file.name).symlink_to(file)
    network, model = place / "backbone.pkl", place / "BFM_model_front.mat"
    if what in ("prefix and halves", "other", "nan"):
        network.unlink()
        bias = {"nan": torch.full((64,), torch.nan), "other": torch.zeros(70)}.get(
            what, weights["exp_sty_layer.0.bias"]
        )
        torch.save(
            {f"module.{key}": v.half() for key, v in {**weights, "exp_sty_layer.0.bias": bias}.items()},
            network,
        )
    elif what == "renamed":
        network.rename(place / "style.pkl")
    else:
        model.unlink()
        if what == "cut model":
            model.write_bytes((folder / model.name).read_bytes()[:3000])
        elif what == "other model":
            scipy_io.savemat(model, {"meanshape": np.zeros((1, 9)), "keypoints": np.ones((1, 68))})
    output = tmp_path / "o.npz"
    done = cli.main(
        _command(line, output, place, "--accept-licence", "--published-letters", str(letters_file))
    )
    said = capsys.readouterr().err
    told = {
        "other": "exp_sty_layer.0.bias with the shape (70,)",
        "nan": "invalid numbers in exp_sty_layer.0.bias",
        "renamed": "lacks backbone.pkl of style_avatar",
        "cut model": "BFM_model_front.mat",
        "other model": "is not the face model that Deep3DFaceReconstruction makes",
        "no model": "lacks BFM_model_front.mat of style_avatar",
    }
    assert done == (what != "prefix and halves") and "Traceback" not in said and "MakeItTalk" not in said
    assert told.get(what, "") in said


def moving(curves: np.ndarray, turn: float) -> FaceAnimation:
    """(T, 4) of the first four expressions, and a head that turns by so many radians to and fro."""
    moved = np.einsum("tk,kpc->tpc", curves, expressions()[:4] / UNIT).astype(np.float32)
    time = np.arange(len(curves)) / 25
    head = np.zeros((len(curves), 3), np.float32)
    head[:, 1] = turn * np.sin(5 * time)
    nothing = np.zeros((len(curves), 3), np.float32)
    return FaceAnimation(
        fps=25.0,
        landmarks=NEUTRAL_FACE.astype(np.float32) + moved,
        neutral=NEUTRAL_FACE.astype(np.float32),
        head_rotation=head,
        head_translation=nothing,
        eye_rotation=nothing[:, :2],
        blink=nothing[:, :2],
        arkit=np.zeros((len(curves), 52), np.float32),
        visemes=np.zeros((len(curves), 15), np.float32),
    )


def test_a_motions_code_is_what_its_coefficients_measure(folder: Path) -> None:
    model = given.read_face_model(folder / "BFM_model_front.mat")
    scale = given.read_scale(folder)
    time = np.arange(200) / 25
    curves = np.stack([np.sin(4 * time), 0.5 * np.sin(6 * time), 0.7 * np.cos(3 * time), np.sin(2 * time)], 1)
    code = given.code_of(moving(curves, 0.2), model, scale)
    assert code.shape == (135,)
    for place in range(4):
        told = code[place] * 0.1 + 0.3, code[64 + place] * 0.02 + 0.08
        expected = curves[:, place].std(), np.diff(curves[:, place]).std()
        np.testing.assert_allclose(told, expected, rtol=0.08)
    half = 0.1 * np.sin(5 * time)
    turned = np.stack([np.cos(half), 0 * time, np.sin(half), 0 * time], 1)
    np.testing.assert_allclose(code[128:132] * 0.001 + 0.004, np.diff(turned, axis=0).std(axis=0), atol=1e-6)
    # And back: what our styles measure of that motion.
    measures = given.statistics_of(code, model, scale)
    assert set(measures) == set(CODE_NAMES)
    real = measure(moving(curves, 0.2)).values
    for name in ("opening deviation", "width deviation", "inner brow height speed", "turn speed"):
        assert measures[name] == pytest.approx(real[name], rel=0.12)


def test_codes_become_styles_and_clips_become_codes(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    time = np.arange(150) / 25
    shown = ["--published-folder", str(folder), "--accept-licence"]
    styles = []
    for name, much in (("calm", 0.4), ("lively", 1.6)):
        curves = much * np.stack([np.sin(4 * time), np.sin(6 * time), np.cos(3 * time), np.sin(2 * time)], 1)
        clip, code, style = (tmp_path / f"{name}{ending}" for ending in (".npz", ".npy", ".json"))
        moving(curves, 0.1 * much).save(clip)
        assert cli.main(["style", str(clip), "--published-code", str(code), *shown]) == 0
        assert np.load(code).shape == (135,) and np.load(code).dtype == np.float32
        assert cli.main(["style", str(code), "-o", str(style), *shown]) == 0
        styles.append(load_style(style))
    calm, lively = styles
    assert lively.lips_up_down > 1.5 * calm.lips_up_down
    assert lively.brows > 1.5 * calm.brows and lively.head_turn > 1.5 * calm.head_turn
    assert len(calm.code) == 20
    capsys.readouterr()
    assert (
        cli.main(
            ["style", str(tmp_path / "calm.npz"), "--published-code", str(tmp_path / "calm.npz"), *shown]
        )
        == 1
    )
    assert "which it is made of" in capsys.readouterr().err


def _style(*words: str | Path) -> int:
    return cli.main(["style", *map(str, words)])


@pytest.mark.parametrize("option", ["-o", "--published-code"])
def test_a_numbered_code_is_not_written_over(
    option: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = tmp_path / "two: codes.NPY"
    with codes.open("wb") as file:
        np.save(file, np.zeros((4, 135), np.float32))
    before = codes.read_bytes()
    assert _style(f"{codes}:3", option, codes, "--published-folder", folder, "--accept-licence") == 1
    assert "which it is made of" in capsys.readouterr().err
    request = StyleRequest(f"{codes}:3", str(codes))
    with pytest.raises(EngineError, match="which it is made of"):
        style_command.answer(request, lambda _fraction, _stage: None)
    assert codes.read_bytes() == before


def test_a_licence_is_shown_as_it_is_accepted(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "style_avatar-licence-accepted.json").unlink(missing_ok=True)
    code, output = tmp_path / "code.npy", tmp_path / "code.json"
    np.save(code, np.full(135, 0.1, np.float32))
    words = (code, "-o", output, "--published-folder", folder, "--accept-licence")
    assert [_style(*words), "Basel" in capsys.readouterr().err] == [0, True]
    assert [_style(*words), capsys.readouterr().err] == [0, ""]  # once
    assert _style(*words, "--published-code", tmp_path / "other.npy") == 1
    assert "is a style code already" in capsys.readouterr().err


@pytest.mark.parametrize("what", ["absent", "other", "zero"])
def test_a_scale_that_is_none_is_told(
    what: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "files"
    place.mkdir()
    for file in folder.iterdir():
        (place / file.name).symlink_to(file)
    scale = place / "pose_mean_std.pkl"
    scale.unlink()
    if what != "absent":
        count = 7 if what == "zero" else 6
        scale.write_bytes(pickle.dumps({"d_s_m": np.ones(count), "d_s_s": np.zeros(count)}))
    code = _other(tmp_path / "code.npy", np.zeros(135))
    command = ["style", str(code), "-o", str(tmp_path / "s.json"), "--published-folder", str(place)]
    assert cli.main([*command, "--accept-licence"]) == 1
    said = capsys.readouterr().err
    told = {"absent": "lacks pose_mean_std.pkl", "other": "no 7 numbers", "zero": "a mean or a deviation"}
    assert told[what] in said and "Traceback" not in said
    assert not (tmp_path / "s.json").exists()
