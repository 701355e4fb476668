"""Which files of published systems a user has put where, and what is in MakeItTalk's. numpy only."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import EngineError
from ..face.file_digests import digest
from ..face.input_files import ordinary
from ..face.names import PUBLISHED_FOLDER_VARIABLE
from ..paths import CHECKPOINTS
from .unpickle import arrays, read_container

EMBEDDING_SIZE = 256
MEL_BANDS = 80

Weights = dict[str, np.ndarray]


@dataclass(frozen=True)
class PublishedFile:
    """One file as its authors publish it.

    Attributes:
        name: its published name; it must not be renamed.
        content: what is in it, for people.
        required: whether nothing works without it.
        sha256: what the published file's SHA-256 begins with, as far as that is known.
    """

    name: str
    content: str
    required: bool = True
    sha256: str = ""

    def path(self, folder: Path) -> Path:
        """Where the file is: in the folder, or where its authors' repository, of which that is a copy, has it."""
        for place in PLACES:
            path = folder / place / self.name
            if _is_file(path):
                return path
        return folder / self.name


PLACES = (
    "",
    "checkpoints",
    "examples/ckpt",
    "examples/dump",
    "src/dataset/utils",
    "src/autovc/retrain_version",
    "Module1/checkpoints",
    "Module1/src/dataset/utils",
    "Module1/src/autovc/retrain_version",
    "audio2motion/model",
    "data/ted_hd",
    "deep_3drecon/BFM",
)
"""Where published repositories have their files."""


CONTENT = PublishedFile("ckpt_content_branch.pth", "the content branch", sha256="cfd2a176e5dc")
SPEAKER = PublishedFile("ckpt_speaker_branch.pth", "the speaker-aware branch", sha256="5cf3b00f209c")
AUTOVC = PublishedFile("ckpt_autovc.pth", "the voice converter AutoVC", sha256="cc8bd7289443")
MEAN_STD = PublishedFile(
    "MEAN_STD_AUTOVC_RETRAIN_MEL_AU.txt", "mean and deviation of the converted mel bands"
)
TARGET = PublishedFile("obama_emb.txt", "the voice that AutoVC converts to")
SPEAKERS = PublishedFile(
    "emb.pickle", "the 67 training speakers' embeddings", required=False, sha256="e973e1645746"
)
FACE = PublishedFile(
    "STD_FACE_LANDMARKS.txt", "the face that the networks were trained around", required=False
)
VOICES = PublishedFile(
    "pretrained.pt", "Resemblyzer's network, which hears whose voice it is", required=False
)
PHOTO_RENDERER = PublishedFile(
    "ckpt_116_i2i_comb.pth", "the photo renderer, for talking portraits", required=False
)

FILES = (CONTENT, SPEAKER, AUTOVC, MEAN_STD, TARGET, SPEAKERS, FACE, VOICES, PHOTO_RENDERER)


def published_folder(chosen: str | os.PathLike[str] | None = None) -> Path:
    """Where the files are looked for: the chosen folder, else `PUBLISHED_FOLDER_VARIABLE`'s, else ``checkpoints/published``."""
    named = chosen or os.environ.get(PUBLISHED_FOLDER_VARIABLE)
    return Path(named) if named else CHECKPOINTS / "published"


def has(folder: Path, file: PublishedFile) -> bool:
    """Whether the folder has that file; False as well where nobody may look."""
    return _is_file(file.path(folder))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def check_files(
    folder: Path, files: Sequence[PublishedFile] | None = None, system: str = "MakeItTalk"
) -> None:
    """Raise EngineError (code ``published_missing``) where a required file is not there.

    Args:
        folder: where to look.
        files: which; None for all of MakeItTalk's.
        system: whose they are, for messages.
    """
    missing = [
        file for file in (FILES if files is None else files) if file.required and not has(folder, file)
    ]
    if missing:
        names = ", ".join(file.name for file in missing)
        raise EngineError(
            f"{folder} lacks {names} of {system}: download them from its authors and put them there, "
            "as docs/published-checkpoints.md says.",
            "published_missing",
        )


def check_photo_renderer(folder: Path) -> None:
    """Raise EngineError (code ``published_missing``) where the file is not there."""
    if not has(folder, PHOTO_RENDERER):
        raise EngineError(
            f"{folder} lacks {PHOTO_RENDERER.name} of MakeItTalk: download it from its authors and put it there, as "
            "docs/published-checkpoints.md says, or choose the renderer warp.",
            "published_missing",
        )


