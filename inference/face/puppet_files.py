"""Which files make a published puppet of MakeItTalk's, by their names. Needs nothing but Python.

Beside the artwork ``NAME.png`` lie ``NAME_face_open_mouth.txt`` and others with the points of its face, and perhaps the
background ``NAME_bg.png``. A folder may hold many puppets.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .errors import EngineError

OPEN: Final = "_face_open_mouth.txt"
OPEN_NORM: Final = "_face_open_mouth_norm.txt"
CLOSED_NORM: Final = "_face_close_mouth.txt"
SCALE: Final = "_scale_shift.txt"
TRIANGLES: Final = "_delauney_tri.txt"
_POINTS: Final = (OPEN, OPEN_NORM, CLOSED_NORM)
"""A puppet has at least one of these, were it an empty one."""
_TEXTS: Final = (*_POINTS, SCALE, TRIANGLES)
_BACKGROUND: Final = "_bg"
_PICTURES: Final = frozenset(
    {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tga", ".tif", ".tiff", ".gif", ".psd"}
)
_MOST_NAMED = 6


@dataclass(frozen=True)
class PuppetFiles:
    """The files of one puppet.

    Attributes:
        name: of the puppet.
        folder: where they are.
        picture: the artwork.
        background: what it stands before; None where there is none.
    """

    name: str
    folder: Path
    picture: Path
    background: Path | None

    def text(self, suffix: str) -> Path:
        """The path of one of its text files, such as `OPEN`, whether it is there or not."""
        return self.folder / f"{self.name}{suffix}"

    @property
    def all(self) -> list[Path]:
        """Whatever of it is or could be read."""
        texts = [self.text(suffix) for suffix in _TEXTS]
        return [self.picture, *([self.background] if self.background else []), *texts]


def puppet_at(path: Path) -> PuppetFiles | None:
    """The puppet in a folder, or the one that a file belongs to; None where it is none.

    Raises:
        EngineError: a folder cannot be listed (code ``file_missing``) or holds several puppets (``several_puppets``); the
            puppet's picture is missing (``no_puppet_picture``) or there are two (``several_pictures``).
    """
    folder = path if path.is_dir() else path.parent
    try:
        names = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
    except OSError as error:
        raise EngineError(
            f"The folder {folder} cannot be read ({error.strerror or error}): check its permissions.",
            "file_missing",
        ) from error
    puppets = sorted({name[: -len(suffix)] for name in names for suffix in _POINTS if name.endswith(suffix)})
    if path.is_dir():
        if len(puppets) > 1:
            listed = ", ".join(puppets[:_MOST_NAMED]) + (" …" if len(puppets) > _MOST_NAMED else "")
            raise EngineError(
                f"{path} holds {len(puppets)} puppets ({listed}): choose the picture of one of them.",
                "several_puppets",
            )
        return _files_of(folder, puppets[0], names) if puppets else None
    return _of_file(path, folder, set(puppets), names)


def _of_file(path: Path, folder: Path, puppets: set[str], names: set[str]) -> PuppetFiles | None:
    """The puppet that a file of a folder belongs to; a picture that is chosen is its artwork, unless it is its background."""
    for suffix in _TEXTS:
        name = path.name.removesuffix(suffix)
        if name != path.name:
            return _files_of(folder, name, names) if name in puppets else None
    if path.suffix.casefold() not in _PICTURES:
        return None
    if path.stem in puppets:
        return PuppetFiles(path.stem, folder, path, _background(folder, path.stem, names))
    name = path.stem.removesuffix(_BACKGROUND)
    return _files_of(folder, name, names) if name in puppets and name != path.stem else None


def _files_of(folder: Path, name: str, names: set[str]) -> PuppetFiles:
    pictures = _pictures(name, names)
    if not pictures:
        raise EngineError(
            f"The puppet {name} has no picture: put {name}.png beside {name}{OPEN}.", "no_puppet_picture"
        )
    if len(pictures) > 1:
        raise EngineError(
            f"The puppet {name} has several pictures ({', '.join(pictures)}): choose one of them.",
            "several_pictures",
        )
    return PuppetFiles(name, folder, folder / pictures[0], _background(folder, name, names))


def _pictures(stem: str, names: set[str]) -> list[str]:
    return sorted(
        name for name in names if Path(name).stem == stem and Path(name).suffix.casefold() in _PICTURES
    )


def _background(folder: Path, name: str, names: set[str]) -> Path | None:
    return next((folder / picture for picture in _pictures(f"{name}{_BACKGROUND}", names)), None)
