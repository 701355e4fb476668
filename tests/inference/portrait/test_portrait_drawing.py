"""A portrait's frames: the picture at rest, what `pictures.draw` draws where it moves, the picture where it does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_face_picture import made_face_picture, made_of
from portrait_motion import talking

from inference.face.face_picture import PICTURE, PICTURED, SHAPE_NAMES, FacePicture
from inference.face.head_limits import PICTURE_HEAD_LIMIT
from inference.pictures.draw import draw, rest_weights
from inference.portrait.boxes import Box
from inference.portrait.motion import frame_count, portrait_motion
from inference.portrait.sampling import Sampler, opencv
from inference.portrait.sized import bled, sized, with_matte
from inference.portrait.warp import Pose, WarpRenderer

needs_opencv = pytest.mark.skipif(opencv() is None, reason="OpenCV belongs to the full engine")
SAMPLERS = [pytest.param(True, marks=needs_opencv, id="opencv"), pytest.param(False, id="numpy")]
STILL = np.zeros(3, np.float32)


def weights(**given: float) -> np.ndarray:
    result = np.zeros(len(SHAPE_NAMES), np.float32)
    for name, value in given.items():
        result[SHAPE_NAMES.index(name)] = value
    return result


@pytest.mark.parametrize("use_opencv", SAMPLERS)
@pytest.mark.parametrize("size", [(96, 128), (37, 51), (200, 266)])
def test_at_rest_it_is_the_picture(small: FacePicture, use_opencv: bool, size: tuple[int, int]) -> None:
    sampler = Sampler(use_opencv)
    face = sized(small, size, sampler)
    renderer = WarpRenderer(face, sampler=sampler)
    # A hair off rest, all of it is drawn by the map: and is the picture still.
    for rest in (rest_weights(), rest_weights() * np.float32(1 - 1e-6)):
        drawn = renderer.draw(Pose(rest, STILL, STILL))
        assert np.array_equal(drawn, face.textures[PICTURE][..., :3])


@pytest.mark.parametrize("use_opencv", SAMPLERS)
def test_what_moves_is_what_the_slow_way_draws(small: FacePicture, use_opencv: bool) -> None:
    pose = Pose(
        weights(jawOpen=0.8), np.array([0.02, 0.1, 0.05], np.float32), np.array([2, 1, 0], np.float32)
    )
    drawn = WarpRenderer(small, sampler=Sampler(use_opencv)).draw(pose)
    slow = draw(small, pose.weights, pose.rotation, head_shift=pose.shift)
    seen = slow[..., 3] > 0
    off = np.abs(drawn.astype(int) - slow[..., :3]).max(axis=-1)
    # The picture is a steep gradient with hard bars: cubic and linear differ at the bars' edges only.
    assert np.median(off[seen]) <= 2 and (off[seen] > 40).mean() < 0.04
    assert (np.abs(drawn.astype(int) - small.textures[PICTURE][..., :3]).max(axis=-1) > 20).sum() > 300


@needs_opencv
def test_what_moves_by_half_a_pixel_stays_as_sharp() -> None:
    """Cubic interpolation keeps three quarters of a photo's grain here, linear half of it."""
    noise = np.random.RandomState(2).randint(60, 196, (160, 120, 4))
    grain = ((noise + np.roll(noise, 1, axis=0)) // 2).astype(np.uint8)
    grain[..., 3] = 255
    renderer = WarpRenderer(made_of(grain))
    rest = renderer.draw(Pose(rest_weights(), STILL, STILL))
    moved = renderer.draw(Pose(rest_weights(), STILL, np.array([0.5, 0.5, 0], np.float32)))
    away = (moved != rest).any(axis=-1)[1:-1, 1:-1]

    def energy(picture: np.ndarray) -> float:
        shade = picture.astype(np.float32).mean(axis=-1)
        curved = (
            4 * shade[1:-1, 1:-1] - shade[:-2, 1:-1] - shade[2:, 1:-1] - shade[1:-1, :-2] - shade[1:-1, 2:]
        )
        return float(curved[away].std())

    assert away.mean() > 0.4 and 0.88 < energy(moved) / energy(rest) < 1.05


@needs_opencv
def test_only_what_moves_is_drawn_anew() -> None:
    """A picture whose border has the head's weight 0 stays what it is there, to the last value."""
    noise = np.random.RandomState(1).randint(0, 256, (160, 120, 4)).astype(np.uint8)
    noise[..., 3] = 255
    face = made_of(noise)
    held = [
        replace(layer, head=(layer.points[:, 1] > 60).astype(np.float32) * (layer.points[:, 1] < 130))
        for layer in face.layers
    ]
    drawn = WarpRenderer(replace(face, layers=held)).draw(
        Pose(rest_weights(), np.array([0, 0.1, 0], np.float32), STILL)
    )
    changed = (drawn != noise[..., :3]).any(axis=(1, 2))
    assert changed[60:130].any() and not changed[:48].any() and not changed[142:].any()


def test_a_view_is_a_part_of_the_whole(small: FacePicture) -> None:
    pose = Pose(weights(jawOpen=1), np.array([0, 0.1, 0], np.float32), STILL)
    whole = WarpRenderer(small).draw(pose)
    part = WarpRenderer(small, view=Box(11, 20, 85, 120)).draw(pose)
    off = np.abs(part.astype(int) - whole[20:120, 11:85]).max(axis=-1)
    assert part.shape == (100, 74, 3) and np.median(off) <= 1 and (off > 40).mean() < 0.01


def test_transparent_parts_are_white_or_stay_transparent(small: FacePicture) -> None:
    picture = small.textures[PICTURE].copy()
    picture[:20] = 0
    matte = np.full(picture.shape[:2], 255, np.uint8)
    matte[:40] = 0
    face = replace(small, textures={**small.textures, PICTURE: picture}, matte=matte)
    pose = Pose(weights(jawOpen=0.5), np.array([0, 0.05, 0], np.float32), STILL)
    assert (WarpRenderer(face).draw(pose)[:17] == 255).all()
    clear = WarpRenderer(face, clear=True).draw(pose)
    assert clear.shape[2] == 4 and not clear[:36, :, 3].any() and (clear[44:100, 20:80, 3] == 255).all()


def test_colours_reach_into_what_is_transparent() -> None:
    picture = np.zeros((8, 8, 4), np.uint8)
    picture[:, 4:] = (200, 100, 50, 255)
    assert (bled(picture)[:, :4, :3] == (200, 100, 50)).all() and not bled(picture)[:, :4, 3].any()
    assert np.array_equal(bled(np.zeros((3, 3, 4), np.uint8)), np.zeros((3, 3, 4), np.uint8))


@pytest.mark.parametrize("use_opencv", SAMPLERS)
@pytest.mark.parametrize("size", [(96, 128), (1500, 40)])
def test_nothing_of_the_background_is_left_at_a_soft_edge(
    small: FacePicture, use_opencv: bool, size: tuple[int, int]
) -> None:
    """A person in red before blue: between them the person gets transparent, not violet."""
    width, height = size
    share = np.linspace(-0.5, 1.5, width).clip(0, 1)[None, :, None].repeat(height, axis=0)
    picture = np.full((height, width, 4), 255, np.uint8)
    picture[..., :3] = np.round(share * (200, 40, 30) + (1 - share) * (20, 40, 220))
    matte = np.round(share[..., 0] * 255).astype(np.uint8)
    face = replace(small, textures={**small.textures, PICTURE: picture}, matte=matte)
    cut = with_matte(face, Sampler(use_opencv)).textures[PICTURE]
    assert np.array_equal(cut[..., 3], matte)
    assert np.array_equal(cut[matte == 255], picture[matte == 255])
    shown = (np.abs(cut[..., :3].astype(int) - (200, 40, 30)) * cut[..., 3:]).max() / 255
    before = (np.abs(picture[..., :3].astype(int) - (200, 40, 30)) * cut[..., 3:]).max() / 255
    assert shown < 20 and before > 40
    picture[0, 0, 3] = 254  # a picture that was cut out by somebody else has the person's colours already
    face = replace(small, textures={**small.textures, PICTURE: picture}, matte=matte)
    assert np.array_equal(with_matte(face, Sampler(use_opencv)).textures[PICTURE][..., :3], picture[..., :3])


def test_motion_grows_out_of_the_picture(small: FacePicture) -> None:
    motion = portrait_motion(small, talking(50), 25.0, 50)
    rest = rest_weights()
    assert (
        np.array_equal(motion.weights[0], rest) and not motion.rotation[0].any() and not motion.shift[0].any()
    )
    assert not motion.weights[10:, SHAPE_NAMES.index(PICTURED)].any()
    assert motion.weights[:, SHAPE_NAMES.index("jawOpen")].max() > 0.9
    assert 0.1 < np.abs(motion.rotation).max() < PICTURE_HEAD_LIMIT
    assert motion.shift[30, 1] < 0  # up is a smaller y


def test_a_held_head_and_other_lengths(small: FacePicture) -> None:
    still = portrait_motion(small, talking(20), 25.0, 20, still=True)
    assert not still.rotation.any() and not still.shift.any()
    assert still.weights[:, SHAPE_NAMES.index("jawOpen")].max() > 0.9
    longer = portrait_motion(small, talking(20), 50.0, 90)
    assert len(longer) == 90 and np.array_equal(longer.weights[60], longer.weights[89])
    single = portrait_motion(small, talking(20), 25.0, 1)
    assert np.array_equal(single.weights, rest_weights()[None])


@pytest.mark.parametrize(
    ("seconds", "fps", "frames"),
    [(1.0, 25, 25), (0.001, 25, 1), (10.01, 24000 / 1001, 240), (600, 29.97, 17982)],
)
def test_a_sound_and_its_pictures_last_equally_long(seconds: float, fps: float, frames: int) -> None:
    assert frame_count(seconds, fps) == frames
    assert frames == 1 or abs(frames / fps - seconds) <= 0.5 / fps + 1e-9


def test_shut_lips_stay_shut_in_a_picture_that_smiles() -> None:
    face = made_face_picture(6.0)
    drawn = WarpRenderer(face).draw(Pose(weights(), STILL, STILL))
    slow = draw(face, weights(), STILL)[..., :3]
    assert np.abs(drawn.astype(int) - slow).max(axis=-1).mean() < 3
