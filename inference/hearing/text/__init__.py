"""What is said, where it is known: a line's text as the sounds that its letters tell, and when each of them is heard."""
