# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a scene, from the sequencer or a table."""
