"""Training of the try-on systems on pairs: batches, losses and trainer; a system adds its recipe."""
