"""A picture and the points of the face in it → `FacePicture`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..detection.mesh_points import MESH_TO_IBUG, OUTER_CORNERS
from ..errors import EngineError
from ..face.arrays import Floats, Indices
from ..face.face_picture import PICTURE, PICTURED, RELIEF, SHAPE_NAMES, FacePicture, Layer
from ..face.names import ARKIT_INDEX
from .behind import EYE_POSES, MOUTH_POSES, behind, behind_at_rest, covered_at_rest
from .colours import commonest, lab, palette_of
from .covered import HIDDEN, Hidden
from .drawn_eye_areas import drawn_eyes
from .drawn_eye_twins import twins
from .drawn_eyes import drawn_eye_layers, flattened, moving
from .drawn_mouth import drawn_mouth, on_the_line
from .drawn_opening import is_skin_between, on_an_unshown_opening, on_the_opening
from .eyes import eye_layers
from .fields import WITH_THE_EDGE, Mouth, close_mouth, cover_mouth, keep_the_line, shape_fields
from .filling import Pixels, inside, sample
from .frame import FaceFrame, face_frame
from .glasses import Lines, freedom
from .indices import (
    FACE_OVAL,
    LID_RINGS,
    LIP_RINGS,
    LOWER_INNER,
    LOWER_LIDS,
    UPPER_INNER,
    UPPER_LIDS,
)
from .lashes import lash_layers
from .mouth import OWN_MOUTH, STANDING, hollow_last, light_of, mouth_layers, softness
from .refine import TWICE, Refinement, areas, refine, unfold
from .seams import SOFTNESS
from .settling import settled
from .surroundings import around, head_weights
from .template import POINTS, load_template

MOST_TURNED = 50.0
"""Degrees that a face may look aside."""
FLAT_FROM = 30.0
"""Degrees from which on a face moves within the picture only."""
_PIVOT = (0.0, -0.35, -0.75)
"""Eye units from the chin, across, up and to the viewer: about where a head turns on its neck."""
_FRONT, _BACK = -0.2, 0.45
"""Eye units behind the eye corners from which on the relief goes back less than a head, and how much of it it does."""
_PALETTE_BEYOND = 0.2
"""Eye units around a face up to which a drawing's colours may be those of its lines and of its mouth."""
_FAR = 0.14
"""Eye units that lips go to their line from which on what lies around them may fold; laid flat, their corners smile less."""
_NEAR_RINGS = 2
"""Rings around the face up to which its shapes are kept from folding."""
_EDGES, _MEETING, _OUTSIDE = 0.3, 10.0, 3.0
"""How much the lips' edges insist on where they go when folds are taken out: in a shape, where parted lips shall meet, and what
lies outside of all that moves; beside 0.02 of what is between.
"""
_PICTURED = SHAPE_NAMES.index(PICTURED)


