"""What the training of all readers shares: configurations, the loop, and samples of persons."""
