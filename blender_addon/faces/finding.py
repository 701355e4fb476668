# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding the face of a character as it comes: by its mesh and shape keys, and by the engine's face detector."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..characters import face_axes
from ..characters.character import Character, describe
from ..characters.shape_offsets import ShapeOffsets
from ..contract import messages, shape_table
from ..contract.landmarks import EYES, LIPS, NOSE
from ..errors import Cancelled, TalkingAnimationError
from ..host import log, temporary_files
from . import gathering
from .gathering import Gathered
from .geometry.surface import Surface
from .landmark_search import fit, picture
from .landmark_search.fit import NoFaceError
from .landmark_search.frame import Frame, frames_of_head
from .landmark_search.points import Landmarks
from .materials import colours_of
from .steps import Ask, Progress, Steps, Work

GOOD_CONFIDENCE = 0.7
"""From here on landmarks are good enough to be used without a person's look at them."""

_SURE = 0.95  # of geometry: the face detector need not look too
_CONFIRMED = 0.9  # confidence of geometry that the detector confirms
_INNER = np.r_[NOSE, EYES, LIPS]  # nose, eyes and lips: what the detector and the mesh call the same
_SAME_FACE = 0.12  # of the eye distance, between what both find, on average

_UP = np.array([0.0, 0.0, 1.0])
_TURNS_BY_GEOMETRY = 2  # the character as it stands, and as its own axes do
_NO_FACE = (
    "No face was found on '{}': if it has one, press Edit Landmarks and move the points to their places, else pick the "
    "object that has the face."
)


def template() -> tuple[np.ndarray, np.ndarray]:
    """Landmarks (68, 3) of the head that the engine ships a table of, and their motion (52, 68, 3) in each ARKit shape.

    Face units, float64.

    Raises:
        TalkingAnimationError: where the table is missing.
    """
    try:
        basis = shape_table.load_basis()
        return basis.neutral.astype(np.float64), basis.deltas.astype(np.float64)
    except (OSError, KeyError, ValueError) as error:
        raise TalkingAnimationError(
            "The engine's table of face shapes is missing: install the add-on's zip again."
        ) from error


def finding(obj: Any, use_engine: bool = True, by_picture: bool = False) -> Steps[tuple[Any, Landmarks]]:
    """Find the landmarks of a character: by its mesh and shape keys, and by a picture where those do not suffice.

    Args:
        obj: any object of the character.
        use_engine: whether the engine's face detector may be asked.
        by_picture: whether it is asked at once.

    Returns:
        Steps, whose result is the object that carries the face, and the landmarks. Nothing is stored.

    Raises:
        TalkingAnimationError: where no face is found.
    """
    character = describe(obj)
    at_rest = yield from gathering.collecting(obj)
    ways = [False, True] if gathering.is_posed(at_rest) else [False]
    searches: list[_Search] = []
    best: tuple[_Search, Landmarks] | None = None
    asked = False
    for posed in ways:
        gathered = (yield from gathering.collecting(obj, as_posed=True)) if posed else at_rest
        head = yield from gathering.seeking_head(character, gathered)
        searches.append(_Search(gathered, character, posed, head))
        if by_picture:
            continue
        landmarks = yield Work("Looking for the face", searches[-1].by_geometry(not use_engine), (0.0, 0.4))
        best = _better(best, searches[-1], landmarks)
        if best is not None and best[1].confidence >= (_SURE if use_engine else GOOD_CONFIDENCE):
            break
    if use_engine and (best is None or best[1].confidence < _SURE):
        for way in searches[::-1]:  # as it is seen
            asked, landmarks = yield from _by_detector(way)
            if landmarks is not None:
                best = _confirmed(best, landmarks) or (way, landmarks)
                break
    if best is None or (asked and best[1].confidence < GOOD_CONFIDENCE):
        raise TalkingAnimationError(_NO_FACE.format(character.root.name))
    way, landmarks = best
    way.gathered.check_unchanged()
    return way.gathered.local(replace(landmarks, posed=way.posed))


def _better(
    best: tuple[_Search, Landmarks] | None, way: _Search, landmarks: Landmarks | None
) -> tuple[_Search, Landmarks] | None:
    if landmarks is None or (best is not None and best[1].confidence >= landmarks.confidence):
        return best
    return way, landmarks


