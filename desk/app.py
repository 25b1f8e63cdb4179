"""The desk as an application: its pages put together, with limits and headers around them."""

from importlib.resources import files

from fastapi import APIRouter, FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.middleware import Middleware

from desk.assets import Assets
from desk.config import BASE
from desk.guards import BodyLimit, KnownHosts
from desk.headers import SecurityHeaders
from desk.mishaps import Mishaps
from desk.pages import ROUTERS
from desk.parts import Desk, Parts
from desk.refusals import Refusal, add_handlers, answer
from desk.rendering import load_templates
from desk.visits import anyone
from desk.wording import load_texts


def create_desk(parts: Parts) -> FastAPI:
    """The desk, to be mounted at ``/desk``: all addresses in its pages begin so.

    What ``app.state.closers`` lists is to be called when the server stops: event streams end.
    """
    texts = load_texts()
    desk = Desk(parts, texts, load_templates(texts, parts.config))
    app = FastAPI(
        title="Beian Assistant staff desk",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        middleware=[
            Middleware(SecurityHeaders, is_https=parts.config.is_https),
            Middleware(KnownHosts, config=parts.config),
            Middleware(BodyLimit, config=parts.config),
            Middleware(
                Mishaps, apology=lambda request: answer(Refusal(500, "mishap"), request, desk)
            ),
        ],
    )
    app.state.desk = desk
    app.state.closers = [parts.queue.hub.close]
    add_handlers(app, desk)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", Assets(str(files("desk") / "static")), name="static")
    return app


def alone(desk: FastAPI) -> FastAPI:
    """An application that serves nothing but the desk, for an origin of its own."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    router = APIRouter()

    @router.get("/", dependencies=[anyone()])
    async def home() -> Response:
        return RedirectResponse(f"{BASE}/", 308)

    @router.get("/healthz", dependencies=[anyone()])
    async def health() -> dict[str, bool]:
        return {"alive": True}

    app.include_router(router)
    app.mount(BASE, desk)
    app.state.closers = desk.state.closers
    return app
