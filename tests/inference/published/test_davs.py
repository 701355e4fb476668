"""DAVS: published keys and shapes, its layer list, what it hears, and portraits that it draws."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the full engine")
pytest.importorskip("scipy", reason="needs the full engine")
cv2 = pytest.importorskip("cv2", reason="OpenCV belongs to the full engine")

from face_points import face_points, noise_picture
from portrait_motion import talking
from torch.nn import functional

from inference import cli
from inference.commands.portrait import answer
from inference.detection.mesh_points import MESH_TO_IBUG
from inference.errors import EngineError
from inference.face.messages import PortraitRequest
from inference.face.names import PUBLISHED_FOLDER_VARIABLE
from inference.pictures.build import build_photo
from inference.pictures.draw import rest_weights
from inference.portrait import davs_picture
from inference.portrait.renderers import Stage, renderer_called
from inference.portrait.sampling import Sampler
from inference.portrait.warp import Box, Pose
from inference.published import davs, davs_cepstra, licence
from inference.published.systems import DAVS_CHECKPOINT

SHAPES: dict[str, dict[str, list[int]]] = json.loads(
    Path(__file__).with_name("davs_shapes.json").read_text(encoding="utf-8")
)
PART = 16
"""What every width is divided by here."""
Weights = dict[str, dict[str, torch.Tensor]]


def random_weights() -> Weights:
    """Narrow ones of the published keys; faces, pictures and cepstra keep their sizes."""
    generator = torch.Generator().manual_seed(11)
    networks: Weights = {}
    for entry, shapes in SHAPES.items():
        state = networks[entry] = {}
        for key, shape in shapes.items():
            # Kernels and the three colours stay.
            small = [size // PART if size >= 32 else size for size in shape[:2]] + shape[2:]
            if key.endswith("running_var"):
                state[key] = 0.5 + torch.rand(small, generator=generator)
            elif len(small) > 1:
                fan = math.prod(small[1:])
                state[key] = torch.randn(small, generator=generator) * (1.5 / fan) ** 0.5
            else:
                state[key] = key.endswith("weight") + 0.1 * torch.randn(small, generator=generator)
    return networks


def write(path: Path, networks: Weights, prefix: str = "module.") -> Path:
    """As published: the networks of several cards, beside much that is not needed."""
    content = {
        entry: {f"{prefix}{key}": value for key, value in state.items()} for entry, state in networks.items()
    }
    rest = {
        "step": 9,
        "epoch": 101,
        "optimizer_G": {"state": {}, "param_groups": []},
        "netD": {"module.w": torch.ones(2)},
    }
    torch.save({**content, **rest}, path, _use_new_zipfile_serialization=False)
    return path


@pytest.fixture(scope="module")
def weights() -> Weights:
    return random_weights()


@pytest.fixture
def folder(tmp_path: Path, weights: Weights, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a random file, and an engine that looks there."""
    place = tmp_path / "published" / "davs"
    place.mkdir(parents=True)
    write(place / DAVS_CHECKPOINT.name, weights)
    monkeypatch.setenv(PUBLISHED_FOLDER_VARIABLE, str(place.parent))
    monkeypatch.setenv(licence.VARIABLE, "davs")
    monkeypatch.setattr(davs, "_PART", PART)
    davs._loaded.cache_clear()
    return place


def test_keys_and_shapes_are_the_published_ones() -> None:
    with torch.device("meta"):
        whole = davs.Davs()
    for entry, network in (
        ("mfcc_encoder", whole.voice),
        ("ID_encoder", whole.face),
        ("Decoder", whole.picture),
    ):
        ours = {key: list(value.shape) for key, value in network.state_dict().items() if "num_" not in key}
        never_run = {key for key in SHAPES[entry] if key.startswith("model1.bn5")}
        assert ours == {key: shape for key, shape in SHAPES[entry].items() if key not in never_run}
        assert all(value.dtype == torch.float32 for key, value in network.state_dict().items() if key in ours)
    counts = [
        sum(math.prod(shape) for key, shape in shapes.items() if "running" not in key)
        for shapes in SHAPES.values()
    ]
    assert counts == [1_603_136, 15_619_584, 22_404_547]


