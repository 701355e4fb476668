# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a picture talk: read it, let the engine find its face, build the character."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import bpy

from ..characters.pictures import OTHER_FACE, origin_of
from ..characters.remembered import refresh
from ..contract import EngineError, messages
from ..contract.face_picture import FacePicture
from ..contract.names import PICTURE_GLASSES, PICTURE_KINDS
from ..errors import TalkingAnimationError
from ..faces.from_picture import build, stage
from ..host import log
from ..inputs import pictures, pictures_aside, shipped_pictures
from ..motion import stored_motion
from .job import EngineJob, Progress, one_at_a_time, wait

FACES: Final = ("largest", "all")
KINDS: Final = ("auto", *PICTURE_KINDS)
GLASSES: Final = ("auto", *PICTURE_GLASSES)
_WAIT = 0.05  # seconds
_NUMBERS: Final = (0, 2 * 4, 2 * 68)  # x and y of four points, or of iBUG's landmarks


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
        picture: what was read; None until then.
    """

    def __init__(
        self,
        picture: Any,
        *,
        scene: Any = None,
        points: Sequence[float] = (),
        faces: str | int = FACES[0],
        kind: str = KINDS[0],
        glasses: str = GLASSES[0],
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
        if glasses not in GLASSES:
            raise TalkingAnimationError(f"Whether glasses are worn is {', '.join(GLASSES)}, not '{glasses}'.")
        shipped = shipped_pictures.called(picture)
        if shipped is not None:  # what is known of it, where nothing else is asked for
            points = points or shipped.points
            kind = shipped.kind if kind == KINDS[0] else kind
        if len(points) not in _NUMBERS:
            raise TalkingAnimationError(
                "Four points show where a face is: the eyes and the mouth's corners, x and y of each."
            )
        scene = scene or bpy.context.scene
        self._scene = str(scene.name)
        self._set_up, self._pack = set_up, pack
        self._warnings: list[str] = []
        self._outputs: list[str] = []
        self._points = tuple(float(value) for value in points)
        self._faces = str(int(faces) if str(faces).isdecimal() else faces)
        self._kind, self._glasses = kind, glasses
        self._loading: Loading | None = None
        self.picture: pictures_aside.ForEngine | None = None
        try:
            self._reading = pictures_aside.Reading(picture, self.folder)
            self._read()
        except BaseException:
            self._clean_up()
            raise

    def _read(self) -> None:
        """Ask the engine once the picture is read."""
        picture = self.picture = self._reading.poll()
        if picture is None:
            return
        if picture.face:
            self._take_over(picture)
            return
        self._sha256 = identity(picture.sha256, self._points, self._faces)
        request = messages.PictureRequest(
            picture.pixels,
            str(self.folder / "face.npz"),
            picture.name,
            self._points,
            self._faces,
            self._kind,
            picture.puppet or None,
            picture.background or None,
            self._glasses,
        )
        self.fraction, self.stage = 0.05, "Starting the engine"
        self._ask(request)

    def _take_over(self, picture: pictures_aside.ForEngine) -> None:
        """Use what the engine made before; a copy of it, since what was loaded is deleted."""
        self._sha256 = identity(picture.sha256)
        copy = self.folder / "face.npz"
        try:
            shutil.copyfile(picture.face, copy)
        except OSError as error:
            raise TalkingAnimationError(
                f"'{picture.name}' cannot be copied ({error.strerror or error}): make room for temporary files."
            ) from error
        self._outputs = [str(copy)]

    def _go_on(self) -> None:
        if self.picture is None:
            self._read()
        else:
            super()._go_on()

    def _stop(self) -> None:
        self._reading.cancel()
        super()._stop()

    def _progressed(self, fraction: float) -> None:
        self.fraction = 0.05 + 0.85 * fraction

    def _answered(self, answer: messages.Answer) -> None:
        assert isinstance(answer, messages.PictureResult)
        self._outputs, self._warnings = list(answer.outputs), list(answer.warnings)

    def _finish(self) -> None:
        self.stage = "Building the character"
        picture = self.picture
        assert picture is not None
        use_file = bool(picture.file) and not picture.not_linked
        if self._loading is None:
            spent = [picture.pixels, picture.background]
            self._loading = Loading(
                self._outputs, not use_file, self._pack or not use_file, [path for path in spent if path]
            )
            self._loading.start()
        if not self._loading.done():
            return
        scene = bpy.data.scenes.get(self._scene)
        if scene is None:
            raise TalkingAnimationError(
                f"The scene '{self._scene}' was removed or renamed meanwhile: pick the picture again."
            )
        try:
            prepared = self._loading.result()
        except EngineError as error:
            raise TalkingAnimationError(
                f"'{picture.name}' came back damaged: make the picture talk again."
            ) from error
        if picture.note:
            self._warnings.append(picture.note)
        if picture.not_linked and not self._pack:
            self._warnings.append(
                f"'{picture.name}' was packed rather than linked, since {picture.not_linked}."
            )
        file = build.OwnFile(picture.file, packed=self._pack) if use_file else None
        roots = build.build(prepared, scene, picture.name, picture.path, self._sha256, file)
        if self._set_up:
            stage.frame(scene, roots[0])
            stage.as_it_is(scene)
        refresh(scene)
        warnings = dict.fromkeys(
            [*self._warnings, *(text for made in prepared for text in made.picture.warnings)]
        )
        log.logger.info("%s: %d faces", picture.name, len(roots))
        self.report = PictureReport(roots, _told(picture.name, roots), list(warnings))


class Loading(threading.Thread):
    """Reads what the engine made, and packs its textures, beside Blender's window: there is no Blender in it.

    Args:
        paths: of the face pictures.
        with_picture: whether the picture's own texture is packed from its pixels, too.
        with_finer: see `build.prepared`.
        spent: files that are of no more use. They are deleted, as are the face pictures: hundreds of megabytes take a while.
    """

    def __init__(
        self, paths: Sequence[str], with_picture: bool, with_finer: bool, spent: Sequence[str] = ()
    ) -> None:
        super().__init__(daemon=True)
        self._paths, self._spent = list(paths), list(spent)
        self._with_picture, self._with_finer = with_picture, with_finer
        self._made: list[build.Prepared] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Do it; what goes wrong is raised by `result`."""
        try:
            for path in self._paths:
                face = FacePicture.load(path)
                self._made.append(build.prepared(face, self._with_picture, self._with_finer))
            for path in [*self._paths, *self._spent]:
                with contextlib.suppress(OSError):
                    os.unlink(path)
        except BaseException as error:  # it belongs to whoever waits
            self._error = error

    def done(self) -> bool:
        """Whether it is, after a short wait: small pictures need no further turn."""
        self.join(_WAIT)
        return not self.is_alive()

    def result(self) -> list[build.Prepared]:
        """What was read. Raises what went wrong, such as EngineError."""
        if self._error is not None:
            raise self._error
        return self._made


