"""The refined renderer: numpy and torch agree, the square goes with the head, and what is missing is a sentence."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_face_picture import made_face_picture
from meshed_face import meshed_face
from portrait_motion import talking
from waiting import HUNG

from inference.cli import main
from inference.errors import EngineError
from inference.face.face_picture import PICTURE, SHAPE_NAMES, FacePicture
from inference.face.landmarks import rotation_matrix
from inference.pictures.draw import rest_weights
from inference.portrait import refined, refiner
from inference.portrait.boxes import Box
from inference.portrait.likeness import proportions
from inference.portrait.mouth_crop import CHANNELS, MouthCrop
from inference.portrait.own_renderer import load_personal
from inference.portrait.refined import Network, RefinedRenderer
from inference.portrait.refiner import (
    NumpyRefiner,
    RefinerShape,
    RefinerWeights,
    load_refiner,
    random_weights,
)
from inference.portrait.renderers import Stage, renderer_called
from inference.portrait.sampling import Sampler
from inference.portrait.warp import Pose, WarpRenderer

TINY = (4, 4, 6, 8)
STILL = np.zeros(3, np.float32)


@pytest.fixture(scope="module")
def face() -> FacePicture:
    return meshed_face()


def lively(shape: RefinerShape) -> RefinerWeights:
    """A network that changes much: every layer counts."""
    weights = random_weights(shape, 3, {"name": "portrait", "version": "0"})
    random = np.random.RandomState(4)
    biases = {name: 0.2 * random.randn(len(bias)).astype(np.float32) for name, bias in weights.biases.items()}
    return replace(
        weights, kernels={**weights.kernels, "last": weights.kernels["last"] * np.float32(60)}, biases=biases
    )


@pytest.fixture(scope="module")
def weights() -> RefinerWeights:
    return lively(RefinerShape(widths=TINY))


def talking_pose(rotation: tuple[float, float, float] = (0.03, 0.12, 0.06), **given: float) -> Pose:
    values = np.zeros(len(SHAPE_NAMES), np.float32)
    for name, value in (given or {"jawOpen": 0.7}).items():
        values[SHAPE_NAMES.index(name)] = value
    return Pose(values, np.array(rotation, np.float32), np.array([2, -1, 0], np.float32))


def stage_of(face: FacePicture, view: Box | None = None, clear: bool = False, cv: bool = True) -> Stage:
    return Stage(face, clear, view or Box(0, 0, *face.size), Sampler(cv), "cpu")


# -- the network -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shape", [RefinerShape(widths=TINY), RefinerShape(256, 4, TINY), RefinerShape(widths=TINY, smooth=4)]
)
def test_numpy_computes_what_torch_does(shape: RefinerShape) -> None:
    pytest.importorskip("torch")
    from inference.portrait.refiner_torch import TorchRefiner

    weights = lively(shape)
    inputs = np.random.RandomState(1).rand(2, shape.side, shape.side, CHANNELS).astype(np.float32)
    by_numpy, by_torch = NumpyRefiner(weights).changes(inputs), TorchRefiner(weights).changes(inputs)
    assert by_numpy.shape == (2, shape.side, shape.side, 3) and np.abs(by_numpy).max() > 0.1
    assert np.abs(by_numpy - by_torch).max() < 1e-5
    assert not np.array_equal(by_numpy[0], by_numpy[1])


def test_a_network_is_kept_in_half_precision(weights: RefinerWeights, tmp_path: Path) -> None:
    path = tmp_path / "portrait.npz"
    weights.save(path)
    read = load_refiner(path)
    assert read.shape == weights.shape and read.metadata == weights.metadata
    for name, kernel in weights.kernels.items():
        assert np.abs(read.kernels[name] - kernel).max() < 2e-3 * max(1, np.abs(kernel).max())
    assert random_weights(RefinerShape(), 1, {}).shape.layers()["last"] == (24, 16)


def test_missing_damaged_and_newer_weights_are_sentences(weights: RefinerWeights, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="choose the renderer warp") as caught:
        load_refiner(tmp_path / "none.npz")
    assert caught.value.code == "no_weights"
    path = tmp_path / "portrait.npz"
    for harm in (_cut, _other_shape, _not_a_number):
        weights.save(path)
        harm(path)
        with pytest.raises(EngineError, match="is damaged") as caught:
            load_refiner(path)
        assert caught.value.code == "bad_weights"
    weights.save(path)
    _changed(path, header=lambda text: np.array(str(text).replace('"format": 1', '"format": 9')))
    with pytest.raises(EngineError, match="needs a newer"):
        load_refiner(path)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-300])


def _other_shape(path: Path) -> None:
    _changed(path, **{"up0.kernel": lambda kernel: kernel[..., :2]})


def _not_a_number(path: Path) -> None:
    _changed(path, **{"last.bias": lambda bias: bias * np.nan})


def _changed(path: Path, **changes: Callable[[np.ndarray], np.ndarray]) -> None:
    with np.load(path) as data:
        arrays = {name: changes.get(name, lambda one: one)(data[name]) for name in data}
    np.savez(path, **arrays)


@pytest.mark.parametrize("known", [[1.0] * 11, "tall", [[1.0]] * 12, [float("nan")] * 12, {"chin": 1}])
def test_a_personal_file_that_says_nonsense_is_damaged(
    weights: RefinerWeights, known: object, tmp_path: Path
) -> None:
    path = tmp_path / "ada.npz"
    replace(weights, metadata={"person": "Ada", "proportions": known}).save(path)
    with pytest.raises(EngineError, match=r"ada\.npz is no renderer or look, or is damaged") as caught:
        load_personal(path)
    assert caught.value.code == "bad_renderer"


def test_somebody_elses_renderer_is_told(face: FacePicture, weights: RefinerWeights) -> None:
    own = [float(value) for value in proportions(face)]
    told = []
    for known in (own, [1.3 * value for value in own]):
        named = replace(weights, metadata={"person": "Ada", "proportions": known})
        told.append(RefinedRenderer(stage_of(face), named).told)
    assert told[0] == () and "films of Ada, and this picture shows somebody else" in told[1][0]


# -- the square --------------------------------------------------------------------------------------------


def test_the_square_goes_with_the_head_and_not_with_the_jaw(face: FacePicture) -> None:
    crop = MouthCrop(face, 128, Sampler())
    still = crop.placement(talking_pose((0, 0, 0), jawOpen=1.0))
    assert np.allclose(still.matrix, crop.at_rest.matrix) and np.allclose(
        still.origin - crop.at_rest.origin, (2, -1)
    )
    tilted = crop.placement(talking_pose((0, 0, 0.2)))
    angle = np.arctan2(tilted.matrix[1, 0], tilted.matrix[0, 0])
    assert angle == pytest.approx(-0.2, abs=0.01)  # counter-clockwise as it is seen, y down
    assert rotation_matrix(np.array([0, 0, 0.2]))[1, 0] > 0
    places = np.random.RandomState(2).uniform(-20, 150, (5, 2)).astype(np.float32)
    assert np.allclose(tilted.to_square(tilted.to_picture(places)), places, atol=1e-3)


def test_a_tilted_picture_has_an_upright_square() -> None:
    """The square's rows lie along the eyes, however the picture was taken."""
    level = meshed_face()
    turned = replace(
        level,
        layers=[
            replace(layer, points=layer.points[:, [1, 0, 2]] * np.array([-1, 1, 1], np.float32) + (150, 0, 0))
            for layer in level.layers
        ],
    )
    crop = MouthCrop(turned, 128, Sampler())
    assert np.allclose(crop.at_rest.matrix @ (1, 0), (0, crop.at_rest.scale), atol=1e-3)


