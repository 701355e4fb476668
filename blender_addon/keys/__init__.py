# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written to a scene: actions, NLA strips, sound strips, markers, and whose they are."""
