"""A folder of talking-face videos → a training corpus (:mod:`inference.training.filmed_corpora.corpus`).

Finds videos at any depth (``s1/bbaf2n.mpg`` of GRID's own download as well as plain ``.mp4`` files) and folders that hold an
image sequence and one ``.wav``; a clip's speaker is the name of the folder it lies in. Clips that exist already are kept, so a
run that was stopped goes on where it was. Landmarks: MediaPipe face mesh (Kartynnik et al. 2019, arXiv 1907.06724).
"""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.capture.image_folder import FEWEST_IMAGES, series_in, sounds_in
from inference.capture.timeline import fill_gaps
from inference.capture.tracker import track
from inference.capture.video import VIDEO_SUFFIXES, decode_pictures, decode_sound, inspect_video
from inference.detection.mesh_points import IRISES, MESH_TO_IBUG
from inference.errors import EngineError
from inference.training.figures import write_figures
from inference.training.filmed_corpora.corpus import SAMPLE_RATE, save_clip
from inference.training.filmed_corpora.views import averaged_points

MAX_UNTRACKED = 0.1
"""Share of frames without a face above which a clip is skipped."""

_MOST_LATE = 1  # frames that may be missing before a clip is skipped


class SkippedClip(Exception):
    """A clip that cannot be used; the message says why."""


def find_sources(folder: Path) -> list[Path]:
    """Videos and image-sequence folders (:data:`FEWEST_IMAGES` or more and exactly one ``.wav``) below ``folder``, sorted."""
    sources = [path for path in folder.rglob("*") if path.suffix.lower() in VIDEO_SUFFIXES and path.is_file()]
    for path in [folder, *(p for p in folder.rglob("*") if p.is_dir())]:
        if len(series_in(path).images) >= FEWEST_IMAGES and len(sounds_in(path)) == 1:
            sources.append(path)
    return sorted(sources)


def decode_audio(path: Path) -> NDArray[np.float32]:
    """First audio stream as 16 kHz mono float32 (N,), placed on the file's own clock (sample 0 is time 0)."""
    samples = decode_sound(path)
    if samples is None:
        raise SkippedClip("it has no sound that can be decoded")
    return samples


def prepare_clip(source: Path, target: Path, image_fps: float = 25.0, once: bool = False) -> str:
    """Tracks one clip and writes it to ``target``. Returns "" or why the clip was skipped.

    Args:
        source, target: see :func:`prepare`.
        image_fps, once: likewise.
    """
    try:
        info = inspect_video(source, image_fps)
        audio = decode_sound(source, info.start)
        if audio is None:
            raise SkippedClip("it has no sound that can be decoded")
        if not np.isfinite(audio).all():
            raise SkippedClip("its sound is damaged: it holds values that are no numbers")
        damage: list[str] = []
        seen = track(decode_pictures(source, info, damage))
        if damage:
            raise SkippedClip(damage[0])
        late = np.flatnonzero(np.round(seen.times * info.fps) - np.arange(len(seen.times)) > _MOST_LATE)
        if len(late):
            raise SkippedClip(f"frames are missing before {seen.times[late[0]]:.2f} s")
        if len(seen.times) < info.fps:
            raise SkippedClip(f"it is shorter than a second ({len(seen.times)} frames)")
        lost = 1.0 - seen.tracked.mean()
        if lost > MAX_UNTRACKED:
            raise SkippedClip(f"no face was found in {lost:.0%} of the frames")
        if len(audio) < 0.9 * len(seen.times) / info.fps * SAMPLE_RATE:
            raise SkippedClip(
                f"its sound ends early ({len(audio) / SAMPLE_RATE:.2f} s of {len(seen.times) / info.fps:.2f} s)"
            )
        # A corpus counts pixels from the picture's upper left corner.
        points = fill_gaps(seen, source, []) + np.array([seen.size[0] / 2, -seen.size[1] / 2, 0.0])
        face = points[:, MESH_TO_IBUG]
        if not once:
            face = averaged_points((picture for _, picture in decode_pictures(source, info)), face)
        save_clip(
            target,
            face.astype(np.float32),
            points[:, IRISES].astype(np.float32),
            seen.tracked,
            info.fps,
            audio,
            source.name,
        )
    except SkippedClip as reason:
        return str(reason)
    except EngineError as error:
        return error.message
    except Exception as error:  # one bad file must not stop a corpus of thousands
        return f"{type(error).__name__}: {error}"
    return ""


def _quiet() -> None:
    """Keeps MediaPipe's native log out of the progress lines."""
    os.environ["GLOG_minloglevel"] = "3"  # noqa: SIM112 (glog reads this name)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)


def prepare(
    folder: Path, corpus: Path, processes: int = 2, image_fps: float = 25.0, once: bool = False
) -> dict[str, Any]:
    """Prepares every clip below ``folder`` into ``corpus``.

    Args:
        folder: where the videos lie.
        corpus: folder to write to; clips that are there already are not made again.
        processes: how many clips are tracked at once.
        image_fps: rate of image sequences, which do not know their own.
        once: look at each picture once instead of five times: five times as fast, and the mouth's width is noisier (see
            :mod:`inference.training.filmed_corpora.views`).

    Returns:
        The report that is also written to ``corpus/report.json``: ``{"clips": n, "skipped": [{"clip", "reason"}]}``.

    Raises:
        FileNotFoundError: when the folder holds no video.
    """
    sources = find_sources(folder)
    if not sources:
        raise FileNotFoundError(f"No video and no image sequence was found in {folder}.")
    corpus.mkdir(parents=True, exist_ok=True)
    report_path = corpus / "report.json"
    known: dict[str, str] = {}
    if report_path.is_file():
        known = {
            entry["clip"]: entry["reason"] for entry in json.loads(report_path.read_text("utf-8"))["skipped"]
        }
    targets = {source: corpus / source.parent.name / f"{source.stem}.npz" for source in sources}

    def identity(source: Path) -> str:
        return f"{source.parent.name}/{source.stem}"

    todo = [s for s in sources if not targets[s].is_file() and identity(s) not in known]
    started = time.monotonic()
    print(f"{len(sources)} clips, {len(sources) - len(todo)} done before", flush=True)
    with ProcessPoolExecutor(processes, initializer=_quiet) as pool:
        jobs = {
            pool.submit(prepare_clip, source, targets[source], image_fps, once): source for source in todo
        }
        for count, job in enumerate(as_completed(jobs), start=1):
            reason = job.result()
            if reason:
                known[identity(jobs[job])] = reason
            if count % 20 == 0 or count == len(todo):
                left = (time.monotonic() - started) / count * (len(todo) - count)
                print(f"{count}/{len(todo)} clips, {len(known)} skipped, {left:.0f} s left", flush=True)
                _write_report(report_path, corpus, known)
    return _write_report(report_path, corpus, known)


def _write_report(path: Path, corpus: Path, skipped: dict[str, str]) -> dict[str, Any]:
    report = {
        "clips": len(list(corpus.glob("*/*.npz"))),
        "skipped": [{"clip": clip, "reason": reason} for clip, reason in sorted(skipped.items())],
    }
    write_figures(report, path)
    return report
