"""Claims: who may speak in a conversation, decided on the case alone.

A claim is a lease. It is taken, renewed and ended by changes of the case like any other, so the
compare-and-set on the case's version lets exactly one of two colleagues have it, and a turn of the
assistant that was under way meanwhile is refused and taken again.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.case import Case, Colleague, Hold


class Refusal(Exception):
    """An act of staff that does not fit the case as it stands; nothing was stored.

    - HeldBy: somebody else has the conversation
    - ClaimLost: whoever acts does not hold the conversation
    """


class HeldBy(Refusal):
    """Somebody else has the conversation; ``hold`` says who."""

    def __init__(self, hold: Hold) -> None:
        super().__init__(f"the conversation is held by {hold.name}")
        self.hold = hold


class ClaimLost(Refusal):
    """The conversation is not held by whoever acts; ``hold`` says by whom it is, if by anybody."""

    def __init__(self, hold: Hold | None) -> None:
        holder = f"held by {hold.name}" if hold is not None else "held by nobody"
        super().__init__(f"the conversation is {holder}")
        self.hold = hold


def taken(case: Case, who: Colleague, now: datetime, lease: timedelta) -> Case:
    """The case claimed by ``who``; renewed if they hold it already.

    Raises HeldBy while the lease of somebody else runs.
    """
    hold = case.hold
    if hold is not None and hold.agent == who.id:
        return renewed(case, who, now, lease)
    if hold is not None and hold.until > now:
        raise HeldBy(hold)
    return taken_over(case, who, now, lease)


def taken_over(case: Case, who: Colleague, now: datetime, lease: timedelta) -> Case:
    """The case claimed by ``who``, whoever had it."""
    epoch = case.epoch + 1
    attention = case.attention
    if case.hold is None:  # else the assistant has been silent before
        filings = case.filings.values()
        counts = tuple((one.id, len(one.answers), len(one.events)) for one in filings)
        attention = replace(attention, silent_from=counts)
    attention = replace(attention, handover=None, waiting_since=None)
    hold = Hold(who.id, who.name, epoch, now, now + lease)
    return replace(case, hold=hold, epoch=epoch, attention=attention)


def renewed(case: Case, who: Colleague, now: datetime, lease: timedelta) -> Case:
    """The case with the lease of ``who`` running on from now. Raises ClaimLost.

    A lease that ran out counts until somebody else took the conversation, or ended the claim.
    """
    hold = case.hold
    if hold is None or hold.agent != who.id:
        raise ClaimLost(hold)
    return replace(case, hold=replace(hold, until=max(hold.until, now + lease)))


def freed(case: Case, who: Colleague) -> Case:
    """The case no longer held by ``who``. Raises ClaimLost."""
    if case.hold is None or case.hold.agent != who.id:
        raise ClaimLost(case.hold)
    return replace(case, hold=None)


def lapsed(case: Case, epoch: int, now: datetime) -> Case:
    """The case freed of the claim of that epoch, whose lease has run out.

    Raises ClaimLost if it was ended, taken by somebody or renewed meanwhile.
    """
    hold = case.hold
    if hold is None or hold.epoch != epoch or hold.until > now:
        raise ClaimLost(hold)
    return replace(case, hold=None)