def _norm(values: torch.Tensor, state: dict[str, torch.Tensor], name: str) -> torch.Tensor:
    mean, variance, scale, shift = (
        state[f"{name}.{part}"][:, None, None] for part in ("running_mean", "running_var", "weight", "bias")
    )
    return (values - mean) / torch.sqrt(variance + 1e-5) * scale + shift


def _leaky(values: torch.Tensor) -> torch.Tensor:
    return torch.where(values > 0, values, 0.2 * values)


def _restated_voice(state: dict[str, torch.Tensor], windows: torch.Tensor) -> torch.Tensor:
    given = windows[:, None]
    square = _leaky(
        _norm(
            functional.conv2d(given, state["model1.conv1.weight"], None, (3, 2), (1, 2)), state, "model1.bn1"
        )
    )
    square = _leaky(
        _norm(functional.conv2d(square, state["model1.conv2.weight"], None, 2, 1), state, "model1.bn2")
    )
    square = _leaky(_norm(functional.conv2d(square, state["model1.conv3.weight"]), state, "model1.bn3"))
    square = functional.conv2d(square, state["model1.conv4.weight"])
    long = _leaky(_norm(functional.conv2d(given, state["model2.conv1.weight"]), state, "model2.bn1"))
    long = functional.max_pool2d(long, 1, 3)
    long = functional.conv2d(long, state["model2.conv2.weight"], None, 1, (1, 0))
    long = functional.max_pool2d(_leaky(_norm(long, state, "model2.bn2")), 1, 2)
    long = functional.conv2d(long, state["model2.conv3.weight"])
    both = torch.cat([square, long], 1).reshape(len(windows), -1)
    return both @ state["fc.weight"].T + state["fc.bias"]


