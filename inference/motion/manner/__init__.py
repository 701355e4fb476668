"""Who speaks: styles, the voice's own liveliness, one person's way of moving."""
