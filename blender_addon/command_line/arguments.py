# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the command line, as a table, and what they mean as `GenerateOptions`."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator
from typing import Any, Final

from .. import api
from ..api import portraits
from ..contract import POSES, dials
from ..contract.names import MODEL_OPTIONS, MODELS, MOST_VOICES, PICTURE_GLASSES, PICTURE_KINDS
from ..errors import TalkingAnimationError
from ..inputs import line_texts, manner, videos

Option = tuple[str, dict[str, Any]]
"""An option's name, and how argparse takes it."""

_DEFAULTS: Final = api.GenerateOptions()


def _ranged(minimum: float, maximum: float) -> Callable[[str], float]:
    """What argparse reads a number of that range with."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not minimum <= value <= maximum:
            raise argparse.ArgumentTypeError(f"'{text}' is not a number from {minimum:g} to {maximum:g}")
        return value

    return read


def _renderer(text: str) -> str:
    """What argparse reads a renderer with: its name, or the file of a person's own or of a learned look."""
    if portraits.is_named(text):
        return text
    names = [name.lower() for name in portraits.RENDERERS]
    raise argparse.ArgumentTypeError(f"'{text}' is not one of {', '.join(names)} or a .npz file")


_NOT_WITH_SCENES = ("audio", "video", "start", "picture")
_SHIPPED: Final = "<names>"
"""Stands for the names of the pictures that ship, which are read where somebody asks for help, not when Blender starts."""

