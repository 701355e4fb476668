# SPDX-License-Identifier: GPL-3.0-or-later
"""The talking animation that a character carries: written, changed afterwards, taken away, and what hides it."""
