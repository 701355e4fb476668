"""From a picture to the faces in it that can talk: found or shown, chosen, and built as a photo or as a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..detection import Face, find_faces, matte
from ..detection.agreement import CERTAIN as AGREED
from ..detection.agreement import agreement
from ..detection.crops import Picture
from ..detection.detectors import Seen
from ..detection.mesh_points import OUTER_CORNERS
from ..detection.pictures import as_colours, brightened, reduced
from ..detection.second_opinion import APART, apart, second_opinion
from ..errors import EngineError
from ..face.face_picture import BACKGROUND, PICTURE, SHAPE_NAMES, FacePicture, Layer
from ..progress import Progress
from .build import build_drawing, build_photo
from .colours import is_drawing, is_drawn
from .covered import HIDDEN, Hidden, hidden
from .faces_of_drawings import faces_of_drawing, has_mouth
from .filling import Pixels
from .found_mouths import on_the_drawn_mouth
from .given_points import mesh_of
from .glasses import Lines, frame_lines, glasses_of
from .indices import FACE_OVAL, LIP_RINGS, LOWER_LIDS, UPPER_LIDS
from .puppets import Puppet

ALL, LARGEST = "all", "largest"
"""The layer, and its texture, that a puppet stands before."""
_CERTAIN = 0.84
"""Confidence from which on a face needs no second look: photos' have 0.9, and a socket with a round hole for a mouth 0.8."""
_LARGER_PRINT = 8.0
"""Times as much of the picture as the largest face of a photo a printed one may fill and still come after it."""
_NOT_UPRIGHT = 60.0
"""Degrees from which on a face does not stand upright."""
_SMALL = 25.0
"""Pixels between the outer eye corners below which a face talks without much to see."""


@dataclass(frozen=True)
class Wanted:
    """What is asked of a picture.

    Attributes:
        name: of the picture, for sentences.
        points: x and y of 4, 68, 468 or 478 points one after the other, as `given_points.mesh_of`; () to find the face.
        faces: ``largest``, ``all``, or a number from 1, the largest first.
        kind: ``photo``, ``drawing`` or ``auto``.
        puppet: where the face is, as a published puppet tells it; None where the picture is none.
        background: (h, w, 4) what a puppet with transparent parts stands before; None for nothing.
        glasses: whether glasses are worn in a photo, ``yes`` or ``no``; ``auto`` to look for them.
    """

    name: str
    points: Sequence[float] = ()
    faces: str = LARGEST
    kind: str = "auto"
    puppet: Puppet | None = None
    background: Pixels | None = None
    glasses: str = "auto"


@dataclass(frozen=True)
class Made:
    """The faces of a picture.

    Attributes:
        faces: those that were asked for, the largest first.
        seen: how many there are in the picture.
        warnings: sentences about picture and choice; the faces have their own.
    """

    faces: list[FacePicture]
    seen: int
    warnings: tuple[str, ...]


def make_faces(picture: Pixels, wanted: Wanted, source: dict[str, Any], progress: Progress) -> Made:
    """Make the faces in a picture talk.

    Args:
        picture: (H, W, 4), upright.
        wanted: what is asked for.
        source: name and hash of the picture, for the result's own.
        progress: told how far it is.

    Raises:
        EngineError: no face is seen (code ``no_face``), there are fewer faces than the one that was asked for
            (``no_such_face``), all of it is transparent (``bad_picture``), points are wrong (``bad_points``), a face looks too
            far aside (``face_turned``) or is cut off (``face_cut_off``).
    """
    progress(0.0, "Looking for a face")
    size = (picture.shape[1], picture.shape[0])
    if not picture[..., 3].any():
        raise EngineError(
            f"{wanted.name} is transparent everywhere: choose a picture that shows a face.", "bad_picture"
        )
    shown = tuple(wanted.puppet.landmarks.ravel()) if wanted.puppet is not None else tuple(wanted.points)
    smaller, step = reduced(as_colours(picture))  # once, however often it is looked at
    if shown:
        seen = [Face(mesh_of(shown, size), 1.0)]
    else:
        seen = _faces_in(smaller, step)
        if not seen:
            raise EngineError(
                f"No face was seen in {wanted.name}: choose a picture that shows one from the front, or show where its eyes "
                "and the corners of its mouth are.",
                "no_face",
            )
    chosen = _chosen(seen, wanted)
    warnings = list(wanted.puppet.warnings) if wanted.puppet is not None else []
    if len(seen) > 1 and wanted.faces == LARGEST:
        larger = _area(seen[0]) < max(_area(face) for face in seen)
        which = "largest one that is not drawn or printed" if larger else "largest one"
        warnings.append(f"{wanted.name} shows {len(seen)} faces: the {which} was taken.")
    if not shown and brightened(smaller) is not None:
        warnings.append(
            f"{wanted.name} is dark: faces were looked for in a brighter copy, too; show the face yourself if one is missing."
        )
    faces, failure = [], None
    for number, face in enumerate(chosen):
        progress(0.3 + 0.7 * number / len(chosen), "Making the face move")
        try:
            faces.append(_made(picture, smaller, face, wanted, source))
        except EngineError as error:
            failure = error
            warnings.append(error.message)
    if failure is not None and not faces:
        raise failure
    progress(1.0, "Done")
    return Made(faces, len(seen), tuple(warnings))


