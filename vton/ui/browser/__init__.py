"""What runs in the visitor's browser: scripts, and what others see of the page's address."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
FAVICON = HERE / "favicon.png"
PREVIEW = HERE / "preview.jpg"


def scripts() -> str:
    """The scripts as HTML, each a module of its own."""
    files = sorted(HERE.glob("*.js"))
    return "\n".join(f'<script type="module">\n{file.read_text(encoding="utf-8")}</script>' for file in files)
