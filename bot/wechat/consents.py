"""The page on which people consent to one-time notices: WeChat asks, and tells us of it itself."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, StrictUndefined, Template

from bot.tencent.texts import DEFAULT
from bot.wechat.errors import WeChatFault
from bot.wechat.texts import consent_words

PATH: Final = "/wechat/consents"
SCRIPT: Final = f"{PATH}/page.js"

WANTED: Final = 3
"""Consents asked for: as many reminders as a filing usually needs."""

MOST_TEMPLATES: Final = 3
"""Templates that WeChat asks for at a time."""

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' https://res.wx.qq.com",
        "style-src 'self' 'unsafe-inline'",  # WeChat's tag draws its button with a style of its own
        "img-src 'self' data: https://res.wx.qq.com https://open.weixin.qq.com",
        "connect-src 'self' https://open.weixin.qq.com",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
"""This page alone lets WeChat's own script in."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Tells WeChat's script that the page is the account's. Source: JS-SDK 使用权限签名算法."""

    app_id: str
    timestamp: int
    nonce: str
    signature: str


def sign(app_id: str, ticket: str, url: str, timestamp: int, nonce: str) -> Signed:
    """Sign a page's address, as it stands in the browser without what follows a ``#``."""
    whole = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}"
    signature = hashlib.sha1(whole.encode(), usedforsecurity=False).hexdigest()
    return Signed(app_id, timestamp, nonce, signature)


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """What the page needs. ``ticket`` raises WeChatFault; ``base`` is the server's own address."""

    app_id: str
    ticket: Callable[[], Awaitable[str]]
    templates: Sequence[str]
    base: str
    clock: Callable[[], datetime]


def consent_router(page: ConsentPage) -> APIRouter:
    """``GET /wechat/consents``. It names and records nobody: WeChat knows who taps."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def ask(request: Request) -> Response:
        locale = _locale(request)
        query = f"?{request.url.query}" if request.url.query else ""
        now = int(page.clock().timestamp())
        try:
            ticket = await page.ticket()
        except WeChatFault:
            return Response(consent_words(locale)["later"], 503, media_type="text/plain")
        url = f"{page.base}{PATH}{query}"
        shown = _template().render(
            t=consent_words(locale),
            locale=locale,
            signed=sign(page.app_id, ticket, url, now, secrets.token_hex(8)),
            templates=",".join(page.templates[:MOST_TEMPLATES]),
            wanted=WANTED,
            script=SCRIPT,
        )
        return HTMLResponse(
            shown,
            headers={
                "Content-Security-Policy": POLICY,
                # WeChat's script looks at the address it runs on.
                "Referrer-Policy": "strict-origin-when-cross-origin",
                "Cache-Control": "no-store",
            },
        )

    @router.get(SCRIPT)
    async def script() -> Response:
        return Response(_file("consent_page.js"), media_type="text/javascript; charset=utf-8")

    return router


def _locale(request: Request) -> str:
    preferred = request.headers.get("accept-language", "").strip().lower()
    return "en" if preferred.startswith("en") else DEFAULT


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(_file("consent_page.html"))


@cache
def _file(name: str) -> str:
    return (files("bot.wechat") / name).read_text(encoding="utf-8")
