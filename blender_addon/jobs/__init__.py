# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of work: from a recording, a video or a whole scene to keys."""
