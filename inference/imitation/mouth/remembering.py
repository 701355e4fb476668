"""Remembers how a person's mouth looks in film, see `portrait.mouth_memory`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...errors import EngineError
from ...face.arrays import Flags, Floats
from ...pictures.filling import blurred, grown, inside, pixel_centres
from ...pictures.indices import INNER_LIPS, OUTER_LIPS
from ...pictures.own_shapes import relief_of
from ...portrait.following import calm_mesh
from ...portrait.mouth_crop import MouthCrop, Placement
from ...portrait.mouth_memory import (
    CONTROL,
    SIDE,
    MouthMemory,
    fine_detail,
    key_of,
    nearness,
    square_points,
)
from ...portrait.remembered import REACH, SOFT, even_mouth, in_light
from ...portrait.sampling import Sampler
from .material import Shot

_MOST = 600
"""Pictures that are remembered; of more film they are spread evenly."""
_COMPONENTS = 40
_WIDE = 3.0
"""How far a remembered shape counts, beside the median distance of two of them."""
_WAYS, _EVEN = 30, 0.2
"""Main ways in which a mouth's shape changes by which shapes are told apart, and the power of its size by which each counts less:
0 is as large as it is, 1 as much as every other."""
_FALLING = 0.5
"""See `MouthMemory.falling`."""
_NOISE = 0.25
"""How far pictures of one shape differ, beside how far they do in all shapes: larger is smoother."""
_SEEN = 0.01
_EDGE = 1.2
"""Pixels over which the opening's edge is soft."""
_CLEARER, _FINE = 1.0, 1.5
"""How much detail below so many pixels is strengthened between the lips."""
_STRONG = 0.35
"""Logarithm by which skin is darker or brighter than in most of its shot, from which on the light flickers."""
_OTHER = 1.0
"""The same beside most of the film, from which on a shot is lit so otherwise that its colours say nothing of the others'."""
_COVERED, _COVERED_LEAST, _COARSE = 3.0, 8.0, 4.0
"""How much further the lips' colours are from their shot's usual ones than in half of it, and levels of 255 at least, from which
on something is before the mouth; and pixels over which colours are averaged for that."""
_FINEST = 0.6
"""See `MouthMemory.finest`: the finer, the sharper a mouth is at the same distance from the film."""


@dataclass(frozen=True)
class Place:
    """Where the mouth is in a picture of a film.

    Attributes:
        shot, row: which picture.
        placement: of the square.
        points: (468, 2) the mesh in the square, shares of its side.
        by_mesh: whether that mesh was found in the picture; else shapes make it.
    """

    shot: Shot
    row: int
    placement: Placement
    points: Floats
    by_mesh: bool


def places_in(shots: Sequence[Shot]) -> list[Place]:
    """Where the mouth is in pictures of all shots, not in those that the face pictures were made of.

    Each picture is there twice: by the mesh that was found in it, and by the shapes that come nearest to that, which is how a
    voice moves a mouth. What is remembered is then found whichever asks, and twice as much tells how looks go with shapes.
    """
    rows = [(shot, row) for shot in shots for row in range(1, len(shot.poses))]
    if len(rows) > _MOST:
        rows = [rows[round(place)] for place in np.linspace(0, len(rows) - 1, _MOST)]
    crops = {id(shot): MouthCrop(shot.face, SIDE, Sampler()) for shot in shots}
    calm = {id(shot): calm_mesh(shot.stretch.points) for shot in shots}
    result = []
    for shot, row in rows:
        pose = shot.poses[row]
        placement = crops[id(shot)].placement(pose)
        shaped = pose.of(shot.face, relief_of(shot.face))
        for points, by_mesh in ((calm[id(shot)][row], True), (shaped, False)):
            square = square_points(placement.to_square(points[:, :2]))
            result.append(Place(shot, row, placement, square, by_mesh))
    return result


