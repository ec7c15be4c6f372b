"""Measures on images and schema objects; one metric per file, found in `METRICS`, imported when asked for."""

import importlib

METRICS = {
    "ciede2000": "vton.metrics.colour:region_colour_difference",
    "fid": "vton.metrics.fid:frechet_distance",
    "kid": "vton.metrics.kid:kernel_distance",
    "locality": "vton.metrics.locality:locality",
    "lpips": "vton.metrics.lpips:LPIPS",
    "parsing-iou": "vton.metrics.parsing_iou:ParsingCounts",
    "pck": "vton.metrics.pose_accuracy:pck",
    "pose-response": "vton.metrics.pose_response:pose_response",
    "silhouette-iou": "vton.metrics.silhouette:silhouette_iou",
    "ssim": "vton.metrics.ssim:ssim",
    "warp-iou": "vton.metrics.warp_iou:warp_iou",
}


def get_metric(name: str):
    """Import and return the function or class registered under ``name``; KeyError for an unknown name."""
    module, attribute = METRICS[name].split(":")
    return getattr(importlib.import_module(module), attribute)
