# SPDX-License-Identifier: GPL-3.0-or-later
"""The only place that knows differences between Blender versions."""
