"""Taking a conversation, leaving it, and speaking in it."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import JSONResponse, Response

from desk.allowance import Refused
from desk.claims import ClaimLost, HeldBy, NoConversation
from desk.conversations import Opened, others_among
from desk.deeds import Deed
from desk.notebook import MAX_NOTE, DraftChanged
from desk.pages.conversation import found, page
from desk.permissions import Action
from desk.presence import APPLICANT, HOLDER, Present
from desk.refusals import Refusal, wants_json
from desk.visits import Visit, may
from dialogs.message import Identity
from dialogs.ports import DuplicateCall

router = APIRouter()


@router.post("/conversations/{conversation}/claim")
async def claim(conversation: str, visit: Annotated[Visit, may(Action.CLAIM)]) -> Response:
    """Take a conversation nobody has."""
    try:
        await visit.parts.helping.claims.take(visit.agent.colleague, conversation)
    except HeldBy as held:
        raise Refusal(409, "held_by", name=held.hold.name) from None
    except NoConversation:
        raise Refusal(404, "no_conversation") from None
    await visit.record(Deed.CLAIMED, _about(conversation))
    return done(visit, conversation, "conversation.claimed")


@router.post("/conversations/{conversation}/take-over")
async def take_over(
    conversation: str,
    visit: Annotated[Visit, may(Action.TAKE_OVER)],
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Take a conversation from the colleague who has it."""
    opened = await found(visit, conversation)
    if not reason.strip():
        raise Refusal(422, "reason_missing")
    before = opened.hold.name if opened.hold is not None else ""
    await visit.record(Deed.TAKEN_OVER, _about(conversation), reason=reason.strip(), before=before)
    try:
        await visit.parts.helping.claims.take_over(visit.agent.colleague, conversation, reason)
    except NoConversation:
        raise Refusal(404, "no_conversation") from None
    return done(visit, conversation, "conversation.claimed")


@router.post("/conversations/{conversation}/release")
async def release(conversation: str, visit: Annotated[Visit, may(Action.CLAIM)]) -> Response:
    """Leave it for another colleague."""
    try:
        await visit.parts.helping.claims.release(visit.agent.colleague, conversation)
    except ClaimLost:
        raise Refusal(409, "claim_lost") from None
    except NoConversation:
        raise Refusal(404, "no_conversation") from None
    await visit.record(Deed.HANDED_BACK, _about(conversation), to="colleague")
    return done(visit, conversation, "conversation.released")


@router.post("/conversations/{conversation}/hand-back")
async def hand_back(conversation: str, visit: Annotated[Visit, may(Action.CLAIM)]) -> Response:
    """Leave it to the assistant, which goes on."""
    try:
        await visit.parts.helping.claims.hand_back(visit.agent.colleague, conversation)
    except ClaimLost:
        raise Refusal(409, "claim_lost") from None
    except NoConversation:
        raise Refusal(404, "no_conversation") from None
    await visit.record(Deed.HANDED_BACK, _about(conversation), to="assistant")
    return done(visit, conversation, "conversation.handed_back")


