# SPDX-License-Identifier: GPL-3.0-or-later
"""Characters that are pictures: what they remember of it, as a custom property of their armature and their mesh."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Final

from ..contract.head_limits import PICTURE_HEAD_LIMIT
from ..host.kept_values import number, text, whole

PROPERTY: Final = "talking_animation_picture"
OTHER_FACE: Final = "face:"
"""Begins the number of a face in what a character is known by, where it is not the picture's largest."""
HEAD_LIMIT: Final = PICTURE_HEAD_LIMIT
_LEAST: Final = 1e-9
"""Of a length or an angle that is not 0."""


@dataclass(frozen=True)
class PictureOrigin:
    """What a character was made of.

    Attributes:
        name: the picture file's name, or the image's.
        path: of the file as it is to be remembered; "" for an image without one.
        sha256: of what was made into a face: the picture's pixels and the choices made for it.
        width, height: of the picture in pixels.
        unit: between the outer eye corners, in the mesh's own unit.
        head_limit: how far the head may turn about each axis, radians.
        kind: how it was made, ``photo`` or ``drawing``; "" where it was made before that was kept.
    """

    name: str
    path: str
    sha256: str
    width: int
    height: int
    unit: float
    head_limit: float = HEAD_LIMIT
    kind: str = ""

    @property
    def points(self) -> tuple[float, ...]:
        """Where the face was shown to be, x and y in pixels; () where it was found."""
        try:
            return tuple(
                float(part) for part in self.sha256.split(" ")[1:] if not part.startswith(OTHER_FACE)
            )
        except ValueError:
            return ()

    @property
    def other_face(self) -> bool:
        """Whether it is another face than the picture's largest."""
        return any(part.startswith(OTHER_FACE) for part in self.sha256.split(" ")[1:])

    def keep(self, owner: Any) -> None:
        """Remember it with an object."""
        owner[PROPERTY] = asdict(self)


def origin_of(owner: Any) -> PictureOrigin | None:
    """What picture an object was made of; None where it was made of none, or the property is not what it was."""
    kept = owner.get(PROPERTY)
    if not hasattr(kept, "to_dict"):
        return None
    texts = [text(kept.get(name, "")) for name in ("name", "path", "sha256", "kind")]
    size = [whole(kept.get(name), 1) for name in ("width", "height")]
    unit, limit = number(kept.get("unit"), _LEAST), number(kept.get("head_limit"), _LEAST, math.tau)
    if None in (*texts, *size, unit, limit):
        return None
    name, path, sha256, kind = map(str, texts)
    assert size[0] and size[1] and unit and limit
    return PictureOrigin(name, path, sha256, size[0], size[1], unit, limit, kind)
