"""The alerts: what staff have to see to, live on every page, and which of them come by e-mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.responses import JSONResponse, Response

from desk.alerts.alert import Alert, AlertKind, Choice
from desk.config import BASE
from desk.permissions import Action
from desk.staff import Agent
from desk.visits import Visit, may
from filing.identifiers.email import parse_email

router = APIRouter()

_SHOWN_FOR: Final = timedelta(days=1)
"""How long an alert that is over is still listed."""

_MOST: Final = 60
_NEWS: Final = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert with the way to its conversation."""

    alert: Alert
    href: str


@router.get("/alerts")
async def show(visit: Annotated[Visit, may(Action.SEE_QUEUE)]) -> Response:
    """What there is to see to, and what is over since a day ago."""
    return await _page(visit, await _chosen(visit))


@router.post("/alerts/mail")
async def choose(
    visit: Annotated[Visit, may(Action.SEE_QUEUE)],
    email: Annotated[str, Form(max_length=200)] = "",
    kinds: Annotated[list[str], Form()] = [],  # noqa: B006 (FastAPI copies it)
) -> Response:
    """Keep which alerts come by e-mail, and where to."""
    wanted = frozenset(one for one in kinds_for(visit.agent) if one in kinds)
    address = parse_email(email) if email.strip() else ""
    if not isinstance(address, str) or (wanted and not address):
        problem = visit.say("alerts.address_wrong")
        return await _page(visit, Choice(visit.agent.id, email, wanted), problem=problem)
    await visit.parts.alerts.choose(Choice(visit.agent.id, address, wanted))
    return visit.go("/alerts", "alerts.saved")


@router.get("/alerts/news")
async def news(visit: Annotated[Visit, may(Action.SEE_QUEUE, background=True)]) -> Response:
    """How many alerts are open, and the newest of them: asked again and again by every page."""
    alerts = [one for one in await visit.parts.alerts.latest(visit.now) if one.ended_at is None]
    said = [
        {
            "key": one.key,
            "text": visit.say(f"alerts.kind.{one.kind}"),
            "href": f"{BASE}/conversations/{one.conversation}" if one.conversation else None,
        }
        for one in alerts[:_NEWS]
    ]
    return JSONResponse({"open": len(alerts), "alerts": said})


def kinds_for(agent: Agent) -> Sequence[AlertKind]:
    """What this person may want by e-mail; escalations are for those who lead."""
    leads = agent.role.rank > 0
    return [kind for kind in AlertKind if leads or not kind.is_escalation]


async def _page(visit: Visit, choice: Choice, *, problem: str = "") -> Response:
    alerts = await visit.parts.alerts.latest(visit.now - _SHOWN_FOR, _MOST)
    return visit.page(
        "alerts.html",
        422 if problem else 200,
        alerts=[Shown(one, await _way(visit, one)) for one in alerts],
        kinds=kinds_for(visit.agent),
        choice=choice,
        problem=problem,
        sends_mail=visit.parts.config.sends_mail,
    )


async def _chosen(visit: Visit) -> Choice:
    for choice in await visit.parts.alerts.choices():
        if choice.agent == visit.agent.id:
            return choice
    return Choice(visit.agent.id, "", frozenset())


async def _way(visit: Visit, alert: Alert) -> str:
    conversation = alert.conversation
    if conversation is None and alert.filing is not None:
        found = await visit.parts.helping.sheets.filings.find(alert.filing)
        conversation = found.case.conversation_id if found is not None else None
    return "" if conversation is None else f"{BASE}/conversations/{conversation}"
