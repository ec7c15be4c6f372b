"""Training with Accelerate: batches and augmentation, losses, the loop and its resumable state."""
