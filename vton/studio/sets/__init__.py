"""What stands around the subject: backdrops and their shadows, floors and walls of article photos, seats."""
