"""What stands around the subject: backdrops and their shadows, places and the lens that blurs them, floors, seats."""