@dataclass(frozen=True)
class Filmed:
    """What pictures of films show of their even mouth.

    Attributes:
        places: N of them.
        outline: (`CONTROL`, 2) see `MouthMemory`.
        corner: (2,) see `MouthMemory`.
        share: (h, w, 1) see `MouthMemory`.
        opening: (h, w, 1) see `MouthMemory`.
        looks: (N, h, w, 3) float32, 0 to 255.
        skins: (N, 3) the colour around each mouth.
    """

    places: Sequence[Place]
    outline: Floats
    corner: Floats
    share: Floats
    opening: Floats
    looks: Floats
    skins: Floats

    def of(self, kept: Sequence[bool] | Flags) -> Filmed:
        """Some of them."""
        rows = np.flatnonzero(kept)
        if len(rows) == len(self.places):
            return self
        places = [self.places[row] for row in rows]
        return replace(self, places=places, looks=self.looks[rows], skins=self.skins[rows])


def seen_in(places: Sequence[Place]) -> Filmed:
    """Read what pictures show, each once.

    Args:
        places: in films of one person.
    """
    even = np.mean([place.points for place in places], axis=0)
    outline = even[CONTROL]
    corner, share, opening = _parts(even)
    sampler, rim = Sampler(), share * (1 - share)
    looks = np.empty((len(places), *share.shape[:2], 3), np.float32)
    picture, read = np.zeros((0, 0, 3), np.float32), (-1, -1)
    for number, place in enumerate(places):
        if (id(place.shot), place.row) != read:
            picture = place.shot.stretch.picture(place.row).astype(np.float32)
            read = (id(place.shot), place.row)
        shown = even_mouth(corner, share.shape, outline, place.points, place.placement, sampler)
        looks[number] = sampler.values(picture, shown)
    skins = np.stack([(look * rim).sum(axis=(0, 1)) for look in looks]) / max(float(rim.sum()), 1e-6)
    return Filmed(places, outline, corner, share, opening, looks, skins)


def uncovered(seen: Filmed) -> Filmed:
    """Those in which nothing is before the mouth: a hand, a cup, a microphone that other pictures of the shot do not show."""
    lips = seen.share * (1 - seen.opening)
    around = blurred(lips, _COARSE) + np.float32(_SEEN)
    views = [(id(place.shot), place.by_mesh) for place in seen.places]
    off = np.zeros(len(views))
    for view in dict.fromkeys(views):
        rows = np.array([row for row, one in enumerate(views) if one == view])
        level = np.median(seen.skins[rows], axis=0) / seen.skins[rows].clip(1, 255)
        lit = (seen.looks[row] * gain for row, gain in zip(rows, level.astype(np.float32)))
        coarse = np.stack([blurred(look * lips, _COARSE) / around for look in lit])
        away = (coarse - np.median(coarse, axis=0)) ** 2 * lips
        far = np.sqrt(away.sum(axis=(1, 2, 3)) / max(3 * float(lips.sum()), 1e-6))
        off[rows] = far / max(_COVERED * float(np.median(far)), _COVERED_LEAST)
    covered = {(id(place.shot), place.row) for place, away in zip(seen.places, off) if away > 1}
    return seen.of([(id(place.shot), place.row) not in covered for place in seen.places])


