"""What of a picture is read where it moves: its own pixels, or three times as many where there are not too many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..face.arrays import Floats
from ..face.face_picture import FacePicture
from ..face.finer_texture import TIMES, finer_part
from ..pictures.filling import Pixels
from .boxes import Box
from .sampling import Sampler

_RIM = 0.25
"""Eye distances around what moves that are finer, too, for it moves there."""


@dataclass(frozen=True)
class ShownPicture:
    """A texture that shows a picture, or a part of one.

    Attributes:
        pixels: (H, W, C).
        origin: (2,) the place in the picture where it begins.
        times: its pixels for one of the picture's, each way.
    """

    pixels: Pixels
    origin: Floats
    times: int = 1

    @property
    def box(self) -> Box:
        """What of the picture it shows."""
        left, top = (round(float(place)) for place in self.origin)
        height, width = self.pixels.shape[:2]
        return Box(left, top, left + width // self.times, top + height // self.times)

    def indices(self, places: Floats) -> Floats:
        """(…, 2) places in the picture as its columns and rows."""
        return np.asarray((places - self.origin) * np.float32(self.times) - np.float32(0.5), np.float32)

    def read(self, sampler: Sampler, indices: Floats) -> Pixels:
        """(h, w, C) what it shows at columns and rows (h, w, 2): between fine pixels a mean does."""
        return sampler.at_indices(self.pixels, indices, sharp=self.times == 1)


def shown_finer(face: FacePicture) -> ShownPicture | None:
    """(H, W, 3) the finer texture of what moves, as Blender shows it, too; None where there is none, see `finer_part`."""
    part = finer_part(face, 1 + _RIM * face.eye_distance)
    if part is None:
        return None
    return ShownPicture(
        np.ascontiguousarray(part.pixels[..., :3]), np.array([part.left, part.top], np.float32), TIMES
    )
