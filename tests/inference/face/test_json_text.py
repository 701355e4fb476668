"""JSON that anybody may have written: what is wrong with it, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.errors import EngineError
from inference.face.errors import Damaged
from inference.face.json_text import NotJson, json_object, json_value
from inference.motion.manner.styles import load_style


def test_the_line_that_breaks_the_rules_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotJson) as raised:
        json_value('{"lips": 1,\n"brows": }')
    assert raised.value.line == 2
    path = tmp_path / "gruff.json"
    path.write_text('{"lips": 1,\n"brows": }')
    with pytest.raises(EngineError, match="is not valid JSON from line 2 on"):
        load_style(str(path))


@pytest.mark.parametrize("text", [b"\xff\xff", "[" * 20000, "[1]", "7", "1" * 5000])
def test_what_is_no_object_is_damage(text: str | bytes) -> None:
    with pytest.raises(Damaged):
        json_object(text)
