"""Photo2Cartoon's network that draws a still as a cartoon, from the file ``static/cartoon.pt`` that a user brings.

Minivision, *Photo2Cartoon*, 2020 (MIT), with which AnimatePortrait (Yi et al. 2022) draws its stills: a light U-GAT-IT (Kim
et al. 2020) of 32 channels, with two hourglasses of Newell et al. 2016 before and behind it, whose blocks in between are
normalised with what the picture shows and what its attention found ("soft" AdaLIN). Written anew after the published list of
layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..errors import EngineError
from ..face.arrays import Floats
from .files import read_weights
from .unpickle import read_container

SYSTEM = "Photo2Cartoon"
ENTRY = "genA2B"
"""The key under which the network lies in the file, beside others that it was trained with."""
SIDE = 256
"""Pixels of the square that it was trained on; it draws any whose sides are multiples of 16."""
_WIDTH = 32
_DEEP = 4 * _WIDTH
_HALVINGS = 4
"""Of an hourglass."""
_EPSILON = 1e-5
_FIRST = "ConvBlock1.1.weight"


def _shapes() -> Iterator[tuple[str, tuple[int, ...]]]:
    yield _FIRST, (_WIDTH, 3, 7, 7)
    for number in (1, 2):
        yield from _hourglass_shapes(f"HourGlass{number}")
    yield "DownBlock1.1.weight", (2 * _WIDTH, _WIDTH, 3, 3)
    yield "DownBlock2.1.weight", (_DEEP, 2 * _WIDTH, 3, 3)
    for number in range(1, 5):
        for part in (1, 5):
            yield f"EncodeBlock{number}.conv_block.{part}.weight", (_DEEP, _DEEP, 3, 3)
    for name in ("gap_fc", "gmp_fc"):
        yield from _with_bias(name, (1, _DEEP))
    yield from _with_bias("conv1x1", (_DEEP, 2 * _DEEP, 1, 1))
    for part in (0, 2):
        yield from _with_bias(f"FC.{part}", (_DEEP, _DEEP))
    for number in range(1, 5):
        for part in (1, 2):
            yield f"DecodeBlock{number}.conv{part}.weight", (_DEEP, _DEEP, 3, 3)
            norm = f"DecodeBlock{number}.norm{part}"
            yield f"{norm}.norm.rho", (1, _DEEP, 1, 1)
            for what in ("gamma", "beta"):
                yield f"{norm}.w_{what}", (1, _DEEP)
                for name in (f"c_{what}.0", f"c_{what}.2", f"s_{what}"):
                    yield from _with_bias(f"{norm}.{name}", (_DEEP, _DEEP))
    for number, width in ((1, 2 * _WIDTH), (2, _WIDTH)):
        yield f"UpBlock{number}.2.weight", (width, 2 * width, 3, 3)
        for name in ("rho", "gamma", "beta"):
            yield f"UpBlock{number}.3.{name}", (1, width, 1, 1)
    yield from _hourglass_shapes("HourGlass3")
    yield from _hourglass_shapes("HourGlass4", last=True)
    yield "ConvBlock2.1.weight", (3, 3, 7, 7)


def _hourglass_shapes(name: str, last: bool = False) -> Iterator[tuple[str, tuple[int, ...]]]:
    inner = [f"{number}_{part}" for number in range(1, _HALVINGS + 1) for part in (1, 2)]
    for block in (*(f"HG.0.ConvBlock{one}" for one in (*inner, *range(5, 10))), "HG.1"):
        half, quarter = _WIDTH // 2, _WIDTH // 4
        yield f"{name}.{block}.ConvBlock1.3.weight", (half, _WIDTH, 3, 3)
        yield f"{name}.{block}.ConvBlock2.3.weight", (quarter, half, 3, 3)
        yield f"{name}.{block}.ConvBlock3.3.weight", (quarter, quarter, 3, 3)
        yield f"{name}.{block}.ConvBlock4.2.weight", (_WIDTH, _WIDTH, 1, 1)  # never used: widths are equal
    yield f"{name}.HG.2.weight", (_WIDTH, _WIDTH, 1, 1)
    yield from _with_bias(f"{name}.Conv1", (3, _WIDTH, 1, 1))
    if not last:
        yield from _with_bias(f"{name}.Conv2", (_WIDTH, _WIDTH, 1, 1))
        yield from _with_bias(f"{name}.Conv3", (_WIDTH, 3, 1, 1))


def _with_bias(name: str, shape: tuple[int, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield f"{name}.weight", shape
    yield f"{name}.bias", shape[:1]


SHAPES: Mapping[str, tuple[int, ...]] = dict(_shapes())
"""Key → shape of each tensor of the network."""


def is_cartoons(path: Path) -> bool:
    """Whether a file holds this network, whole or not, whatever its name.

    Raises:
        EngineError: it is missing or no checkpoint (code ``bad_weights``).
    """
    whole = read_container(path)
    inner = whole.get(ENTRY, whole) if isinstance(whole, Mapping) else None
    return isinstance(inner, Mapping) and (inner is not whole or any(_FIRST in str(name) for name in inner))


class CartoonStill:
    """The network.

    Args:
        path: the file.

    Raises:
        EngineError: it is missing, damaged or another file (code ``bad_weights``).
    """

    def __init__(self, path: Path) -> None:
        weights = read_weights(path, ENTRY, SYSTEM)
        self._tensors: dict[str, Tensor] = {}
        for name, shape in SHAPES.items():
            values = weights.get(name)
            if values is None or values.shape != shape or values.dtype.kind != "f":
                lacks = "lacks" if values is None else "holds another"
                raise EngineError(
                    f"{path} {lacks} {name}: it is another file than AnimatePortrait's static/cartoon.pt or "
                    f"{SYSTEM}'s photo2cartoon_weights.pt, download that again.",
                    "bad_weights",
                )
            if not np.isfinite(values).all():
                raise EngineError(
                    f"{name} in {path} holds values that are no numbers: download it again.", "bad_weights"
                )
            self._tensors[name] = torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))

    def draw(self, colours: Floats) -> Floats:
        """(h, w, 3) the cartoon, 0 to 255.

        Args:
            colours: (h, w, 3) of a face on white, 0 to 255; sides of 64 or more that are multiples of 16, `SIDE` as published.
        """
        shown = torch.from_numpy(np.ascontiguousarray(colours.transpose(2, 0, 1)[None], dtype=np.float32))
        with torch.inference_mode():
            drawn = self._forward(shown / 127.5 - 1)
        return np.asarray((drawn[0].numpy().transpose(1, 2, 0) + 1) * 127.5, np.float32)

    def _forward(self, shown: Tensor) -> Tensor:
        value = self._active(self._padded("ConvBlock1.1", shown, 3))
        value = self._hourglass("HourGlass2", self._hourglass("HourGlass1", value))
        for name in ("DownBlock1.1", "DownBlock2.1"):
            value = self._active(self._padded(name, value, 1, stride=2))
        contents = []
        for number in range(1, 5):
            name = f"EncodeBlock{number}.conv_block"
            inner = self._active(self._padded(f"{name}.1", value, 1))
            value = value + functional.instance_norm(self._padded(f"{name}.5", inner, 1))
            contents.append(value.mean(dim=(2, 3)))
        value, style = self._attended(value)
        for number, content in zip(range(1, 5), reversed(contents)):
            name = f"DecodeBlock{number}"
            inner = self._decoded(name, 1, value, content, style).relu()
            value = value + self._decoded(name, 2, inner, content, style)
        for number in (1, 2):
            name = f"UpBlock{number}"
            value = self._padded(f"{name}.2", functional.interpolate(value, scale_factor=2), 1)
            rho, gamma, beta = (self._tensors[f"{name}.3.{one}"] for one in ("rho", "gamma", "beta"))
            value = (_normalised(value, rho) * gamma + beta).relu()
        value = self._hourglass("HourGlass4", self._hourglass("HourGlass3", value))
        return self._padded("ConvBlock2.1", value, 3).tanh()

    def _attended(self, value: Tensor) -> tuple[Tensor, Tensor]:
        """What the attention makes of features (1, C, h, w), and (1, C) the style of it."""
        weighed = [value * self._tensors[f"{name}.weight"][..., None, None] for name in ("gap_fc", "gmp_fc")]
        value = self._conv("conv1x1", torch.cat(weighed, dim=1)).relu()
        style = value.mean(dim=(2, 3))
        for part in (0, 2):
            style = self._linear(f"FC.{part}", style).relu()
        return value, style

    def _decoded(self, name: str, part: int, value: Tensor, content: Tensor, style: Tensor) -> Tensor:
        norm = f"{name}.norm{part}"
        value = _normalised(self._padded(f"{name}.conv{part}", value, 1), self._tensors[f"{norm}.norm.rho"])
        gamma, beta = (
            torch.lerp(
                self._linear(f"{norm}.s_{what}", style),
                self._linear(f"{norm}.c_{what}.2", self._linear(f"{norm}.c_{what}.0", content).relu()),
                self._tensors[f"{norm}.w_{what}"],
            )
            for what in ("gamma", "beta")
        )
        return value * gamma[..., None, None] + beta[..., None, None]

    def _hourglass(self, name: str, shown: Tensor) -> Tensor:
        skipped, value = [], shown
        for number in range(1, _HALVINGS + 1):
            block = f"{name}.HG.0.ConvBlock{number}"
            skipped.append(self._block(f"{block}_1", value))
            value = self._block(f"{block}_2", functional.avg_pool2d(value, 2))
        value = self._block(f"{name}.HG.0.ConvBlock5", value)
        for number, skip in zip(range(6, 10), reversed(skipped)):
            value = functional.interpolate(
                self._block(f"{name}.HG.0.ConvBlock{number}", value), scale_factor=2
            )
            value = value + skip
        value = self._active(self._conv(f"{name}.HG.2", self._block(f"{name}.HG.1", value)))
        colours = self._conv(f"{name}.Conv1", value)
        if f"{name}.Conv2.weight" not in SHAPES:
            return colours
        return shown + self._conv(f"{name}.Conv2", value) + self._conv(f"{name}.Conv3", colours)

    def _block(self, name: str, shown: Tensor) -> Tensor:
        value, parts = shown, []
        for number in range(1, 4):
            value = self._padded(f"{name}.ConvBlock{number}.3", self._active(value), 1)
            parts.append(value)
        return shown + torch.cat(parts, dim=1)

    def _padded(self, name: str, value: Tensor, rim: int, stride: int = 1) -> Tensor:
        return self._conv(name, functional.pad(value, (rim, rim, rim, rim), "reflect"), stride)

    def _conv(self, name: str, value: Tensor, stride: int = 1) -> Tensor:
        return functional.conv2d(
            value, self._tensors[f"{name}.weight"], self._tensors.get(f"{name}.bias"), stride
        )

    def _linear(self, name: str, value: Tensor) -> Tensor:
        return functional.linear(value, self._tensors[f"{name}.weight"], self._tensors[f"{name}.bias"])

    @staticmethod
    def _active(value: Tensor) -> Tensor:
        return functional.instance_norm(value).relu()


def _normalised(value: Tensor, rho: Tensor) -> Tensor:
    """Features (1, C, h, w) normalised channel by channel and all together, mixed by rho (1, C, 1, 1)."""
    parts = []
    for over in ((2, 3), (1, 2, 3)):
        mean, spread = value.mean(dim=over, keepdim=True), value.var(dim=over, keepdim=True)
        parts.append((value - mean) / (spread + _EPSILON).sqrt())
    return torch.lerp(parts[1], parts[0], rho)
