"""Callbacks posted by WeCom: they only say that there is something to pull, and from where."""

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from bot.tencent.doorkeeper import Doorkeeper, Query, Refused, read_body

PATH: Final = "/wecom/callback"
TOLD: Final = "kf_msg_or_event"

_SUCCESS: Final = b"success"


def callback_router(
    told: Callable[[str, str], None],
    door: Doorkeeper,
    count: Callable[[str], None] = lambda reason: None,
) -> APIRouter:
    """The endpoint. ``told`` hears of an account and the token with which to pull, and returns.

    Status codes: 200 heard (or nothing to do with it), 401 unsigned, 403 not from WeCom or
    unreadable, 413 too large.
    """
    router = APIRouter()

    @router.get(PATH, include_in_schema=False)
    async def verify(request: Request) -> Response:
        try:
            return PlainTextResponse(door.echo(Query(request)))
        except Refused as refused:
            return _refuse(refused)

    @router.post(PATH, include_in_schema=False)
    async def receive(request: Request) -> Response:
        query = Query(request)
        try:
            query.one("msg_signature")  # nobody unsigned makes us read a body
            fields, _ = door.open(query, await read_body(request))
        except Refused as refused:
            return _refuse(refused)
        account, token = fields.get("OpenKfId"), fields.get("Token")
        if fields.get("Event") == TOLD and isinstance(account, str) and isinstance(token, str):
            told(account, token)
        else:
            count("callback_other")
        return PlainTextResponse(_SUCCESS)

    def _refuse(refused: Refused) -> Response:
        count(f"callback_{refused.reason}")
        return Response(status_code=refused.status)

    return router
