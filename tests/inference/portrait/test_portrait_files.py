"""Portraits as files: length, sound in time, transparency, what they say of themselves, and nothing left where it fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from portrait_motion import talking
from recordings import wav_bytes
from waiting import HUNG, eventually

from inference import cli
from inference.commands.portrait import answer
from inference.errors import EngineError
from inference.face import portable_names, result_files
from inference.face.face_picture import PICTURE, FacePicture
from inference.face.messages import PortraitRequest
from inference.face.result_files import beside, remove_left_behind, write_whole
from inference.paths import ENGINE_ROOT
from inference.pictures.image_files import read_picture
from inference.portrait import film, make
from inference.portrait.film import Film, write_film
from inference.portrait.sound import Sound

av = pytest.importorskip("av", reason="PyAV belongs to the full engine")


def silent(fraction: float, stage: str) -> None:
    """Tell nobody."""


def clap(path: Path, seconds: float, at: float, rate: int = 22050, channels: int = 1) -> Path:
    """A recording that is silent but for 20 ms."""
    samples = np.zeros((round(seconds * rate), channels))
    samples[round(at * rate) : round((at + 0.02) * rate)] = 0.6
    path.write_bytes(wav_bytes(samples, rate))
    return path


def heard(path: Path) -> tuple[np.ndarray, int]:
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        samples = np.concatenate([frame.to_ndarray() for frame in container.decode(stream)], axis=1)
        return np.abs(samples.reshape(samples.shape[0], -1)).max(axis=0), stream.rate


def test_a_video_says_what_it_is(face_file: Path, motion_file: Path, tmp_path: Path) -> None:
    voice = clap(tmp_path / "line.wav", 0.48, 0.2)
    output = tmp_path / "out.mp4"
    request = PortraitRequest(
        str(face_file), str(output), str(voice), str(motion_file), voice_name="a \udce9 line.wav"
    )
    result = answer(request, silent)
    assert (result.frames, result.fps, result.width, result.height) == (12, 25.0, 96, 128)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "face.npz",
        "line.wav",
        "motion.npz",
        "out.mp4",
    ]
    with av.open(str(output)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.width, video.height, video.pix_fmt, video.frames) == (96, 128, "yuv420p", 12)
        assert float(video.average_rate) == 25.0 and audio.codec_context.name == "aac"
        assert abs(float(video.duration * video.time_base) - 0.48) < 1e-6
        assert abs(float(audio.duration * audio.time_base) - 0.48) <= 0.04
        note = json.loads(container.metadata["description"])
        assert container.metadata["comment"].startswith("Synthetic:")
        assert note["synthetic"] and note["picture"] == "made.png" and note["voice"] == "a \ufffd line.wav"
        assert note["style"] == "calm" and note["model"] == "content-0"


def test_a_clap_is_heard_when_it_was(tmp_path: Path) -> None:
    """After minutes, at a rate that is no round number; few and small pictures, so that it takes no time."""
    fps, frames, lit = 2.997, 600, 597
    voice = clap(tmp_path / "long.wav", 200, lit / fps, rate=16000)
    still = np.zeros((32, 32, 3), np.uint8)
    pictures = (still + np.uint8(250 * (number == lit)) for number in range(frames))
    output = tmp_path / "long.mp4"
    write_film(output, Film(fps, (32, 32), frames, Sound(voice), {}), pictures)
    loud, rate = heard(output)
    with av.open(str(output)) as container:
        light = [f.time for f in container.decode(video=0) if f.to_ndarray(format="gray")[16, 16] > 100]
    assert len(light) == 1 and abs(light[0] - np.flatnonzero(loud > 0.3)[0] / rate) < 0.5 / 25
    assert abs(len(loud) / rate - frames / fps) < 1 / 25


@pytest.mark.parametrize(("rate", "channels", "seconds"), [(8000, 1, 0.1), (44100, 2, 1.0), (96000, 4, 0.3)])
def test_sound_is_as_long_as_the_pictures(tmp_path: Path, rate: int, channels: int, seconds: float) -> None:
    sound = Sound(clap(tmp_path / "v.wav", seconds, 0.05, rate, channels))
    assert sound.layout == ("mono" if channels == 1 else "stereo")
    for wanted in (0.04, 0.5, 2.0):
        pieces = list(sound.frames(wanted, "fltp"))
        assert sum(piece.samples for piece in pieces) == round(wanted * sound.rate)
        assert [piece.pts for piece in pieces] == list(
            np.cumsum([0, *(piece.samples for piece in pieces[:-1])])
        )


def test_transparency_in_a_mov_and_in_pictures(small: FacePicture, motion_file: Path, tmp_path: Path) -> None:
    from dataclasses import replace

    matte = np.zeros((128, 96), np.uint8)
    matte[30:, 10:86] = 255
    face = tmp_path / "cut.npz"
    replace(small, matte=matte).save(face)
    for name in ("out.mov", "frames"):
        output = tmp_path / name
        result = answer(
            PortraitRequest(str(face), str(output), animation=str(motion_file), still=True), silent
        )
        assert result.frames == 12 and not result.warnings
    with av.open(str(tmp_path / "out.mov")) as container:
        frame = next(container.decode(video=0))
        assert container.streams.video[0].codec_context.name == "prores" and "yuva444" in frame.format.name
        alpha = frame.to_ndarray(format="rgba")[..., 3]
    assert alpha[10, 48] < 10 and alpha[70, 48] > 245
    first = read_picture(tmp_path / "frames" / "000001.png")
    seen = matte == 255
    assert np.array_equal(first[seen][:, :3], small.textures[PICTURE][seen][:, :3])
    assert np.array_equal(first[..., 3], matte)
    assert json.loads((tmp_path / "frames" / film.NOTE).read_text("utf-8"))["synthetic"] is True
    # The same folder again, and a shorter film, leave no picture of the one before.
    talking(5).save(motion_file)
    answer(PortraitRequest(str(face), str(tmp_path / "frames"), animation=str(motion_file)), silent)
    assert len(list((tmp_path / "frames").glob("*.png"))) == 5


def test_sizes_views_and_previews(face_file: Path, motion_file: Path, tmp_path: Path) -> None:
    def made(**options) -> tuple[int, int]:
        request = PortraitRequest(
            str(face_file), str(tmp_path / "o.mp4"), animation=str(motion_file), **options
        )
        result = answer(request, silent)
        with av.open(request.output) as container:
            stream = container.streams.video[0]
            assert (stream.width, stream.height) == (result.width, result.height)
        return result.width, result.height

    assert made(size=65) == (48, 64)  # even, never larger than asked for
    assert made(preview=True, size=64) == (48, 64)  # no smaller
    assert made(preview=True, size=320) == (192, 256)
    width, height = made(view="face", size=80, fps=10.0)
    assert width == height == 80


class Full:
    """A disk that is full after so many bytes."""

    def __init__(self, stream, most: int) -> None:
        self._stream, self._left = stream, most

    def write(self, content) -> int:
        self._left -= len(content)
        if self._left < 0:
            raise OSError(28, "No space left on device")
        return int(self._stream.write(content))

    def __getattr__(self, name: str):
        return getattr(self._stream, name)


def test_a_full_disk_is_told_and_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "o.mp4"
    output.write_bytes(b"before")
    monkeypatch.setattr(
        film, "write_whole", lambda path, write: write_whole(path, lambda stream: write(Full(stream, 3000)))
    )
    noise = np.random.RandomState(0).randint(0, 256, (30, 64, 64, 3)).astype(np.uint8)
    with pytest.raises(EngineError) as caught:
        write_film(output, Film(25.0, (64, 64), 30, None, {}), iter(noise))
    assert caught.value.code == "output_unwritable" and "make room on the disk" in caught.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["o.mp4"] and output.read_bytes() == b"before"


@pytest.mark.parametrize("name", ["o.mp4", "o.mov", "o"])
def test_who_stops_leaves_nothing(name: str, face_file: Path, motion_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()

    def stop(fraction: float, stage: str) -> None:
        if fraction > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answer(PortraitRequest(str(face_file), str(folder / name), animation=str(motion_file)), stop)
    assert not list(folder.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it")
def test_who_is_ended_leaves_nothing(face_file: Path, tmp_path: Path) -> None:
    talking(4000).save(tmp_path / "long.npz")
    folder = tmp_path / "out"
    folder.mkdir()
    command = [sys.executable, "-m", "inference", "portrait", str(face_file), "-o", str(folder / "o.mp4")]
    process = subprocess.Popen(
        [*command, "--animation", str(tmp_path / "long.npz")], cwd=Path(cli.__file__).parent.parent
    )
    assert eventually(
        lambda: any(path.stat().st_size for path in folder.iterdir()) or process.poll() is not None
    )
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    process.wait(HUNG)
    assert process.returncode and not list(folder.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it")
@pytest.mark.parametrize(
    ("call", "name", "ends"),
    [("write", "SIGTERM", 143), ("write", "SIGINT", 130), ("seek", "SIGTERM", 143)],  # it seeks at the end
)
def test_who_is_ended_while_the_encoder_writes_leaves_nothing(
    call: str, name: str, ends: int, face_file: Path, motion_file: Path, tmp_path: Path
) -> None:
    script = (
        "import signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's background has none
        "from inference import cli\n"
        "from inference.portrait.film import _Watched\n"
        "name, call, *command = sys.argv[1:]\n"
        "called = getattr(_Watched, call)\n"
        "def ended(*given):\n"
        "    signal.raise_signal(getattr(signal, name))\n"
        "    return called(*given)\n"
        "setattr(_Watched, call, ended)\n"
        "sys.exit(cli.main(command))\n"
    )
    output = tmp_path / "out" / "o.mp4"
    output.parent.mkdir()
    command = ["portrait", str(face_file), "-o", str(output), "--animation", str(motion_file)]
    done = subprocess.run(
        [sys.executable, "-c", script, name, call, *command],
        cwd=ENGINE_ROOT,
        capture_output=True,
        timeout=HUNG,
    )
    assert done.returncode == ends and not list(output.parent.iterdir()), done.stderr.decode()


@pytest.mark.parametrize("frames", [1, 2, 12])
def test_progress_goes_from_nothing_to_all(
    frames: int, face_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make, "cores", lambda: 4)
    motion = tmp_path / "short.npz"
    talking(frames).save(motion)
    told: list[float] = []
    request = PortraitRequest(str(face_file), str(tmp_path / "frames"), animation=str(motion))
    result = answer(request, lambda fraction, stage: told.append(fraction))
    assert result.frames == frames
    assert told == sorted(told) and told[0] >= 0 and told[-1] <= 1


@pytest.mark.parametrize("name", ["a[1]", "so**much", "n" * 255])  # no file's name may be longer
def test_a_folder_of_any_name_is_written_and_swept(
    name: str, face_file: Path, motion_file: Path, tmp_path: Path
) -> None:
    mine = beside(tmp_path / name)
    left = mine.with_name(mine.name.replace(f"-{os.getpid()}-", "-999999999-"))  # of one that was killed
    for folder in (mine, left):
        folder.mkdir()
        (folder / "000001.png").write_bytes(b"half")
    answer(PortraitRequest(str(face_file), str(tmp_path / name), animation=str(motion_file)), silent)
    assert len(list((tmp_path / name).glob("*.png"))) == 12
    assert mine.exists() and not left.exists()


class WindowsKernel:
    """Stands in for Windows' `ctypes`: what it says of processes, and which handles it gave and got back."""

    def __init__(self, handle: int | None, error: int = 0, ended: bool = False) -> None:
        self.open: list[int] = []

        def opened(_access: int, _inherit: bool, _pid: int) -> int | None:
            self.open += [handle] if handle else []
            return handle

        self._kernel = SimpleNamespace(
            OpenProcess=opened,
            WaitForSingleObject=lambda _handle, _milliseconds: 0 if ended else 0x102,
            CloseHandle=lambda closed: self.open.remove(closed.value),
        )
        self._error = error

    def WinDLL(self, name: str, use_last_error: bool) -> SimpleNamespace:
        assert name == "kernel32" and use_last_error
        return self._kernel

    def get_last_error(self) -> int:
        return self._error


