"""What waits for whoever is logged in: notes that call them, and tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.responses import Response

from desk.config import BASE
from desk.permissions import Action
from desk.refusals import Refusal
from desk.tasks import BY_HAND, Task
from desk.visits import Visit, may

router = APIRouter()
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Due:
    """A task with the way to its conversation."""

    task: Task
    what: str
    href: str


@router.get("/tasks")
async def mine(visit: Annotated[Visit, may(Action.NOTE)], whose: str = "mine") -> Response:
    """Unseen mentions, and open tasks: one's own and nobody's, or all."""
    notes = await visit.parts.helping.notebook.mentioning(visit.agent.name)
    tasks = await visit.parts.helping.tasks.open(_MOST)
    if whose != "all":
        tasks = [one for one in tasks if one.assignee in (None, visit.agent.name)]
    return visit.page(
        "tasks.html", notes=notes, tasks=await _with_ways(visit, tasks), is_all=whose == "all"
    )


@router.post("/tasks/done")
async def finish(
    visit: Annotated[Visit, may(Action.NOTE)], key: Annotated[str, Form(max_length=300)] = ""
) -> Response:
    """Note that a task is done."""
    if not await visit.parts.helping.tasks.finish(key, visit.agent.name, visit.now):
        raise Refusal(409, "task_done_already")
    return visit.go("/tasks", "conversation.task_done")


async def _with_ways(visit: Visit, tasks: Sequence[Task]) -> Sequence[Due]:
    known: dict[str, str] = {}
    due = []
    texts = visit.desk.texts.by_locale[visit.locale]
    for task in tasks:
        if task.filing_id not in known:
            found = await visit.parts.helping.sheets.filings.find(task.filing_id)
            known[task.filing_id] = (
                "" if found is None else f"{BASE}/conversations/{found.case.conversation_id}"
            )
        kind = texts.get(f"conversation.kind_{task.kind}", task.kind)
        what = task.text if task.kind == BY_HAND else kind
        due.append(Due(task, what, known[task.filing_id]))
    return due
