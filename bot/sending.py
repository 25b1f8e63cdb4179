"""Delivery: claims what waits in the outbox, hands it to a channel and records what came of it.

At least once: a process killed between a send and its record repeats that one message after
its lease. In order for each person: the outbox gives out the oldest unfinished message of each.
Nothing is begun after its lease, so that whoever takes a conversation can wait for what is on
its way.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeAlias

from bot.common_pace import OwnPace, Together
from bot.pacing import Buckets, Rate
from dialogs.message import Identity
from dialogs.ports import Due, Outbox, Outgoing

logger = logging.getLogger(__name__)

LOOK_AGAIN: Final = 1.0
"""Seconds between looks for what other processes, or expired leases, left in the outbox."""

LONGEST_NAP: Final = 2.0
"""Seconds a claimed message may wait for its turn; beyond, it goes back to the outbox."""

FAULTS: Final = 5
"""Tries of a message on which our own code fails, before it is given up."""

_SPARE_LOOK: Final = 0.1
_LEAP: Final = 1.0  # seconds the clock may be put forward without a word
_LONGEST_PAUSE: Final = 300.0
_HANDS: Final = 16
_DRAIN: Final = 5.0
_STORE_PAUSES: Final = (0.2, 1.0, 5.0)


@dataclass(frozen=True, slots=True)
class Delivered:
    """The platform has it; ``platform_id`` is what it calls the message."""

    platform_id: str | None = None


@dataclass(frozen=True, slots=True)
class RetryLater:
    """Not delivered; worth another try ``after`` seconds, or when delivery thinks fit."""

    after: float | None = None


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """Never to be delivered; ``reason`` is a code such as ``blocked``."""

    reason: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Sent, but nobody answered: the person may have it. Repeated, because a question or a
    reminder read twice does no harm and one never read does."""


Outcome: TypeAlias = Delivered | RetryLater | Undeliverable | Ambiguous


class ChannelClosed(Exception):
    """The platform will take nothing more from us until somebody mends it; says what to do."""


class Sender(Protocol):
    """Hands one message to its platform."""

    @property
    def channel(self) -> str:
        """The channel it serves, as in ``Identity.channel``."""
        ...

    def is_private(self, external_id: str) -> bool:
        """Whether one person alone reads what is sent there; False of whatever is not known."""
        ...

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Deliver one message or say why not. Raises ChannelClosed."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a platform may be written to: one person, and all together."""

    person: Rate
    together: Rate


UNHURRIED: Final = Pace(Rate(burst=20, per_second=1), Rate(burst=30, per_second=30))
"""What chat platforms bear without complaint."""

UNPACED: Final = Pace(Rate(1e9, 1e9), Rate(1e9, 1e9))
"""For a server on this machine, which says itself when it is too much."""


