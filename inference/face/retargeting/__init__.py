"""Landmarks and sounds → the weights that characters understand: ARKit shapes, visemes, mouth cues."""
