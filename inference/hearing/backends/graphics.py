"""Whether a graphics processor may be there: asked before torch is, whose import takes seconds."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path

_LINUX = "libcuda.so.1"
_AMD = Path("/dev/kfd")
_WINDOWS = ("nvcuda.dll", "amdhip64*.dll")


def may_be_there(
    platform: str = sys.platform,
    load: Callable[[str], object] = ctypes.CDLL,
    amd: Path = _AMD,
    system: Path | None = None,
) -> bool:
    """Whether the system has a driver that torch computes with; without one, torch says that there is no CUDA.

    Args:
        platform: as `sys.platform` gives it.
        load: loads a library by its name; raises OSError where there is none.
        amd: the device that AMD's driver makes on Linux.
        system: Windows' folder of libraries; None: where Windows says.
    """
    if platform == "darwin":
        return False
    if platform == "win32":
        folder = system or Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32"
        return any(any(folder.glob(name)) for name in _WINDOWS)
    try:
        load(_LINUX)
    except OSError:
        return amd.exists()
    return True
