"""What add-on and engine say to each other, a JSON object a line: requests, and the answers to them.

The protocol is told in ``docs/architecture.md``. A message checks its own fields, so whoever holds one holds a valid one: the
worker, the command line, `pipeline.animate` and the add-on alike. Needs nothing but Python, since the engine has to be able to
say that its Python has no numpy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Final

from .checked_fields import (
    FLAT,
    Between,
    Checked,
    FilePath,
    OneOf,
    WordOrFile,
    WordOrNumber,
    as_json,
    from_json,
)
from .errors import EngineError
from .names import (
    ALL_VOICES,
    CHANNELS,
    CONTENT,
    DRAWN_STILL_ENDINGS,
    FILM_POSES,
    FRAME_RATES,
    LIVE_BLOCK,
    LIVE_SOURCES,
    LOOK_ENDING,
    MODELS,
    MOST_VOICES,
    PERSONAL_RENDERER,
    PHOTO_LOOK,
    PICTURE_GLASSES,
    PICTURE_KINDS,
    PORTRAIT_LOOKS,
    PORTRAIT_RENDERERS,
    PORTRAIT_SIZES,
    PORTRAIT_VIEWS,
    POSES,
    PUBLISHED_SYSTEMS,
)

NOT_AUDIO: Final = "not_audio"
"""`Failure.code` where a recording is of a kind that the engine cannot read: another decoder may."""

BAD_ANIMATION: Final = "bad_animation"
"""`Failure.code` where motion that was made before is missing or damaged: it has to be made again."""

NO_MICROPHONE: Final = (
    "The microphone needs the full engine with the package sounddevice: make or choose one in the add-on's preferences, "
    "or choose a recording."
)
"""What is said where an engine cannot listen to a microphone."""

PROTOCOL: Final = 1
"""Counts up with every change that an older add-on or engine would not understand."""


FrameRate = Annotated[float, Between(*FRAME_RATES)]
Gain = Annotated[float, Between(0.0, 5.0)]


# -- Requests ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Request(Checked):
    """What the engine is asked for.

    Attributes:
        command: how the line names it.
        answer: the class of its result.
        out_of_memory: what a person is told where memory does not suffice for it.
    """

    command: ClassVar[str]
    answer: ClassVar[type[Answer]]
    out_of_memory: ClassVar[str] = "There is not enough memory: close other programs and try again."

    def as_message(self, identity: Any = None) -> dict[str, Any]:
        """The line's object; every answer to it repeats the identity as ``id``."""
        return {"id": identity, "command": self.command, **as_json(self)}

    @classmethod
    def lacks_memory(cls) -> Failure:
        """The answer where memory does not suffice for it."""
        return Failure("out_of_memory", cls.out_of_memory)


@dataclass(frozen=True)
class PublishedSettings(Checked):
    """What only published networks ask for.

    Attributes:
        folder: where the files are; None for the engine's own choice.
        speaker: whose manner, one of ``emb.pickle``'s names; None for the voice's own.
        amp_lip_x, amp_lip_y: how far the content branch's lips work across and up and down, 0…5.
        amp_pos: how much of the speaker-aware branch's motion, head included, 0…5.
        closure: how firmly lips meet where the engine hears p, b and m, 0…1; 0 leaves MakeItTalk's lips alone.
        accept_licence: the user accepts the weights' licence, now and from now on.
        head_weights: a file of Audio-driven-TalkingFace-HeadPose's ATC_net, which then moves the head, whatever the model.
        letters: a ``.npy`` file of (L, 29) probabilities that DeepSpeech 0.9 hears in the recording, 50 a second, for
            ``style_avatar``.
        style_code: a ``.npy`` file with style_avatar's style codes of 135 numbers, with ``:NUMBER`` where it holds several; None
            for the average of its corpus.
    """

    folder: FilePath | None = None
    speaker: str | None = None
    amp_lip_x: Gain = 2.0
    amp_lip_y: Gain = 2.0
    amp_pos: Gain = 0.5
    closure: Annotated[float, Between(0.0, 1.0)] = 1.0
    accept_licence: bool = False
    head_weights: FilePath | None = None
    letters: FilePath | None = None
    style_code: FilePath | None = None


