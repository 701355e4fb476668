"""Does every recording make the mouth move? Rows of made and real sounds, as people have them, and what the lips do to each.

``bench`` has what all rows share, ``words``, ``stems``, ``held_sounds`` and ``stillness`` are the rows, ``table`` puts them
together.
"""
