"""AnimatePortrait's network that draws a still as a line drawing, from the file ``static/drawing.pth`` that a user brings.

Yi, Ye, Fan, Shu, Liu, *AnimatePortrait*, 2022: the still is drawn once by the network of Yi, Xia, Liu, Lai, Rosin, *Quality
Metric Guided Portrait Line Drawing Generation*, 2022, with the second of its three styles: nine residual blocks between two
convolutions of stride 2 and two transposed ones, normalised picture by picture. The authors give no licence for the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..errors import EngineError
from ..face.arrays import Floats
from .files import Weights, read_weights

SYSTEM = "AnimatePortrait"
STYLE = (0.0, 1.0, 0.0)
"""Which of its three styles: the one that AnimatePortrait takes."""
_BLOCKS = range(3, 12)


def _shapes() -> dict[str, tuple[int, ...]]:
    kernels: dict[str, tuple[int, ...]] = {
        "model0.1": (64, 3, 7, 7),
        "model0.4": (128, 64, 3, 3),
        "model0.7": (256, 128, 3, 3),
        "model.0": (256, 256 + len(STYLE), 3, 3),
    }
    for block in _BLOCKS:
        for part in (1, 5):
            kernels[f"model.{block}.conv_block.{part}"] = (256, 256, 3, 3)
    kernels.update({"model.12": (256, 128, 3, 3), "model.15": (128, 64, 3, 3), "model.19": (1, 64, 7, 7)})
    shapes: dict[str, tuple[int, ...]] = {}
    for name, shape in kernels.items():
        transposed = name in ("model.12", "model.15")
        shapes[f"{name}.weight"] = shape
        shapes[f"{name}.bias"] = (shape[1] if transposed else shape[0],)
    return shapes


SHAPES: Mapping[str, tuple[int, ...]] = _shapes()
"""Key → shape of each tensor of the file."""


_ANEW = ("model_tri", "model_landmark_trans")
"""How keys begin of the network that draws every picture of a video anew."""
_OTHERS = {
    "70_net_G_A.pth": ("draws every picture of a video anew", "drawing"),
    "best_net_netF.pth": ("tells that one how a face moves", "drawing"),
}
"""The other files of its Module 2 → what their network does, and which of our looks is nearest to it."""


class DrawnStill:
    """The network.

    Args:
        path: the file.

    Raises:
        EngineError: it is missing, damaged or another file (code ``bad_weights``).
    """

    def __init__(self, path: Path) -> None:
        weights = read_weights(path, "netG", SYSTEM)
        _check(weights, path)
        self._tensors = {
            name: torch.from_numpy(np.ascontiguousarray(weights[name], dtype=np.float32)) for name in SHAPES
        }

    def draw(self, colours: Floats) -> Floats:
        """(h, w) how bright the drawing is, 0 ink to 1 paper.

        Args:
            colours: (h, w, 3) of a photo, 0 to 255; sides of 16 or more that are multiples of 4.
        """
        shown = torch.from_numpy(np.ascontiguousarray(colours.transpose(2, 0, 1)[None], dtype=np.float32))
        with torch.inference_mode():
            drawn = self._forward(shown / 127.5 - 1)
        return np.asarray((drawn[0, 0].numpy() + 1) / 2, np.float32)

    def _forward(self, shown: Tensor) -> Tensor:
        value = self._active(self._conv("model0.1", functional.pad(shown, (3, 3, 3, 3), "reflect")))
        for name in ("model0.4", "model0.7"):
            value = self._active(self._conv(name, value, stride=2, padding=1))
        style = torch.tensor(STYLE).view(1, 3, 1, 1).expand(-1, -1, *value.shape[2:])
        value = self._active(self._conv("model.0", torch.cat([value, style], dim=1), padding=1))
        for block in _BLOCKS:
            value = value + self._block(f"model.{block}.conv_block", value)
        for name in ("model.12", "model.15"):
            kernel, bias = self._tensors[f"{name}.weight"], self._tensors[f"{name}.bias"]
            value = self._active(functional.conv_transpose2d(value, kernel, bias, 2, 1, 1))
        return torch.tanh(self._conv("model.19", functional.pad(value, (3, 3, 3, 3), "reflect")))

    def _block(self, name: str, value: Tensor) -> Tensor:
        inner = self._active(self._conv(f"{name}.1", functional.pad(value, (1, 1, 1, 1), "reflect")))
        return functional.instance_norm(
            self._conv(f"{name}.5", functional.pad(inner, (1, 1, 1, 1), "reflect"))
        )

    def _conv(self, name: str, value: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
        return functional.conv2d(
            value, self._tensors[f"{name}.weight"], self._tensors[f"{name}.bias"], stride, padding
        )

    @staticmethod
    def _active(value: Tensor) -> Tensor:
        return functional.relu(functional.instance_norm(value))


def _not_read(path: Path, published: str) -> EngineError:
    """The error of a file that is published under one of the names of `_OTHERS`."""
    what, look = _OTHERS[published]
    return EngineError(
        f"{path.name} is {SYSTEM}'s network that {what}, which is not read here: give its static/drawing.pth or "
        f"static/cartoon.pt, or choose the look {look}.",
        "bad_weights",
    )


def _check(weights: Weights, path: Path) -> None:
    missing = [name for name in SHAPES if name not in weights]
    if any(name.startswith(_ANEW) for name in weights) or (missing and path.name in _OTHERS):
        raise _not_read(path, path.name if path.name in _OTHERS else "70_net_G_A.pth")
    if missing:
        raise EngineError(
            f"{path} lacks {missing[0]}: it is another file than {SYSTEM}'s static/drawing.pth, download that again.",
            "bad_weights",
        )
    for name, shape in SHAPES.items():
        values = weights[name]
        if values.shape != shape or values.dtype.kind != "f":
            raise EngineError(
                f"{name} in {path} is not what {SYSTEM}'s static/drawing.pth holds: download that again.",
                "bad_weights",
            )
        if not np.isfinite(values).all():
            raise EngineError(
                f"{name} in {path} holds values that are no numbers: download it again.", "bad_weights"
            )