def face_of_frame(frame: Pixels, name: str) -> FacePicture:
    """The face picture of one picture of a film.

    Args:
        frame: (H, W, 3), with one face.
        name: of the film, for sentences.

    Raises:
        EngineError: see `make_faces`.
    """
    opaque = np.dstack([frame, np.full(frame.shape[:2], 255, np.uint8)])
    return make_faces(opaque, Wanted(name, kind="photo"), {}, lambda *_: None).faces[0]


def seen_faces(picture: Pixels) -> list[Face]:
    """The faces in a picture, the largest first; doubtful ones only where they are found again when it is moved and mirrored."""
    return _faces_in(*reduced(as_colours(picture)))


def _faces_in(smaller: Picture, step: int) -> list[Face]:
    """As `seen_faces`, of a picture that was made smaller by so many pixels for one."""
    return [face.scaled(step) for face in _seen_in(smaller)]


def _seen_in(picture: Picture) -> list[Face]:
    looked: Seen = {}
    faces = find_faces(picture, looked=looked)
    doubtful = [face for face in faces if face.confidence < _CERTAIN]
    if doubtful and len(doubtful) == len(faces):
        faces = find_faces(picture, strict=True, looked=looked)  # which looks on where the first find is none
    elif doubtful:
        faces = [face if face.confidence >= _CERTAIN else _found_again(picture, face) for face in faces]
        faces = [face for face in faces if face.confidence >= AGREED]
    faces = [face for face in faces if not _is_drawn_without_mouth(picture, face)]
    if not faces:
        faces = faces_of_drawing(picture)
    prints = _prints(picture, faces)
    return sorted(faces, key=lambda face: (id(face) in prints, -_area(face)))


def _is_drawn_without_mouth(picture: Picture, face: Face) -> bool:
    """Whether nothing is drawn where the mouth of a doubtful face in flat areas would be: a drawn beard upside down, say."""
    if face.confidence >= _CERTAIN or not is_drawing(picture, face.points[FACE_OVAL, :2]):
        return False
    return not has_mouth(picture, face.points[:, :2])


def _found_again(picture: Picture, face: Face) -> Face:
    """The same, as sure as it is found again when the picture is moved and mirrored."""
    return Face(face.points, agreement(picture, face.points))


def _area(face: Face) -> float:
    return float(np.prod(np.ptp(face.points[:, :2], axis=0)))


def _prints(picture: Picture, faces: list[Face]) -> set[int]:
    """Which faces (their `id`) are drawn, on clothes or on a wall, in a photo with other faces that are not much smaller."""
    if len(faces) < 2 or is_drawing(picture, np.array([(0, 0), picture.shape[1::-1]])):
        return set()
    drawn = [face for face in faces if is_drawing(picture, face.points[FACE_OVAL, :2])]
    others = [_area(face) for face in faces if all(face is not one for one in drawn)]
    return {id(face) for face in drawn if others and max(others) * _LARGER_PRINT > _area(face)}


def _chosen(seen: list[Face], wanted: Wanted) -> list[Face]:
    if wanted.faces == ALL:
        return seen
    number = 1 if wanted.faces == LARGEST else int(wanted.faces)
    if number > len(seen):
        many = "one face" if len(seen) == 1 else f"{len(seen)} faces"
        raise EngineError(f"{wanted.name} shows {many}: choose a face from 1 to {len(seen)}.", "no_such_face")
    return [seen[number - 1]]


