# SPDX-License-Identifier: MIT
"""The drawings that ship, drawn by code: their pictures, and where their faces are."""

from .canvas import SIDE, Puppet, Sheet
from .people import PUPPETS as _PEOPLE
from .things import PUPPETS as _THINGS

PUPPETS: tuple[Puppet, ...] = (*_PEOPLE, *_THINGS)

__all__ = ["PUPPETS", "SIDE", "Puppet", "Sheet"]
