"""The demo's own pieces: the sample voice, the video, the contact sheet, and what is reused."""

from __future__ import annotations

import argparse
import importlib.util
import json
import wave
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tools import demo, terminal
from tools.blenders import Blender

ROOT = Path(__file__).resolve().parents[2]
VOICE = ROOT / "demo" / "hello.wav"


@pytest.fixture(scope="module")
def samples() -> Any:
    with wave.open(str(VOICE), "rb") as reader:
        assert (reader.getframerate(), reader.getnchannels(), reader.getsampwidth()) == (16_000, 1, 2)
        return np.frombuffer(reader.readframes(reader.getnframes()), "<i2") / 32768


@pytest.fixture(scope="module")
def assemble() -> ModuleType:
    pytest.importorskip("av")
    specification = importlib.util.spec_from_file_location("assemble", ROOT / "demo" / "assemble.py")
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_sample_voice_is_level_and_unclipped(samples: Any) -> None:
    assert 8 <= len(samples) / 16_000 <= 10
    assert 20 * np.log10(np.sqrt(np.mean(samples**2))) == pytest.approx(-20, abs=0.5)
    assert np.abs(samples).max() < 0.9


def test_timings_fit_the_sample_voice(samples: Any) -> None:
    timings = json.loads(VOICE.with_suffix(".json").read_text(encoding="utf-8"))
    for rows in timings.values():
        times = [time for _, *pair in rows for time in pair]
        assert times == sorted(times)
        assert times[0] >= 0 and times[-1] <= len(samples) / 16_000
    phones = timings["phones"]
    assert timings["words"][0][1] == phones[0][1] and timings["words"][-1][2] == phones[-1][2]
    gaps = [(after[1] - before[2], before[2], after[1]) for before, after in zip(phones, phones[1:])]
    length, begin, end = max(gaps)
    assert length >= 0.5, "the voice has no pause"
    level = np.abs(samples[round((begin + 0.1) * 16_000) : round((end - 0.05) * 16_000)]).max()
    assert level < 0.01
    vowels = [row for row in phones if row[0] in {"aa", "ay", "ow", "ey"}]
    for _, begin, end in vowels:
        assert np.abs(samples[round(begin * 16_000) : round(end * 16_000)]).max() > 0.05


def make_frames(folder: Path, count: int) -> list[Path]:
    from PIL import Image

    paths = []
    for index in range(count):
        image = np.full((720, 1280, 3), 90, np.uint8)
        image[300 : 320 + index % 40, 600:680] = 20
        path = folder / f"{index + 1:04d}.jpg"
        Image.fromarray(image).save(path, quality=80)
        paths.append(path)
    return paths


def test_video_holds_the_voice_where_it_belongs(assemble: ModuleType, tmp_path: Path) -> None:
    frames = make_frames(tmp_path, 50)
    click = np.zeros(2 * 48_000, np.float32)
    click[24_000:25_000] = 0.8 * np.sin(np.arange(1000) * 0.2)
    target = tmp_path / "video.mp4"
    assemble.write_video(frames, click, 0.4, Fraction(25), target)
    line = assemble.check_video(target, 2.0)
    assert "1280×720" in line and "H.264 and AAC" in line
    heard = np.abs(assemble.read_voice(target, 16_000))
    onset = np.flatnonzero(heard > 0.2 * heard.max())[0] / 16_000
    assert onset == pytest.approx(0.5 + 0.4, abs=0.02)


def test_a_silent_video_is_refused(assemble: ModuleType, tmp_path: Path) -> None:
    target = tmp_path / "video.mp4"
    assemble.write_video(make_frames(tmp_path, 25), np.zeros(48_000, np.float32), 0.0, Fraction(25), target)
    with pytest.raises(SystemExit, match="is silent"):
        assemble.check_video(target, 1.0)


