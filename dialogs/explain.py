"""How a message is read, as one line of JSON: behind ``beian understand --json``."""

from collections.abc import Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

from dialogs.answers.base import Context
from dialogs.flow import Flow
from dialogs.understanding import Intent, Understood, understand
from dialogs.understanding.reports import read_reports
from dialogs.understanding.when_said import SHANGHAI
from dialogs.wording import Wording
from filing.event import Stage

ANY = "any"
"""The context of a message that answers no question in particular."""

_NEAREST: Mapping[Intent, str] = MappingProxyType(
    {
        Intent.FORWARD: "skip",
        Intent.UNDO: "back",
        Intent.REDO: "resume",
        Intent.WHY: "help",
        Intent.REVIEW: "status",
        Intent.LIST_FILINGS: "status",
        Intent.NEW_FILING: "resume",
        Intent.SWITCH_LOCALE: "unknown",
        Intent.HELPED: "smalltalk",
        Intent.UNHELPED: "help",
    }
)
"""Intents the interface does not list, and the listed one that comes nearest."""


class UnreadableLine(ValueError):
    """A line that is not as the interface asks; the message says what to change."""


def explain(
    flow: Flow,
    line: Mapping[str, Any],
    *,
    today: date,
    wording: Wording | None = None,
    locale: str = "zh-CN",
    now: datetime | None = None,
) -> dict[str, Any]:
    """Read ``{"id", "context", "say", "state"?}`` and tell how ``say`` is understood.

    The result is ``{"id", "values", "intent", "invalid"}``; ``invalid`` is None or
    ``{"field", "code", "message"}``, the message empty without ``wording``. A line with a
    ``"stage"`` gets ``"events"`` too: what the applicant says has happened to a filing there,
    as it is read at ``now``. Raises UnreadableLine for a missing field, an unknown step or stage.
    """
    say, key = line.get("say"), line.get("context") or ANY
    state = line.get("state") or {}
    if not isinstance(say, str):
        raise UnreadableLine('"say" must be the text of a message')
    if not isinstance(key, str) or (key != ANY and key not in flow):
        raise UnreadableLine('"context" must be "any" or a step of the flow')
    if not isinstance(state, Mapping):
        raise UnreadableLine('"state" must be an object of step keys and values')
    context = Context(today, {str(one): str(value) for one, value in state.items()}, locale)
    opened = None if key == ANY else flow[key]
    read = understand(say, flow=flow, open_step=opened, context=context)
    told = {
        "id": line.get("id"),
        "values": dict(read.values),
        "intent": listed(read.intent),
        "invalid": _invalid(read, wording, locale),
    }
    if "stage" in line:
        told["events"] = _events(say, line["stage"], now or _noon(today))
    return told


def _events(say: str, stage: object, now: datetime) -> list[dict[str, str | None]]:
    """The events a message tells at a stage, in the order a filing sees them."""
    if stage not in tuple(Stage):
        raise UnreadableLine(f'"stage" must be one of {", ".join(Stage)}')
    return [
        {
            "type": one.type.value if one.type is not None else None,
            "who": one.who,
            "at": one.when.earliest.isoformat() if one.when is not None else None,
            "filing_number": one.filing_number,
            "police_number": one.police_number,
            "reason": one.reason,
        }
        for one in read_reports(say, Stage(str(stage)), now)
    ]


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)


def listed(intent: Intent) -> str:
    """An intent by the name the interface gives it, or gives the nearest one."""
    return _NEAREST.get(intent, intent.value)


def _invalid(read: Understood, wording: Wording | None, locale: str) -> dict[str, str] | None:
    if read.wrong is None:
        return None
    field, wrong = read.wrong
    message = ""
    if wording is not None:
        message = wording.say(f"invalid.{wrong.code}", locale, **wrong.params)
    return {"field": field, "code": wrong.code, "message": message}
