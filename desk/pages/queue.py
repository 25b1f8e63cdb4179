"""The queue: who waits for a person."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from desk.permissions import Action
from desk.visits import Visit, may

router = APIRouter()


@router.get("/")
async def queue(visit: Annotated[Visit, may(Action.SEE_QUEUE)]) -> Response:
    """The conversations that need somebody."""
    return visit.page("queue.html")
