"""What people and the add-on ask the engine for, translated to calls."""
