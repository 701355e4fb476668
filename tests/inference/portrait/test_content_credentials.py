"""A video is signed as what it says of itself; without library, key or note nothing is changed, and a sentence says why."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from recordings import tone, wav_bytes

pytest.importorskip("av")

import av

from inference.cli import main
from inference.errors import EngineError
from inference.portrait.content_credentials import note_of, sign_video
from inference.portrait.film import Film, write_film
from inference.portrait.sound import Sound

NOTE = {
    "title": "Ada, made to talk",
    "statement": "Synthetic.",
    "synthetic": True,
    "voice": "line.wav",
    "seed": 3,
}


class _Refused(Exception):
    """What the library raises."""


class _Builder:
    asked: tuple[Any, ...] = ()

    def __init__(self, manifest: str) -> None:
        self.manifest = json.loads(manifest)

    def __enter__(self) -> _Builder:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def sign_file(self, video: str, signed: str, signer: Any) -> None:
        if signer.info[1] != b"chain":
            raise _Refused("Signature: invalid\n signing credentials")
        Path(signed).write_bytes(Path(video).read_bytes() + b"signed")
        _Builder.asked = (self.manifest, signer.info)


class _Signer:
    def __init__(self, info: tuple[Any, ...]) -> None:
        self.info = info

    @classmethod
    def from_info(cls, info: tuple[Any, ...]) -> _Signer:
        return cls(info)

    def __enter__(self) -> _Signer:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for c2pa-python, which no test needs to install."""
    module = SimpleNamespace(
        Builder=_Builder, Signer=_Signer, C2paError=_Refused, C2paSignerInfo=lambda *values: values
    )
    monkeypatch.setitem(sys.modules, "c2pa", module)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """A video that says what it is, and files with a chain and a key beside it."""
    path = tmp_path / "ada.mp4"
    write_film(path, Film(25.0, (32, 32), 2, None, NOTE), iter([np.zeros((32, 32, 3), np.uint8)] * 2))
    (tmp_path / "chain.pem").write_bytes(b"chain")
    (tmp_path / "key.pem").write_bytes(b"key")
    return path


def signing(video: Path, *more: str, certificate: str = "chain.pem") -> list[str]:
    """The command line."""
    given = ["--certificate", str(video.with_name(certificate)), "--key", str(video.with_name("key.pem"))]
    return ["sign", str(video), *given, *more]


def test_it_is_signed_as_what_it_says_of_itself(library: None, video: Path) -> None:
    before = video.read_bytes()
    signed = video.with_name("signed.mp4")
    assert main(signing(video, "-o", str(signed), "--algorithm", "ps256")) == 0
    assert signed.read_bytes() == before + b"signed" and video.read_bytes() == before
    manifest, info = _Builder.asked
    assert info == (b"ps256", b"chain", b"key", None) and manifest["title"] == NOTE["title"]
    created, made = (assertion["data"] for assertion in manifest["assertions"])
    assert created["actions"][0]["digitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")
    assert made == {"synthetic": True, "voice": "line.wav", "seed": 3}
    assert main(signing(video)) == 0 and video.read_bytes() == before + b"signed"


def test_who_cannot_sign_changes_nothing(
    library: None, video: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in video.parent.iterdir()}
    for arguments, told in (
        (signing(video, certificate="key.pem"), "(Signature: invalid signing credentials): give PEM files"),
        (signing(video, certificate="gone.pem"), "gone.pem cannot be read"),
        (signing(video, "-o", str(video.with_name("key.pem"))), "key.pem"),
        (signing(video, "-o", str(video)), "would replace"),
        (
            signing(video, "-o", str(video.with_name("b.mov"))),
            "ada.mp4 does, whose kind it keeps: end it in .mp4",
        ),
        (signing(video.with_name("none.mp4")), "none.mp4 does not exist: give the .mp4 or .mov"),
        (signing(video.with_name("n" * 300 + ".mp4")), "longer than a file's name may be"),
        (signing(video.parent), f"{video.parent} is a folder: give the .mp4 or .mov"),
    ):
        assert main(arguments) == 1
        said = capsys.readouterr().err
        assert told in said and len(said.splitlines()) == 1
    assert {path.name: path.read_bytes() for path in video.parent.iterdir()} == before


def test_a_video_of_others_and_a_missing_library_are_told(
    library: None, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain, key = video.with_name("chain.pem"), video.with_name("key.pem")
    write_film(video, Film(25.0, (32, 32), 1, None, {}), iter([np.zeros((32, 32, 3), np.uint8)]))
    with pytest.raises(EngineError, match="no video that portrait made"):
        sign_video(video, video, chain, key)
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(EngineError, match=r"Signing a video .* package av .*: sign it on a computer with"):
        sign_video(video, video, chain, key)
    monkeypatch.setitem(sys.modules, "c2pa", None)
    with pytest.raises(EngineError, match="pip install c2pa-python"):
        sign_video(video, video, chain, key)


def copied(
    source: Path, target: Path, *, sound: bool = True, first: int = 0, description: str | None = None
) -> Path:
    """A video's packets and tags in another file, as editors copy them: without its sound, or from a later picture on."""
    with (
        av.open(str(source)) as old,
        av.open(str(target), "w", options={"movflags": "use_metadata_tags"}) as new,
    ):
        new.metadata.update(old.metadata)
        if description is not None:
            new.metadata["description"] = description
        kept = [stream for stream in old.streams if sound or stream.type == "video"]
        streams = {stream.index: new.add_stream_from_template(stream) for stream in kept}
        for packet in old.demux(kept):
            if packet.size and (packet.stream.type == "audio" or packet.pts >= first):
                packet.stream = streams[packet.stream.index]
                new.mux(packet)
    return target


@pytest.mark.parametrize("kind", [".mp4", ".mov"])
def test_only_the_pictures_and_the_voice_that_it_was_made_with_are_signed(tmp_path: Path, kind: str) -> None:
    voice, made = tmp_path / "line.wav", tmp_path / f"made{kind}"
    voice.write_bytes(wav_bytes(tone(0.4, 16000), 16000))
    noise = np.random.RandomState(1).randint(0, 255, (10, 64, 64, 4), np.uint8)[
        ..., : 3 if kind == ".mp4" else 4
    ]
    write_film(made, Film(25.0, (64, 64), 10, Sound(voice), NOTE), iter(noise))
    note = note_of(made)
    assert {name: note[name] for name in NOTE} == NOTE
    assert note_of(copied(made, tmp_path / f"same{kind}")) == note, "its packets are the same"
    other, note_text = tmp_path / f"other{kind}", json.dumps(note)
    write_film(other, Film(25.0, (64, 64), 10, Sound(voice), {}), iter(noise[::-1]))
    edited = (
        copied(made, tmp_path / f"silent{kind}", sound=False),
        copied(made, tmp_path / f"later{kind}", first=1),
        copied(other, tmp_path / f"shown{kind}", description=note_text),
    )
    for video in edited:
        with pytest.raises(EngineError, match="or was changed since"):
            note_of(video)


@pytest.mark.parametrize("description", ["[" * 100_000, "{", "[]", "1" * 5000, json.dumps(NOTE)])
def test_what_others_wrote_into_a_video_is_told(video: Path, description: str) -> None:
    with pytest.raises(EngineError, match="no video that portrait made"):
        note_of(copied(video, video.with_name("foreign.mp4"), description=description))
