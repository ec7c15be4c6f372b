"""The named endpoints that scripts call."""
