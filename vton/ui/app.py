"""The demo page as a whole: header, tabs, endpoints; and how it is served."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder
from starlette.middleware import Middleware

from vton.conditioning.photos.decoding import limit_pillow
from vton.conditioning.pose.presets import DEFAULT_PRESET
from vton.schema import InputError
from vton.ui.agents.door import AgentDoor
from vton.ui.browser import FAVICON, scripts
from vton.ui.endpoints.generation import api_endpoints
from vton.ui.endpoints.tryon import tryon_endpoints
from vton.ui.engine import Engine, load_pipeline
from vton.ui.fitting import FittingRoom
from vton.ui.page import Page
from vton.ui.server.front_page import FrontPage
from vton.ui.server.memory import keep_little
from vton.ui.server.open_routes import OpenRoutes
from vton.ui.server.sessions import MOST_SESSIONS, keep_light_sessions, tidy_regularly
from vton.ui.server.upload_room import UploadRoom
from vton.ui.server.visits import kept
from vton.ui.studio import Studio
from vton.ui.tabs.about import about_tab
from vton.ui.tabs.compare import CompareTab
from vton.ui.tabs.create import CreateTab
from vton.ui.tabs.lookbook import LookbookTab
from vton.ui.tabs.mix import MixTab
from vton.ui.tabs.tryon import TryOnTab
from vton.ui.tabs.verify import VerifyTab, verify_endpoint
from vton.ui.texts import NAMES, SOURCE, say, speaking, texts, translations
from vton.ui.theme import studio_theme

TITLE = "Outfit Studio"
MAIN_BUTTONS = "#generate, #mix-button, #book-button, #tryon-button, #compare-button"


def build_app(get_pipeline: Callable[[], Any] = load_pipeline, serving: bool = False) -> gr.Blocks:
    """Builds the page; loads no weights, unless it is going to be served.

    Args:
        get_pipeline: makes the pipeline at first use.
        serving: load and time the model and delete old files, both in the background.
    """
    studio = Studio(Engine(get_pipeline))
    room = FittingRoom(studio.engine.turns)
    visits = studio.outbox.visits
    with Page(visits, title=TITLE, analytics_enabled=False, fill_width=True) as demo:
        gr.HTML(header(), padding=False, elem_id="header")
        session = gr.State([studio.outbox.keep(str(look.result)) for look in studio.looks if look.result])
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(say("tabs.create"), elem_id="tab-create"):
                create = CreateTab(studio, session, demo)
            with gr.Tab(say("tabs.mix"), elem_id="tab-mix") as tab:
                MixTab(studio, session, create, tab)
            with gr.Tab(say("tabs.lookbook"), elem_id="tab-lookbook") as tab:
                LookbookTab(studio, create, tab)
            with gr.Tab(say("tabs.try-on"), elem_id="tab-tryon") as tab:
                tryon = TryOnTab(studio, room, tab)
            with gr.Tab(say("tabs.compare"), elem_id="tab-compare") as tab:
                CompareTab(studio, room, tryon, tab)
            with gr.Tab(say("tabs.verify"), elem_id="tab-verify"):
                VerifyTab(studio)
            with gr.Tab(say("tabs.about"), elem_id="tab-about"):
                about_tab()
        gr.HTML(f"<footer>{notice()}</footer>", padding=False)
        with speaking(SOURCE):
            api_endpoints(studio)
            tryon_endpoints(studio, room)
            verify_endpoint(studio)
    demo.queue(max_size=200, default_concurrency_limit=4, api_open=False)
    limit_pillow()  # Gradio decodes too
    keep_light_sessions()
    visits.keep_what_is_here()
    if serving:
        visits.sweep_regularly(demo.forget_deleted)
        tidy_regularly(demo)
    if serving and studio.looks:
        look = studio.looks[0]
        outfit = studio.outfit({slot: str(path) for slot, path in look.articles.items()})
        studio.engine.warm_up(outfit, DEFAULT_PRESET)
    return demo


def header() -> str:
    """The title, and the list of languages, as HTML."""
    skip = f'<a class="skip" href="#tabs" data-goal="{MAIN_BUTTONS}">{say("page.skip")}</a>'
    names = "".join(f'<option value="{code}" lang="{code}">{name}</option>' for code, name in NAMES.items())
    languages = f'<select id="language" aria-label="{say("page.language")}">{names}</select>'
    return f"{skip}<header><h1>{TITLE}</h1><p>{say('page.subtitle')}</p>{languages}</header>"


def notice() -> str:
    """What the pictures are, how long files stay, and the licence."""
    return f"{say('page.notice')} {kept()} Apache-2.0."


def serve(port: int | None = None) -> None:
    """Serves the page, with the model warmed up, until Ctrl-C; Gradio's environment variables give the address.

    Args:
        port: this one or none; without it, the first that is free.

    Raises:
        InputError: no port is free.
    """
    keep_little()
    demo = build_app(serving=True)
    try:
        demo.launch(**launch_options(), server_port=port, prevent_thread_lock=True)
    except OSError as error:
        if error.errno is not None:
            raise
        raise InputError("No port is free: set GRADIO_SERVER_PORT to one that is.") from None  # Gradio has tried all
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    demo.close(verbose=False)


def launch_options() -> dict[str, Any]:
    """Theme, style sheet, texts, limits and middleware, which Gradio takes at launch."""
    described = f"{texts(SOURCE)['page.subtitle']}. Every picture is AI-generated."
    return dict(
        theme=studio_theme(),
        css_paths=[Path(__file__).with_name("style.css")],
        head=scripts(),
        i18n=translations(),
        ssr_mode=False,  # the browser puts in the texts before it draws the page
        favicon_path=FAVICON,
        max_file_size="30mb",
        max_threads=100,  # of which at most 60 wait for their turn
        state_session_capacity=MOST_SESSIONS,
        run_history=False,
        footer_links=["api"],
        mcp_server=True,
        app_kwargs={
            "middleware": [
                Middleware(OpenRoutes), Middleware(AgentDoor), Middleware(UploadRoom, folder=Path(get_upload_folder())),
                Middleware(FrontPage, title=TITLE, description=described),
            ]
        },
    )
