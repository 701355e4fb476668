"""Films that the engine cannot decode: another, hidden Blender does it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from avi import write_avi
from waiting import eventually

from blender_addon.contract import messages
from blender_addon.engine_process import shared
from blender_addon.errors import TalkingAnimationError
from blender_addon.inputs import films, videos


def pictures(count: int = 12, size: tuple[int, int] = (120, 160)) -> list[np.ndarray]:
    """Each of its own grey, with a red corner at the top left and a blue one at the bottom right."""
    out = []
    for index in range(count):
        picture = np.full((*size, 3), 20 + 10 * index, np.uint8)
        picture[: size[0] // 4, : size[1] // 4] = (250, 0, 0)
        picture[-size[0] // 4 :, -size[1] // 4 :] = (0, 0, 250)
        out.append(picture)
    return out


def decoded(paths: list[str], folder: Path) -> films.Decoding:
    decoding = films.Decoding(paths, folder)
    shown = [0.0]

    def ended() -> bool:
        done = decoding.poll()
        shown.append(decoding.fraction)
        return done

    try:
        assert eventually(ended)
    finally:
        decoding.cancel()
    assert shown == sorted(shown) and max(shown) <= 1
    return decoding


def targa(path: Path) -> np.ndarray:
    data = path.read_bytes()
    width, height = np.frombuffer(data, "<u2", 2, 12)
    rows = (
        np.frombuffer(data, np.uint8, offset=18).reshape(-1)[: 3 * width * height].reshape(height, width, 3)
    )
    return (rows if data[17] & 0x20 else rows[::-1])[:, :, ::-1]


def test_every_picture_is_decoded_as_it_is(tmp_path):
    fps = Fraction(24000, 1001)
    film = write_avi(tmp_path / "a film – é.avi", pictures(), fps)
    work = tmp_path / "work"
    work.mkdir()
    (folder,) = decoded([str(film)], work).folders
    assert Path(folder).name == film.name
    told = json.loads((Path(folder) / "film.json").read_text(encoding="utf-8"))
    assert (
        told["frames"] == 12
        and told["fps"] == pytest.approx(float(fps), rel=1e-5)
        and len(told["sha256"]) == 64
    )
    for number, wanted in enumerate(pictures(), 1):
        got = targa(Path(folder) / f"{number:05d}.tga").astype(int)
        assert got.shape == wanted.shape and np.abs(got - wanted).mean() < 3, number
    assert not (Path(folder) / "sound.wav").exists()


def test_large_pictures_are_made_smaller(tmp_path):
    film = write_avi(tmp_path / "large.avi", pictures(3, (900, 1600)))
    (folder,) = decoded([str(film)], tmp_path).folders
    got = targa(Path(folder) / "00002.tga").astype(int)
    assert got.shape == (360, 640, 3)
    assert np.abs(got[10, 10] - (250, 0, 0)).max() < 12 and np.abs(got[-10, -10] - (0, 0, 250)).max() < 12
    assert np.abs(got[180, 320] - 30).max() < 8


def test_films_of_one_name_lie_apart(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    paths = [
        str(write_avi(tmp_path / "one" / "clip.avi", pictures(3))),
        str(write_avi(tmp_path / "two" / "clip.avi", pictures(5))),
    ]
    folders = [Path(folder) for folder in decoded(paths, tmp_path).folders]
    assert [folder.name for folder in folders] == ["clip.avi"] * 2
    assert [len(list(folder.glob("*.tga"))) for folder in folders] == [3, 5]


@pytest.mark.parametrize(
    "content", [b"", b"no film at all" * 50, b"RIFF\xff\xff\xff\x7fAVI LIST"], ids=["empty", "text", "cut"]
)
def test_what_is_no_film_is_one_sentence(content, tmp_path):
    (tmp_path / "clip.mp4").write_bytes(content)
    with pytest.raises(
        TalkingAnimationError, match=r"'clip\.mp4' is no video that Blender can decode"
    ) as error:
        decoded([str(tmp_path / "clip.mp4")], tmp_path)
    assert "\n" not in str(error.value)


def test_a_recording_is_no_film(tmp_path, voice):
    with pytest.raises(TalkingAnimationError, match="is no video that Blender can decode"):
        decoded([str(voice)], tmp_path)


def test_without_room_it_is_told_before(tmp_path):
    folder = tmp_path / "film"
    folder.mkdir()
    (folder / "problem.txt").write_text("room 5120", encoding="utf-8")
    decoding = films.Decoding([str(tmp_path / "clip.mp4")], tmp_path)
    decoding._path, decoding._folder = str(tmp_path / "clip.mp4"), folder
    with pytest.raises(TalkingAnimationError, match=r"no room for the pictures of 'clip\.mp4' \(5120 MB"):
        decoding._check(0)


def test_one_that_ends_half_way_is_no_shorter_film(tmp_path):
    folder = tmp_path / "film"
    folder.mkdir()
    (folder / "film.json").write_text('{"fps": 25, "frames": 3, "sha256": ""}', encoding="utf-8")
    decoding = films.Decoding(["clip.mp4"], tmp_path)
    decoding._path, decoding._folder = "clip.mp4", folder
    for number in (1, 2):
        (folder / f"{number:05d}.tga").write_bytes(b"picture")
    decoding._check(0)  # as many as there are
    with pytest.raises(TalkingAnimationError, match=r"decoded 'clip\.mp4' ended after 2 of 3 pictures"):
        decoding._check(-9)


def test_cancelling_ends_the_other_blender(tmp_path):
    film = write_avi(tmp_path / "long.avi", pictures(200))
    decoding = films.Decoding([str(film)], tmp_path)
    assert not decoding.poll()
    running = decoding._process
    assert running is not None
    decoding.cancel()
    assert running.poll() is not None
    decoding.cancel()  # a second time


def test_who_decodes(monkeypatch):
    def known(decodes: bool) -> None:
        state = messages.CaptureState(True, None, decodes)
        double = type("Known", (), {"capture": state})()
        monkeypatch.setattr(shared, "known_capabilities", lambda: double)

    known(True)
    assert videos.engine_decodes() and videos.unavailable_reason() == ""
    known(False)
    assert not videos.engine_decodes() and videos.unavailable_reason() == ""
    monkeypatch.setattr(shared, "known_capabilities", lambda: None)
    monkeypatch.setattr(videos, "find_spec", lambda name: None)
    assert not videos.engine_decodes() and videos.unavailable_reason() == ""
    monkeypatch.setattr(videos.chosen_python, "current", lambda: "/some/python")
    assert videos.engine_decodes()
