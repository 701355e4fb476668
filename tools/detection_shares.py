"""In how many pictures the face is found, and in how many without one something is taken for a face.

    python -m tools.detection_shares [PICTURE_OR_FOLDER …]

Photos: those of installed packages (matplotlib, scikit-image) and the files that are named. Drawings and things that are no
faces are drawn by code, as the tests draw them, each in several sizes, moved, mirrored and with a sensor's noise.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from inference.errors import EngineError
from inference.pictures.image_files import read_picture
from inference.pictures.make import seen_faces

_HELPERS = Path(__file__).resolve().parent.parent / "tests" / "helpers"
_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".npy"}
_SHIPPED = {
    "matplotlib": "mpl-data/sample_data/grace_hopper.jpg",
    "skimage": "data/astronaut.png",
}


def photos(paths: list[Path]) -> Iterator[tuple[str, np.ndarray]]:
    """Name and pixels of photos with faces."""
    files = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    for package, place in _SHIPPED.items():
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
            if (Path(folder) / place).is_file():
                files.append(Path(folder) / place)
    for file in files:
        if file.suffix.casefold() in _SUFFIXES:
            yield file.name, read_picture(file)


def varied(name: str, picture: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """A picture as it is, mirrored, moved on a grey ground, darker, and with noise."""
    height, width = picture.shape[:2]
    ground = np.full((int(1.4 * height), int(1.5 * width), picture.shape[2]), 128, np.uint8)
    ground[..., 3:] = 255
    ground[height // 5 : height // 5 + height, width // 3 : width // 3 + width] = picture
    noise = np.random.RandomState(1).normal(0, 6, picture.shape)
    noise[..., 3:] = 0
    yield name, picture
    yield f"{name} mirrored", np.ascontiguousarray(picture[:, ::-1])
    yield f"{name} moved", ground
    yield f"{name} with noise", np.clip(picture + noise, 0, 255).astype(np.uint8)


def drawn() -> dict[str, list[tuple[str, np.ndarray]]]:
    """What the tests draw: painted faces, cartoons, and things that are no faces; RGBA."""
    sys.path.insert(0, str(_HELPERS))
    import drawn_face
    import drawn_faces

    def opaque(picture: np.ndarray) -> np.ndarray:
        return np.dstack([picture[..., :3], np.full(picture.shape[:2], 255, np.uint8)])

    painted = [(f"painted {size}", opaque(drawn_faces.face(size))) for size in (90, 240, 500)]
    cartoons = [
        (
            f"cartoon {size}{'' if whites else ', dots for eyes'}",
            drawn_face.drawn_face(size, whites=whites)[0],
        )
        for size in (160, 480)
        for whites in (True, False)
    ]
    cartoons += [(f"smiley {size}", opaque(drawn_faces.smiley(size))) for size in (140, 360)]
    things = [
        (f"{thing.__name__} {size}", opaque(thing(size)))
        for thing in drawn_faces.NO_FACES
        if thing is not drawn_faces.smiley
        for size in (140, 360)
    ]
    groups = {"painted faces": painted, "flat cartoons": cartoons, "no faces": things}
    return {
        title: [varied_one for name, picture in pictures for varied_one in varied(name, picture)]
        for title, pictures in groups.items()
    }


def main(arguments: list[str] | None = None) -> int:
    """Print the shares; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="detection_shares", description="In how many pictures faces are found."
    )
    parser.add_argument("pictures", nargs="*", type=Path, help="photos of faces, or folders of them")
    parser.add_argument("--verbose", action="store_true", help="also name the pictures that go wrong")
    options = parser.parse_args(arguments)
    try:
        groups = {"photos": list(photos(options.pictures)), **drawn()}
    except EngineError as error:
        print(error.message, file=sys.stderr)
        return 1
    for title, pictures in groups.items():
        seen = [name for name, picture in pictures if seen_faces(picture)]
        print(f"{title}: a face in {len(seen)} of {len(pictures)} pictures")
        if options.verbose:
            wrong = seen if title == "no faces" else [name for name, _ in pictures if name not in seen]
            print("".join(f"  {name}\n" for name in wrong), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
