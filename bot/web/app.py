"""The web application: routes put together, with limits and headers around them."""

import time
from collections.abc import Mapping
from importlib.resources import files

from fastapi import FastAPI
from starlette.middleware import Middleware

from bot.attachments import Kept
from bot.letters.handing import LetterDesk
from bot.metrics import Metrics
from bot.pacing import Buckets, Rate
from bot.privacy.copies import Copies
from bot.privacy.papers import Notice
from bot.web.chat import Chat, chat_router
from bot.web.config import WebConfig
from bot.web.forms import form_router
from bot.web.health import health_router
from bot.web.hub import Hub
from bot.web.identity import Visitors
from bot.web.pages import load_pages, page_router
from bot.web.ports import Check, Receives, SecureForms, Talks, Typing
from bot.web.problems import Problem, add_handlers, answer
from bot.web.security import OWN_HEADERS
from bot.web.texts import load_texts
from bot.web.uploads import file_router
from bot.web.visit import Door
from desk.assets import Assets
from desk.headers import SecurityHeaders
from desk.mishaps import Mishaps
from dialogs.ports import Transcript


def create_app(
    config: WebConfig,
    *,
    assistant: Talks,
    transcript: Transcript,
    files: Receives,
    kept: Kept | None = None,
    forms: SecureForms | None = None,
    letters: LetterDesk | None = None,
    copies: Copies | None = None,
    notice: Notice | None = None,
    metrics: Metrics | None = None,
    checks: Mapping[str, Check] | None = None,
    typing: Typing | None = None,
) -> FastAPI:
    """The application: chat page and API, secure form, health and metrics.

    All that must last lies behind the ports. ``app.state.hub`` holds the open event streams;
    what ``app.state.closers`` lists is called when the server stops (``bot.web.server.Server``
    does). Routers of other channels may be added to the application.
    """
    texts = load_texts()
    metrics = metrics or Metrics()
    pages = load_pages(texts, config, notice)
    visitors = Visitors(config.is_https)
    door = Door(config, visitors, metrics, _buckets(config.person), _buckets(config.address))
    hub = Hub(config.streams_per_person)
    assistant.listeners.append(hub.tell)
    chat = Chat(config, door, assistant, transcript, hub, typing)

    app = FastAPI(
        title="Beian Assistant",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        middleware=[
            Middleware(SecurityHeaders, is_https=config.is_https, own=OWN_HEADERS),
            Middleware(
                Mishaps, apology=lambda request: answer(Problem(500, "mishap"), request, texts)
            ),
        ],
    )
    add_handlers(app, texts)
    app.state.hub = hub
    app.state.closers = [hub.close]
    app.include_router(page_router(pages, visitors))
    app.include_router(chat_router(chat))
    app.include_router(file_router(chat, files, kept, letters, copies))
    app.include_router(health_router(checks or {}, metrics))
    if forms is not None:
        app.include_router(
            form_router(forms, pages, _buckets(config.form), _buckets(config.uploads), metrics)
        )
    app.mount("/static", Assets(_static_folder()), name="static")
    return app


def _static_folder() -> str:
    return str(files("bot.web") / "static")


def _buckets(rate: Rate) -> Buckets:
    """Counted in this process only: behind a load balancer each process allows its share."""
    return Buckets(rate, time.monotonic)
