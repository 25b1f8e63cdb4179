"""For supervisors: who is here and holds what, service levels, deadlines at risk."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from desk.claims import NoConversation
from desk.deeds import Deed
from desk.permissions import Action
from desk.queue import State, Wanted
from desk.refusals import Refusal
from desk.statistics.lags import first_answer_figure, span
from desk.statistics.period import LENGTHS, last_days
from desk.supervising.risks import HOURS, MOST, deadlines_at_risk
from desk.supervising.service import Targets, breaches, judged, level_of
from desk.supervising.team import team_now
from desk.visits import Visit, may

router = APIRouter()

_BREACHES = 50
_WAITING = 200
"""So many of those who wait are shown, the longest first; all are counted."""


@router.get("/team")
async def team(visit: Annotated[Visit, may(Action.SUPERVISE)]) -> Response:
    """Who is here, what they hold, who still waits."""
    parts = visit.parts
    agents = await parts.agents.everyone()
    sessions = [one for agent in agents for one in await parts.sessions.of(agent.id)]
    listing = parts.supervision.listing
    first = await listing.first(Wanted(State.WAITING), _WAITING)
    waiting = await listing.dockets([one.conversation for one in first])
    counts = await listing.counts()
    now = team_now(
        agents,
        sessions,
        {one.conversation: one for one in (*await listing.held(), *waiting.values())}.values(),
        parts.supervision.limits.capacity,
        visit.now,
    )
    takers = [agent for agent in agents if not agent.disabled]
    return visit.page(
        "team.html",
        team=now,
        waiting=max(counts.of(State.WAITING), len(now.waiting)),
        takers=takers,
        now=visit.now,
    )


@router.post("/team/reassign")
async def reassign(
    visit: Annotated[Visit, may(Action.TAKE_OVER)],
    conversation: Annotated[str, Form(max_length=80)],
    to: Annotated[str, Form(max_length=80)],
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Give a conversation to another colleague, for a reason that is kept."""
    if not reason.strip():
        raise Refusal(422, "reassign_reason")
    agents = {one.id: one for one in await visit.parts.agents.everyone()}
    target = agents.get(to)
    if target is None or target.disabled:
        raise Refusal(422, "reassign_to")
    if not await visit.parts.supervision.listing.dockets([conversation]):
        raise Refusal(404, "not_found")
    await visit.record(
        Deed.REASSIGNED, f"conversation:{conversation}", to=target.name, reason=reason.strip()
    )
    try:
        await visit.parts.supervision.give(target, conversation, reason)
    except NoConversation:  # erased a moment ago
        raise Refusal(404, "not_found") from None
    return visit.go("/team", "team.reassigned", name=target.shown_as)


@router.get("/team/service")
async def service(
    visit: Annotated[Visit, may(Action.SUPERVISE)],
    days: Annotated[str, Query(max_length=8)] = "30",
) -> Response:
    """How soon people were answered and helped."""
    parts = visit.parts
    period = last_days(int(days) if days.isascii() and days.isdecimal() else 30, visit.now)
    hours = parts.world.provider.service_hours
    targets = Targets(hours.first_answer, parts.supervision.limits.resolution)
    helps = await parts.numbers.helps(period)
    times = judged(helps, hours, targets, visit.now)
    names = {one.id: one.shown_as for one in await parts.agents.everyone()}
    by_agent = {
        agent: level_of([one for one in times if one.help.agent == agent])
        for agent in sorted({one.help.agent for one in times if one.help.agent is not None})
    }
    late = breaches(times, _BREACHES)
    shown = await parts.supervision.listing.dockets([one.help.conversation for one in late])
    return visit.page(
        "service.html",
        whole=level_of(times),
        by_agent=sorted(by_agent.items(), key=lambda one: -one[1].count),
        names=names,
        breaches=late,
        dockets=shown,
        targets=targets,
        figure=first_answer_figure(helps, hours, visit.say),
        days=period.days,
        lengths=LENGTHS,
        span=lambda length: span(length, visit.say),
    )


@router.get("/team/deadlines")
async def deadlines(
    visit: Annotated[Visit, may(Action.SUPERVISE)],
    within: Annotated[str, Query(max_length=8)] = "72",
) -> Response:
    """Deadlines that end soon and what was sent about them."""
    parts = visit.parts
    hours = int(within) if within in map(str, HOURS) else HOURS[1]
    risks = await deadlines_at_risk(
        parts.supervision.listing,
        parts.supervision.reminders,
        timedelta(hours=hours),
        parts.supervision.limits.overdue,
        visit.now,
    )
    kinds = parts.world.deadlines.kinds
    titles = {key: kind.title[visit.locale] for key, kind in kinds.items()}
    return visit.page(
        "deadlines.html",
        risks=risks,
        titles=titles,
        hours=hours,
        choices=HOURS,
        is_cut=len(risks) >= MOST,
        span=lambda length: span(length, visit.say),
        stage_name=lambda stage: parts.world.wording.say(f"stage.name.{stage}", visit.locale),
        label=lambda kind, value: parts.world.wording.label(kind, value, visit.locale),
    )
