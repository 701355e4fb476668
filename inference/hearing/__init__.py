"""What is heard of a recording: samples, features, what a network makes of them, whose voice it is."""
