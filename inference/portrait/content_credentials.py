"""Content Credentials (C2PA): a finished video says in a signed way that it is synthetic, and what it was made of.

The signature is the user's own; the package c2pa-python writes it, which the full engine does not bring.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from .. import __version__
from ..errors import EngineError
from ..face.errors import too_long
from ..face.input_files import ordinary
from ..face.json_text import json_object
from ..face.names import SIGNING_ALGORITHMS
from ..face.result_files import write_whole
from ..packages import load_package
from .film import VIDEOS
from .film_packets import PACKETS, packets_of

_SOURCE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
_MADE_OF: Final = "io.github.talking_animation.made_of"
_PRODUCT: Final = "Talking Animation"


def sign_video(
    video: Path, output: Path, certificate: Path, key: Path, algorithm: str = SIGNING_ALGORITHMS[0]
) -> None:
    """Write a video that ``portrait`` made with its Content Credentials.

    Args:
        video: the video.
        output: what is written, whole or not at all, of the video's kind; may be the video itself.
        certificate: PEM, the chain of certificates, the signer's own first.
        key: PEM, the signer's private key, PKCS #8, without a passphrase.
        algorithm: one of `SIGNING_ALGORITHMS`, as the key is.

    Raises:
        EngineError: a package is missing (code ``full_engine_needed``), the video is not there (``file_missing``) or none that
            was made here (``bad_video``), key or certificate cannot be read or do not fit (``bad_request``), the output ends
            otherwise than the video (``bad_format``) or cannot be written.
    """
    _refuse_missing(video)
    c2pa = _library()
    note = note_of(video)
    if output.suffix.lower() != video.suffix.lower():
        raise EngineError(
            f"{output} does not end as {video} does, whose kind it keeps: end it in {video.suffix}.",
            "bad_format",
        )
    chain, secret = (_read(path) for path in (certificate, key))
    with tempfile.TemporaryDirectory() as folder:
        signed = Path(folder, f"signed{video.suffix.lower()}")
        try:
            info = c2pa.C2paSignerInfo(algorithm.encode("ascii"), chain, secret, None)
            with (
                c2pa.Signer.from_info(info) as signer,
                c2pa.Builder(json.dumps(manifest_of(note))) as builder,
            ):
                builder.sign_file(str(video), str(signed), signer)
        except c2pa.C2paError as error:
            raise EngineError(
                f"{video} could not be signed by {certificate} and {key} ({' '.join(str(error).split())}): give PEM files with "
                "the chain of certificates, the signer's first, and with its private key, and the key's algorithm.",
                "bad_request",
            ) from error
        with signed.open("rb") as made:
            write_whole(output, lambda stream: shutil.copyfileobj(made, stream))


def note_of(video: Path) -> dict[str, Any]:
    """What a video that was made here says of itself, see `film.Film.note`; its pictures and voice are those it was made with.

    Raises:
        EngineError: it is not there (code ``file_missing``), or is no such video (``bad_video``); PyAV is missing
            (``full_engine_needed``).
    """
    _refuse_missing(video)
    av = load_package("av", "Signing a video", "sign it on a computer with the full engine")
    note: dict[str, Any] = {}
    if video.suffix.lower() in VIDEOS:
        try:
            with video.open("rb") as stream, av.open(stream) as container:
                told = json_object(container.metadata.get("description", ""))
                if told.get("synthetic") is True and told.get(PACKETS) == packets_of(container):
                    note = told
        except (OSError, ValueError, av.FFmpegError):  # `Damaged` is a ValueError
            note = {}
    if not note:
        raise EngineError(
            f"{video} is no video that portrait made, or was changed since: sign the .mp4 or .mov file as it was written.",
            "bad_video",
        )
    return note


def _refuse_missing(video: Path) -> None:
    try:
        problem = "is a folder" if ordinary(video).is_dir() else ""
    except FileNotFoundError:
        problem = "does not exist"
    except OSError as error:
        if told := too_long(error):
            raise told from error
        problem = "cannot be read"
    if problem:
        raise EngineError(
            f"{video} {problem}: give the .mp4 or .mov file that portrait wrote.", "file_missing"
        )


def manifest_of(note: dict[str, Any]) -> dict[str, Any]:
    """What is signed: that the video was made of a picture by an algorithm, and the note's picture, voice and model."""
    made = {name: value for name, value in note.items() if name not in ("title", "statement", PACKETS)}
    agent = {"name": _PRODUCT, "version": __version__}
    created = {"action": "c2pa.created", "digitalSourceType": _SOURCE, "softwareAgent": agent}
    return {
        "claim_generator_info": [agent],
        "title": str(note.get("title", "")),
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [created]}},
            {"label": _MADE_OF, "data": made},
        ],
    }


def _read(path: Path) -> bytes:
    try:
        return ordinary(path).read_bytes()
    except OSError as error:
        raise EngineError(
            f"{path} cannot be read: give a PEM file with certificates or a key.", "bad_request"
        ) from error


def _library() -> ModuleType:
    try:
        import c2pa
    except ImportError as error:
        raise EngineError(
            "Signing a video needs the package c2pa-python beside the full engine: install it into the engine's Python by pip "
            "install c2pa-python.",
            "full_engine_needed",
        ) from error
    library: ModuleType = c2pa
    return library
