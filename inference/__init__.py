"""The engine: a voice recording in, a `FaceAnimation` out. Knows nothing of Blender."""

__version__ = "0.1.0"