def _confirmed(
    geometry: tuple[_Search, Landmarks] | None, seen: Landmarks
) -> tuple[_Search, Landmarks] | None:
    """What geometry found, where the detector sees the same and it lacks nothing but the chin; else None."""
    if geometry is None or not set(geometry[1].notes) <= {fit.CHIN}:
        return None
    way, landmarks = geometry
    points, others = (one.of(way.gathered.surface.vertices) for one in (landmarks, seen))
    unit = float(np.linalg.norm(points[45] - points[36]))
    if not np.linalg.norm((points - others)[_INNER], axis=1).mean() < _SAME_FACE * unit:
        return None
    return way, replace(landmarks, confidence=max(landmarks.confidence, _CONFIRMED))


def _by_detector(way: _Search) -> Steps[tuple[bool, Landmarks | None]]:
    """Whether the engine's face detector could be asked, and what it saw of the head, from all sides until it sees a face."""
    asked = False
    for turn in way.turns:
        drawn = yield Work("Drawing the head", way.draw(turn), (0.4, 0.5))
        if drawn is None:
            continue
        seen = yield from _asking(drawn)
        if seen is None:
            return asked, None
        asked = True
        landmarks = yield Work("Placing the landmarks", way.lay_back(drawn, *seen), (0.6, 0.8))
        if landmarks is not None:
            shaved = yield from _without_beard(way, turn, drawn, seen)
            return asked, shaved or landmarks
    return asked, None


def _without_beard(
    way: _Search, turn: np.ndarray, drawn: picture.Views, seen: tuple[np.ndarray, np.ndarray]
) -> Steps[Landmarks | None]:
    """What the detector sees where a beard that hides mouth and chin is taken off; None where there is none, or no face then."""
    beard = picture.beard_of(drawn, *seen)
    if beard is None:
        return None
    bare = way.without(beard[0], turn, beard[1])
    drawn = yield Work("Drawing the head without its beard", bare.draw(turn), (0.8, 0.85))
    again = (yield from _asking(drawn)) if drawn is not None else None
    if again is None:
        return None
    return (yield Work("Placing the landmarks", bare.lay_back(drawn, *again), (0.9, 1.0)))  # type: ignore[no-any-return]


def _asking(drawn: picture.Views) -> Steps[tuple[np.ndarray, np.ndarray] | None]:
    """Landmarks and confidence that the engine's face detector sees in each view; None where it could not be asked."""
    with tempfile.TemporaryDirectory(dir=temporary_files.place()) as folder:
        source, output = Path(folder) / "views.npz", Path(folder) / "landmarks.npz"
        try:
            np.savez_compressed(source, picture=drawn.pictures)
            yield Ask("Looking for the face in pictures", messages.LandmarksRequest(str(source), str(output)))
            with np.load(output, allow_pickle=False) as data:
                return data["landmarks"].astype(np.float64), data["confidence"].astype(np.float64)
        except Cancelled:
            raise
        except (TalkingAnimationError, OSError, KeyError, ValueError) as error:
            log.logger.warning("the face detector could not be asked: %s", error)
            return None


class _Search:
    """One way of looking at a character: at rest, or as it is posed.

    Attributes:
        gathered: its meshes.
        posed: whether they are posed.
        turns: (3, 3) turns that may set it upright and square.
    """

    def __init__(
        self, gathered: Gathered, character: Character, posed: bool, head: np.ndarray | None
    ) -> None:
        self.gathered, self.posed = gathered, posed
        self.turns = gathering.upright_turns(gathered, character)
        self._whole = head is not None
        keep = np.ones(len(gathered.surface), bool) if head is None else head
        self._surface, self._index = gathered.surface.submesh(keep)
        self._hint, parting = (None, None) if posed else shapes_tell(character, gathered)
        self._parting = None if parting is None else parting[self._index]
        colours = colours_of(gathered.objects)
        self._colours = None if colours is None else colours[self._index]
        self._template = template()[0]

    def without(self, gone: np.ndarray, turn: np.ndarray, frame: Frame) -> _Search:
        """The same without some vertices of what is looked at; in the space of a turn its face is where a frame says."""
        result = copy.copy(self)
        result._surface, kept = self._surface.submesh(~gone)
        result._index = self._index[kept]
        result._parting, result._colours = (
            None if values is None else values[kept] for values in (self._parting, self._colours)
        )
        result.turns, result._hint = [turn], frame
        return result

    def by_geometry(self, scan: bool) -> Callable[[Progress], Landmarks | None]:
        """What to work out: the landmarks that the mesh tells, None where it tells none."""

        def search(tell: Progress) -> Landmarks | None:
            best: Landmarks | None = None
            for number, turn in enumerate(self.turns[:_TURNS_BY_GEOMETRY]):
                tell(number / len(self.turns), "Looking for the face")
                turned = self._surface.moved(self._surface.vertices @ turn.T)
                hint = self._hint if number == 0 else None
                landmarks = _told(lambda turned=turned, hint=hint: self._fitted(turned, hint, scan))  # type: ignore[misc]
                if landmarks is not None and (best is None or landmarks.confidence > best.confidence):
                    best = landmarks
                if best is not None and best.confidence >= GOOD_CONFIDENCE:
                    break
            return self._of_the_whole(best)

        return search

    def _fitted(self, surface: Surface, hint: Frame | None, scan: bool) -> Landmarks:
        seen = fit.detect(surface, _UP, self._template, hint, self._parting, self._whole, scan)
        source = "geometry" if self._parting is None and hint is None else "shape keys"
        return fit.landmarks_of(surface, seen, self._template, source)

    def draw(self, turn: np.ndarray) -> Callable[[Progress], picture.Views | None]:
        """What to work out: views of the head, set upright by a turn."""
        turned = self._surface.moved(self._surface.vertices @ turn.T)
        hint = self._hint if turn is self.turns[0] else None
        return lambda tell: _told(lambda: picture.draw_views(turned, _UP, self._whole, hint, self._colours))

    def lay_back(
        self, drawn: picture.Views, pixels: np.ndarray, sure: np.ndarray
    ) -> Callable[[Progress], Landmarks | None]:
        """What to work out: the landmarks that a detector saw, None where it saw none."""
        return lambda tell: self._of_the_whole(
            _told(lambda: picture.lay_back(drawn, pixels, sure, self._template, self._parting))
        )

    def _of_the_whole(self, landmarks: Landmarks | None) -> Landmarks | None:
        return None if landmarks is None else replace(landmarks, vertices=self._index[landmarks.vertices])


