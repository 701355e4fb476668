"""Photo2Cartoon's network for stills, on a random file of its keys: it draws as a plain statement of its layers does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the published network runs on torch")

from torch import nn

from inference.errors import EngineError
from inference.portrait.published_look import PublishedCartoon
from inference.portrait.renderers import check_renderer
from inference.published.cartoon_still import SHAPES, CartoonStill


def padded(inputs: int, outputs: int, kernel: int, stride: int = 1) -> list[nn.Module]:
    return [nn.ReflectionPad2d(kernel // 2), nn.Conv2d(inputs, outputs, kernel, stride, bias=False)]


class Block(nn.Module):
    """Three convolutions, each after the other, side by side."""

    def __init__(self) -> None:
        super().__init__()
        for number, (inputs, outputs) in enumerate(((32, 16), (16, 8), (8, 8)), 1):
            parts = [nn.InstanceNorm2d(inputs), nn.ReLU(), *padded(inputs, outputs, 3)]
            setattr(self, f"ConvBlock{number}", nn.Sequential(*parts))
        self.ConvBlock4 = nn.Sequential(nn.InstanceNorm2d(32), nn.ReLU(), nn.Conv2d(32, 32, 1, bias=False))

    def forward(self, x):
        first = self.ConvBlock1(x)
        second = self.ConvBlock2(first)
        return x + torch.cat([first, second, self.ConvBlock3(second)], 1)


class Halves(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        for number in (*(f"{one}_{two}" for one in range(1, 5) for two in (1, 2)), *range(5, 10)):
            setattr(self, f"ConvBlock{number}", Block())

    def forward(self, x, depth: int = 1):
        if depth == 5:
            return self.ConvBlock5(x)
        smaller = getattr(self, f"ConvBlock{depth}_2")(nn.AvgPool2d(2)(x))
        back = getattr(self, f"ConvBlock{10 - depth}")(self.forward(smaller, depth + 1))
        return getattr(self, f"ConvBlock{depth}_1")(x) + nn.Upsample(scale_factor=2)(back)


class HourGlass(nn.Module):
    def __init__(self, goes_on: bool = True) -> None:
        super().__init__()
        end = [nn.Conv2d(32, 32, 1, bias=False), nn.InstanceNorm2d(32), nn.ReLU()]
        self.HG = nn.Sequential(Halves(), Block(), *end)
        self.Conv1, self.goes_on = nn.Conv2d(32, 3, 1), goes_on
        if goes_on:
            self.Conv2, self.Conv3 = nn.Conv2d(32, 32, 1), nn.Conv2d(3, 32, 1)

    def forward(self, x):
        inner = self.HG(x)
        colours = self.Conv1(inner)
        return x + self.Conv2(inner) + self.Conv3(colours) if self.goes_on else colours


class Both(nn.Module):
    """Normalised by channel and by layer, mixed."""

    def __init__(self, width: int, own: bool) -> None:
        super().__init__()
        for name in ("rho", "gamma", "beta") if own else ("rho",):
            setattr(self, name, nn.Parameter(torch.rand(1, width, 1, 1)))

    def forward(self, x, gamma=None, beta=None):
        alone, all_ = x.flatten(2), x.flatten(1)
        by_channel = (x - alone.mean(2)[..., None, None]) / (alone.var(2) + 1e-5).sqrt()[..., None, None]
        by_layer = (x - all_.mean()) / (all_.var() + 1e-5).sqrt()
        mixed = self.rho * by_channel + (1 - self.rho) * by_layer
        gamma, beta = (self.gamma, self.beta) if gamma is None else (gamma, beta)
        return mixed * gamma.view(1, -1, 1, 1) + beta.view(1, -1, 1, 1)


class Soft(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = Both(128, own=False)
        for name in ("gamma", "beta"):
            setattr(self, f"w_{name}", nn.Parameter(torch.rand(1, 128)))
            content = nn.Sequential(nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 128))
            setattr(self, f"c_{name}", content)
            setattr(self, f"s_{name}", nn.Linear(128, 128))

    def forward(self, x, content, style):
        found = []
        for name in ("gamma", "beta"):
            share = getattr(self, f"w_{name}")
            own = getattr(self, f"c_{name}")(content)
            found.append((1 - share) * getattr(self, f"s_{name}")(style) + share * own)
        return self.norm(x, *found)


class Encode(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        first = [*padded(128, 128, 3), nn.InstanceNorm2d(128), nn.ReLU()]
        self.conv_block = nn.Sequential(*first, *padded(128, 128, 3), nn.InstanceNorm2d(128))

    def forward(self, x):
        return x + self.conv_block(x)


class Decode(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        for number in (1, 2):
            setattr(self, f"pad{number}", nn.ReflectionPad2d(1))
            setattr(self, f"conv{number}", nn.Conv2d(128, 128, 3, bias=False))
            setattr(self, f"norm{number}", Soft())

    def forward(self, x, content, style):
        inner = self.norm1(self.conv1(self.pad1(x)), content, style).relu()
        return x + self.norm2(self.conv2(self.pad2(inner)), content, style)


class Plain(nn.Module):
    """The layers as they are listed, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.ConvBlock1 = nn.Sequential(*padded(3, 32, 7), nn.InstanceNorm2d(32), nn.ReLU())
        self.HourGlass1, self.HourGlass2 = HourGlass(), HourGlass()
        for number, width in ((1, 64), (2, 128)):
            parts = [*padded(width // 2, width, 3, 2), nn.InstanceNorm2d(width), nn.ReLU()]
            setattr(self, f"DownBlock{number}", nn.Sequential(*parts))
        for number in range(1, 5):
            setattr(self, f"EncodeBlock{number}", Encode())
            setattr(self, f"DecodeBlock{number}", Decode())
        self.gap_fc, self.gmp_fc = nn.Linear(128, 1), nn.Linear(128, 1)
        self.conv1x1 = nn.Conv2d(256, 128, 1)
        self.FC = nn.Sequential(nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU())
        for number, width in ((1, 64), (2, 32)):
            parts = [nn.Upsample(scale_factor=2), *padded(2 * width, width, 3), Both(width, own=True)]
            setattr(self, f"UpBlock{number}", nn.Sequential(*parts, nn.ReLU()))
        self.HourGlass3, self.HourGlass4 = HourGlass(), HourGlass(goes_on=False)
        self.ConvBlock2 = nn.Sequential(*padded(3, 3, 7), nn.Tanh())

    def forward(self, photo):
        x = self.HourGlass2(self.HourGlass1(self.ConvBlock1(photo)))
        x = self.DownBlock2(self.DownBlock1(x))
        contents = []
        for number in range(1, 5):
            x = getattr(self, f"EncodeBlock{number}")(x)
            contents.append(x.mean(dim=(2, 3)))
        ways = [x * one.weight.view(1, -1, 1, 1) for one in (self.gap_fc, self.gmp_fc)]
        x = self.conv1x1(torch.cat(ways, 1)).relu()
        style = self.FC(x.mean(dim=(2, 3)))
        for number in range(1, 5):
            x = getattr(self, f"DecodeBlock{number}")(x, contents[4 - number], style)
        return self.ConvBlock2(self.HourGlass4(self.HourGlass3(self.UpBlock2(self.UpBlock1(x)))))


@pytest.fixture(scope="module")
def plain() -> Plain:
    torch.manual_seed(5)
    return Plain().eval()


@pytest.fixture(scope="module")
def file(plain: Plain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("static") / "cartoon.pt"
    others = {"genB2A": {"ConvBlock1.1.weight": torch.zeros(2)}, "disGA": {}}
    torch.save({"genA2B": plain.state_dict(), **others}, path)
    return path


def test_keys_and_shapes_are_those_of_the_layers(plain: Plain) -> None:
    assert {name: tuple(value.shape) for name, value in plain.state_dict().items()} == dict(SHAPES)
    assert len(SHAPES) == 406


def test_it_draws_as_the_layers_do(plain: Plain, file: Path) -> None:
    photo = np.random.RandomState(1).randint(0, 256, (64, 80, 3)).astype(np.float32)
    with torch.no_grad():
        wanted = plain(torch.from_numpy(photo.transpose(2, 0, 1)[None]) / 127.5 - 1)
    drawn = CartoonStill(file).draw(photo)
    assert drawn.shape == (64, 80, 3) and drawn.dtype == np.float32 and np.ptp(drawn) > 10
    assert np.abs(drawn - (wanted[0].numpy().transpose(1, 2, 0) + 1) * 127.5).max() < 0.02


def test_files_in_halves_and_bare_ones_are_read(plain: Plain, tmp_path: Path) -> None:
    path = tmp_path / "renamed.pth"
    torch.save({f"module.{name}": value.half() for name, value in plain.state_dict().items()}, path)
    check_renderer(str(path))
    assert isinstance(PublishedCartoon(path), PublishedCartoon)


def test_other_files_are_a_sentence(plain: Plain, tmp_path: Path) -> None:
    good = plain.state_dict()
    cases = {
        r"lacks ConvBlock2\.1": {key: value for key, value in good.items() if key != "ConvBlock2.1.weight"},
        "holds another FC.0.weight": {**good, "FC.0.weight": torch.zeros(128, 9)},
        "no numbers": {**good, "FC.2.bias": torch.full((128,), torch.inf)},
        "lacks ConvBlock1": {},
    }
    path = tmp_path / "cartoon.pt"
    for told, values in cases.items():
        torch.save({"genA2B": values or {"head": torch.zeros(2)}}, path)
        with pytest.raises(EngineError, match=told) as error:
            check_renderer(str(path))
        assert error.value.code == "bad_weights" and path.name in error.value.message
        assert "\n" not in error.value.message
    path.write_bytes(b"torn")
    with pytest.raises(EngineError, match=r"cartoon\.pt"):
        check_renderer(str(path))