@pytest.mark.parametrize("cv", [True, False])
def test_maps_tell_lips_opening_and_teeth(face: FacePicture, cv: bool) -> None:
    crop = MouthCrop(face, 128, Sampler(cv))
    pose = talking_pose(jawOpen=0.8)
    maps = crop.maps(pose, crop.placement(pose))
    lips, opening, upper, lower = (maps[..., channel] > 0.5 for channel in range(4))
    assert min(lips.sum(), opening.sum(), upper.sum(), lower.sum()) > 15
    assert not (upper & ~opening).sum() > 0.4 * upper.sum() and not (lips & opening).any()
    assert np.nonzero(upper)[0].mean() < np.nonzero(lower)[0].mean()
    shut = talking_pose((0, 0, 0), mouthClose=0.0)
    assert (crop.maps(shut, crop.placement(shut))[..., 1] > 0.5).sum() < 0.2 * opening.sum()


def test_a_face_without_a_mesh_is_a_sentence(weights: RefinerWeights) -> None:
    with pytest.raises(EngineError, match=r"lacks the mesh.*renderer warp"):
        RefinedRenderer(stage_of(made_face_picture(4.0)), weights)


# -- the renderer ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cv", [True, False])
def test_rest_is_the_picture_and_talk_is_refined_around_the_mouth_alone(
    face: FacePicture, weights: RefinerWeights, cv: bool
) -> None:
    stage = stage_of(face, cv=cv)
    renderer, warp = RefinedRenderer(stage, weights), WarpRenderer(face, sampler=stage.sampler)
    pose, rest = talking_pose(), Pose(rest_weights(), STILL, STILL)
    drawn, still = renderer.draw_all([pose, rest])
    assert np.array_equal(still, face.textures[PICTURE][..., :3])
    changed = np.abs(drawn.astype(int) - warp.draw(pose)).max(axis=-1)
    crop = MouthCrop(face, 128, stage.sampler)
    rows, columns = np.nonzero(changed)
    places = crop.placement(pose).to_square(np.stack([columns + 0.5, rows + 0.5], axis=1))
    assert changed.max() > 20 and len(rows) > 500
    assert places.min() >= 0 and places.max() <= 128
    half = replace(pose, weights=pose.weights + np.float32(0.5) * rest_weights())
    assert 0 < _difference(renderer, warp, half) < 0.8 * changed.astype(float).mean()


