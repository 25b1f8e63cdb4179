"""Reminders as rows: which should exist, what became of one, and what staff must look at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from dialogs.message import Identity

DEFAULT_QUIET: Final = (22, 8)
"""Hours in China between which nobody is disturbed, unless they choose others."""


HELD: Final = "held"
"""Why a reminder is put off while a person has the conversation: until they leave it."""


LINK_CODE: Final = "remind-"
"""How the code in a link begins that lets a chat elsewhere be reminded."""


class Purpose(StrEnum):
    """Whom a reminder is for, and when."""

    REMIND = "remind"  # the applicant, before the deadline
    SNOOZED = "snoozed"  # the applicant, at the time they chose
    REACH = "reach"  # the applicant, at the beginning, if nothing would reach them later
    UNANSWERED = "unanswered"  # staff: nobody answered the last reminder, and time is running out
    OVERDUE = "overdue"  # staff: the deadline passed

    @property
    def is_for_staff(self) -> bool:
        """Whether it goes to people who can call, not to the applicant."""
        return self in (Purpose.UNANSWERED, Purpose.OVERDUE)


class ReminderStatus(StrEnum):
    """What became of a reminder. The first three wait for something, the others are final."""

    PLANNED = "planned"  # waits for its time
    SENDING = "sending"  # claimed by a sweeper under a lease
    HANDED = "handed"  # in the outbox of a channel, not delivered yet
    SENT = "sent"  # delivered, or shown where the person is
    FAILED = "failed"  # no way left to reach the person: staff were told
    CANCELLED = "cancelled"  # its deadline was settled, moved or left behind
    PASSED_OVER = "passed_over"  # a later one was due as well, or the news of a stage said it

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self not in (
            ReminderStatus.PLANNED,
            ReminderStatus.SENDING,
            ReminderStatus.HANDED,
        )


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that should exist. ``key`` is the same however often it is planned."""

    key: str  # filing, deadline (kind, person, start), version of its rule, offset
    filing_id: str
    deadline: str  # Deadline.id
    kind: str  # DeadlineKind.key
    offset: str
    purpose: Purpose
    at: datetime  # when to be given, quiet hours kept
    deadline_at: datetime
    number: int = 0  # which of how many to the applicant; 0 for staff
    total: int = 0


@dataclass(frozen=True, slots=True)
class Claimed:
    """A reminder leased to a sweeper, with everything that may reach its person.

    ``ways`` are the person's channels, the one last used first, then verified addresses;
    ``tried`` are those this reminder went out on before.
    """

    reminder: Reminder
    fence: int
    attempt: int
    identity: Identity  # whose conversation it is about
    ways: tuple[Identity, ...]
    tried: frozenset[Identity] = frozenset()


@dataclass(frozen=True, slots=True)
class Settled:
    """What a sweeper did with a claimed reminder; counts only while its fence is the latest."""

    key: str
    fence: int
    status: ReminderStatus
    way: Identity | None = None
    outgoing_id: str | None = None  # in the outbox; None where nothing was sent
    reason: str | None = None
    again_at: datetime | None = None  # with PLANNED: not before then


@dataclass(frozen=True, slots=True)
class StaffTask:
    """Something a person of the staff has to look at. ``key`` makes it exist once."""

    key: str
    filing_id: str
    kind: str  # overdue, unanswered, unreachable, to_confirm, no_calendar …
    deadline: str | None
    at: datetime
    note: str = ""  # codes only, nothing about a person


@dataclass(frozen=True, slots=True)
class Rings:
    """On what this deployment can ring at people, for whoever is asked for a way.

    ``chats`` are channels that ring however long somebody was silent; ``fading`` only for a while.
    """

    chats: frozenset[str] = frozenset()
    fading: frozenset[str] = frozenset()
    telegram: bool = False  # a chat there may be connected to be reminded in
    email: bool = False
    sms: bool = False
    templates: bool = False  # WeChat's, to whoever follows
    consent_url: str = ""  # where people consent to WeChat's one-time notices

    def lasts_on(self, channels: Iterable[str]) -> Literal["chat", "notice", ""]:
        """What will still reach somebody of these channels in weeks, if anything does."""
        known = frozenset(channels)
        if known & self.chats:
            return "chat"
        return "notice" if "wechat" in known and self.templates else ""

    def offers(self, channels: Iterable[str]) -> dict[str, bool]:
        """What somebody of these channels may be asked for."""
        notices = "wechat" in channels and bool(self.consent_url)
        return {
            "notices": notices,
            "telegram": self.telegram,
            "email": self.email,
            "sms": self.sms,
        }


@dataclass(frozen=True, slots=True)
class Wish:
    """What the applicant wants of the world outside the turn, about reminders."""

    what: Literal["address", "code", "stop", "calendar", "link"]
    value: str = ""  # the address or phone number, the code, or the channel that is to stop


Fulfilled: TypeAlias = Literal[
    "code_sent",
    "not_sent",
    "no_service",
    "proved",
    "code_wrong",
    "stopped",
    "nothing",
    "calendar",
    "link",
    "linked",
]


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """What came of a wish; ``value`` is the address it is about, a channel, or a URL."""

    how: Fulfilled
    value: str = ""


def rung_of(way: Identity) -> str:
    """How a way to reach somebody is noted with a delivery."""
    return f"{way.channel}/{way.external_id}"
