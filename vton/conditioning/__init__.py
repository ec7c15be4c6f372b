"""The one place that resizes, changes value ranges and turns schema objects into what the networks eat."""
