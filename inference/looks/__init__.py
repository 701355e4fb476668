"""Drawn looks of a face picture: a line drawing, a cartoon, or what was learned from pictures.

A look is made once, of the picture at rest and of what lies behind lids and lips; whatever moves a face picture then moves it, so
that its strokes go with the face and never flicker. Numpy only.
"""
