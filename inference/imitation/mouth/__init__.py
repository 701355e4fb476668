"""Learning how one person's mouth looks, from films of them."""
