"""How good the result is, on clips and speakers held out, beside what others make of them.

May import the engine, :mod:`inference.imitation`, and all rooms of training but ``recipes``: figures do not depend on how
a network was trained.
"""
