"""Faces are found in pictures of any kind, and only there."""

from __future__ import annotations

import itertools
import tracemalloc

import drawn_faces
import numpy as np
import pytest

from inference.detection import Face, find_faces, matte
from inference.detection.pictures import reduced

_EYES, _CHIN, _FOREHEAD = (33, 263), 152, 10
# Of the drawn face, as shares of its size.
_TRUTH = {468: (0.415, 0.42), 473: (0.585, 0.42), 13: (0.5, 0.614), 14: (0.5, 0.614), 152: (0.5, 0.73)}


def only(faces: list[Face]) -> Face:
    assert len(faces) == 1
    return faces[0]


def assert_drawn(face: Face, size: float, corner: tuple[float, float] = (0, 0)) -> None:
    """It is the drawn face, at that size with its top-left corner at (x, y)."""
    for index, (x, y) in _TRUTH.items():
        off = face.points[index, :2] - np.array([x * size + corner[0], y * size + corner[1]])
        assert np.linalg.norm(off) < (0.05 if index == _CHIN else 0.02) * size + 1, index


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    return drawn_faces.face(400)


def test_a_face_has_478_points_where_it_is(drawn: np.ndarray) -> None:
    face = only(find_faces(drawn))
    assert face.points.shape == (478, 3) and face.points.dtype == np.float32
    assert_drawn(face, 400)
    left, top, right, bottom = face.box
    assert 110 < left < 140 and 260 < right < 290 and 90 < top < 140 and 280 < bottom < 310
    assert 0.8 < face.confidence <= 1
    tip, ear = face.points[4, 2], face.points[234, 2]
    assert tip < -5 and ear > 5 and abs(ear - tip) < 200  # nearer is smaller, in pixels too


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_face_may_lie_on_its_side_or_head(drawn: np.ndarray, quarters: int) -> None:
    upright = only(find_faces(drawn)).points[:, :2]
    turned = only(find_faces(np.rot90(drawn, quarters), strict=True)).points[:, :2]
    back = turned - 199.5
    for _ in range(quarters):
        back = back @ np.array([[0, 1], [-1, 0]])
    back = np.stack([back[:, 0], back[:, 1]], axis=1) + 199.5
    assert np.median(np.linalg.norm(back - upright, axis=1)) < 3


@pytest.mark.parametrize(("size", "enlarged"), [(48, 1), (77, 1), (500, 1), (683, 3)])
def test_a_face_may_be_small_or_large(size: int, enlarged: int) -> None:
    picture = np.repeat(np.repeat(drawn_faces.face(size), enlarged, axis=0), enlarged, axis=1)
    assert_drawn(only(find_faces(picture, strict=True)), size * enlarged)


def test_a_small_face_in_a_large_picture(drawn: np.ndarray) -> None:
    small = drawn_faces.face(200)
    picture = drawn_faces.placed(small, (2400, 3600), (1900, 300))
    assert_drawn(only(find_faces(picture)), 200, (300, 1900))


def test_a_huge_picture_is_looked_at_in_a_smaller_copy() -> None:
    picture = np.repeat(np.repeat(drawn_faces.face(384), 16, axis=0), 16, axis=1)
    tracemalloc.start()
    assert_drawn(only(find_faces(picture)), 6144)
    assert tracemalloc.get_traced_memory()[1] < 1.3 * picture.nbytes
    tracemalloc.stop()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda picture: picture.mean(axis=2).astype(np.uint8), id="grey"),
        pytest.param(lambda picture: picture.mean(axis=2, keepdims=True).astype(np.uint8), id="one channel"),
        pytest.param(lambda picture: picture // 16, id="dark"),
        pytest.param(lambda picture: 175 + picture // 4, id="pale"),
        pytest.param(lambda picture: picture[:, ::-1], id="mirrored"),
        pytest.param(lambda picture: np.asfortranarray(picture), id="columns first"),
        pytest.param(lambda picture: picture[20:380, 90:310], id="cropped"),
    ],
)
def test_pictures_of_every_kind(drawn: np.ndarray, change) -> None:
    picture = change(drawn)
    face = only(find_faces(picture, strict=True))
    assert_drawn(face, 400, (-90, -20) if picture.shape[:2] == (360, 220) else (0, 0))


