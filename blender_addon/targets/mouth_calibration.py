# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a character's mouth shapes go beside those of an average face, and how much further they are driven for it.

An artist's jawOpen may open half as far as most do; the same weights then make a mumbler. What each mouth shape does is measured
on the mesh: by how much it opens the lips (`lip_seam`), and how it changes the mouth's width and rounds it. A mouth that opens
about as far as most do is left alone, and so is every mouth while its lips are shut.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from ..characters.character import Character
from ..characters.face_axes import FaceAxes, measure_mesh
from ..characters.measurements import kept
from ..characters.shape_offsets import ShapeOffsets
from ..contract import ARKIT_NAMES, shape_table
from ..host.blender_versions.shape_points import coordinates
from ..motion.viseme_mouths import OPEN_REFERENCE
from ..rigs.face_shapes.recognition import EXPRESSIONS, SYSTEMS
from . import lip_seam

_JAW_OPENS: Final = 0.38
"""Outer eye-corner distances by which jawOpen parts the lips at 1, where real heads are measured at the lips' seam."""
_ALIKE: Final = 0.8  # share of an average face's motion from which on a shape is as average
_ALIKE_BY_WIDTH: Final = 0.65  # ... where the face's size is but told by the head's width
_CORNERS_TO_HEAD_WIDTH: Final = (
    0.52  # outer eye-corner distance of a head's width between the ears' outer edges
)
_BANDS: Final = (
    6,
    0.75,
)  # of the head above the mouth, in which its width is measured: how many, up to where
_DUBIOUS: Final = 0.08  # below it what was measured is no mouth that opens
_FAR: Final = (
    2.5,
    3.5,
)  # times an average face's motion: what opens further tears; the second where the size is but told
_MOST: Final = 3.0  # times that a shape is driven further
_MOST_WIDE: Final = 1.6  # the same for width and rounding, which are measured at single points
_LEAST_MOTION: Final = 0.02  # outer eye-corner distances: an average shape that moves less is not compared
_AROUND: Final = (0.5, 0.12)  # of the lips' middle, sideways and up, in which the corners lie
_SIDES: Final = ("Left", "Right")
_PARTERS: Final = tuple(f"mouth{part}{side}" for part in ("UpperUp", "LowerDown") for side in _SIDES)
_WIDENERS: Final = tuple(f"mouth{part}{side}" for part in ("Smile", "Stretch") for side in _SIDES)
_ROUNDERS: Final = ("mouthPucker", "mouthFunnel")


@dataclass(frozen=True)
class Calibration:
    """How the shapes of a narrow mouth are driven.

    Attributes:
        channel: what opens the mouth, such as jawOpen or viseme:aa.
        keys: the shape keys that show it.
        share: how far it opens the lips at 1, as a share of what it does on an average face; below 0.8.
        unit: outer eye-corner distance of the mesh with the lips, in its own unit.
        gains: channel → how many times further it is driven while the lips are apart; 1 for all others.
        limit: value at which the first of the keys ends.
    """

    channel: str
    keys: tuple[str, ...]
    share: float
    unit: float
    limit: float
    gains: dict[str, float] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is done, for people, without full stop."""
        gain = min(1 / self.share, _MOST)
        return (
            f"'{' + '.join(self.keys)}' opens {100 * self.share:.0f} % as far as on most faces: driven {gain:.1f} ×, up to "
            f"{self.limit:.1f}"
        )


def of(character: Character) -> Calibration | None:
    """The calibration of a character's mouth; None where it opens about as far as most do, or cannot be measured.

    What is measured is kept until the mesh changes (`characters.measurements`).
    """
    return _measured(character)[1]


def hardly_opens(character: Character) -> str:
    """A sentence where what opens a character's mouth does so next to not at all, as far as can be measured; else ""."""
    width = _measured(character)[0]
    if width is None or width.share > _DUBIOUS:
        return ""
    return (
        f"'{' + '.join(width.keys)}' hardly opens the mouth of '{character.root.name}', {100 * width.share:.0f} % as far "
        "as on most faces: choose another shape key under Face > Mapping, or let this one move the lips further."
    )


