"""Videos of talking faces → `FaceAnimation`; needs the full engine (MediaPipe and PyAV)."""

from __future__ import annotations

from .clip import Captured, capture, capture_clip

__all__ = ["Captured", "capture", "capture_clip"]