def test_what_is_transparent_does_not_count(drawn: np.ndarray) -> None:
    opaque = np.dstack([drawn, np.full((400, 400), 255, np.uint8)])
    np.testing.assert_array_equal(find_faces(opaque)[0].points, find_faces(drawn)[0].points)
    hidden = opaque.copy()
    hidden[..., 3] = 0  # its colours are still there
    assert find_faces(hidden) == []
    cut_out = opaque.copy()
    rows, columns = np.mgrid[:400, :400]
    cut_out[np.hypot((columns - 200) / 100, (rows - 160) / 130) > 1] = (255, 0, 0, 0)
    assert_drawn(only(find_faces(cut_out)), 400)


def test_several_faces_the_largest_first(drawn: np.ndarray) -> None:
    picture = drawn_faces.placed(drawn, (500, 1000), (50, 550))
    picture[200:460, 0:260] = drawn_faces.face(260)
    picture[20:220, 300:500] = drawn_faces.face(200)
    faces = find_faces(picture, strict=True)
    assert len(faces) == 3
    for face, (size, corner) in zip(faces, [(400, (550, 50)), (260, (0, 200)), (200, (300, 20))]):
        assert_drawn(face, size, corner)
    assert len(find_faces(picture, most=2)) == 2


@pytest.mark.parametrize("thing", drawn_faces.NO_FACES, ids=lambda thing: thing.__name__)
@pytest.mark.parametrize(("size", "ground"), [(120, 120), (333, 333), (166, 333)])
def test_what_is_no_face_is_none(thing, size: int, ground: int) -> None:
    corner = (ground - size) // 2
    picture = drawn_faces.placed(thing(size), (ground, ground), (corner, corner))
    assert find_faces(picture, strict=True) == []


def test_some_of_them_are_taken_for_faces_at_first_sight() -> None:
    """Else the test above would show nothing."""
    taken = (thing for thing in drawn_faces.NO_FACES if find_faces(thing(240)))
    assert len(list(itertools.islice(taken, 3))) == 3


@pytest.mark.parametrize(
    "shape", [(1, 1, 3), (16, 16, 3), (1, 3000, 3), (5000, 2, 4), (300, 400), (2, 2, 1)], ids=str
)
@pytest.mark.parametrize("value", [0, 255])
def test_nothing_is_found_where_nothing_is(shape: tuple[int, ...], value: int) -> None:
    assert find_faces(np.full(shape, value, np.uint8)) == []
    mask = matte(np.full(shape, value, np.uint8))
    assert mask.shape == shape[:2] and mask.min() >= 0 and mask.max() <= 1


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((0, 5, 3), np.uint8),
        np.zeros((5, 5, 2), np.uint8),
        np.zeros((5, 5, 3)),
        np.zeros((5, 5, 3), np.uint16),
        np.zeros(5, np.uint8),
        np.zeros((2, 5, 5, 3), np.uint8),
    ],
    ids=lambda picture: f"{picture.shape}-{picture.dtype}",
)
def test_what_is_no_picture_is_told(picture: np.ndarray) -> None:
    for function in (find_faces, matte):
        with pytest.raises(ValueError, match="a picture is height × width"):
            function(picture)


@pytest.mark.parametrize("wrong", [{"most": 0}, {"rounds": 0}])
def test_counts_are_at_least_one(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        find_faces(drawn_faces.face(64), **wrong)


def test_a_smaller_copy_is_made_of_means() -> None:
    picture = np.random.RandomState(3).randint(0, 256, (45, 31, 3)).astype(np.uint8)
    small, step = reduced(picture, 12)
    assert step == 4 and small.shape == (11, 7, 3)
    wanted = picture[:44, :28].reshape(11, 4, 7, 4, 3).mean(axis=(1, 3))
    assert np.abs(small - wanted).max() <= 0.5
    same, one = reduced(picture, 45)
    assert one == 1 and same is picture


def test_the_matte_holds_the_person(drawn: np.ndarray) -> None:
    mask = matte(drawn)
    assert mask.shape == (400, 400) and mask.dtype == np.float32
    assert mask[180, 200] > 0.9 and mask[380, 200] > 0.9 and mask[30, 30] < 0.1 and mask[200, 380] < 0.1
    alpha = np.full((400, 400), 255, np.uint8)
    alpha[:, :200] = 51
    assert matte(np.dstack([drawn, alpha]))[:, :200].max() <= 0.2 + 1e-6
