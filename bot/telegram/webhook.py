"""Updates posted by Telegram: let in by secret, read strictly, answered 200 when done."""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import APIRouter, Request, Response

logger = logging.getLogger(__name__)

PATH: Final = "/telegram/webhook"
MAX_BODY: Final = 2**20
_HEADER: Final = "x-telegram-bot-api-secret-token"


def webhook_router(
    take: Callable[[Any], Awaitable[None]],
    secret: str,
    count: Callable[[str], None] = lambda reason: None,
) -> APIRouter:
    """The endpoint. ``take`` takes one update, as in ``TelegramCore.take``.

    Status codes: 200 done (or nothing to do with it), 400 no update, 401 no secret, 403 wrong
    secret, 413 too large, 503 not now; Telegram repeats all but the first. Raises ValueError
    for an empty secret: without one anybody could speak as anybody.
    """
    if not secret:
        raise ValueError("a webhook needs a secret: set BEIAN_TELEGRAM_WEBHOOK_SECRET")
    expected = secret.encode()
    router = APIRouter()

    @router.post(PATH, include_in_schema=False)
    async def receive(request: Request) -> Response:
        refused = _refusal(request, expected)
        if refused is not None:
            count("webhook_secret")
            return Response(status_code=refused)
        body = await _read(request)
        if body is None:
            count("webhook_too_large")
            return Response(status_code=413)
        update = _parsed(body)
        if update is None:
            count("webhook_unreadable")
            return Response(status_code=400)
        try:
            await take(update)
        except Exception as error:  # the store is away: Telegram shall bring it again
            logger.warning("an update cannot be taken yet: %s", type(error).__name__)
            return Response(status_code=503)
        return Response(status_code=200)

    return router


def _refusal(request: Request, expected: bytes) -> int | None:
    """The status that keeps this caller out, or None; the comparison takes the same time."""
    given = [value for name, value in request.scope["headers"] if name == _HEADER.encode()]
    if not given:
        return 401
    alike = hmac.compare_digest(given[0], expected)
    return None if alike and len(given) == 1 else 403


async def _read(request: Request) -> bytes | None:
    """The body, or None as soon as it is too large, whatever its header claims."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return update if isinstance(update, dict) and "update_id" in update else None
