"""Hair: styles, the scalp it grows on, strands that grow from it, and the ribbons that are drawn."""
