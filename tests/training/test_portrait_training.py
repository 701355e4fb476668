"""The refiner's training: whom it learns from, that it learns, goes on where it was stopped, and ends in a weights file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is needed for training")
pytest.importorskip("av", reason="av is needed to read films")

from mouth_pairs import mouth_pairs

from inference.cli import main
from inference.errors import EngineError
from inference.portrait.mouth_crop import CHANNELS
from inference.portrait.refiner import NumpyRefiner, load_refiner
from inference.training.evaluation.picture_table import held_out
from inference.training.filmed_corpora.corpus import split
from inference.training.mouth_pictures.films import clips_of
from inference.training.mouth_pictures.heads import RandomHead, read_model
from inference.training.mouth_pictures.kept import kept
from inference.training.mouth_pictures.lesson import energy
from inference.training.mouth_pictures.pairs import Pairs
from inference.training.recipes import portrait as recipe

ICT_HEAD = Path(__file__).resolve().parents[3] / "shared" / "assets" / "ict_face_model.npz"
TINY = """
[portrait]
widths = [8, 8, 8, 8]
batch = 4
steps = {steps}
checkpoint_every = 6
validation_every = 3
rate = 3.0e-3
bfloat16_on_cpu = false
"""


@pytest.fixture
def material(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three clips of two people, and no heads."""
    paths = []
    for number, name in enumerate(("film_s1_a", "film_s1_b", "film_s2_c")):
        paths.append(tmp_path / f"{name}.npz")
        mouth_pairs(number, 4).save(paths[-1])
    monkeypatch.setattr(recipe, "kept_films", lambda *_: paths)
    return tmp_path


def train(folder: Path, steps: int, runs: str, more: str = "") -> Path:
    config = folder / "tiny.toml"
    config.write_text(TINY.format(steps=steps) + more, encoding="utf-8")
    output = folder / f"{runs}.npz"
    arguments = ["--config", str(config), "--data", str(folder), "--runs", str(folder / runs)]
    assert main(["train", "portrait", *arguments, "--output", str(output), "--threads", "1"]) == 0
    return output


def with_a_stranger(material: Path, monkeypatch: pytest.MonkeyPatch, pairs: Pairs) -> list[Path]:
    """The films of the material, and one of a person whom nothing is learnt from."""
    paths = sorted(material.glob("film_*.npz")) + [material / "film_s7_d.npz"]
    pairs.save(paths[-1])
    monkeypatch.setattr(recipe, "kept_films", lambda *_: paths)
    return paths


