"""Use cases of a claim: take, renew, say, propose, hand back; exactly one colleague at a time.

Whether somebody may do it is asked before (``desk.permissions``); here is decided whether they
can, by the case's own compare-and-set.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from secrets import token_urlsafe
from typing import Final

from desk.ports import ClaimStore, HeldConversation
from dialogs.assistant import Assistant, Handled
from dialogs.case import Case, Colleague, Hold
from dialogs.holding import ClaimLost, HeldBy, Refusal
from dialogs.message import OutgoingFile, Reply
from dialogs.ports import Receipt
from dialogs.turn import TurnResult, staff
from filing.event import Event
from filing.invalid import Invalid

__all__ = ["LEASE", "ClaimLost", "Claims", "HeldBy", "NoConversation", "ReasonMissing", "Refusal"]

LEASE: Final = timedelta(minutes=10)
"""How long a claim stands without a sign of its holder. Every act of theirs in the conversation
renews it, and so does a page that has it open and says so (``renew``)."""

HEARTBEAT: Final = timedelta(seconds=60)
"""How often an open, visible page should call ``renew``."""

_LOOK_AGAIN: Final = 0.05
_PATIENCE: Final = 75.0
"""Seconds to wait for what is being sent: more than a sender's lease, which ends it anyhow."""


class NoConversation(LookupError):
    """There is no conversation of this id; it may have been erased."""


class ReasonMissing(ValueError):
    """Taking over from a colleague needs a reason."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A conversation taken: who had it before, and what the applicant was told."""

    hold: Hold
    before: Hold | None = None
    told: tuple[Reply, ...] = ()