def test_a_network_changes_as_much_as_it_is_trusted(
    face: FacePicture, weights: RefinerWeights, tmp_path: Path
) -> None:
    stage, pose = stage_of(face), talking_pose()
    warp = WarpRenderer(face, sampler=stage.sampler)
    whole, half, none = (
        _difference(RefinedRenderer(stage, replace(weights, metadata={"trust": share})), warp, pose)
        for share in (1.0, 0.5, 0.0)
    )
    assert none == 0 and 0.35 * whole < half < 0.65 * whole
    for share in (1.5, float("nan"), "much"):
        replace(weights, metadata={"trust": share}).save(tmp_path / "w.npz")
        with pytest.raises(EngineError, match="is damaged"):
            load_refiner(tmp_path / "w.npz")


def _difference(renderer: RefinedRenderer, warp: WarpRenderer, pose: Pose) -> float:
    return float(np.abs(renderer.draw_all([pose])[0].astype(int) - warp.draw(pose)).max(axis=-1).mean())


def test_a_view_is_refined_as_the_whole_is(face: FacePicture, weights: RefinerWeights) -> None:
    view = Box(21, 40, 101, 140)
    pose = talking_pose()
    whole = RefinedRenderer(stage_of(face), weights).draw_all([pose])[0][view.slices]
    part = RefinedRenderer(stage_of(face, view), weights).draw_all([pose])[0]
    off = np.abs(part.astype(int) - whole).max(axis=-1)
    assert part.shape == (100, 80, 3) and np.median(off) <= 1 and (off > 12).mean() < 0.02


