"""Colours and type of the page: paper, ink, one accent. System fonts only: nothing comes from outside."""

from __future__ import annotations

from gradio.themes import Base
from gradio.themes.utils import colors
from gradio.themes.utils.sizes import radius_sm, text_md

PAPER = colors.Color(
    name="paper",
    c50="#fbfaf8",
    c100="#f4f2ee",
    c200="#e7e3dc",
    c300="#d5cfc5",
    c400="#a8a096",
    c500="#7b746b",
    c600="#5b554e",
    c700="#423d38",
    c800="#2a2724",
    c900="#1c1a18",
    c950="#121110",
)
CLAY = colors.Color(
    name="clay",
    c50="#fbf3ef",
    c100="#f5e2d9",
    c200="#eac4b3",
    c300="#dc9f86",
    c400="#cb7a5a",
    c500="#ab5635",
    c600="#994b2e",
    c700="#7b3c26",
    c800="#5c2e1f",
    c900="#40211a",
    c950="#281410",
)
SANS = ["Inter", "Helvetica Neue", "Helvetica", "Arial", "system-ui", "sans-serif"]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]


def studio_theme() -> Base:
    """The Gradio theme; style.css adds what variables cannot say."""
    theme = Base(
        primary_hue=CLAY,
        secondary_hue=PAPER,
        neutral_hue=PAPER,
        font=SANS,
        font_mono=MONO,
        radius_size=radius_sm,
        text_size=text_md,
    )
    return theme.set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        block_background_fill="white",
        block_background_fill_dark="*neutral_900",
        block_border_width="1px",
        block_border_color="*neutral_200",
        block_border_color_dark="*neutral_800",
        block_shadow="none",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_label_border_width="0px",
        block_label_text_color="*neutral_600",
        block_label_text_size="12px",
        block_title_text_size="12px",
        block_title_text_color="*neutral_600",
        block_title_text_weight="500",
        input_background_fill="white",
        input_background_fill_dark="*neutral_900",
        button_primary_background_fill="*neutral_900",
        button_primary_background_fill_hover="*primary_600",
        button_primary_background_fill_dark="*neutral_100",
        button_primary_background_fill_hover_dark="*primary_300",
        button_primary_text_color="white",
        button_primary_text_color_dark="*neutral_900",
        button_secondary_background_fill="transparent",
        button_secondary_background_fill_hover="*neutral_100",
        button_secondary_background_fill_dark="transparent",
        button_secondary_border_color="*neutral_300",
        button_secondary_border_color_dark="*neutral_700",
        button_border_width="1px",
        slider_color="*primary_500",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_400",
        link_text_color="*primary_600",
        link_text_color_dark="*primary_300",
        link_text_color_visited="*primary_600",
        link_text_color_visited_dark="*primary_300",
        layout_gap="14px",
    )
