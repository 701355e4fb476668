# SPDX-License-Identifier: GPL-3.0-or-later
"""What a character is: its meshes, bones and axes, what it remembers, and what a person decided about its mapping."""
