"""How the networks are trained, stage by stage."""
