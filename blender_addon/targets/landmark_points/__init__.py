# SPDX-License-Identifier: GPL-3.0-or-later
"""The 68 landmarks as points in the scene: the objects, and the keys that move them."""
