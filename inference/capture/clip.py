"""A talking-face video in, `FaceAnimation` out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..detection.mesh_points import MESH_TO_IBUG
from ..detection.second_opinion import APART
from ..errors import EngineError
from ..face.animation import Cue, FaceAnimation
from ..face.names import ARKIT_INDEX
from ..face.retargeting.arkit import arkit_weights
from ..face.retargeting.visemes import cues_until, mouth_cues, viseme_weights
from ..face.shape_effects import closed_frames
from ..hearing.audio import MINIMUM_SECONDS, SAMPLE_RATE, SILENCE_PEAK
from ..motion.lips.content import PHONES, content_motion
from ..progress import Progress
from .decoded import content_hash, read_film
from .eyes import blink_weight, gaze_angles
from .finders import AUTO, MODELS, chosen
from .image_folder import sounds_in
from .lips import phones_from_lips
from .neutral import neutral_face
from .pose import Pose, fit_pose
from .smoothing import smooth_gaze, smooth_landmarks, smooth_pose
from .timeline import FEWEST_PICTURES, at_steady_rate, fill_gaps, tell_cuts
from .tracker import Track, track
from .video import VideoInfo, decode_pictures, decode_sound, inspect_video, turn_pictures

if TYPE_CHECKING:
    from ..hearing.backends import Backend

Array = NDArray[np.float64]

_PROBE = 50  # pictures that are searched for a face that lies on its side, at the film's beginning
_SHORT_SOUND = 0.5  # s by which sound may end before its picture without a word
_MOST = 0.9  # of the clip: where a face was found in less, it is searched for in turned pictures
_LITTLE = (
    0.5  # of the beginning: where it was found in less as it stands, any turn that finds it in more will do
)
_CLEARLY = 0.2  # of the beginning, by which a turn has to find more where it was found in more than that


@dataclass(frozen=True)
class Captured:
    """An animation, and what it was made of.

    Attributes:
        animation: at the video's own rate, or the one that was asked for.
        points: (T, 68, 2) the tracker's own landmarks in pixels from the picture's middle, y up, at ``fps``.
        raw_landmarks: (T, 68, 3) the same, head-stabilised and not filtered, in the engine's unit.
        fps: the video's own rate.
        warnings: sentences that the user should read.
    """

    animation: FaceAnimation
    points: Array
    raw_landmarks: Array
    fps: float
    warnings: tuple[str, ...]


def capture(
    video: str | Path,
    progress: Progress | None = None,
    *,
    fps: float | None = None,
    smooth: bool = True,
    image_fps: float = 25.0,
    backend: Backend | None = None,
    tracker: str = AUTO,
) -> FaceAnimation:
    """Turn a video of a talking face into an animation.

    Args:
        video: any file that PyAV decodes; a folder with an image sequence and, for its sound, one WAV; or a folder that
            the add-on decoded a film into (:mod:`inference.capture.decoded`), which needs no package.
        progress: called with 0…1 and the name of the stage; may raise to stop.
        fps: frames per second of the result; None for the video's own.
        smooth: take out the tracker's tremor.
        image_fps: rate of an image sequence.
        backend: the content network, where it is loaded already.
        tracker: what finds the face: ``mediapipe``, ``numpy`` (the same networks, run by the engine itself), or ``auto``:
            MediaPipe where it is installed.

    Returns:
        The animation. Its ``source`` tells the video's name and hash, the camera that the landmarks can be projected with
        (:class:`inference.capture.pose.Camera`) and, under ``warnings``, what the user should know.

    Raises:
        EngineError: the video cannot be read (``file_missing``, ``bad_video``), shows no face (``no_face``), or a package
            of the full engine is missing (``full_engine_needed``).
    """
    return capture_clip(
        video, progress, fps=fps, smooth=smooth, image_fps=image_fps, backend=backend, tracker=tracker
    ).animation


def capture_clip(
    video: str | Path,
    progress: Progress | None = None,
    *,
    fps: float | None = None,
    smooth: bool = True,
    image_fps: float = 25.0,
    backend: Backend | None = None,
    tracker: str = AUTO,
) -> Captured:
    """As :func:`capture`, with what the animation was made of."""
    report = progress or (lambda fraction, stage: None)
    path = Path(video)
    warnings: list[str] = []
    report(0.0, "Reading the video")
    info = inspect_video(path, image_fps)
    warnings.extend(info.told)
    expected = max(info.frames, 1)
    seen, quarters = _follow(
        path,
        info,
        warnings,
        tracker,
        lambda count: report(0.02 + 0.78 * min(count / expected, 1.0), "Following the face"),
    )
    tell_cuts(seen, path, warnings)
    meshes, rate = _steady_meshes(seen, path, warnings)
    if seen.faces > 1:
        warnings.append(
            f"{path.name} shows {seen.faces} faces: the one that is largest and longest in view was captured."
        )
    report(0.82, "Fitting the head")
    motion = _motion(meshes, seen.size, rate, smooth)
    report(0.88, "Listening")
    seconds = len(motion.blink) / rate
    samples = _voice(path, info, seconds, warnings)
    if samples is None:
        warnings.append(f"{path.name} {_no_sound(path)}: visemes and mouth cues were read from the lips.")
    source = {
        "video": path.name,
        "sha256": content_hash(path),
        "engine": __version__,
        "model": MODELS[chosen(tracker)],
        "camera": {**motion.pose.camera.as_source(), "quarter_turns": quarters},
        "fps": fps,
        "smooth": smooth,
        "visemes": "lips" if samples is None else "sound",
        "warnings": warnings,
    }
    animation = _animation(motion, rate, samples, backend, source)
    if fps is not None:
        animation = animation.resampled(fps)
    report(1.0, "Done")
    return Captured(animation, meshes[:, MESH_TO_IBUG, :2], motion.raw_landmarks, rate, tuple(warnings))


@dataclass(frozen=True)
class _Motion:
    """How the filmed face moves.

    Attributes:
        raw_landmarks: (T, 68, 3) head-stabilised, in the engine's unit, with the tracker's tremor.
        landmarks: the same as they are to be seen.
        neutral: (68, 3) the face at rest.
        pose: of the head.
        blink: (T, 2).
        eyes: (T, 2) rotation, radians.
    """

    raw_landmarks: Array
    landmarks: Array
    neutral: NDArray[np.float32]
    pose: Pose
    blink: NDArray[np.float32]
    eyes: Array


def _motion(meshes: Array, size: tuple[int, int], rate: float, smooth: bool) -> _Motion:
    """The motion in (T, M, 3) meshes of pictures of that size, with or without the tracker's tremor."""
    pose, faces = fit_pose(meshes, size)
    landmarks = raw_landmarks = faces[:, MESH_TO_IBUG]
    blink = blink_weight(landmarks)
    eyes = gaze_angles(landmarks, faces, pose.viewer(), blink)
    neutral = neutral_face(landmarks, blink)
    if smooth:
        landmarks = smooth_landmarks(landmarks, neutral, rate)
        pose, eyes = smooth_pose(pose, rate), smooth_gaze(eyes, rate)
    return _Motion(raw_landmarks, landmarks, neutral, pose, blink, eyes)


