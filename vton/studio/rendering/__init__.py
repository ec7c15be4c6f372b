"""A picture from surfaces: framed by a camera, prepared once, and shaded look after look."""
