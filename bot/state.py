"""A conversation's state as data, for programs that drive the assistant."""

from typing import Any

from dialogs.case import Case
from dialogs.message import Reply
from dialogs.standing import Standing
from filing.deadline import Deadline
from filing.materials.checklist import Item


def reply_as_data(reply: Reply) -> dict[str, Any]:
    """One reply as the interfaces show it."""
    data: dict[str, Any] = {
        "kind": reply.kind.value,
        "text": reply.text,
        "buttons": [
            {"label": one.label, "value": one.value}
            | ({"url": one.url} if one.url else {})
            | ({"quiet": True} if one.quiet else {})
            for one in reply.buttons
        ],
        "files": [
            {"name": one.name, "path": one.path} | ({"alt": one.alt} if one.alt else {})
            for one in reply.files
        ],
        "citations": [
            {"title": one.title, "url": one.url, "as_of": one.as_of} for one in reply.citations
        ],
    }
    if reply.by:
        data["by"] = reply.by
    if reply.progress is not None:
        data["progress"] = {"position": reply.progress[0], "total": reply.progress[1]}
    return data


def state_as_data(case: Case, standing: Standing) -> dict[str, Any]:
    """Where a conversation stands; sensitive values masked."""
    return {
        "filing": case.active,
        "stage": standing.stage.stage.value,
        "asking": standing.asking,
        "answered": len(standing.journey.asked),
        "remaining": standing.journey.remaining,
        "values": dict(standing.masked_values),
        "blanked": {step: at.isoformat() for step, at in standing.journey.blanked.items()},
        "handover": case.handover,
        "paused": case.attention.paused,
        "pending": case.attention.pending,
        "needs_typing_consent": standing.needs_typing_consent,
        "locale": case.locale,
        "filing_number": standing.stage.filing_number,
        "deadlines": [_deadline_as_data(one, case.locale) for one in standing.deadlines],
        "materials": [_paper_as_data(item) for item in standing.papers],
        "now": standing.now.isoformat(),
    }


def _paper_as_data(item: Item) -> dict[str, Any]:
    """One paper of the checklist, and how many pieces count for it."""
    return {
        "slot": item.slot.key,
        "state": item.state.value,
        "required": item.required,
        "pieces": len(item.current),
        "lacks": [side.value for side in item.lacks],
        "findings": [one.code for one in item.findings],
        "replaced": len(item.replaced),
    }


def _deadline_as_data(deadline: Deadline, locale: str) -> dict[str, Any]:
    """One deadline; ``done`` is also true of one the filing has left behind."""
    source = deadline.length.source
    return {
        "id": deadline.id,
        "kind": deadline.kind.key,
        "person": deadline.who,
        "title": deadline.kind.title[locale],
        "starts_at": deadline.starts_at.isoformat(),
        "due_at": deadline.due_at.isoformat(),
        "lawful_until": deadline.lawful_until.isoformat(),
        "done": not deadline.open,
        "done_at": deadline.done_at.isoformat() if deadline.done_at else None,
        "superseded": deadline.superseded,
        "estimated": deadline.estimated,
        "provisional": deadline.provisional,
        "consequence": deadline.kind.consequence[locale],
        "source": source.title if source else None,
    }
