"""``picture``: a picture of a face becomes one that can talk."""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import EngineError
from ..face.messages import PictureRequest, PictureResult
from ..face.names import LOOK_ENDING, PHOTO_LOOK, PICTURE_GLASSES, PICTURE_KINDS, PORTRAIT_LOOKS
from ..face.outputs import keep_apart, refuse_nameless
from ..face.puppet_files import PuppetFiles, puppet_at
from ..progress import Progress, share_of
from .terminal import add_json, show_result

if TYPE_CHECKING:
    from ..face.face_picture import FacePicture
    from ..pictures.filling import Pixels
    from ..pictures.make import Wanted


def answer(request: PictureRequest, progress: Progress) -> PictureResult:
    """Make the faces of a picture talk.

    Raises:
        EngineError: as `pictures.image_files.read_picture`, `pictures.make.make_faces` and `looks.apply.look_called`; the result
            would replace the picture (code ``output_is_input``) or cannot be written (``output_unwritable``).
    """
    from ..pictures import make
    from ..pictures.image_files import read_picture

    path = Path(request.picture)
    keep_apart([request.output], [path])
    refuse_nameless(request.output, [".npz"], "face")
    progress(0.0, "Reading the picture")
    puppet = None if request.points else puppet_at(Path(request.puppet or path))
    if puppet is not None and request.puppet is None:
        path = puppet.picture
    inputs = [path, *(puppet.all if puppet is not None else [])]
    keep_apart([request.output], inputs)
    name = request.name or path.name
    notes: list[str] = []
    picture = read_picture(path, name, notes)
    source: dict[str, Any] = {"picture": name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    wanted = make.Wanted(name, request.points, request.faces, request.kind, glasses=request.glasses)
    try:
        if puppet is not None:
            wanted = with_puppet(wanted, puppet, request, picture)
            source["puppet"] = puppet.name
        made = make.make_faces(picture, wanted, source, share_of(progress, 0.05, 0.85))
        faces = [_in_its_look(face, request.look) for face in made.faces]
    except EngineError as error:  # for which the missing part may be the reason
        raise EngineError(" ".join([*notes, error.message]), error.code) from error
    outputs = [_numbered(Path(request.output), number) for number in range(1, len(faces) + 1)]
    keep_apart(outputs, inputs)
    for output, face in zip(outputs, faces):
        progress(0.9, "Writing")
        face.save(output)
    warnings = [*notes, *made.warnings, *(sentence for face in made.faces for sentence in face.warnings)]
    return PictureResult(
        tuple(map(str, outputs)), made.seen, made.faces[0].kind, tuple(dict.fromkeys(warnings))
    )


def _in_its_look(face: FacePicture, look: str) -> FacePicture:
    """The face picture, drawn anew where another look than the picture's own is asked for."""
    if look == PHOTO_LOOK:
        return face
    from ..looks.apply import drawn_as, look_called

    return drawn_as(face, look_called(look))


def with_puppet(wanted: Wanted, files: PuppetFiles, request: PictureRequest, picture: Pixels) -> Wanted:
    """What is asked for, with what a puppet's files say."""
    from ..pictures.image_files import read_picture
    from ..pictures.puppets import read_puppet

    size = (picture.shape[1], picture.shape[0])
    puppet = read_puppet(files, size)
    if files.background is None:
        return replace(wanted, puppet=puppet)
    warnings = list(puppet.warnings)
    background, called = None, files.background.name
    if (picture[..., 3] == 255).all():
        warnings.append(f"{wanted.name} has no transparent parts, so {called} is not seen and was left out.")
    else:
        try:
            background = read_picture(Path(request.background or files.background), called)
        except EngineError as error:
            warnings.append(f"The background was left out: {error.message}")
        else:
            if background.shape[1::-1] != size:
                warnings.append(f"{called} is not as large as {wanted.name}, so it was stretched.")
    return replace(wanted, puppet=replace(puppet, warnings=tuple(warnings)), background=background)


def _numbered(output: Path, number: int) -> Path:
    return output if number == 1 else output.with_name(f"{output.stem}_{number}{output.suffix}")


def add_parser(commands: Any) -> None:
    """Add the command to the ``add_subparsers`` object."""
    parser = commands.add_parser("picture", help="make a face of a picture that can talk")
    parser.add_argument(
        "picture",
        type=Path,
        help="a photo or drawing of a face (PNG; with the full engine also JPEG and others), or a puppet of MakeItTalk's: its "
        "folder or one of its files",
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
        "--glasses",
        choices=["auto", *PICTURE_GLASSES],
        default="auto",
        help="whether glasses are worn in a photo, whose frame then stays rigid; default: look at the picture",
    )
    parser.add_argument(
        "--look",
        default=PHOTO_LOOK,
        metavar="|".join((PHOTO_LOOK, *PORTRAIT_LOOKS, f"LOOK{LOOK_ENDING}")),
        help="the look in which it is drawn (default: %(default)s, as it is)",
    )
    add_json(parser)
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
        glasses=arguments.glasses,
        look=arguments.look,
    )
    return show_result(
        lambda progress: answer(request, progress),
        arguments.json,
        lambda result: [f"{output}: a {result.kind} that can talk" for output in result.outputs],
    )
