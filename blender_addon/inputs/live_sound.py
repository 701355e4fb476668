# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording that is heard while a live preview shows it."""

from __future__ import annotations

import contextlib
from typing import Any

from ..host import file_names, log
from ..host.blender_versions import sequencer


class LiveSound:
    """Plays a file by Blender's sound library; silent where this Blender has none, or no device.

    Args:
        path: of a sound that Blender decodes.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._device: Any = None
        self._handle: Any = None

    def play(self) -> bool:
        """Begin; returns whether it is heard."""
        aud = sequencer.aud_module()
        if aud is None:
            return False
        try:
            self._device = aud.Device()
            with file_names.usual(self._path) as path:
                self._handle = self._device.play(aud.Sound.file(path))
        except Exception as error:  # aud.error, which some versions do not export
            log.logger.info("the live preview is silent: %s", error)
            return False
        return True

    def stop(self) -> None:
        """End. Safe to call at any time."""
        handle, self._handle = self._handle, None
        if handle is not None:
            with contextlib.suppress(Exception):  # it has come to its end
                handle.stop()
        self._device = None
