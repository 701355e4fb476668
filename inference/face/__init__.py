"""The contract between the engine and whoever shows what it makes: a face's animation, its names, its file, its dials.

The engine imports this package as `inference.face`, the add-on the same files as `blender_addon.contract`. So it imports nothing
from outside of itself but numpy; `names`, `dials`, `errors`, `checked_fields` and `messages` not even that.
"""
