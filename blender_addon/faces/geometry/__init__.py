# SPDX-License-Identifier: GPL-3.0-or-later
"""Geometry of face meshes with numpy alone: connectivity, distances along the surface, smooth fields, front views."""
