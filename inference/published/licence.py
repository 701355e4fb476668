"""The licence of the published weights: shown before the first use, remembered once accepted."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ..errors import EngineError
from ..face.names import MAKEITTALK

VARIABLE = "TALKING_ANIMATION_ACCEPT_LICENCE"
"""Set it to ``makeittalk`` where nobody is there to ask: render farms, containers."""

LICENCE = "CC BY-NC 4.0"
NOTICE = (
    "MakeItTalk's networks are licensed CC BY-NC 4.0 (https://creativecommons.org/licenses/by-nc/4.0/): you may use them and "
    "share what is made of them for non-commercial purposes only, and must credit Yang Zhou, Xintong Han, Eli Shechtman, "
    "Jose Echevarria, Evangelos Kalogerakis and Dingzeyu Li, 'MakeItTalk: Speaker-Aware Talking-Head Animation', ACM "
    "Transactions on Graphics 39(6), 2020."
)
_REMEMBERED = "makeittalk-licence-accepted.json"


def is_accepted(folder: Path) -> bool:
    """Whether this licence was accepted for the files in that folder, or for all by `VARIABLE`."""
    if MAKEITTALK in os.environ.get(VARIABLE, "").lower().replace(",", " ").split():
        return True
    try:
        remembered = json.loads((folder / _REMEMBERED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(remembered, dict) and remembered.get("accepted") == LICENCE


def accept(folder: Path) -> bool:
    """Remember that the licence was accepted; returns False where the folder cannot be written to."""
    text = json.dumps({"accepted": LICENCE, "notice": NOTICE}, indent=1) + "\n"
    try:
        (folder / _REMEMBERED).write_text(text, encoding="utf-8")
    except OSError:
        return False
    return True


def require(folder: Path, accepting: bool) -> None:
    """Let nobody pass who has not accepted.

    Args:
        folder: where the files are.
        accepting: whether the user accepts now.

    Raises:
        EngineError: not accepted (code ``licence``); the message is the notice and how to accept.
    """
    if accepting:
        accept(folder)
    elif not is_accepted(folder):
        raise EngineError(
            f"{NOTICE} To accept this, run once with --accept-licence (farms: {VARIABLE}={MAKEITTALK}).",
            "licence",
        )