def _animation(
    motion: _Motion,
    rate: float,
    samples: NDArray[np.float32] | None,
    backend: Backend | None,
    source: dict[str, Any],
) -> FaceAnimation:
    """The animation of a motion and of the voice in (N,) samples; without a voice, visemes and cues are read from the lips."""
    landmarks, neutral, eyes = motion.landmarks, motion.neutral, motion.eyes.astype(np.float32)
    arkit = arkit_weights((landmarks - neutral).astype(np.float32), motion.blink, eyes, rate)
    if samples is None:
        phones = phones_from_lips(landmarks, neutral, rate)
        visemes, cues = visemes_and_cues(phones, rate, arkit, rate)
    else:
        visemes, cues = _heard(samples, arkit, rate, backend)
    return FaceAnimation(
        fps=rate,
        landmarks=landmarks.astype(np.float32),
        neutral=neutral,
        head_rotation=motion.pose.rotation.astype(np.float32),
        head_translation=motion.pose.translation.astype(np.float32),
        eye_rotation=eyes,
        blink=motion.blink,
        arkit=arkit,
        visemes=visemes,
        cues=_covering(cues, len(arkit) / rate),
        source=source,
    )


def _follow(
    path: Path, info: VideoInfo, warnings: list[str], tracker: str, seen: Callable[[int], None]
) -> tuple[Track, int]:
    """The face's track, and by how many quarters to the left the pictures had to be turned for it to stand upright."""
    followed, quarters = track(decode_pictures(path, info, warnings), seen, tracker), 0
    if followed.tracked.mean() < _MOST:
        share = followed.tracked[:_PROBE].mean()  # of the pictures that are looked at turned
        turned = {
            turn: track(turn_pictures(islice(decode_pictures(path, info), _PROBE), turn), tracker=tracker)
            for turn in (1, 2, 3)
        }
        # Of two that find it alike, the one in which it stands upright: the others find it as it lies.
        likeliest = max(
            turned, key=lambda turn: (turned[turn].tracked.mean(), not turned[turn].quarters_off())
        )
        tracked_share = turned[likeliest].tracked.mean()
        # A face that is upside down is found now and then, and its points are anywhere.
        if (
            tracked_share > share
            and tracked_share > _LITTLE
            and (share < _LITTLE or tracked_share > share + _CLEARLY)
        ):
            quarters = likeliest
            followed = track(turn_pictures(decode_pictures(path, info), quarters), seen, tracker)
    for _ in range(2):  # a face that is nearly upside down may first be taken for one that lies on its side
        off = followed.quarters_off()
        if not off:
            break
        quarters = (quarters + off) % 4
        followed = track(turn_pictures(decode_pictures(path, info), quarters), seen, tracker)
    if quarters:
        warnings.append(f"The face does not stand upright in {path.name}: the picture was turned.")
    if followed.apart is not None and followed.apart > APART:
        warnings.append(
            f"A second network sees the face in {path.name} elsewhere or not at all: compare the motion with the video."
        )
    return followed, quarters


