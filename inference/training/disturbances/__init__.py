"""What recordings suffer, to train and to measure with: noise, rooms, music, other voices, other throats.

May import :mod:`inference.hearing`, and no other room of training.
"""
