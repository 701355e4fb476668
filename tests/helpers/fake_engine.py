"""A test double that speaks the worker protocol and writes a synthetic motion file.

Run with a mode as its argument: "normal", "slow" (never finishes), "crash" (dies on the request), "error",
"mute" (dies before it says anything), "chatty" (prints other things between), "touchy" (dies on a recording that has
"crash" in its name, finds no sound where it has "empty", and makes no mouth motion where it has "silent"), "faint" (dies
on silence, once), "speaking" (says `CUES` once, with a blink at half the time), "choosy" (reads nothing but what the add-on
decoded), "wary" (warns of every recording), "lost" (finds what it was given damaged), "late" (takes half a second to
start, or until there is the file that FAKE_ENGINE_STARTS names), or one of `ANSWERS` (says these, and writes nothing).

It starts again for nearly every test in Blender, so it imports numpy only where it makes arrays, nothing else that takes a
hundredth of a second, and copies motion that it made before from the folder that FAKE_ENGINE_MADE names.
"""

from __future__ import annotations

import json
import os
import sys
import time
import wave
import zlib
from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import numpy as np

FPS = 25.0
RESULT: dict[str, Any] = {"type": "result", "output": "motion.npz", "frames": 1, "fps": FPS, "duration": 0.04}
ANSWERS: dict[str, list[dict[str, Any]]] = {
    "newer": [{**RESULT, "warnings": [], "colour": "blue"}],
    "lacking": [{"type": "progress", "fraction": 0.5, "stage": "Listening"}, {"type": "result", "frames": 1}],
    "foreign": [{"type": "promise"}],
    "beyond": [{"type": "progress", "fraction": part, "stage": ""} for part in (-0.5, 1, 1.5)] + [RESULT],
}
CAPABILITIES: dict[str, Any] = {
    "type": "capabilities",
    "protocol": 1,
    "engine": "fake",
    "backends": ["numpy"],
    "devices": ["cpu"],
    "models": ["content"],
    "published": {
        "name": "makeittalk",
        "available": False,
        "reason": "It is a double.",
        "folder": "",
        "files": [],
        "speakers": [],
        "licence": "",
        "licence_accepted": False,
    },
    "styles": [],
    "python": "3",
    "numpy": "1.26.4",
    "news": "of a newer engine",
}

DRAWS = ("drawing", "not drawing")
"""Modes that say that they draw videos; one does, after a fashion."""
CUES = "XABDACXEAFGHBX"
"""Mouth cues that the mode "speaking" says, `CUE_SECONDS` each; the last one goes on to the end."""
CUE_SECONDS = 0.12


