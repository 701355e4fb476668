"""Corpora, training and evaluation. Not part of the add-on's zip; needs torch, mediapipe, PyAV, scipy."""
