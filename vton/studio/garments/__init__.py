"""How garments are cut: types, patterns, sleeves, necks, collars, and the atlas of their cloth."""
