"""A face that talks while somebody speaks: sound comes in blocks, and what the face does comes out a moment later."""
