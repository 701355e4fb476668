"""MakeItTalk's photo renderer for inference, to the published names and shapes: a drawn face and a photo → that photo talking.

Written from the description of the architecture (Zhou et al., *MakeItTalk*, ACM TOG 39(6), 2020): a U-Net of residual blocks that
halves its picture six times. Module names are the keys of the published state dictionary.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..face.arrays import Floats, Indices
from ..face.file_digests import Stamp, stamp
from ..face.landmarks import INNER_LIP, JAW, LEFT_BROW, LEFT_EYE, NOSE, OUTER_LIP, RIGHT_BROW, RIGHT_EYE
from ..packages import load_package
from .files import PHOTO_RENDERER, check_photo_renderer, read_weights
from .networks import device_of, load_into

SIDE = 256
"""Pixels of the square that it draws."""
_ENTRY = "G"
_WIDTH = 64
_DEEPER = (2, 4, 8, 8, 8)
"""Channels of the five inner levels, in widths."""

Picture = NDArray[np.uint8]

LINES: tuple[tuple[Indices, bool, tuple[int, int, int]], ...] = (
    (JAW, False, (255, 144, 25)),
    (RIGHT_BROW, False, (50, 205, 50)),
    (LEFT_BROW, False, (50, 205, 50)),
    (NOSE, False, (208, 224, 63)),
    (RIGHT_EYE, True, (71, 99, 255)),
    (LEFT_EYE, True, (71, 99, 255)),
    (OUTER_LIP, True, (238, 130, 238)),
    (INNER_LIP, True, (238, 130, 238)),
)
"""Points of iBUG's 68 that a line joins, whether it is closed, and its colour, BGR: in the order in which they are drawn."""
_THICK = 2


def _conv(inputs: int, outputs: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.block = nn.Sequential(
            _conv(width, width), nn.BatchNorm2d(width), nn.ReLU(),
            _conv(width, width), nn.BatchNorm2d(width),
        )  # fmt: skip

    def forward(self, values: Tensor) -> Tensor:
        """(B, width, h, w) → the same."""
        return torch.relu(values + self.block(values))


class _Level(nn.Module):
    """Halves, thinks, enlarges; and hands on what it was given beside what it made of it."""

    def __init__(self, outer: int, inner: int, below: nn.Module | None) -> None:
        super().__init__()
        down = [_conv(outer, inner, 2), *([nn.BatchNorm2d(inner)] if below else []), nn.ReLU()]
        thinks = [_Residual(inner), _Residual(inner), *([below] if below else [])]
        up = [nn.Upsample(scale_factor=2), _conv(2 * inner if below else inner, outer)]
        self.model = nn.Sequential(
            *down, *thinks, *up, nn.BatchNorm2d(outer), nn.ReLU(), _Residual(outer), _Residual(outer)
        )

    def forward(self, values: Tensor) -> Tensor:
        """(B, outer, h, w) → (B, 2 × outer, h, w)."""
        return torch.cat([values, self.model(values)], dim=1)


class _Outermost(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        widths = [width, *(factor * width for factor in _DEEPER)]
        below: nn.Module | None = None
        for outer, inner in reversed(list(zip(widths, widths[1:]))):
            below = _Level(outer, inner, below)
        assert below is not None
        self.model = nn.Sequential(
            _conv(6, width, 2), nn.ReLU(), _Residual(width), _Residual(width), below,
            nn.Upsample(scale_factor=2), _conv(2 * width, 3),
        )  # fmt: skip

    def forward(self, values: Tensor) -> Tensor:
        """(B, 6, h, w) → (B, 3, h, w)."""
        return self.model(values)


class Translator(nn.Module):
    """The network (checkpoint entry ``G``): (B, 6, 256, 256), drawing and photo from 0 to 1, BGR → (B, 3, 256, 256).

    Args:
        width: channels of the outermost level.
    """

    def __init__(self, width: int = _WIDTH) -> None:
        super().__init__()
        self.model = _Outermost(width)

    def forward(self, values: Tensor) -> Tensor:
        """See the class; what is not above 0 is black."""
        return torch.tanh(self.model(values)).clamp(min=0)


class PhotoRenderer:
    """The published network, loaded, for one photo.

    Args:
        folder: where the file is.
        photo: (256, 256, 3) RGB.
        device: ``auto``, ``cpu`` or ``cuda``.

    Raises:
        EngineError: the file is missing (code ``published_missing``) or damaged (``bad_weights``), there is no such device
            (``backend_unavailable``), or OpenCV is missing (``full_engine_needed``).
    """

    def __init__(self, folder: Path, photo: Picture, device: str = "auto") -> None:
        check_photo_renderer(folder)
        self._cv = load_package("cv2", "MakeItTalk's photo renderer", "choose the renderer warp")
        self._device = device_of(device)
        path = PHOTO_RENDERER.path(folder)
        self._network = _loaded(path, stamp(path), str(self._device))
        self._photo = self._as_values(photo[None, :, :, ::-1])

    @torch.inference_mode()
    def draw(self, faces: Sequence[Floats]) -> list[Picture]:
        """(256, 256, 3) RGB of each face: (68, 2 or more) pixels of the square, y down."""
        drawn = self._as_values(np.stack([self.lines(face) for face in faces]))
        photo = self._photo.expand(len(faces), -1, -1, -1)
        shown = self._network(torch.cat([drawn, photo], dim=1)) * 255
        return [*shown.round().byte().permute(0, 2, 3, 1).cpu().numpy()[..., ::-1]]

    def lines(self, face: Floats) -> Picture:
        """(256, 256, 3) BGR: a face as the network was taught to see it, on white."""
        picture = np.full((SIDE, SIDE, 3), 255, np.uint8)
        # As published, points are cut off to whole pixels, not rounded.
        places = [(int(x), int(y)) for x, y in np.clip(face[:, :2], -SIDE, 2 * SIDE)]
        for points, closed, colour in LINES:
            ends = [*points[1:], *([points[0]] if closed else [])]
            for start, end in zip(points, ends):
                self._cv.line(picture, places[start], places[end], colour, _THICK)
        return picture

    def _as_values(self, pictures: Picture) -> Tensor:
        values = torch.from_numpy(np.ascontiguousarray(pictures)).to(self._device)
        return values.permute(0, 3, 1, 2).float() / 255


@lru_cache(maxsize=1)
def _loaded(path: Path, known: Stamp, device: str) -> Translator:
    """The network of a file; kept, until the file changes."""
    network = Translator(_WIDTH)
    load_into(network, read_weights(path, _ENTRY), path)
    return network.to(device)
