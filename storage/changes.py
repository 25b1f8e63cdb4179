"""What a turn adds to the case it started from: the only thing the stores write."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from dialogs.case import Answer, FilingRecord
from dialogs.message import Identity
from dialogs.ports import TurnRecord
from filing.materials.material import Material
from storage.errors import InconsistentTurn


def moment_of(turn: TurnRecord) -> datetime:
    """When the turn was taken."""
    if turn.at is not None:
        return turn.at
    if turn.inbound is not None:
        return turn.inbound.at
    raise InconsistentTurn("a turn without an inbound message needs 'at'")


def changed_filings(turn: TurnRecord) -> Iterator[tuple[FilingRecord | None, FilingRecord]]:
    """Filings this turn touched, as (before, after); before is None for a new one."""
    known = turn.before.filings
    for key, after in turn.after.filings.items():
        before = known.get(key)
        if before is not after:
            yield before, after


def first_new(before: Sequence[object], after: Sequence[object], what: str) -> int:
    """The position from which ``after`` is new."""
    if len(after) < len(before):
        raise InconsistentTurn(f"{what} are only ever added, 'after' has fewer than 'before'")
    return len(before)


def newly_blanked(before: Sequence[Answer], after: Sequence[Answer]) -> tuple[int, ...]:
    """Which of the answers known before were blanked, or based anew as others were: nothing else
    of them may change, and no value come back."""
    changed = [n for n, old in enumerate(before) if old is not after[n] and old != after[n]]
    for n in changed:
        old, new = before[n], after[n]
        same = replace(old, value=new.value, basis=new.basis, blanked_at=new.blanked_at) == new
        goes = new.value is None and new.blanked_at is not None and old.blanked_at is None
        if not same or not (goes or (new.value, new.blanked_at) == (old.value, old.blanked_at)):
            raise InconsistentTurn("of an answer given nothing changes but that its value is gone")
    return tuple(changed)


def newly_gone(before: Sequence[Material], after: Sequence[Material]) -> tuple[int, ...]:
    """Which of the pieces known before have lost their content since: nothing else of them may
    change."""
    changed = [n for n, old in enumerate(before) if old is not after[n] and old != after[n]]
    if any(replace(before[n], gone=True) != after[n] for n in changed):
        raise InconsistentTurn("of a piece received nothing changes but that its content is gone")
    return tuple(changed)


def last_on(turn: TurnRecord) -> Identity | None:
    """Where the applicant wrote last, once the turn is stored."""
    return turn.before.last_on if turn.inbound is None else turn.inbound.identity


def takes_conversation(turn: TurnRecord) -> bool:
    """Whether somebody of the staff takes the conversation: what waits unsent is withdrawn."""
    return turn.after.epoch > turn.before.epoch


def ends_hold(turn: TurnRecord) -> bool:
    """Whether the assistant may speak again: reminders put off meanwhile are due."""
    return turn.before.hold is not None and turn.after.hold is None


def check_turn(turn: TurnRecord) -> None:
    """Raise ``InconsistentTurn`` unless ``after`` is ``before`` with something added."""
    before, after = turn.before, turn.after
    if (after.conversation_id, after.applicant_id, after.everywhere) != (
        before.conversation_id,
        before.applicant_id,
        before.everywhere,
    ):
        raise InconsistentTurn("'after' belongs to another conversation, applicant or identity")
    if after.epoch < before.epoch:
        raise InconsistentTurn("the epoch never falls, in 'after' it is lower than in 'before'")
    for known, filing in changed_filings(turn):
        if known is not None:
            first_new(known.answers, filing.answers, "answers")
            newly_blanked(known.answers, filing.answers)
            first_new(known.events, filing.events, "events")
            first_new(known.materials, filing.materials, "materials")
            newly_gone(known.materials, filing.materials)
            first_new(known.verdicts, filing.verdicts, "verdicts")
    first_new(before.consents, after.consents, "consents")
    for out in turn.outgoing:
        if out.reply is None and out.delete is None:
            raise InconsistentTurn(f"outgoing {out.id} neither says nor deletes anything")
