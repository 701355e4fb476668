# SPDX-License-Identifier: GPL-3.0-or-later
"""Characters that are pictures: what they remember of it, as a custom property of their armature and their mesh."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from ..contract.head_limits import PICTURE_HEAD_LIMIT

PROPERTY: Final = "talking_animation_picture"
OTHER_FACE: Final = "face:"
"""Begins the number of a face in what a character is known by, where it is not the picture's largest."""
HEAD_LIMIT: Final = PICTURE_HEAD_LIMIT


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
    try:
        return PictureOrigin(
            str(kept["name"]),
            str(kept["path"]),
            str(kept["sha256"]),
            int(kept["width"]),
            int(kept["height"]),
            float(kept["unit"]),
            float(kept["head_limit"]),
            str(kept.get("kind", "")),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
