# SPDX-License-Identifier: GPL-3.0-or-later
"""A talking picture as a video file: drawn and encoded by another, hidden Blender, or by the engine where that can."""
