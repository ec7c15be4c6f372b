"""Colour difference CIEDE2000 of a garment's region, as in Sharma, Wu and Dalal 2005, equations 2-22."""

import numpy as np

# Linear sRGB to CIE XYZ (IEC 61966-2-1), rows divided by the D65 white point.
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _XYZ.sum(axis=1)


def srgb_to_lab(rgb_u8: np.ndarray) -> np.ndarray:
    """sRGB uint8 [..., 3] -> CIE Lab (D65) float64 [..., 3]: L 0..100, a and b about -110..110."""
    rgb = np.asarray(rgb_u8, np.float64) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    t = linear @ _XYZ.T / _WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack(
        [116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1
    )


def ciede2000(lab_a: np.ndarray, lab_b: np.ndarray) -> np.ndarray:
    """CIEDE2000 (kL = kC = kH = 1) between Lab colours [..., 3] -> [...]; about 1 is just noticeable."""
    l1, a1, b1 = np.moveaxis(np.asarray(lab_a, np.float64), -1, 0)
    l2, a2, b2 = np.moveaxis(np.asarray(lab_b, np.float64), -1, 0)
    c_mean7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - np.sqrt(c_mean7 / (c_mean7 + 25.0**7)))
    c1, c2 = np.hypot((1 + g) * a1, b1), np.hypot((1 + g) * a2, b2)
    h1 = np.degrees(np.arctan2(b1, (1 + g) * a1)) % 360
    h2 = np.degrees(np.arctan2(b2, (1 + g) * a2)) % 360
    grey = c1 * c2 == 0
    turn = h2 - h1
    dh = np.where(grey, 0.0, turn - 360 * (turn > 180) + 360 * (turn < -180))
    dhue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh) / 2)
    far = np.abs(turn) > 180
    h_mean = np.where(grey, h1 + h2, np.where(far, (h1 + h2 + 360) / 2 % 360, (h1 + h2) / 2))
    l_mean, c_mean = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(h_mean - 30))
        + 0.24 * np.cos(np.radians(2 * h_mean))
        + 0.32 * np.cos(np.radians(3 * h_mean + 6))
        - 0.20 * np.cos(np.radians(4 * h_mean - 63))
    )
    s_l = 1 + 0.015 * (l_mean - 50) ** 2 / np.sqrt(20 + (l_mean - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c_mean, 1 + 0.015 * c_mean * t
    d_theta = 30 * np.exp(-(((h_mean - 275) / 25) ** 2))
    r_t = -2 * np.sqrt(c_mean**7 / (c_mean**7 + 25.0**7)) * np.sin(np.radians(2 * d_theta))
    x, y, z = (l2 - l1) / s_l, (c2 - c1) / s_c, dhue / s_h
    return np.sqrt(x * x + y * y + z * z + r_t * y * z)


def median_lab(image_u8: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Median Lab colour [3] of the pixels of ``image_u8`` [H,W,3] where ``region`` [H,W] bool is true."""
    return np.median(srgb_to_lab(image_u8[region]), axis=0)


def region_colour_difference(
    true_u8: np.ndarray, generated_u8: np.ndarray, region: np.ndarray, min_pixels: int = 30
) -> float | None:
    """CIEDE2000 between the median colours of one region in two images; None when the region is too small.

    Args:
        true_u8, generated_u8: [H, W, 3], uint8; region: [H, W], bool.
        min_pixels: of the region, below which a median says little.
    """
    if int(region.sum()) < min_pixels:
        return None
    return float(ciede2000(median_lab(true_u8, region), median_lab(generated_u8, region)))
