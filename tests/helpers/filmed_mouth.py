"""A film of the meshed face whose mouth is green inside: what a mouth's memory can learn, and the warp cannot know."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from meshed_face import meshed_face

from inference.face.face_picture import PICTURE, SHAPE_NAMES, FacePicture
from inference.imitation.mouth.material import Material, Shot, Stretch
from inference.pictures.draw import rest_weights
from inference.pictures.filling import inside, pixel_centres
from inference.pictures.indices import INNER_LIPS
from inference.pictures.own_shapes import relief_of
from inference.portrait.film_of_person import encoded
from inference.portrait.likeness import proportions
from inference.portrait.warp import Pose, WarpRenderer

GREEN = np.array([40, 170, 60])
Light = float | Sequence[float] | Sequence[Sequence[float]]


def jaw_pose(jaw: float) -> Pose:
    """The face with its jaw open, and nothing else."""
    weights = np.zeros(len(SHAPE_NAMES), np.float32)
    weights[SHAPE_NAMES.index("jawOpen")] = jaw
    return Pose(weights, np.zeros(3, np.float32), np.zeros(3, np.float32))


@lru_cache(maxsize=1)
def _person() -> tuple[FacePicture, WarpRenderer]:
    face = meshed_face()
    return face, WarpRenderer(face)


@lru_cache(maxsize=128)
def _mouth(jaw: float, painted: bool) -> tuple[np.ndarray, np.ndarray]:
    """`filmed` with the jaw so far open, and the points; read-only, since films of other lights are made of the same pictures."""
    pose = jaw_pose(jaw)
    picture, points = filmed(pose, painted), pose.of(_person()[0], relief_of(_person()[0]))
    picture.flags.writeable = points.flags.writeable = False
    return picture, points


def filmed(pose: Pose, painted: bool = True) -> np.ndarray:
    """(H, W, 3) the picture that a film shows of a pose."""
    face, renderer = _person()
    picture = renderer.draw(pose)[..., :3].copy()
    if painted:
        points = pose.of(face, relief_of(face))[:, :2]
        picture[inside(points[INNER_LIPS], pixel_centres(0, 0, *face.size))] = GREEN
    return picture


def shot_of(frames: int, most: float = 0.8, painted: bool = True, light: Light = 1.0) -> Shot:
    """A shot of so many pictures in which the jaw goes up and down, in a light, a colour of light, or one for each picture."""
    face, _ = _person()
    still = Pose(rest_weights(), np.zeros(3, np.float32), np.zeros(3, np.float32))
    jaws = (most * (0.5 - 0.5 * np.cos(np.arange(frames - 1) * 0.9))).tolist()
    poses = [still, *map(jaw_pose, jaws)]
    pictures = [face.textures[PICTURE][..., :3], *(_mouth(jaw, painted)[0] for jaw in jaws)]
    points = np.stack([still.of(face, relief_of(face)), *(_mouth(jaw, painted)[1] for jaw in jaws)])
    lights = np.broadcast_to(np.asarray(light), (frames, 3)) if np.ndim(light) < 2 else np.asarray(light)
    kept = [encoded((picture * one).astype(np.uint8)) for picture, one in zip(pictures, lights, strict=True)]
    return Shot(Stretch(kept, points, 10.0, "ada.mp4"), face, poses)


@lru_cache(maxsize=2)
def material(painted: bool = True) -> Material:
    """Four shots of one person."""
    shots = [shot_of(13, 0.7 + 0.05 * number, painted) for number in range(4)]
    return Material(shots, 13.0, proportions(_person()[0]))