def _steady_meshes(seen: Track, path: Path, warnings: list[str]) -> tuple[Array, float]:
    if len(seen.times) < FEWEST_PICTURES:
        raise EngineError(
            f"{path} has too few pictures ({len(seen.times)}): choose a video of at least {FEWEST_PICTURES}.",
            "too_short",
        )
    return at_steady_rate(fill_gaps(seen, path, warnings), seen.times, warnings)


def _voice(path: Path, info: VideoInfo, seconds: float, warnings: list[str]) -> NDArray[np.float32] | None:
    """The clip's sound as long as its picture; None where there is none to hear."""
    samples = decode_sound(path, info.start) if info.has_sound else None
    if samples is None:
        return None
    samples = samples[: round(seconds * SAMPLE_RATE)]
    audible = len(samples) >= MINIMUM_SECONDS * SAMPLE_RATE and np.abs(samples).max() >= SILENCE_PEAK
    if not audible:
        return None
    missing = round(seconds * SAMPLE_RATE) - len(samples)
    if missing > _SHORT_SOUND * SAMPLE_RATE:
        warnings.append(
            f"The sound of {path.name} ends {missing / SAMPLE_RATE:.1f} s before its picture: what is heard, such as mouth "
            "cues, rests from there on. Export it with all its sound."
        )
    return np.pad(samples, (0, max(missing, 0)))


def _no_sound(path: Path) -> str:
    """Why nothing is heard of a film, to go on with behind its name."""
    images = path.is_dir() and read_film(path) is None
    count = len(sounds_in(path)) if images else 1
    if count > 1:
        return f"holds {count} WAV files, and nobody says which is its sound"
    return "has no sound" if count else "holds no WAV file, so it has no sound"


def _heard(
    samples: NDArray[np.float32], arkit: NDArray[np.float32], fps: float, backend: Backend | None
) -> tuple[NDArray[np.float32], list[Cue]]:
    """Visemes (T, 15) and mouth cues of the clip's voice; ``arkit`` (T, 52) is what the filmed face does."""
    if backend is None:
        from ..hearing.backends import load_backend

        backend = load_backend("numpy")  # small enough; looking for torch takes longer than running it
    content = content_motion(samples, backend)
    return visemes_and_cues(content.phones, content.fps, arkit, fps)


def visemes_and_cues(
    phones: NDArray[np.float32], heard_fps: float, arkit: NDArray[np.float32], fps: float
) -> tuple[NDArray[np.float32], list[Cue]]:
    """Visemes (T, 15) and mouth cues of phones: in the cues the mouth opens as far as it was filmed, and is shut where it was.

    Args:
        phones: (S, P) posterior probabilities.
        heard_fps: their rate.
        arkit: (T, 52) what the filmed face does.
        fps: its rate.
    """
    weights = viseme_weights(phones, PHONES, heard_fps)
    here, there = np.arange(len(arkit)) / fps, np.arange(len(weights)) / heard_fps
    visemes = np.stack([np.interp(here, there, column) for column in weights.T], axis=1).astype(np.float32)
    filmed = np.interp(there, here, arkit[:, ARKIT_INDEX["jawOpen"]]).astype(np.float32)
    nearest = np.rint(there * fps).astype(int).clip(0, len(arkit) - 1)
    return visemes, mouth_cues(phones, PHONES, filmed, heard_fps, closed_frames(arkit)[nearest])


def _covering(cues: list[Cue], seconds: float) -> list[Cue]:
    """Cues that cover exactly so many seconds."""
    kept = cues_until(cues, seconds)
    if kept and kept[-1][1] < seconds:
        kept[-1] = (kept[-1][0], seconds, kept[-1][2])
    return kept
