"""From the networks' displacements to landmarks, in MakeItTalk's order of steps.

The published steps run on segments of 512 frames, which shows as a jerk every 8.192 s; here they run on the whole recording.
"""

from __future__ import annotations

import numpy as np
from scipy import signal

from ..face.landmarks import INNER_LIP, LIPS

LEAD_SECONDS = 0.175
"""By how much the published system's motion is ahead of its sound.

Measured on its published outputs: the lag at which the opening of their mouths agrees best with what our content network makes
of the same sound, and with the loudness of that sound, was 160 to 190 ms; this is the middle. Both branches hear 18 mel frames
(288 ms) from a frame's own instant on, so lips and head are early alike.
"""

_SHUT = 0.99  # share of the pose branch's mouth motion that is made the same above and below
_OUTER_UPPER, _OUTER_LOWER = np.arange(49, 54), np.arange(59, 54, -1)
_INNER_UPPER, _INNER_LOWER = np.arange(61, 64), np.arange(67, 64, -1)


def smooth(values: np.ndarray, window: int) -> np.ndarray:
    """Savitzky-Golay of degree 3 along time; clips shorter than the window get the longest odd one that fits.

    Source: Savitzky and Golay, *Analytical Chemistry* 36(8), 1964.
    """
    window = min(window, (len(values) - 1) // 2 * 2 + 1)
    if window < 5:  # a cubic through so few frames is the frames themselves
        return values
    return np.asarray(signal.savgol_filter(values, window, 3, axis=0))


def pose_motion(displacement: np.ndarray, amp_pos: float) -> np.ndarray:
    """(T, 68, 3) of the speaker-aware branch → smoothed, its mouth held shut, all of it times ``amp_pos``."""
    count = len(displacement)
    motion = smooth(displacement, min(count - 1, 31) // 2 * 2 + 1)
    motion = np.array(motion)
    for upper, lower in ((_OUTER_UPPER, _OUTER_LOWER), (_INNER_UPPER, _INNER_LOWER)):
        middle = (motion[:, upper] + motion[:, lower]) / 2
        motion[:, upper] += _SHUT * (middle - motion[:, upper])
        motion[:, lower] += _SHUT * (middle - motion[:, lower])
    return motion * amp_pos


def content_motion(displacement: np.ndarray, amp_lip_x: float, amp_lip_y: float) -> np.ndarray:
    """(T, 68, 3) of the content branch → calibrated, its mouth amplified.

    Calibration takes from every coordinate the mean of the lower half of its values, so that the mouth rests shut.
    """
    motion = displacement - lower_half_mean(displacement)
    motion[:, LIPS, 0] *= amp_lip_x
    motion[:, LIPS, 1] *= amp_lip_y
    return motion


def lower_half_mean(values: np.ndarray) -> np.ndarray:
    """Mean of the floor(T / 2) lowest values along time; zeros where there are fewer than two frames."""
    half = len(values) // 2
    if half == 0:
        return np.zeros(values.shape[1:], values.dtype)
    return np.partition(values, half, axis=0)[:half].mean(axis=0)


def uncross_lips(points: np.ndarray) -> None:
    """Where the inner lips cross, make them meet and carry the outer lips along, in place.

    The outer lip keeps its height above the inner one from the frame before (itself already corrected).

    Args:
        points: (T, 68, 3) in MakeItTalk's coordinates, y down.
    """
    contour = points[:, INNER_LIP, :2]
    following = np.roll(contour, -1, axis=1)
    area = (contour[..., 0] * following[..., 1] - contour[..., 1] * following[..., 0]).sum(axis=1)
    riders = (
        (np.arange(55, 59), np.arange(64, 68)),
        (np.array([59]), np.array([60])),
        (_OUTER_UPPER, np.arange(60, 65)),
    )
    for frame in np.flatnonzero(area < 0):
        face, before = points[frame], points[max(frame - 1, 0)]
        middle = (face[_INNER_UPPER] + face[_INNER_LOWER]) / 2
        face[_INNER_UPPER] = middle
        face[_INNER_LOWER] = middle
        for outer, inner in riders:
            face[outer, 1] = face[inner, 1] + before[outer, 1] - before[inner, 1]


def landmarks(
    content: np.ndarray,
    pose: np.ndarray,
    face: np.ndarray,
    amp_lip_x: float,
    amp_lip_y: float,
    amp_pos: float,
) -> np.ndarray:
    """All steps.

    Args:
        content, pose: (T, 68, 3) displacements of the two branches.
        face: (68, 3) that they are relative to.
        amp_lip_x, amp_lip_y, amp_pos: the published amplifications of lips across, lips up and down, and all of the
            speaker-aware motion.

    Returns:
        (T, 68, 3) float32 in MakeItTalk's coordinates, head motion included.
    """
    points = content_motion(content, amp_lip_x, amp_lip_y) + pose_motion(pose, amp_pos)
    points += face
    uncross_lips(points)
    points[:, 27] = 2 * points[:, 28] - points[:, 29]
    points = smooth(points, 5)
    # And as the published renderer smooths what it draws: the face more than the mouth.
    points = np.concatenate([smooth(points[:, :48], 15), smooth(points[:, 48:], 5)], axis=1)
    return points.astype(np.float32)


def with_the_sound(points: np.ndarray, face: np.ndarray, fps: float) -> np.ndarray:
    """Landmarks that come with the sound instead of `LEAD_SECONDS` before it: lips, face and head alike.

    Args:
        points: (T, 68, 3) of `landmarks`.
        face: (68, 3) at rest, out of which the first pose grows until its time has come.
        fps: frames per second.

    Returns:
        (T, 68, 3) float32; the delay is a whole number of frames, and what would come after the last frame is dropped.
    """
    frames = round(LEAD_SECONDS * fps)
    rise = np.arange(frames)[:, None, None] / max(frames, 1)
    before = face + (points[:1] - face) * rise * rise * (3 - 2 * rise)
    return np.concatenate([before, points])[: len(points)].astype(np.float32)
