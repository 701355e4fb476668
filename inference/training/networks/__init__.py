"""Network definitions in torch, for training; what runs in the product is :mod:`inference.hearing.backends`.

May import the engine (:mod:`inference.hearing`, :mod:`inference.motion`, :mod:`inference.portrait`), and no other room of
training.
"""
