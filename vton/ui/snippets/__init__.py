"""Code that does what the settings of the page say."""
