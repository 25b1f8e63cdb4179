"""What the WeChat channel keeps: deliveries seen, what may be sent to whom, and the token."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

TALK: Final = timedelta(hours=48)
TALK_MESSAGES: Final = 5
"""A message of a person lets so many of ours reach them for so long."""

TOUCH: Final = timedelta(minutes=1)
TOUCH_MESSAGES: Final = 3
"""So does following, scanning a code or choosing from the menu."""

TALK_MARGIN: Final = timedelta(minutes=1)
TOUCH_MARGIN: Final = timedelta(seconds=5)
"""How long before its end a window counts as closed: a message takes its time, clocks differ."""

REMEMBERED: Final = timedelta(minutes=10)
"""How long it is remembered when a message was sent: longer than we may learn late of what a
person did, whose window it came from."""

KEPT: Final = timedelta(hours=72)
"""How long deliveries are remembered: far longer than WeChat repeats one."""


class Opens(StrEnum):
    """Which window something a person did opens."""

    TALK = "talk"
    TOUCH = "touch"


class Shut(StrEnum):
    """Why nothing may be sent to a person now."""

    LEFT = "left"  # they do not follow the account any more
    CLOSED = "closed"  # no window is open
    SPENT = "spent"  # one is open, and everything it allows has been sent


@dataclass(frozen=True, slots=True)
class Window:
    """Until when, and how many more messages."""

    until: datetime
    left: int

    def is_open(self, now: datetime, margin: timedelta) -> bool:
        """Whether a message sent now surely arrives in time."""
        return now < self.until - margin


@dataclass(frozen=True, slots=True)
class Spent:
    """One message taken from a window, so that it can be given back."""

    opens: Opens
    until: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be sent to one person. ``gone_at``: when they last stopped following, if ever.

    ``sent``: when messages were sent to them lately, from whichever window.
    """

    follows: bool = True
    talk: Window | None = None
    touch: Window | None = None
    gone_at: datetime | None = None
    sent: tuple[datetime, ...] = ()

    def heard(self, opens: Opens, at: datetime) -> "Budget":
        """After something they did at ``at``; what is older than what is known changes nothing.

        We may learn of it late: whatever was sent since ``at`` counts in the window it opened,
        because WeChat, who knew at once, may have taken it from there.
        """
        if self.gone_at is not None and (at, opens is Opens.TOUCH) <= (self.gone_at, False):
            return self
        since = sum(one >= at for one in self.sent)
        if opens is Opens.TALK:
            opened = Window(at + TALK, max(0, TALK_MESSAGES - since))
            return replace(self, follows=True, talk=_newer(self.talk, opened))
        opened = Window(at + TOUCH, max(0, TOUCH_MESSAGES - since))
        return replace(self, follows=True, touch=_newer(self.touch, opened))

    def gone(self, at: datetime | None) -> "Budget":
        """After they stopped following at ``at``, or whenever; nothing if they have acted since."""
        opened = [(self.talk, TALK), (self.touch, TOUCH)]
        back = any(
            window is not None and at is not None and window.until - length > at
            for window, length in opened
        )
        return self if back else Budget(follows=False, gone_at=at, sent=self.sent)

    def next_from(self, now: datetime, reserve: int) -> "Spent | Shut":
        """Where one more message comes from, or why there may be none; a touch is used first.

        ``reserve`` of what a talk allows are left for others.
        """
        if not self.follows:
            return Shut.LEFT
        touch, talk = self.touch, self.talk
        has_touch = touch is not None and touch.is_open(now, TOUCH_MARGIN)
        has_talk = talk is not None and talk.is_open(now, TALK_MARGIN)
        if touch is not None and has_touch and touch.left > 0:
            return Spent(Opens.TOUCH, touch.until, now)
        if talk is not None and has_talk and talk.left > reserve:
            return Spent(Opens.TALK, talk.until, now)
        return Shut.SPENT if has_touch or has_talk else Shut.CLOSED

    def changed(self, spent: "Spent", by: int) -> "Budget":
        """With so many more in the window a message came from; a newer window stays as it is."""
        sent = [one for one in self.sent if one > spent.at - REMEMBERED]
        if by < 0:
            sent.append(spent.at)
        elif spent.at in sent:
            sent.remove(spent.at)
        noted = replace(self, sent=tuple(sent))
        if spent.opens is Opens.TALK:
            return replace(noted, talk=_changed(self.talk, spent, by))
        return replace(noted, touch=_changed(self.touch, spent, by))

    @property
    def emptied(self) -> "Budget":
        """With nothing left in any window."""
        talk, touch = self.talk, self.touch
        return replace(
            self,
            talk=talk and replace(talk, left=0),
            touch=touch and replace(touch, left=0),
        )

    def left(self, now: datetime, reserve: int = 0) -> int:
        """How many more messages may be sent now."""
        budget, sent = self, 0
        while isinstance(spent := budget.next_from(now, reserve), Spent):
            budget, sent = budget.changed(spent, -1), sent + 1
        return sent


