# SPDX-License-Identifier: GPL-3.0-or-later
"""What `targets.face_bones` is made of: the face's frame, its controls, a probe that measures how they move the skin,
and the solvers that make the skin follow the landmarks."""
