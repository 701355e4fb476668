# SPDX-License-Identifier: GPL-3.0-or-later
"""Panels, operators, properties and preferences; what they do is in `api`."""
