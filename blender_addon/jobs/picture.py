# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a picture talk: read it, let the engine find its face, build the character."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import bpy

from ..characters.pictures import origin_of
from ..characters.remembered import refresh
from ..contract import EngineError, messages
from ..contract.face_picture import FacePicture
from ..contract.names import PICTURE_KINDS
from ..errors import TalkingAnimationError
from ..faces.from_picture import build, stage
from ..host import log
from ..inputs import pictures
from ..motion import stored_motion
from .job import EngineJob, Progress, wait

FACES: Final = ("largest", "all")
KINDS: Final = ("auto", *PICTURE_KINDS)
NO_FACE: Final = "no_face"
_NUMBERS: Final = 8  # x and y of four points


@dataclass
class PictureReport:
    """What came of a picture.

    Attributes:
        roots: the armatures of its characters, the largest face first.
        message: one line for the user.
        warnings: sentences about what to watch out for.
    """

    roots: list[Any]
    message: str
    warnings: list[str] = field(default_factory=list)


class PictureJob(EngineJob[PictureReport]):
    """Making a picture talk without blocking; the arguments are those of `make_picture_talk`. The scene changes in the last
    `poll` only.

    Attributes:
        picture: what was read.
        no_face: whether it failed since the engine found no face, so that a person may show it one.
    """

    def __init__(
        self,
        picture: Any,
        *,
        scene: Any = None,
        points: Sequence[float] = (),
        faces: str | int = FACES[0],
        kind: str = KINDS[0],
        set_up: bool = False,
        pack: bool = True,
    ) -> None:
        super().__init__("Reading the picture")
        stored_motion.require_numpy()
        if str(faces) not in FACES and not (str(faces).isdecimal() and int(faces) > 0):
            raise TalkingAnimationError(
                f"The faces are '{FACES[0]}', '{FACES[1]}' or a number from 1, the largest first, not '{faces}'."
            )
        if kind not in KINDS:
            raise TalkingAnimationError(f"The kind of a picture is {', '.join(KINDS)}, not '{kind}'.")
        if len(points) not in (0, _NUMBERS):
            raise TalkingAnimationError(
                "Four points show where a face is: the eyes and the mouth's corners, x and y of each."
            )
        self.no_face = False
        scene = scene or bpy.context.scene
        self._scene = str(scene.name)
        self._set_up, self._pack = set_up, pack
        self._warnings: list[str] = []
        self._outputs: list[str] = []
        self.picture = pictures.read(picture)
        self._sha256 = identity(self.picture, points)
        try:
            background = pictures.save_background(self.picture, self.folder)
            request = messages.PictureRequest(
                str(pictures.save(self.picture, self.folder)),
                str(self.folder / "face.npz"),
                self.picture.name,
                tuple(float(value) for value in points),
                str(int(faces) if str(faces).isdecimal() else faces),
                kind,
                self.picture.puppet or None,
                str(background) if background is not None else None,
            )
            self.fraction, self.stage = 0.05, "Starting the engine"
            self._ask(request)
        except BaseException:
            self._clean_up()
            raise

    def _progressed(self, fraction: float) -> None:
        self.fraction = 0.05 + 0.85 * fraction

    def _sentence(self, failure: messages.Failure) -> str:
        self.no_face = failure.code == NO_FACE
        return super()._sentence(failure)

    def _answered(self, answer: messages.Answer) -> None:
        assert isinstance(answer, messages.PictureResult)
        self._outputs, self._warnings = list(answer.outputs), list(answer.warnings)

    def _finish(self) -> None:
        self.stage = "Building the character"
        scene = bpy.data.scenes.get(self._scene)
        if scene is None:
            raise TalkingAnimationError(
                f"The scene '{self._scene}' was removed or renamed meanwhile: pick the picture again."
            )
        try:
            face_pictures = [FacePicture.load(path) for path in self._outputs]
        except EngineError as error:
            raise TalkingAnimationError(
                f"'{self.picture.name}' came back damaged: make the picture talk again."
            ) from error
        link = "" if self._pack or self.picture.not_linked else self.picture.file
        if self.picture.not_linked and not self._pack:
            self._warnings.append(
                f"'{self.picture.name}' was packed rather than linked, since {self.picture.not_linked}."
            )
        roots = build.build(face_pictures, scene, self.picture.name, self.picture.path, self._sha256, link)
        if self._set_up:
            stage.frame(scene, roots[0])
            stage.as_it_is(scene)
        refresh(scene)
        warnings = dict.fromkeys(
            [*self._warnings, *(text for face in face_pictures for text in face.warnings)]
        )
        log.logger.info("%s: %d faces", self.picture.name, len(roots))
        self.report = PictureReport(roots, _told(self.picture.name, roots), list(warnings))


def _told(name: str, roots: list[Any]) -> str:
    if len(roots) == 1:
        return f"'{name}' can talk: choose a voice recording and press Generate."
    return (
        f"'{name}' has {len(roots)} faces that can talk, each a character: pick one, choose a voice recording and press "
        "Generate."
    )


def identity(picture: pictures.Picture, points: Sequence[float] = ()) -> str:
    """By what a character is known that was made of a picture before."""
    return f"{picture.sha256} {' '.join(f'{value:.2f}' for value in points)}".strip()


def made_before(picture: Any, scene: Any) -> Any:
    """The armature in a scene that was made of this picture, the first one where there are several; None where none was.

    Raises:
        TalkingAnimationError: where the picture cannot be read.
    """
    known = [(root, origin_of(root)) for root in scene.objects if root.type == "ARMATURE"]
    candidates = [(root, origin) for root, origin in known if origin is not None]
    if not candidates:
        return None
    sha256 = pictures.read(picture).sha256
    return next((root for root, origin in candidates if origin.sha256.split(" ")[0] == sha256), None)


def make_picture_talk(
    picture: Any,
    *,
    scene: Any = None,
    points: Sequence[float] = (),
    faces: str | int = FACES[0],
    kind: str = KINDS[0],
    set_up: bool = False,
    pack: bool = True,
    progress: Progress | None = None,
) -> PictureReport:
    """Turn a picture with a face into a character that can talk; returns when it is in the scene.

    Args:
        picture: the path of a picture in any format that Blender reads ("//" means beside the .blend file), or an image of the
            .blend file; or a puppet of MakeItTalk's, by its folder or one of its files.
        scene: None for the present scene.
        points: where the face is, for one that is not found: x and y in pixels from the picture's top left corner, of the eyes'
            centres and the mouth's corners, each pair from the picture's left to its right. () to look for it.
        faces: "largest", a number from 1 for another one, the largest first, or "all": a character for each face.
        kind: "photo", "drawing", or "auto" to look at the picture.
        set_up: let the scene render as the picture is: its camera, size and colours.
        pack: keep the picture in the .blend file; False to link to its file, relative to a .blend file that is saved. What is
            made of it, such as teeth, is always packed.
        progress: called with 0 to 1 and the name of the stage.

    Returns:
        What was added.

    Raises:
        TalkingAnimationError: one sentence: what is wrong and what to do. Nothing was changed.
    """
    job = PictureJob(picture, scene=scene, points=points, faces=faces, kind=kind, set_up=set_up, pack=pack)
    report = wait(job, progress)
    if progress is not None:
        progress(1.0, "Done")
    return report
