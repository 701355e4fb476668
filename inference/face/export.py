"""A `FaceAnimation` in the formats that other programs load: Rhubarb's mouth cues, ARKit tables, viseme tables.

======  =========================  ==========================================================================
format  content                    what it is
======  =========================  ==========================================================================
npz     (everything)               `FaceAnimation.save`
json    cues (default)             Rhubarb's JSON
json    arkit, visemes             ``metadata`` and one object a frame: its ``time`` and a value for each name
tsv     cues                       Rhubarb's TSV
csv     arkit (default)            what Epic's Live Link Face app writes beside a take
csv     visemes                    ``time,sil,PP,FF,…``: the 15 Oculus visemes
======  =========================  ==========================================================================

Only npz is the motion as the recording has it, which may start and end with an open mouth. All others begin and end at rest,
eased as the add-on's keys are (`easing.rested`): they share their first and last instant, their frames and their values.

Sources: https://github.com/DanielSWolf/rhubarb-lip-sync#output-formats for the cues; for Live Link Face, whose format
Epic does not document, takes that users recorded with it (columns, decimals, timecodes, signs and units of the eyes)
and the diffeomorphic Daz Importer (signs of the head).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from .animation import Cue, FaceAnimation
from .arrays import Floats
from .easing import rested
from .errors import EngineError
from .names import ARKIT_INDEX, ARKIT_NAMES, FORMATS, VISEMES
from .outputs import real, refuse_nameless
from .result_files import write_whole

# Live Link Face has ARKit's order, but the right before the left where jaw and mouth move sideways.
_SWAPPED = {
    "jawLeft": "jawRight",
    "jawRight": "jawLeft",
    "mouthLeft": "mouthRight",
    "mouthRight": "mouthLeft",
}
LIVE_LINK_NAMES: tuple[str, ...] = tuple(_SWAPPED.get(name, name) for name in ARKIT_NAMES)
ROTATION_NAMES: tuple[str, ...] = (
    "headYaw", "headPitch", "headRoll", "leftEyeYaw", "leftEyePitch", "leftEyeRoll", "rightEyeYaw", "rightEyePitch",
    "rightEyeRoll",
)  # fmt: skip
_LIVE_LINK_COUNT = len(LIVE_LINK_NAMES) + len(ROTATION_NAMES)


def choose(path: Path, wanted: str | None = None, content: str | None = None) -> tuple[str, str | None]:
    """Format and content of an output file, before any work is done for it.

    Args:
        path: the output; its extension names the format, and without one it is npz.
        wanted: the format that the user named, one of `names.FORMATS`, or None.
        content: what the user wants it to hold, one of `names.FORMAT_CONTENTS`, or None for the format's default.

    Returns:
        Format, and content (None for npz).

    Raises:
        EngineError: for an extension that names no format or another one than wanted, for a name that is an extension
            alone, and for a content that the format cannot hold (code ``bad_format``).
    """
    refuse_nameless(path, [f".{name}" for name in FORMATS], "animation")
    ending = path.suffix[1:].lower()
    if wanted is None and ending and ending not in FORMATS:
        raise EngineError(
            f"{path} ends in .{ending}, which is no known format: end it in .npz, .json, .tsv or .csv, or name the format "
            "with --format.",
            "bad_format",
        )
    if wanted is not None and ending in FORMATS and ending != wanted:
        raise EngineError(
            f"{path} ends in .{ending}, but the format is to be {wanted}: leave out --format or end the name in .{wanted}.",
            "bad_format",
        )
    chosen = wanted or ending or "npz"
    possible = FORMATS[chosen]
    if content is not None and not possible:
        raise EngineError(f"A .{chosen} file always holds everything: leave out --content.", "bad_format")
    if content is not None and content not in possible:
        holders = " or ".join(f".{name}" for name, held in FORMATS.items() if content in held)
        raise EngineError(
            f"A .{chosen} file cannot hold {content}: write a {holders} file, or leave out --content.",
            "bad_format",
        )
    return chosen, content or (possible[0] if possible else None)


def export(
    animation: FaceAnimation,
    path: Path,
    sound: Path,
    duration: float,
    chosen: str = "npz",
    content: str | None = None,
) -> FaceAnimation:
    """Write the animation; a file of that name is replaced only once all is written.

    Args:
        animation: what to write.
        path: the file.
        sound: the recording that it was made of; the json formats name its absolute path.
        duration: seconds of the recording.
        chosen: the format, and
        content: the content, as `choose` gives them.

    Returns:
        The animation as it was written: longer than the recording, and at rest at both ends, unless the format is npz.

    Raises:
        EngineError: where the folder is missing or cannot be written to (code ``output_unwritable``).
    """
    if chosen == "npz":
        animation.save(path)
        return animation
    shown = rested(animation, duration)
    if content == "cues":
        text = rhubarb_json(shown.cues, sound, duration) if chosen == "json" else None
        lines = iter([text or rhubarb_tsv(shown.cues, duration)])
    elif chosen == "json":
        lines = _json_frames(shown, content == "visemes", sound, duration)
    else:
        lines = _viseme_csv(shown) if content == "visemes" else _live_link_csv(shown)
    write_whole(
        path, lambda stream: stream.writelines(line.encode("utf-8", "backslashreplace") for line in lines)
    )
    return shown


def rhubarb_json(cues: list[Cue], sound: Path, duration: float) -> str:
    """Mouth cues as Rhubarb writes them with ``-f json``.

    Args:
        cues: (start s, end s, shape) that follow each other.
        sound: the recording.
        duration: seconds of the recording; the cues may rest for a moment after it.
    """
    rows = [
        f'    {{ "start": {start / 100:.2f}, "end": {end / 100:.2f}, "value": "{shape}" }}'
        for start, end, shape in _hundredths(cues, duration)
    ]
    name = json.dumps(str(real(sound)), ensure_ascii=False)
    return (
        f'{{\n  "metadata": {{\n    "soundFile": {name},\n    "duration": {duration:.2f}\n  }},\n'
        '  "mouthCues": [\n' + ",\n".join(rows) + "\n  ]\n}\n"
    )


def rhubarb_tsv(cues: list[Cue], duration: float) -> str:
    """Mouth cues as Rhubarb writes them with ``-f tsv``: start and shape a line, and X where the last one ends."""
    rows = _hundredths(cues, duration)
    lines = [f"{start / 100:.2f}\t{shape}\n" for start, _, shape in rows]
    return "".join([*lines, f"{rows[-1][1] / 100:.2f}\tX\n"])


def _hundredths(cues: list[Cue], duration: float) -> list[tuple[int, int, str]]:
    """Cues in hundredths of a second, from 0 to the last one's end; none is empty, equal neighbours are one."""
    total = max(round((cues[-1][1] if cues else duration) * 100), 1)
    rows: list[tuple[int, str]] = []
    for start, _, shape in cues or [(0.0, duration, "X")]:
        first = round(start * 100) if rows else 0
        if first >= total and rows:
            break
        if rows and rows[-1][0] >= first:  # nothing is left of the one before
            rows.pop()
        if not rows or rows[-1][1] != shape:
            rows.append((first if rows else 0, shape))
    ends = [*(start for start, _ in rows[1:]), total]
    return [(start, end, shape) for (start, shape), end in zip(rows, ends)]


