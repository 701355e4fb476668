# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender itself: what differs between its versions, the preferences' values, the log, languages, where the engine lies."""