def build_photo(
    picture: Pixels,
    points: Floats,
    source: Mapping[str, Any],
    matte: Pixels | None = None,
    upper_share: float | None = None,
    with_eyes: bool = True,
    glasses: Lines | None = None,
    covered: bool = False,
) -> FacePicture:
    """A photo as a face that can talk.

    Args:
        picture: (H, W, 4), upright.
        points: (478, 3) pixels in the order of MediaPipe's face mesh with irises; x right, y down, z smaller is nearer.
        source: what is known of picture and finding; `warnings` are added to.
        matte: (H, W), 255 where the person is; None where it is not known.
        upper_share: see `fields.close_mouth`.
        with_eyes: whether there are eyes to be seen; else they stay as they are.
        glasses: where their frame runs (`glasses.glasses_of`), which nothing bends; None or [] where there are none.
        covered: whether a mask hides the mouth, which then goes with the jaw in one piece.

    Raises:
        EngineError: the face looks too far aside (code ``face_turned``).
    """
    mesh, frame, warnings = _prepared(points, source)
    mesh[:POINTS] = laid_flat(mesh[:POINTS], frame)
    mouth = close_mouth(mesh, frame, upper_share, covered)
    fields = shape_fields(mouth, frame)
    if covered:
        cover_mouth(fields)
    if not with_eyes:
        _still_eyes(fields)
    relief = relief_layer(mouth, frame, fields, (picture.shape[1], picture.shape[0]), with_eyes, glasses)
    eyes, eye_textures = eye_layers(picture, mesh, mouth.shown, frame) if with_eyes else ([], {})
    inner, inner_textures = mouth_layers(picture, mouth, frame, fields, relief)
    inner = _inside(inner, relief, frame)
    lashes: list[Layer] = []
    if eyes:
        eyes = behind(eyes, relief, frame, EYE_POSES)
        lashes, lash_textures = lash_layers(picture, mouth, frame, fields)
        eye_textures |= lash_textures
    layers = [*inner, *eyes, relief, *lashes]
    textures = {PICTURE: picture, **inner_textures, **eye_textures}
    known = {**source, "warnings": warnings, SOFTNESS: _softness(picture, mouth, frame)}
    face = _face_picture(layers, textures, mouth, frame, known)
    return face if matte is None else replace(face, matte=matte)


def _inside(layers: list[Layer], relief: Layer, frame: FaceFrame) -> list[Layer]:
    """What lies between the lips, behind the face whatever it does, and at rest behind what the picture shows there."""
    layers = covered_at_rest(behind(layers, relief, frame, MOUTH_POSES), OWN_MOUTH, STANDING, frame)
    return behind_at_rest(hollow_last(layers, frame), OWN_MOUTH, relief, frame)


def build_drawing(
    picture: Pixels, points: Floats, source: Mapping[str, Any], upper_share: float | None = None
) -> FacePicture:
    """A drawing as a face that can talk: as `build_photo`, but eyes are areas of colour that a drawn lid covers, the mouth is a
    line, and what is inside of it has the drawing's flat colours. Raises as that does.
    """
    mesh, frame, warnings = _prepared(points, source)
    mesh[:POINTS] = laid_flat(mesh[:POINTS], frame)
    opened = None
    if (mesh[LOWER_INNER] - mesh[UPPER_INNER])[3:8, 1].max() >= 0.08 * frame.unit:
        opened = on_the_opening(picture, mesh[:POINTS], frame)
        if opened is None and source.get("points") == "found" and is_skin_between(picture, mesh[:POINTS]):
            mesh[UPPER_INNER] = mesh[LOWER_INNER] = (mesh[UPPER_INNER] + mesh[LOWER_INNER]) / 2
        else:
            opened = mesh[:POINTS].copy() if opened is None else opened
    if opened is None:
        parted = on_an_unshown_opening(picture, mesh[:POINTS], frame)
        if parted is not None:
            mesh[:POINTS] = laid_flat(parted, frame)
        else:
            moved = on_the_line(picture, mesh[:POINTS], frame)
            far = np.abs(moved - mesh[:POINTS]).max() > _FAR * frame.unit
            mesh[:POINTS] = laid_flat(moved, frame) if far else moved
    else:
        mesh[:POINTS] = opened
    light = light_of(picture, mesh[:POINTS])
    skin = (light.left + light.right) / 2
    eyes = drawn_eyes(picture, mesh, mesh[:POINTS], frame, _commonest_in_the_face(picture, mesh))
    eyes = twins(eyes, mesh)
    free = moving(eyes, mesh[:POINTS], frame)
    mesh[:POINTS] = flattened(eyes, mesh[:POINTS], free)
    mouth = close_mouth(mesh, frame, upper_share)
    fields = shape_fields(mouth, frame) * free[:, None].astype(np.float32)
    _still_eyes(fields)
    keep_the_line(fields)
    relief = relief_layer(mouth, frame, fields, (picture.shape[1], picture.shape[0]), open_eyes=False)
    palette = palette_of(_around_the_face(picture, mesh, frame))
    drawn = drawn_mouth(picture, mouth.shown, frame, palette, skin)
    inner, inner_textures = mouth_layers(picture, mouth, frame, fields, relief, drawn)
    inner = _inside(inner, relief, frame)
    covers, eye_textures = drawn_eye_layers(eyes, mesh, mouth.shown, frame, palette)
    textures = {PICTURE: picture, **inner_textures, **eye_textures}
    known = {**source, "warnings": warnings, SOFTNESS: _softness(picture, mouth, frame)}
    known[HIDDEN] = Hidden(False, all(eye.shut for eye in eyes), False).names
    face = _face_picture([*inner, relief, *covers], textures, mouth, frame, known)
    alpha = picture[..., 3]
    matte = alpha if (alpha < 255).any() else np.zeros((0, 0), np.uint8)
    return replace(face, kind="drawing", palette=palette_of(picture), matte=matte)