def _told(work: Callable[[], Any]) -> Any:
    """What comes of a search; None where it finds nothing, or where a mesh is so odd that it fails."""
    try:
        with np.errstate(all="ignore"):
            return work()
    except NoFaceError:
        return None
    except (ArithmeticError, IndexError, KeyError, ValueError, np.linalg.LinAlgError):
        log.logger.debug("the search for a face failed", exc_info=True)
        return None


def guessed(gathered: Gathered, character: Character) -> Landmarks:
    """An average face laid on the front of the head, where none was found: a beginning for correcting by hand.

    Raises:
        TalkingAnimationError: where the mesh cannot carry landmarks at all.
    """
    head = gathering.head_of(character, gathered)
    keep = np.ones(len(gathered.surface), bool) if head is None else head
    surface, index = gathered.surface.submesh(keep)

    def lay() -> Landmarks:
        frame = frames_of_head(surface, _UP, head is not None)[0]
        inside = surface.moved(frame.inside(surface.vertices))
        largest = np.flatnonzero((surface.parts == 0)[surface.triangles].all(1))
        vertices, weights = fit.on_skin(inside, largest, template()[0])
        return Landmarks(index[vertices], weights, 0.0, "guess", tuple(fit.FEATURES))

    landmarks = _told(lay)
    if landmarks is None:
        raise TalkingAnimationError(
            f"'{character.root.name}' has no surface that could carry a face: pick the character's head mesh."
        )
    return landmarks  # type: ignore[no-any-return]


def shapes_tell(character: Character, gathered: Gathered) -> tuple[Frame | None, np.ndarray | None]:
    """Where the face is and which vertices the jaw moves, from shape keys; None where they tell nothing."""
    mesh = next((mesh for mesh in character.meshes if mesh.object in gathered.objects), None)
    if mesh is None:
        return None, None
    place = np.array(mesh.object.matrix_world, np.float64)
    hint = None
    told = any(name.startswith(("eyeBlink", "eyeWide")) for name in mesh.shapes)
    if told and {"jawOpen", "mouthFunnel", "mouthPucker", "mouthClose"} & set(mesh.shapes):
        axes = face_axes.measure_mesh(mesh)
        turned = place[:3, :3] @ axes.axes
        size = float(np.cbrt(abs(np.linalg.det(place[:3, :3]))))
        if axes.eyes is not None:
            turned = turned / np.linalg.norm(turned, axis=0)
            hint = Frame(turned, place[:3, :3] @ axes.eyes + place[:3, 3], axes.unit * size)
    parting = None
    if "jawOpen" in mesh.shapes:
        moved = ShapeOffsets(mesh.object).driven((name, 1.0) for name in mesh.shapes["jawOpen"])
        parting = np.zeros(len(gathered.surface))
        parting[gathered.part(mesh.object)] = np.linalg.norm(moved @ place[:3, :3].T, axis=1)
    return hint, parting
