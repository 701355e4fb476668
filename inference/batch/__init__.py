"""A table of lines, done by several processes or by a cluster, and taken up again where it was left."""
