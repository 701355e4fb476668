"""A picture becomes a face that can talk: `build` makes a `FacePicture` of a picture and a face's points, `draw` shows it.

Numpy only.
"""
