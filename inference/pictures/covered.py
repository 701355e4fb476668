"""What a picture hides of a face: eyes behind dark glasses, a mouth behind a mask or a cup, eyes that are shut."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from ..face.arrays import Floats
from ..face.face_picture import PICTURE, FacePicture
from .colours import lab
from .filling import Pixels, luminance, sample
from .indices import CHEEKS, LIP_RINGS, LOWER_INNER, LOWER_LIDS, UPPER_INNER, UPPER_LIDS

_AROUND_EYES = ((223, 27, 23, 230), (443, 257, 253, 450))
"""Between brow and lid, and below the lower lid."""
_AROUND_MOUTH = (164, 18, 200, 57, 287, 92, 322)
_BELOW_THE_NOSE = (2, 97, 326)
_FOREHEAD, _CHIN = 10, 152
_LIPS = (0, 17, 37, 267, 84, 314)
_DARK = 0.45
"""Times as bright as the cheeks: what is darker all around both eyes is glass."""
_EVEN = 22.0
"""Values from 0 to 255 between the brightest and the darkest part of an eye that cannot be seen."""
_OTHER, _SAME = 20.0, 9.0
"""In Lab: a mask is that unlike the skin above it, and that like itself where lips would be."""
_SHADED = (1.0, 0.9, 0.8)
"""How bright skin around a mouth may be, parts of the cheeks' brightness, where a lamp hangs above."""
_SAME_OF_BLACK, _SAME_OF_LIGHT = 1.5, 0.3
"""In Lab: of something black, and more with its brightness: a dark copy has lips that are hardly lighter than what is around
them; they were 1.8 to 8 apart, but for two in which no mouth is seen, and black masks up to 0.3.
"""
_BEYOND = (0.05, 0.10)
"""Of the eyes' distance, beyond the outer edge of the lower lip, where what is held before the mouth goes on."""
_ABOVE_THE_LIPS = (164, 167, 393, 57, 287)
"""Above the upper lip and beside the corners: a beard and a shade go on there, what is held before the lower lip does not."""
_ONE, _UNLIKE = 12.0, ((3, 22.0), (1, 36.0))
"""In Lab: a thing before the lower lip is alike from it to what lies beyond, at most so far, and at so many of the five places
across it that unlike the cheeks and what is above the lips. Where a lip shades what is below it that was 20 at two places at
most, in 24 pictures of eight people of GRID; of microphones and cups that were painted before them 23 and more at five places,
or 40 and more at one.
"""
_SHUT = 0.15
"""Of an eye's width, up to which its opening is none."""
HIDDEN = "hidden"
"""What `FacePicture.source` calls the list of what is hidden, each a name of a field of `Hidden`."""
_NEAR = 0.012
"""Of the eyes' distance, around a point, that is looked at."""


@dataclass(frozen=True)
class Hidden:
    """What of a face cannot be seen.

    Attributes:
        dark_eyes: behind dark glasses, or in the dark.
        shut_eyes: both.
        mouth: behind a mask, a hand, a microphone of one colour.
        lip: the lower one, or a part of it, behind a thing that is held before it.
    """

    dark_eyes: bool
    shut_eyes: bool
    mouth: bool
    lip: bool = False

    @property
    def eyes(self) -> bool:
        """Whether there are no eyes to move."""
        return self.dark_eyes or self.shut_eyes

    @property
    def names(self) -> list[str]:
        """For `HIDDEN` in a face picture's source."""
        return [one.name for one in fields(self) if getattr(self, one.name)]

    def sentences(self, name: str) -> list[str]:
        """What to say of it, for a picture of that name."""
        told = []
        if self.dark_eyes:
            told.append(
                f"The eyes of the face in {name} are covered or dark, as by sunglasses, so they neither blink nor look about."
            )
        elif self.shut_eyes:
            told.append(
                f"The eyes of the face in {name} are shut, so they stay shut: choose a picture in which they are open."
            )
        if self.mouth:
            told.append(
                f"The mouth of the face in {name} is covered, as by a mask, so only the jaw moves beneath it: choose a "
                "picture that shows the lips."
            )
        elif self.lip:
            told.append(
                f"Something is before the lips of the face in {name}, such as a microphone or a cup, and bends with them: choose "
                "a picture that shows all of the mouth."
            )
        return told


def hidden_in(face: FacePicture, mesh: Floats) -> Hidden:
    """What a face picture's source says is hidden; where it says nothing, as of one made earlier, its photo is looked at.

    Args:
        face: a photo's, or a drawing's.
        mesh: (468 or more, 2 or more) its face mesh as the picture shows it, pixels.
    """
    names = face.source.get(HIDDEN)
    if isinstance(names, list):
        return Hidden(*(one.name in names for one in fields(Hidden)))
    return hidden(face.textures[PICTURE], mesh)


