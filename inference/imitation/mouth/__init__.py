"""Learning how a mouth looks: what a refiner of portraits is shown, and asked for; of many people, or of one (`personal`)."""