def timecodes(frames: int, fps: float) -> Iterator[str]:
    """``hh:mm:ss:ff.sss`` of every frame, as Live Link Face counts: real time since the start.

    The seconds are the recording's own; ``ff.sss`` is the part of a second in frames and thousandths of a frame, with
    the rate rounded up (30 for 29.97, 24 for 23.976). So the table stays with the sound for any length, at whole rates
    ``.sss`` is ``.000``, and at 29.97 the frame number runs ahead by 0.001 a frame instead of dropping behind the
    clock by 3.6 s an hour, as timecode without dropped frames would.

    Args:
        frames: how many.
        fps: frames per second, > 0.
    """
    base = math.ceil(fps - 1e-6)
    for frame in range(frames):
        seconds, thousandths = divmod(round(frame * base * 1000 / fps), base * 1000)
        minutes, second = divmod(seconds, 60)
        whole, part = divmod(thousandths, 1000)
        yield f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}:{whole:02d}.{part:03d}"


def live_link_table(animation: FaceAnimation) -> Floats:
    """The 61 values that Live Link Face writes for each frame.

    Angles are radians, as in takes that were recorded with it, and follow Unreal's rotators: yaw positive to the
    character's own right (the picture's left), roll positive counter-clockwise in the picture. Pitch is positive up
    for the head but positive down for the eyes. Yaw turns last and roll first.

    Returns:
        (T, 61) float64: `LIVE_LINK_NAMES` 0…1, then `ROTATION_NAMES`.
    """
    (ca, cb, cc), (sa, sb, sc) = (
        np.cos(rotation := animation.head_rotation.astype(float)).T,
        np.sin(rotation).T,
    )
    # Our XYZ rotation Rz Ry Rx, taken apart as Ry(turn) Rx(nod) Rz(tilt).
    turn = np.arctan2(cc * ca * sb + sc * sa, ca * cb)
    nod = np.arcsin(np.clip(cc * sa - sc * ca * sb, -1, 1))
    tilt = np.arctan2(sc * cb, sc * sb * sa + cc * ca)
    eye_yaw, eye_pitch = -animation.eye_rotation.astype(np.float64).T
    still = np.zeros(len(animation))
    angles = [-turn, -nod, tilt, eye_yaw, eye_pitch, still, eye_yaw, eye_pitch, still]
    weights = animation.arkit[:, [ARKIT_INDEX[name] for name in LIVE_LINK_NAMES]]
    return np.asarray(
        np.concatenate([weights, np.stack(angles, axis=1)], axis=1) + 0.0
    )  # no minus before a zero


