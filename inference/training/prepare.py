"""A folder of talking-face videos → a training corpus (:mod:`inference.training.corpus`).

Finds videos at any depth (``s1/bbaf2n.mpg`` of GRID's own download as well as plain ``.mp4`` files) and folders that hold an
image sequence and one ``.wav``; a clip's speaker is the name of the folder it lies in. Clips that exist already are kept, so a
run that was stopped goes on where it was. Landmarks: MediaPipe face mesh (Kartynnik et al. 2019, arXiv 1907.06724).
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.training.corpus import SAMPLE_RATE, save_clip
from inference.training.mesh_points import IRISES, MESH_TO_IBUG

VIDEO_SUFFIXES = {".mp4", ".mpg", ".mpeg", ".mov", ".mkv", ".avi", ".webm", ".m4v"}
IMAGE_SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp"}
MAX_UNTRACKED = 0.1
"""Share of frames without a face above which a clip is skipped."""


class SkippedClip(Exception):
    """A clip that cannot be used; the message says why."""


def find_sources(folder: Path) -> list[Path]:
    """Videos and image-sequence folders (≥ 5 images and exactly one ``.wav``) below ``folder``, sorted."""
    sources = [path for path in folder.rglob("*") if path.suffix.lower() in VIDEO_SUFFIXES and path.is_file()]
    for path in [folder, *(p for p in folder.rglob("*") if p.is_dir())]:
        images = [p for p in path.iterdir() if p.suffix.lower() in IMAGE_SUFFIXES]
        if len(images) >= 5 and len(list(path.glob("*.wav"))) == 1:
            sources.append(path)
    return sorted(sources)


def decode_audio(path: Path) -> NDArray[np.float32]:
    """First audio stream as 16 kHz mono float32 (N,), placed on the file's own clock (sample 0 is time 0)."""
    import av

    pieces: list[tuple[float, NDArray[np.float32]]] = []
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=SAMPLE_RATE)
    position = None
    with av.open(str(path)) as container:
        if not container.streams.audio:
            raise SkippedClip("it has no sound")
        try:
            for frame in container.decode(audio=0):
                if position is None:
                    position = float(frame.time or 0.0)
                for piece in resampler.resample(frame):
                    pieces.append((0.0, piece.to_ndarray()[0].astype(np.float32)))
        except av.FFmpegError as error:
            if not pieces:
                raise SkippedClip(f"its sound cannot be decoded ({error})") from error
        for piece in resampler.resample(None):
            pieces.append((0.0, piece.to_ndarray()[0].astype(np.float32)))
    if not pieces:
        raise SkippedClip("its sound is empty")
    samples = np.concatenate([piece for _, piece in pieces])
    shift = round((position or 0.0) * SAMPLE_RATE)
    return np.concatenate([np.zeros(shift, np.float32), samples]) if shift > 0 else samples[-shift:]