_OPTIONS: Final[tuple[Option, ...]] = (
    ("blend", {"nargs": "?", "help": "the .blend file, where none is open yet"}),
    (
        "--audio",
        {
            "default": "",
            "metavar": "FILE",
            "help": "voice recording, or the name of a sound strip: strip:NAME; may be left out with --video",
        },
    ),
    (
        "--scene",
        {
            "action": "store_true",
            "help": "animate all sound strips of the sequencer that are lines of characters",
        },
    ),
    (
        "--lines",
        {
            "default": "",
            "metavar": "FILE",
            "help": "animate all lines of this CSV file: character,audio,start,style,take,speed, …",
        },
    ),
    (
        "--no-idle",
        {"action": "store_true", "help": "with --scene or --lines: characters are still while they listen"},
    ),
    (
        "--listening",
        {
            "type": _ranged(*api.LISTENING),
            "default": _DEFAULTS.listening,
            "metavar": f"{api.LISTENING[0]:g}…{api.LISTENING[1]:g}",
            "help": "with --scene or --lines: how much characters turn to who speaks, nod and blink; 1 is as people do "
            "(default: 0)",
        },
    ),
    (
        "--json",
        {
            "default": "",
            "metavar": "FILE",
            "help": "with --scene or --lines: also write what became of each line",
        },
    ),
    ("--cache", {"metavar": "FOLDER", "help": "keep generated motion here, for this run"}),
    ("--save", {"metavar": "FILE", "help": "write the .blend file with the keys here"}),
    (
        "--character",
        {"metavar": "NAME", "help": "object of the character (default: the only one that can talk)"},
    ),
    (
        "--take-over",
        {
            "action": "store_true",
            "help": "map the character's mouths as Rhubarb Lip Sync NG or Lip Sync has them mapped",
        },
    ),
    (
        "--picture",
        {
            "default": "",
            "metavar": "FILE|NAME",
            "help": f"make a picture with a face talk, or one that ships by its name ({_SHIPPED}), in place of a "
            "character of the file; the scene renders as the picture is. A puppet of MakeItTalk's is "
            "chosen by its folder or one of its files; a face picture (.npz) of the engine's is used as it is",
        },
    ),
    (
        "--face-at",
        {
            "default": "",
            "metavar": "X,Y,…",
            "help": "with --picture: where the face is that is not found by itself, eight numbers in pixels from the top left: "
            "eyes and mouth corners, each pair from the picture's left to its right",
        },
    ),
    (
        "--face",
        {
            "default": "largest",
            "metavar": "largest|NUMBER",
            "help": "with --picture: which of its faces talks, the largest first (default: largest)",
        },
    ),
    (
        "--picture-kind",
        {
            "choices": ("auto", *PICTURE_KINDS),
            "default": "auto",
            "help": "with --picture: what it is (default: auto, which looks at it)",
        },
    ),
    (
        "--glasses",
        {
            "choices": ("auto", *PICTURE_GLASSES),
            "default": "auto",
            "help": "with --picture: whether a photo shows glasses, whose frame stays rigid (default: auto, which looks at it)",
        },
    ),
    (
        "--link-picture",
        {
            "action": "store_true",
            "help": "with --picture: link to its file instead of packing it into the .blend file",
        },
    ),
    (
        "--keep-camera",
        {
            "action": "store_true",
            "help": "with --picture: leave the scene's camera, size and render settings alone",
        },
    ),
    (
        "--start",
        {
            "type": int,
            "default": None,
            "metavar": "FRAME",
            "help": "frame at which the recording starts (default: 1)",
        },
    ),
    (
        "--style",
        {
            "default": _DEFAULTS.style,
            "help": "way of speaking: a style's name, its .json, a person's .npz, a mixture such as calm:0.3,lively:0.7, or "
            "auto, which is as lively as the voice (default: auto)",
        },
    ),
    (
        "--speaker",
        {
            "metavar": "auto|none|FOLDER",
            "help": "whether the voice says how lively the style is, or the folder of persons' .npz files that it chooses from "
            "(default: auto with --style auto, else none)",
        },
    ),
    (
        "--channel",
        {
            "default": _DEFAULTS.channel,
            "metavar": "auto|mix|NUMBER",
            "help": "which of a recording's channels are listened to: what holds the voice, all, or that one (default: auto)",
        },
    ),
    (
        "--voice-in-file",
        {
            "default": _DEFAULTS.voice_in_file,
            "metavar": f"all|1…{MOST_VOICES}",
            "help": "where several people speak in a recording: whose words are used, all or those of the voice that is heard as "
            "the first, second … (default: all)",
        },
    ),
    (
        "--text",
        {"metavar": "TEXT", "help": "what is said, where you know it: lips meet surely on its p, b, m"},
    ),
    ("--text-file", {"metavar": "FILE", "help": "the same in a text file (UTF-8)"}),
    (
        "--text-files",
        {
            "action": "store_true",
            "help": "where no text is given, use text files beside recordings: line.txt beside line.wav",
        },
    ),
    (
        "--pose",
        {
            "choices": POSES,
            "default": _DEFAULTS.pose,
            "help": "where the head's motion comes from: the voice, a person's own clip, or none (default: generated)",
        },
    ),
    (
        "--video",
        {"metavar": "FILE", "help": "a video of a talking face to take motion from"},
    ),
    *(
        (
            f"--{part}-from",
            {
                "choices": ("video", "voice"),
                "default": "video",
                "help": f"with --video: what the {part} follow (default: video)",
            },
        )
        for part in ("lips", "head")
    ),
    (
        "--model",
        {
            "choices": MODELS,
            "default": manner.CONTENT,
            "help": "the engine's own networks or published ones that you have (default: content)",
        },
    ),
    ("--published-folder", {"metavar": "FOLDER", "help": "where the published files are"}),
    ("--published-letters", {"metavar": "NPY", "help": "what DeepSpeech hears, for style_avatar"}),
    ("--published-style", {"metavar": "NPY[:NUMBER]", "help": "a style code of style_avatar's"}),
    ("--published-speaker", {"metavar": "NAME", "help": "whose manner MakeItTalk takes"}),
    (
        "--accept-licence",
        {"action": "store_true", "help": "accept the licence of the published files"},
    ),
    (
        "--take",
        {
            "type": int,
            "default": _DEFAULTS.seed,
            "metavar": "NUMBER",
            "help": "another number gives another take: other blinks, glances and head motion (default: 0)",
        },
    ),
    (
        "--placement",
        {"choices": ("nla", "action"), "default": "nla", "help": "NLA strip or active action (default: nla)"},
    ),
    ("--no-sound", {"action": "store_true", "help": "do not add the recording to the sequencer"}),
    ("--keep-range", {"action": "store_true", "help": "leave the scene's frame range alone"}),
    (
        "--no-motion",
        {
            "action": "store_true",
            "help": "do not keep the motion in the saved file; dials then need the cache folder of this computer",
        },
    ),
    (
        "--sync",
        {
            "action": argparse.BooleanOptionalAction,
            "default": True,
            "help": "let the saved scene play in sync with its sound: pictures are dropped where it is slow (default: yes)",
        },
    ),
    *(
        (
            "--" + row["name"].replace("_", "-"),
            {
                "type": _ranged(row["minimum"], row["maximum"]),
                "default": row["default"],
                "metavar": f"{row['minimum']:g}…{row['maximum']:g}",
                "help": f"{row['description'][:1].lower()}{row['description'][1:]} (default: {row['default']:g})",
            },
        )
        for row in dials.rows()
    ),
    (
        "--keys",
        {
            "choices": ("frames", "linear", "bezier", "stepped"),
            "default": "frames",
            "help": "which keys: one a frame, as few as the tolerance allows, held drawings (default: frames)",
        },
    ),
    (
        "--tolerance",
        {
            "type": _ranged(0.001, 0.2),
            "default": 0.01,
            "help": "how far linear and bezier keys may be off (default: 0.01)",
        },
    ),
    (
        "--hold",
        {
            "type": _ranged(1, 12),
            "default": 2,
            "help": "frames that a stepped drawing is held for (default: 2)",
        },
    ),
    (
        "--blend-in",
        {
            "type": _ranged(0, 1000),
            "default": 0.0,
            "metavar": "FRAMES",
            "help": "the NLA strip fades in (default: 0)",
        },
    ),
    (
        "--blend-out",
        {
            "type": _ranged(0, 1000),
            "default": 0.0,
            "metavar": "FRAMES",
            "help": "the NLA strip fades out (default: 0)",
        },
    ),
    (
        "--no-calibration",
        {
            "action": "store_true",
            "help": "do not drive shapes further that open the mouth less than most do",
        },
    ),
    ("--cues", {"choices": ("markers", "text", "strips"), "help": "also show the mouth cues in this way"}),
    (
        "--render",
        {
            "metavar": "FILE",
            "help": "render the line (with --scene or --lines the scene) with sound to this MP4 file",
        },
    ),
    (
        "--bake",
        {
            "metavar": "FILE|FOLDER",
            "help": "write the talking picture as an MP4 video of its own size, whatever else the scene shows; with --scene or "
            "--lines: a folder, in which each line of a picture gets a file",
        },
    ),
    (
        "--bake-with",
        {
            "type": _renderer,
            "metavar": "{" + ",".join(name.lower() for name in portraits.RENDERERS) + ",FILE.npz}",
            "default": portraits.AUTOMATIC.lower(),
            "help": "with --bake or --lines: what draws the video; drawing and cartoon draw a photo anew; or the file of a "
            "person's own renderer or of a learned look (default: automatic, the full engine where there is one)",
        },
    ),
    (
        "--bake-pose",
        {
            "choices": tuple(pose.lower() for pose in portraits.POSES),
            "default": portraits.REPLAYED.lower(),
            "help": "with --bake or --lines, of a picture that is a film: its head moves as it was filmed (default), or as is "
            "made for the voice",
        },
    ),
    (
        "--bake-view",
        {
            "choices": tuple(view.lower() for view in portraits.VIEWS),
            "default": portraits.FULL.lower(),
            "help": "with --bake or --lines: the whole picture (default), or a square around the head, which the full engine "
            "draws",
        },
    ),
    (
        "--bake-preview",
        {
            "action": "store_true",
            "help": "with --bake or --lines: a quarter of the size, 256 pixels at least",
        },
    ),
    ("--engine-python", {"metavar": "FILE", "default": "", "help": "Python of a full engine (with torch)"}),
)


