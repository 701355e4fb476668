"""Finds faces in pictures and films, and who stands before the background: MediaPipe's networks, in numpy alone."""

from __future__ import annotations

from .faces import Face, find_faces
from .following import Follower, track
from .mattes import matte

__all__ = ["Face", "Follower", "find_faces", "matte", "track"]
