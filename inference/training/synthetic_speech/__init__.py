"""Sentences spoken by synthesisers, with exact times of their phones.

May import the engine, and of training ``filmed_corpora``, whose form of labelled speech it writes.
"""
