"""The sweep: claims what is due in batches, gives it, and repairs what was never planned."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from dialogs.assistant import Assistant
from dialogs.case import Case
from dialogs.message import Identity, Reply
from dialogs.ports import Given
from dialogs.reminding import Claimed, Purpose, ReminderStatus, StaffTask
from scheduler.giving import Giver
from scheduler.ladder import Reach
from scheduler.notices import CHAT_OF, FORGOTTEN, RUNGS, UNHEARD, NoticeConsents
from scheduler.ports import Outcome, ReminderStore
from scheduler.reconcile import Known, reconcile

_log = logging.getLogger(__name__)

BATCH: Final = 200
PATIENCE: Final = timedelta(minutes=15)
"""How long a reminder waits for its channel before another way is taken, if there is one."""

ROOM: Final = 100
"""Messages that may wait in the outbox for their channels: some seconds of what platforms take.

Whatever else is said to somebody, an answer of a colleague say, goes behind what waits there.
"""

_LATELY: Final = timedelta(seconds=10)
_AT_ONCE: Final = 8
_REST: Final = 0.01  # seconds between two people where channels set the pace
_RESTS: Final = 10  # at most, while answers are being worked out
_PAGE: Final = 50


class Observer(Protocol):
    """Hears what reminding does, to count it."""

    def outcome(self, outcome: Outcome) -> None:
        """A channel delivered or refused a reminder."""
        ...

    def settled(self, status: ReminderStatus) -> None:
        """A reminder was handed on, dropped or given up."""
        ...

    def task(self, task: StaffTask) -> None:
        """Staff have to look at something."""
        ...

    def fault(self) -> None:
        """A batch could not be given; it comes back when its lease ends."""
        ...


class Unobserved:
    """Counts nothing."""

    def outcome(self, outcome: Outcome) -> None:
        """See ``Observer``."""

    def settled(self, status: ReminderStatus) -> None:
        """See ``Observer``."""

    def task(self, task: StaffTask) -> None:
        """See ``Observer``."""

    def fault(self) -> None:
        """See ``Observer``."""


@dataclass(slots=True)
class Sweep:
    """Gives what is due. Any number of processes may sweep the same store.

    With ``room``, only so much as the channels keep up with: what is due stays a reminder, not a
    message behind which everything else would have to wait.
    """

    assistant: Assistant
    store: ReminderStore
    clock: Callable[[], datetime]
    reach: Reach = field(default_factory=Reach)
    observer: Observer = field(default_factory=Unobserved)
    consents: NoticeConsents | None = None
    room: int | None = None
    _giver: Giver = field(init=False)
    _repaired_up_to: str = ""
    _looked_up_to: str = ""
    _told_of_years: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._giver = Giver(self.assistant.world, self.reach, lambda: secrets.token_urlsafe(9))

    async def run(self) -> tuple[Reply, ...]:
        """Give everything due now, or as much as there is room for; what was said, in order.

        At start-up this is also how everything overdue is dealt with: each person gets one
        message that sums up.
        """
        said: list[Reply] = []
        while True:
            most = await self._most()
            claimed = await self.store.claim(self.clock(), most) if most > 0 else []
            said += await self._give_all(claimed)
            if len(claimed) < most or most <= 0:
                return tuple(said)

    async def _most(self) -> int:
        """How many reminders may be given now."""
        if self.room is None:
            return BATCH
        now = self.clock()
        due = await self.store.next_due()
        if due is None or due > now:
            return 0
        waiting = await self.store.backlog(self.reach.pushing, now - _LATELY, now)
        return min(BATCH, self.room - waiting)

    async def follow_up(self) -> None:
        """Learn what became of messages in the outboxes; refused ones take the next way."""
        while True:
            outcomes = await self.store.follow_up(self.clock(), BATCH)
            for outcome in outcomes:
                self.observer.outcome(outcome)
            if len(outcomes) < BATCH:
                return

    async def doubt(self) -> int:
        """Give up notices of which nothing was heard for hours: another way is taken; how many."""
        now = self.clock()
        return await self.store.doubt(tuple(CHAT_OF), now - FORGOTTEN, now - UNHEARD)

    async def reroute(self) -> int:
        """Take reminders out of the outbox of a channel that does not work; how many.

        Only those that another way would reach: the others stay, and go when the channel is back.
        """
        found = await self.store.stuck(self.clock() - PATIENCE, self._looked_up_to, _PAGE)
        self._looked_up_to = found[-1].reminder_key if len(found) == _PAGE else ""
        others = dict.fromkeys(  # several of a person's may be in one message
            one.outgoing_id for one in found if self.reach.next_way(one.ways, one.tried) is not None
        )
        return await self.store.take_back(list(others), self.clock()) if others else 0

    async def repair(self, pages: int = 1) -> int:
        """Compare the next filings' reminders with what should exist; how many differed.

        Begins anew after the last filing. Rules, calendars and content change without a turn.
        """
        repaired = 0
        for _ in range(pages):
            page = await self.store.filings_after(self._repaired_up_to, _PAGE)
            for filing_id, identity in page:
                repaired += await self._repair(filing_id, identity)
            self._repaired_up_to = page[-1][0] if len(page) == _PAGE else ""
            if not self._repaired_up_to:
                break
        return repaired

    async def _give_all(self, claimed: Sequence[Claimed]) -> list[Reply]:
        by_person: dict[Identity, list[Claimed]] = {}
        for one in claimed:
            by_person.setdefault(one.identity, []).append(one)
        hands = asyncio.Semaphore(_AT_ONCE if self.room is None else 1)

        async def give(identity: Identity, ones: list[Claimed]) -> tuple[Reply, ...]:
            async with hands:
                await self._let_others_go()
                return await self._give(identity, ones)

        said = await asyncio.gather(*(give(*one) for one in by_person.items()))
        return [reply for replies in said for reply in replies]

    async def _let_others_go(self) -> None:
        """Let whoever waits for the loop go between two people; answers first, for a while."""
        if self.room is None:
            await asyncio.sleep(0)
            return
        for _ in range(_RESTS):
            await asyncio.sleep(_REST)
            if not self.assistant.in_hand:
                return

    async def _give(self, identity: Identity, claimed: list[Claimed]) -> tuple[Reply, ...]:
        left: Mapping[str, int] = {}

        def decide(case: Case) -> Given:
            return self._giver.decide(case, claimed, self.clock(), left)

        try:
            left = await self._consents_of(claimed)
            done = await self.assistant.give(identity, decide)
        except Exception as error:  # comes back when the lease ends; others must not wait
            _log.error("reminders could not be given: %s", type(error).__name__)
            self.observer.fault()
            return ()
        if done is None:
            return ()
        _, given = done
        for one in given.settled:
            self.observer.settled(one.status)
        for task in given.tasks:
            self.observer.task(task)
        replies = {out.reply.text: out.reply for out in given.outgoing if out.reply is not None}
        return tuple(replies.values())

    async def _consents_of(self, claimed: Sequence[Claimed]) -> Mapping[str, int]:
        """The consents to notices of a person, where it matters how many there are."""
        looks = [one for one in claimed if one.reminder.purpose is Purpose.REACH]
        if self.consents is None or not looks:
            return {}
        return await self.consents.left(
            [way.external_id for way in looks[0].ways if way.channel in RUNGS]
        )

    async def _repair(self, filing_id: str, identity: Identity) -> bool:
        records = await self.store.of_filing(filing_id)
        known = [
            Known(
                one.reminder.key,
                one.reminder.deadline,
                one.reminder.at,
                one.reminder.deadline_at,
                one.status,
                one.settled_at,
            )
            for one in records
        ]
        now = self.clock()

        def differing(case: Case) -> Given:
            filing = case.filings.get(filing_id)
            if filing is None:
                return Given()
            wanted = self._giver.planner.of_filing(case, filing, now)
            guessed = self._giver.planner.guessed_years(case, filing, now) - self._told_of_years
            return Given(
                tasks=tuple(
                    StaffTask(f"no_calendar/{year}", filing_id, "no_calendar", None, now, str(year))
                    for year in sorted(guessed)
                ),
                reminders={filing_id: wanted} if reconcile(known, wanted, now) else {},
            )

        case = await self.assistant.case(identity)
        first = differing(case)
        if not first.reminders and not first.tasks:
            return False
        done = await self.assistant.give(identity, differing)
        for task in first.tasks if done is not None else ():
            self._told_of_years.add(int(task.note))
            self.observer.task(task)
        return done is not None and bool(first.reminders)
