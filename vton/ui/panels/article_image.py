"""An image slot that never shows a server path. Gradio writes an article_image.pyi beside this file."""

from __future__ import annotations

import gradio as gr
from gradio.data_classes import ImageData


class ArticleImage(gr.Image):
    """An image slot that hands over the uploaded file untouched.

    gr.Image decodes uploads itself, shows raw messages with a server path for damaged files and opens
    pictures of any size. Here the file goes to ``vton.conditioning``, which checks the header first.
    """

    is_template = True

    def preprocess(self, payload: ImageData | None) -> str | None:
        """Returns the path of the uploaded file, which `vton.ui.server.uploads` checked; None for an empty slot."""
        return payload and payload.path
