"""What the systems that draw whole people share: pipeline, style layers, lookbook, and training."""