class Delivery:
    """The delivery of one channel: its ``take_over`` is the channel's courier."""

    def __init__(
        self,
        outbox: Outbox,
        sender: Sender,
        clock: Callable[[], datetime],
        pace: Pace = UNHURRIED,
        *,
        hands: int = _HANDS,
        look_again: float = LOOK_AGAIN,
        together: Together | None = None,
    ) -> None:
        self._outbox = outbox
        self._sender = sender
        self._clock = clock
        self._hands = hands
        self._look_again = look_again
        self._per_person = Buckets(pace.person, _monotonic)
        self._together = together or OwnPace(pace.together)
        self._woken = asyncio.Event()
        self._busy: dict[asyncio.Task[None], Identity] = {}
        self._fetched: set[asyncio.Task[None]] = set()  # those of the busy that were claimed here
        self._blocked: set[Identity] = set()  # people for whom more waits behind what is in hand
        self._closed: ChannelClosed | None = None
        self._idle = asyncio.Event()
        self._watched = 0
        self._leaps = 0  # times the clock was put forward: leases may have ended early
        self._seen: tuple[datetime, float] | None = None

    def wake(self, identity: Identity) -> None:
        """Something may wait for this person: look now."""
        if identity.channel == self._sender.channel:
            self._blocked.add(identity)
            self._look_now()

    def hear(self, identity: Identity | None) -> None:
        """Another process committed something for this person; None: for anybody.

        It delivers what it says by itself if it can.
        """
        if identity is None or identity.channel == self._sender.channel:
            self._look_now()

    def take_over(self, identity: Identity, claimed: Sequence[Due]) -> None:
        """Deliver what was just said to this person; if it is not claimed yet, look for it."""
        if claimed:
            self._idle.clear()
            self._begin(claimed)
        else:
            self.wake(identity)

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until ``stop`` is set, then finish what is due now.

        Raises ChannelClosed when the platform shut us out; what was in hand is kept.
        """
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set() and self._closed is None:
                more = await self._start_some()
                if not more:
                    await self._rest(stopping)
        finally:
            stopping.cancel()
            await self._drain()
        if self._closed is not None:
            raise self._closed

    @property
    def in_hand(self) -> int:
        """People being delivered to now."""
        return len(self._busy)

    async def settled(self) -> None:
        """Wait until nothing is due: for rehearsals and tests."""
        self._watched += 1
        self._look_now()
        await self._idle.wait()
        self._watched -= 1

    def _look_now(self) -> None:
        self._idle.clear()
        self._woken.set()

    async def _start_some(self) -> bool:
        """Begin with what is due and may be claimed; True if there may be more at once."""
        self._woken.clear()
        free = self._hands - len(self._fetched)
        if free <= 0:
            return False
        try:
            claimed = await self._outbox.claim(
                self._sender.channel, self._look_at_the_clock(), free
            )
        except Exception as error:  # the store may be away for a while: look again later
            logger.warning("the outbox cannot be read: %s", type(error).__name__)
            return False
        for due in claimed:
            self._begin((due,), fetched=True)
        self._blocked.intersection_update(self._busy.values())  # all others were looked for
        if not claimed and not self._busy and not self._woken.is_set():
            self._idle.set()
        return len(claimed) == free

    def _look_at_the_clock(self) -> datetime:
        """Now; notes whether the clock was put forward since the last look."""
        now, passed = self._clock(), _monotonic()
        if self._seen is not None:
            before, then = self._seen
            self._leaps += (now - before).total_seconds() > passed - then + _LEAP
        self._seen = now, passed
        return now

    def _begin(self, dues: Sequence[Due], *, fetched: bool = False) -> None:
        """Deliver messages to one person, in order, beside whatever else is in hand."""
        identity = dues[0].outgoing.identity
        task = asyncio.create_task(self._deliver_all(dues, can_wait=fetched), name="delivery")
        self._busy[task] = identity
        if fetched:
            self._fetched.add(task)
        task.add_done_callback(lambda task: self._done(identity, task))

    def _done(self, identity: Identity, task: asyncio.Task[None]) -> None:
        del self._busy[task]
        # The outbox gives out nothing behind what is in hand. Now it does, if there is any.
        if task in self._fetched or identity in self._blocked or self._watched:
            self._woken.set()
        self._fetched.discard(task)
        self._blocked.discard(identity)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("delivery failed: %s", type(error).__name__)

    async def _rest(self, stopping: asyncio.Task[bool]) -> None:
        """Until something is worth a look."""
        waking = asyncio.create_task(self._woken.wait())
        try:
            await asyncio.wait(
                {waking, stopping}, timeout=self._look_again, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            waking.cancel()

    async def _drain(self) -> None:
        """Deliver what the last turns left, but do not keep a stopping process for long."""
        try:
            async with asyncio.timeout(_DRAIN):
                while self._closed is None:
                    await self._start_some()
                    if not self._busy:
                        return
                    await asyncio.wait(set(self._busy), return_when=asyncio.FIRST_COMPLETED)
                while self._busy:
                    await asyncio.wait(set(self._busy))
        except TimeoutError:
            logger.warning("stopping with %d messages in hand", len(self._busy))
            left = set(self._busy)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _deliver_all(self, dues: Sequence[Due], *, can_wait: bool) -> None:
        """Deliver one after the other; behind one that is put back, the others wait too.

        What came from the outbox ``can_wait``: answers just given go before it.
        """
        leaps = self._leaps
        for place, due in enumerate(dues):
            pause = await self._deliver(due, can_wait, leaps)
            if pause is not None:
                for behind in dues[place + 1 :]:
                    await self._put_back(behind, pause)
                return

    async def _moment(self, can_wait: bool) -> float:
        """Seconds until a message may go as far as the platform is concerned.

        What can wait does so while others may need the room, but not for ever.
        """
        looks = int(LONGEST_NAP / _SPARE_LOOK) if can_wait else 0
        for _ in range(looks):
            if (nap := await self._together.spare()) is not None:
                return nap
            await asyncio.sleep(_SPARE_LOOK)
        return await self._together.reserve()

    async def _deliver(self, due: Due, can_wait: bool, leaps: int) -> float | None:
        """Deliver one message; the seconds it was put back for, if it was."""
        if self._closed is not None:
            return await self._put_back(due, 0)
        identity = due.outgoing.identity
        nap = max(self._per_person.reserve(identity), await self._moment(can_wait))
        if nap > LONGEST_NAP:
            self._per_person.give_back(identity)
            self._together.give_back()
            return await self._put_back(due, nap)
        if nap > 0:
            await asyncio.sleep(nap)
        # No longer ours: a person may have the conversation now, or another try be under way.
        if self._clock() >= due.until or self._leaps != leaps:
            return await self._put_back(due, 0)
        outcome = await self._send(due)
        for pause in _STORE_PAUSES:
            try:
                return await self._record(due, outcome)
            except Exception as error:  # unrecorded, it would be sent again
                logger.warning("an outcome cannot be recorded: %s", type(error).__name__)
                await asyncio.sleep(pause)
        return await self._record(due, outcome)

    async def _send(self, due: Due) -> Outcome:
        if not self._sender.is_private(due.outgoing.identity.external_id):
            return Undeliverable("not_private")  # filings are nobody else's business
        try:
            return await self._sender.send(due.outgoing)
        except ChannelClosed as closed:
            self._closed = closed
            return RetryLater(LOOK_AGAIN)
        except Exception as error:  # one message nobody can send must not stop the others
            logger.error("message %s cannot be sent: %s", due.outgoing.id, type(error).__name__)
            return Undeliverable("fault") if due.attempt >= FAULTS else RetryLater()

    async def _record(self, due: Due, outcome: Outcome) -> float | None:
        match outcome:
            case Delivered(platform_id):
                await self._outbox.delivered(due, platform_id, self._clock())
                return None
            case Undeliverable(reason):
                logger.info("message %s is undeliverable: %s", due.outgoing.id, reason)
                await self._outbox.undeliverable(due, reason, self._clock())
                return None
            case RetryLater(after) if after is not None:
                return await self._put_back(due, after)
            case RetryLater() | Ambiguous():
                pause = min(_LONGEST_PAUSE, 2.0 ** min(due.attempt - 1, 9))
                unknown = "unknown" if isinstance(outcome, Ambiguous) else None
                return await self._put_back(due, pause, unknown)

    async def _put_back(self, due: Due, seconds: float, reason: str | None = None) -> float:
        await self._outbox.retry(due, self._clock() + timedelta(seconds=seconds), reason)
        return seconds


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
