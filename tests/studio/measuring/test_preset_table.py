"""vton.studio.measuring.preset_table: measured on dressed persons, read back by the app, and like the bundled table."""

import json

import numpy as np
import pytest

from vton.conditioning.pose.presets import preset_poses
from vton.schema import InputError
from vton.studio.measuring.preset_table import measure_presets, write_presets
from vton.studio.photos.photographer import Photographer


def test_presets_are_measured_as_they_are_bundled(model, tmp_path):
    lines = []
    poses = measure_presets(Photographer(), ["turn-left"], persons=1, show=lines.append)
    assert lines == ["1/1 persons"]
    write_presets(tmp_path / "presets.json", poses, 1)
    table = json.loads((tmp_path / "presets.json").read_text())
    assert table["size_hw"] == [256, 192] and list(table["poses"]) == ["turn-left"]
    measured, bundled = np.array(table["poses"]["turn-left"]), preset_poses()["turn-left"].keypoints_xy
    assert np.abs(measured[:, :2] - bundled).max() < 14 and set(measured[:, 2]) <= {1.0, 0.6}
    with pytest.raises(InputError, match="presets.json"):
        write_presets(tmp_path / "nowhere" / "presets.json", poses)
