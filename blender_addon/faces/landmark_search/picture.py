# SPDX-License-Identifier: GPL-3.0-or-later
"""Views of a head for a face detector, and what it saw laid back onto the mesh."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..geometry.raster import View, front_view, shaded
from ..geometry.sides import seen_from_within
from ..geometry.surface import Surface
from . import fit
from .features import NO_SLIT, Features
from .fit import NoFaceError, Seen
from .frame import Frame, frame_of_landmarks, frames_of_head
from .points import Landmarks

_SIZE = 288  # pixels of a view
_HALF, _CENTRE = (
    1.8,
    (0.0, -0.30),
)  # half of a view's width and its middle, face units: the whole head, as detectors want it
_SKIN_COLOUR = (0.86, 0.70, 0.61)
_TELLING = np.r_[
    27:36, 36, 39, 42, 45
]  # landmarks that lie on the face's own skin, whatever beard or brow it wears
_OFTEN = 3  # of these, on a part that may be the face
_AGREE = 0.2  # face units, how far apart detector and geometry may see the same point
_BOTH = 0.95  # confidence where they agree on all
_DIRECTIONS = 4
_LOWER_FACE = np.r_[5:12, 31:36, 48:68]  # landmarks that a beard may hide
_CHIN = np.r_[6:11]
_COVERED = 0.3  # of the pixels around mouth and chin, from which on what covers them is a beard


@dataclass(frozen=True, eq=False)
class Views:
    """A head drawn from several sides.

    Attributes:
        pictures: (V, H, W, 3) uint8.
        frames: of each: x to the picture's right, y up, z to the viewer.
        views: what each pixel shows.
        surface: what was drawn.
    """

    pictures: np.ndarray
    frames: list[Frame]
    views: list[View]
    surface: Surface


def draw_views(
    surface: Surface,
    up: np.ndarray,
    whole: bool,
    hint: Frame | None = None,
    colours: np.ndarray | None = None,
) -> Views:
    """Draw a head from its four sides, or from where a hint says that its face is.

    Args:
        surface: the character's meshes.
        up: (3,) upward direction.
        whole: whether the surface is a head and nothing else.
        hint: where the face is, where that is known.
        colours: (N, 3) of the vertices, sRGB, 0 to 1; a skin's by default.

    Raises:
        NoFaceError: where nothing is seen.
    """
    guesses = [hint] if hint is not None else frames_of_head(surface, up, whole)[:_DIRECTIONS]
    tint = np.full((len(surface), 3), _SKIN_COLOUR) if colours is None else colours
    pictures, views, frames = [], [], []
    for frame in guesses:
        inside = frame.inside(surface.vertices)
        corners = inside[surface.triangles]
        shown = (np.abs(corners[..., :2] - _CENTRE) < _HALF).all(axis=2).any(axis=1)
        if not shown.any():
            continue
        triangles = surface.triangles[shown]
        view = front_view(inside, triangles, _CENTRE, _HALF, _SIZE)
        picture = shaded(view, inside, triangles, tint)
        view.triangle[view.triangle >= 0] = np.flatnonzero(shown)[view.triangle[view.triangle >= 0]]
        if seen_from_within(surface, view, frame.axes[:, 2]):  # a hollow face is a face to detectors
            continue
        pictures.append(picture)
        views.append(view)
        frames.append(frame)
    if not views:
        raise NoFaceError
    return Views(np.array(pictures), frames, views, surface)


def lay_back(
    drawn: Views,
    pixels: np.ndarray,
    sure: np.ndarray,
    template: np.ndarray,
    parting: np.ndarray | None = None,
) -> Landmarks:
    """Landmarks on the mesh from what a detector saw in the views; what geometry knows better is bent to.

    Args:
        drawn: the views.
        pixels: (V, 68, 3) from each picture's middle, x right, y up, z to the viewer; NaN where nothing was seen.
        sure: (V,) 0 to 1.
        template: (68, 3) an average face in face units.
        parting: (N,) how far each vertex moves when the jaw opens, in the surface's unit.

    Raises:
        NoFaceError: where nothing was seen.
    """
    sure = np.where(np.isfinite(pixels).all(axis=(1, 2)), sure, 0.0)
    best = int(np.argmax(sure))
    if not sure[best] > 0:
        raise NoFaceError
    view, surface = drawn.views[best], drawn.surface
    face, triangle = _in_space(view, pixels[best])
    face = drawn.frames[best].outside(face)
    frame = frame_of_landmarks(face, template)
    on_face = triangle[_TELLING][triangle[_TELLING] >= 0]
    if not len(on_face) or not frame.unit > 0:
        raise NoFaceError
    skin = surface.parts == _skin_part(surface, on_face)
    face = frame.inside(face)
    features = _agreeing(surface, frame, face, template, parting)
    placed = _bent(face, features)
    inside = surface.moved(frame.inside(surface.vertices))
    usable = np.flatnonzero(skin[surface.triangles].all(1))
    vertices, weights = fit.on_skin(inside, usable, placed)
    agreed = not [note for note in features.notes if note != NO_SLIT]
    confidence = _BOTH if agreed else float(sure[best])
    return Landmarks(vertices, weights, confidence, "picture", tuple(features.notes))


def beard_of(drawn: Views, pixels: np.ndarray, sure: np.ndarray) -> tuple[np.ndarray, Frame] | None:
    """What hides mouth and chin in the view that shows the face best: beards, whose edges a detector takes for lips.

    Args:
        drawn, pixels, sure: as `lay_back` gets them.

    Returns:
        (N,) which vertices belong to it, and the view's frame; None where mouth or chin are bare, or nothing was seen.
    """
    sure = np.where(np.isfinite(pixels).all(axis=(1, 2)), sure, 0.0)
    best = int(np.argmax(sure))
    if not sure[best] > 0:
        return None
    view, surface = drawn.views[best], drawn.surface
    triangle = _in_space(view, pixels[best])[1]
    on_face = triangle[_TELLING][triangle[_TELLING] >= 0]
    if not len(on_face):
        return None
    own = {_skin_part(surface, on_face), *surface.parts[surface.triangles[on_face, 0]].tolist()}
    lower, chin = (_parts_around(view, surface, pixels[best], points) for points in (_LOWER_FACE, _CHIN))
    if min((~np.isin(parts, list(own))).mean() if len(parts) else 0.0 for parts in (lower, chin)) < _COVERED:
        return None
    covering = set(np.unique(np.concatenate([lower, chin])).tolist()) - own
    return np.isin(surface.parts, list(covering)), drawn.frames[best]


def _parts_around(view: View, surface: Surface, pixels: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(P,) the parts of the surface that are seen in the box around some landmarks."""
    flat = pixels[points, :2] * view.pixel + np.array(_CENTRE)
    rows, columns = (np.rint(edge).astype(int) for edge in view.pixel_of(flat[:, 0], flat[:, 1]))
    low, left = np.maximum([rows.min(), columns.min()], 0)
    seen = view.triangle[low : rows.max() + 1, left : columns.max() + 1]
    return np.asarray(surface.parts[surface.triangles[seen[seen >= 0], 0]])


