"""The names that both halves speak in, and their order: shapes, visemes, mouth cues, landmarks, poses, models, file formats.

Needs nothing but Python, since the add-on's panel reads it in a Blender that may have no numpy.
"""

from __future__ import annotations

from typing import Final

ARKIT_NAMES: Final[tuple[str, ...]] = (
    "eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft", "eyeSquintLeft",
    "eyeWideLeft", "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight", "eyeLookUpRight",
    "eyeSquintRight", "eyeWideRight", "jawForward", "jawLeft", "jawRight", "jawOpen", "mouthClose", "mouthFunnel",
    "mouthPucker", "mouthLeft", "mouthRight", "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft",
    "mouthFrownRight", "mouthDimpleLeft", "mouthDimpleRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthPressLeft", "mouthPressRight",
    "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight", "browDownLeft",
    "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff", "cheekSquintLeft",
    "cheekSquintRight", "noseSneerLeft", "noseSneerRight", "tongueOut",
)  # fmt: skip
"""Apple's 52 face shapes, in the order of ARKit's own list:
https://developer.apple.com/documentation/arkit/arfaceanchor/blendshapelocation
"""
ARKIT_INDEX: Final[dict[str, int]] = {name: index for index, name in enumerate(ARKIT_NAMES)}

VISEMES: Final[tuple[str, ...]] = (
    "sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U",
)  # fmt: skip
"""Oculus' 15 visemes: https://developers.meta.com/horizon/documentation/unity/audio-ovrlipsync-viseme-reference"""

MOUTH_SHAPES: Final[tuple[str, ...]] = ("A", "B", "C", "D", "E", "F", "G", "H", "X")
"""Mouth cues, X at rest: https://github.com/DanielSWolf/rhubarb-lip-sync#mouth-shapes"""

LANDMARK_COUNT: Final = 68
LANDMARK_GROUPS: Final[dict[str, tuple[int, int]]] = {
    "Jaw": (0, 17),
    "Right Brow": (17, 22),
    "Left Brow": (22, 27),
    "Nose Bridge": (27, 31),
    "Nostrils": (31, 36),
    "Right Eye": (36, 42),
    "Left Eye": (42, 48),
    "Outer Lips": (48, 60),
    "Inner Lips": (60, 68),
}
"""Group of iBUG's 68 points (Sagonas et al., *300 Faces in-the-Wild Challenge*, ICCV-W 2013) → its first point and the one after
its last. Right and left are the character's own.
"""

POSES: Final[tuple[str, ...]] = ("generated", "replayed", "still")
"""Where the head's motion comes from: made for the voice, a person's own clip, or none."""

LIVE_SOURCES: Final[tuple[str, ...]] = ("recording", "microphone", "samples")
"""What a live preview listens to: a file, the computer's microphone, or sound that comes with each request."""

LIVE_BLOCK: Final = 0.2
"""Seconds of sound that a live preview's block has: shorter is sooner, and costs more."""

FILLS: Final[tuple[str, ...]] = ("loop", "hold")
"""What a part of an animation does that is shorter than the rest: plays to and fro, or comes to rest and stays."""

CONTENT: Final = "content"
MAKEITTALK: Final = "makeittalk"
ANIMATE_PORTRAIT: Final = "animateportrait"
STYLE_AVATAR: Final = "style_avatar"
MODELS: Final[tuple[str, ...]] = (CONTENT, MAKEITTALK, ANIMATE_PORTRAIT, STYLE_AVATAR)
"""What turns a voice into motion: the engine's own network, or published ones that the user has."""

_OF_MAKEITTALKS_KIND: Final = (MAKEITTALK, ANIMATE_PORTRAIT)
MODEL_OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "published_folder": MODELS[1:],
    "published_speaker": _OF_MAKEITTALKS_KIND,
    "published_letters": (STYLE_AVATAR,),
    "published_style": (STYLE_AVATAR,),
    "amp_lip_x": _OF_MAKEITTALKS_KIND,
    "amp_lip_y": _OF_MAKEITTALKS_KIND,
    "amp_pos": _OF_MAKEITTALKS_KIND,
    "closure": MODELS[1:],
    "accept_licence": MODELS[1:],
    "text": (CONTENT,),
    "text_file": (CONTENT,),
}
"""What the command lines call an option → the models that it steers; to the others it is nothing."""

