"""What moves: content (lips, jaw), lip closure, head, brows, blinks, gaze, styles."""