def _commonest_in_the_face(picture: Pixels, mesh: Floats) -> Floats:
    """(3,) the colour that most of a drawn face has: cheeks may blush."""
    outline = mesh[FACE_OVAL, :2]
    low, high = outline.min(axis=0), outline.max(axis=0)
    places = np.stack(np.meshgrid(*(np.linspace(low[axis], high[axis], 96) for axis in range(2))), axis=-1)
    colours = sample(picture[..., :3], places[inside(outline, places)])
    _, counted = commonest(lab(colours))
    return np.asarray(np.median(colours[counted], axis=0), np.float32)


def _around_the_face(picture: Pixels, mesh: Floats, frame: FaceFrame) -> Pixels:
    """(h, w, 4) of a picture what lies within its face's box and a little beyond: clothes and scenery have other colours."""
    places = mesh[FACE_OVAL, :2]
    beyond = _PALETTE_BEYOND * frame.unit
    left, top = np.floor(places.min(axis=0) - beyond).astype(int).clip(0)
    right, bottom = np.ceil(places.max(axis=0) + beyond).astype(int)
    return picture[top:bottom, left:right]


def _softness(picture: Pixels, mouth: Mouth, frame: FaceFrame) -> float:
    """See `seams.SOFTNESS`."""
    return round(softness(picture, mouth.shown) / frame.unit, 5)


def _still_eyes(fields: Floats) -> None:
    """Let no shape of the eyes move anything (in place)."""
    for name, index in ARKIT_INDEX.items():
        if name.startswith("eye"):
            fields[index] = 0


def _prepared(points: Floats, source: Mapping[str, Any]) -> tuple[Floats, FaceFrame, list[str]]:
    """The points with z to the viewer, 0 at the eye corners; their frame, and what is to be said. Raises as `build_photo`."""
    mesh = points.astype(np.float32) * np.array([1, 1, -1], np.float32)
    mesh[:, 2] -= mesh[list(OUTER_CORNERS), 2].mean()
    frame = face_frame(mesh)
    warnings = list(source.get("warnings", ()))
    if abs(frame.yaw) > MOST_TURNED:
        raise EngineError(
            f"The face looks {abs(frame.yaw):.0f} degrees aside: choose a picture in which both eyes are seen well.",
            "face_turned",
        )
    if abs(frame.yaw) > FLAT_FROM:
        warnings.append(
            f"The face looks {abs(frame.yaw):.0f} degrees aside, so it moves within the picture only and its head "
            "hardly turns: a picture from the front looks better."
        )
        mesh[:, 2] = 0
    else:
        mesh[:POINTS, 2] = _depth(mesh, frame)
    return mesh, frame, warnings


