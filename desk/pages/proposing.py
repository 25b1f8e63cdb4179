"""What a colleague asks of the applicant: to approve a value, to send a document."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from desk.claims import ClaimLost, NoConversation
from desk.conversations import Opened
from desk.deeds import Deed
from desk.pages.conversation import found
from desk.pages.holding import done
from desk.pages.notes import evening_of
from desk.permissions import Action
from desk.refusals import Refusal
from desk.visits import Visit, may

router = APIRouter()


@router.post("/conversations/{conversation}/propose")
async def propose(
    conversation: str,
    visit: Annotated[Visit, may(Action.PROPOSE)],
    step: Annotated[str, Form(max_length=100)],
    value: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Ask the applicant whether a value may count; refuse one that is none."""
    await _may_say(visit, conversation)
    await visit.record(Deed.VALUE_PROPOSED, f"conversation:{conversation}", step=step)
    try:
        wrong = await visit.parts.helping.claims.propose(
            visit.agent.colleague, conversation, {step: value.strip()}
        )
    except ClaimLost:
        raise Refusal(409, "claim_lost") from None
    except NoConversation:
        raise Refusal(404, "no_conversation") from None
    if wrong:
        [found_wrong] = wrong.values()
        say = visit.parts.world.wording.say
        why = say(f"invalid.{found_wrong.code}", visit.locale, **found_wrong.params)
        raise Refusal(422, "value_wrong", why=why)
    return done(visit, conversation, "conversation.proposed")


@router.post("/conversations/{conversation}/documents")
async def request_document(
    conversation: str,
    visit: Annotated[Visit, may(Action.SAY)],
    which: Annotated[str, Form(max_length=200)] = "",
    why: Annotated[str, Form(max_length=500)] = "",
    due: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Ask the applicant for a document, and keep a task until it is there."""
    opened = await _may_say(visit, conversation)
    if not which.strip():
        raise Refusal(422, "document_empty")
    try:
        until = date.fromisoformat(due) if due else None
    except ValueError:
        raise Refusal(422, "no_day") from None
    try:
        await visit.parts.helping.claims.ask_for(
            visit.agent.colleague, conversation, which.strip(), why.strip(), until
        )
    except ClaimLost:
        raise Refusal(409, "claim_lost") from None
    except NoConversation:
        raise Refusal(404, "no_conversation") from None
    if opened.case.active is not None:
        await visit.parts.helping.tasks.add(
            opened.case.active,
            visit.say("conversation.document_task", which=which.strip()),
            visit.agent.name,
            visit.now,
            assignee=visit.agent.name,
            due_at=None if until is None else evening_of(until),
        )
    return done(visit, conversation, "conversation.document_asked")


async def _may_say(visit: Visit, conversation: str) -> Opened:
    """The conversation, if the channel takes another message. Raises Refusal."""
    opened = await found(visit, conversation)
    refused = opened.allowance.refusal("…", (), visit.now)
    if refused is not None:
        raise Refusal(409, f"say_{refused.code}", **dict(refused.params or {}))
    return opened
