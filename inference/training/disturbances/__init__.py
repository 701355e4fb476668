"""What recordings suffer: noise, rooms, music, other voices, other throats."""
