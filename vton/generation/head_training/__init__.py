"""Training of the generator of heads (`vton.networks.head_inset`): batches, configuration, trainer."""
