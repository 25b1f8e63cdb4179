"""Hands what is said to people, never more than their windows allow, and says what came of it."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.sending import Ambiguous, Delivered, Outcome, RetryLater, Undeliverable
from bot.tencent import faults
from bot.tencent.compose import MenuPart, Part, TextPart, split
from bot.tencent.faults import Fault, Refused, Unreachable
from dialogs.case import ASSISTANT
from dialogs.message import Identity, ReplyKind
from dialogs.ports import Outgoing
from storage.wechat_ports import Shut, Spent, WeChatStore

logger = logging.getLogger(__name__)

RESERVE: Final = 1
"""Messages of each 48 hours that the assistant leaves for staff."""

UNTIL_THEY_WRITE: Final = 6 * 3600.0
"""Seconds between looks at what waits for somebody to write; their message itself hurries it."""

_MENDED: Final = 60.0
_REMEMBERED: Final = 10_000
_SHORTEST: Final = 300  # bytes of a piece that is too long still


@dataclass(slots=True)
class Group:
    """What one turn says, sent together: ``sent`` of its parts have gone out."""

    ids: tuple[str, ...]
    parts: list[Part]
    sent: int = 0
    outcome: Outcome | None = None
    told: set[str] = field(default_factory=set)  # of whose members the outcome is known
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)  # a lease may end meanwhile

    @property
    def next_part(self) -> Part:
        """What goes out next."""
        return self.parts[self.sent]

    @property
    def message_id(self) -> str:
        """The next part's id: the same whenever it is tried."""
        return f"{self.ids[0]}-{self.sent}"

    def shorten(self) -> Outcome | None:
        """Cut the next part, which is found too long, and go on with it."""
        part = self.next_part
        if not isinstance(part, TextPart | MenuPart):
            return Undeliverable("refused")
        pieces = split(part.text, max(_SHORTEST, len(part.text.encode()) // 2))
        if len(pieces) < 2:
            return Undeliverable("too_long")
        shorter: list[Part] = [*map(TextPart, pieces)]
        if isinstance(part, MenuPart):
            shorter[-1] = MenuPart(pieces[-1], part.choices)
        self.parts[self.sent : self.sent + 1] = shorter
        return None


class WindowedSender(ABC):
    """Delivers where a person's own message opens a window for so many.

    Remembers how much of a turn has gone out, so that another try goes on where the last one
    stopped. ``then`` is called with whom something was said to, once all of it is out.
    """

    def __init__(
        self,
        windows: WeChatStore,
        clock: Callable[[], datetime],
        then: Callable[[Identity], Awaitable[None]] | None = None,
    ) -> None:
        self._windows = windows
        self._clock = clock
        self._then = then
        self._groups: OrderedDict[str, Group] = OrderedDict()
        self.trouble: str | None = None  # what the operator must mend

    @abstractmethod
    def together(self, outgoings: Sequence[Outgoing]) -> None:
        """Send what these say as one (``_keep``)."""

    @abstractmethod
    async def _give(self, identity: Identity, group: Group, part: Part) -> None:
        """Send one part. Raises Fault, and FileNotFoundError for a file deleted meanwhile."""

    @abstractmethod
    async def _is_held(self, identity: Identity) -> bool:
        """Whether a colleague at our desk has the conversation."""

    async def _hindrance(self, outgoing: Outgoing) -> Outcome | None:
        """What keeps the channel from sending to somebody at all now."""
        return None

    async def _went_free(self, identity: Identity, group: Group) -> bool:
        """Whether the next part went out by a way that no window counts."""
        return False

    async def _is_there(self, fault: Refused, outgoing: Outgoing) -> bool:
        """Whether a refusal says that an earlier try has arrived."""
        return False

    async def _own_outcome(self, fault: Refused, outgoing: Outgoing) -> Outcome | None:
        """What comes of a code whose action is this channel's alone."""
        return None

    def _delivered(self, group: Group) -> Outcome:
        """What is told of a group that is out."""
        return Delivered()

    async def _deliver(self, outgoing: Outgoing) -> Outcome:
        """Deliver one message, with those it is said together with, or say why not."""
        if outgoing.reply is None:
            return Undeliverable("not_deletable")  # nobody can take back what people wrote
        if outgoing.id not in self._groups:
            self.together([outgoing])
        group = self._groups[outgoing.id]
        async with group.one_at_a_time:
            if group.outcome is None:
                outcome = await self._send_group(group, outgoing)
                if not isinstance(outcome, Delivered | Undeliverable):
                    return outcome
                group.outcome = outcome
                if self._then is not None and isinstance(outcome, Delivered):
                    await self._then(outgoing.identity)
        group.told.add(outgoing.id)
        if group.told.issuperset(group.ids):
            for one in group.ids:
                self._groups.pop(one, None)
        return group.outcome

    def _keep(self, spoken: Sequence[Outgoing], parts: Sequence[Part]) -> None:
        """Remember what these say until the outcome of each is told."""
        group = Group(tuple(one.id for one in spoken), list(parts))
        self._groups.update((one.id, group) for one in spoken)
        while len(self._groups) > _REMEMBERED:  # withdrawn ones are never asked for
            self._groups.popitem(last=False)

    async def _send_group(self, group: Group, outgoing: Outgoing) -> Outcome:
        if not group.parts:
            return Undeliverable("empty")
        while group.sent < len(group.parts):
            outcome = await self._send_part(group, outgoing)
            if outcome is not None:
                return outcome
        return self._delivered(group)

    async def _send_part(self, group: Group, outgoing: Outgoing) -> Outcome | None:
        """Send the next part; None if it went out, or there is none to send any more."""
        identity = outgoing.identity
        if await self._went_free(identity, group):
            group.sent += 1
            return None
        hindrance = await self._hindrance(outgoing)
        if hindrance is not None:
            return hindrance
        reserve = RESERVE if outgoing.author == ASSISTANT else 0
        spent = await self._windows.spend(identity.external_id, self._clock(), reserve=reserve)
        if isinstance(spent, Shut):
            return await self._shut(spent, outgoing)
        try:
            await self._give(identity, group, group.next_part)
        except FileNotFoundError:  # a file deleted meanwhile: the words remain
            await self._windows.give_back(identity.external_id, spent)
            group.parts.pop(group.sent)
            return None
        except Fault as fault:
            return await self._fault(fault, group, outgoing, spent)
        except BaseException:
            await self._windows.give_back(identity.external_id, spent)
            raise
        group.sent += 1
        self.trouble = None
        return None

    async def _fault(
        self, fault: Fault, group: Group, outgoing: Outgoing, spent: Spent
    ) -> Outcome | None:
        if _surely_not_sent(fault):
            await self._windows.give_back(outgoing.identity.external_id, spent)
        if isinstance(fault, Unreachable):
            return Ambiguous() if fault.maybe_done else RetryLater()
        assert isinstance(fault, Refused)
        if await self._is_there(fault, outgoing):
            logger.info("a repeat is taken for arrived: %s", fault)
            group.sent += 1
            return None
        match fault.action:
            case faults.SHORTER:
                return group.shorten()
            case faults.CLOSED | faults.SPENT:
                await self._windows.exhausted(outgoing.identity.external_id)
                shut = Shut.CLOSED if fault.action == faults.CLOSED else Shut.SPENT
                return await self._shut(shut, outgoing)
            case faults.ACCOUNT | faults.REFRESH:
                self._tell(fault)
                return await self._later(outgoing, "account", _MENDED)
            case faults.AGAIN | faults.MEDIA:
                return RetryLater()
        outcome = await self._own_outcome(fault, outgoing)
        if outcome is None:
            logger.error("a message is given up: %s", fault)
        return outcome or Undeliverable("refused")

    async def _shut(self, shut: Shut, outgoing: Outgoing) -> Outcome:
        match shut:
            case Shut.LEFT:
                return Undeliverable("blocked")
            case Shut.CLOSED:
                return await self._later(outgoing, "window_closed", UNTIL_THEY_WRITE)
            case Shut.SPENT:
                return await self._later(outgoing, "none_left", UNTIL_THEY_WRITE)

    async def _later(self, outgoing: Outgoing, reason: str, seconds: float) -> Outcome:
        """News of the assistant waits; a reminder takes another way, and staff see it at once.

        Nothing waits in front of what a colleague says: they would not see it at all.
        """
        waits = outgoing.author == ASSISTANT and not _is_reminder(outgoing)
        if waits and not await self._is_held(outgoing.identity):
            return RetryLater(seconds)
        return Undeliverable(reason)

    def _tell(self, fault: Refused) -> None:
        """Say it in the log, once until something goes well again."""
        if self.trouble != str(fault):
            logger.error("%s", fault)
        self.trouble = str(fault)


def _is_reminder(outgoing: Outgoing) -> bool:
    return outgoing.reply is not None and outgoing.reply.kind is ReplyKind.REMINDER


def _surely_not_sent(fault: Fault) -> bool:
    """Whether the message counts for nothing: it never arrived, or was refused."""
    if isinstance(fault, Unreachable):
        return not fault.maybe_done
    return isinstance(fault, Refused) and fault.action not in (faults.CLOSED, faults.SPENT)
