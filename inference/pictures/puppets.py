"""Published puppets of MakeItTalk's: the points of a face that somebody has put on a drawing, from text files.

What is damaged or missing in one file is made good from the others, and told. The triangles are not used: the picture gets a
mesh of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ..errors import EngineError
from ..face.arrays import Floats, Indices
from ..face.input_files import ordinary
from ..face.landmarks import INNER_LIP, LEFT_EYE, LIPS, MIRROR, OUTER_LIP, RIGHT_EYE
from ..face.names import LANDMARK_COUNT
from ..face.puppet_files import CLOSED_NORM, OPEN, OPEN_NORM, SCALE, TRIANGLES, PuppetFiles

WIDTH = 1.6
"""Between the ends of the jaw, points 0 and 16, in MakeItTalk's normalised coordinates."""
_MOST_BYTES = 1_000_000
_SAME = 0.05
"""Of the jaw's width: points that differ by more are of another face."""
_LEAST = 8.0
"""Pixels of the jaw's width."""
_EMPTY = "is empty"


@dataclass(frozen=True)
class Topology:
    """One of the ways in which puppets were triangulated: by the highest point that is named one knows which."""

    outer_lips: bool
    border: int

    @property
    def points(self) -> int:
        """How many there are: landmarks, then points around the picture."""
        return LANDMARK_COUNT - (0 if self.outer_lips else len(OUTER_LIP)) + self.border

    @property
    def triangles(self) -> int:
        """How many a whole triangulation has."""
        return 2 * self.points - 2 - self.border


_BORDER: Final = 12
"""Points around the picture that MakeItTalk's program takes, whatever the puppet was made with."""
TOPOLOGIES: Final = {
    kind.points - 1: kind
    for kind in (Topology(True, 12), Topology(True, 8), Topology(False, 12), Topology(False, 8))
}


@dataclass(frozen=True)
class Puppet:
    """What a puppet's files say.

    Attributes:
        landmarks: (68, 2) pixels, iBUG's order, as the picture shows the face.
        upper_share: of the way on which its lips meet, that of the upper one, 0 to 1; None where they are shut in the picture.
        topology: how it was triangulated; None where that is not told.
        warnings: sentences about what was made good.
    """

    landmarks: Floats
    upper_share: float | None
    topology: Topology | None
    warnings: tuple[str, ...]


class _Fault(Exception):
    """A file says nothing that can be used; the text goes on after its name."""


def read_puppet(files: PuppetFiles, size: tuple[int, int]) -> Puppet:
    """The face of a puppet.

    Args:
        files: of the puppet.
        size: width and height of its picture.

    Raises:
        EngineError: no file tells where the face is, or the points do not fit the picture (code ``bad_puppet``).
    """
    faults: list[str] = []
    _check_kind(files.picture, faults)
    landmarks = _shown(files, size, faults)
    if landmarks[0, 0] > landmarks[16, 0]:
        landmarks = landmarks[MIRROR]
        faults.append(f"{files.name}{OPEN} numbers the face from its other side, so its points were swapped.")
    _check(files, landmarks, size)
    topology = _topology(files, faults)
    landmarks = _lips_apart(files, landmarks, faults)
    closed = _closed(files, landmarks, faults)
    return Puppet(landmarks, _upper_share(landmarks, closed), topology, tuple(faults))


# -- What a file says --------------------------------------------------------------------------------------


