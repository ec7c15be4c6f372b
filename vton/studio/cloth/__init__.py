"""How cloth moves: garments draped on a posed body and over each other by a solver of constraints."""
