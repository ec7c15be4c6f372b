"""vton.studio.measuring.benchmark: what it counts is what is rendered, and its table says so."""

from vton.studio.dataset.settings import Settings
from vton.studio.measuring.benchmark import bench, table


def test_a_worker_renders_all_and_the_table_shows_its_rate(model):
    lines = []
    settings = Settings(1, poses=1, looks=2, seed=23)
    (row,) = bench(settings, [256], 1, lines.append)
    assert row["photos"] == row["workers"] * settings.looks == 2 and row["outfits"] == 1
    assert row["article_pictures"] >= 2 * row["photos"], "packshots, and flat or hanging"
    assert 0 < row["photos_per_s"] <= row["photos_per_cpu_s"] and 200 < row["peak_memory_mb"] < 8000
    assert abs(sum(row["split"].values()) * row["photos_per_cpu_s"] - 1) < 0.1, "the steps are all of the time"
    assert lines == [f"256: 2 photos, {row['photos_per_s']} a second"]
    head, _, body = table([row]).splitlines()
    assert dict(zip(head.split(" | "), body.split(" | "), strict=True))["photos/s"] == f"{row['photos_per_s']:.2f}"
    assert body.startswith("| 256x192 |")
