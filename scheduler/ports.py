"""What reminding needs from the outside, as small protocols beside their user."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from dialogs.message import Identity
from dialogs.ports import Entry
from dialogs.reminding import Claimed, Reminder, ReminderStatus, StaffTask
from scheduler.notices import CHAT_OF

LEASE: Final = timedelta(seconds=120)
"""How long claimed reminders belong to whoever claimed them: more than a batch takes."""

TELEGRAM_LINK: Final = "telegram_link"
"""A Telegram chat that a person opened by a link of theirs, to be reminded there."""

ADDRESS_ORDER: Final = (TELEGRAM_LINK, "email", "sms")
"""Which of a person's addresses is taken first."""

ADDRESS_CHANNELS: Final = frozenset((*ADDRESS_ORDER, *CHAT_OF))
"""Channels that write to an address the person proved or bring a notice, and are no chat."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to give a reminder, for the record."""

    at: datetime
    status: str  # begun, handed, sent, refused, dropped
    way: str | None
    reason: str | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReminderRecord:
    """A reminder as it is stored, with every try."""

    reminder: Reminder
    status: ReminderStatus
    reason: str | None
    settled_at: datetime | None
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a channel made of a reminder put into its outbox."""

    reminder_key: str
    kind: str
    sent: bool
    late: timedelta  # between the planned and the real time
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Stuck:
    """A reminder whose message waits in an outbox for long, with all that may reach its person."""

    reminder_key: str
    outgoing_id: str
    ways: tuple[Identity, ...]
    tried: frozenset[Identity]  # the way it waits on included


CHANNEL_DOWN: Final = "channel_down"
"""Why a message was taken out of an outbox: its channel does not work, and another way does."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How reminding stands, for operators."""

    planned: int  # waiting for a later time
    due: int  # should be out by now and are not
    handed: int  # in an outbox
    sent: int  # in the last day
    failed: int  # in the last day: nobody could be reached
    late: int  # of those sent in the last day, more than LATE after their time
    at_risk: int  # open deadlines that end within a day
    tasks: int  # open tasks for staff
    late_p50: timedelta
    late_p99: timedelta
    next_due: datetime | None


LATE: Final = timedelta(minutes=5)


class ReminderStore(Protocol):
    """Where reminders live. They are planned and settled with turns (``TurnRecord``)."""

    async def claim(self, now: datetime, limit: int) -> Sequence[Claimed]:
        """Lease the next due ones, and whatever else of their filings is due with them."""
        ...

    async def follow_up(self, now: datetime, limit: int) -> Sequence[Outcome]:
        """Take over what the outbox made of those handed to it; refused ones are due again."""
        ...

    async def stuck(self, since: datetime, after: str, limit: int) -> Sequence[Stuck]:
        """Reminders in an outbox since before ``since``, not being sent, by key past ``after``."""
        ...

    async def take_back(self, outgoing_ids: Sequence[str], now: datetime) -> int:
        """Give messages up that nobody is sending (CHANNEL_DOWN); how many were.

        What became of their reminders is then found by ``follow_up``, as of any refused message.
        """
        ...

    async def told(
        self, way: Identity, platform_id: str | None, now: datetime, *, arrived: bool
    ) -> bool:
        """Hear what became of a notice after the platform took it; False if it is not known (yet).

        ``platform_id`` is what the platform calls it, None stands for the one it took last. What
        did not arrive (REFUSED) is then found by ``follow_up``, as any refused message.
        """
        ...

    async def doubt(self, channels: Sequence[str], after: datetime, before: datetime) -> int:
        """Give up notices taken between these times of which nothing was heard (UNKNOWN); how many.

        They are found by ``follow_up`` as well.
        """
        ...

    async def next_due(self) -> datetime | None:
        """When the next reminder may be claimed."""
        ...

    async def backlog(self, channels: Collection[str], since: datetime, now: datetime) -> int:
        """How many messages to these channels came due since then and nobody has begun to send.

        Those due for longer are not counted: their channel does not work.
        """
        ...

    async def of_filing(self, filing_id: str) -> Sequence[ReminderRecord]:
        """All reminders of a filing there ever were, in order of time."""
        ...

    async def filings_after(self, filing_id: str, limit: int) -> Sequence[tuple[str, Identity]]:
        """Filings something has happened to, by id, with whom they belong to."""
        ...

    async def figures(self, now: datetime) -> Figures:
        """How reminding stands."""
        ...

    async def tasks(self, limit: int = 100) -> Sequence[StaffTask]:
        """Open tasks for staff, oldest first."""
        ...

    async def finish_task(self, key: str, now: datetime) -> bool:
        """Note that staff dealt with it; False if it is not open."""
        ...


