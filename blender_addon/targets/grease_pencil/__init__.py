# SPDX-License-Identifier: GPL-3.0-or-later
"""Faces drawn in strokes: Grease Pencil, moved by bones whose keys stay editable, or drawn anew frame by frame."""