def opens_too_far(character: Character) -> str:
    """A sentence where what opens a character's mouth goes far beyond what a face can, as far as can be measured; else ""."""
    width = _measured(character)[0]
    if width is None or width.share < _FAR[0 if width.face.measured else 1]:
        return ""
    return (
        f"'{' + '.join(width.keys)}' opens the mouth of '{character.root.name}' {width.share:.1f} times as far as on most faces: "
        f"let it move the lips less, or set the dial Lips to {1 / width.share:.2f}."
    )


@dataclass(frozen=True)
class _Width:
    """How far a mouth opens; see `Calibration`.

    Attributes:
        seam: its lips.
        face: where it is.
        opens: channel → by how much it opens the lips, outer eye-corner distances.
    """

    seam: lip_seam.LipSeam
    face: FaceAxes
    unit: float
    channel: str
    share: float
    opens: dict[str, float]

    @property
    def keys(self) -> tuple[str, ...]:
        """The shape keys that open it."""
        return tuple(name for name, _ in self.seam.mesh.channels[self.channel])


def _width(character: Character) -> _Width | None:
    """How far a character's mouth opens; None where that cannot be measured."""
    seam = lip_seam.find(character)
    face = measure_mesh(character.meshes[0])
    if seam is None:
        return None
    scale = _size(character.meshes[0].object) / _size(seam.mesh.object)
    unit = face.unit * scale if face.measured else _unit_by_width(seam, face.axes)
    if unit <= 0:
        return None
    opens = {name: value / unit for name, value in seam.channel_medians().items()}
    if character.mouth == EXPRESSIONS:
        channel, average = "jawOpen", _JAW_OPENS
    else:
        names = [name for name in SYSTEMS[character.mouth] if name in opens]
        if not names:
            return None
        channel, average = max(names, key=lambda name: opens[name]), OPEN_REFERENCE
    if channel not in opens:
        return None
    return _Width(seam, face, unit, channel, opens[channel] / average, opens)


def _measured(character: Character) -> tuple[_Width | None, Calibration | None]:
    """How far the mouth opens and how it is driven for it, as `of` keeps it."""
    if not character.mouth or not character.meshes:
        return None, None
    channels = tuple((mesh.object.name, tuple(mesh.channels.items())) for mesh in character.meshes)

    def measure() -> tuple[_Width | None, Calibration | None]:
        width = _width(character)
        return width, _calibration(character, width) if width is not None else None

    known: tuple[_Width | None, Calibration | None] = kept(
        character.meshes[0].object, ("calibration", character.mouth, channels), measure
    )
    return known


def _calibration(character: Character, width: _Width) -> Calibration | None:
    seam, keys = width.seam, width.keys
    if not _DUBIOUS < width.share < (_ALIKE if width.face.measured else _ALIKE_BY_WIDTH):
        return None
    limit = float(seam.mesh.key.key_blocks[keys[0]].slider_max)
    gains = _gains(seam, width.opens, width.unit, width.face.axes) if character.mouth == EXPRESSIONS else {}
    return Calibration(width.channel, keys, width.share, width.unit, limit, gains)


def _unit_by_width(seam: lip_seam.LipSeam, axes: np.ndarray) -> float:
    """Outer eye-corner distance, where no shape tells where the eyes are: by the head's width above the mouth.

    A body lies below that, and the median of some bands is not that of horns or ears; 0 where there is nothing above.
    """
    base = coordinates(seam.mesh.key.reference_key) @ axes
    mouth = float(base[np.concatenate([seam.upper, seam.lower]), 1].mean())
    count, share = _BANDS
    ends = mouth + np.linspace(0.0, share, count + 1) * (float(base[:, 1].max()) - mouth)
    bands = [base[(base[:, 1] >= low) & (base[:, 1] < high), 0] for low, high in zip(ends, ends[1:])]
    widths = [float(np.ptp(band)) for band in bands if len(band) > 2]
    return _CORNERS_TO_HEAD_WIDTH * float(np.median(widths)) if widths else 0.0


def _size(obj: Any) -> float:
    return float(abs(obj.matrix_world.determinant())) ** (1 / 3) or 1.0


