# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the 68 landmarks on a face mesh: numpy alone, knows no Blender.

`frame` says where the face is and which way it looks, `features` finds what can be seen of eyes, nose, mouth and chin from the
front, `fit` places all 68 points with them, and `motion` reads what shape keys tell.
"""