def _bent(face: np.ndarray, features: Features) -> np.ndarray:
    """What the detector saw, bent to what geometry knows better; what geometry does not show stays where it was seen.

    Eyes alone, drawn larger than a real face's, would else push the mouth down to the chin.
    """
    if len(features.points) < 4:
        return face
    lacking = [
        number for numbers in fit.FEATURES.values() for number in numbers if number not in features.points
    ]
    held = {**features.points, **{number: face[number] for number in lacking}}
    return fit.place(face, replace(features, points=held))


def _skin_part(surface: Surface, triangles: np.ndarray) -> int:
    """Of the parts that some triangles of a face belong to the largest one: a nose may be a part of its own."""
    parts, counts = np.unique(surface.parts[surface.triangles[triangles, 0]], return_counts=True)
    often = parts[counts >= min(_OFTEN, counts.max())]
    sizes = [float(np.prod(np.ptp(surface.vertices[surface.parts == part], axis=0))) for part in often]
    return int(often[int(np.argmax(sizes))])


def _in_space(view: View, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(68, 3) the detector's points in the view's frame, laid on what is seen there, and (68,) the triangle seen, or -1."""
    flat = pixels[:, :2] * view.pixel + np.array(_CENTRE)
    row, column = view.pixel_of(flat[:, 0], flat[:, 1])
    size = len(view.triangle)
    rows, columns = np.rint(row).astype(int), np.rint(column).astype(int)
    inside = (rows >= 0) & (rows < size) & (columns >= 0) & (columns < size)
    depth, triangle = np.full(len(flat), np.nan), np.full(len(flat), -1)
    depth[inside] = view.depth[rows[inside], columns[inside]]
    triangle[inside] = view.triangle[rows[inside], columns[inside]]
    known = np.isfinite(depth)
    offset = np.median(depth[known] - pixels[known, 2] * view.pixel) if known.any() else 0.0
    own = pixels[:, 2] * view.pixel + offset
    depth = np.where(known & (np.abs(depth - own) < 0.35), depth, own)  # not the background beside the jaw
    return np.concatenate([flat, depth[:, None]], axis=1), triangle


def _agreeing(
    surface: Surface, frame: Frame, face: np.ndarray, template: np.ndarray, parting: np.ndarray | None
) -> Features:
    """The features that geometry finds where the detector sees them; the others are noted."""
    try:
        seen: Seen = fit.detect(surface, frame.axes[:, 1], template, frame, parting)
    except NoFaceError:
        return Features(notes=list(fit.FEATURES))
    features = Features(notes=list(seen.features.notes))
    if float((seen.frame.axes[:, 2] * frame.axes[:, 2]).sum()) < 0.8:  # it took another side for the face
        return Features(notes=list(fit.FEATURES))
    for title, numbers in fit.FEATURES.items():
        own = [number for number in numbers if number in seen.features.points]
        if not own:
            continue
        places = frame.inside(seen.frame.outside(np.array([seen.features.points[number] for number in own])))
        if np.abs((places - face[own])[:, :2].mean(axis=0)).max() < _AGREE:
            features.points.update(zip(own, places))
        elif title not in features.notes:
            features.notes.append(title)
    return features