def _made(
    picture: Pixels, smaller: Picture, face: Face, wanted: Wanted, source: dict[str, Any]
) -> FacePicture:
    size = np.array([picture.shape[1], picture.shape[0]])
    outside = ((face.points[:, :2] < 0) | (face.points[:, :2] > size)).any(axis=1)
    for name, rows in (("mouth", LIP_RINGS), ("eyes", np.concatenate([UPPER_LIDS, LOWER_LIDS]))):
        if outside[rows.ravel()].mean() > 0.2:
            raise EngineError(
                f"The {name} of the face in {wanted.name} lie beyond its border: choose a picture with the whole face."
                if name == "eyes"
                else f"The mouth of the face in {wanted.name} lies beyond its border: choose a picture with the whole face.",
                "face_cut_off",
            )
    warnings = []
    if outside[FACE_OVAL].mean() > 0.15:
        warnings.append(f"The face in {wanted.name} is cut off by its border: it moves less freely there.")
    eyes = face.points[list(OUTER_CORNERS), :2]
    eye_distance = float(np.linalg.norm(eyes[1] - eyes[0]))
    if abs(np.degrees(np.arctan2(eyes[1][1] - eyes[0][1], eyes[1][0] - eyes[0][0]))) > _NOT_UPRIGHT:
        warnings.append(
            f"The face in {wanted.name} does not stand upright and talks as it lies: turn the picture if that is not meant."
        )
    if eye_distance < _SMALL:
        warnings.append(f"The face in {wanted.name} is small: a larger picture looks better.")
    if face.confidence < AGREED:
        warnings.append(
            f"The face in {wanted.name} was seen, but not surely: look whether its eyes and mouth move where they are, or show "
            "where they are."
        )
    known = {**source, "confidence": round(face.confidence, 3), "warnings": warnings}
    if wanted.puppet is None and not wanted.points:
        known.update(_seen_again(picture, face, wanted.name, warnings))
    puppet = wanted.puppet
    known["points"] = "puppet" if puppet is not None else "shown" if wanted.points else "found"
    share = None if puppet is None else puppet.upper_share
    outline = face.points[FACE_OVAL, :2]
    is_clear = bool((picture[..., 3] < 255).any())
    if wanted.kind == "drawing" or (wanted.kind == "auto" and is_drawn(picture, outline)):
        points = on_the_drawn_mouth(picture, face.points) if known["points"] == "found" else face.points
        made = build_drawing(picture, points, known, share)
        if made.source.get(HIDDEN):
            shut = Hidden(False, True, False).sentences(wanted.name)
            made = replace(made, source={**made.source, "warnings": [*made.source["warnings"], *shut]})
    else:
        alpha = picture[..., 3] if is_clear else np.round(matte(picture, smaller) * 255).astype(np.uint8)
        unseen = hidden(picture, face.points)
        if known["points"] != "found":
            # Who shows where lips are, of a muzzle for example, sees what is before them.
            unseen = replace(unseen, lip=False)
        warnings += unseen.sentences(wanted.name)
        known[HIDDEN] = unseen.names
        glasses = _glasses(picture, face, eye_distance, unseen, wanted.glasses)
        known["glasses"] = bool(glasses)
        made = build_photo(picture, face.points, known, alpha, share, not unseen.eyes, glasses, unseen.mouth)
    return before(wanted.background, made) if wanted.background is not None and is_clear else made


def _glasses(picture: Pixels, face: Face, eye_distance: float, unseen: Hidden, wanted: str) -> Lines:
    """Where the frame of a photo's glasses runs; [] for none. The distance is that of the outer eye corners, in pixels."""
    if wanted == "no" or (wanted == "auto" and unseen.dark_eyes):
        return []
    return (frame_lines if wanted == "yes" else glasses_of)(picture, face.points, eye_distance)


def _seen_again(picture: Pixels, face: Face, name: str, warnings: list[str]) -> dict[str, Any]:
    """What another network says to the points, where there is one; a warning where it sees the face elsewhere."""
    opinion = second_opinion()
    if opinion is None:
        return {}
    off = apart(opinion, as_colours(picture), face.points)
    if not np.isfinite(off):
        warnings.append(
            f"A second network sees no face in {name}: look whether eyes and mouth move where they are."
        )
        return {"second_opinion": None}
    if off > APART:
        warnings.append(
            f"A second network sees the face in {name} elsewhere: look whether eyes and mouth move where they are, or show "
            "where they are."
        )
    return {"second_opinion": round(off, 3)}


def before(background: Pixels, face: FacePicture) -> FacePicture:
    """A face picture in front of a background of its own, which stays where it is; it is stretched to the picture's size."""
    width, height = face.size
    corners = np.array([(0, 0), (0, 1), (1, 1), (1, 0)], np.float32)
    deepest = min(float(layer.points[:, 2].min()) for layer in face.layers)
    points = np.column_stack([corners * (width, height), np.full(4, deepest - face.eye_distance)])
    layer = Layer(
        name=BACKGROUND,
        texture=BACKGROUND,
        points=points.astype(np.float32),
        uv=corners * np.array(background.shape[1::-1], np.float32),
        triangles=np.array([(0, 1, 2), (0, 2, 3)], np.int32),
        shapes=np.zeros((len(SHAPE_NAMES), 4, 3), np.float16),
        head=np.zeros(4, np.float32),
    )
    textures = {PICTURE: face.textures[PICTURE], BACKGROUND: background, **face.textures}
    return replace(face, layers=[layer, *face.layers], textures=textures)
