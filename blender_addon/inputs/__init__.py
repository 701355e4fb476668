# SPDX-License-Identifier: GPL-3.0-or-later
"""What people give: recordings, videos, a manner of speaking, the script of a scene."""