def _rows(path: Path) -> list[list[float]]:
    """The lines of numbers of a file. Raises _Fault."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _Fault("is too large for a list of points")
        text = ordinary(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise _Fault("is missing") from error
    except (OSError, ValueError) as error:
        raise _Fault("cannot be read") from error
    if not text.strip():
        raise _Fault(_EMPTY)
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.replace(",", " ").replace(";", " ").split()
        try:
            values = [float(word) for word in words]
        except ValueError as error:
            raise _Fault(f"has no numbers in line {number}") from error
        if not np.isfinite(values).all():
            raise _Fault(f"has no usable numbers in line {number}")
        if values:
            rows.append(values)
    return rows


def _points(path: Path) -> Floats:
    """(68, 2) of a file. Raises _Fault."""
    rows = _rows(path)
    if len(rows) != LANDMARK_COUNT:
        raise _Fault(f"has {len(rows)} points rather than {LANDMARK_COUNT}")
    if min(map(len, rows)) < 2:
        raise _Fault("has a point without two numbers")
    points = np.array([row[:2] for row in rows], np.float64)
    if np.ptp(points, axis=0).min() <= 0:
        raise _Fault("has all points in one place or line")
    return points


def _scale_shift(path: Path) -> Floats:
    """(3,) scale and shift from pixels to normalised points. Raises _Fault."""
    values = np.array([value for row in _rows(path) for value in row])
    if len(values) != 3:
        raise _Fault(f"has {len(values)} numbers rather than 3")
    if values[0] == 0:
        raise _Fault("has a scale of 0")
    return values


def _in_pixels(normalised: Floats, scale_shift: Floats) -> Floats:
    """Normalised points are the pixels, shifted, then scaled, with both signs turned."""
    return np.asarray(-normalised / scale_shift[0] - scale_shift[1:])


def _frame_of(landmarks: Floats) -> Floats:
    """(3,) the scale and shift that a face of (68, 2) pixels is normalised by."""
    ends = landmarks[[0, 16]]
    return np.array([WIDTH / (ends[0, 0] - ends[1, 0]), *-ends.mean(axis=0)])


# -- Making good -------------------------------------------------------------------------------------------


def _shown(files: PuppetFiles, size: tuple[int, int], faults: list[str]) -> Floats:
    """(68, 2) pixels of the face as the picture shows it, from whichever file tells it."""
    try:
        landmarks = _points(files.text(OPEN))
        far = (np.abs(landmarks / size - 0.5) > 1).any(axis=1)
        if far.any():
            raise _Fault(f"has a point far outside of the picture in line {int(far.argmax()) + 1}")
        return landmarks
    except _Fault as fault:
        why = str(fault)
    for suffix in (OPEN_NORM, CLOSED_NORM):
        try:
            normalised = _points(files.text(suffix))
            landmarks = _in_pixels(normalised, _scale_shift(files.text(SCALE)))
        except _Fault:
            continue
        lips = "" if suffix == OPEN_NORM else ", whose lips are shut"
        faults.append(
            f"{files.name}{OPEN} {why}, so the face was taken from {files.name}{suffix} and {files.name}{SCALE}{lips}."
        )
        return landmarks
    raise EngineError(
        f"{files.name}{OPEN} {why}, and no other file of the puppet tells where its face is: fetch the file again, or show "
        "where the eyes and the corners of the mouth are.",
        "bad_puppet",
    )


def _closed(files: PuppetFiles, landmarks: Floats, faults: list[str]) -> Floats:
    """(68, 2) pixels of the face with its lips shut: as its file says, else as MakeItTalk's tool shuts them."""
    frame = _frame_of(landmarks)
    try:
        given = _scale_shift(files.text(SCALE))
    except _Fault as fault:
        faults.append(f"{files.name}{SCALE} {fault}, so scale and place were taken from the points.")
    else:
        if np.abs(_in_pixels(np.array([[-1, 1], [1, -1]]), given) - _in_pixels(
            np.array([[-1, 1], [1, -1]]), frame
        )).max() > _SAME * abs(WIDTH / frame[0]):  # fmt: skip
            faults.append(
                f"{files.name}{SCALE} does not fit the points, so scale and place were taken from these."
            )
    try:
        closed = _in_pixels(_points(files.text(CLOSED_NORM)), frame)
        others = np.setdiff1d(np.arange(LANDMARK_COUNT), LIPS)
        if np.abs(closed[others] - landmarks[others]).max() > 2 * _SAME * abs(WIDTH / frame[0]):
            raise _Fault("shows another face")
        if _gap(closed) > max(_gap(landmarks), 0.05 * _mouth_width(landmarks)):
            raise _Fault("shows a mouth that is open wider")
    except _Fault as fault:
        faults.append(
            f"{files.name}{CLOSED_NORM} {fault}, so its lips are shut as MakeItTalk's own tool shuts them."
        )
        return shut(landmarks)
    return closed


def shut(landmarks: Floats) -> Floats:
    """(68, 2) the face with its lips brought together as the tool for new puppets does it, each from the last one's result.

    So a quarter of the way between the inner lips is left.
    """
    upper, lower = OUTER_LIP[1:6], OUTER_LIP[11:6:-1]
    inner_upper, inner_lower = INNER_LIP[1:4], INNER_LIP[7:4:-1]
    out = landmarks.copy()
    out[upper, 1] = 0.7 * out[upper, 1] + 0.3 * out[lower, 1]
    out[lower, 1] = 0.4 * out[upper, 1] + 0.6 * out[lower, 1]
    out[inner_upper, 1] = 0.5 * out[inner_upper, 1] + 0.5 * out[inner_lower, 1]
    out[inner_lower, 1] = 0.5 * out[inner_upper, 1] + 0.5 * out[inner_lower, 1]
    out[inner_upper, 0] = 0.6 * out[inner_upper, 0] + 0.4 * out[inner_lower, 0]
    out[inner_lower, 0] = 0.6 * out[inner_upper, 0] + 0.4 * out[inner_lower, 0]
    return out


def _upper_share(landmarks: Floats, closed: Floats) -> float | None:
    upper, lower = INNER_LIP[1:4], INNER_LIP[7:4:-1]
    way = (landmarks[lower] - landmarks[upper])[:, 1]
    if way.max() < 0.05 * _mouth_width(landmarks):
        return None
    meet = (closed[upper] + closed[lower])[:, 1] / 2
    return float(np.clip(np.median(((meet - landmarks[upper, 1]) / way)[way > 0]), 0, 1))


