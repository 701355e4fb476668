"""Videos of talking faces → `FaceAnimation`; PyAV decodes them, or the add-on does."""

from __future__ import annotations

from .clip import Captured, capture, capture_clip

__all__ = ["Captured", "capture", "capture_clip"]