def _restated_face(state: dict[str, torch.Tensor], photo: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    def larger(values: torch.Tensor, block: str, name: str, stride: int = 1) -> torch.Tensor:
        branches = []
        for branch in "ab":
            key = f"{block}.conv{name}_{branch}"
            weight = state[f"{key}.weight"]
            moved = functional.conv2d(values, weight, state[f"{key}.bias"], stride, weight.shape[-1] // 2)
            branches.append(_norm(moved, state, f"{key}_bn"))
        return torch.stack(branches).amax(dim=0)

    values = functional.max_pool2d(larger(photo, "block1", "01", 2), 2, 2)
    for names in (("11", "12", "13", "14"), ("21", "22", "23", "24", "25", "26")):
        for name in names:
            values = larger(values, f"block{name}", name)
        if names[0] == "21":
            kept = values
        values = functional.max_pool2d(values, 2, 2)
    for name in ("31", "32", "33", "34"):
        values = larger(values, f"block{name}", name)
    values = functional.max_pool2d(values, 2, 2)
    for name in ("41", "42"):
        values = larger(values, f"block{name}", name)
    assert values.shape[2:] == (8, 8)
    return functional.avg_pool2d(values, 8, 1).reshape(len(photo), -1), kept


def _twice(values: torch.Tensor) -> torch.Tensor:
    """Bilinear with its corners held, point by point along each axis."""
    for axis in (2, 3):
        size = values.shape[axis]
        place = torch.arange(2 * size, dtype=torch.float64) * (size - 1) / (2 * size - 1)
        before = place.floor().long()
        after = (before + 1).clamp(max=size - 1)
        share = (place - before).float().reshape([-1 if dim == axis else 1 for dim in range(4)])
        values = values.index_select(axis, before) * (1 - share) + values.index_select(axis, after) * share
    return values


def _restated_picture(
    state: dict[str, torch.Tensor], who: torch.Tensor, face: torch.Tensor, mouth: torch.Tensor
) -> torch.Tensor:
    values = torch.cat([who, mouth], 1)
    # A transposed convolution of one pixel is a table of 4 x 4.
    values = torch.einsum("bi,iohw->bohw", values, state["deconv1_1_new.weight"])
    values = values + state["deconv1_1_new.bias"][:, None, None]
    values = _norm(values, state, "deconv1_1_bn").clamp(min=0)
    for block, count in enumerate((2, 3, 4, 4, 3, 2), 1):
        if block == 4:
            values = torch.cat([face, values], 1)
        for place in range(count):
            key = f"convblock{block}.conv{block}_{place}"
            values = functional.conv2d(values, state[f"{key}.weight"], state[f"{key}.bias"], padding=1)
            values = _norm(values, state, f"{key}_bn").clamp(min=0)
        values = _twice(values)
    for name in ("conv7_1", "conv7_2"):
        flipped = state[f"{name}.weight"].transpose(0, 1).flip(2, 3)
        values = functional.conv2d(values, flipped, state[f"{name}.bias"], padding=1)
        if name == "conv7_1":
            values = _norm(values, state, "conv7_1_bn").clamp(min=0)
    return (torch.tanh(values) + 1) / 2


def test_the_networks_are_their_layer_lists(weights: Weights, tmp_path: Path) -> None:
    network = davs.load(write(tmp_path / "file.tar", weights), PART)
    generator = torch.Generator().manual_seed(2)
    windows = 4 * torch.randn(3, 20, 12, generator=generator)
    photo = torch.rand(1, 3, 256, 256, generator=generator)
    with torch.inference_mode():
        mouths = network.voice(windows)
        torch.testing.assert_close(mouths, _restated_voice(weights["mfcc_encoder"], windows))
        who, face = network.face(photo)
        expected = _restated_face(weights["ID_encoder"], photo)
        torch.testing.assert_close((who, face), expected, atol=5e-5, rtol=1e-3)
        assert who.shape == (1, 16) and face.shape == (1, 10, 32, 32)
        drawn = network(photo, mouths[:2])
        stated = _restated_picture(
            weights["Decoder"], who.expand(2, -1), face.expand(2, -1, -1, -1), mouths[:2]
        )
    assert drawn.shape == (2, 3, 256, 256)
    torch.testing.assert_close(drawn, stated, atol=2e-5, rtol=1e-4)
    assert float((drawn[0] - drawn[1]).abs().max()) > 1e-3, "the mouth moves it"


def test_before_it_draws_it_learns_the_photo(weights: Weights, tmp_path: Path) -> None:
    network = davs.load(write(tmp_path / "file.tar", weights), PART)
    photo = torch.rand(1, 3, 256, 256, generator=torch.Generator().manual_seed(3))
    windows = torch.randn(2, 20, 12, generator=torch.Generator().manual_seed(4))
    before = {key: value.clone() for key, value in network.state_dict().items()}
    learnt = davs.fitted(network, photo, windows)
    assert all(torch.equal(before[key], value) for key, value in network.state_dict().items()), (
        "a copy learns"
    )
    changed = learnt.picture.conv7_2.weight - network.picture.conv7_2.weight
    assert 1e-4 < float(changed.abs().max()) <= 5 * 2e-4 * 1.01, "five steps of Adam at 0.0002"
    assert not learnt.training and not any(value.requires_grad for value in learnt.parameters())


def test_another_file_of_the_same_time_is_read_anew(folder: Path) -> None:
    path = folder / DAVS_CHECKPOINT.name
    photo, heard = np.full((256, 256, 3), 90, np.uint8), np.zeros((5, 20, 12), np.float32)
    os.utime(path, (0, 0))
    davs.SpeakingPhoto(path, photo, heard, "cpu")
    path.write_bytes(b"cut off")
    os.utime(path, (0, 0))
    with pytest.raises(EngineError):
        davs.SpeakingPhoto(path, photo, heard, "cpu")


def test_cepstra_are_those_of_the_formulas() -> None:
    """Filter by filter and number by number, of 90 ms of a sweep."""
    time = np.arange(1440)
    samples = 4000 * np.sin(time * time / 3000.0) + 30 * np.cos(1.7 * time)
    told = davs_cepstra.cepstra(samples)
    assert told.shape == (7, 12)
    for row in (0, 4):
        frame = samples[row * 160 : row * 160 + 400].copy()
        frame[1:] -= 0.97 * samples[row * 160 : row * 160 + 399]
        if row:
            frame[0] -= 0.97 * samples[row * 160 - 1]
        frame *= [0.54 - 0.46 * math.cos(2 * math.pi * place / 399) for place in range(400)]
        spectrum = np.abs(np.fft.fft(frame, 512))
        mel = [1127 * math.log(1 + hertz / 700) for hertz in (300, 3700)]
        edge = [
            700 * math.exp((mel[0] + number * (mel[1] - mel[0]) / 14) / 1127) - 700 for number in range(15)
        ]
        logarithms = []
        for band in range(13):
            energy = 0.0
            for place in range(257):
                hertz = place * 8000 / 256
                if edge[band] <= hertz <= edge[band + 1]:
                    energy += spectrum[place] * (hertz - edge[band]) / (edge[band + 1] - edge[band])
                elif edge[band + 1] < hertz <= edge[band + 2]:
                    energy += spectrum[place] * (edge[band + 2] - hertz) / (edge[band + 2] - edge[band + 1])
            logarithms.append(math.log(energy))
        for order in range(1, 13):
            cosine = sum(
                value * math.cos(order * math.pi * (band + 0.5) / 13) for band, value in enumerate(logarithms)
            )
            lifted = math.sqrt(2 / 13) * cosine * (1 + 11 * math.sin(math.pi * order / 22))
            assert told[row, order - 1] == pytest.approx(lifted, abs=1e-6)


@pytest.mark.parametrize(("samples", "frames"), [(1, 1), (640, 1), (641, 2), (16000, 25), (16001, 26)])
def test_every_frame_of_the_film_hears_something(samples: int, frames: int) -> None:
    heard = davs_cepstra.windows(np.zeros(samples, np.float32))
    assert heard.shape == (frames, 20, 12) and np.isfinite(heard).all()


def test_windows_are_twenty_rows_around_their_frame() -> None:
    samples = np.random.RandomState(1).uniform(-0.3, 0.3, 16000).astype(np.float32)
    rows = davs_cepstra.cepstra(samples.astype(np.float64) * 32768)
    heard = davs_cepstra.windows(samples)
    np.testing.assert_allclose(heard[10], rows[32:52], rtol=1e-5, atol=1e-4)
    np.testing.assert_array_equal(heard[11, :16], heard[10, 4:])
    np.testing.assert_allclose(heard[0, :9], np.repeat(rows[:1], 9, axis=0), rtol=1e-5, atol=1e-4)


def test_a_face_is_turned_and_sized_as_the_published_system_has_it() -> None:
    points = face_points(90, (300, 200))[MESH_TO_IBUG, :2].astype(np.float64)
    angle = 0.3
    turned = points @ np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    for given in (points, turned):
        place = davs_picture.aligning(given)
        landed = given @ place[:, :2].T + place[:, 2]
        right, left = landed[36:42].mean(axis=0), landed[42:48].mean(axis=0)
        mouth = landed[[48, 54]].mean(axis=0)
        assert abs(right[1] - left[1]) < 1 and left[0] - right[0] > 50
        np.testing.assert_allclose((right + left + mouth) / 3, davs_picture.ALIGNED.mean(axis=0), atol=1e-6)
        assert np.linalg.det(place[:, :2]) > 0
    np.testing.assert_allclose(davs_picture.ALIGNED[0], (91.134, 114.418), atol=0.01)


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("face") / "face.npz"
    build_photo(noise_picture(200, 180), face_points(40, (100, 70)), {}).save(path)
    return path


def test_a_portrait_is_the_picture_with_the_face_drawn_anew(
    folder: Path, photo: Path, word: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    av = pytest.importorskip("av", reason="PyAV belongs to the full engine")
    output = tmp_path / "out.mp4"
    command = ["portrait", str(photo), str(word), "-o", str(output), "--renderer", "davs", "--device", "cpu"]
    assert cli.main(command) == 0
    said = capsys.readouterr()
    assert "non-commercial research" in said.err and "head and eyes rest" in said.err
    with av.open(str(output)) as film:
        shown = [frame.to_ndarray(format="rgb24").astype(int) for frame in film.decode(video=0)]
        assert float(film.streams.video[0].average_rate) == 25
    moved = np.abs(shown[12] - shown[2]).mean(axis=2)
    assert moved[60:110, 70:130].mean() > 3 * moved[-20:, :20].mean()


def test_the_square_comes_back_to_where_it_was_taken(
    folder: Path, word: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What draws the photo that it is given leaves the picture as it is."""
    down, across = np.mgrid[:300, :280]
    smooth = np.stack([across * 0.8, down * 0.7, (across + down) * 0.4, 255 + 0 * down], axis=2).astype(
        np.uint8
    )
    angle = 0.25
    points = face_points(100, (140, 120), rotation=(0, 0, angle))
    face = build_photo(smooth, points, {})

    class Parrot:
        def __init__(self, path: Path, photo: np.ndarray, *_: object) -> None:
            self.photo = photo

        def draw(self, moments: list[float]) -> list[np.ndarray]:
            return [self.photo for _ in moments]

    monkeypatch.setattr(davs, "SpeakingPhoto", Parrot)
    stage = Stage(face, False, Box(0, 0, *face.size), Sampler(), "cpu", word)
    still = np.zeros(3, np.float32)
    (drawn,) = renderer_called("davs", stage).draw_all([Pose(rest_weights(), still, still, 0.2)])
    assert np.abs(drawn.astype(int) - smooth[..., :3])[8:-8, 8:-8].max() <= 4


def test_what_is_far_from_the_face_stays_and_no_frame_changes_another(
    folder: Path, word: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small tilted face in a corner of a picture, drawn white and then black; it hangs over the picture's edge."""
    face = build_photo(noise_picture(300, 260), face_points(36, (215, 50), rotation=(0, 0, 0.3)), {})

    class Painter:
        def __init__(self, path: Path, photo: np.ndarray, *_: object) -> None:
            self.shape = photo.shape

        def draw(self, moments: list[float]) -> list[np.ndarray]:
            return [np.full(self.shape, round(255 * moment), np.uint8) for moment in moments]

    monkeypatch.setattr(davs, "SpeakingPhoto", Painter)
    stage = Stage(face, False, Box(0, 0, *face.size), Sampler(), "cpu", word)
    renderer = renderer_called("davs", stage)
    still = np.zeros(3, np.float32)
    poses = [Pose(rest_weights(), still, still, moment) for moment in (1.0, 0.0, 1.0)]
    white, black, again = renderer.draw_all(poses)
    picture = face.textures["picture"][..., :3]
    middle = face.landmarks[30, :2].round().astype(int)
    assert (white[middle[1], middle[0]] == 255).all() and not black[middle[1], middle[0]].any()
    assert np.array_equal(white, again)
    away = np.s_[150:], np.s_[:, :80]
    assert all(np.array_equal(frame[place], picture[place]) for frame in (white, black) for place in away)


@pytest.mark.parametrize(
    "wrong",
    ["absent", "renamed", "cut", "other", "nan", "unaccepted", "transparent", "unheard", "half"],
)
def test_what_it_cannot_draw_is_a_sentence(
    wrong: str,
    folder: Path,
    photo: Path,
    word: Path,
    weights: Weights,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = folder / DAVS_CHECKPOINT.name
    words = {
        "absent": "lacks 101_DAVS_checkpoint.pth.tar of DAVS",
        "renamed": "lacks 101_DAVS_checkpoint.pth.tar of DAVS",
        "cut": "download it again",
        "other": "holds no network named 'mfcc_encoder'",
        "nan": "invalid numbers in conv7_2.bias",
        "unaccepted": "non-commercial research",
        "transparent": "no transparency",
        "unheard": "give the recording",
    }
    if wrong == "absent":
        path.unlink()
    elif wrong == "renamed":
        path.rename(folder / "davs.tar")
    elif wrong == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    elif wrong == "other":
        torch.save({"G": {"w": torch.zeros(3)}}, path)
    elif wrong == "nan":
        write(
            path, {**weights, "Decoder": {**weights["Decoder"], "conv7_2.bias": torch.full((3,), torch.nan)}}
        )
    elif wrong == "unaccepted":
        monkeypatch.delenv(licence.VARIABLE)
    elif wrong == "half":
        halves = {name: {key: v.half() for key, v in state.items()} for name, state in weights.items()}
        write(path, halves, prefix="")
    output = tmp_path / ("out" if wrong == "transparent" else "out.mp4")
    talking(3).save(tmp_path / "motion.npz")
    request = PortraitRequest(
        str(photo),
        str(output),
        voice=None if wrong == "unheard" else str(word),
        animation=str(tmp_path / "motion.npz"),
        renderer="davs",
        device="cpu",
    )
    if wrong in words:
        with pytest.raises(EngineError, match=words[wrong]) as error:
            answer(request, lambda *_: None)
        assert "MakeItTalk" not in error.value.message
        assert not output.exists()
    else:
        pytest.importorskip("av", reason="PyAV belongs to the full engine")
        assert answer(request, lambda *_: None).frames == 3
        assert output.stat().st_size