def _told(name: str, roots: list[Any]) -> str:
    if len(roots) == 1:
        return f"'{name}' can talk: choose a voice recording and press Generate."
    return (
        f"'{name}' has {len(roots)} faces that can talk, each a character: pick one, choose a voice recording and press "
        "Generate."
    )


def identity(sha256: str, points: Sequence[float] = (), faces: str = FACES[0]) -> str:
    """By what a character is known that was made of a picture before."""
    other = [f"{OTHER_FACE}{faces}"] if faces not in (*FACES, "1") else []
    return " ".join([sha256, *(f"{value:.2f}" for value in points), *other])


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


@one_at_a_time
def make_picture_talk(
    picture: Any,
    *,
    scene: Any = None,
    points: Sequence[float] = (),
    faces: str | int = FACES[0],
    kind: str = KINDS[0],
    glasses: str = GLASSES[0],
    set_up: bool = False,
    pack: bool = True,
    progress: Progress | None = None,
) -> PictureReport:
    """Turn a picture with a face into a character that can talk; returns when it is in the scene.

    Args:
        picture: the path of a picture in any format that Blender reads ("//" means beside the .blend file), the name of one
            that ships (`shipped_pictures`), or an image of the .blend file; or a puppet of MakeItTalk's, by its folder or one
            of its files; or a face picture (.npz) that the engine has made, for which points, faces, kind and
            glasses are settled.
        scene: None for the present scene.
        points: where the face is, for one that is not found: x and y in pixels from the picture's top left corner, of the eyes'
            centres and the mouth's corners, each pair from the picture's left to its right; or of iBUG's 68 landmarks. () to
            look for it, or to use what is known of a picture that ships.
        faces: "largest", a number from 1 for another one, the largest first, or "all": a character for each face.
        kind: "photo", "drawing", or "auto" to look at the picture.
        glasses: whether glasses are worn in a photo, "yes" or "no": their frame stays rigid; "auto" to look for them.
        set_up: let the scene render as the picture is: its camera, size and colours.
        pack: keep the picture in the .blend file; False to link to its file, relative to a .blend file that is saved. What is
            made of it, such as teeth, is always packed.
        progress: called with 0 to 1 and the name of the stage.

    Returns:
        What was added.

    Raises:
        TalkingAnimationError: one sentence: what is wrong and what to do. Nothing was changed.
    """
    job = PictureJob(
        picture,
        scene=scene,
        points=points,
        faces=faces,
        kind=kind,
        glasses=glasses,
        set_up=set_up,
        pack=pack,
    )
    report = wait(job, progress)
    if progress is not None:
        progress(1.0, "Done")
    return report
