# SPDX-License-Identifier: GPL-3.0-or-later
"""Motion that grows out of rest and comes back to it, by the contract's own rule: keys move as exported tables do."""

from __future__ import annotations

from ..contract.easing import FACE_EASE, HEAD_EASE, eased

__all__ = ["FACE_EASE", "HEAD_EASE", "eased"]
