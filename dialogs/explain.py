"""How a message is read, as one line of JSON: behind ``beian understand --json``."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from dialogs.answers.base import Context
from dialogs.flow import Flow
from dialogs.understanding import Intent, Understood, understand
from dialogs.wording import Wording

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
) -> dict[str, Any]:
    """Read ``{"id", "context", "say", "state"?}`` and tell how ``say`` is understood.

    The result is ``{"id", "values", "intent", "invalid"}``; ``invalid`` is None or
    ``{"field", "code", "message"}``, the message empty without ``wording``. Raises
    UnreadableLine for a missing field or an unknown step.
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
    return {
        "id": line.get("id"),
        "values": dict(read.values),
        "intent": listed(read.intent),
        "invalid": _invalid(read, wording, locale),
    }


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
