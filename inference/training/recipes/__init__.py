"""How the networks are trained, stage by stage, from corpora to the weights files that ship.

May import the engine and all other rooms of training.
"""
