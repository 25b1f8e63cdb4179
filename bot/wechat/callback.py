"""Callbacks posted by WeChat: let in by signature, decrypted, answered in time."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.background import BackgroundTask

from bot.tencent.doorkeeper import Doorkeeper, Query, Refused, read_body
from bot.tencent.xml import Fields

logger = logging.getLogger(__name__)

PATH: Final = "/wechat/callback"
_ECHO: Final = 1024
_SUCCESS: Final = b"success"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a callback is answered: XML, or nothing; ``then`` is done once that is on its way."""

    xml: bytes | None = None
    then: Callable[[], None] | None = None


def callback_router(
    take: Callable[[Fields], Awaitable[Answer]],
    door: Doorkeeper,
    count: Callable[[str], None] = lambda reason: None,
) -> APIRouter:
    """The endpoint. ``take`` takes one callback, as ``WeChatCore.take`` does.

    Status codes: 200 taken (or nothing to do with it), 401 unsigned, 403 not from WeChat, in
    another mode or unreadable, 413 too large, 503 not now; WeChat repeats the last.
    """
    router = APIRouter()

    @router.get(PATH, include_in_schema=False)
    async def verify(request: Request) -> Response:
        query = Query(request)
        try:
            door.verify(query, query.one("signature"))
            echo = query.one("echostr")
            if len(echo) > _ECHO:
                raise Refused(413, "too_large")
        except Refused as refused:
            return _refuse(refused, count)
        return PlainTextResponse(echo)

    @router.post(PATH, include_in_schema=False)
    async def receive(request: Request) -> Response:
        query = Query(request)
        try:
            query.one("msg_signature")  # nobody unsigned makes us read a body
            fields, key = door.open(query, await read_body(request))
        except Refused as refused:
            return _refuse(refused, count)
        try:
            answer = await take(fields)
        except Exception as error:  # the store is away: WeChat shall bring it again
            logger.warning("a callback cannot be taken yet: %s", type(error).__name__)
            return Response(status_code=503)
        then = None if answer.then is None else BackgroundTask(_do, answer.then)
        if answer.xml is None:
            return PlainTextResponse(_SUCCESS, background=then)
        closed = door.close(answer.xml, key)
        return Response(closed, media_type="application/xml", background=then)

    return router


async def _do(then: Callable[[], None]) -> None:
    """Do it in the loop: plain functions are given to a thread."""
    then()


def _refuse(refused: Refused, count: Callable[[str], None]) -> Response:
    count(f"callback_{refused.reason}")
    return Response(status_code=refused.status)
