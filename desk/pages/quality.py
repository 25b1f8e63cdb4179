"""Conversations read again by supervisors, and for everybody what was said of their help."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from desk.deeds import Deed
from desk.permissions import Action
from desk.quality.checklist import BEST
from desk.quality.ports import Review
from desk.quality.reading import WEEKS
from desk.quality.sampling import DRAWN
from desk.refusals import Refusal
from desk.statistics.period import monday_of
from desk.visits import Visit, may
from dialogs.world import day_of

router = APIRouter()

ConversationId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,80}$")]


@router.get("/quality")
async def show(
    visit: Annotated[Visit, may(Action.SUPERVISE)],
    week: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The conversations of a week to read, and results over time."""
    quality = visit.parts.quality
    monday = quality.week(week)
    this = monday_of(day_of(visit.now))
    return visit.page(
        "quality.html",
        week=monday,
        before=monday - timedelta(days=7) if monday > this - timedelta(weeks=WEEKS) else None,
        after=monday + timedelta(days=7) if monday < this else None,
        to_read=await quality.to_read(monday),
        results=await quality.results(),
        items=quality.items,
        names=await _names(visit),
        best=BEST,
        drawn=DRAWN,
    )


@router.get("/quality/mine")
async def mine(visit: Annotated[Visit, may(Action.ENTER)]) -> Response:
    """What reviewers said of one's own help."""
    quality = visit.parts.quality
    start = monday_of(day_of(visit.now)) - timedelta(weeks=WEEKS)
    return visit.page(
        "quality_mine.html",
        reviews=await quality.reviews.since(start, agent=visit.agent.id),
        results=await quality.results(visit.agent.id),
        items=quality.items,
        best=BEST,
    )


@router.get("/quality/{conversation}")
async def read(
    conversation: ConversationId,
    visit: Annotated[Visit, may(Action.SUPERVISE)],
    week: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """One conversation of a week, masked, with the list to judge it by."""
    quality = visit.parts.quality
    monday = quality.week(week)
    lines = await quality.lines(conversation, monday)
    if lines is None:
        raise Refusal(404, "not_found")
    await visit.record(Deed.SAMPLE_READ, f"conversation:{conversation}", week=monday.isoformat())
    return visit.page(
        "review.html",
        conversation=conversation,
        week=monday,
        lines=lines,
        review=await quality.reviews.find(conversation, monday),
        items=quality.items,
        names=await _names(visit),
        helper=await quality.helper(conversation, monday),
        best=BEST,
    )


@router.post("/quality/{conversation}")
async def judge(
    conversation: ConversationId,
    request: Request,
    visit: Annotated[Visit, may(Action.SUPERVISE)],
    week: Annotated[str, Form(max_length=10)] = "",
    comment: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Keep what a reviewer found."""
    quality = visit.parts.quality
    monday = quality.week(week)
    form = await request.form()
    scores = {
        item.key: int(given)
        for item in quality.items
        if (given := str(form.get(f"item-{item.key}", ""))) in map(str, range(BEST + 1))
    }
    if not scores:
        raise Refusal(422, "review_empty")
    helper = await quality.helper(conversation, monday)
    if helper == visit.agent.id:
        raise Refusal(403, "own_help")
    await visit.record(Deed.REVIEWED, f"conversation:{conversation}", week=monday.isoformat())
    review = Review(
        conversation, monday, visit.agent.id, visit.now, scores, comment.strip(), helper
    )
    if not await quality.reviews.put(review):
        raise Refusal(404, "not_found")
    return visit.go(f"/quality?week={monday.isoformat()}", "quality.kept")


async def _names(visit: Visit) -> dict[str, str]:
    return {one.id: one.shown_as for one in await visit.parts.agents.everyone()}