def _gap(landmarks: Floats) -> float:
    return float((landmarks[INNER_LIP[7:4:-1]] - landmarks[INNER_LIP[1:4]])[:, 1].max())


def _mouth_width(landmarks: Floats) -> float:
    return float(np.linalg.norm(landmarks[INNER_LIP[0]] - landmarks[INNER_LIP[4]]))


def _lips_apart(files: PuppetFiles, landmarks: Floats, faults: list[str]) -> Floats:
    """The landmarks with the outer lips around the inner ones: half of the puppets never used theirs."""
    upper, lower = OUTER_LIP[2:5], OUTER_LIP[10:7:-1]
    inside = landmarks[INNER_LIP[1:4], 1] < landmarks[upper, 1] - 1
    inside |= landmarks[INNER_LIP[7:4:-1], 1] > landmarks[lower, 1] + 1
    if not inside.any():
        return landmarks
    out = landmarks.copy()
    thick = 0.12 * _mouth_width(landmarks)
    out[OUTER_LIP[[0, 6]]] = landmarks[INNER_LIP[[0, 4]]]
    along = np.arange(1, 6) / 6
    curve = 4 * along * (1 - along)
    for rows, inner, sign in (
        (OUTER_LIP[1:6], INNER_LIP[[0, 1, 2, 3, 4]], -1),
        (OUTER_LIP[11:6:-1], INNER_LIP[[0, 7, 6, 5, 4]], 1),
    ):
        for axis in range(2):
            out[rows, axis] = np.interp(along, np.linspace(0, 1, 5), landmarks[inner, axis])
        out[rows, 1] += sign * thick * curve
    faults.append(
        f"{files.name}{OPEN} has the lips' outer edge within the inner one, so it was drawn around it anew."
    )
    return out


def _check_kind(picture: Path, faults: list[str]) -> None:
    """Tell of a PNG file whose name says JPEG, and of the reverse: other programs go by the name."""
    with picture.open("rb") as stream:
        start = stream.read(8)
    is_png, is_jpeg = start[:4] == b"\x89PNG", start[:2] == b"\xff\xd8"
    named = picture.suffix.casefold()
    if (is_png and named in (".jpg", ".jpeg")) or (is_jpeg and named == ".png"):
        kind = "PNG" if is_png else "JPEG"
        faults.append(f"{picture.name} is a {kind} file despite its name: it was read as one.")


def _check(files: PuppetFiles, landmarks: Floats, size: tuple[int, int]) -> None:
    outside = ((landmarks < -1) | (landmarks > np.array(size) + 1)).any(axis=1)
    eyes = landmarks[np.concatenate([LEFT_EYE, RIGHT_EYE])].mean(axis=0)
    if outside[17:].mean() > 0.1:
        reach = np.ceil(landmarks.max(axis=0)).astype(int)
        raise EngineError(
            f"The points of {files.name}{OPEN} reach to {reach[0]} × {reach[1]} and {files.picture.name} has {size[0]} × "
            f"{size[1]} pixels: use the picture in the size that they were made for.",
            "bad_puppet",
        )
    if np.ptp(landmarks[:17, 0]) < _LEAST or landmarks[LIPS].mean(axis=0)[1] <= eyes[1]:
        raise EngineError(
            f"The points of {files.name}{OPEN} are no face that stands upright: fetch the file again, or show where the eyes "
            "and the corners of the mouth are.",
            "bad_puppet",
        )


# -- The triangles -----------------------------------------------------------------------------------------


def _topology(files: PuppetFiles, faults: list[str]) -> Topology | None:
    """Which of the four triangulations it is, with what is to be said of it."""
    told: Callable[[str], None] = lambda text: faults.append(  # noqa: E731
        f"{files.name}{TRIANGLES} {text}, so the picture has triangles of its own."
    )
    try:
        triangles = _triangles(files.text(TRIANGLES))
    except _Fault as fault:
        told(str(fault))
        return None
    topology = TOPOLOGIES.get(int(triangles.max()))
    if topology is None:
        told(f"names points up to {triangles.max()}, which no puppet has")
        return None
    if len(triangles) != topology.triangles:
        told(f"has {len(triangles)} triangles rather than {topology.triangles}")
    if topology.border != _BORDER:
        told(f"was made with {topology.border} points around the picture where MakeItTalk takes {_BORDER}")
    return topology


def _triangles(path: Path) -> Indices:
    """(M, 3) of a file. Raises _Fault."""
    rows = _rows(path)
    if any(len(row) != 3 or any(value != int(value) or value < 0 for value in row) for row in rows):
        raise _Fault("has lines that are no three whole numbers")
    return np.array(rows, np.intp)