@dataclass(frozen=True)
class AnimateOptions(Checked):
    """How a recording is to be animated.

    Attributes:
        fps: frames per second of the result, 1…1000; None for the engine's own rate.
        style: a shipped style's name, a style's JSON file, a person's file, a mixture such as ``calm:0.3,lively:0.7``; ``auto``
            for the ordinary manner with the voice's own liveliness.
        speaker: ``auto`` to let the voice choose how lively the style is, ``none`` not to, or a folder of persons' files: the
            one whose voice it is drives. None: ``auto`` where the style is ``auto``.
        channel: what of several channels is listened to: ``auto`` for what holds the voice, ``mix`` for all, or a number from 1.
        voice_in_file: whose words are used: ``all``, or a number from 1 to 4 for the voice that is heard as the first … fourth.
        text: what is said, as people write it; None where that is not known.
        pose: one of `names.POSES`.
        seed: which take of blinks, gaze and head motion; any integer.
        backend: ``auto``, ``numpy`` or ``torch``.
        device: ``auto``, ``cpu`` or ``cuda`` (torch only).
        source_name: the recording's own name, where ``audio`` is a decoded copy of it.
        model: one of `names.MODELS`.
        published: what only published models ask for.
    """

    fps: FrameRate | None = 25.0
    style: str = "auto"
    speaker: str | None = None
    channel: Annotated[str, WordOrNumber(CHANNELS)] = CHANNELS[0]
    voice_in_file: Annotated[str, WordOrNumber((ALL_VOICES,), MOST_VOICES)] = ALL_VOICES
    text: str | None = None
    pose: Annotated[str, OneOf(POSES)] = "generated"
    seed: int = 0
    backend: str = "auto"
    device: str = "auto"
    source_name: str | None = None
    model: Annotated[str, OneOf(MODELS)] = CONTENT
    published: PublishedSettings = field(default_factory=PublishedSettings)


@dataclass(frozen=True)
class CapabilitiesRequest(Request):
    """What can the engine do? It says so unasked when it starts; answered by `Capabilities`."""

    command = "capabilities"


@dataclass(frozen=True)
class AnimateRequest(Request):
    """Make the talking animation of a recording; answered by `AnimationResult`.

    Attributes:
        audio: the recording.
        output: the animation to write (.npz).
        options: how; in the line they stand beside audio and output.
    """

    command = "animate"
    out_of_memory = "There is not enough memory for a recording this long: split it into shorter parts."
    audio: FilePath
    output: FilePath
    options: AnimateOptions = field(default_factory=AnimateOptions, metadata=FLAT)


@dataclass(frozen=True)
class RetargetRequest(Request):
    """Fit an animation to one character's own shapes; answered by `RetargetResult`.

    Attributes:
        animation: an animation (.npz).
        shapes: how the character's shapes move its landmarks (.npz, see `retargeting.own_shapes.OwnShapes`).
        output: the animation to write (.npz).
    """

    command = "retarget"
    out_of_memory = "There is not enough memory for motion this long: split it into shorter parts."
    animation: FilePath
    shapes: FilePath
    output: FilePath


@dataclass(frozen=True)
class LandmarksRequest(Request):
    """Find the 68 landmarks of a picture of a face, or of several views of a head; answered by `LandmarksResult`.

    Attributes:
        picture: .npz with ``picture`` (H, W, 3) uint8, or (V, H, W, 3) of views.
        output: .npz to write, with ``landmarks`` (68, 3) float32 in pixels; of views (V, 68, 3), NaN where no face is seen, and
            ``confidence`` (V,) float32, 0 to 1.
    """

    command = "landmarks"
    out_of_memory = (
        "There is not enough memory for a picture this large: make it smaller, 4096 pixels wide will do."
    )
    picture: FilePath
    output: FilePath


@dataclass(frozen=True)
class CaptureRequest(Request):
    """Turn a video of a talking face into an animation; answered by `AnimationResult`.

    Attributes:
        video: any video (full engine), a folder of images, or one into which the add-on decoded a film.
        output: the animation to write (.npz).
        fps: frames per second of the result, 1…1000; None for the video's own.
        smooth: take out the tracker's tremor.
    """

    command = "capture"
    out_of_memory = "There is not enough memory for a video this long or large: cut it into shorter parts."
    video: FilePath
    output: FilePath
    fps: FrameRate | None = None
    smooth: bool = True


@dataclass(frozen=True)
class MixRequest(Request):
    """Put one animation together from the lips of one and the head of another; answered by `AnimationResult`.

    Attributes:
        lips: an animation (.npz), which also gives the length.
        head: the animation (.npz) that gives head, eyes and brows.
        output: the animation to write (.npz).
        fps: frames per second of the result, 1…1000; None for that of the lips.
        fill: one of `names.FILLS`.
    """

    command = "mix"
    out_of_memory = "There is not enough memory for motion this long: split it into shorter parts."
    lips: FilePath
    head: FilePath
    output: FilePath
    fps: FrameRate | None = None
    fill: str = "loop"


