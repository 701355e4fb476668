"""People filmed or recorded by others: prepared from their downloads, aligned with their words, in sync with their pictures.

May import the engine, :mod:`inference.capture`, and of training ``networks`` and ``disturbances``.
"""