def strangers(folder: Path, files: Sequence[PublishedFile] | None = None) -> tuple[str, ...]:
    """A sentence for each file that has a published one's name but not its content: it may be trained anew, or damaged.

    Args:
        folder: where to look.
        files: which; None for all of MakeItTalk's.

    Raises:
        EngineError: a file cannot be read (code ``bad_weights``).
    """
    sentences = []
    for file in FILES if files is None else files:
        if not file.sha256 or not has(folder, file):
            continue
        path = file.path(folder)
        try:
            sha256 = digest(path)
        except OSError as error:
            raise EngineError(
                f"{path} cannot be read ({error.strerror}): download it again.", "bad_weights"
            ) from error
        if not sha256.startswith(file.sha256):
            sentences.append(
                f"{path} is not the published file (its SHA-256 begins with {sha256[:12]}): the result may differ."
            )
    return tuple(sentences)


def read_weights(path: Path, entry: str, system: str = "MakeItTalk") -> Weights:
    """The tensors of one network in a checkpoint, by name, without DataParallel's ``module.``.

    Args:
        path: the checkpoint.
        entry: the key that the network's state dictionary is saved under; a file that is nothing but the state dictionary
            is read as well.
        system: whose it is, for messages.

    Raises:
        EngineError: missing, damaged, or without tensors (code ``bad_weights``).
    """
    whole = read_container(path)
    inner = whole.get(entry, whole) if isinstance(whole, Mapping) else None
    weights = arrays(inner, path)
    if not weights:
        raise EngineError(
            f"{path} holds no network named {entry!r}: it is another file than {system}'s, download it again.",
            "bad_weights",
        )
    return {name.removeprefix("module."): values for name, values in weights.items()}


def read_mean_std(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """(80,) means and (80,) standard deviations of the converted mel bands; float32.

    Raises:
        EngineError: not 160 numbers, or a deviation that is not positive (code ``bad_weights``).
    """
    numbers = _numbers(path, 2 * MEL_BANDS)
    if not (numbers[MEL_BANDS:] > 0).all():
        raise EngineError(f"{path} holds a deviation of zero or less: download it again.", "bad_weights")
    return numbers[:MEL_BANDS], numbers[MEL_BANDS:]


def read_target(path: Path) -> np.ndarray:
    """(256,) float32 embedding of the voice that AutoVC converts to.

    Raises:
        EngineError: not 256 numbers (code ``bad_weights``).
    """
    return _numbers(path, EMBEDDING_SIZE)


def read_face(path: Path) -> np.ndarray:
    """(68, 3) float32 standard face in MakeItTalk's coordinates: x right, y down, z to the viewer.

    Raises:
        EngineError: not 204 numbers (code ``bad_weights``).
    """
    return _numbers(path, 68 * 3).reshape(68, 3)


def read_speakers(path: Path) -> dict[str, np.ndarray]:
    """The training speakers' (256,) float32 embeddings, by their YouTube names, in the file's order.

    Raises:
        EngineError: missing, damaged, or no embeddings of 256 numbers (code ``bad_weights``).
    """
    speakers = {}
    for name, values in arrays(read_container(path), path).items():
        if values.size != EMBEDDING_SIZE or not np.isfinite(values).all():
            raise EngineError(
                f"{path} holds {values.size} numbers for the speaker {name} instead of {EMBEDDING_SIZE} finite ones: "
                "download it again.",
                "bad_weights",
            )
        speakers[name] = values.reshape(EMBEDDING_SIZE).astype(np.float32)
    if not speakers:
        raise EngineError(f"{path} holds no speakers: download it again.", "bad_weights")
    return speakers


def _numbers(path: Path, count: int) -> np.ndarray:
    """(count,) float32 of a text file of numbers."""
    try:
        with np.errstate(over="ignore"):  # too large is not finite
            numbers = np.array(ordinary(path).read_text(encoding="ascii").split(), np.float32)
    except OSError as error:
        raise EngineError(
            f"{path} cannot be read ({error.strerror}): download it again.", "bad_weights"
        ) from error
    except ValueError as error:
        raise EngineError(f"{path} is no text of numbers: download it again.", "bad_weights") from error
    if numbers.shape != (count,) or not np.isfinite(numbers).all():
        raise EngineError(
            f"{path} holds {numbers.size} numbers instead of {count} finite ones: download it again.",
            "bad_weights",
        )
    return numbers
