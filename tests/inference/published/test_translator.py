"""MakeItTalk's photo renderer: its names and shapes, what it draws beside a plain restatement, and portraits drawn by it."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch belongs to the full engine")
pytest.importorskip("cv2", reason="OpenCV belongs to the full engine")
pytest.importorskip("scipy", reason="scipy belongs to the full engine")

from face_points import face_points, noise_picture
from portrait_motion import talking
from published_files import SHAPES
from torch.nn import functional

from inference.commands.portrait import answer
from inference.errors import EngineError
from inference.face.messages import PortraitRequest
from inference.face.names import PUBLISHED_FOLDER_VARIABLE
from inference.pictures.build import build_photo
from inference.pictures.draw import rest_weights
from inference.portrait.boxes import Box
from inference.portrait.published_picture import square_around
from inference.portrait.renderers import Stage, renderer_called
from inference.portrait.sampling import Sampler
from inference.portrait.warp import Pose
from inference.published import licence, translator
from inference.published.translator import PhotoRenderer, Translator

NAME = "ckpt_116_i2i_comb.pth"
NARROW = 4
"""Channels of the outermost level here; the published network has 64."""


def narrow(shape: list[int]) -> list[int]:
    """The shape of a weight in a network of `NARROW` channels; drawing, photo and result keep theirs."""
    return [size if size in (3, 6) else size * NARROW // 64 for size in shape]


def random_state() -> OrderedDict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(7)
    state: OrderedDict[str, torch.Tensor] = OrderedDict()
    for key, shape in SHAPES["translator"].items():
        small, leaf = narrow(shape), key.rsplit(".", 1)[-1]
        if leaf == "num_batches_tracked":
            state[key] = torch.tensor(3)
        elif leaf == "running_var":
            state[key] = 0.5 + torch.rand(small, generator=generator)
        elif len(small) == 4:
            state[key] = torch.randn(small, generator=generator) * (2 / np.prod(small[1:])) ** 0.5
        else:
            state[key] = (leaf == "weight") + 0.1 * torch.randn(small, generator=generator)
    return state


def write(path: Path, state: OrderedDict[str, torch.Tensor]) -> None:
    """As published: the network of several cards, its optimizer as an object, its epoch."""
    parameter = torch.nn.Parameter(torch.ones(2))
    named = OrderedDict((f"module.{key}", value) for key, value in state.items())
    content = {"G": named, "opt": torch.optim.Adam([parameter]), "epoch": 116}
    torch.save(content, path, _use_new_zipfile_serialization=False)


@pytest.fixture(scope="module")
def weights() -> OrderedDict[str, torch.Tensor]:
    return random_state()


@pytest.fixture
def folder(tmp_path: Path, weights: OrderedDict[str, torch.Tensor], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a random file whose licence is accepted, and an engine that looks there."""
    place = tmp_path / "published"
    place.mkdir()
    write(place / NAME, weights)
    licence.MAKEITTALKS.accept(place)
    monkeypatch.setenv(PUBLISHED_FOLDER_VARIABLE, str(place))
    monkeypatch.setattr(translator, "_WIDTH", NARROW)
    return place


def restated(state: OrderedDict[str, torch.Tensor], values: torch.Tensor) -> torch.Tensor:
    """The layers by their published names, one after the other."""

    def conv(values: torch.Tensor, name: str, stride: int = 1) -> torch.Tensor:
        return functional.conv2d(values, state[f"{name}.weight"], None, stride, 1)

    def norm(values: torch.Tensor, name: str) -> torch.Tensor:
        mean, variance, scale, shift = (
            state[f"{name}.{part}"][:, None, None]
            for part in ("running_mean", "running_var", "weight", "bias")
        )
        return (values - mean) / torch.sqrt(variance + 1e-5) * scale + shift

    def residual(values: torch.Tensor, name: str) -> torch.Tensor:
        inner = torch.relu(norm(conv(values, f"{name}.block.0"), f"{name}.block.1"))
        return torch.relu(values + norm(conv(inner, f"{name}.block.3"), f"{name}.block.4"))

    def twice(values: torch.Tensor) -> torch.Tensor:
        return values.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)

    def middle(given: torch.Tensor, name: str, left: int) -> torch.Tensor:
        values = torch.relu(norm(conv(given, f"{name}.0", 2), f"{name}.1"))
        values = residual(residual(values, f"{name}.3"), f"{name}.4")
        values = middle(values, f"{name}.5.model", left - 1) if left else innermost(values, f"{name}.5.model")
        values = torch.relu(norm(conv(twice(values), f"{name}.7"), f"{name}.8"))
        return torch.cat([given, residual(residual(values, f"{name}.10"), f"{name}.11")], dim=1)

    def innermost(given: torch.Tensor, name: str) -> torch.Tensor:
        values = torch.relu(conv(given, f"{name}.0", 2))
        values = residual(residual(values, f"{name}.2"), f"{name}.3")
        values = torch.relu(norm(conv(twice(values), f"{name}.5"), f"{name}.6"))
        return torch.cat([given, residual(residual(values, f"{name}.8"), f"{name}.9")], dim=1)

    values = torch.relu(conv(values, "model.model.0", 2))
    values = residual(residual(values, "model.model.2"), "model.model.3")
    values = middle(values, "model.model.4.model", 3)
    return torch.tanh(conv(twice(values), "model.model.6")).clamp(min=0)


def test_names_and_shapes_are_the_published_ones() -> None:
    with torch.device("meta"):
        state = Translator().state_dict()
    assert {name: list(values.shape) for name, values in state.items()} == SHAPES["translator"]
    assert (
        sum(values.numel() for name, values in state.items() if "running" not in name and "num_" not in name)
        == 69_860_736
    )