@dataclass(frozen=True)
class StyleRequest(Request):
    """Take a talking style from a clip; answered by `StyleResult`.

    Attributes:
        clip: a video of a talking face, or an animation (.npz).
        output: the style to write (.json).
        name: of the style; None for the output's own.
        audio: the clip's sound; None for the video's own.
    """

    command = "style"
    out_of_memory = "There is not enough memory for a video this long or large: cut it into shorter parts."
    clip: FilePath
    output: FilePath
    name: str | None = None
    audio: FilePath | None = None


@dataclass(frozen=True)
class PersonalizeRequest(Request):
    """Learn one person's manner from clips, or how their mouth looks; answered by `PersonResult`.

    Attributes:
        clips: one or more, each as in `StyleRequest`; for a renderer they are films.
        output: the person's file to write (.npz).
        name: of the person; None for the output's own.
        renderer: learn how the mouth looks, for `PortraitRequest.renderer`; else the manner.
    """

    command = "personalize"
    out_of_memory = "There is not enough memory for a video this long or large: cut it into shorter parts."
    clips: tuple[FilePath, ...]
    output: FilePath
    name: str | None = None
    renderer: bool = False


@dataclass(frozen=True)
class PictureRequest(Request):
    """Turn a picture of a face into one that can talk; answered by `PictureResult`.

    Attributes:
        picture: an image file, or .npy with (h, w, 4) uint8, RGBA, sRGB with straight alpha, upright.
        output: the face picture to write (.npz); further faces get ``_2``, ``_3`` … before the suffix.
        name: of the picture, where ``picture`` is a decoded copy of it.
        points: eight numbers, x and y of the eyes' centres and the mouth's corners, in pixels, each pair from the picture's
            left to its right; or those of iBUG's 68 landmarks, or of a face mesh; () to find the face.
        faces: ``largest``, ``all``, or a number from 1, the largest first.
        kind: one of `names.PICTURE_KINDS`; ``auto`` to look at the picture.
        puppet: a file of a puppet of MakeItTalk's, where ``picture`` is a decoded copy of its artwork; None to look beside the
            picture.
        background: a decoded copy of that puppet's background; None to read it.
        glasses: one of `names.PICTURE_GLASSES`, whether glasses are worn in a photo; ``auto`` to look for them.
        look: `names.PHOTO_LOOK`, one of `names.PORTRAIT_LOOKS`, or the path of a learned look: in which the face picture is.
    """

    command = "picture"
    out_of_memory = (
        "There is not enough memory for a picture this large: make it smaller, 4096 pixels wide will do."
    )
    picture: FilePath
    output: FilePath
    name: str | None = None
    points: tuple[float, ...] = ()
    faces: Annotated[str, WordOrNumber(("largest", "all"))] = "largest"
    kind: Annotated[str, OneOf(("auto", *PICTURE_KINDS))] = "auto"
    puppet: FilePath | None = None
    background: FilePath | None = None
    glasses: Annotated[str, OneOf(("auto", *PICTURE_GLASSES))] = "auto"
    look: Annotated[str, WordOrFile((PHOTO_LOOK, *PORTRAIT_LOOKS), (LOOK_ENDING,))] = PHOTO_LOOK