@router.post("/conversations/{conversation}/say")
async def say(
    conversation: str,
    visit: Annotated[Visit, may(Action.SAY)],
    text: Annotated[str, Form(max_length=100_000)] = "",
    once: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Write to the applicant; the shared draft is done with. The same ``once`` counts once."""
    opened = await found(visit, conversation)
    text = text.strip()
    refused = opened.allowance.refusal(text, (), visit.now)
    if refused is not None:
        return await _not_said(visit, opened, text, refused)
    try:
        await visit.parts.helping.claims.say(visit.agent.colleague, conversation, text, once=once)
    except ClaimLost as lost:
        code = "held_by" if lost.hold is not None else "claim_lost"
        params = {"name": lost.hold.name} if lost.hold is not None else {}
        return await _not_said(visit, opened, text, Refused(code, params))
    except DuplicateCall:  # sent before, and its answer lost
        pass
    except NoConversation:
        raise Refusal(404, "no_conversation") from None
    await _clear_draft(visit, opened)
    return done(visit, conversation)


def _about(conversation: str) -> str:
    """How the audit trail names it."""
    return f"conversation:{conversation}"


def done(visit: Visit, conversation: str, flash: str | None = None) -> Response:
    """After an act: back to the page, or a word to its script. The queue looks again too."""
    visit.parts.queue.follower.look_at(conversation)
    if wants_json(visit.request):
        return JSONResponse({"done": visit.say(flash) if flash else ""})
    return visit.go(f"/conversations/{conversation}", flash)


async def _not_said(visit: Visit, opened: Opened, text: str, refused: Refused) -> Response:
    """Why it was not sent; what was typed stays."""
    params = dict(refused.params or {})
    if wants_json(visit.request):
        raise Refusal(409, f"say_{refused.code}", **params)
    sentence = visit.say(f"refusal.say_{refused.code}", **params)
    return await page(visit, opened, text, sentence)


async def _clear_draft(visit: Visit, opened: Opened) -> None:
    if opened.draft is None or not opened.draft.text:
        return
    with suppress(DraftChanged):  # a colleague goes on writing: theirs stays
        await visit.parts.helping.notebook.save_draft(
            opened.id, "", visit.agent.name, opened.draft.version, visit.now
        )


@router.post("/conversations/{conversation}/draft")
async def save_draft(
    conversation: str,
    visit: Annotated[Visit, may(Action.NOTE)],
    text: Annotated[str, Form(max_length=MAX_NOTE)] = "",
    seen: Annotated[int, Form(ge=0)] = 0,
) -> Response:
    """Keep what is being written, for all colleagues; or say what another one wrote meanwhile."""
    try:
        kept = await visit.parts.helping.notebook.save_draft(
            conversation, text, visit.agent.name, seen, visit.now
        )
    except DraftChanged as changed:
        now = changed.now
        return JSONResponse({"version": now.version, "author": now.author, "text": now.text}, 409)
    if kept is None:
        raise Refusal(404, "no_conversation")
    return JSONResponse({"version": kept.version})


@router.post("/conversations/{conversation}/presence")
async def beat(
    conversation: str,
    visit: Annotated[Visit, may(Action.SEE_CONVERSATION, background=True)],
    typing: Annotated[bool, Form()] = False,
    renew: Annotated[bool, Form()] = False,
) -> Response:
    """Say that the page is open; who else is there, and whether something changed."""
    helping = visit.parts.helping
    pulse = await helping.pulses.of(conversation)
    if pulse is None:
        raise Refusal(404, "no_conversation")
    await helping.presence.beat(conversation, visit.agent.name, visit.now, typing=typing)
    if pulse.is_held_by(visit.agent.id):
        if typing:
            await _tell_applicant(visit, conversation, pulse.identity)
        if renew:
            with suppress(ClaimLost, NoConversation):  # the page shows it
                await helping.claims.renew(visit.agent.colleague, conversation)
    present = await helping.presence.present(conversation, visit.now)
    return JSONResponse({"mark": pulse.mark(visit.now), "present": _shown(present, visit)})


async def _tell_applicant(visit: Visit, conversation: str, identity: Identity) -> None:
    """Let the applicant's page know that somebody is writing to them."""
    parts = visit.parts
    if await parts.helping.presence.beat(conversation, HOLDER, visit.now, typing=True):
        for listener in parts.assistant.listeners:
            listener(identity)


@router.post("/conversations/{conversation}/leave")
async def leave(
    conversation: str, visit: Annotated[Visit, may(Action.SEE_CONVERSATION, background=True)]
) -> Response:
    """Say that the page is closed."""
    await visit.parts.helping.presence.leave(conversation, visit.agent.name)
    return JSONResponse({})


def _shown(present: Sequence[Present], visit: Visit) -> Sequence[dict[str, object]]:
    others: list[dict[str, object]] = [
        {"who": one.who, "typing": one.typing} for one in others_among(present, visit.agent)
    ]
    if any(one.who == APPLICANT and one.typing for one in present):
        others.append({"who": visit.say("conversation.applicant"), "typing": True})
    return others
