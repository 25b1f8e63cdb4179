"""How one time of waiting for a person goes on, read off the turns that change it."""

from collections.abc import Iterator

from dialogs.case import Case, staff_name
from dialogs.ports import TurnRecord
from storage.rows import (
    HandoverAnswered,
    HandoverBegun,
    HandoverClosed,
    HandoverRated,
    HandoverTaken,
)

_WAITING = "waiting"

HandoverRow = HandoverBegun | HandoverTaken | HandoverAnswered | HandoverClosed | HandoverRated


def handover_rows(turn: TurnRecord, at: int) -> Iterator[HandoverRow]:
    """What a turn writes down of it, in order; nothing in a turn that has nothing to do with it.

    Somebody whom a silent colleague left waiting again goes on waiting for the same help. Help
    that nobody waited for is none that can be late.
    """
    before, after = turn.before, turn.after
    scope = after.conversation_id
    if turn.rating is not None:
        yield HandoverRated(turn.rating, scope)
    if not _concerns_staff(before) and not _concerns_staff(after):
        return
    if not _concerns_staff(before) and after.attention.handover == _WAITING:
        yield HandoverBegun(scope, at)
    if after.hold is not None and after.epoch != before.epoch:
        yield HandoverTaken(at, after.hold.agent, scope)
    if any(out.reply and staff_name(out.author) is not None for out in turn.outgoing):
        yield HandoverAnswered(at, scope)
    if not _concerns_staff(after):
        yield HandoverClosed(at, scope)


def _concerns_staff(case: Case) -> bool:
    return case.hold is not None or case.attention.handover == _WAITING
