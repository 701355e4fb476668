# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a plain face mesh able to talk: shape keys with ARKit's names, generated around its 68 landmarks.

`anatomy` reads the mesh (lips, lids, eyeballs, teeth), `targets` says where landmarks go in each shape, `field` carries that
to every vertex, `generate` puts them together, all of it numpy; `apply` makes the shape keys in Blender.
"""
