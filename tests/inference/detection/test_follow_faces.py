"""Faces are followed through films."""

from __future__ import annotations

from collections.abc import Iterator

import drawn_faces
import numpy as np
import pytest

from inference.detection import Follower, find_faces, following, track


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    return drawn_faces.face(240)


def moving(drawn: np.ndarray, count: int = 12) -> Iterator[np.ndarray]:
    for index in range(count):
        yield drawn_faces.placed(drawn, (300, 500), (10 + 2 * index, 20 + 12 * index))


def test_a_face_is_followed_without_being_searched(
    drawn: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches = []
    detect = following.detect
    monkeypatch.setattr(
        following, "detect", lambda *given, **more: searches.append(1) or detect(*given, **more)
    )
    faces = list(track(moving(drawn), most=1))
    assert [len(one) for one in faces] == [1] * 12 and len(searches) == 1
    nose = np.array([one[0].points[4, :2] for one in faces])
    np.testing.assert_allclose(np.diff(nose, axis=0).mean(axis=0), (12, 2), atol=0.3)


def test_each_picture_gives_what_the_picture_alone_gives(drawn: np.ndarray) -> None:
    *_, last = moving(drawn)
    *_, faces = track(moving(drawn))
    alone = find_faces(last, rounds=5)[0]
    assert np.median(np.linalg.norm((faces[0].points - alone.points)[:, :2], axis=1)) < 1


def test_a_face_that_is_lost_is_found_again(drawn: np.ndarray) -> None:
    empty = np.full((300, 500, 3), 128, np.uint8)
    film = [*moving(drawn, 3), empty, empty, drawn_faces.placed(drawn, (300, 500), (40, 250))]
    faces = list(track(film))
    assert [len(one) for one in faces] == [1, 1, 1, 0, 0, 1]
    assert faces[5][0].points[4, 0] > 330


def test_a_face_that_jumps_is_not_lost(drawn: np.ndarray) -> None:
    film = [drawn_faces.placed(drawn, (300, 700), (30, x)) for x in (0, 440, 0, 440)]
    faces = list(track(film))
    assert [len(one) for one in faces] == [1, 1, 1, 1]
    assert [one[0].points[4, 0] > 350 for one in faces] == [False, True, False, True]


def test_two_faces_keep_their_order_and_a_third_is_noticed(drawn: np.ndarray) -> None:
    small = drawn_faces.face(180)
    film = []
    for index in range(16):
        picture = drawn_faces.placed(drawn, (300, 700), (30, 20 + 2 * index))
        picture[60:240, 460:640] = small if index > 3 else 128
        film.append(picture)
    faces = list(track(film))
    counts = [len(one) for one in faces]
    assert counts[0] == 1 and counts[-1] == 2 and counts == sorted(counts)
    assert all(one[0].points[4, 0] < 300 for one in faces)


def test_no_more_faces_than_asked_for(drawn: np.ndarray) -> None:
    picture = np.hstack([drawn, drawn, drawn])
    assert len(Follower(most=2).next(picture)) == 2


def test_the_size_of_the_pictures_may_change(drawn: np.ndarray) -> None:
    follower = Follower()
    for picture in (drawn, drawn[::2, ::2], drawn[..., 0], np.dstack([drawn, drawn[..., :1]])):
        follower.next(picture)
    assert len(follower.next(drawn)) == 1
