# SPDX-License-Identifier: GPL-3.0-or-later
"""Face meshes: their geometry, their 68 landmarks, and shapes made for them."""
