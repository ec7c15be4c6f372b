"""Where the lights are, what they reach, and how cloth, skin, hair and hard things shine in them."""
