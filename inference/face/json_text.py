"""JSON that anybody may have written, read so that none of it takes the program down. Needs nothing but Python."""

from __future__ import annotations

import json
from typing import Any

from .errors import Damaged


class NotJson(Damaged):
    """A text breaks JSON's rules.

    Attributes:
        line: the first line that does, from 1.
    """

    def __init__(self, line: int) -> None:
        super().__init__(f"it is not JSON (line {line})")
        self.line = line


def json_value(text: str | bytes) -> Any:
    """The value of a JSON text.

    Raises:
        Damaged: where it is none, or is nested so deeply that nobody meant it.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise Damaged("it is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise NotJson(error.lineno) from error
    except ValueError as error:  # bytes that are no text, a number of too many digits
        raise Damaged("it is not JSON") from error


def json_object(text: str | bytes) -> dict[str, Any]:
    """The JSON object in a text.

    Raises:
        Damaged: where it is none.
    """
    value = json_value(text)
    if not isinstance(value, dict):
        raise Damaged("it is no JSON object")
    return value