def decode_frames(path: Path, fps: float) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Pictures (H, W, 3) RGB with their times in seconds; a folder is an image sequence at ``fps``."""
    import av

    if path.is_dir():
        from PIL import Image

        images = sorted(p for p in path.iterdir() if p.suffix.lower() in IMAGE_SUFFIXES)
        for index, image in enumerate(images):
            yield index / fps, np.asarray(Image.open(image).convert("RGB"))
        return
    with av.open(str(path)) as container:
        if not container.streams.video:
            raise SkippedClip("it has no picture")
        container.streams.video[0].thread_type = "NONE"
        try:
            for frame in container.decode(video=0):
                yield float(frame.time or 0.0), frame.to_ndarray(format="rgb24")
        except av.FFmpegError as error:
            raise SkippedClip(f"its picture is damaged ({error})") from error


def _video_rate(path: Path) -> float:
    import av

    with av.open(str(path)) as container:
        if not container.streams.video:
            raise SkippedClip("it has no picture")
        return float(container.streams.video[0].average_rate or 25.0)


def prepare_clip(source: Path, target: Path, image_fps: float = 25.0) -> str:
    """Tracks one clip and writes it to ``target``. Returns "" or why the clip was skipped."""
    import mediapipe as mp

    try:
        fps = image_fps if source.is_dir() else _video_rate(source)
        audio = decode_audio(next(source.glob("*.wav")) if source.is_dir() else source)
        points: list[NDArray[np.float64]] = []
        tracked: list[bool] = []
        expected = 0
        with mp.solutions.face_mesh.FaceMesh(max_num_faces=1, refine_landmarks=True) as mesh:
            for index, (when, picture) in enumerate(decode_frames(source, fps)):
                expected = max(expected, round(when * fps) + 1)
                if expected - index > 2:
                    raise SkippedClip(f"frames are missing before {when:.2f} s")
                found = mesh.process(picture).multi_face_landmarks
                tracked.append(bool(found))
                if found:
                    size = np.array([picture.shape[1], -picture.shape[0], -picture.shape[1]])
                    points.append(np.array([[p.x, p.y, p.z] for p in found[0].landmark]) * size)
                else:
                    points.append(np.full((478, 3), np.nan))
        if len(points) < fps:
            raise SkippedClip(f"it is shorter than a second ({len(points)} frames)")
        lost = 1.0 - sum(tracked) / len(tracked)
        if lost > MAX_UNTRACKED:
            raise SkippedClip(f"no face was found in {lost:.0%} of the frames")
        if len(audio) < 0.9 * len(points) / fps * SAMPLE_RATE:
            raise SkippedClip(
                f"its sound ends early ({len(audio) / SAMPLE_RATE:.2f} s of {len(points) / fps:.2f} s)"
            )
        mesh_points = _fill(np.array(points), np.array(tracked))
        save_clip(
            target,
            mesh_points[:, MESH_TO_IBUG].astype(np.float32),
            mesh_points[:, IRISES].astype(np.float32),
            np.array(tracked),
            fps,
            audio,
            source.name,
        )
    except SkippedClip as reason:
        return str(reason)
    except Exception as error:  # one bad file must not stop a corpus of thousands
        return f"{type(error).__name__}: {error}"
    return ""


def _fill(points: NDArray[np.float64], tracked: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Fills untracked frames linearly from their neighbours."""
    if tracked.all():
        return points
    good, bad = np.flatnonzero(tracked), np.flatnonzero(~tracked)
    flat = points.reshape(len(points), -1)
    for column in range(flat.shape[1]):
        flat[bad, column] = np.interp(bad, good, flat[good, column])
    return flat.reshape(points.shape)


def _quiet() -> None:
    """Keeps MediaPipe's native log out of the progress lines."""
    os.environ["GLOG_minloglevel"] = "3"  # noqa: SIM112 (glog reads this name)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)


def prepare(folder: Path, corpus: Path, processes: int = 2, image_fps: float = 25.0) -> dict[str, Any]:
    """Prepares every clip below ``folder`` into ``corpus``.

    Args:
        folder: where the videos lie.
        corpus: folder to write to; clips that are there already are not made again.
        processes: how many clips are tracked at once.
        image_fps: rate of image sequences, which do not know their own.

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
            item["clip"]: item["reason"] for item in json.loads(report_path.read_text("utf-8"))["skipped"]
        }
    targets = {source: corpus / source.parent.name / f"{source.stem}.npz" for source in sources}

    def identity(source: Path) -> str:
        return f"{source.parent.name}/{source.stem}"

    todo = [s for s in sources if not targets[s].is_file() and identity(s) not in known]
    started = time.monotonic()
    print(f"{len(sources)} clips, {len(sources) - len(todo)} done before", flush=True)
    with ProcessPoolExecutor(processes, initializer=_quiet) as pool:
        jobs = {pool.submit(prepare_clip, source, targets[source], image_fps): source for source in todo}
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
    path.write_text(json.dumps(report, indent=1), encoding="utf-8")
    return report


if __name__ == "__main__":
    prepare(Path(sys.argv[1]), Path(sys.argv[2]))