@dataclass(frozen=True)
class PortraitRequest(Request):
    """Draw a picture that talks, as a video; answered by `PortraitResult`.

    Attributes:
        picture: a face picture (.npz), an image file, the name of a picture that ships; or a film of one person, whose own body
            and background are replayed (needs the full engine).
        output: what to write: .mp4; .mov with transparency around the person; or a folder, for PNG pictures with transparency.
        voice: the recording that is heard, any length; None for a video without sound.
        animation: the motion (.npz); None to make it of the voice.
        size: pixels of the picture's longer side in the video, or of the square's side in the view ``face``; None for the
            picture's own, at most `names.PORTRAIT_SIZES`.
        fps: frames per second, 1…1000; None for the animation's own, 25 where it is made of the voice.
        view: one of `names.PORTRAIT_VIEWS`.
        renderer: one of `names.PORTRAIT_RENDERERS` or `names.PORTRAIT_LOOKS`, or the path of a learned look, of
            AnimatePortrait's ``static/drawing.pth`` or ``cartoon.pt``, or of a person's own renderer, see `PersonalizeRequest`.
        still: hold the head; lips, lids and gaze move.
        preview: a quarter of the size (of 256 pixels at least), to have a look.
        style, text, seed, device, channel, voice_in_file: as in `AnimateOptions`, for motion that is made of the voice.
        pose: in a film, one of `names.FILM_POSES`; None for the first of them.
        faces: of an image with several faces: ``largest``, or a number from 1, the largest first.
        points: where the face is in an image, as in `PictureRequest`; () to find it.
        glasses: as in `PictureRequest`, of an image.
        name, voice_name: of picture and voice, where they are decoded copies of them.
    """

    command = "portrait"
    out_of_memory = (
        "There is not enough memory for a picture this large: make it smaller, 4096 pixels wide will do."
    )
    picture: FilePath
    output: FilePath
    voice: FilePath | None = None
    animation: FilePath | None = None
    size: Annotated[int, Between(*PORTRAIT_SIZES)] | None = None
    fps: FrameRate | None = None
    view: Annotated[str, OneOf(PORTRAIT_VIEWS)] = PORTRAIT_VIEWS[0]
    renderer: Annotated[
        str,
        WordOrFile(
            (*PORTRAIT_RENDERERS, *PORTRAIT_LOOKS), (LOOK_ENDING, *DRAWN_STILL_ENDINGS, PERSONAL_RENDERER)
        ),
    ] = PORTRAIT_RENDERERS[0]
    still: bool = False
    preview: bool = False
    style: str = "auto"
    seed: int = 0
    device: str = "auto"
    faces: Annotated[str, WordOrNumber(("largest",))] = "largest"
    points: tuple[float, ...] = ()
    glasses: Annotated[str, OneOf(("auto", *PICTURE_GLASSES))] = "auto"
    name: str | None = None
    voice_name: str | None = None
    pose: Annotated[str, OneOf(FILM_POSES)] | None = None
    text: str | None = None
    channel: Annotated[str, WordOrNumber(CHANNELS)] = CHANNELS[0]
    voice_in_file: Annotated[str, WordOrNumber((ALL_VOICES,), MOST_VOICES)] = ALL_VOICES


@dataclass(frozen=True)
class PublishedRequest(Request):
    """Which of a published system's files are there? Answered by `PublishedResult`.

    Attributes:
        folder: where to look; None for the engine's own choice.
        accept: accept their licence first.
        system: one of `names.PUBLISHED_SYSTEMS`.
    """

    command = "published"
    folder: FilePath | None = None
    accept: bool = False
    system: Annotated[str, OneOf(PUBLISHED_SYSTEMS)] = PUBLISHED_SYSTEMS[0]


@dataclass(frozen=True)
class LiveRequest(Request):
    """What does a face do in the next block of a voice that goes on? Answered by `LiveResult`.

    The engine knows one such session at a time: another name begins anew, with what that request says of source and manner.

    Attributes:
        session: its name, any text.
        source: one of `names.LIVE_SOURCES`.
        audio: the recording, for that source.
        begin: seconds of the recording to leave out before.
        samples: for the source ``samples``: what follows on the request before, base64 of float32, mono, 16 kHz.
        block: seconds of a recording or of the microphone that one request hears.
        look_ahead: seconds of sound that are heard beyond what is answered: less is sooner, more is better.
        last: end the session: what is left comes out as well.
        output: with ``last``: keep what was heard as a WAV file (.wav); None not to.
        style: as in `AnimateOptions`, but without the voice's own liveliness.
        seed, channel, voice_in_file, source_name: as in `AnimateOptions`.
    """

    command = "live"
    session: str
    source: Annotated[str, OneOf(LIVE_SOURCES)] = LIVE_SOURCES[0]
    audio: FilePath | None = None
    begin: Annotated[float, Between(0.0, 1e6)] = 0.0
    samples: str = ""
    block: Annotated[float, Between(0.05, 2.0)] = LIVE_BLOCK
    look_ahead: Annotated[float, Between(0.0, 0.5)] = 0.12
    last: bool = False
    output: FilePath | None = None
    style: str = "auto"
    seed: int = 0
    channel: Annotated[str, WordOrNumber(CHANNELS)] = CHANNELS[0]
    voice_in_file: Annotated[str, WordOrNumber((ALL_VOICES,), MOST_VOICES)] = ALL_VOICES
    source_name: str | None = None


