"""The private calendar feed: whoever has the address reads one person's deadlines."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.pacing import Buckets
from bot.web.visit import network
from dialogs.world import World
from scheduler.calendar import calendar_of
from storage.ports import Stores


def calendar_router(
    stores: Stores, world: World, clock: Callable[[], datetime], rates: Buckets
) -> APIRouter:
    """``GET /calendar/<token>.ics``; unknown tokens are simply not found."""
    router = APIRouter(prefix="/calendar")

    @router.get("/{token}.ics")
    async def feed(request: Request, token: str) -> Response:
        if rates.admit(network(request)):
            return Response(status_code=429, headers={"Retry-After": "60"})
        whose = await stores.contacts.feed_of(sha256(token.encode()).hexdigest())
        if whose is None:
            return Response("no such calendar\n", status_code=404, media_type="text/plain")
        now = clock()
        case = await stores.cases.open(whose, now, "zh-CN")
        return Response(
            calendar_of(case, now, world),
            media_type="text/calendar; charset=utf-8",
            headers={
                "Cache-Control": "private, max-age=900",
                "Content-Disposition": 'inline; filename="deadlines.ics"',
                "Referrer-Policy": "no-referrer",
            },
        )

    return router
