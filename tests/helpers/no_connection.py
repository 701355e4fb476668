"""No other machine is connected to while tests run: whatever asks for it is refused, in this Python and in those that it starts.

Python tells of it itself (audit hooks), so nothing that was imported before goes past. Within this machine and its network
processes speak to each other as always.
"""

from __future__ import annotations

import ipaddress
import os
import platform
import sys
from pathlib import Path
from typing import Any, Final

ASKED: Final = "TALKING_TESTS_CONNECTIONS"
"""Environment variable: the file in which each Python says that it watches, and who was refused a connection."""
_EVENTS: Final = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")
_NOBODY: Final = ".invalid"
"""The end of names that no machine ever has (RFC 2606): a test may ask for one to see it refused."""
_CUSTOM: Final = "import no_connection\n\nno_connection.refuse()\n"


def guard(folder: Path) -> Path:
    """Make a folder that lets every Python that finds it on its path refuse connections, too.

    Args:
        folder: an existing one, to make it in.
    """
    place = folder / "refuse"
    place.mkdir()
    (place / "sitecustomize.py").write_text(_CUSTOM, encoding="utf-8")
    (place / "no_connection.py").write_bytes(Path(__file__).read_bytes())
    return place


def refuse() -> None:
    """Refuse connections to other machines in this Python from now on."""
    sys.addaudithook(_heard)
    _say("watches")


def asked(path: Path) -> list[str]:
    """Who was refused a connection, of what stands in the file of `ASKED`."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line for line in lines if " asked " in line]


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _EVENTS:
        given = arguments[1] if event in _EVENTS[:2] else arguments
        host = given[0] if isinstance(given, tuple) and given else None  # else a path of this machine
        host = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if host and not _is_here(str(host)):
            if not str(host).endswith(_NOBODY):
                _say(f"asked {event} for {host}")
            raise PermissionError(f"no connection to {host} while tests run")


def _is_here(host: str) -> bool:
    """Whether a name or address is of this machine or its own network."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host in ("localhost", platform.node())


def _say(what: str) -> None:
    with open(os.environ.get(ASKED, os.devnull), "a", encoding="utf-8") as stream:
        stream.write(f"{' '.join(sys.argv[:1])} {what}\n")
