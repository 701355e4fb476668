"""Pictures that talk side by side, as a small moving picture for a page.

python -m tools.talking_webp admiral astronaut cartoon -o docs/images/three-talk.webp

Needs the full engine's Python (Pillow and OpenCV).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.face.animation import FaceAnimation
from inference.face.face_picture import FacePicture
from inference.face.messages import AnimateOptions
from inference.pictures.image_files import read_picture
from inference.pipeline import animate
from inference.portrait.make import PortraitSettings, make_portrait

_VOICE = Path(__file__).resolve().parent.parent / "demo" / "hello.wav"
_FPS, _SECONDS, _SIDE, _QUALITY = 25.0, 3.2, 260, 60


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


def main() -> None:
    """Draw the pictures that the command line names."""
    import tempfile

    from tools.picture_figures import face_called

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", nargs="+", help="names of pictures that ship, or face pictures (.npz)")
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    animation = animate(_VOICE, AnimateOptions(fps=25.0)).animation
    rows = []
    for name in arguments.pictures:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(frames_of(face_called(name), animation, _SIDE, _SECONDS, Path(folder)))
    write_webp(rows, arguments.output)
    print(f"{arguments.output}: {len(rows[0])} frames, {arguments.output.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
