"""What a figure was measured on: every report names it, since speed and bytes depend on it."""

import os
import platform
from pathlib import Path

import torch


def describe_machine(device: torch.device | str = "cpu") -> dict:
    """Processor (and accelerator) model, usable cores, and versions; no host name."""
    device = torch.device(device)
    report = {
        "cpu": _cpu_model(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "threads": torch.get_num_threads(),
        "device": torch.cuda.get_device_name(device) if device.type == "cuda" else device.type,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "system": platform.system(),
    }
    return report


def _cpu_model() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
