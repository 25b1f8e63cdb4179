"""A conversation: its transcript, the filing beside it, and what staff keep about it."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from desk.conversations import Opened, open_conversation
from desk.conversing import View
from desk.permissions import Action
from desk.refusals import Refusal
from desk.visits import Visit, may

router = APIRouter()


@router.get("/conversations/{conversation}")
async def show(
    conversation: str,
    visit: Annotated[Visit, may(Action.SEE_CONVERSATION)],
    before: int | None = None,
) -> Response:
    """The whole page; ``before`` shows older lines."""
    opened = await found(visit, conversation, before)
    await visit.parts.helping.notebook.seen(visit.agent.name, conversation, visit.now)
    return await page(visit, opened)


@router.get("/conversations/{conversation}/now")
async def refresh(
    conversation: str, visit: Annotated[Visit, may(Action.SEE_CONVERSATION, background=True)]
) -> Response:
    """The parts of the page that change, for its script to put in place."""
    opened = await found(visit, conversation)
    await visit.parts.helping.notebook.seen(visit.agent.name, conversation, visit.now)
    return HTMLResponse(visit.fragment("conversation_now.html", view=View(opened, visit)))


async def found(visit: Visit, conversation: str, before: int | None = None) -> Opened:
    """The conversation. Raises Refusal for one that is not there."""
    opened = await open_conversation(visit.parts, conversation, visit.locale, before)
    if opened is None:
        raise Refusal(404, "no_conversation")
    return opened


async def page(
    visit: Visit, opened: Opened, typed: str | None = None, problem: str = ""
) -> Response:
    """The page; with a ``problem``, what was typed stands in the composer again."""
    everyone = await visit.parts.agents.everyone()
    colleagues = [one.name for one in everyone if not one.disabled]
    view = View(opened, visit, typed, problem, colleagues)
    return visit.page("conversation.html", 409 if problem else 200, view=view)