def _changed(window: Window | None, spent: Spent, by: int) -> Window | None:
    if window is None or window.until != spent.until:
        return window
    return Window(window.until, window.left + by)


def _newer(known: Window | None, opened: Window) -> Window:
    return opened if known is None or opened.until > known.until else known


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of noting a delivery: ``reopened`` where something could not be sent before.

    Of a repeat: ``is_kept`` while an earlier copy is kept and not dealt with yet; ``answer`` as
    ``answer_of`` has it.
    """

    is_new: bool
    reopened: bool = False
    is_kept: bool = False
    answer: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """A delivery acknowledged before it was dealt with; ``payload`` is what was posted."""

    openid: str
    key: str
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """The account's access token. ``forced_at``: when it was last renewed by force."""

    value: str = field(repr=False)
    until: datetime
    forced_at: datetime | None = None


class WeChatStore(Protocol):
    """What all processes of the channel share. Every method is one transaction.

    ``key`` names a delivery: the same for every repeat of it, another for everything else a
    person does.
    """

    async def heard(self, openid: str, key: str, opens: Opens | None, at: datetime) -> Heard:
        """Note a delivery and the window it opens; a repeat opens nothing."""
        ...

    async def gone(self, openid: str, at: datetime | None = None) -> None:
        """The person follows the account no more: nothing can be sent until they come back.

        ``at`` is when they left: what they did before and we hear of later opens nothing.
        """
        ...

    async def budget(self, openid: str) -> Budget:
        """What may be sent to a person."""
        ...

    async def spend(self, openid: str, now: datetime, *, reserve: int) -> Spent | Shut:
        """Take one message from what a person's windows allow, or say why there is none left."""
        ...

    async def give_back(self, openid: str, spent: Spent) -> None:
        """Return one that surely was not sent."""
        ...

    async def exhausted(self, openid: str) -> None:
        """WeChat says that nothing more may be sent: believe it, until the person acts again."""
        ...

    async def answered(self, openid: str, key: str, outgoing_ids: Sequence[str]) -> tuple[str, ...]:
        """Settle what a delivery itself is answered: these messages, or a mere acknowledgement.

        Copies may be in hand at once, at several processes: the first to settle it settles it for
        all. Returns what holds.
        """
        ...

    async def answer_of(self, openid: str, key: str) -> tuple[str, ...] | None:
        """What was settled, empty for a mere acknowledgement; None while nothing is."""
        ...

    async def keep(self, openid: str, key: str, payload: bytes, due: datetime) -> None:
        """Keep a delivery until it is ``done``; whoever asks after ``due`` takes it over."""
        ...

    async def late(self, now: datetime, until: datetime, limit: int) -> Sequence[Late]:
        """Take over deliveries that are due, until then."""
        ...

    async def done(self, openid: str, key: str) -> None:
        """A kept delivery was dealt with."""
        ...

    async def forget(self, before: datetime) -> int:
        """Forget deliveries noted before; how many. Those still kept stay."""
        ...

    async def tried(self, outgoing_id: str, now: datetime) -> datetime:
        """Note that a notice is tried now; when the first try was that may have arrived."""
        ...

    async def not_tried(self, outgoing_id: str, at: datetime) -> None:
        """The try of that moment surely did not arrive; earlier ones may have."""
        ...

    async def token(self, app_id: str) -> AccessToken | None:
        """The account's token as it was last kept, over or not."""
        ...

    async def lease_token(self, app_id: str, holder: str, now: datetime, until: datetime) -> bool:
        """Become the one who fetches a token; False while somebody else is."""
        ...

    async def put_token(self, app_id: str, holder: str, token: AccessToken) -> bool:
        """Keep a token fetched under a lease and end it; False if the lease was lost."""
        ...

    async def release_token(self, app_id: str, holder: str) -> None:
        """End a lease without a token."""
        ...