@dataclass(frozen=True, slots=True)
class Contact:
    """An address outside the chats. ``address`` is sensitive: it stays out of ``repr``."""

    id: str
    channel: str  # one of ADDRESS_ORDER
    address: str  # or the number of a Telegram chat
    conversation_id: str
    locale: str
    verified: bool
    stopped: bool = False

    def __repr__(self) -> str:
        return f"Contact(id={self.id!r}, channel={self.channel!r})"

    @property
    def way(self) -> Identity:
        """How the outbox knows it."""
        return Identity(self.channel, self.id)


def is_contact_id(text: str) -> bool:
    """Whether a text is what the outbox calls an address by, and not the address of a group."""
    return len(text) == 20 and all(letter in "0123456789abcdef" for letter in text)


MAX_WRONG_CODES: Final = 5


class ContactStore(Protocol):
    """Addresses people want to be reminded at, proved by a code, and their calendar feeds."""

    async def add(
        self,
        whose: Identity,
        channel: str,
        address: str,
        code_hash: str,
        until: datetime,
        now: datetime,
        locale: str = "zh-CN",
    ) -> Contact | None:
        """Keep an address that is still to be proved; an earlier unproved one gives way.

        None if this person has no conversation.
        """
        ...

    async def prove(self, whose: Identity, code_hash: str, now: datetime) -> Contact | None:
        """Count it verified if the code is right, in time, and not guessed at too often."""
        ...

    async def link(self, code_hash: str, chat: str, now: datetime) -> Identity | None:
        """Make the chat in which a link's code came back a verified address of its owner.

        Whose it is; None if the code is wrong, used or too old.
        """
        ...

    async def of_person(self, whose: Identity) -> Sequence[Contact]:
        """Everything kept of a person, stopped ones left out."""
        ...

    async def get(self, contact_id: str) -> Contact | None:
        """One by its id."""
        ...

    async def whose(self, contact_id: str) -> Identity | None:
        """In whose conversation it was given."""
        ...

    async def stop(self, contact_id: str, now: datetime) -> None:
        """Write there no more."""
        ...

    async def open_feed(self, whose: Identity, token_hash: str, now: datetime) -> None:
        """Let whoever has the token read the person's calendar; earlier tokens end."""
        ...

    async def feed_of(self, token_hash: str) -> Identity | None:
        """Whose calendar a token opens."""
        ...


@dataclass(frozen=True, slots=True)
class LooseFile:
    """A file kept that is no material of any filing: sent to staff, or left by a broken turn."""

    id: str
    identity: Identity
    at: datetime


class Leftovers(Protocol):
    """Rows that are of no use any more: permissions and codes that are over, addresses nobody
    proved, signs of who looked, failed turns and unsent drafts of long ago."""

    async def clear(self, now: datetime) -> int:
        """Delete them; returns how many there were."""
        ...


@dataclass(frozen=True, slots=True)
class DueErasure:
    """Somebody all of whose data is to go by now, at their own wish."""

    identity: Identity  # where they wrote last
    applicant: str
    due_at: datetime
    told_at: datetime | None  # when they were told that it happens now
    is_unsent: bool  # whether something that was said to them still waits to be sent


class WantedErasures(Protocol):
    """Erasures that people asked for."""

    async def due(self, now: datetime) -> Sequence[DueErasure]:
        """Those whose time to think it over has passed, the oldest first."""
        ...

    async def idle(self, until: datetime, limit: int) -> Sequence[Identity]:
        """People of whom nothing was stored since then, who never handed a filing in or gave all
        of them up, and whose data is not to go already; the longest silent first."""
        ...


class KeptAnswers(Protocol):
    """Whose answers are still kept, and the lines in which they were written."""

    async def holders(self, until: datetime) -> Sequence[Identity]:
        """Whoever has a filing begun until then whose answers were not all gone over; each once."""
        ...

    async def rewrite(self, whose: Identity, reworded: Callable[[Entry], Entry]) -> int:
        """Keep every line of a person as ``reworded`` gives it back; how many it changed.

        It gives the very same line back where nothing is to change. What was made of the lines
        for searching is forgotten: it is made anew.
        """
        ...

    async def scrub(self) -> None:
        """Leave nothing of what was replaced in the database's files, where that can be done."""
        ...


class KeptMaterials(Protocol):
    """Whose papers are still kept."""

    async def holders(self, until: datetime) -> Sequence[Identity]:
        """Whoever has a piece received until then whose content was not deleted yet."""
        ...

    async def loose(self, until: datetime) -> Sequence[LooseFile]:
        """Files kept until then that are no materials, oldest first."""
        ...
