"""What is sent to the server: pictures, recipes, names and arguments that are meant to break it."""
