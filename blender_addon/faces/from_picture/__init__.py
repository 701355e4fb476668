# SPDX-License-Identifier: GPL-3.0-or-later
"""A `FacePicture` as a character: a textured relief with ARKit's shape keys, a head bone, and a camera with the picture's frame.

At rest that camera shows the picture itself. `build.build` makes it, everything in a collection of its own.
"""