@pytest.mark.parametrize(
    ("kernel", "stays"),
    [
        (WindowsKernel(4), True),
        (WindowsKernel(4, ended=True), False),
        (WindowsKernel(None, error=87), False),
        (WindowsKernel(None, error=5), True),  # access is denied: it is somebody else's
        (SimpleNamespace(), True),
    ],
)
def test_a_folder_that_another_process_may_write_stays_on_windows(
    kernel: Any, stays: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that are written there cannot be removed, but those of a folder that are done can."""
    runs = result_files._runs_on_windows
    asked = partial(runs, windows=kernel)
    monkeypatch.setattr(result_files, "_WINDOWS", True)
    monkeypatch.setattr(result_files, "_runs_on_windows", asked)
    mine = beside(tmp_path / "frames")
    others = mine.with_name(mine.name.replace(f"-{os.getpid()}-", "-999999999-"))
    for folder in (mine, others):
        folder.mkdir()
        (folder / "000001.png").write_bytes(b"done")
    remove_left_behind(tmp_path / "frames")
    assert mine.exists() and others.exists() is stays and not getattr(kernel, "open", [])
    assert not asked(1 << 32) and runs(os.getpid())


@pytest.mark.parametrize("name", [".", "../empty"])
def test_pictures_do_not_take_the_place_of_the_folder_one_works_in(
    name: str, face_file: Path, motion_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with pytest.raises(EngineError, match="is the folder in which this runs"):
        answer(PortraitRequest(str(face_file), name, animation=str(motion_file)), silent)
    # Names in it are no files: "auto" is a style.
    (folder / "frames").mkdir()
    monkeypatch.chdir(tmp_path)
    film.kind_of(folder / "frames", [Path("empty", "frames", "auto")])


STILL = np.zeros((2, 4, 4, 3), np.uint8)
"""A film of two pictures."""


def pictures_there(tmp_path: Path) -> Path:
    """A folder of one picture of an earlier film."""
    folder = tmp_path / "frames"
    write_film(folder, Film(25.0, (4, 4), 1, None, {"title": "before"}), STILL[:1])
    return folder


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("refused", [1, 2])  # on Windows, where a picture of it is shown in another program
def test_pictures_stay_where_new_ones_cannot_take_their_place(
    refused: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pictures_there(tmp_path)
    calls, replace = [0], Path.replace

    def refuses(path: Path, target: Path) -> Path:
        calls[0] += 1
        if calls[0] == refused:
            raise PermissionError(13, "Permission denied", str(path))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuses)
    with pytest.raises(EngineError, match=r"frames .*Permission denied"):
        write_film(folder, Film(25.0, (4, 4), 2, None, {}), STILL)
    assert names_in(tmp_path) == ["frames"] and names_in(folder) == ["000001.png", film.NOTE]


@pytest.mark.parametrize("when", [1, 2])
def test_who_stops_while_pictures_take_their_place_has_the_new_ones(
    when: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pictures_there(tmp_path)
    calls, replace = [0], Path.replace

    def stopped(path: Path, target: Path) -> Path:
        calls[0] += 1
        if calls[0] == when:
            signal.raise_signal(signal.SIGINT)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stopped)
    # It is ignored below a shell that was started in the background.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            write_film(folder, Film(25.0, (4, 4), 2, None, {}), STILL)
    finally:
        signal.signal(signal.SIGINT, handler)
    assert names_in(tmp_path) == ["frames"] and len(names_in(folder)) == 3


def test_a_link_to_a_folder_stays_one(tmp_path: Path) -> None:
    folder, link = pictures_there(tmp_path), tmp_path / "link"
    try:
        link.symlink_to(folder, target_is_directory=True)
    except OSError:
        pytest.skip("this user may make no links")
    write_film(link, Film(25.0, (4, 4), 2, None, {}), STILL)
    assert link.is_symlink() and len(names_in(folder)) == 3 and names_in(tmp_path) == ["frames", "link"]


@pytest.mark.parametrize("name", ["frames.", "CON", "clip:x", "aux.mp4"])
def test_what_windows_makes_something_else_of_is_refused_before_the_work(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        result_files,
        "changed_by_windows",
        lambda path: portable_names.changed_by_windows(PureWindowsPath(path)),
    )
    with pytest.raises(EngineError, match="cannot be written to") as caught:
        film.kind_of(tmp_path / name)
    assert caught.value.code == "output_unwritable"


def test_a_file_is_no_folder_for_pictures(face_file: Path, motion_file: Path, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    told: list[float] = []
    with pytest.raises(EngineError, match="notes is there already and is no folder") as caught:
        answer(
            PortraitRequest(str(face_file), str(tmp_path / "notes"), animation=str(motion_file)),
            lambda fraction, stage: told.append(fraction),
        )
    assert caught.value.code == "output_unwritable" and (tmp_path / "notes").read_text() == "mine"
    assert not told, "before anything is looked at"


def test_what_a_killed_process_left_goes_and_what_is_being_written_stays(
    face_file: Path, motion_file: Path, tmp_path: Path
) -> None:
    output = tmp_path / ("ä[*]" + "n" * 100 + ".mp4")  # what stands for many names in a pattern
    begin = (
        "import os, sys; from inference.face.result_files import write_whole\n"
        "write_whole(sys.argv[1], lambda stream: (stream.write(b'half'), stream.flush(), os._exit(9)))"
    )
    for name in (output, tmp_path / "other.mp4"):
        subprocess.run([sys.executable, "-c", begin, str(name)], cwd=ENGINE_ROOT, check=False)
    mine, others = beside(output), tmp_path / ".unfinished-of somebody else.mp4"
    for path in (mine, others):
        path.write_bytes(b"half")
    assert len(list(tmp_path.glob(".*"))) == 4
    answer(PortraitRequest(str(face_file), str(output), animation=str(motion_file)), silent)
    left = {path.name for path in tmp_path.glob(".*")}
    assert mine.name in left and others.name in left and len(left) == 3  # and the one of the other video
    remove_left_behind(tmp_path / "other.mp4")
    assert len(list(tmp_path.glob(".*"))) == 2 and output.stat().st_size > 1000


def test_small_pictures_are_encoded_more_finely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What encoding changes in a moving pattern, in levels of 255."""
    y, x = np.mgrid[0:96, 0:128]
    waves = [120 + 60 * np.sin((x + 2 * step) / 5) * np.cos(y / 4) for step in range(12)]
    drawn = [np.repeat(wave[..., None], 3, axis=2).astype(np.uint8) for wave in waves]

    def changed() -> float:
        write_film(tmp_path / "o.mp4", Film(25.0, (128, 96), 12, None, {}), iter(drawn))
        with av.open(str(tmp_path / "o.mp4")) as container:
            shown = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
        return float(np.abs(np.array(shown).astype(int) - drawn).mean())

    small = changed()
    monkeypatch.setattr(film, "_SMALL", 0)
    assert small < 0.7 * changed()


def test_colours_of_small_pictures_are_encoded_more_finely_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lips are told from skin by their colour: how much of red less green changes."""
    y, x = np.mgrid[0:96, 0:128]
    drawn = []
    for step in range(12):
        lips = 0.5 + 0.5 * np.sin((x + 2 * step) / 9) * np.cos(y / 8)
        drawn.append((np.array([190, 150, 120]) + lips[..., None] * [0, -60, -20]).astype(np.uint8))

    def changed() -> float:
        write_film(tmp_path / "o.mp4", Film(25.0, (128, 96), 12, None, {}), iter(drawn))
        with av.open(str(tmp_path / "o.mp4")) as container:
            shown = [frame.to_ndarray(format="rgb24").astype(int) for frame in container.decode(video=0)]
        apart = np.array(shown) - drawn
        return float(np.abs(apart[..., 0] - apart[..., 1]).mean())

    small = changed()
    options = film._h264_options((128, 96))
    monkeypatch.setattr(film, "_h264_options", lambda size: {**options, "x264-params": "chroma-qp-offset=0"})
    assert small < 0.9 * changed()


@pytest.mark.parametrize("rate", [8000, 44_100])
def test_a_clap_after_ten_minutes_is_heard_in_its_frame(tmp_path: Path, rate: int) -> None:
    """Pieces are placed by the samples before them: nothing adds up, whatever the recording's rate."""
    sound = Sound(clap(tmp_path / "line.wav", 600, 599.48, rate))
    loud, end = [], 0
    for piece in sound.frames(600.04, "fltp"):
        assert piece.pts == end, "one piece follows the other"
        end += piece.samples
        samples = np.abs(piece.to_ndarray()[0])
        if samples.max() > 0.2:
            loud += [(piece.pts + place) / sound.rate for place in np.flatnonzero(samples > 0.2)[[0, -1]]]
    assert end == round(600.04 * sound.rate)
    half = 0.5 / 60
    assert abs(min(loud) - 599.48) < half and abs(max(loud) - 599.5) < half


def test_of_large_pictures_the_encoder_holds_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """4096 x 4096 took 1.4 GB in it; and what is held back less is still a whole video."""
    monkeypatch.setattr(film, "_LARGE", 95 * 127)
    ramp = np.arange(96 * 128 * 3, dtype=np.uint8).reshape(128, 96, 3)
    moving = [np.roll(ramp, 3 * step, axis=1) for step in range(40)]
    write_film(tmp_path / "large.mp4", Film(25.0, (96, 128), 40, None, {}), iter(moving))
    with av.open(str(tmp_path / "large.mp4")) as container:
        shown = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(shown) == 40
    held: list[int] = []
    for most in (10**9, 0):
        monkeypatch.setattr(film, "_LARGE", most)
        options = film._h264_options((96, 128))
        codec = av.CodecContext.create("libx264", "w")
        codec.width, codec.height, codec.pix_fmt, codec.options = 96, 128, "yuv420p", options
        codec.time_base = codec.framerate = 25
        given = 0
        for picture in moving:
            given += 1
            if codec.encode(av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")):
                break
        held.append(given)
    assert held[1] <= 10 < held[0]


@pytest.mark.parametrize(
    ("rate", "samples", "fps", "frames", "told"),
    [
        (8000, np.zeros(480), "24000/1001", 1, "is silent: the mouth stays closed"),
        (16000, np.sin(np.arange(16000) * 0.1), "1", 1, ""),
        (44100, np.sin(np.arange(4410) * 0.03), "240", 24, ""),
        (16000, np.zeros(1), "25", 0, "choose a recording of at least 50 ms"),
    ],
)
def test_odd_voices_and_rates_are_a_video_or_a_sentence(
    rate: int,
    samples: np.ndarray,
    fps: str,
    frames: int,
    told: str,
    face_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    voice, output = tmp_path / "voice.wav", tmp_path / "said.mp4"
    voice.write_bytes(wav_bytes(samples * 0.6, rate))
    given = ["portrait", str(face_file), str(voice), "-o", str(output), "--fps", fps]
    assert cli.main(given) == (0 if frames else 1)
    said = capsys.readouterr()
    assert told in said.err and "Traceback" not in said.err and output.exists() == bool(frames)
    if frames:
        assert f": {frames} frame{'s' * (frames > 1)} of 96 x 128" in said.out
