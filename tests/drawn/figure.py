"""A picture to mark, in the studio's look: a figure with texture before a plain backdrop."""

import numpy as np
from PIL import Image, ImageDraw


def drawn_picture(size=(384, 512), seed=0):
    """RGB, uint8; ``size`` is width and height."""
    width, height = size
    image = Image.new("RGB", size, (236, 234, 230))
    draw = ImageDraw.Draw(image)
    draw.rectangle([width * 0.3, height * 0.3, width * 0.7, height * 0.95], fill=(90, 40, 60))
    for row in range(0, height // 2, max(4, height // 40)):
        draw.line([(width * 0.3, height * 0.4 + row), (width * 0.7, height * 0.4 + row)], fill=(150, 140, 60), width=2)
    draw.ellipse([width * 0.4, height * 0.08, width * 0.6, height * 0.3], fill=(200, 160, 140))
    noise = np.random.default_rng(seed).normal(0, 1.5, (height, width, 1))
    return np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8)
