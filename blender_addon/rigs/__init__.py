# SPDX-License-Identifier: GPL-3.0-or-later
"""Naming conventions of characters: one small data module each, and one matcher that reads them."""
