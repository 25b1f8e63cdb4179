"""Private notes and tasks about a conversation: for colleagues alone."""

from datetime import date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from desk.notebook import MAX_NOTE, mentioned_in
from desk.pages.conversation import found
from desk.pages.holding import done
from desk.permissions import Action
from desk.refusals import Refusal
from desk.visits import Visit, may
from dialogs.world import SHANGHAI

router = APIRouter()
_EVENING = time(18, 0)
_LONGEST_TASK = 1000


@router.post("/conversations/{conversation}/notes")
async def add_note(
    conversation: str,
    visit: Annotated[Visit, may(Action.NOTE)],
    text: Annotated[str, Form(max_length=MAX_NOTE)] = "",
) -> Response:
    """Keep a note; colleagues named with ``@`` find it among their mentions."""
    text = text.strip()
    if not text:
        raise Refusal(422, "note_empty")
    names = [one.name for one in await visit.parts.agents.everyone() if not one.disabled]
    note = await visit.parts.helping.notebook.add(
        conversation, visit.agent.name, text, mentioned_in(text, names), visit.now
    )
    if note is None:
        raise Refusal(404, "no_conversation")
    return done(visit, conversation, "conversation.noted")


@router.post("/conversations/{conversation}/tasks")
async def add_task(
    conversation: str,
    visit: Annotated[Visit, may(Action.NOTE)],
    text: Annotated[str, Form(max_length=_LONGEST_TASK)] = "",
    assignee: Annotated[str, Form(max_length=200)] = "",
    due: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Set a task about the filing."""
    opened = await found(visit, conversation)
    if not text.strip():
        raise Refusal(422, "task_empty")
    if opened.case.active is None:
        raise Refusal(409, "no_filing_yet")
    await _refuse_stranger(visit, assignee)
    await visit.parts.helping.tasks.add(
        opened.case.active,
        text.strip(),
        visit.agent.name,
        visit.now,
        assignee=assignee or None,
        due_at=_due(due),
    )
    return done(visit, conversation, "conversation.task_set")


@router.post("/conversations/{conversation}/tasks/done")
async def finish_task(
    conversation: str,
    visit: Annotated[Visit, may(Action.NOTE)],
    key: Annotated[str, Form(max_length=300)],
) -> Response:
    """Note that a task is done."""
    await _refuse_foreign(visit, conversation, key)
    if not await visit.parts.helping.tasks.finish(key, visit.agent.name, visit.now):
        raise Refusal(409, "task_done_already")
    return done(visit, conversation, "conversation.task_done")


@router.post("/conversations/{conversation}/tasks/assign")
async def assign_task(
    conversation: str,
    visit: Annotated[Visit, may(Action.NOTE)],
    key: Annotated[str, Form(max_length=300)],
    assignee: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Give a task to a colleague, or to nobody."""
    await _refuse_foreign(visit, conversation, key)
    await _refuse_stranger(visit, assignee)
    if not await visit.parts.helping.tasks.assign(key, assignee or None):
        raise Refusal(409, "task_done_already")
    return done(visit, conversation, "conversation.task_given")


async def _refuse_foreign(visit: Visit, conversation: str, key: str) -> None:
    """Raise Refusal unless the task is one of this conversation."""
    opened = await found(visit, conversation)
    if key not in {one.key for one in opened.tasks}:
        raise Refusal(404, "not_found")


async def _refuse_stranger(visit: Visit, assignee: str) -> None:
    known = {one.name for one in await visit.parts.agents.everyone() if not one.disabled}
    if assignee and assignee not in known:
        raise Refusal(422, "no_colleague")


def evening_of(day: date) -> datetime:
    """The end of a working day in China."""
    return datetime.combine(day, _EVENING, SHANGHAI)


def _due(day: str) -> datetime | None:
    if not day:
        return None
    try:
        return evening_of(date.fromisoformat(day))
    except ValueError:
        raise Refusal(422, "no_day") from None