DAVS: Final = "davs"
PUBLISHED_FOLDER_VARIABLE: Final = "TALKING_ANIMATION_PUBLISHED"
"""Environment variable that names another folder of published files than the engine's own."""
PUBLISHED_SYSTEMS: Final[tuple[str, ...]] = (MAKEITTALK, ANIMATE_PORTRAIT, "headpose", DAVS, STYLE_AVATAR)
"""The published systems whose weights a user can bring."""

FRAME_RATES: Final[tuple[float, float]] = (1.0, 1000.0)
"""The lowest and the highest frame rate of an animation, frames per second."""

FORMATS: Final[dict[str, tuple[str, ...]]] = {
    "npz": (),
    "json": ("cues", "arkit", "visemes"),
    "tsv": ("cues",),
    "csv": ("arkit", "visemes"),
}
"""File format → what it can hold, the default first; an npz file always holds everything."""

FORMAT_CONTENTS: Final[tuple[str, ...]] = ("cues", "arkit", "visemes")
"""What of an animation a file of another format than npz can hold."""

SPEAKERS: Final[tuple[str, ...]] = ("auto", "none")
"""Whether the voice says how lively the style is, or not; a folder of persons' files is a third choice."""

CHANNELS: Final[tuple[str, ...]] = ("auto", "mix")
"""What of a recording is listened to: the channels with the voice, or all; a number from 1 is a third choice."""

ALL_VOICES: Final = "all"
MOST_VOICES: Final = 4
"""Whose words of a recording are used: everybody's, or those of the voice that is heard as the first … fourth."""

PICTURE_KINDS: Final[tuple[str, ...]] = ("photo", "drawing")
"""What a picture that talks can be."""

PICTURE_GLASSES: Final[tuple[str, ...]] = ("yes", "no")
"""Whether whoever a photo shows wears glasses."""

PORTRAIT_RENDERERS: Final[tuple[str, ...]] = ("warp", "refined", "makeittalk", "davs")
"""What draws a talking portrait: the picture itself, moved; that with a mouth that a network refines; MakeItTalk's or DAVS'
published networks, where the user has them. A person's own renderer is a file (`PERSONAL_RENDERER`)."""

PHOTO_LOOK: Final = "photo"
"""The look of a picture as it is."""

PORTRAIT_LOOKS: Final[tuple[str, ...]] = ("drawing", "cartoon")
"""Looks in which a talking portrait can be drawn: ink on paper, and flat colours. A learned look's file is a further one."""

LOOK_ENDING: Final = ".npz"
"""Of a learned look's file."""

DRAWN_STILL_ENDINGS: Final[tuple[str, ...]] = (".pth", ".pt")
"""Of AnimatePortrait's published networks: that which draws a still as a drawing, and others, which are told from it."""

PERSONAL_RENDERER: Final = ".npz"
"""How the file of a person's own renderer ends, which ``personalize --renderer`` makes."""

FILM_POSES: Final[tuple[str, ...]] = POSES[1::-1]
"""How a filmed head moves that is made to say something else: as it was filmed, or as is made for the voice."""

PORTRAIT_VIEWS: Final[tuple[str, ...]] = ("full", "face")
"""What of a talking portrait is seen: the whole picture, or a square around the head."""

SIGNING_ALGORITHMS: Final[tuple[str, ...]] = ("es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519")
"""How a key may sign a video's Content Credentials, as the C2PA specification calls it."""

PORTRAIT_SIZES: Final[tuple[int, int]] = (32, 4096)
"""The fewest and the most pixels of a talking portrait's longer side."""
