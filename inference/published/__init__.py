"""Published checkpoints of other systems, run from files that the user brings: ``docs/published-checkpoints.md``.

No weight and no line of those systems is shipped. Needs the full engine (torch, scipy); the containers alone are read
with numpy.
"""
