"""How far the corners of mouths in drawings lie from where they are found, without anybody showing them.

    python -m tools.found_mouths [PICTURE.png | PUPPET …]

The drawings are those that ship, whose four points are known, eighteen that are drawn here, files beside which a points file
(``PICTURE.json``) lies, and folders of MakeItTalk's puppets, whose authors have put points on their faces. In eye distances; once
as the network sees the face, once as it is used.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from inference.detection.mesh_points import OUTER_CORNERS
from inference.errors import EngineError
from inference.face.arrays import Floats
from inference.face.landmarks import INNER_LIP, LEFT_EYE, RIGHT_EYE
from inference.face.puppet_files import puppet_at
from inference.pictures.filling import Pixels
from inference.pictures.found_mouths import on_the_drawn_mouth
from inference.pictures.given_points import mesh_of, read_points
from inference.pictures.image_files import read_picture
from inference.pictures.indices import UPPER_INNER
from inference.pictures.make import seen_faces
from inference.pictures.puppets import read_puppet
from tools.puppets.canvas import Sheet, curve, oval

NEAR = 0.06
"""Eye distances up to which a corner is where it is drawn."""
_DEMO = Path(__file__).resolve().parent.parent / "demo" / "pictures"
_INK = (30, 24, 28)
_SKINS = (
    ((250, 214, 180), (215, 228, 240)),
    ((96, 60, 44), (244, 205, 120)),
    ((178, 210, 130), (225, 215, 240)),
)
_EYES = ((250.0, 280.0), (390.0, 280.0))
_MOUTHS = ("smile", "frown", "straight", "open", "grin", "lips")


def drawings() -> Iterator[tuple[str, Pixels, Floats]]:
    """Name, pixels and the four points of the drawings that ship and of those that are drawn here."""
    for points in sorted(_DEMO.glob("*.json")):
        picture = points.with_suffix(".png")
        if picture.exists():
            yield picture.stem, read_picture(picture), np.array(read_points(points)).reshape(4, 2)
    for number, mouth in enumerate(_MOUTHS):
        for kind in range(3):
            half = (52.0, 70.0, 88.0)[(number + kind) % 3]
            yield f"{mouth} {kind + 1}", *_drawn(mouth, kind, half)


def given(path: Path) -> tuple[str, Pixels, Floats]:
    """Name, pixels and the four points of a drawing with a points file, or of a puppet's folder.

    Raises:
        EngineError: the points or the picture cannot be read; a folder holds no puppet (code ``bad_puppet``).
    """
    if not path.is_dir():
        points = np.array(read_points(path.with_suffix(".json"))).reshape(4, 2)
        return path.stem, read_picture(path), points
    files = puppet_at(path)
    if files is None:
        raise EngineError(
            f"{path} holds no puppet: give a folder with NAME_face_open_mouth.txt.", "bad_puppet"
        )
    picture = read_picture(files.picture)
    face = read_puppet(files, (picture.shape[1], picture.shape[0])).landmarks
    eyes = [face[LEFT_EYE].mean(axis=0), face[RIGHT_EYE].mean(axis=0)]
    corners = face[INNER_LIP[[0, 4]]]
    return files.name, picture, np.array(sorted(eyes, key=_column) + sorted(corners, key=_column))


def _column(place: Floats) -> float:
    return float(place[0])


def _drawn(mouth: str, kind: int, half: float) -> tuple[Pixels, Floats]:
    """A face in one of three skins and ways of drawing eyes, whose mouth is so many pixels wide to either side."""
    skin, ground = _SKINS[kind]
    sheet = Sheet(ground)
    sheet.fill(oval(320, 330, 190, 225), skin)
    sheet.outline(oval(320, 330, 190, 225), 5, _INK)
    for x, y in _EYES:
        if kind != 2:
            sheet.fill(oval(x, y, 36, 27), (255, 255, 255))
            sheet.outline(oval(x, y, 36, 27), 5, _INK)
        sheet.fill(oval(x, y, 15, 17 if kind != 2 else 22), _INK)
        sheet.line([(x - 40, y - 48), (x, y - 60), (x + 40, y - 48)], 9, _INK)
    sheet.line([(322, 315), (334, 362), (312, 366)], 4, _INK)
    row, left, right = 430.0, 320 - half, 320 + half
    below = curve(
        [
            (left, row),
            (320, row + 8),
            (right, row),
            (320 + 0.6 * half, row + 44),
            (320 - 0.6 * half, row + 44),
        ]
    )
    if mouth in ("open", "grin"):
        inside = sheet.fill(below, (120, 22, 40) if mouth == "open" else (255, 255, 255))
        if mouth == "open":
            sheet.fill(oval(320, row + 52, 0.5 * half, 22), (235, 110, 120), within=inside)
        sheet.outline(below, 5, _INK)
    elif mouth == "lips":
        sheet.fill(
            curve(
                [
                    (left, row),
                    (300, row - 16),
                    (320, row - 10),
                    (340, row - 16),
                    (right, row),
                    (320, row + 28),
                ]
            ),
            (190, 60, 80),
        )
        sheet.line([(left, row), (320, row + 5), (right, row)], 4, _INK, (1, 1))
    else:
        sag = {"smile": 26, "frown": -22, "straight": 0}[mouth]
        share = np.linspace(-1, 1, 11)
        way = np.stack([320 + half * share, row + sag * (1 - share**2)], axis=-1)
        sheet.line(way, 7, _INK, (1, 1))
    return _opaque(sheet.picture()), np.array([*_EYES, (left, row), (right, row)])


def _opaque(picture: Pixels) -> Pixels:
    return np.dstack([picture[..., :3], np.full(picture.shape[:2], 255, np.uint8)])


def distances(picture: Pixels, points: Floats) -> tuple[float, float] | None:
    """How far the farther corner lies from its point, as it is found and as it is used; eye distances. None: no face there."""
    clicked = mesh_of(tuple(points.ravel()), (picture.shape[1], picture.shape[0]))
    unit = float(np.linalg.norm(np.subtract(*clicked[list(OUTER_CORNERS), :2])))
    near = [
        face.points
        for face in seen_faces(picture)
        if np.linalg.norm(face.points[[468, 473], :2].mean(axis=0) - points[:2].mean(axis=0)) < unit
    ]
    if not near:
        return None
    used = on_the_drawn_mouth(picture, near[0])
    return _off(near[0], points, unit), _off(used, points, unit)


def _off(mesh: Floats, points: Floats, unit: float) -> float:
    corners = mesh[UPPER_INNER[[0, -1]], :2]
    return float(np.linalg.norm(corners[np.argsort(corners[:, 0])] - points[2:], axis=1).max()) / unit


def main() -> int:
    """Print both distances of each drawing, and in how many they are near; 0 when all were looked at."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "pictures",
        nargs="*",
        type=Path,
        help="drawings beside which a points file lies, and folders of puppets",
    )
    options = parser.parse_args()
    near_at_first, used, count = 0, 0, 0
    try:
        given_ones = [given(path) for path in options.pictures]
    except EngineError as error:
        parser.error(str(error))
    for name, picture, points in given_ones or drawings():
        both = distances(picture, points)
        count += 1
        print(
            f"{name:16}" + ("no face is found" if both is None else "  {:.3f}  {:.3f}".format(*both)),
            flush=True,
        )
        if both is not None:
            near_at_first, used = near_at_first + (both[0] <= NEAR), used + (both[1] <= NEAR)
    print(f"corners within {NEAR}: as found in {near_at_first}, as used in {used} of {count}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