def test_contact_sheet_shows_eight_frames_and_a_shut_mouth(assemble: ModuleType, tmp_path: Path) -> None:
    frames = make_frames(tmp_path, 240)
    opening = (0.5 + 0.5 * np.sin(np.arange(240) / 6)).astype(np.float32)
    timings = VOICE.with_suffix(".json")
    phones = json.loads(timings.read_text(encoding="utf-8"))["phones"]
    for phone, begin, end in phones:
        if phone in {"m", "b", "p"}:
            opening[round((begin + end) / 2 * 25)] = 0
    chosen = assemble.choose(opening, 25.0, 0.0, phones)
    assert len(chosen) == 8 and chosen == sorted(set(chosen))
    assert min(opening[frame] for frame in chosen) < 0.2
    assert np.median([opening[frame] for frame in chosen]) > 0.8
    target = tmp_path / "sheet.png"
    assemble.contact_sheet(frames, assemble.read_voice(VOICE, 48_000), 0.0, 25.0, opening, timings, target)
    from PIL import Image

    with Image.open(target) as picture:
        assert picture.size == (1920, 780)
        assert np.asarray(picture.convert("L")).std() > 20


def test_rendering_is_not_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for frame in range(1, 4):
        (tmp_path / f"{frame:04d}.jpg").write_bytes(b"x")

    def never(*arguments: object, **options: object) -> None:
        raise AssertionError("Blender was started")

    monkeypatch.setattr(demo.subprocess, "Popen", never)
    demo.render(
        Blender((5, 0, 1), Path("none"), wheel=True), tmp_path / "x.blend", tmp_path, range(1, 4), None
    )
    with pytest.raises(AssertionError, match="Blender was started"):
        demo.render(
            Blender((5, 0, 1), Path("none"), wheel=True), tmp_path / "x.blend", tmp_path, range(1, 5), None
        )


def test_an_upright_film_and_its_sheet(assemble: ModuleType, tmp_path: Path) -> None:
    from PIL import Image

    paths = []
    for index in range(30):
        image = np.full((1002, 302, 3), 90, np.uint8)
        image[600 : 620 + index, 140:170] = 20
        paths.append(tmp_path / f"{index + 1:04d}.jpg")
        Image.fromarray(image).save(paths[-1], quality=80)
    size = assemble.half_size(paths[0])
    assert size == (150, 500)
    target = tmp_path / "upright.mp4"
    voice = np.sin(np.arange(57_600) * 0.05).astype(np.float32)
    assemble.write_video(paths, voice, 0.0, Fraction(25), target, size)
    assert "150×500" in assemble.check_video(target, 1.2, size)
    left, top, wide, tall = assemble.crop_of([np.asarray(Image.open(path)) for path in (paths[0], paths[-1])])
    assert left == 0 and wide <= 302 and top + tall <= 1002 and tall <= 1.5 * wide
    assert top <= 600 and top + tall >= 650


@pytest.mark.parametrize("name", ["fox", "FOX"])
def test_a_picture_speaks_by_its_name(name: str) -> None:
    show = demo.show_of(name)
    assert (show.picture, show.name) == ("fox", "demo-fox")
    assert [path.name for path in show.results] == ["demo-fox.mp4", "demo-fox.blend", "demo-fox.png"]
    assert show.folder != demo.show_of("").folder and demo.show_of("").name == "demo"


def test_a_picture_speaks_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "Mein Bild ä.b.png"
    path.write_bytes(b"x")
    show = demo.show_of(str(path))
    assert (show.picture, show.name) == (str(path.resolve()), "demo-Mein-Bild-ä-b")


def test_a_picture_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        terminal.BuildError, match=r"no picture gone\.png: choose one that ships \(cartoon, .*admiral"
    ):
        demo.show_of("gone.png")
    with pytest.raises(terminal.BuildError):
        demo.show_of(str(tmp_path))


def test_a_drawn_character_speaks_by_its_name() -> None:
    assert set(demo.drawings()) >= {"mouth_chart", "cut_out", "robot", "grease_pencil"}
    show = demo.show_of("", "Mouth-Chart")
    assert (show.picture, show.drawing, show.name) == ("", "mouth_chart", "demo-mouth-chart")
    with pytest.raises(terminal.BuildError, match=r"no drawing generate: choose one of .*cut_out, .*robot"):
        demo.show_of("", "generate")
    with pytest.raises(terminal.BuildError, match="either a picture or a drawing"):
        demo.show_of("fox", "robot")


def test_options_have_defaults() -> None:
    from tools.commands import parser

    options = parser().parse_args(["demo"])
    assert isinstance(options, argparse.Namespace)
    assert (options.blender, options.voice, options.seed, options.fresh) == (None, None, 0, False)