def remembered(seen: Filmed, grain: float, metadata: dict[str, Any]) -> MouthMemory:
    """What film shows of a mouth.

    Args:
        seen: in film of one person.
        grain: see `MouthMemory`.
        metadata: of the file.

    Raises:
        EngineError: the light changes all the time (code ``bad_video``).
    """
    skin = np.median(seen.skins, axis=0).clip(1, 255)
    gains = (skin / seen.skins.clip(1, 255)).astype(np.float32)
    steady = _steady(seen.places, np.log(gains))
    if 2 * steady.sum() < len(steady):
        name = seen.places[0].shot.stretch.film
        raise EngineError(
            f"The light in {name} changes too much to learn a mouth from: choose a steadier film.",
            "bad_video",
        )
    share, opening = seen.share, seen.opening
    height, width = share.shape[:2]
    fineness = float(np.median([1 / place.placement.scale for place in seen.places])) / SIDE
    shapes = np.stack([key_of(place.points) for place in seen.places])[steady]
    lit = seen.looks[steady]
    for look, gain in zip(lit, gains[steady]):
        look[:] = in_light(look, gain, skin)
    # In the light of the whole film, in which a picture's own detail is measured, too.
    details = [fine_detail(look, share * (1 - opening), _FINEST * fineness * SIDE) for look in lit]
    values = lit.reshape(len(shapes), -1)
    mean, middle = values.mean(axis=0), shapes.mean(axis=0)
    values -= mean
    components, amounts = _components(values)
    measure = _measure(shapes - middle)
    keys = (shapes - middle) @ measure
    away = _squares(keys)
    reach = 2 * _WIDE * max(float(np.median(away)), 1e-9)
    near = nearness(away / reach, _FALLING)
    pull = np.linalg.solve(near + _NOISE * np.eye(len(keys)), amounts)
    return MouthMemory(
        corner=seen.corner,
        outline=seen.outline,
        mean=_clearer(mean.reshape(height, width, 3), opening),
        looks=np.stack([_clearer(one.reshape(height, width, 3), opening) for one in components]),
        share=share,
        opening=opening,
        measure=measure,
        keys=keys,
        middle=middle,
        reach=reach,
        falling=_FALLING,
        pull=pull,
        skin=skin,
        fineness=fineness,
        grain=grain,
        finest=_FINEST,
        detail=float(np.median(details)),
        metadata=metadata,
    )


def _steady(places: Sequence[Place], light: Floats) -> Flags:
    """(N,) whose light, (N, 3) logarithms, is that of most of its shot, if not of the film: a shot's own can be made up for."""
    shots = np.array([id(place.shot) for place in places])
    usual = np.empty_like(light)
    for shot in np.unique(shots):
        usual[shots == shot] = np.median(light[shots == shot], axis=0)
    return np.asarray(((np.abs(light - usual) < _STRONG) & (np.abs(light) < _OTHER)).all(axis=1))


def _parts(even: Floats) -> tuple[Floats, Floats, Floats]:
    """(2,) where the box of a mouth begins, (h, w, 1) how much of it is mouth, and what lies between the lips; of its (468, 2)
    mesh.
    """
    places = pixel_centres(0, 0, SIDE, SIDE)
    lips, between = (inside(even[rows] * SIDE, places) for rows in (OUTER_LIPS, INNER_LIPS))
    whole = blurred(grown(lips, round(REACH * SIDE)).astype(np.float32), SOFT * SIDE)
    rows, columns = np.nonzero(whole > _SEEN)
    box = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
    opening = blurred(between.astype(np.float32), _EDGE)
    corner = np.array([columns.min(), rows.min()], np.float32) / np.float32(SIDE)
    return corner, whole[box][..., None], opening[box][..., None]


def _clearer(colours: Floats, opening: Floats) -> Floats:
    """(h, w, 3) colours whose detail between the lips is as strong as in one picture: a mean of pictures blurs teeth."""
    return np.asarray(colours + _CLEARER * opening * (colours - blurred(colours, _FINE)), np.float32)


def _components(values: Floats) -> tuple[Floats, Floats]:
    """(K, D) main components of (N, D) values about their mean, and (N, K) how much of each is in them."""
    power, vectors = np.linalg.eigh((values @ values.T).astype(np.float64))
    kept = np.argsort(-power)[:_COMPONENTS]
    kept = kept[power[kept] > 1e-6 * max(float(power.max()), 1e-6)]
    size = np.sqrt(power[kept])
    amounts = vectors[:, kept] * size
    components = (vectors[:, kept] / size).astype(np.float32).T @ values
    return components, amounts


def _measure(shapes: Floats) -> Floats:
    """(`KEY`, M) see `MouthMemory.measure`, of shapes (N, `KEY`) about their mean."""
    sizes, ways = np.linalg.svd(shapes, full_matrices=False)[1:]
    kept = np.flatnonzero(sizes > 1e-6 * max(float(sizes.max(initial=0.0)), 1e-6))[:_WAYS]
    return np.asarray(ways[kept].T / sizes[kept] ** _EVEN)


def _squares(keys: Floats) -> Floats:
    """(N, N) squares of the distances between keys."""
    length = (keys * keys).sum(axis=1)
    return np.asarray((length[:, None] + length[None] - 2 * keys @ keys.T).clip(0, None))