def test_it_learns_what_was_drawn_wrong(material: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_stranger(material, monkeypatch, mouth_pairs(7, 4))
    weights = load_refiner(train(material, 45, "learnt"))
    assert weights.metadata["trust"] > 0.5
    one = mouth_pairs(1, 4)
    values = np.concatenate([one.drawn, np.broadcast_to(one.still, one.drawn.shape), one.maps], -1) / 255
    change = NumpyRefiner(weights).changes(values[:1].astype(np.float32))[0]
    opening = one.maps[0, ..., 1] > 0
    assert values.shape[-1] == CHANNELS
    assert change[opening].mean() < -0.02 and abs(change[:30].mean()) < 0.3 * abs(change[opening].mean())
    rows = (material / "learnt" / "portrait" / "run" / "curves.csv").read_text().splitlines()
    names = rows[0].split(",")
    first, last = (dict(zip(names, row.split(","))) for row in (rows[1], rows[-1]))
    assert float(last["refined_dB"]) > float(first["refined_dB"]) and len(rows) == 9


def test_a_network_for_larger_pictures_is_trained(material: Path) -> None:
    for path in material.glob("film_*.npz"):
        small = Pairs.load(path)
        parts = (small.still, small.drawn, small.truth, small.maps)
        Pairs(*(one.repeat(2, axis=-3).repeat(2, axis=-2) for one in parts)).save(path)
    weights = load_refiner(train(material, 1, "large", "side = 256\nfold = 4\n"))
    assert (weights.shape.side, weights.shape.fold) == (256, 4)
    changes = NumpyRefiner(weights).changes(np.full((1, 256, 256, CHANNELS), 0.5, np.float32))
    assert changes.shape == (1, 256, 256, 3) and np.isfinite(changes).all() and changes.any()


def test_what_it_changes_counts_as_far_as_it_serves_strangers(
    material: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stranger whose mouth is as red as it is drawn: nothing that was learnt of the others serves him."""
    stranger = mouth_pairs(7, 4)
    paths = with_a_stranger(
        material, monkeypatch, Pairs(stranger.still, stranger.drawn, stranger.drawn, stranger.maps)
    )
    weights = load_refiner(train(material, 15, "distrusted"))
    assert weights.metadata["trust"] == 0
    rows = (material / "distrusted" / "portrait" / "run" / "curves.csv").read_text().splitlines()
    assert (
        "strangers_refined_dB" in rows[0]
        and float(rows[-1].split(",")[rows[0].split(",").index("strangers_trust")]) == 0
    )
    monkeypatch.setattr(recipe, "kept_films", lambda *_: paths[-1:])
    capsys.readouterr()
    with pytest.raises(AssertionError):
        train(material, 3, "nobody")
    assert "All people who were filmed are strangers" in capsys.readouterr().err


def test_stopped_and_started_again_it_goes_on(
    material: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures, calls = recipe._figures, []

    def stops(*given: object) -> dict[str, float]:
        calls.append(1)
        if len(calls) == 2:
            raise EngineError("The current failed.", "stopped")
        return figures(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(recipe, "_figures", stops)
    with pytest.raises(AssertionError):
        train(material, 12, "stopped")
    again = load_refiner(train(material, 12, "stopped"))
    assert "going on at step 6 of 12" in capsys.readouterr().out
    monkeypatch.setattr(recipe, "_figures", figures)
    through = load_refiner(train(material, 12, "through"))
    assert again.metadata == through.metadata and again.metadata["seed"] == 1
    assert max(np.abs(again.kernels[name] - through.kernels[name]).max() for name in again.kernels) < 2e-3


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("side", 100, "side 100, fold 2 and 4 widths"),
        ("side", 0, "side 0, fold 2 and 4 widths"),
        ("fold", 0, "side 128, fold 0 and 4 widths"),
        ("fold", -2, "side 128, fold -2 and 4 widths"),
        ("fold", 5, "side 128, fold 5 and 4 widths"),
        ("widths", [], "side 128, fold 2 and 0 widths"),
        ("widths", [8, 8, 0, 8], "side 128, fold 2 and 4 widths"),
    ],
)
def test_a_size_that_cannot_be_trained_is_a_sentence(
    material: Path, name: str, value: object, told: str
) -> None:
    config = recipe_config()
    config["portrait"].update({"side": 128, "fold": 2, "widths": [8, 8, 8, 8], name: value})
    with pytest.raises(EngineError, match=f"{told} cannot be trained") as caught:
        recipe.train_portrait(config, material, None, material, material / "out.npz")
    assert caught.value.code == "bad_config"


@pytest.mark.parametrize(
    ("name", "value"), [("batch", 1), ("frames", 3), ("clips", 0), ("validation_every", 1)]
)
def test_a_course_without_anything_to_learn_is_a_sentence(material: Path, name: str, value: int) -> None:
    config = recipe_config()
    config["portrait"][name] = value
    with pytest.raises(EngineError, match=f"{name} = {value} leaves nothing to learn"):
        recipe.train_portrait(config, material, None, material, material / "out.npz")


def recipe_config() -> dict[str, dict[str, object]]:
    from inference.training.recipes.configuration import read_config

    return read_config()


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 cut off", "npz"])
def test_what_is_no_head_is_a_sentence(
    material: Path, capsys: pytest.CaptureFixture[str], content: bytes | str | None
) -> None:
    heads = material / "ict.npz"
    if content == "npz":
        np.savez(heads, vertices=np.zeros((4, 3)))
    elif isinstance(content, bytes):
        heads.write_bytes(content)
    given = ["--data", str(material), "--runs", str(material), "--output", str(material / "out.npz")]
    assert main(["train", "portrait", *given, "--heads", str(heads)]) != 0
    assert "ict.npz is not ICT FaceKit's head: give ict_face_model.npz" in capsys.readouterr().err


def test_what_is_held_out_is_not_learnt_from(tmp_path: Path) -> None:
    for speaker, count in (("s1", 40), ("s4", 30), ("s26", 5), ("s8", 1)):
        folder = tmp_path / "grid" / speaker
        folder.mkdir(parents=True)
        for number in range(count):
            (folder / f"clip{number:02d}.mp4").touch()
    fine = tmp_path / "grid_hq" / "s4"
    fine.mkdir(parents=True)
    (fine / "clip00.mp4").touch()
    chosen = clips_of(tmp_path, 100, ("s26",))
    assert {path.parent.name for path in chosen} == {"s1", "s4", "s8"}
    numbers = {
        name: [int(path.stem[4:]) for path in chosen if path.parent.name == name] for name in ("s1", "s4")
    }
    assert not [number for number in numbers["s1"] if number % 10 == 9] and len(numbers["s1"]) == 36
    assert max(numbers["s4"]) == 24 and fine / "clip00.mp4" in chosen
    assert len(clips_of(tmp_path, 3, ())) == 3 + 3 + 3 + 1
    with pytest.raises(EngineError, match="holds no clips"):
        clips_of(tmp_path / "elsewhere", 3, ())


def test_films_and_corpora_hold_out_the_same_clips(tmp_path: Path) -> None:
    for speaker, count in (("s1", 131), ("s4", 27), ("s2", 12)):
        for folder, ending in (("grid", "mp4"), ("corpus", "npz")):
            (tmp_path / folder / speaker).mkdir(parents=True)
            for number in range(count):
                (tmp_path / folder / speaker / f"clip{number:03d}.{ending}").touch()
    taken = {(path.parent.name, path.stem) for path in clips_of(tmp_path, 1000, ())}
    for speaker in ("s1", "s4", "s2"):
        groups = {
            name: {path.stem for path in paths} for name, paths in split(tmp_path / "corpus", speaker).items()
        }
        held = {path.stem for path in held_out(tmp_path, speaker, 1000)}
        assert held == groups["test"] and held
        if speaker != "s2":
            assert {stem for name, stem in taken if name == speaker} == groups["train"] | groups["validation"]


def test_what_is_no_use_is_told_and_what_is_cut_is_made_again(tmp_path: Path) -> None:
    told: list[str] = []

    def no_face() -> Pairs:
        raise EngineError("There is no face in it.", "bad_video")

    path = tmp_path / "film_s1_a.npz"
    assert not kept(path, no_face, told.append) and told == ["skipped film_s1_a: There is no face in it."]
    path.write_bytes(b"PK half a file")
    assert kept(path, lambda: mouth_pairs(2, 4), told.append)
    assert kept(path, no_face, told.append) and np.array_equal(
        Pairs.load(path).truth, mouth_pairs(2, 4).truth
    )


def test_mud_has_less_energy_than_teeth() -> None:
    sharp = torch.zeros(1, 3, 32, 32)
    sharp[..., ::4] = 1
    mud = torch.full_like(sharp, 0.25)
    assert float(energy(sharp).mean()) > 20 * float(energy(mud).mean())


@pytest.mark.skipif(not ICT_HEAD.exists(), reason="../shared/assets/ict_face_model.npz is absent")
def test_heads_differ_and_are_the_same_each_time() -> None:
    model = read_model(ICT_HEAD)
    films = [RandomHead(model, np.random.RandomState(seed)).film(1) for seed in (1, 1, 2)]
    one, again, other = (np.stack(film).astype(int) for film in films)
    assert one.shape == (3, 288, 256, 3) and np.array_equal(one, again)
    assert np.abs(one[0] - other[0]).mean() > 10
    assert np.abs(one[1] - one[2]).mean() < np.abs(one[0] - one[1]).mean() + 3


@pytest.mark.skipif(not ICT_HEAD.exists(), reason="../shared/assets/ict_face_model.npz is absent")
def test_an_open_mouth_is_not_black_inside() -> None:
    model = read_model(ICT_HEAD)
    pictures = []
    for darkest in (None, 0.0):
        head = RandomHead(model, np.random.RandomState(3))
        assert 0.2 < head._darkest < 0.8
        head._darkest = head._darkest if darkest is None else darkest
        pictures.append(head._drawn({"jawOpen": 0.7}, np.zeros(3)).astype(int).mean(axis=-1))
    off = pictures[0] - pictures[1]
    inside = np.abs(off) > 12
    assert inside.sum() > 50 and (off[inside] > 0).all()
