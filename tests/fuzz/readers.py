"""Every kind of file that people give: a good one, how it gets damaged, and who reads it."""

from __future__ import annotations

import importlib.util
import io
import json
import pickle
import queue
import struct
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import picture_files
from avi import write_avi
from face_animations import face_animation
from filmed import write_video
from gif_files import gif
from made_face_picture import made_face_picture
from published_puppets import landmarks_of, rows_of
from recordings import tone, wav_bytes

from blender_addon.characters import drawing_mappings, mapping
from blender_addon.engine_process import process
from blender_addon.errors import TalkingAnimationError
from blender_addon.inputs import picture_headers
from blender_addon.inputs.scene_script import line_table
from blender_addon.keys import key_record
from blender_addon.motion import stored_motion
from inference.batch.blender_lines import Blender
from inference.batch.done import Done
from inference.batch.lines import Line, read_lines
from inference.capture.decoded import DESCRIPTION, read_film
from inference.capture.video import decode_pictures, decode_sound, inspect_video
from inference.commands.portrait import _is_face_picture
from inference.errors import EngineError
from inference.face import live_frames, messages
from inference.face.animation import FaceAnimation
from inference.face.face_picture import FacePicture
from inference.face.line_texts import read_line_text
from inference.face.puppet_files import OPEN, PuppetFiles
from inference.face.retargeting.own_shapes import OwnShapes
from inference.hearing.audio import read_recording
from inference.hearing.backends.weights import Layer, read_layers, write_layers
from inference.hearing.text.spoken_text import heard_text, sounds_of_text
from inference.looks.network import holds_look, load_look, random_look
from inference.motion.lips.content import PHONES
from inference.motion.manner.personal import HeadModel, Person, Track, load_person, save_person
from inference.motion.manner.styles import Style, load_style
from inference.pictures.given_points import read_points
from inference.pictures.image_files import read_picture
from inference.pictures.puppets import read_puppet
from inference.portrait.content_credentials import manifest_of, note_of
from inference.portrait.film_packets import PACKETS, packets_of
from inference.portrait.mouth_memory import CONTROL, KEY, MouthMemory
from inference.portrait.own_renderer import load_personal
from inference.portrait.refiner import RefinerShape, load_refiner, random_weights
from inference.portrait.sound import Sound
from inference.published import cartoon_still, files, style_avatar_files
from inference.published.licence import Terms
from inference.published.unpickle import read_container
from inference.worker import Worker

from .damage import damaged, damaged_archive, damaged_json, damaged_text

_LONGEST_PROBLEM = 400
"""Letters of what is told of a table's row."""
SENTENCES = (EngineError, TalkingAnimationError)
"""What may be raised: one sentence for the user."""


@dataclass(frozen=True)
class Reader:
    """One kind of file.

    Attributes:
        suffix: of the file's name.
        good: makes one that is whole.
        damage: draws a damaged one, see `damage`.
        read: reads it as the product does.
    """

    suffix: str
    good: Callable[[], bytes]
    damage: Callable[[Any, bytes], bytes]
    read: Callable[[Path], object]


