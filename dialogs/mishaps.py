"""A turn that raised: kept for staff without a word of what was typed, answered by an apology."""

from dataclasses import replace
from datetime import datetime
from traceback import extract_tb

from dialogs.case import Case
from dialogs.message import Button, Inbound, Reply, ReplyKind
from dialogs.ports import DeadLetter
from dialogs.turn import TurnResult
from dialogs.world import World


def letter_of(case: Case, inbound: Inbound | None, error: Exception, now: datetime) -> DeadLetter:
    """The failed message as staff find it."""
    return DeadLetter(case.identity, inbound.message_id if inbound else "", now, masked(error))


def apology(before: Case, inbound: Inbound | None, world: World) -> TurnResult:
    """In place of the turn: the case stays as it was, the words are kept.

    While a person has the conversation they read the words; the assistant says nothing.
    """
    say = world.wording.say
    reply = Reply(
        ReplyKind.ERROR,
        say("message.apology", before.locale, contact=world.reached_by(before.locale)),
        (Button(say("button.person", before.locale), "cmd:handover"),),
    )
    return TurnResult(
        replace(before, version=before.version + 1),
        (reply,) if before.hold is None else (),
        heard=inbound.words if inbound else None,
    )


def masked(error: Exception) -> str:
    """Type and places of an error, without its message: that may quote what was typed."""
    places = (
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
        for frame in extract_tb(error.__traceback__)
    )
    return f"{type(error).__name__} at " + " < ".join(reversed(list(places)))
