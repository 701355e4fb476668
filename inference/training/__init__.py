"""Corpora, training and evaluation. Not part of the add-on's zip; needs torch, mediapipe, PyAV, scipy.

Rooms in the order in which they may import each other, a later one the earlier ones: ``networks`` and ``disturbances``,
``filmed_corpora``, ``synthetic_speech``, ``evaluation``, ``recipes``. Above them all is :mod:`inference.training.commands`;
:mod:`inference.training.correlation`, :mod:`inference.training.figures` and :mod:`inference.training.whole_files` are for
everybody. Nothing of the engine imports training but its command line.
"""