_OLDER_NAMES: Final = {"--take": ("--seed",)}
"""What options were called in earlier versions, by their present name."""


_Asked = Callable[[argparse.Namespace], Any]


def _of_models(*names: str) -> Iterator[tuple[tuple[str, ...], _Asked, str]]:
    """The row of options that steer the same published models."""
    models = MODEL_OPTIONS[names[0]]
    yield names, lambda asked: asked.model in models, f"--model {' or '.join(models)}"


_NEEDS: Final[tuple[tuple[tuple[str, ...], _Asked, str], ...]] = (
    (("json", "no_idle", "listening"), lambda asked: asked.scene or asked.lines, "--scene or --lines"),
    (
        ("face_at", "face", "picture_kind", "glasses", "link_picture", "keep_camera"),
        lambda asked: asked.picture,
        "--picture",
    ),
    (("lips_from", "head_from"), lambda asked: asked.video, "--video"),
    *_of_models("published_folder", "accept_licence"),
    *_of_models("published_speaker"),
    *_of_models("published_letters", "published_style"),
    *_of_models("text", "text_file", "text_files"),
    (
        ("text", "text_file"),
        lambda asked: not (asked.scene or asked.lines),
        "--audio (lines of a scene have their own)",
    ),
    (
        ("text", "text_file", "text_files"),
        lambda asked: not asked.video or asked.lips_from == "voice",
        "--lips-from voice where there is --video",
    ),
    (
        ("style", "speaker", "channel", "voice_in_file", "pose", "take", "model"),
        lambda asked: not asked.video or "voice" in (asked.lips_from, asked.head_from),
        "--lips-from voice or --head-from voice where there is --video",
    ),
    (("tolerance",), lambda asked: asked.keys in ("linear", "bezier"), "--keys linear or --keys bezier"),
    (("hold",), lambda asked: asked.keys == "stepped", "--keys stepped"),
    (
        ("bake_with", "bake_pose", "bake_view", "bake_preview"),
        lambda asked: asked.bake or asked.lines,
        "--bake or --lines",
    ),
)
"""Options that do nothing alone: which, whether what they need was asked for, and what that is."""


