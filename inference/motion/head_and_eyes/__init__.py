"""What the voice does beside the words: head, brows, lids and gaze."""