def _saved(save: Callable[[Path], object], suffix: str) -> bytes:
    """What something writes into a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        save(path)
        return path.read_bytes()


def _wav() -> bytes:
    return wav_bytes(tone(0.25, 16000), 16000)


def _motion() -> bytes:
    weights = np.zeros((12, 52), np.float32)
    weights[3:9, 17] = 0.5
    animation = face_animation(
        25.0, weights, cues=((0.0, 0.2, "X"), (0.2, 0.48, "A")), source={"audio": "hello.wav"}
    )
    return _saved(animation.save, ".npz")


def _person() -> bytes:
    head = HeadModel(
        response=np.zeros((7, 2, 6), np.float32),
        frequencies=np.linspace(0, 12.5, 9, dtype=np.float32),
        spectrum=np.full((9, 6), 0.1, np.float32),
        mixing=np.eye(6, dtype=np.float32),
        modulation=0.5,
        burst=0.2,
    )
    track = Track(*(np.zeros((40, width), np.float32) for width in (6, 2, 2, 10)))
    person = Person("Ada", Style("Ada"), head, track, np.ones(32, np.float32), "test-1", 12.0)
    return _saved(lambda path: save_person(person, path), ".npz")


def _own_shapes() -> bytes:
    shapes = OwnShapes(
        ("jawOpen", "mouthPucker"), np.ones((2, 68, 3), np.float32), np.ones((68, 3), np.float32)
    )
    return _saved(shapes.save, ".npz")


def _checkpoint() -> bytes:
    weights = {"G": {"w": np.arange(60.0), "v": np.ones(5, np.float16)}, "epoch": 3}
    return pickle.dumps(weights, protocol=2)


def _picture() -> bytes:
    y, x = np.mgrid[0:24, 0:32]
    return picture_files.png(np.stack([x * 7, y * 9, x + y, np.full_like(x, 255)], -1).astype(np.uint8))


def _read_motion_in_file(path: Path) -> object:
    return stored_motion.unpacked(path.read_bytes(), "Ada")


def _read_headers(path: Path) -> object:
    data = path.read_bytes()
    return picture_headers.size(data), picture_headers.orientation(data), picture_headers.is_moving_webp(data)


def _read_preset(path: Path) -> object:
    try:
        return mapping.from_json(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, ValueError) as error:  # what `mapping.load_preset` makes a sentence of
        raise TalkingAnimationError(
            f"The mapping preset '{path}' cannot be used: {error}. Save it again."
        ) from error


def _answer(path: Path) -> object:
    replies = io.StringIO()
    Worker(replies).answer(path.read_bytes().decode("utf-8", "replace"))
    for line in replies.getvalue().splitlines():
        reply = json.loads(line)
        assert reply["type"] != "error" or reply["code"] != "internal", reply["message"]
    return replies


def _read_lines(path: Path) -> object:
    rows = line_table.read(str(path), 24.0)
    assert all(len(row.problem) < _LONGEST_PROBLEM for row in rows)
    return rows


def _read_said(path: Path) -> object:
    words = sounds_of_text(read_line_text(path))
    phones = np.full((100, len(PHONES)), 1 / len(PHONES), np.float32)
    return words and heard_text(words, phones, PHONES)


def _read_puppet(path: Path) -> object:
    folder = path.parent
    files = PuppetFiles("file", folder, folder / "file.png", None)
    files.picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    return read_puppet(files, (480, 480))


def _read_film(path: Path) -> object:
    path.rename(path.with_name(DESCRIPTION))
    return read_film(path.parent)


def _look() -> bytes:
    return _saved(random_look(1).save, ".npz")


def _read_look(path: Path) -> object:
    return holds_look(path), load_look(path)


def _cartoon() -> bytes:
    names = [f"module.{name}" for name in list(cartoon_still.SHAPES)[:6]]
    return pickle.dumps({cartoon_still.ENTRY: {name: np.ones(4, np.float32) for name in names}}, protocol=2)


def _read_cartoon(path: Path) -> object:
    return cartoon_still.is_cartoons(path) and files.read_weights(path, cartoon_still.ENTRY)


def _speakers() -> bytes:
    return pickle.dumps({"Ada": np.ones(256, np.float32), "Bo": np.zeros(256)}, protocol=2)


def _scale() -> bytes:
    names = ("s_m", "s_s", "d_s_m", "d_s_s")
    return pickle.dumps({name: np.ones(style_avatar_files.COEFFICIENTS) for name in names}, protocol=2)


def _read_scale(path: Path) -> object:
    path.rename(style_avatar_files.EXPRESSION_SCALE.path(path.parent))
    pose = pickle.dumps({name: np.ones(7) for name in ("d_s_m", "d_s_s")}, protocol=2)
    style_avatar_files.POSE_SCALE.path(path.parent).write_bytes(pose)
    return style_avatar_files.read_scale(path.parent)


def _codes() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.full((2, 135), 0.25), allow_pickle=False)
    return stream.getvalue()


def _face_model() -> bytes:
    from scipy.io import savemat

    random = np.random.RandomState(1)
    whole = {
        "meanshape": random.randn(1, 300),
        "exBase": random.randn(300, style_avatar_files.COEFFICIENTS),
        "keypoints": np.arange(1, 69)[None],
    }
    return _saved(lambda path: savemat(str(path), whole, do_compression=True), ".mat")


def _read_licence(path: Path) -> object:
    path.rename(path.with_name("someone-licence-accepted.json"))
    return Terms("someone", "CC BY-NC 4.0", "Read it.").is_accepted(path.parent)


def _read_done(path: Path) -> object:
    line = Line(2, path.with_name("said.mp4"))
    done = Done(path.parent)
    path.rename(done._place(line))
    return done.has(line, "recipe")


def _read_batch(path: Path) -> object:
    lines = read_lines(path, path.parent, Blender())
    assert all(len(line.problem) < _LONGEST_PROBLEM for line in lines)
    return lines


def _live() -> bytes:
    return live_frames.packed(face_animation(25.0, np.zeros((3, 52), np.float32))).encode()


def _read_record(path: Path) -> object:
    """As an action is asked what it remembers; what it tells must be fit for use."""
    text = path.read_bytes().decode("utf-8", "replace")
    told = key_record.read(text)
    assert all(abs(float(before)) <= sys.float_info.max for _, _, before in told.get("rest", ()))
    assert all(
        float(line.get("speed", 1.0)) > 0 and int(line.get("start", 1)) < 1 << 21
        for line in told.get("lines", ())
    )
    return told, key_record.is_damaged(text)


def _mapped() -> bytes:
    where = drawing_mappings.Reference("OBJECT", "Puppet", "location")
    move = drawing_mappings.Move("jawOpen", 0.5, 0.0, -1.0, 1.0)
    chart = drawing_mappings.ChartMapping(
        "mouth", "LAYERS", where, "LETTERS", {"A": "a", "D": 3}, step=(0.5, 0.5)
    )
    part = drawing_mappings.PartMapping("mouth", "Puppet", "", {"up": move})
    moved = drawing_mappings.PropertyMapping(where, 0, move)
    return drawing_mappings.to_json(drawing_mappings.Mapped((chart,), (part,), (moved,))).encode()


def _read_mapped(path: Path) -> object:
    return drawing_mappings.from_json(path.read_bytes().decode("utf-8", "replace"))


def _read_sound(path: Path) -> object:
    return sum(frame.samples for frame in Sound(path).frames(0.5, "fltp"))


def _read_live(path: Path) -> object:
    return live_frames.unpacked(path.read_text(encoding="latin-1"), 25.0)


def _gif() -> bytes:
    y, x = np.mgrid[0:12, 0:10]
    return gif((x + y) % 4, np.arange(768).reshape(256, 3) % 256, clear=2, interlaced=True)


def _read_end(path: Path) -> object:
    return picture_headers.is_cut_off(path.read_bytes())


_ENDS = {
    "BMP": struct.pack("<2sI4xIIiiHHI", b"BM", 66, 54, 40, 2, 2, 1, 24, 0) + bytes(28),
    "DDS": b"DDS " + struct.pack("<8xII60xI4sI", 4, 4, 4, b"DXT1", 0) + bytes(40),
    "SGI": struct.pack(">HBBHHHH", 474, 1, 1, 3, 4, 2, 1)
    + bytes(500)
    + struct.pack(">4I", 560, 561, 1, 1)
    + bytes(28),
    "PSD": b"8BPS"
    + struct.pack(">H6xHIIHH", 1, 3, 2, 2, 8, 3)
    + bytes(12)
    + struct.pack(">H", 1)
    + bytes(40),
    "TGA": struct.pack("<BBBHHBHHHHBB", 0, 0, 10, 0, 0, 0, 0, 0, 2, 2, 24, 0) + b"\x83abc",
    "HDR": b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 2 +X 8\n" + 2 * (b"\2\2\0\x08" + 4 * b"\x88a"),
    "DPX": b"SDPX" + struct.pack(">I8xI", 2048, 2048) + bytes(64),
}
"""Headers of pictures that Blender reads and no engine does, whose end is known from them."""


def _numbers() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, picture=np.full((24, 32, 3), 0.5, np.float32))
    return stream.getvalue()


def _headers() -> bytes:
    jpeg = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b080010002001011100ffd9")
    return picture_files.jpeg_with(jpeg, picture_files.exif(6))


def _renderer() -> bytes:
    weights = random_weights(
        RefinerShape(widths=(2, 2, 2, 2)), 1, {"person": "Ada", "proportions": [1.0] * 12}
    )
    return _saved(weights.save, ".npz")


def _memory() -> bytes:
    places, pictures = np.zeros((len(CONTROL), 2), np.float32), np.ones((2, 3, 4, 3), np.float32)
    one = pictures[0, ..., :1]
    memory = MouthMemory(
        places[0], places, pictures[0], pictures, one, one, np.zeros((KEY, 3)), np.zeros((5, 3)), np.zeros(KEY), 1.0, 0.5,
        np.ones((5, 2)), np.ones(3), 0.01, 0.5, 0.6, 2.0, {"person": "Ada", "proportions": [1.0] * 12},
    )  # fmt: skip
    return _saved(memory.save, ".npz")


def _network() -> bytes:
    layer = Layer(np.ones((3, 4, 5), np.float32), np.zeros(5, np.float32))
    return _saved(lambda path: write_layers(path, {"encoder": (layer, layer)}, {"name": "made-up"}), ".npz")


def _compressed(kind: str) -> Callable[[], bytes]:
    """A picture that only the full engine reads."""

    def good() -> bytes:
        from PIL import Image

        y, x = np.mgrid[0:24, 0:32]
        stream = io.BytesIO()
        Image.fromarray(np.stack([x * 7, y * 9, x + y], -1).astype(np.uint8)).save(stream, kind)
        return stream.getvalue()

    return good


def _film_pictures() -> list[Any]:
    y, x = np.mgrid[0:32, 0:48]
    return [np.stack([x * 5, y * 7, x * 0 + 20 * number], -1).astype(np.uint8) for number in range(6)]


def _avi() -> bytes:
    return _saved(lambda path: write_avi(path, _film_pictures()), ".avi")


def _mp4() -> bytes:
    sound = np.sin(np.arange(4000, dtype=np.float32) / 9)
    return _saved(lambda path: write_video(path, _film_pictures(), sound=sound), ".mp4")


def _read_video(path: Path) -> object:
    info = inspect_video(path, 25.0)
    pictures = sum(1 for _ in islice(decode_pictures(path, info, []), 100))
    return pictures, decode_sound(path, info.start) if info.has_sound else None


def _described(text: str) -> bytes:
    """A small video with a text as its description."""
    import av

    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4", options={"movflags": "use_metadata_tags"}) as container:
        video = container.add_stream("mpeg4", rate=25)
        video.width, video.height = 48, 32
        container.metadata["description"] = text
        frame = av.VideoFrame.from_ndarray(_film_pictures()[0], format="rgb24")
        container.mux([*video.encode(frame), *video.encode(None)])
    return stream.getvalue()


def _note() -> bytes:
    import av

    with av.open(io.BytesIO(_described(""))) as container:
        return _json({"title": "Ada", "synthetic": True, "seed": 3, PACKETS: packets_of(container)})()


def _read_note(path: Path) -> object:
    path.write_bytes(_described(path.read_bytes().decode("utf-8", "replace")))
    return manifest_of(note_of(path))


def _read_answers(path: Path) -> object:
    """As the add-on reads what an engine writes: lines that are no JSON are passed over."""
    lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
    process._read_lines(io.BytesIO(path.read_bytes()), lines)
    told: list[Any] = []
    while (line := lines.get_nowait()) is not None:
        told.append(messages.answer_of(line, messages.AnimateRequest("line.wav", "line.npz")))
    return told


_ANSWERS = {
    "type": "result",
    "id": 1,
    "output": "/path/line.npz",
    "frames": 250,
    "fps": 25.0,
    "duration": 10.0,
    "warnings": ["Low."],
}
_STYLE = {"name": "gruff", "lips": 1.2, "beat": 0.8, "statistics": {"rate": 0.4}, "code": [0.1, -0.3]}
_PRESET = {"format": 1, "mouth": "", "rows": {"jawOpen": ["Mouth open"]}, "bones": {"head": "Head"}}
_REQUEST = {
    "id": 1,
    "command": "animate",
    "audio": "/nowhere/line.wav",
    "output": "/nowhere/line.npz",
    "fps": 25.0,
}
_RECORD = {
    "audio": "hello.wav", "recording": "//hello.wav", "begin": 0.5, "seconds": None, "lead": 0.0, "style": "calm", "seed": 3,
    "motion": "//cache/0.npz", "character": "0f", "dials": {"lips": 1.0}, "dial_keys": "", "frames": 50, "start": 10, "fps": 24.0,
    "source": {"warnings": []}, "rest": [['key_blocks["jawOpen"].value', 0, 0.25]], "created": True, "muted_drivers": [["x", 0]],
    "lines": [{"line": "1", "recording": "a.wav", "start": 1, "speed": 1.0, "seconds": 2.0}], "head_bone": "spine",
}  # fmt: skip
_FILM = {"fps": 25.0, "frames": 12, "sha256": "00"}
_BATCH = 'output,voice,style,renderer,take\nsaid.mp4,hello.wav,calm,warp,1\nother.mp4,"a, b.wav",,,2\n'
_DONE = {"recipe": "recipe", "output": "00", "line": 2}
_LICENCE = {"accepted": "CC BY-NC 4.0", "notice": "Read it."}
_SAID = 'ANNA: (softly) Café – "15 % of 1984", привет, まみむめも!\n[door]\nBob?\n'
_LINES = 'character,audio,start,style\nAda,hello.wav,1,calm\nBo,"a, b.wav",00:00:05:12,\n'


def _json(value: Any) -> Callable[[], bytes]:
    return lambda: json.dumps(value).encode()


READERS = {
    "recording": Reader(".wav", _wav, damaged, read_recording),
    "motion": Reader(".npz", _motion, damaged_archive, lambda path: FaceAnimation.load(path).resampled(24.0)),
    "motion in a file": Reader(".bin", _motion, damaged_archive, _read_motion_in_file),
    "face picture": Reader(
        ".npz", lambda: _saved(made_face_picture().save, ".npz"), damaged_archive, FacePicture.load
    ),
    "own shapes": Reader(".npz", _own_shapes, damaged_archive, OwnShapes.load),
    "person": Reader(".npz", _person, damaged_archive, load_person),
    "personal renderer": Reader(".npz", _renderer, damaged_archive, load_personal),
    "remembered mouth": Reader(".npz", _memory, damaged_archive, load_personal),
    "style": Reader(".json", _json(_STYLE), damaged_json, lambda path: load_style(str(path))),
    "preset": Reader(".json", _json(_PRESET), damaged_json, _read_preset),
    "points": Reader(".json", _json({"points": [[1, 2], [3, 4], [5, 6], [7, 8]]}), damaged_json, read_points),
    "request": Reader(".json", _json(_REQUEST), damaged_json, _answer),
    "decoded film": Reader("", _json(_FILM), damaged_json, _read_film),
    "line table": Reader(".csv", _LINES.encode, damaged_text, _read_lines),
    "text of a line": Reader(".txt", _SAID.encode, damaged_text, _read_said),
    "puppet": Reader(OPEN, lambda: rows_of(landmarks_of(), "1.0").encode(), damaged_text, _read_puppet),
    "picture": Reader(".png", _picture, damaged, read_picture),
    "picture of numbers": Reader(".npz", _numbers, damaged_archive, read_picture),
    "header": Reader(".jpg", _headers, damaged, _read_headers),
    "checkpoint": Reader(".pth", _checkpoint, damaged, read_container),
    "network": Reader(".npz", _network, damaged_archive, lambda path: read_layers(path, ("encoder",))),
    "look": Reader(".npz", _look, damaged_archive, _read_look),
    "refined mouth": Reader(".npz", _renderer, damaged_archive, load_refiner),
    "cartoon network": Reader(".pt", _cartoon, damaged, _read_cartoon),
    "speakers": Reader(".pickle", _speakers, damaged, files.read_speakers),
    "target voice": Reader(".txt", lambda: b"0.5 " * 256, damaged_text, files.read_target),
    "scale": Reader(".pkl", _scale, damaged, _read_scale),
    "style codes": Reader(".npy", _codes, damaged, lambda path: style_avatar_files.read_code(f"{path}:1")),
    "picture of a portrait": Reader(".npz", _numbers, damaged_archive, _is_face_picture),
    "picture of few colours": Reader(".gif", _gif, damaged, read_picture),
    "batch table": Reader(".csv", _BATCH.encode, damaged_text, _read_batch),
    "done line": Reader(".json", _json(_DONE), damaged_json, _read_done),
    "accepted licence": Reader(".json", _json(_LICENCE), damaged_json, _read_licence),
    "live frames": Reader(".txt", _live, damaged, _read_live),
    "record of keys": Reader(".json", _json(_RECORD), damaged_json, _read_record),
    "mapped drawings": Reader(".json", _mapped, damaged_json, _read_mapped),
    "answers": Reader(".txt", _json(_ANSWERS), damaged_json, _read_answers),
}
READERS |= {
    f"end of {name}": Reader("", partial(bytes, data), damaged, _read_end) for name, data in _ENDS.items()
}
if importlib.util.find_spec("PIL") is not None:
    READERS |= {
        "compressed picture": Reader(".jpg", _compressed("JPEG"), damaged, read_picture),
        "compressed picture of the web": Reader(".webp", _compressed("WEBP"), damaged, read_picture),
    }
if importlib.util.find_spec("scipy") is not None:
    READERS |= {"face model": Reader(".mat", _face_model, damaged, style_avatar_files.read_face_model)}
if importlib.util.find_spec("av") is not None:
    READERS |= {
        "voice of a video": Reader(".wav", _wav, damaged, _read_sound),
        "note of a video": Reader(".mp4", _note, damaged_json, _read_note),
        "film": Reader(".avi", _avi, damaged, _read_video),
        "compressed film": Reader(".mp4", _mp4, damaged, _read_video),
    }
