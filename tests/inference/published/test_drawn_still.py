"""AnimatePortrait's network for stills, on a random file of its keys: it draws as a plain statement of its layers does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the published network runs on torch")

from torch import nn

from inference.errors import EngineError
from inference.portrait.renderers import check_renderer
from inference.published.drawn_still import SHAPES, STYLE, DrawnStill


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        parts = [nn.ReflectionPad2d(1), nn.Conv2d(256, 256, 3), nn.InstanceNorm2d(256)]
        self.conv_block = nn.Sequential(
            *parts, nn.ReLU(), nn.ReflectionPad2d(1), nn.Conv2d(256, 256, 3), nn.InstanceNorm2d(256)
        )

    def forward(self, values):
        return values + self.conv_block(values)


class Plain(nn.Module):
    """The layers as they are listed, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        first = [nn.ReflectionPad2d(3), nn.Conv2d(3, 64, 7), nn.InstanceNorm2d(64), nn.ReLU()]
        for width in (64, 128):
            first += [nn.Conv2d(width, 2 * width, 3, 2, 1), nn.InstanceNorm2d(2 * width), nn.ReLU()]
        rest = [nn.Conv2d(259, 256, 3, 1, 1), nn.InstanceNorm2d(256), nn.ReLU(), *(Block() for _ in range(9))]
        for width in (256, 128):
            rest += [
                nn.ConvTranspose2d(width, width // 2, 3, 2, 1, 1),
                nn.InstanceNorm2d(width // 2),
                nn.ReLU(),
            ]
        rest += [nn.ReflectionPad2d(3), nn.Conv2d(64, 1, 7), nn.Tanh()]
        self.model0, self.model = nn.Sequential(*first), nn.Sequential(*rest)

    def forward(self, photo):
        seen = self.model0(photo)
        style = torch.tensor(STYLE).view(1, 3, 1, 1).expand(1, 3, *seen.shape[2:])
        return self.model(torch.cat([seen, style], dim=1))


@pytest.fixture(scope="module")
def plain() -> Plain:
    torch.manual_seed(3)
    return Plain().eval()


@pytest.fixture(scope="module")
def file(plain: Plain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("static") / "drawing.pth"
    torch.save(plain.state_dict(), path)
    return path


def test_keys_and_shapes_are_those_of_the_layers(plain: Plain) -> None:
    assert {name: tuple(value.shape) for name, value in plain.state_dict().items()} == dict(SHAPES)
    assert len(SHAPES) == 50


def test_it_draws_as_the_layers_do(plain: Plain, file: Path) -> None:
    photo = np.random.RandomState(1).randint(0, 256, (20, 28, 3)).astype(np.float32)
    with torch.no_grad():
        wanted = plain(torch.from_numpy(photo.transpose(2, 0, 1)[None]) / 127.5 - 1)
    drawn = DrawnStill(file).draw(photo)
    assert drawn.shape == (20, 28) and drawn.dtype == np.float32
    assert np.abs(drawn - (wanted[0, 0].numpy() + 1) / 2).max() < 1e-4


def test_files_of_parallel_training_and_in_halves_are_read(plain: Plain, tmp_path: Path) -> None:
    path = tmp_path / "half.pth"
    torch.save({f"module.{name}": value.half() for name, value in plain.state_dict().items()}, path)
    photo = np.full((16, 16, 3), 90, np.float32)
    assert np.isfinite(DrawnStill(path).draw(photo)).all()


def test_other_files_are_a_sentence(plain: Plain, tmp_path: Path) -> None:
    good = plain.state_dict()
    cases = {
        "lacks model.19.bias": {name: value for name, value in good.items() if name != "model.19.bias"},
        "is not what": {**good, "model.0.weight": torch.zeros(256, 256, 3, 3)},
        "no numbers": {**good, "model.19.bias": torch.tensor([float("nan")])},
        "another file": {"netD.weight": torch.zeros(2)},
    }
    path = tmp_path / "drawing.pth"
    for told, values in cases.items():
        torch.save(values, path)
        with pytest.raises(EngineError, match=told) as error:
            check_renderer(str(path))
        assert error.value.code == "bad_weights" and str(error.value).count("\n") == 0
    anew = tmp_path / "renamed.pth"
    torch.save({"model_tri00.1.weight": torch.zeros(2)}, anew)
    flow = tmp_path / "best_net_netF.pth"
    torch.save({"conv.weight": torch.zeros(2)}, flow)
    for other, told, look in (
        (anew, "draws every picture of a video anew", "drawing"),
        (flow, "how a face moves", "drawing"),
    ):
        with pytest.raises(
            EngineError,
            match=f"{other.name} is .* {told}, which is not read here: give its static.*cartoon.pt, .* look {look}",
        ):
            check_renderer(str(other))
    path.write_bytes(b"torn")
    with pytest.raises(EngineError, match=r"drawing\.pth"):
        check_renderer(str(path))
    with pytest.raises(EngineError, match="nowhere"):
        check_renderer(str(tmp_path / "nowhere.pth"))
