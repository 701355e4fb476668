# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures that shall talk: files and images of the .blend file as pixels, whatever format Blender reads them from."""

from __future__ import annotations

import hashlib
import mmap
import os
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import bpy
import numpy as np

from ..contract import EngineError, gif, puppet_files, srgb
from ..contract.face_picture import PICTURE, FacePicture
from ..errors import TalkingAnimationError, legible
from ..host import file_names, log
from . import shipped_pictures
from .picture_headers import UPRIGHT, is_cut_off, is_moving_webp, is_webp, orientation
from .picture_headers import size as size_in

FILMS: Final = (".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".webm")
"""File name endings of films, small letters: those that the engine decodes."""
SUFFIXES: Final = tuple(sorted({*bpy.path.extensions_image, ".gif", *FILMS}))  # type: ignore[attr-defined]
"""File name endings of pictures, small letters, as Blender knows them, GIF, and films, of which the first picture is taken."""
FACE_SUFFIX: Final = ".npz"
LARGEST: Final = 16384
"""Pixels: no side of a picture is longer, since graphics cards show none that are."""
_HEADER_BYTES = 1 << 20  # what cameras write before the pixels fits in
_ROWS_AT_ONCE = 256

_TURNS: Final = {
    2: lambda pixels: pixels[:, ::-1],
    3: lambda pixels: pixels[::-1, ::-1],
    4: lambda pixels: pixels[::-1],
    5: lambda pixels: pixels.swapaxes(0, 1),
    6: lambda pixels: pixels.swapaxes(0, 1)[:, ::-1],
    7: lambda pixels: pixels.swapaxes(0, 1)[::-1, ::-1],
    8: lambda pixels: pixels.swapaxes(0, 1)[::-1],
}
"""What brings an array of rows upright, by EXIF's orientation."""


@dataclass(frozen=True)
class Picture:
    """A picture, upright.

    Attributes:
        name: of its file or image, legible.
        path: of its file as it is to be remembered; "" for an image that has none.
        pixels: (h, w, 4) uint8, RGBA, sRGB with straight alpha, from the top row down.
        file: the file that shows these very pixels in Blender, absolute; "" for an image that has none.
        not_linked: why Blender would show that file otherwise, as the end of a sentence; "" where it shows the same.
        puppet: the file of the artwork, where it is one of a puppet of MakeItTalk's; else "".
        background: (h, w, 4) uint8, what that puppet stands before; None where it has nothing.
        note: a sentence that the user should read; "" for none.
        face: the file that the engine made of it before, absolute; "" where it is yet to be asked.
    """

    name: str
    path: str
    pixels: np.ndarray
    file: str = ""
    not_linked: str = ""
    puppet: str = ""
    background: np.ndarray | None = None
    note: str = ""
    face: str = ""

    @cached_property
    def sha256(self) -> str:
        """Of its size and its pixels."""
        digest = hashlib.sha256(f"{self.pixels.shape}".encode())
        digest.update(np.ascontiguousarray(self.pixels).data)
        return digest.hexdigest()


def is_picture_file(path: str) -> bool:
    """Whether a path ends as pictures do."""
    return os.path.splitext(path)[1].casefold() in SUFFIXES


def is_film(path: str) -> bool:
    """Whether a path ends as films do."""
    return os.path.splitext(path)[1].casefold() in FILMS


def is_face_file(path: str) -> bool:
    """Whether a path ends as what ``python -m inference picture`` writes."""
    return os.path.splitext(path)[1].casefold() == FACE_SUFFIX


def stands_for_picture(path: str) -> bool:
    """Whether a path names a picture, a face picture of the engine's, or a folder with a puppet of MakeItTalk's."""
    if is_picture_file(path) or is_face_file(path):
        return True
    try:
        return os.path.isdir(path) and _puppet_at(path) is not None
    except TalkingAnimationError:
        return True  # reading it says what is wrong


def read(picture: Any) -> Picture:
    """The picture in a file ("//" means beside the .blend file), or in an image of the .blend file, which stays as it is.

    Args:
        picture: a path, the name of a picture that ships, or an image datablock. A folder with a puppet of MakeItTalk's, or a
            text file of one, stands for its artwork; so does a face picture (.npz) that the engine has made.

    Raises:
        TalkingAnimationError: where nothing is chosen, there is none of that name, it is missing, a folder without a puppet or
            with several, empty, an animation, or cannot be read.
    """
    if isinstance(picture, bpy.types.Image):
        return _of_image(picture, legible(picture.name), _path_of(picture))
    text = os.fspath(picture)
    if not text.strip():
        raise TalkingAnimationError("No picture is chosen: pick a picture with a face.")
    shipped = shipped_pictures.called(text)
    if shipped is not None:
        text = str(shipped.path)
    shipped_pictures.check_name(text)
    full = os.path.abspath(bpy.path.abspath(text))
    if is_face_file(full):
        return _of_face(full, text if text.startswith("//") else full)
    puppet = _puppet_at(full)
    if puppet is None:
        return _of_file(full, text)
    chosen = str(puppet.picture)
    artwork = _of_file(chosen, bpy.path.relpath(chosen) if text.startswith("//") else chosen)
    background = None
    if puppet.background is not None:
        try:
            background = _of_file(str(puppet.background), "").pixels
        except TalkingAnimationError as error:
            log.logger.warning("%s", error)  # the engine tries it again, and says that it was left out
    return replace(artwork, puppet=chosen, background=background)


def files_of(path: str) -> list[str]:
    """The files that a picture's path stands for: itself, or all of a puppet's.

    Raises:
        TalkingAnimationError: it is a folder with several puppets, or a puppet without a picture.
    """
    puppet = _puppet_at(os.path.abspath(bpy.path.abspath(path))) if path else None
    return [path] if puppet is None else [path, *map(str, puppet.all)]


def _puppet_at(full: str) -> puppet_files.PuppetFiles | None:
    try:
        return puppet_files.puppet_at(Path(full))
    except EngineError as error:
        raise TalkingAnimationError(error.message) from error


def _of_file(full: str, text: str) -> Picture:
    """The picture in a file.

    Args:
        full: its path.
        text: the same as it was given.
    """
    name = legible(os.path.basename(full)) or full
    beginning = _check_file(full, name)
    if gif.is_gif(beginning):
        return _of_gif(full, name, text if text.startswith("//") else full)
    try:
        with file_names.usual(full) as path:  # Blender reads it when its pixels are asked for
            image = bpy.data.images.load(path, check_existing=False)
            try:
                read = _of_image(image, name, text if text.startswith("//") else full, full)
            finally:
                bpy.data.images.remove(image)
        if is_webp(beginning) and not read.pixels.any():  # what Blender makes of a damaged one
            raise TalkingAnimationError(_unreadable(name))
    except (OSError, RuntimeError) as error:
        raise TalkingAnimationError(_unreadable(name)) from error
    return replace(read, note=read.note or _note_if_cut_off(full, name))


def _of_face(full: str, path: str) -> Picture:
    """The picture in a file that the engine made of it."""
    name = legible(os.path.basename(full)) or full
    _check_file(full, name)
    try:
        pixels = FacePicture.load(full).textures[PICTURE]
    except EngineError as error:
        raise TalkingAnimationError(error.message) from error
    return Picture(name, path, pixels, full, "it is a face picture, which holds the pixels itself", face=full)


def _of_gif(full: str, name: str, path: str) -> Picture:
    """The first picture in a GIF file, which not every Blender reads, and those that do as a video."""
    try:
        pixels, moving = gif.first_picture(Path(full).read_bytes())
    except (OSError, ValueError, MemoryError) as error:
        raise TalkingAnimationError(_unreadable(name)) from error
    note = f"'{name}' is an animated GIF: its first picture was taken." if moving else ""
    return Picture(name, path, pixels, full, "it is a GIF, which Blender does not show", note=note)


def _path_of(image: Any) -> str:
    """The path of an image's file as it is to be remembered; "" where it has none."""
    return str(image.filepath) if image.source in {"FILE", "MOVIE"} and image.packed_file is None else ""


def _check_file(full: str, name: str) -> bytes:
    """How the file of a picture begins."""
    if os.path.isdir(full):
        raise TalkingAnimationError(f"'{name}' is a folder: pick a picture with a face.")
    if not os.path.isfile(full):
        raise TalkingAnimationError(f"The picture '{full}' does not exist: pick the file again.")
    data = _beginning(full, name)
    if is_moving_webp(data):
        raise TalkingAnimationError(_moving(name))
    told = size_in(data)
    if told is not None:
        _check_size(name, *told)  # before Blender takes memory for it
    return data


def _check_size(name: str, width: int, height: int) -> None:
    if max(width, height) > LARGEST:
        raise TalkingAnimationError(
            f"'{name}' is {width} × {height} pixels, and no side may have more than {LARGEST}: make it smaller."
        )


def _beginning(full: str, name: str) -> bytes:
    try:
        with open(full, "rb") as stream:
            data = stream.read(_HEADER_BYTES)
    except OSError as error:
        raise TalkingAnimationError(
            f"'{name}' cannot be read ({error.strerror or error}): check the file's permissions."
        ) from error
    if not data:
        raise TalkingAnimationError(f"'{name}' is empty: save the picture again or pick another file.")
    return data


def _moving(name: str) -> str:
    return f"Blender reads '{name}' as a video or an animation: save one of its pictures as PNG and use that."


def _note_if_cut_off(full: str, name: str) -> str:
    """A sentence where a file ends before its pixels do, which Blender passes over; else ""."""
    try:
        with open(full, "rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            cut_off = is_cut_off(data)
    except (OSError, ValueError):  # not every disk lets files be mapped
        return ""
    if not cut_off:
        return ""
    return f"'{name}' is cut off, and a part of it is missing: save or download the picture again."


def _unreadable(name: str) -> str:
    return (
        f"'{name}' cannot be read as a picture: open it in a picture editor, save it as PNG, and use that "
        "(a file with such an ending may hold something else)."
    )


def _of_image(image: Any, name: str, path: str, full: str = "") -> Picture:
    film = image.source == "MOVIE" and is_film(full or path)  # whose pixels are those of its first picture
    if image.source in {"MOVIE", "SEQUENCE"} and not film:
        raise TalkingAnimationError(_moving(name))
    width, height = image.size
    if not (width and height and image.channels):
        raise TalkingAnimationError(_unreadable(name))
    _check_size(name, width, height)
    flat = np.empty(width * height * image.channels, np.float32)
    try:
        image.pixels.foreach_get(flat)
    except (RuntimeError, TypeError, MemoryError) as error:
        raise TalkingAnimationError(_unreadable(name)) from error
    pixels = _as_srgb(flat.reshape(height, width, -1), bool(image.is_float))
    turned = _TURNS.get(_held(image, full))
    upright = np.ascontiguousarray(turned(pixels) if turned is not None else pixels)
    if film:
        note = f"'{name}' is a film: its first picture was taken. With the full engine Bake Talking Portrait lets the film go on."
        return Picture(name, path, upright, full, "it is a film", note=note)
    file, why = _linkable(image, full, turned is not None)
    return Picture(name, path, upright, file, why)


def _linkable(image: Any, full: str, turned: bool) -> tuple[str, str]:
    """The file of an image, and why Blender would not show the same pixels of it; see `Picture`."""
    file = full or os.path.abspath(bpy.path.abspath(_path_of(image), library=image.library))
    if not (full or _path_of(image)) or not os.path.isfile(file):
        return "", "it lies in the .blend file alone"
    if turned:
        return file, "the camera was turned, which Blender passes over"
    if image.is_float:
        return file, "it has more than 8 bits a value"
    if not file_names.is_usual(file):
        return file, "Blender takes no such file name"
    return file, ""


def _held(image: Any, full: str) -> int:
    """How the camera was held, told by the file's header."""
    if full:
        return orientation(_beginning(full, full))
    if image.packed_file is not None:
        return orientation(bytes(image.packed_file.data[:_HEADER_BYTES]))
    path = bpy.path.abspath(image.filepath, library=image.library) if image.source == "FILE" else ""
    return orientation(_beginning(path, image.name)) if path and os.path.isfile(path) else UPRIGHT


def _as_srgb(rows: np.ndarray, linear: bool) -> np.ndarray:
    """Blender's rows, from the bottom up, as RGBA in bytes, from the top down.

    Args:
        rows: (h, w, C) float32; with C of 1 or 2 grey, with 2 or 4 alpha.
        linear: whether they are scene-linear with premultiplied alpha, else as the file has them.
    """
    height, width, channels = rows.shape
    result = np.full((height, width, 4), 255, np.uint8)
    for first in range(0, height, _ROWS_AT_ONCE):
        part = np.nan_to_num(rows[::-1][first : first + _ROWS_AT_ONCE], nan=0.0, posinf=1e9, neginf=0.0)
        colour = part[..., :3] if channels >= 3 else part[..., :1]
        alpha = part[..., -1:] if channels in (2, 4) else None
        if linear:
            if alpha is not None:
                colour = colour / np.where(alpha > 0, alpha, 1)
            colour = srgb.encoded(colour)
        result[first : first + _ROWS_AT_ONCE, :, :3] = _bytes(colour)
        if alpha is not None:
            result[first : first + _ROWS_AT_ONCE, :, 3:] = _bytes(alpha)
    return result


def _bytes(values: np.ndarray) -> np.ndarray:
    return np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)


def save(picture: Picture, folder: Path) -> Path:
    """Write the pixels for the engine (.npy); returns the file.

    Raises:
        TalkingAnimationError: where there is no room.
    """
    return _saved(picture, picture.pixels, folder / "picture.npy")


def save_background(picture: Picture, folder: Path) -> Path | None:
    """The same of the background; None where there is none. Raises as `save`."""
    if picture.background is None:
        return None
    return _saved(picture, picture.background, folder / "background.npy")


def _saved(picture: Picture, pixels: np.ndarray, target: Path) -> Path:
    try:
        np.save(target, pixels, allow_pickle=False)
    except OSError as error:
        raise TalkingAnimationError(
            f"'{picture.name}' cannot be copied for the engine ({error.strerror or error}): make room for temporary files."
        ) from error
    return target
