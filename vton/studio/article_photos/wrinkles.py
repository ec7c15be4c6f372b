"""Wrinkles of cloth that lies or hangs: smooth random heights of bounded wavelengths."""

import numpy as np


def waves(xy: np.ndarray, rng: np.random.Generator, length_m: tuple[float, float], count: int = 16) -> np.ndarray:
    """Noise [N] of unit variance at places [N, 2]: ``count`` waves in all directions, of lengths in a range."""
    angle = rng.uniform(0, 2 * np.pi, count)
    rate = 2 * np.pi / rng.uniform(*length_m, count)
    phases = rng.uniform(0, 2 * np.pi, count).astype(np.float32)
    wave = (np.stack([np.cos(angle), np.sin(angle)]) * rate).astype(np.float32)
    return np.sin(np.asarray(xy, np.float32) @ wave + phases).sum(1) / np.sqrt(count / 2)


def creases(xy: np.ndarray, rng: np.random.Generator, length_m: tuple[float, float], width: float = 0.35) -> np.ndarray:
    """0..1 [N]: sharp ridges along the lines where noise is zero, here and there."""
    ridge = np.clip(1 - np.abs(waves(xy, rng, length_m, 8)) / width, 0, 1)
    here = np.clip(waves(xy, rng, (4 * length_m[0], 4 * length_m[1]), 8), 0, 1)
    return ridge * ridge * here


def vertical_folds(xy: np.ndarray, rng: np.random.Generator, length_m: tuple[float, float]) -> np.ndarray:
    """Folds [N] of unit variance that gravity pulls straight: short across, long downwards."""
    count = 10
    across = 2 * np.pi / rng.uniform(*length_m, count) * rng.choice([-1, 1], count)
    down = rng.normal(0, 1.6, count)
    phases = rng.uniform(0, 2 * np.pi, count)
    return np.sin(np.outer(xy[:, 0], across) + np.outer(xy[:, 1], down) + phases).sum(1) / np.sqrt(count / 2)
