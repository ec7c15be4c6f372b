"""The demo page: one tab per file; widgets and events only."""
