"""What a seed draws: persons, outfits, poses, views, framings; and how evenly it draws them."""