def test_it_draws_what_the_list_of_layers_says(folder: Path, weights: OrderedDict[str, torch.Tensor]) -> None:
    photo = noise_picture(256, 256)[..., :3]
    renderer = PhotoRenderer(folder, photo, "cpu")
    faces = [face_points(90, (128, 100 + shift))[:68] for shift in (0, 9.7)]
    drawn = renderer.draw(faces)
    for face, picture in zip(faces, drawn):
        given = np.concatenate([renderer.lines(face), photo[..., ::-1]], axis=2).transpose(2, 0, 1) / 255
        expected = restated(weights, torch.from_numpy(given[None].astype(np.float32)))[0].numpy() * 255
        assert picture.shape == (256, 256, 3)
        assert np.abs(picture[..., ::-1].transpose(2, 0, 1).astype(float) - expected).max() <= 1
    assert not np.array_equal(*drawn) and np.ptp(drawn[0]) > 100


def test_the_face_is_drawn_as_the_network_was_taught(folder: Path) -> None:
    renderer = PhotoRenderer(folder, noise_picture(256, 256)[..., :3], "cpu")
    face = np.full((68, 2), 500.0)  # far outside
    face[[0, 16]] = (20.9, 20.9), (20.9, 200)
    face[[30, 31]] = (60.9, 20), (60.9, 60)
    face[[36, 41]] = (100.9, 20), (100.9, 60)
    face[[48, 59]] = (140, 20), (140, 60)
    face[[60, 67]] = (140, 30), (140, 50)
    face[27] = 140, 55
    picture = renderer.lines(face)
    assert picture[40, 60].tolist() == [208, 224, 63], "the nose is one line from its bridge to its wings"
    assert picture[40, 100].tolist() == [71, 99, 255], "eyes are closed"
    assert picture[40, 140].tolist() == [238, 130, 238], "lips are closed"
    assert picture[110, 20].tolist() == [255, 255, 255], "the jaw is open"
    assert (picture[40, 95:106] != 255).any(axis=1).sum() == 3, "points are cut off; OpenCV's 2 is 3 pixels"


def test_a_portrait_is_the_picture_with_the_head_drawn_anew(folder: Path, tmp_path: Path) -> None:
    face = build_photo(noise_picture(240, 201), face_points(40, (110, 80)), {})
    face.save(tmp_path / "face.npz")
    talking(6, 62.5).save(tmp_path / "motion.npz")
    request = PortraitRequest(
        str(tmp_path / "face.npz"),
        str(tmp_path / "out.mp4"),
        animation=str(tmp_path / "motion.npz"),
        renderer="makeittalk",
        device="cpu",
    )
    pytest.importorskip("av", reason="PyAV belongs to the full engine")
    result = answer(request, lambda *_: None)
    assert (result.fps, result.frames, result.width, result.height) == (62.5, 6, 240, 200)
    assert any("CC BY-NC 4.0" in sentence for sentence in result.warnings)
    stage = Stage(face, False, Box(0, 0, *face.size), Sampler(), "cpu")
    rest = Pose(rest_weights(), np.zeros(3, np.float32), np.zeros(3, np.float32))
    (drawn,) = renderer_called("makeittalk", stage).draw_all([rest])
    apart = np.abs(drawn.astype(int) - face.textures["picture"][..., :3])
    square = square_around(face.landmarks, face.eye_distance, face.size)
    outside = np.ones(apart.shape[:2], bool)
    outside[square.slices] = False
    assert outside.sum() > 5000 and apart[outside].max() == 0
    assert apart[square.slices][20:-20, 20:-20].mean() > 30


@pytest.mark.parametrize("wrong", ["absent", "cut", "narrower", "unaccepted", "drawing", "transparent"])
def test_what_it_cannot_draw_is_a_sentence(
    folder: Path, tmp_path: Path, wrong: str, monkeypatch: pytest.MonkeyPatch, small_face: Path
) -> None:
    path = folder / NAME
    output, picture, words = (
        "out.mp4",
        small_face,
        {
            "absent": "lacks ckpt_116_i2i_comb.pth",
            "cut": "download it again",
            "narrower": "another version of MakeItTalk",
            "unaccepted": "CC BY-NC 4.0",
            "drawing": "photos alone",
            "transparent": "no transparency",
        }[wrong],
    )
    if wrong == "absent":
        path.unlink()
    elif wrong == "cut":
        path.write_bytes(path.read_bytes()[:3000])
    elif wrong == "narrower":
        monkeypatch.setattr(translator, "_WIDTH", 8)
    elif wrong == "unaccepted":
        (folder / "makeittalk-licence-accepted.json").unlink()
    elif wrong == "drawing":
        from made_face_picture import made_face_picture

        picture = tmp_path / "drawing.npz"
        made_face_picture().save(picture)
    else:
        output = "out"
    talking(3).save(tmp_path / "motion.npz")
    request = PortraitRequest(
        str(picture),
        str(tmp_path / output),
        animation=str(tmp_path / "motion.npz"),
        renderer="makeittalk",
        device="cpu",
    )
    stages: list[str] = []
    with pytest.raises(EngineError, match=words):
        answer(request, lambda _, stage: stages.append(stage))
    assert not (tmp_path / output).exists()
    assert bool(stages) != (wrong in ("absent", "unaccepted")), "what is missing is said before any work"


@pytest.fixture(scope="module")
def small_face(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("face") / "face.npz"
    build_photo(noise_picture(120, 140), face_points(30, (60, 60)), {}).save(path)
    return path
