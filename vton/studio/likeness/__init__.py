"""What persons look like: skin and eyes that are painted, or skin, eyes, faces and hair from photographs."""