def cover_colour(picture: Pixels, points: Floats) -> Floats:
    """(3,) CIE Lab of what is around the mouth: of the mask where there is one. Arguments as of `hidden`."""
    return np.asarray(
        np.median(lab(_colours(picture, points[list(_AROUND_MOUTH), :2], _unit(points))), axis=0), np.float32
    )


def hidden(picture: Pixels, points: Floats) -> Hidden:
    """What of a photo's face cannot be seen.

    Args:
        picture: (H, W, 4).
        points: (468 or more, 2 or more) of the face, pixels.
    """
    dark = _eyes_are_dark(picture, points)
    shut = max(_openings(points)) < _SHUT
    covered = _mouth_is_covered(picture, points)
    return Hidden(dark, shut and not dark, covered, not covered and _lower_lip_is_covered(picture, points))


def _openings(points: Floats) -> list[float]:
    """How far each eye is open, of its width."""
    return [
        float(np.linalg.norm((points[lower] - points[upper])[2:7, :2], axis=1).max())
        / max(float(np.linalg.norm((points[upper[-1]] - points[upper[0]])[:2])), 1e-6)
        for upper, lower in zip(UPPER_LIDS, LOWER_LIDS)
    ]


def _colours(picture: Pixels, places: Floats, unit: float) -> Floats:
    """(N, 3) the median colour around places (N, 2)."""
    reach = np.arange(-2, 3) * max(_NEAR * unit, 0.5)
    offsets = np.stack(np.meshgrid(reach, reach), axis=-1).reshape(-1, 2)
    around = places[:, None] + offsets
    around = around.clip(0, np.array([picture.shape[1], picture.shape[0]]) - 1)
    return np.asarray(np.median(sample(picture[..., :3], around), axis=1), np.float32)


def _eyes_are_dark(picture: Pixels, points: Floats) -> bool:
    flat, unit = points[:, :2], _unit(points)
    cheeks = float(np.median(luminance(_colours(picture, flat[list(CHEEKS)], unit))))
    for eye, around in enumerate(_AROUND_EYES):
        ring = luminance(_colours(picture, flat[list(around)], unit))
        seam = (flat[UPPER_LIDS[eye]] + flat[LOWER_LIDS[eye]])[1:-1] / 2
        inside = luminance(_colours(picture, seam, unit))
        if np.sort(ring)[-2] > _DARK * cheeks or np.ptp(inside) > _EVEN or inside.max() > _DARK * cheeks:
            return False
    return True


def _mouth_is_covered(picture: Pixels, points: Floats) -> bool:
    flat, unit = points[:, :2], _unit(points)
    seam = (flat[UPPER_INNER] + flat[LOWER_INNER])[3:8] / 2
    skin, nose, lips, line = (
        lab(_colours(picture, places, unit))
        for places in (
            flat[list(CHEEKS)],
            flat[list(_BELOW_THE_NOSE)],
            flat[list(_LIPS)],
            seam,
        )
    )
    cover = cover_colour(picture, points)
    shaded = np.median(skin, axis=0) * np.array(_SHADED)[:, None]
    if np.linalg.norm(shaded - cover, axis=1).min() < _OTHER:
        return False
    unlike = [np.median(np.linalg.norm(part - cover, axis=1)) for part in (lips, line, nose)]
    return bool(max(unlike) < min(_SAME, _SAME_OF_BLACK + _SAME_OF_LIGHT * cover[0]))


def _lower_lip_is_covered(picture: Pixels, points: Floats) -> bool:
    """Whether a thing of one colour goes on from the lower lip to what lies below it: lips end at skin or beards.

    The upper lip isn't looked at: a moustache hangs over it, and nothing is held before that lip alone.
    """
    flat, unit = points[:, :2], _unit(points)
    face = lab(_colours(picture, flat[[*CHEEKS, *_ABOVE_THE_LIPS]], unit))
    down = flat[_CHIN] - flat[_FOREHEAD]
    down = down / max(float(np.linalg.norm(down)), 1.0)
    outer, inner = flat[LIP_RINGS[4, 3:8]], flat[LIP_RINGS[7, 3:8]]
    places = [(outer + inner) / 2, *(outer + share * unit * down for share in _BEYOND)]
    seen = np.stack([lab(_colours(picture, row, unit)) for row in places])
    alike = np.linalg.norm(seen - np.roll(seen, 1, axis=0), axis=-1).max(axis=0) < _ONE
    unlike_face = np.linalg.norm(seen[:, :, None] - face, axis=-1).min(axis=(0, 2))
    return any((alike & (unlike_face > off)).sum() >= count for count, off in _UNLIKE)


def _unit(points: Floats) -> float:
    return max(float(np.linalg.norm((points[263] - points[33])[:2])), 1.0)