# -- Answers -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer(Checked):
    """What the engine says.

    Attributes:
        type: how the line names it: ``result``, ``capabilities``, ``progress`` or ``error``.
    """

    type: ClassVar[str] = "result"

    def as_message(self) -> dict[str, Any]:
        """The line's object, still without the ``id`` of the request."""
        return {"type": self.type, **as_json(self)}


@dataclass(frozen=True)
class Progress(Answer):
    """How far a request is.

    Attributes:
        fraction: 0…1.
        stage: what is being done, for people.
    """

    type = "progress"
    fraction: float
    stage: str


@dataclass(frozen=True)
class Failure(Answer):
    """Why there is no result.

    Attributes:
        code: a short stable word for programs.
        message: one sentence: the file, the problem, the remedy.
    """

    type = "error"
    code: str
    message: str


@dataclass(frozen=True)
class PublishedFileState(Checked):
    """One of a published system's files.

    Attributes:
        name: as published.
        content: what is in it, for people.
        required: whether nothing works without it.
        found: whether it is there.
    """

    name: str
    content: str
    required: bool
    found: bool


@dataclass(frozen=True)
class PublishedState(Checked):
    """Everything that a person or a panel needs to know about a published system, such as MakeItTalk.

    Attributes:
        name: of the system.
        available: whether it can be used.
        reason: why not, one sentence; None where it can.
        folder: where its files are looked for.
        files: each of them.
        speakers: whose manners can be chosen.
        licence: the notice.
        licence_accepted: whether the user has accepted it.
        title: what its authors call it.
        use: the option that uses it.
        needs: one sentence: what the user has to bring.
    """

    name: str
    available: bool
    reason: str | None
    folder: str
    files: tuple[PublishedFileState, ...]
    speakers: tuple[str, ...]
    licence: str
    licence_accepted: bool
    title: str = ""
    use: str = ""
    needs: str = ""


@dataclass(frozen=True)
class CaptureState(Checked):
    """Whether and how this engine can read faces from videos.

    Attributes:
        available: whether it can, if need be from pictures that the add-on decodes.
        reason: what it cannot do, one sentence; None where it can do everything.
        decodes: whether it decodes videos itself.
        tracker: what finds the face, ``mediapipe`` or ``numpy``.
    """

    available: bool
    reason: str | None
    decodes: bool = False
    tracker: str = ""


@dataclass(frozen=True)
class ShippedStyle(Checked):
    """A style that comes with the engine.

    Attributes:
        name: how requests name it.
        label, description: for people.
    """

    name: str
    label: str
    description: str


@dataclass(frozen=True)
class Capabilities(Answer):
    """What this engine can do.

    Attributes:
        protocol: `PROTOCOL` of the engine.
        engine: its version.
        backends, devices: what `AnimateOptions` may name.
        models: those of `names.MODELS` that can be used.
        published: about MakeItTalk's networks.
        capture: about videos.
        styles: what ships.
        python, numpy: versions.
        microphone: why it cannot listen to the computer's microphone, in one sentence; "" where it can.
    """

    type = "capabilities"
    protocol: int
    engine: str
    backends: tuple[str, ...]
    devices: tuple[str, ...]
    models: tuple[str, ...]
    published: PublishedState
    capture: CaptureState
    styles: tuple[ShippedStyle, ...]
    python: str
    numpy: str
    microphone: str = NO_MICROPHONE


@dataclass(frozen=True)
class AnimationResult(Answer):
    """An animation was written.

    Attributes:
        output: where.
        frames: how many.
        fps: frames per second.
        duration: seconds of the recording, or of the motion where there is none.
        warnings: sentences that the user should read.
    """

    output: FilePath
    frames: int
    fps: float
    duration: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class RetargetResult(Answer):
    """A fitted animation was written.

    Attributes:
        output: where.
        frames: how many.
        error_before, error_after: root mean square distance of lips and jaw from where they should be, face units.
        warnings: sentences that the user should read.
    """

    output: FilePath
    frames: int
    error_before: float
    error_after: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class LandmarksResult(Answer):
    """Landmarks were written.

    Attributes:
        output: where.
        warnings: sentences that the user should read.
    """

    output: FilePath
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class StyleResult(Answer):
    """A style was written.

    Attributes:
        output: where.
        name: of the style.
        nearest: the shipped styles, nearest first.
        warnings: sentences that the user should read.
    """

    output: FilePath
    name: str
    nearest: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonResult(Answer):
    """A person's file was written.

    Attributes:
        output: where.
        name: of the person.
        seconds: of video that it was learned from.
        warnings: sentences that the user should read.
        gain: of a renderer, decibels that the mouth is nearer to the film than the warp's, in the part that was held back.
        sharpness: of that mouth beside the film's, 1 the same.
    """

    output: FilePath
    name: str
    seconds: float
    warnings: tuple[str, ...] = ()
    gain: float | None = None
    sharpness: float | None = None


