"""The published systems whose weights a user can bring: a table with a row for each. numpy only.

A new one is a row of `SYSTEMS`, its terms in `licence`, and the module that runs its networks.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ..face.names import ANIMATE_PORTRAIT, DAVS, MAKEITTALK, STYLE_AVATAR
from . import files, licence, style_avatar_files
from .files import PublishedFile
from .licence import Terms


@dataclass(frozen=True)
class System:
    """One published system.

    Attributes:
        name: what commands call it.
        title: what its authors call it.
        use: the option that uses it.
        needs: one sentence: what the user has to bring.
        terms: its licence.
        files: what is looked for in its folder.
    """

    name: str
    title: str
    use: str
    needs: str
    terms: Terms
    files: tuple[PublishedFile, ...]

    def folder(self, chosen: str | os.PathLike[str] | None = None) -> Path:
        """Where its files are looked for.

        MakeItTalk's are in the folder for published files itself (`files.published_folder`), those of every other system in a
        folder of its name in there, or in a chosen folder itself.
        """
        base = files.published_folder(chosen)
        if self.name == MAKEITTALK:
            return base
        own = base / self.name
        try:
            return own if chosen is None or own.is_dir() else base
        except OSError:
            return own

    def check(self, folder: Path) -> None:
        """Raise EngineError (code ``published_missing``) where a file is not there that it needs."""
        files.check_files(folder, self.files, self.title)


HEAD_WEIGHTS = PublishedFile("atcnet_lstm_general.pth", "ATC_net, which moves the head")
DAVS_CHECKPOINT = PublishedFile("101_DAVS_checkpoint.pth.tar", "its networks for voice, face and picture")

_MODULE_1 = tuple(replace(file, sha256="") for file in files.FILES if file is not files.PHOTO_RENDERER)

SYSTEMS: Final[Mapping[str, System]] = {
    system.name: system
    for system in (
        System(
            MAKEITTALK,
            "MakeItTalk",
            "animate --model makeittalk, portrait --renderer makeittalk",
            "It needs the three networks with their mean and deviation and AutoVC's target voice; for portraits, the photo "
            "renderer alone.",
            licence.MAKEITTALKS,
            files.FILES,
        ),
        System(
            ANIMATE_PORTRAIT,
            "AnimatePortrait",
            "animate --model animateportrait",
            "It needs the networks of its Module 1, with the mean and deviation and the face of its own repository.",
            licence.ANIMATE_PORTRAITS,
            _MODULE_1,
        ),
        System(
            "headpose",
            "Audio-driven-TalkingFace-HeadPose",
            "animate --published-head FILE",
            "It needs ATC_net, the general one or one tuned to a person.",
            licence.HEAD_POSES,
            (HEAD_WEIGHTS,),
        ),
        System(
            DAVS,
            "DAVS",
            "portrait --renderer davs",
            "It needs its checkpoint alone, and hears the recording itself.",
            licence.DAVS_TERMS,
            (DAVS_CHECKPOINT,),
        ),
        System(
            STYLE_AVATAR,
            "style_avatar",
            "animate --model style_avatar --published-letters FILE",
            "It needs its network, the face model that it moves, the letters that DeepSpeech 0.9 hears in the recording, and for "
            "style codes what they are scaled with.",
            licence.STYLE_AVATARS,
            style_avatar_files.FILES,
        ),
    )
}
"""Name → system."""
