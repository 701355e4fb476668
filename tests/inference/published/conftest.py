"""What every test of the published systems needs: none of them may hear of this machine's own files."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from inference.face.names import PUBLISHED_FOLDER_VARIABLE
from inference.published import licence


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither this machine's settings nor an installed Resemblyzer."""
    monkeypatch.delenv(PUBLISHED_FOLDER_VARIABLE, raising=False)
    monkeypatch.delenv(licence.VARIABLE, raising=False)
    if find_spec("torch") is not None:
        monkeypatch.setattr("inference.published.voice.find_spec", lambda name: None)
