"""A look is learned from a folder of pictures, and numpy draws it as torch does; what cannot be learned is a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="looks are learned with torch")
PIL = pytest.importorskip("PIL.Image", reason="the pictures are files")

from inference import cli
from inference.errors import EngineError
from inference.looks.apply import look_called
from inference.looks.network import drawn, load_look, random_look
from inference.training.networks.look import LookNetwork
from inference.training.recipes import look as recipe
from inference.training.recipes.look import Course, Lesson, bending, bent, warping


def striped(seed: int, size: tuple[int, int] = (70, 50)) -> np.ndarray:
    """(h, w, 3) red and white stripes: a look that no photo has."""
    y, x = np.mgrid[0 : size[0], 0 : size[1]]
    stripes = ((x + (1 + seed % 3) * y) // 5 % 2)[..., None]
    return np.where(stripes, (200, 30, 40), (250, 250, 240)).astype(np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "look"
    place.mkdir()
    for number in range(5):
        PIL.fromarray(striped(number)).save(place / f"{number}.png")
    (place / "notes.txt").write_text("no picture")
    return place


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    place = tmp_path / "photos"
    place.mkdir()
    grey = np.random.RandomState(3).randint(60, 200, (9, 8, 3)).astype(np.uint8)
    PIL.fromarray(grey).resize((80, 90), PIL.Resampling.BICUBIC).save(place / "one.jpg")
    return place


def test_numpy_draws_what_torch_draws() -> None:
    network = LookNetwork(4)
    with torch.no_grad():
        for name, value in network.named_parameters():
            if name.endswith("bias"):
                value += 0.1 * torch.randn(value.shape, generator=torch.Generator().manual_seed(len(name)))
    picture = np.random.RandomState(5).randint(0, 256, (24, 36, 3)).astype(np.float32)
    with torch.no_grad():
        wanted = network(torch.from_numpy(picture.transpose(2, 0, 1)[None] / np.float32(127.5) - 1))
    own = drawn(network.exported({}), picture)
    assert np.abs(own - (wanted[0].numpy().transpose(1, 2, 0) + 1) * 127.5).max() < 0.01


def test_odd_sides_and_untrained_networks_leave_a_picture_nearly_as_it_is() -> None:
    picture = np.random.RandomState(5).randint(40, 216, (7, 13, 3)).astype(np.float32)
    result = drawn(random_look(0), picture)
    assert result.shape == picture.shape and np.corrcoef(result.ravel(), picture.ravel())[0, 1] > 0.9


def test_a_look_is_learned_and_its_colours_come_through(folder: Path, photos: Path, tmp_path: Path) -> None:
    output = tmp_path / "new" / "stripes.npz"
    lesson = Lesson(
        recipe.pictures_in(folder, 16),
        [striped(1)[:40, :40].astype(np.float32) / 999],
        Course(side=16, batch=2),
        "cpu",
    )
    assert all(np.isfinite(value) for value in lesson.step().values())
    line = ["train", "look", str(folder), "--photos", str(photos), "--output", str(output), "--steps", "2"]
    assert cli.main(line) == 0
    weights = load_look(output)
    assert weights.metadata["pictures"] == 5 and weights.metadata["steps"] == 2
    assert look_called(str(output)).name == "stripes"


def test_what_was_stopped_goes_on_and_ends_the_same(
    folder: Path,
    photos: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Stopped after the second of three steps; other settings begin anew."""
    course, photo = Course(steps=3, side=16, batch=1), sorted(photos.glob("*.jpg"))
    recipe.train_look(folder, photo, tmp_path / "whole.npz", course)
    own, steps = Lesson.step, []

    def stopped(lesson: Lesson, slower: float = 1.0) -> dict[str, float]:
        steps.append(slower)
        if len(steps) == 3:
            raise KeyboardInterrupt
        return own(lesson, slower)

    monkeypatch.setattr(Lesson, "step", stopped)
    output = tmp_path / "halved.npz"
    with pytest.raises(KeyboardInterrupt):
        recipe.train_look(folder, photo, output, course)
    assert (
        not output.exists()
        and "Stopped at step 2: the same command goes on there." in capsys.readouterr().err
    )
    recipe.train_look(folder, photo, output, course)
    assert len(steps) == 4 and "going on at step 2 of 3" in capsys.readouterr().out
    whole, halved = (load_look(tmp_path / f"{name}.npz") for name in ("whole", "halved"))
    for name, kernel in whole.kernels.items():
        np.testing.assert_array_equal(kernel, halved.kernels[name])
    assert not output.with_suffix(".learning").exists()

    kept = tmp_path / "kept"
    recipe.train_look(folder, photo, output, Course(steps=1, side=16, batch=1), runs=kept)
    recipe.train_look(folder, photo, output, Course(steps=1, side=16, batch=1, seed=1), runs=kept)
    told = capsys.readouterr().out
    assert "going on" not in told and "5 pictures in the look, 1 of faces" in told
    assert len((kept / "curves.csv").read_text().splitlines()) == 2
    whole_file = (kept / "checkpoint.pt").read_bytes()
    for damaged in (b"", b"no checkpoint", whole_file[: len(whole_file) // 2]):
        (kept / "checkpoint.pt").write_bytes(damaged)
        with pytest.raises(EngineError, match=r"checkpoint\.pt is damaged, and .* delete it to begin anew"):
            recipe.train_look(folder, photo, output, Course(steps=1, side=16, batch=1, seed=1), runs=kept)


def test_what_only_recolours_has_no_warping_loss() -> None:
    """And what draws lines where the picture's pixels are, has one."""
    shown = torch.rand(1, 3, 48, 48, generator=torch.Generator().manual_seed(2))
    grid = (torch.arange(48) % 2).float().expand(1, 3, 48, 48)

    def recoloured(pictures: torch.Tensor) -> torch.Tensor:
        return 0.5 * pictures + 0.1

    def over_a_grid(pictures: torch.Tensor) -> torch.Tensor:
        return pictures + grid

    losses = [
        float(warping(network, shown, network(shown), np.random.RandomState(1)))
        for network in (recoloured, over_a_grid)
    ]
    assert losses[0] < 1e-5 and losses[1] > 0.1


def test_bending_by_nothing_changes_nothing() -> None:
    pictures = torch.rand(2, 3, 12, 12, generator=torch.Generator().manual_seed(1))
    same = bent(pictures, bending(np.random.RandomState(0), 2, 12, 0.0, "cpu"))
    assert torch.allclose(same, pictures, atol=1e-5)


@pytest.mark.parametrize(
    ("kept", "damaged", "told"),
    [
        (0, 0, "holds no picture:"),
        (1, 0, "holds one picture:"),
        (2, 2, "holds 2 pictures besides 2 that cannot be read"),
    ],
)
def test_too_few_pictures_are_a_sentence(
    kept: int,
    damaged: int,
    told: str,
    folder: Path,
    photos: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for number, path in enumerate(sorted(folder.glob("*.png"))):
        if number >= kept + damaged:
            path.unlink()
        elif number >= kept:
            path.write_bytes(path.read_bytes()[:40])
    output = tmp_path / "o.npz"
    assert cli.main(["train", "look", str(folder), "--photos", str(photos), "--output", str(output)]) == 1
    error = capsys.readouterr().err
    assert told in error and "Traceback" not in error and not output.exists()
    assert error.count("Left out") == damaged


def test_other_refusals(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = ["--output", str(tmp_path / "o.npz")]
    assert cli.main(["train", "look", str(tmp_path / "nowhere"), *output]) == 1
    assert "is no folder" in capsys.readouterr().err
    (tmp_path / "none").mkdir()
    assert cli.main(["train", "look", str(folder), "--photos", str(tmp_path / "none"), *output]) == 1
    assert "no photo to draw" in capsys.readouterr().err
    assert cli.main(["train", "look", *output]) == 2
    assert cli.main(["train", "look", str(folder), "--output", str(tmp_path / "o.mp4")]) == 2
    assert cli.main(["train", "speaker", str(folder), *output]) == 2


def test_another_training_is_left_alone(
    folder: Path, photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "run" / "checkpoint.pt"
    other.parent.mkdir()
    other.write_bytes(b"a mouth's")
    command = ["train", "look", str(folder), "--photos", str(photos), "--runs", str(other.parent)]
    assert cli.main([*command, "--output", str(tmp_path / "o.npz")]) == 1
    assert "holds a training that is not a look's" in capsys.readouterr().err
    assert other.read_bytes() == b"a mouth's" and list(other.parent.iterdir()) == [other]


def test_files_that_hold_no_look_are_a_sentence(tmp_path: Path) -> None:
    cases = {"missing": None, "empty": b"", "torn": b"PK\x03\x04torn"}
    for name, data in cases.items():
        path = tmp_path / f"{name}.npz"
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(EngineError) as told:
            look_called(str(path))
        assert path.name in str(told.value) and str(told.value).count(".") <= 4
    np.savez(tmp_path / "other.npz", header=np.array('{"kind": "content", "format": 1}'))
    np.savez(tmp_path / "bare.npz", values=np.zeros(3))
    good = random_look(1)
    good.kernels["up0"][0, 0, 0, 0] = np.nan
    good.save(tmp_path / "nan.npz")
    for name in ("other", "bare", "nan"):
        with pytest.raises(EngineError, match="holds no learned look"):
            look_called(str(tmp_path / f"{name}.npz"))
