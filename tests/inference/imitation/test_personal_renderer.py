"""A person's own renderer: learnt from films, and what is no use for it is a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from filmed import write_video
from meshed_face import meshed_face
from places import ASSETS

pytest.importorskip("cv2", reason="opencv is needed to keep films")
pytest.importorskip("av", reason="av is needed to read films")
pytest.importorskip("scipy", reason="scipy is needed to follow a face")

import filmed_mouth

from inference.cli import main
from inference.errors import EngineError
from inference.imitation.mouth import material, personal
from inference.imitation.mouth.material import Material, Stretch, material_of
from inference.imitation.mouth.remembering import Filmed
from inference.pictures.make import face_of_frame
from inference.portrait.film_of_person import encoded
from inference.portrait.likeness import ANOTHER, proportions, unlikeness
from inference.portrait.mouth_memory import CONTROL, MouthMemory
from inference.portrait.own_renderer import load_personal

FILMED = ASSETS / "ict_face_model.npz"


def silent(fraction: float, stage: str) -> None:
    """Nobody is told."""


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    given = filmed_mouth.material()
    monkeypatch.setattr(personal, "material_of", lambda *_: given)


def test_what_is_held_back_becomes_nearer_to_the_film(known: None) -> None:
    told: list[float] = []
    learnt = personal.learn_renderer([Path("ada.mp4")], "Ada", lambda part, _: told.append(part))
    assert learnt.refined > learnt.drawn + 5 and learnt.seconds == 13.0
    assert 0.6 < learnt.sharpness < 1.6
    assert learnt.memory.metadata["person"] == "Ada" and len(learnt.memory.metadata["proportions"]) == 12
    assert len(learnt.memory.keys) == 2 * 4 * 12  # what was held back is remembered at last
    assert told == sorted(told) and max(told) <= 1


def test_what_is_held_back_tells_nothing_of_the_even_mouth(
    known: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Filmed] = []

    def noted(seen: Filmed, grain: float, metadata: dict[str, object]) -> MouthMemory:
        given.append(seen)
        raise EngineError("Enough.", "stopped")

    monkeypatch.setattr(personal, "remembered", noted)
    with pytest.raises(EngineError, match="Enough"):
        personal.learn_renderer([Path("ada.mp4")], "Ada", silent)
    even = np.mean([place.points for place in given[0].places], axis=0)
    assert len(given[0].places) == 2 * 3 * 12 and np.allclose(given[0].outline, even[CONTROL])


def test_a_film_that_teaches_nothing_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = filmed_mouth.material(painted=False)  # as the warp draws it
    monkeypatch.setattr(personal, "material_of", lambda *_: plain)
    with pytest.raises(
        EngineError, match=r"ada\.mp4 did not teach a mouth .* choose a sharper film"
    ) as caught:
        personal.learn_renderer([Path("ada.mp4")], "Ada", silent)
    assert caught.value.code == "learnt_nothing"


def test_stopping_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(*_: object) -> Material:
        raise EngineError("Stopped.", "stopped")

    monkeypatch.setattr(personal, "material_of", stops)
    output = tmp_path / "ada.npz"
    assert main(["personalize", "--renderer", str(tmp_path / "a.mp4"), "-o", str(output)]) != 0
    assert not list(tmp_path.iterdir())


def film(rows: list[bool], monkeypatch: pytest.MonkeyPatch, size: float = 60.0) -> None:
    """A film whose pictures show a face, or none, without decoding any."""
    points = np.zeros((478, 3), np.float32)
    points[263, 0] = size
    seen = [points if shown else None for shown in rows]
    blank = [encoded(np.zeros((20, 20, 3), np.uint8))] * len(rows)
    monkeypatch.setattr(material, "_followed_film", lambda *_: (blank, seen, 10.0))
    monkeypatch.setattr(material, "find_faces", lambda *_: [])


def test_stretches_end_where_no_face_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    film([True] * 35 + [False] * 3 + [True] * 9 + [False] + [True] * 14, monkeypatch)
    assert [len(one.pictures) for one in material.stretches_of(Path("a.mp4"), [])] == [35, 14]


@pytest.mark.parametrize(
    ("shots", "parts"),
    [([30], [30]), ([38], [38]), ([40], [20, 20]), ([69, 9, 52], [35, 34, 26, 26]), ([9, 10], [10])],
)
def test_nothing_is_left_over_between_cuts(
    shots: list[int], parts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """12.1 s with cuts are not too little because each shot lacked a part of a second."""
    rows = [row for shot in shots for row in ([True] * shot + [False])]
    film(rows, monkeypatch)
    assert [len(one.pictures) for one in material.stretches_of(Path("a.mp4"), [])] == parts


@pytest.mark.parametrize(
    ("shown", "size", "told"),
    [
        ([True] * 10 + [False] * 11, 60.0, "shows a face in 10 of 21 pictures"),
        ([False] * 8, 60.0, "shows a face in 0 of 8 pictures"),
        ([True] * 20, 12.0, "too small to learn a mouth from .12 pixels"),
    ],
)
def test_a_film_that_is_no_use_is_a_sentence(
    shown: list[bool], size: float, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    film(shown, monkeypatch, size)
    with pytest.raises(EngineError, match=told):
        material.stretches_of(Path("a.mp4"), [])


def test_a_cut_to_another_shot_ends_a_stretch() -> None:
    points = np.zeros((478, 3), np.float32)
    points[263, 0] = 50
    shots = list(material._shots([points, points + 1, points + 60, points + 61]))
    assert shots == [[0, 1], [2, 3]]


def test_a_film_is_kept_as_small_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.zeros((478, 3), np.float32)
    points[263, 0] = 2 * material._LARGE  # larger than is learnt from

    class Seen:
        def next(self, _: np.ndarray) -> list[object]:
            return [SimpleNamespace(points=points)]

    monkeypatch.setattr(material, "Follower", lambda _: Seen())
    shade = np.linspace(0, 220, 320)[None, :, None] * np.ones((240, 1, 3))
    clip = write_video(tmp_path / "a.mp4", [(shade + 4 * row).astype(np.uint8) for row in range(5)])
    kept, places, _ = material._followed_film(clip, [])
    stretch = Stretch(kept, np.stack([place for place in places if place is not None]), 25.0, "a.mp4")
    assert sum(one.nbytes for one in kept) < 5 * 160 * 120 * 3 / 8
    assert stretch.points[:, 263, 0] == pytest.approx(material._LARGE)
    for row in (0, 4):
        shown = stretch.picture(row)
        assert shown.shape == (120, 160, 3)
        assert shown == pytest.approx((shade[::2, ::2] + 4 * row), abs=8)


class Unmoved:
    """Sees a face of 40 pixels in every picture, where it was."""

    def __init__(self, _: int) -> None:
        self.points = np.zeros((478, 3), np.float32)
        self.points[::2, :2] = (10, 12)
        self.points[263, 0] = 50

    def next(self, _: np.ndarray) -> list[object]:
        return [SimpleNamespace(points=self.points)]


def test_what_stands_still_teaches_nothing_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(material, "Follower", Unmoved)
    noise = np.random.default_rng(0).integers(0, 255, (30, 48, 64, 3), dtype=np.uint8)
    told: list[str] = []
    frozen = [*noise[:10], *[noise[10]] * 40, *noise[11:]]
    kept, _, _ = material._followed_film(write_video(tmp_path / "frozen.mp4", frozen), told)
    assert 30 <= len(kept) <= 50 and len(told) == 1
    assert told[0].startswith("frozen.mp4 stands still for ") and told[0].endswith("learnt from that.")
    twice = np.repeat(noise, 3, axis=0)  # a film drawn on threes
    kept, _, _ = material._followed_film(write_video(tmp_path / "drawn.mp4", twice), told)
    assert len(kept) == 90 and len(told) == 1


def test_a_film_of_one_picture_is_told_to_stand_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(material, "Follower", Unmoved)
    monkeypatch.setattr(material, "find_faces", lambda *_: [])
    still = np.random.default_rng(0).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    clip = write_video(tmp_path / "still.mp4", [still] * 60)
    with pytest.raises(
        EngineError, match=r"less than 1 s at a time: .* still\.mp4 stands still for \d\.\d s"
    ):
        material.stretches_of(clip, [])


def test_a_picture_without_a_face_is_told_by_its_films_name() -> None:
    with pytest.raises(EngineError, match=r"No face was seen in ada\.mp4"):
        face_of_frame(np.full((60, 40, 3), 90, np.uint8), "ada.mp4")


def test_two_people_are_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    film([True] * 30, monkeypatch)

    class Seen:
        def __init__(self, size: float) -> None:
            self.points = np.zeros((478, 3), np.float32)
            self.points[263, 0] = size

    monkeypatch.setattr(material, "find_faces", lambda *_: [Seen(60), Seen(50)])
    with pytest.raises(EngineError, match=r"a\.mp4 shows two people"):
        material.stretches_of(Path("a.mp4"), [])
    monkeypatch.setattr(material, "find_faces", lambda *_: [Seen(60), Seen(12)])  # on a poster behind
    assert material.stretches_of(Path("a.mp4"), [])


def test_too_little_film_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    film([True] * 30, monkeypatch)
    with pytest.raises(
        EngineError, match=r"a\.mp4, b\.mp4: a face is seen from the front for 6\.0 s, .* needs 12 s"
    ):
        material_of([Path("a.mp4"), Path("b.mp4")], silent)


def test_a_film_of_no_use_is_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(material, "face_of_frame", lambda *_: meshed_face())
    monkeypatch.setattr(material, "followed", lambda *_: [])

    picture = encoded(np.zeros((4, 4, 3), np.uint8))

    def stretches_of(clip: Path, _: list[str]) -> list[Stretch]:
        if clip.name == "wall.mp4":
            raise EngineError("wall.mp4 shows a face in 0 of 90 pictures: choose another.", "bad_video")
        if clip.name == "gone.mp4":
            raise EngineError("gone.mp4 does not exist.", "no_file")
        return [Stretch([picture] * 375, np.zeros(0), 25.0, clip.name)]

    monkeypatch.setattr(material, "stretches_of", stretches_of)
    told = material_of([Path("wall.mp4"), Path("a.mp4")], silent).left_out
    assert told == ("wall.mp4 was left out: wall.mp4 shows a face in 0 of 90 pictures: choose another.",)
    for clips, says in ((["wall.mp4"], "shows a face in 0"), (["a.mp4", "gone.mp4"], "does not exist")):
        with pytest.raises(EngineError, match=says):
            material_of([Path(clip) for clip in clips], silent)


def test_stretches_that_begin_with_a_turned_head_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    turned, straight = (encoded(np.full((4, 4, 3), grey, np.uint8)) for grey in (0, 255))

    def face_of(picture: np.ndarray, film: str) -> object:
        if not picture.any():
            raise EngineError("The face is turned too far.", "face_turned")
        return meshed_face()

    monkeypatch.setattr(material, "face_of_frame", face_of)
    monkeypatch.setattr(material, "followed", lambda *_: [])
    stretches = [Stretch([first] * 100, np.zeros(0), 25.0, "a.mp4") for first in (turned, *[straight] * 3)]
    monkeypatch.setattr(material, "stretches_of", lambda *_: stretches)
    seen = material_of([Path("a.mp4")], silent)
    assert len(seen.shots) == 3 and seen.seconds == 12
    stretches.pop()
    with pytest.raises(EngineError, match=r"a\.mp4: a face is seen from the front for 8\.0 s"):
        material_of([Path("a.mp4")], silent)


def test_films_of_two_people_are_a_sentence() -> None:
    one, other = proportions(meshed_face()), proportions(meshed_face())
    assert unlikeness(one, other) == 0
    stretches = [Stretch([], np.zeros(0), 25.0, name) for name in ("a.mp4", "b.mp4")]
    material._check_same(stretches, [one, other * 1.01])
    with pytest.raises(EngineError, match=r"b\.mp4 shows somebody else than a\.mp4"):
        material._check_same(stretches, [one, other * 1.6])
    assert unlikeness(one, other * 1.6) > ANOTHER
    with pytest.raises(EngineError, match=r"a\.mp4 shows somebody else after a cut"):
        material._check_same([stretches[0]] * 2, [one, other * 1.6])


@pytest.mark.parametrize("name", ["ada.json", "ada", "ada.mp4"])
def test_another_ending_is_a_sentence(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["personalize", "--renderer", str(tmp_path / "a.avi"), "-o", str(tmp_path / name)]
    assert main(given) != 0
    assert f"A renderer's file ends in .npz, not as {name} does" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_told_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["personalize", "--renderer", str(tmp_path / "a.avi"), "-o", str(tmp_path / "no" / "ada.npz")]
    assert main(given) != 0
    assert "cannot be written: choose a folder that is there" in capsys.readouterr().err


def test_the_same_film_twice_is_one_film(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read: list[Path] = []

    def short(clip: Path, _: list[str]) -> list[Stretch]:
        read.append(clip)
        return []

    monkeypatch.setattr(material, "stretches_of", short)
    clip = tmp_path / "a.mp4"
    clip.write_bytes(b"film")
    assert main(["personalize", "--renderer", str(clip), str(clip), "-o", str(tmp_path / "ada.npz")]) != 0
    assert [path.name for path in read] == ["a.mp4"]
    assert "a.mp4 was left out: it is the same as a.mp4." in capsys.readouterr().err


def test_links_that_lead_round_are_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever ``Path.resolve`` says of them: an error in Pythons before 3.13."""
    clip = tmp_path / "round.mp4"
    try:
        clip.symlink_to(clip)
    except OSError:
        pytest.skip("there are no links here")
    assert main(["personalize", "--renderer", str(clip), "-o", str(tmp_path / "ada.npz")]) != 0
    told = capsys.readouterr().err
    assert "round.mp4 does not exist" in told and "ymlink" not in told


@pytest.mark.skipif(not FILMED.exists(), reason="../shared/assets/ict_face_model.npz is absent")
def test_a_film_becomes_a_renderer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from rendered_head import render

    mouths = [render({"jawOpen": 0.09 * step}, size=(200, 220), scale=62.0) for step in range(6)]
    clip = write_video(
        tmp_path / "ada.mp4", [mouths[min(row % 10, 10 - row % 10)] for row in range(37)], fps=3
    )
    monkeypatch.setattr(personal, "_WORTH_IT", -100)
    output = tmp_path / "ada.npz"
    assert main(["personalize", "--renderer", str(clip), "-o", str(output), "--name", "Ada", "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["name"] == "Ada" and result["seconds"] == pytest.approx(12.2, abs=0.5)
    assert load_personal(output).metadata["person"] == "Ada"
