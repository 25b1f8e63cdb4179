"""The chat page, in the visitor's language."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FunctionLoader, StrictUndefined

from bot.materials.sniffing import ACCEPTED
from bot.privacy.papers import Notice
from bot.web.config import WebConfig
from bot.web.identity import Visitors
from bot.web.problems import Problem
from bot.web.texts import LANGUAGE_COOKIE, LOCALES, Texts

_YEAR = 365 * 24 * 3600  # seconds


def _source(name: str) -> str:
    return (files("bot.web") / "templates" / name).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders templates; every variable is escaped, and a missing one is an error."""

    texts: Texts
    config: WebConfig
    environment: Environment
    notice: Notice | None = None  # the privacy notice, where it is shown

    def render(self, name: str, locale: str, part: str, status: int = 200, **more: Any) -> Response:
        """The page ``name`` with the texts of ``part``."""
        page = self.environment.get_template(name).render(
            t=self.texts.part(part, locale),
            locale=locale,
            provider=self.config.provider.get(locale, ""),
            has_notice=self.notice is not None,
            **more,
        )
        return HTMLResponse(page, status)


def load_pages(texts: Texts, config: WebConfig, notice: Notice | None = None) -> Pages:
    """Set up the templates."""
    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return Pages(texts, config, environment, notice)


def page_router(pages: Pages, visitors: Visitors) -> APIRouter:
    """The chat page at ``/``, and the privacy notice."""
    router = APIRouter()
    modules = sorted(
        file.name for file in (files("bot.web") / "static").iterdir() if file.name.endswith(".js")
    )

    @router.get("/")
    async def chat(request: Request) -> Response:
        locale = pages.texts.locale_of(request)
        config = pages.config
        page = pages.render(
            "chat.html",
            locale,
            "page",
            strings=pages.texts.part("script", locale),
            limits={"text": config.max_text, "html": config.max_html, "file": config.max_file},
            accept=ACCEPTED,
            modules=modules,
            other=next(one for one in LOCALES if one != locale),
        )
        if request.query_params.get("lang") in LOCALES:
            page.set_cookie(LANGUAGE_COOKIE, locale, _YEAR, secure=config.is_https, samesite="lax")
        visitors.welcome(request, page)
        return page

    @router.get("/privacy")
    async def privacy(request: Request) -> Response:
        if pages.notice is None:
            raise Problem(404, "not_found")
        locale = pages.texts.locale_of(request)
        blocks = pages.notice.blocks(locale)
        other = next(one for one in LOCALES if one != locale)
        return pages.render("privacy.html", locale, "privacy", blocks=blocks, other=other)

    @router.get("/favicon.ico")
    async def icon() -> Response:
        return RedirectResponse("/static/icon.svg", 301)

    return router