@pytest.mark.parametrize("middle", [(60.0, 100.0), (112.0, 58.0)], ids=["chin cut off", "half a face"])
def test_a_mouth_at_the_border_is_refined_as_far_as_it_is_seen(
    weights: RefinerWeights, middle: tuple[float, float]
) -> None:
    face = meshed_face(middle=middle)
    drawn = RefinedRenderer(stage_of(face), weights).draw_all([talking_pose()])[0]
    assert drawn.shape == (150, 120, 3)


def test_transparency_stays(face: FacePicture, weights: RefinerWeights) -> None:
    matte = np.full((150, 120), 255, np.uint8)
    matte[:, :50] = 0
    cut = replace(face, matte=matte)
    pose = talking_pose((0, 0, 0))
    clear = RefinedRenderer(stage_of(cut, clear=True), weights).draw_all([pose])[0]
    assert np.array_equal(clear[..., 3], WarpRenderer(cut, clear=True).draw(pose)[..., 3])


def test_a_drawing_is_a_sentence(face: FacePicture, weights: RefinerWeights) -> None:
    with pytest.raises(EngineError, match="this picture is a drawing: choose the renderer warp"):
        RefinedRenderer(stage_of(replace(face, kind="drawing")), weights)


def test_without_weights_the_renderer_says_so(face: FacePicture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refined, "load_refiner", lambda: load_refiner(Path("nowhere", "portrait.npz")))
    with pytest.raises(EngineError, match=r"needs a trained network, and .* is missing") as caught:
        renderer_called("refined", stage_of(face))
    assert caught.value.code == "no_weights"