def with_cues(fields: dict[str, np.ndarray], fps: float) -> None:
    """Give a motion mouth cues and one blink."""
    import numpy as np

    frames = len(fields["arkit"])
    edges = np.arange(len(CUES) + 1, dtype=np.float32) * np.float32(CUE_SECONDS)
    edges[-1] = max(frames / fps, edges[-1])
    fields["cue_times"] = np.stack([edges[:-1], edges[1:]], axis=1)
    fields["cue_shapes"] = np.array(list(CUES))
    fields["blink"][frames // 2 - 1 : frames // 2 + 2] = np.array([[0.5], [1.0], [0.5]], np.float32)


def frames_of(seconds: float, fps: float) -> int:
    """How many frames a motion has."""
    return max(2, round(seconds * fps))


def synthetic(seconds: float, fps: float = FPS, seed: int = 0) -> dict[str, np.ndarray]:
    """Fields of a FaceAnimation in which every part moves in a way that is easy to recognise."""
    import numpy as np

    frames = frames_of(seconds, fps)
    time_axis = np.arange(frames) / fps
    arkit = np.zeros((frames, 52), np.float32)
    arkit[:, :] = (0.3 + 0.2 * np.sin(2 * np.pi * time_axis))[:, None]
    arkit[:, 17] = 0.4  # jawOpen
    arkit[:, 18] = 0.1  # mouthClose
    arkit[:, 51] = 0.0  # tongueOut never moves
    head = np.zeros((frames, 3), np.float32)
    head[:, 0] = 0.2  # looks down
    head[:, 1] = 0.1  # to the picture's right
    head[:, 2] = 0.01 * (seed % 100)
    eyes = np.zeros((frames, 2), np.float32)
    eyes[:, 0] = 0.3
    return {
        "version": np.int64(1),
        "fps": np.float64(fps),
        "landmarks": np.zeros((frames, 68, 3), np.float32),
        "neutral": np.zeros((68, 3), np.float32),
        "head_rotation": head,
        "head_translation": np.full((frames, 3), 0.02, np.float32),
        "eye_rotation": eyes,
        "blink": np.zeros((frames, 2), np.float32),
        "arkit": arkit,
        "visemes": np.zeros((frames, 15), np.float32),
        "cue_times": np.zeros((0, 2), np.float32),
        "cue_shapes": np.zeros((0,), "<U1"),
        "source": np.array(json.dumps({"audio": "line.wav", "model": "fake"})),
    }


class Said(namedtuple("Said", "seconds fps seed cues silent warnings")):
    """What a motion file is made of."""

    def write(self, output: str) -> None:
        """Make the file, or copy what was made of the same before."""
        if not (folder := os.environ.get("FAKE_ENGINE_MADE")):
            self.make(output)
            return
        kept = os.path.join(folder, f"{zlib.crc32(repr(self).encode()):08x}.npz")
        if not os.path.exists(kept):
            part = f"{kept}.{os.getpid()}.npz"
            self.make(part)
            os.replace(part, kept)
        with open(kept, "rb") as source, open(output, "wb") as target:
            target.write(source.read())

    def make(self, output: str) -> None:
        """Make the file."""
        import numpy as np

        fields = synthetic(self.seconds, self.fps, self.seed)
        if self.cues:
            with_cues(fields, self.fps)
        if self.silent:
            fields["arkit"][:, 14:] = 0
        if self.warnings:
            source = json.loads(str(fields["source"]))
            fields["source"] = np.array(json.dumps({**source, "warnings": self.warnings}))
        np.savez(output, **fields)


def is_first(audio: str) -> bool:
    """Whether no process was asked for this recording before; the first one leaves a mark beside it."""
    try:
        os.close(os.open(f"{audio}.asked", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def pictured(request: dict[str, Any], mode: str) -> dict[str, Any]:
    """The answer to a picture: the made face on it, twice where all faces are asked for; none where it is all of one colour."""
    import numpy as np
    from made_face_picture import (
        made_of,  # it needs the engine's package, which is on the path of what Blender starts
    )

    pixels = np.load(request["picture"], allow_pickle=False)
    if not request["points"] and (pixels == pixels[:1, :1]).all():
        sentence = f"No face was found in {request['name']}: show where it is."
        return {"type": "error", "code": "no_face", "message": sentence}
    outputs = [request["output"]]
    if request["faces"] == "all":
        outputs.append(request["output"].replace(".npz", "_2.npz"))
    for output in outputs:
        made_of(pixels, 5.0).save(output)
    if mode == "damaging":
        open(outputs[-1], "wb").close()
    warnings = ["The face looks to the side."] if mode == "wary" else []
    return {"type": "result", "outputs": outputs, "warnings": warnings}


def portrayed(request: dict[str, Any], mode: str) -> dict[str, Any]:
    """The answer to a portrait: a file that says which frames it is of."""
    if mode != "drawing":
        return {"type": "error", "code": "full_engine_needed", "message": "This needs the full engine."}
    import numpy as np

    with np.load(request["animation"], allow_pickle=False) as motion:
        frames = len(motion["arkit"])
    with open(request["output"], "w", encoding="ascii") as stream:
        stream.write(f"{frames} frames")
    picture = request["picture"]
    height, width = np.load(picture, allow_pickle=False).shape[:2] if picture.endswith(".npy") else (64, 48)
    shown = [f" A film, {request['pose']}."] * bool(request.get("pose")) + [" The face."] * (
        request["view"] == "face"
    )
    answer = {"output": request["output"], "frames": frames, "fps": request["fps"], "duration": 1.0}
    return {
        "type": "result",
        **answer,
        "width": width,
        "height": height,
        "warnings": [f"Drawn by a double, {request['renderer']}.{''.join(shown)}"],
    }


_heard: dict[str, int] = {}


def living(request: dict[str, Any], mode: str) -> dict[str, Any]:
    """The answer to a block of a live preview: the motion of `synthetic` at 50 frames a second, of a recording of 3 s."""
    import base64

    import numpy as np

    block, before = round(50 * request["block"]), _heard.get(request["session"], 0)
    if mode == "unplugged" and before:
        return {
            "type": "error",
            "code": "no_microphone",
            "message": "The microphone gives no more sound: plug it in.",
        }
    whole = 150 if request["source"] == "recording" else 1_000_000
    heard = before if request["last"] else min(before + block, whole)
    _heard[request["session"]] = heard
    ended = request["last"] or heard >= whole
    ahead = 0 if ended else round(50 * request["look_ahead"])
    first, stop = max(before - (0 if ended and request["last"] else ahead), 0), max(heard - ahead, 0)
    fields = synthetic(max(stop, 2) / 50, 50.0, request["seed"])
    names = ("landmarks", "head_rotation", "head_translation", "eye_rotation", "blink", "arkit", "visemes")
    rows = np.concatenate([fields[name].reshape(max(stop, 2), -1)[first:stop] for name in names], axis=1)
    if request["output"]:
        with wave.open(request["output"], "wb") as recording:
            recording.setparams((1, 2, 16000, 0, "NONE", ""))
            recording.writeframes(bytes(2 * 320 * heard))
    return {
        "type": "result",
        "first": first,
        "fps": 50.0,
        "frames": base64.b64encode(rows.astype("<f4").tobytes()).decode("ascii"),
        "heard": heard / 50,
        "lost": 2 if mode == "busy" else 0,
        "ended": ended,
        "output": request["output"],
        "warnings": [],
    }


def taught(request: dict[str, Any], mode: str) -> dict[str, Any]:
    """Learn a renderer or a manner, after a fashion; of a film whose name says so it cannot."""
    if "two" in os.path.basename(request["clips"][0]):
        sentence = "two.mp4 shows two people: choose a film of one person, or cut the other off."
        return {"type": "error", "code": "bad_video", "message": sentence}
    with open(request["output"], "wb") as stream:
        stream.write(b"learnt")
    return {
        "type": "result",
        "output": request["output"],
        "name": request["name"],
        "seconds": 12.0,
        "warnings": [
            f"{clip} was left out." for clip in request["clips"] if "wall" in os.path.basename(clip)
        ],
        "gain": 2.0,
        "sharpness": 1.0,
    }


def refusal(request: dict[str, Any], mode: str) -> dict[str, Any] | None:
    """The error that a mode answers with; None where it does not."""
    audio, spoken = request.get("audio", ""), str(request.get("source_name", ""))
    if mode == "choosy" and os.path.basename(audio) != "decoded.wav":
        code, sentence = "not_audio", f"{audio} is a damaged WAV file: export it again."
    elif mode == "touchy" and "empty" in spoken:
        code, sentence = "no_sound", f"{spoken} holds no sound: record it again."
    elif mode == "lost":
        code = "bad_animation"
        sentence = f"{request['output']} is not a talking animation or is damaged: generate it again."
    elif mode == "error":
        code, sentence = "bad_audio", "'line.wav' holds no sound: record it again."
    else:
        return None
    return {"type": "error", "code": code, "message": sentence}


def seconds_of(audio: str) -> float:
    """How long a WAV file is."""
    try:
        with wave.open(audio, "rb") as recording:
            return recording.getnframes() / recording.getframerate()
    except wave.Error:  # 32-bit float at 16 kHz, as the add-on decodes
        with open(audio, "rb") as stream:
            channels = int.from_bytes(stream.read(24)[22:], "little")
        return (os.path.getsize(audio) - 44) / 4 / channels / 16000


def animated(request: dict[str, Any], mode: str) -> dict[str, Any]:
    """The answer to a recording: `synthetic` motion of its length."""
    spoken, seconds = str(request.get("source_name", "")), seconds_of(request["audio"])
    warnings = [f"{spoken} is cut short: only {seconds:.1f} s of it could be read."] if mode == "wary" else []
    said = Said(
        seconds,
        request.get("fps") or FPS,
        request.get("seed", 0),
        cues=mode == "speaking",
        silent=(mode == "touchy" and "silent" in spoken) or spoken == "silence",
        warnings=tuple(warnings),
    )
    said.write(request["output"])
    frames = frames_of(said.seconds, said.fps)
    answer = {"output": request["output"], "frames": frames, "fps": FPS, "duration": seconds}
    return {"type": "result", **answer, "warnings": warnings}


BY_COMMAND = {"live": living, "portrait": portrayed, "personalize": taught, "picture": pictured}


def die_where_asked(request: dict[str, Any], mode: str) -> None:
    """End this process, or let it never answer."""
    spoken = str(request.get("source_name", ""))
    if mode == "crash":
        sys.stderr.write("Segmentation fault, as it were\n")
        sys.stderr.flush()
        os._exit(139)
    if mode == "touchy" and "crash" in spoken:
        os._exit(139)
    if mode == "faint" and spoken == "silence" and is_first(request["audio"]):
        os._exit(139)
    if mode == "slow":
        time.sleep(600)


def start(mode: str) -> None:
    """What some modes do before they say anything."""
    if mode == "mute":
        sys.stderr.write("no such model\n")
        sys.exit(3)
    if mode == "late":
        gate = os.environ.get("FAKE_ENGINE_STARTS")
        time.sleep(0.01 if gate else 0.5)
        while gate and not os.path.exists(gate):
            time.sleep(0.01)


def main(mode: str) -> None:
    """Serve requests until the input closes."""
    start(mode)

    def send(**message: object) -> None:
        if mode == "chatty":
            print("Blender 9.9 says hello")
        print(json.dumps(message), flush=True)

    send(
        **CAPABILITIES,
        capture={"available": False, "reason": "It is a double.", "decodes": mode in (*DRAWS, "learning")},
    )
    for line in sys.stdin:
        request = json.loads(line)
        if log := os.environ.get("FAKE_ENGINE_LOG"):
            with open(log, "a", encoding="utf-8") as stream:
                stream.write(line)
        identity = request["id"]
        if mode in ANSWERS:
            for answer in ANSWERS[mode]:
                send(id=identity, **answer)
            continue
        send(type="progress", id=identity, fraction=0.25, stage="Listening")
        die_where_asked(request, mode)
        answer_to = BY_COMMAND.get(request["command"], animated)
        send(id=identity, **(refusal(request, mode) or answer_to(request, mode)))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "normal")
