"""What the systems that dress the person of a photo share: pipeline, and training on pairs."""