def _face_picture(
    layers: list[Layer], textures: dict[str, Pixels], mouth: Mouth, frame: FaceFrame, source: dict[str, Any]
) -> FacePicture:
    neutral = mouth.neutral
    return FacePicture(
        layers=layers,
        textures=textures,
        landmarks=neutral[MESH_TO_IBUG].astype(np.float32),
        pivot=(neutral[152] + frame.directions(np.array(_PIVOT))).astype(np.float32),
        eye_distance=frame.unit,
        source={**source, "yaw": round(frame.yaw, 1)},
    )


def _depth(mesh: Floats, frame: FaceFrame) -> Floats:
    """(468,) z of the relief: half what was measured, half a head's own; 0 in the depth of the outer eye corners."""
    usual = frame.places(load_template().points)[:, 2]
    depth = (mesh[:POINTS, 2] + usual) / 2
    depth -= depth[list(OUTER_CORNERS)].mean()
    # Where a head goes round to the ears, a picture has nothing to show: it goes back less.
    steep = depth < _FRONT * frame.unit
    depth[steep] = _FRONT * frame.unit + _BACK * (depth[steep] - _FRONT * frame.unit)
    return np.asarray(depth, np.float32)


def laid_flat(mesh: Floats, frame: FaceFrame) -> Floats:
    """(468, 3) the mesh, in which no triangle is turned away: what a picture shows of cheeks and nostrils lies side by side.

    Points on lips and lids stay where they are.
    """
    template = load_template()
    roll = np.radians(frame.roll)
    turn = np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    base = np.zeros((POINTS, 3))
    base[:, :2] = (template.points[:, :2] * [1, -1]) @ turn.T
    own = (mesh - frame.origin) / frame.unit
    faithful = np.full(POINTS, 0.05)
    faithful[np.concatenate([LIP_RINGS.ravel(), UPPER_LIDS.ravel(), LOWER_LIDS.ravel()])] = 1.0
    for _ in range(2):
        own = base + unfold(base, (own - base)[None], template.triangles, faithful, times=1, rounds=25)[0]
    flat = mesh.copy()
    flat[:, :2] = (own * frame.unit + frame.origin)[:, :2]
    return flat


def relief_layer(
    mouth: Mouth,
    frame: FaceFrame,
    fields: Floats,
    size: tuple[int, int],
    open_eyes: bool = True,
    glasses: Lines | None = None,
) -> Layer:
    """The picture as a mesh: the face, open between lips and lids, and what lies around it.

    Args:
        mouth: the face, as it is shown and neutral.
        frame: of the face.
        fields: (52, 468, 3) pixels that the shapes move it.
        size: width and height of the picture.
        open_eyes: cut out between the lids; else the eyes are part of it.
        glasses: see `build_photo`.
    """
    rings = around(mouth.shown, frame, size, POINTS)
    eyes = [] if open_eyes else [_between_the_lids()]
    triangles = np.concatenate([load_template().triangles, *eyes, rings.triangles])
    moved = np.concatenate([fields, mouth.pictured[None]])
    shapes = np.concatenate([moved, rings.follow(moved[:, FACE_OVAL])], axis=1)
    points = np.concatenate([mouth.shown, rings.points])
    uv = np.concatenate([mouth.shown[:, :2], rings.uv])
    head = np.ones((len(points), 1), np.float32)
    head[POINTS:, 0] = head_weights(rings.points, frame, mouth.shown[FACE_OVAL], size)
    shapes = _without_folds(points, shapes, triangles, frame.unit)
    fine = _without_curled_edges(points, shapes, refine(triangles, len(points), POINTS))
    shown, uv, head = (fine.apply(values) for values in (points, uv, head))
    # Lashes go with the edge of the lid: the skin above them unrolls.
    shapes = fine.leaning(UPPER_LIDS[:, 1:-1], LID_RINGS[:, 0], WITH_THE_EDGE).apply(shapes)
    if glasses:
        shapes = shapes * _freedom(uv, glasses, frame.unit)[:, None]
    shapes = _settled(shown, shapes, fine.triangles)
    # At rest every vertex lies on its own pixel to the last bit, whatever half precision makes of the way there.
    neutral = shown - shapes[_PICTURED].astype(np.float32)
    turned = fine.triangles.copy()
    wrong = areas(shown, turned) > 0
    turned[wrong] = turned[wrong][:, ::-1]
    return Layer(
        name=RELIEF,
        texture=PICTURE,
        points=neutral.astype(np.float32),
        uv=uv.astype(np.float32),
        triangles=turned.astype(np.int32),
        shapes=shapes,
        head=head[:, 0].clip(0, 1),
    )


