# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: the same as the panel does, from `blender -b`."""
