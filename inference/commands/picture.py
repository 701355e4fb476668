"""``picture``: a picture of a face becomes one that can talk."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path
from typing import Any

from ..face.messages import PictureRequest, PictureResult
from ..face.names import PICTURE_KINDS
from ..face.outputs import keep_apart
from ..progress import Progress, share_of
from .terminal import ProgressLine, print_json, warn


def answer(request: PictureRequest, progress: Progress) -> PictureResult:
    """Make the faces of a picture talk.

    Raises:
        EngineError: as `pictures.image_files.read_picture` and `pictures.make.make_faces`; the result would replace the
            picture (code ``output_is_input``) or cannot be written (``output_unwritable``).
    """
    from ..pictures.image_files import read_picture
    from ..pictures.make import Wanted, make_faces

    path = Path(request.picture)
    keep_apart([request.output], [path])
    progress(0.0, "Reading the picture")
    name = request.name or path.name
    picture = read_picture(path, name)
    source = {"picture": name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    wanted = Wanted(name, request.points, request.faces, request.kind)
    made = make_faces(picture, wanted, source, share_of(progress, 0.05, 0.85))
    outputs = [_numbered(Path(request.output), number) for number in range(1, len(made.faces) + 1)]
    keep_apart(outputs, [path])
    for output, face in zip(outputs, made.faces):
        progress(0.9, "Writing")
        face.save(output)
    warnings = [*made.warnings, *(sentence for face in made.faces for sentence in face.warnings)]
    return PictureResult(
        tuple(map(str, outputs)), made.seen, made.faces[0].kind, tuple(dict.fromkeys(warnings))
    )


def _numbered(output: Path, number: int) -> Path:
    return output if number == 1 else output.with_name(f"{output.stem}_{number}{output.suffix}")


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser("picture", help="make a face of a picture that can talk")
    parser.add_argument(
        "picture",
        type=Path,
        help="a photo or drawing of a face (PNG; with the full engine also JPEG and others)",
    )
    parser.add_argument("-o", "--output", type=Path, required=True, help="the face picture (.npz) to write")
    parser.add_argument(
        "--face", default="largest", help="which of several: a number from 1, the largest first, or all"
    )
    parser.add_argument(
        "--points",
        type=Path,
        help="a JSON list of [x, y]: both eyes and both corners of the mouth, or 68 or 468 points",
    )
    parser.add_argument(
        "--kind", choices=["auto", *PICTURE_KINDS], default="auto", help="default: look at the picture"
    )
    parser.add_argument(
        "--json", action="store_true", help="print the result or the error as one JSON object"
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    points: tuple[float, ...] = ()
    keep_apart([arguments.output], [arguments.picture, arguments.points])
    if arguments.points is not None:
        from ..pictures.given_points import read_points

        points = read_points(arguments.points)
    request = PictureRequest(
        str(arguments.picture),
        str(arguments.output),
        points=points,
        faces=arguments.face,
        kind=arguments.kind,
    )
    line = ProgressLine(quiet=arguments.json)
    result = answer(request, line)
    line.end()
    if arguments.json:
        print_json(result.as_message())
        return 0
    warn(result.warnings)
    for output in result.outputs:
        print(f"{output}: a {result.kind} that can talk")
    return 0