def _live_link_csv(animation: FaceAnimation) -> Iterator[str]:
    """Lines of a Live Link Face table: ten decimals, names with a capital first letter."""
    names = [name[0].upper() + name[1:] for name in (*LIVE_LINK_NAMES, *ROTATION_NAMES)]
    yield ",".join(["Timecode", "BlendShapeCount", *names]) + "\n"
    line = f"%s,{_LIVE_LINK_COUNT}" + ",%.10f" * _LIVE_LINK_COUNT + "\n"
    for code, row in zip(timecodes(len(animation), animation.fps), live_link_table(animation)):
        yield line % (code, *row)


def _viseme_csv(animation: FaceAnimation) -> Iterator[str]:
    """Lines of a table of the 15 visemes, 0…1, with the seconds of each frame."""
    yield ",".join(["time", *VISEMES]) + "\n"
    line = "%.6f" + ",%.6f" * len(VISEMES) + "\n"
    for frame, row in enumerate(animation.visemes):
        yield line % (frame / animation.fps, *row)


def _json_frames(animation: FaceAnimation, visemes: bool, sound: Path, duration: float) -> Iterator[str]:
    """Lines of a JSON file with one object a frame: visemes, or ARKit weights with head and eyes as `live_link_table`."""
    names = VISEMES if visemes else (*LIVE_LINK_NAMES, *ROTATION_NAMES)
    table = animation.visemes if visemes else live_link_table(animation)
    about = {"soundFile": str(real(sound)), "duration": round(duration, 6), "fps": animation.fps}
    yield f'{{\n  "metadata": {json.dumps(about, ensure_ascii=False)},\n  "frames": [\n'
    line = '    {{"time": %.6f, {}}}'.format(", ".join(f'"{name}": %.6f' for name in names))
    for frame, row in enumerate(table):
        yield line % (frame / animation.fps, *row) + (",\n" if frame + 1 < len(table) else "\n")
    yield "  ]\n}\n"