@dataclass(frozen=True)
class PictureResult(Answer):
    """Faces of a picture were written.

    Attributes:
        outputs: a file for each face, the largest first.
        seen: how many faces the picture shows.
        kind: one of `names.PICTURE_KINDS`.
        warnings: sentences that the user should read.
    """

    outputs: tuple[FilePath, ...]
    seen: int = 1
    kind: str = PICTURE_KINDS[0]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PortraitResult(Answer):
    """A talking portrait was written.

    Attributes:
        output: where: a video, or a folder of pictures.
        frames: how many pictures it has.
        fps: frames per second.
        duration: seconds, of pictures and sound.
        width, height: pixels.
        warnings: sentences that the user should read.
    """

    output: FilePath
    frames: int
    fps: float
    duration: float
    width: int
    height: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublishedResult(Answer):
    """The state of a published system's files.

    Attributes:
        state: in the line its fields stand beside the warnings.
        warnings: sentences that the user should read.
    """

    state: PublishedState = field(metadata=FLAT)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class LiveResult(Answer):
    """What a face does in the next moments of a voice that goes on.

    Attributes:
        first: number of the first frame, from 0 at the beginning of the session.
        fps: frames per second.
        frames: see `live_frames.packed`.
        heard: seconds of sound heard so far.
        lost: blocks of sound that came faster than they could be heard, so far.
        ended: nothing follows.
        output: the WAV file with what was heard, where one was asked for.
        warnings: sentences that the user should read.
    """

    first: int
    fps: float
    frames: str
    heard: float
    lost: int = 0
    ended: bool = False
    output: FilePath | None = None
    warnings: tuple[str, ...] = ()


CapabilitiesRequest.answer = Capabilities
LiveRequest.answer = LiveResult
AnimateRequest.answer = CaptureRequest.answer = MixRequest.answer = AnimationResult
RetargetRequest.answer = RetargetResult
LandmarksRequest.answer = LandmarksResult
StyleRequest.answer = StyleResult
PersonalizeRequest.answer = PersonResult
PictureRequest.answer = PictureResult
PortraitRequest.answer = PortraitResult
PublishedRequest.answer = PublishedResult

REQUESTS: Final[dict[str, type[Request]]] = {
    kind.command: kind
    for kind in (
        CapabilitiesRequest,
        AnimateRequest,
        RetargetRequest,
        LandmarksRequest,
        LiveRequest,
        CaptureRequest,
        MixRequest,
        StyleRequest,
        PersonalizeRequest,
        PictureRequest,
        PortraitRequest,
        PublishedRequest,
    )
}
"""By the names that lines use."""


# -- From and to lines -------------------------------------------------------------------------------------


def request_of(message: Mapping[str, Any]) -> Request:
    """The request in a line's object; fields that this engine does not know are passed over.

    Raises:
        EngineError: an unknown command, a field missing, of the wrong kind or out of range (code ``bad_request``).
    """
    command = message.get("command")
    if not isinstance(command, str) or command not in REQUESTS:
        raise EngineError(f"The engine has no command {command!r}: update it.", "bad_request")
    return from_json(REQUESTS[command], message)


def answer_of(message: Mapping[str, Any], request: Request | None = None) -> Answer:
    """The answer in a line's object; fields that this reader does not know are passed over.

    Args:
        message: the object.
        request: what was asked, which says what a result is; None for what the engine says unasked.

    Raises:
        EngineError: the engine speaks another protocol than this reader (code ``bad_answer``).
    """
    kinds: dict[str, type[Answer]] = {kind.type: kind for kind in (Progress, Failure, Capabilities)}
    if request is not None:
        kinds["result"] = request.answer
    kind = kinds.get(str(message.get("type")))
    try:
        if kind is None or message.get("protocol", PROTOCOL) != PROTOCOL:
            raise EngineError("It is no answer of this protocol.", "bad_answer")
        return from_json(kind, message)
    except EngineError as error:
        raise EngineError(
            "The add-on and its engine do not fit together: install the zip again.", "bad_answer"
        ) from error