class _Parser(argparse.ArgumentParser):
    """Ends with exit code 2 after one sentence, as argparse does, but never exits Blender by itself."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        parsed = super().parse_args(args, namespace)
        given = self._given(args)
        for names, asked, needed in _NEEDS:
            alone = [f"--{name.replace('_', '-')}" for name in names if name in given]
            if alone and not asked(parsed):
                self.error(f"{_listed(alone)} {'needs' if len(alone) == 1 else 'need'} {needed}")
        _check_picture(parsed)
        if not (wants_scene(parsed) or parsed.audio or parsed.video):
            self.error("one of the arguments --audio, --video, --scene and --lines is required")
        return parsed

    def _given(self, args: Any) -> set[str]:
        """Names of the options that were written, whatever they say."""
        defaults = {action: action.default for action in self._actions}
        try:
            for action in defaults:
                action.default = argparse.SUPPRESS
            return set(vars(super().parse_args(args)))
        finally:
            for action, default in defaults.items():
                action.default = default

    def error(self, message: str) -> Any:
        raise TalkingAnimationError(f"{message[:1].upper()}{message[1:]} (--help lists the options).")


def _listed(options: list[str]) -> str:
    """--a, --b and --c."""
    return " and ".join(", ".join(options).rsplit(", ", 1))


def parser(program: str = "talking_animation") -> argparse.ArgumentParser:
    """What reads the options; it raises TalkingAnimationError for wrong ones."""
    result = _Parser(prog=program, description="Make a character of a .blend file say a voice recording.")
    names = ", ".join(shipped.name for shipped in api.shipped_pictures())
    for name, settings in _OPTIONS:
        text = str(settings["help"]).replace(_SHIPPED, names)
        result.add_argument(name, *_OLDER_NAMES.get(name, ()), **{**settings, "help": text})
    return result


def wants_scene(parsed: argparse.Namespace) -> bool:
    """Whether the options ask for a whole scene.

    Raises:
        TalkingAnimationError: where they ask for other things too.
    """
    if not (parsed.scene or parsed.lines):
        return False
    chosen = "--lines" if parsed.lines else "--scene"
    if parsed.scene and parsed.lines:
        raise TalkingAnimationError("Choose --scene or --lines, not both (--help lists the options).")
    for name in _NOT_WITH_SCENES:
        if getattr(parsed, name, None) not in (None, ""):
            raise TalkingAnimationError(
                f"--{name} is for a single line and does not go with {chosen} (--help lists the options)."
            )
    if parsed.take_over:
        raise TalkingAnimationError(
            f"--take-over is for a single line and does not go with {chosen} (--help lists the options)."
        )
    return True


def _check_picture(parsed: argparse.Namespace) -> None:
    if parsed.picture and parsed.character:
        raise TalkingAnimationError("Choose --picture or --character, not both (--help lists the options).")
    face_of(parsed)


def face_of(parsed: argparse.Namespace) -> list[float]:
    """Where the face is in the picture, as `api.make_picture_talk` takes it.

    Raises:
        TalkingAnimationError: where these are not eight numbers.
    """
    if not parsed.face_at:
        return []
    try:
        numbers = [float(part) for part in parsed.face_at.replace(";", ",").split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != 8 or not all(map(math.isfinite, numbers)):
        raise TalkingAnimationError(
            f"'{parsed.face_at}' is no place of a face: --face-at takes eight numbers, such as 210,180,300,182,225,290,288,291."
        )
    return numbers


def options_of(parsed: argparse.Namespace) -> api.GenerateOptions:
    """What parsed options ask for.

    Raises:
        TalkingAnimationError: for a video that is missing, or of which nothing would be used.
    """
    return api.GenerateOptions(
        start_frame=parsed.start,
        style=parsed.style,
        speaker=parsed.speaker,
        pose=parsed.pose,
        channel=parsed.channel,
        voice_in_file=parsed.voice_in_file,
        text=_text(parsed),
        text_files=parsed.text_files,
        published=_published(parsed),
        seed=parsed.take,
        placement=parsed.placement.upper(),
        add_sound=not parsed.no_sound,
        extend_range=not parsed.keep_range,
        play_in_sync=parsed.sync,
        keep_motion=not parsed.no_motion,
        dials=api.Dials(**{name: getattr(parsed, name) for name in dials.NAMES}),
        keys=api.KeyStyle(parsed.keys.upper(), parsed.tolerance, int(parsed.hold)),
        calibrated=not parsed.no_calibration,
        filmed=_filmed(parsed),
        idle=not parsed.no_idle,
        listening=parsed.listening,
    )


def _text(parsed: argparse.Namespace) -> str:
    """What the recording says, as far as it is told."""
    if parsed.text and parsed.text_file:
        raise TalkingAnimationError("Choose --text or --text-file, not both (--help lists the options).")
    return line_texts.read(parsed.text_file) if parsed.text_file else parsed.text or ""


def _filmed(parsed: argparse.Namespace) -> videos.Filmed | None:
    if not parsed.video:
        return None
    return videos.filmed(parsed.video, parsed.lips_from.upper(), parsed.head_from.upper())


def _published(parsed: argparse.Namespace) -> dict[str, Any] | None:
    """The settings of the published model; None where it was not chosen."""
    if parsed.model == manner.CONTENT:
        return None
    settings = {"folder": parsed.published_folder, "speaker": parsed.published_speaker}
    settings |= {"letters": parsed.published_letters, "style_code": parsed.published_style}
    return {**settings, "model": parsed.model, "accept_licence": parsed.accept_licence}
