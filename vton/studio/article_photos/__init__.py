"""Article photos as people take them: garments laid flat and on hangers, shoes, hats and bags on the floor."""
