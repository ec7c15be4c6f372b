"""Training of the generators: batches, losses, adversary and trainer; a system adds its recipe."""