def _freedom(places: Floats, glasses: Lines, unit: float) -> Floats:
    """(N,) how far the vertices of the fine mesh may move beside glasses; lids shut behind them all the same."""
    free = freedom(places, glasses, unit)
    for upper, lower in zip(UPPER_LIDS, LOWER_LIDS):
        free[upper] = free[lower] = 1
    return free


def _settled(shown: Floats, shapes: Floats, triangles: Indices) -> NDArray[np.float16]:
    """(53, N, 3) displacements of the fine mesh, in which nothing folds at twice their weights, nor from picture to neutral."""
    pictured = shapes[_PICTURED:].astype(np.float16)
    if pictured.any():
        pictured = settled(shown, pictured, triangles, (-1.0, 1.0))
    neutral = shown - pictured[0].astype(np.float32)
    return np.concatenate([settled(neutral, shapes[:_PICTURED], triangles, (1.0, TWICE)), pictured])


def _between_the_lids() -> Indices:
    """(28, 3) triangles that cover both eyes."""
    triangles = []
    for upper, lower in zip(UPPER_LIDS.tolist(), LOWER_LIDS.tolist()):
        for place in range(8):
            if place:
                triangles.append((upper[place], lower[place], lower[place + 1]))
            if place < 7:
                triangles.append((upper[place], lower[place + 1], upper[place + 1]))
    return np.array(triangles)


def _without_folds(points: Floats, shapes: Floats, triangles: Indices, unit: float) -> Floats:
    """(53, N, 3) displacements that fold nothing at twice their weights, of (N, 3) points as they are shown; pixels."""
    near = POINTS + 36 * _NEAR_RINGS
    triangles = triangles[(triangles < near).all(axis=1)]
    edges = np.union1d(UPPER_INNER, LOWER_INNER)
    faithful = np.full(near, 0.02)
    faithful[edges], faithful[near - 36 :] = _EDGES, _OUTSIDE
    places, moved = points[:near] / unit, shapes[:, :near] / unit
    pictured = moved[_PICTURED:]
    if pictured.any():
        meeting = faithful.copy()
        meeting[edges] = _MEETING
        for way in (-1, 1, -1):
            pictured = way * unfold(places, way * pictured, triangles, meeting, times=1)
    others = unfold(places - pictured[0], moved[:_PICTURED], triangles, faithful)
    shapes = shapes.copy()
    shapes[:, :near] = np.concatenate([others, pictured]) * unit
    return shapes


def _without_curled_edges(points: Floats, shapes: Floats, fine: Refinement) -> Refinement:
    """The finer mesh, whose curved edges are straight where their curve would fold a triangle."""
    for _ in range(4):
        shown, moved = fine.apply(points), fine.apply(shapes)
        sign = np.sign(areas(shown, fine.triangles))
        neutral = shown - moved[_PICTURED]
        folded = areas(neutral, fine.triangles) * sign < 0
        folded |= (areas(neutral + TWICE * moved, fine.triangles) * sign < 0).any(axis=0)
        parents = np.where(areas(points, fine.coarse) > 0, 1, -1)[fine.origin]
        folded |= (areas(shown, fine.triangles) * parents) < 0
        curled = np.unique(fine.triangles[folded])
        curled = curled[(fine.weights[curled] < 0).any(axis=1)]
        if not len(curled):
            break
        fine = fine.without_curves(fine.with_partners(curled))
    return fine
