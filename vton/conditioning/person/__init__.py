"""What is known of the person who is dressed, and what a try-on may see of the photo."""
