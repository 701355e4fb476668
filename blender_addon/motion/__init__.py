# SPDX-License-Identifier: GPL-3.0-or-later
"""Motion as arrays: eased, thinned out to keys, lines put together, mouths opened as far as landmarks say. numpy only, no bpy."""
