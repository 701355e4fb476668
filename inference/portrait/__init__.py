"""A picture that talks, as a video: the motion of a `FaceAnimation`, drawn frame by frame, with the voice that is heard.

``motion`` says what the picture does in each frame, ``warp`` draws it, ``film`` writes what is drawn.
"""
