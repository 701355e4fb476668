"""Pictures that talk side by side, as a small moving picture for a page.

python -m tools.talking_webp admiral astronaut cartoon -o docs/images/three-talk.webp

With --every N it is a still sheet of every N-th frame, a row for each picture:

python -m tools.talking_webp admiral astronaut fox teapot --every 10 --side 160 -o docs/images/portraits.jpg

Needs the full engine's Python (Pillow and OpenCV).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.capture.video import decode_pictures, inspect_video
from inference.face.animation import FaceAnimation
from inference.face.face_picture import FacePicture
from inference.face.messages import AnimateOptions
from inference.pictures.image_files import read_picture
from inference.pipeline import animate
from inference.portrait.make import PortraitSettings, make_portrait

_VOICE = Path(__file__).resolve().parent.parent / "demo" / "hello.wav"
_FPS, _SECONDS, _SIDE, _QUALITY = 25.0, 3.2, 260, 60
_FINER, _SHEET_QUALITY = 4, 92


def frames_of(
    face: FacePicture, animation: FaceAnimation, side: int, seconds: float, folder: Path
) -> list[NDArray[np.uint8]]:
    """(side, side, 3) each: a face that talks, on white.

    Args:
        face: the picture.
        animation: what it says.
        side: pixels.
        seconds: how much of it.
        folder: an empty one, for its frames as files.
    """
    settings = PortraitSettings(size=side, fps=_FPS, view="face")
    make_portrait(face, animation, None, folder / "frames", settings, seconds, {}, lambda *_: None)
    pictures = [read_picture(path, path.name) for path in sorted((folder / "frames").glob("*.png"))]
    shares = [picture[..., 3:] / 255 for picture in pictures]
    return [
        np.round(picture[..., :3] * share + 255 * (1 - share)).astype(np.uint8)
        for picture, share in zip(pictures, shares)
    ]


def filmed(
    face: FacePicture, animation: FaceAnimation, side: int, seconds: float, folder: Path
) -> list[NDArray[np.uint8]]:
    """As `frames_of`, with what is behind the face: frames of its video, which is drawn larger and made smaller."""
    settings = PortraitSettings(size=_FINER * side, fps=_FPS, view="face")
    film = folder / "film.mp4"
    make_portrait(face, animation, None, film, settings, seconds, {}, lambda *_: None)
    pictures = [picture for _, picture in decode_pictures(film, inspect_video(film, _FPS))]
    blocks = [picture.reshape(side, _FINER, side, _FINER, 3).mean(axis=(1, 3)) for picture in pictures]
    return [np.round(block).astype(np.uint8) for block in blocks]


def write_webp(rows: Sequence[Sequence[NDArray[np.uint8]]], path: Path) -> None:
    """Write pictures side by side, frame by frame, as a WebP that plays for ever."""
    from PIL import Image

    frames = [Image.fromarray(np.hstack(frames)) for frames in zip(*rows)]
    frames[0].save(
        path,
        save_all=True,
        append_images=frames[1:],
        duration=round(1000 / _FPS),
        loop=0,
        quality=_QUALITY,
        method=6,
    )


def write_sheet(rows: Sequence[Sequence[NDArray[np.uint8]]], every: int, path: Path) -> None:
    """Write the first and every so many of the frames after it, a row for each picture, as a JPEG, PNG or WebP."""
    from PIL import Image

    Image.fromarray(np.vstack([np.hstack(frames[::every]) for frames in rows])).save(
        path, quality=_SHEET_QUALITY
    )


def main() -> None:
    """Draw the pictures that the command line names."""
    import tempfile

    from tools.picture_figures import face_called

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", nargs="+", help="names of pictures that ship, or face pictures (.npz)")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument(
        "--every", type=int, help="a still sheet of the first and every so many frames after it"
    )
    parser.add_argument("--side", type=int, default=_SIDE, help="pixels of each (default: %(default)s)")
    arguments = parser.parse_args()
    if arguments.every is not None and arguments.every < 1:
        parser.error("--every is at least 1")
    animation = animate(_VOICE, AnimateOptions(fps=25.0)).animation
    rows = []
    for name in arguments.pictures:
        with tempfile.TemporaryDirectory() as folder:
            draw = frames_of if arguments.every is None else filmed
            rows.append(draw(face_called(name), animation, arguments.side, _SECONDS, Path(folder)))
    if arguments.every is not None:
        write_sheet(rows, arguments.every, arguments.output)
    else:
        write_webp(rows, arguments.output)
    print(f"{arguments.output}: {len(rows[0])} frames, {arguments.output.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