def _gains(
    seam: lip_seam.LipSeam, opens: dict[str, float], unit: float, axes: np.ndarray
) -> dict[str, float]:
    """How many times further each expression is driven."""
    basis = shape_table.load_basis()
    average = dict(zip(ARKIT_NAMES, basis.deltas.astype(np.float64)))
    gains = {"jawOpen": min(_JAW_OPENS / opens["jawOpen"], _MOST)}
    # mouthClose takes back what the jaw opens, on an average face and on this one.
    if opens.get("mouthClose", 0.0) < -_LEAST_MOTION:
        wanted = (
            _gap(average["mouthClose"]) / _gap(average["jawOpen"]) * opens["jawOpen"] / opens["mouthClose"]
        )
        gains["mouthClose"] = float(np.clip(gains["jawOpen"] * wanted, 1.0, _MOST))
    for name in _PARTERS:
        if name in opens:
            gains[name] = _gain(opens[name], _gap(average[name]))
    shapes = ShapeOffsets(seam.mesh.object)
    corners = _corners(seam, shapes, unit, axes)
    if corners is not None:
        middle = np.concatenate([seam.upper, seam.lower])
        for name in (*_WIDENERS, *_ROUNDERS):
            if name not in seam.mesh.channels:
                continue
            moved = shapes.driven(seam.mesh.channels[name]) @ axes / unit
            own = _width_and_depth(moved[corners[0]], moved[corners[1]], moved[middle].mean(axis=0))
            deltas = average[name]
            usual = _width_and_depth(deltas[54], deltas[48], deltas[[51, 57, 62, 66]].mean(axis=0))
            rounds = name in _ROUNDERS
            gains[name] = _gain(
                float(np.hypot(*own)) if rounds else own[0],
                float(np.hypot(*usual)) if rounds else usual[0],
                _MOST_WIDE,
            )
    for name in (*_PARTERS, *_WIDENERS):  # a side that was measured badly is not to pull the mouth aside
        other = name.replace("Left", "Right") if name.endswith("Left") else name.replace("Right", "Left")
        gains[name] = gains[other] = min(gains.get(name, 1.0), gains.get(other, 1.0))
    return {name: gain for name, gain in gains.items() if gain > 1.0}


def _gain(own: float, average: float, most: float = _MOST) -> float:
    """How many times further a shape is driven that does less than an average one; 1 where it is not to be compared."""
    if abs(average) < _LEAST_MOTION or not 1 / _MOST <= own / average < _ALIKE:
        return 1.0
    return min(average / own, most)


def _gap(deltas: np.ndarray) -> float:
    return float(deltas[62, 1] - deltas[66, 1])


def _width_and_depth(left: np.ndarray, right: np.ndarray, middle: np.ndarray) -> tuple[float, float]:
    """By how much a mouth gets wider, and its middle comes forward."""
    return float(left[0] - right[0]), float(middle[2])


def _corners(
    seam: lip_seam.LipSeam, shapes: ShapeOffsets, unit: float, axes: np.ndarray
) -> tuple[int, int] | None:
    """Vertices at the left and the right corner of the mouth: beside the lips, where what widens the mouth moves most."""
    base = coordinates(seam.mesh.key.reference_key) @ axes / unit
    middle = base[np.concatenate([seam.upper, seam.lower])].mean(axis=0)
    away = base - middle
    corners = []
    for side, sign in zip(_SIDES, (1, -1)):
        names = [name for name in _WIDENERS if name.endswith(side) and name in seam.mesh.channels]
        if not names:
            return None
        moved = sum(np.linalg.norm(shapes.driven(seam.mesh.channels[name]), axis=1) for name in names)
        beside = (sign * away[:, 0] > 0.1) & (np.abs(away[:, 0]) < _AROUND[0])
        beside &= (np.abs(away[:, 1]) < _AROUND[1]) & (np.abs(away[:, 2]) < _AROUND[0])
        if not beside.any():
            return None
        corners.append(int(np.argmax(np.where(beside, moved, -1.0))))
    return corners[0], corners[1]
