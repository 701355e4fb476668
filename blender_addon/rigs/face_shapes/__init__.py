# SPDX-License-Identifier: GPL-3.0-or-later
"""Naming conventions of face shapes: one small data module each, and the recognition that reads them. No bpy."""
