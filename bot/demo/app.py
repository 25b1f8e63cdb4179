"""The demonstration's page: four phones side by side, a clock, and what to press."""

from importlib.resources import files
from typing import Any, Final

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.demo.channels import BROWSER
from bot.demo.panes import telegram_pane, wechat_pane, wecom_pane
from bot.demo.stage import Stage
from bot.web.security import refuse_other_sites
from desk.headers import content_security_policy

PAGE: Final = "/demo"
SPEEDS: Final = (1, 4, 12)
_POLICY: Final = f"{content_security_policy()}; frame-src 'self'"


class Typed(BaseModel):
    """What an operator writes or presses in one of the rehearsal chats."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(None, min_length=1, max_length=2000)
    message: int | None = None
    data: str | None = Field(None, max_length=64)


class Wanted(BaseModel):
    """How the clock shall run."""

    model_config = ConfigDict(extra="forbid")

    playing: bool
    speed: int = Field(ge=1, le=SPEEDS[-1])


def demo_router(stage: Stage) -> APIRouter:
    """The routes under ``/demo``."""
    router = APIRouter(prefix=PAGE)
    page = (files("bot.demo") / "static" / "demo.html").read_text(encoding="utf-8")

    @router.get("")
    async def show() -> HTMLResponse:
        return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})

    @router.get("/state")
    async def state() -> dict[str, Any]:
        director = stage.director
        return {
            "now": int(director.clock.now.timestamp()),
            "began": int(director.began.timestamp()),
            "day": director.day,
            "caption": director.caption,
            "playing": director.playing.is_set(),
            "over": director.over,
            "speed": director.speed,
            "names": {role.part.channel: role.part.name for role in director.roles},
            "telegram": telegram_pane(stage.telegram.bot, stage.telegram.person),
            "wechat": wechat_pane(stage.wechat.follower),
            "wecom": wecom_pane(stage.wecom.customer),
        }

    @router.post("/clock")
    async def run(request: Request, wanted: Wanted) -> dict[str, bool]:
        refuse_other_sites(request, None)
        stage.director.speed = wanted.speed
        if wanted.playing:
            stage.director.playing.set()
        else:
            stage.director.playing.clear()
        return {"playing": wanted.playing}

    @router.post("/{channel}/messages")
    async def write(channel: str, request: Request, typed: Typed) -> dict[str, bool]:
        refuse_other_sites(request, None)
        role = next((one for one in stage.director.roles if one.part.channel == channel), None)
        if role is None or channel == "web":
            raise HTTPException(404)
        role.taken = True
        await _carry_out(stage, channel, typed)
        return {"taken": True}

    @router.get("/{channel}/files/{file}")
    async def file(channel: str, file: str) -> Response:
        content = stage.telegram.bot.files.get(file) if channel == "telegram" else None
        if channel == "wechat" and (medium := stage.wechat.account.media.get(file)) is not None:
            content = medium.content
        if channel == "wecom" and (kept := stage.wecom.server.corp.media.get(file)) is not None:
            content = kept.content
        if content is None:
            raise HTTPException(404)
        return Response(content, media_type="image/png")

    return router


async def _carry_out(stage: Stage, channel: str, typed: Typed) -> None:
    role = next(one for one in stage.director.roles if one.part.channel == channel)
    if typed.text is not None:
        await role.actor.say(typed.text)
    elif typed.data is not None and channel == "wechat":
        follower = stage.wechat.follower
        shown = follower.profile.shown
        labels = {choice: label for message in shown for choice, label in message.choices}
        await follower.say(labels.get(typed.data, typed.data), bizmsgmenuid=typed.data)
    elif typed.data is not None and channel == "wecom":
        customer = stage.wecom.customer
        offered = dict(choice for one in customer.profile.shown for choice in one.choices)
        await customer.say(offered.get(typed.data, typed.data), typed.data)
    elif typed.data is not None:
        for message in await stage.telegram.person.messages():
            if message.id == typed.message:
                await stage.telegram.person.press_data(message, typed.data)


def demo_app(stage: Stage) -> FastAPI:
    """The whole application: the assistant's own web channel with the demonstration around it."""
    stage.web.include_router(demo_router(stage))
    stage.web.mount(f"{PAGE}/static", StaticFiles(directory=str(files("bot.demo") / "static")))
    # Before the chat page's own mounts: the first that fits answers.
    stage.web.router.routes.insert(0, stage.web.router.routes.pop())
    stage.web.add_middleware(OneVisitor)
    return stage.web


class OneVisitor:
    """Everybody who looks is the visitor that plays; the chat page may stand in our frame.

    No cookie reaches the browser, so that a real assistant on this machine keeps its visitors.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve; see the class."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
        headers.append((b"cookie", f"beian={BROWSER}".encode()))

        async def framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                del answered["set-cookie"]
                policy = answered.get("content-security-policy", "")
                answered["content-security-policy"] = policy.replace(
                    "frame-ancestors 'none'", "frame-ancestors 'self'"
                )
                answered["x-frame-options"] = "SAMEORIGIN"
            await send(message)

        await self.app({**scope, "headers": headers}, receive, framed)