@dataclass(slots=True)
class Claims:
    """What a colleague can do with a conversation. All may raise NoConversation."""

    assistant: Assistant
    store: ClaimStore
    clock: Callable[[], datetime]
    lease: timedelta = LEASE
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def take(self, who: Colleague, conversation: str) -> Taken:
        """Take a conversation nobody has, or whose holder's lease has run out.

        When this returns nothing that the assistant, or whoever had it, said before is still on
        its way. Raises HeldBy.
        """

        def compute(case: Case) -> TurnResult:
            return staff.join(case, who, self.clock(), self.assistant.world, self.lease)

        return await self._come_in(conversation, compute)

    async def take_over(self, who: Colleague, conversation: str, reason: str) -> Taken:
        """Take a conversation from whoever has it; ``reason`` is for the caller's audit trail.

        As :meth:`take` otherwise. Raises ReasonMissing.
        """
        if not reason.strip():
            raise ReasonMissing("say why the conversation is taken over")

        def compute(case: Case) -> TurnResult:
            return staff.step_in(case, who, self.clock(), self.assistant.world, self.lease)

        return await self._come_in(conversation, compute)

    async def renew(self, who: Colleague, conversation: str) -> Hold:
        """Say that one is still here. Raises ClaimLost.

        Stored only where half of the lease is over: most heartbeats change nothing.
        """
        hold = await self.holding(who, conversation)
        if hold.until - self.clock() > self.lease / 2:
            return hold

        def compute(case: Case) -> TurnResult:
            return staff.stay(case, who, self.clock(), self.assistant.world, self.lease)

        return _hold_of((await self.act(conversation, compute)).case)

    async def say(
        self,
        who: Colleague,
        conversation: str,
        text: str,
        files: Sequence[OutgoingFile] = (),
        once: str = "",
    ) -> Handled:
        """Say something to the applicant, on the channel they write on. Raises ClaimLost.

        With a key ``once`` it is said once however often asked: then DuplicateCall is raised.
        """
        receipt = Receipt(f"say:{conversation}:{once}", "{}") if once else None

        def compute(case: Case) -> TurnResult:
            world = self.assistant.world
            said = staff.say(case, who, text, files, self.clock(), world, self.lease)
            return replace(said, receipt=receipt)

        return await self.act(conversation, compute)

    async def ask_for(
        self, who: Colleague, conversation: str, which: str, why: str, until: date | None
    ) -> Handled:
        """Ask the applicant for a document. Raises ClaimLost."""

        def compute(case: Case) -> TurnResult:
            return staff.ask_for(
                case, who, which, why, until, self.clock(), self.assistant.world, self.lease
            )

        return await self.act(conversation, compute)

    async def propose(
        self, who: Colleague, conversation: str, values: Mapping[str, str]
    ) -> Mapping[str, Invalid]:
        """Ask the applicant whether values may count; what is wrong by step key, or nothing.

        Nothing is asked if one is wrong. Raises ClaimLost.
        """
        advice_id = token_urlsafe(6)

        def compute(case: Case) -> TurnResult:
            result, wrong = staff.propose(
                case, who, values, advice_id, self.clock(), self.assistant.world, self.lease
            )
            if wrong:
                raise _Wrong(wrong)
            return result

        try:
            await self.act(conversation, compute)
        except _Wrong as refused:
            return refused.wrong
        return {}

    async def record(
        self, who: Colleague, conversation: str, event: Event, filing_id: str | None = None
    ) -> Handled:
        """Record what happened to a filing, by default the active one. Raises ClaimLost."""

        def compute(case: Case) -> TurnResult:
            return staff.tell(
                case, who, event, self.clock(), self.assistant.world, self.lease, filing_id
            )

        return await self.act(conversation, compute)

    async def hand_back(self, who: Colleague, conversation: str) -> Handled:
        """Leave it to the assistant, which says what changed and goes on. Raises ClaimLost."""

        def compute(case: Case) -> TurnResult:
            return staff.hand_back(case, who, self.clock(), self.assistant.world)

        return await self.act(conversation, compute)

    async def release(self, who: Colleague, conversation: str) -> Handled:
        """Leave it to another colleague: the applicant waits again. Raises ClaimLost."""

        def compute(case: Case) -> TurnResult:
            return staff.put_back(case, who, self.clock(), self.assistant.world)

        return await self.act(conversation, compute)

    async def expire(self, conversation: str, epoch: int) -> Handled:
        """End the claim of that epoch, whose lease has run out: the applicant waits again.

        Raises ClaimLost if it was renewed, taken or ended meanwhile: then there is nothing to do.
        """

        def compute(case: Case) -> TurnResult:
            return staff.lapse(case, epoch, self.clock(), self.assistant.world)

        return await self.act(conversation, compute)

    async def holding(self, who: Colleague, conversation: str) -> Hold:
        """The claim of whoever asks, as stored at this moment. Raises ClaimLost."""
        return _of(who, await self._find(conversation))

    async def _come_in(self, conversation: str, compute: Callable[[Case], TurnResult]) -> Taken:
        before: Hold | None = None

        def noting(case: Case) -> TurnResult:
            nonlocal before
            before = case.hold
            return compute(case)

        handled = await self.act(conversation, noting)
        hold = _hold_of(handled.case)
        if before is not None and before.epoch == hold.epoch:
            return Taken(hold, before)
        await self._until_silent(conversation, hold.epoch)
        return Taken(hold, before, handled.replies)

    async def _until_silent(self, conversation: str, epoch: int) -> None:
        """Wait until nothing said before this claim is being sent any more."""
        waited = 0.0
        while await self.store.clear(conversation, epoch, self.clock()) and waited < _PATIENCE:
            await self.pause(_LOOK_AGAIN)
            waited += _LOOK_AGAIN

    async def act(self, conversation: str, compute: Callable[[Case], TurnResult]) -> Handled:
        """Commit a turn of staff (``dialogs.turn.staff``); what it raises is raised."""
        return await self.assistant.act((await self._find(conversation)).identity, compute)

    async def _find(self, conversation: str) -> HeldConversation:
        found = await self.store.find(conversation)
        if found is None:
            raise NoConversation(conversation)
        return found


class _Wrong(Exception):
    """Values that cannot be answers: nothing is to be asked."""

    def __init__(self, wrong: Mapping[str, Invalid]) -> None:
        super().__init__(", ".join(sorted(wrong)))
        self.wrong = wrong


def _of(who: Colleague, found: HeldConversation) -> Hold:
    if found.hold is None or found.hold.agent != who.id:
        raise ClaimLost(found.hold)
    return found.hold


def _hold_of(case: Case) -> Hold:
    assert case.hold is not None
    return case.hold
