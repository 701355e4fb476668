"""The licences of published weights: shown before the first use, remembered once accepted."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import EngineError
from ..face.errors import Damaged
from ..face.input_files import ordinary
from ..face.json_text import json_object
from ..face.names import ANIMATE_PORTRAIT, DAVS, MAKEITTALK, STYLE_AVATAR

VARIABLE = "TALKING_ANIMATION_ACCEPT_LICENCE"
"""Set it to `Terms.word`, or several of them, where nobody is there to ask: render farms, containers."""


@dataclass(frozen=True)
class Terms:
    """What the authors of published weights ask for.

    Attributes:
        word: names them in `VARIABLE` and in the file that remembers that they were accepted.
        licence: its short name.
        notice: what whoever uses them has to read.
    """

    word: str
    licence: str
    notice: str

    def _remembered(self, folder: Path) -> Path:
        return folder / f"{self.word}-licence-accepted.json"

    def is_accepted(self, folder: Path) -> bool:
        """Whether they were accepted for the files in that folder, or for all by `VARIABLE`."""
        if self.word in os.environ.get(VARIABLE, "").lower().replace(",", " ").split():
            return True
        try:
            remembered = json_object(ordinary(self._remembered(folder)).read_bytes())
        except (OSError, Damaged):
            return False
        return remembered.get("accepted") == self.licence

    def accept(self, folder: Path) -> bool:
        """Remember that they were accepted; returns False where the folder cannot be written to."""
        text = json.dumps({"accepted": self.licence, "notice": self.notice}, indent=1) + "\n"
        try:
            self._remembered(folder).write_text(text, encoding="utf-8")
        except OSError:
            return False
        return True

    def accept_or_raise(self, folder: Path) -> None:
        """Remember that they were accepted.

        Raises:
            EngineError: it cannot be remembered, so that whoever accepted would be asked again (code ``output_unwritable``).
        """
        if not self.accept(folder) and not self.is_accepted(folder):
            raise EngineError(
                f"{folder} cannot be written to, so that accepting the licence cannot be remembered: "
                "make the folder, or choose another one.",
                "output_unwritable",
            )

    def require(self, folder: Path, accepting: bool) -> None:
        """Let nobody pass who has not accepted.

        Args:
            folder: where the files are.
            accepting: whether the user accepts now.

        Raises:
            EngineError: not accepted (code ``licence``); the message is the notice and how to accept.
        """
        if accepting:
            self.accept(folder)
        elif not self.is_accepted(folder):
            raise EngineError(
                f"{self.notice} To accept this, run once with --accept-licence (farms: {VARIABLE}={self.word}).",
                "licence",
            )


MAKEITTALKS: Final = Terms(
    MAKEITTALK,
    "CC BY-NC 4.0",
    "MakeItTalk's networks are licensed CC BY-NC 4.0 (https://creativecommons.org/licenses/by-nc/4.0/): you may use them and "
    "share what is made of them for non-commercial purposes only, and must credit Yang Zhou, Xintong Han, Eli Shechtman, "
    "Jose Echevarria, Evangelos Kalogerakis and Dingzeyu Li, 'MakeItTalk: Speaker-Aware Talking-Head Animation', ACM "
    "Transactions on Graphics 39(6), 2020.",
)
HEAD_POSES: Final = Terms(
    "headpose",
    "research only",
    "The networks of Audio-driven-TalkingFace-HeadPose are published without a licence, for research only, and their authors say "
    "that a patent covers the method: use them for research only, and credit Ran Yi, Zipeng Ye, Juyong Zhang, Hujun Bao and "
    "Yong-Jin Liu, 'Audio-driven Talking Face Video Generation with Learning-based Personalized Head Pose', 2020.",
)
ANIMATE_PORTRAITS: Final = Terms(
    ANIMATE_PORTRAIT,
    "CC BY-NC 4.0",
    "AnimatePortrait is published without a licence; the networks of its Module 1 are MakeItTalk's, licensed CC BY-NC 4.0 "
    "(https://creativecommons.org/licenses/by-nc/4.0/): use them for non-commercial research only, and credit Ran Yi, Zipeng Ye, "
    "Ruoyu Fan, Yezhi Shu, Yong-Jin Liu, Yu-Kun Lai and Paul L. Rosin, 'Animating Portrait Line Drawings from a Single Face "
    "Photo and a Speech Signal', 2022, and MakeItTalk's authors, Yang Zhou, Xintong Han, Eli Shechtman, Jose Echevarria, "
    "Evangelos Kalogerakis and Dingzeyu Li, 2020.",
)
DAVS_TERMS: Final = Terms(
    DAVS,
    "non-commercial research",
    "DAVS has an MIT licence in its files, while its authors restrict it to non-commercial research: use its networks for that "
    "only, and credit Hang Zhou, Yu Liu, Ziwei Liu, Ping Luo and Xiaogang Wang, 'Talking Face Generation by Adversarially "
    "Disentangled Audio-Visual Representation', AAAI 2019.",
)
STYLE_AVATARS: Final = Terms(
    STYLE_AVATAR,
    "research only",
    "style_avatar is published without a licence, and the Basel Face Model that its network moves is licensed by the University "
    "of Basel for research alone, to whoever applies for it: use them for research only, and credit Haozhe Wu, Jia Jia, Haoyu "
    "Wang, Yishun Dou, Chao Duan and Qingshan Deng, 'Imitating Arbitrary Talking Style for Realistic Audio-Driven Talking Face "
    "Synthesis', ACM MM 2021.",
)