def test_the_command_line_refuses_or_refines(
    face: FacePicture,
    weights: RefinerWeights,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    picture, motion, output = tmp_path / "face.npz", tmp_path / "motion.npz", tmp_path / "frames"
    face.save(picture)
    talking(6).save(motion)
    given = ["portrait", str(picture), "-o", str(output), "--animation", str(motion), "--device", "cpu"]
    monkeypatch.setattr(refined, "load_refiner", lambda: load_refiner(tmp_path / "none.npz"))
    assert main([*given, "--renderer", "refined"]) != 0
    said = capsys.readouterr().err
    assert "choose the renderer warp" in said and "Traceback" not in said and not output.exists()
    monkeypatch.setattr(refined, "load_refiner", lambda: weights)
    frames = {}
    for renderer in ("warp", "refined"):
        assert main([*given, "--renderer", renderer]) == 0
        frames[renderer] = [path.read_bytes() for path in sorted(output.glob("*.png"))]
        assert json.loads((output / "portrait.json").read_text())["renderer"] == renderer
    assert len(frames["refined"]) == 6 and frames["refined"][0] == frames["warp"][0]
    assert frames["refined"][3] != frames["warp"][3]


def test_without_torch_numpy_does_it(
    face: FacePicture, weights: RefinerWeights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refined, "find_spec", lambda name: None)
    with pytest.raises(EngineError, match="needs an NVIDIA card"):
        Network(weights, "cuda")
    monkeypatch.setitem(sys.modules, "torch", None)
    assert Network(weights, "auto").kind == "numpy"
    assert len(RefinedRenderer(stage_of(face), weights).draw_all([talking_pose()] * 3)) == 3


# -- memory ------------------------------------------------------------------------------------------------


class ShortOfMemory(NumpyRefiner):
    """A card that holds so many squares, and no more."""

    holds = 5

    def changes(self, inputs: np.ndarray) -> np.ndarray:
        if len(inputs) > self.holds:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return super().changes(inputs)


@pytest.fixture
def inputs() -> np.ndarray:
    return np.random.RandomState(5).rand(11, 128, 128, CHANNELS).astype(np.float32)


def on_a_card(weights: RefinerWeights, holds: int, monkeypatch: pytest.MonkeyPatch) -> Network:
    card = ShortOfMemory(weights)
    card.holds = holds

    def choose(given: RefinerWeights, device: str) -> tuple[str, refiner.Refiner]:
        return ("numpy", NumpyRefiner(given)) if device == "cpu" else ("cuda", card)

    monkeypatch.setattr(refined, "_refiner", choose)
    return Network(weights, "auto")


def test_a_card_that_is_short_of_memory_takes_fewer_frames(
    weights: RefinerWeights, inputs: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = on_a_card(weights, 5, monkeypatch)
    assert np.array_equal(network.changes(inputs), NumpyRefiner(weights).changes(inputs))
    assert network.kind == "cuda"
    assert network.told == (
        "The graphics card's memory was short: 4 frames at a time instead of 32, which is slower.",
    )


def test_a_card_that_holds_nothing_leaves_it_to_the_processor(
    weights: RefinerWeights, inputs: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = on_a_card(weights, 0, monkeypatch)
    assert np.array_equal(network.changes(inputs), NumpyRefiner(weights).changes(inputs))
    assert network.kind == "numpy" and network.told[0].startswith(
        "The graphics card's memory did not suffice: the processor refined the rest"
    )


def test_a_renderer_wants_as_many_frames_after_the_card_has_failed(
    face: FacePicture, weights: RefinerWeights, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_card(weights, 0, monkeypatch)
    renderer = RefinedRenderer(replace(stage_of(face), device="auto"), weights)
    assert renderer.at_once == 32
    assert len(renderer.draw_all([talking_pose()] * 3)) == 3 and renderer.told
    assert renderer.at_once == 32


def test_a_thread_whose_card_fails_after_another_has_left_it_goes_on_without_it(
    weights: RefinerWeights, inputs: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = on_a_card(weights, 0, monkeypatch)
    started, left = threading.Event(), threading.Event()
    fails = ShortOfMemory.changes

    def fails_late(self: ShortOfMemory, given: np.ndarray) -> np.ndarray:
        if threading.current_thread() is not threading.main_thread():
            started.set()
            assert left.wait(HUNG)
        return fails(self, given)

    monkeypatch.setattr(ShortOfMemory, "changes", fails_late)
    with ThreadPoolExecutor(1) as pool:
        try:
            late = pool.submit(network.changes, inputs[:2])
            assert started.wait(HUNG)
            first = network.changes(inputs[2:4])
            assert network.kind == "numpy"
        finally:
            left.set()
        expected = NumpyRefiner(weights).changes(inputs[:4])
        assert np.array_equal(np.concatenate([late.result(HUNG), first]), expected)
    assert network.kind == "numpy" and "the processor refined the rest" in network.told[0]


def test_a_failure_that_another_thread_has_seen_to_halves_nothing_again(
    weights: RefinerWeights, inputs: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = on_a_card(weights, 16, monkeypatch)
    both_failed = threading.Barrier(2)
    fails = ShortOfMemory.changes

    def fail_together(self: ShortOfMemory, given: np.ndarray) -> np.ndarray:
        if len(given) > self.holds:
            both_failed.wait(HUNG)
        return fails(self, given)

    monkeypatch.setattr(ShortOfMemory, "changes", fail_together)
    monkeypatch.setattr(NumpyRefiner, "changes", lambda self, given: given[..., :3])
    many = np.concatenate([inputs, inputs])
    with ThreadPoolExecutor(2) as pool:
        for made in pool.map(network.changes, [many, many]):
            assert np.array_equal(made, many[..., :3])
    assert network.kind == "cuda" and network.told[0].startswith(
        "The graphics card's memory was short: 16 frames at a time"
    )


def test_another_fault_of_the_card_is_not_taken_for_memory(
    weights: RefinerWeights, inputs: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = on_a_card(weights, 40, monkeypatch)

    def broken(self: ShortOfMemory, inputs: np.ndarray) -> np.ndarray:
        raise RuntimeError("device-side assert")

    monkeypatch.setattr(ShortOfMemory, "changes", broken)
    with pytest.raises(RuntimeError, match="assert"):
        network.changes(inputs)
