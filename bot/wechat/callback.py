"""Callbacks posted by WeChat: let in by signature, decrypted, answered in time."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.background import BackgroundTask

from bot.wechat.crypto import Forged, MessageKey, is_signed, signature
from bot.wechat.xml import Fields, Unreadable, envelope, read

logger = logging.getLogger(__name__)

PATH: Final = "/wechat/callback"
MAX_BODY: Final = 256 * 1024  # bytes
SKEW: Final = timedelta(seconds=300)
"""How far a call's timestamp may lie from our clock."""

_ECHO: Final = 1024
_SUCCESS: Final = b"success"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a callback is answered: XML, or nothing; ``then`` is done once that is on its way."""

    xml: bytes | None = None
    then: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Knows what WeChat knows. ``keys`` are the present one and, while it is changed, the last.

    Every ``Refused`` it raises is counted and tells the caller nothing but its status.
    """

    token: str = field(repr=False)
    keys: Sequence[MessageKey]
    clock: Callable[[], datetime]

    def verify(self, query: "Query", signed: str, encrypted: str = "") -> None:
        """Raise Refused unless whoever calls knows the token, now."""
        timestamp, nonce = query.one("timestamp"), query.one("nonce")
        right = is_signed(signed, self.token, timestamp, nonce, encrypted)
        if not right:
            raise Refused(403, "signature")
        if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
            raise Refused(403, "timestamp")
        if abs(self.clock().timestamp() - int(timestamp)) > SKEW.total_seconds():
            raise Refused(403, "timestamp")

    def open(self, query: "Query", body: bytes) -> tuple[Fields, MessageKey]:
        """The callback in a body and the key it came under. Raises Refused."""
        signed = query.one("msg_signature")
        if query.get("encrypt_type") not in (None, "aes"):
            raise Refused(403, "plain_mode")
        encrypted = _read(body).get("Encrypt")
        if not isinstance(encrypted, str):
            raise Refused(403, "plain_mode")
        self.verify(query, signed, encrypted)
        for key in self.keys:
            try:
                plain = key.decrypt(encrypted)
            except Forged:
                continue
            return _read(plain), key
        raise Refused(403, "forged")

    def close(self, xml: bytes, key: MessageKey) -> bytes:
        """A reply as WeChat reads it, under the key the callback came under."""
        encrypted = key.encrypt(xml)
        timestamp, nonce = str(int(self.clock().timestamp())), secrets.token_hex(8)
        signed = signature(self.token, timestamp, nonce, encrypted)
        return envelope(encrypted, signed, timestamp, nonce)


class Refused(Exception):
    """Somebody who is not let in; ``reason`` is counted."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of a call; each may stand there once."""

    request: Request

    def get(self, name: str) -> str | None:
        """A parameter, None without. Raises Refused 403 if it stands there twice."""
        given = self.request.query_params.getlist(name)
        if len(given) > 1:
            raise Refused(403, "parameters")
        return given[0] if given else None

    def one(self, name: str) -> str:
        """A parameter that must be there. Raises Refused 401."""
        given = self.get(name)
        if not given:
            raise Refused(401, "unsigned")
        return given


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
            fields, key = door.open(query, await _body(request))
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


def _read(document: bytes) -> Fields:
    try:
        return read(document)
    except Unreadable:
        raise Refused(403, "unreadable") from None


async def _body(request: Request) -> bytes:
    """The body. Raises Refused 413 as soon as it is too large, whatever its header claims."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise Refused(413, "too_large")
    return bytes(body)
