"""One company on the server: its customers, sessions, what was said, and faults ordered for it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from itertools import count
from typing import Any, Final

from bot.testing.tencent import Refusal
from bot.testing.wechat.envelope import Envelope

CORP_ID: Final = "ww0000000000000000"
SECRET: Final = "rehearsal-only-nobodys-secret"
ACCOUNT: Final = "wkRehearsalOnlyNobodysAccount000"
ENVELOPE: Final = Envelope("rehearsaltoken", "RehearsalOnlyNobodysKeyRehearsalOnlyNobody0", CORP_ID)
"""Always the same, so that an assistant once set to them finds every later rehearsal."""

TOKEN_LIFE: Final = timedelta(seconds=7200)
SYNC_TOKEN_LIFE: Final = timedelta(minutes=10)
LOOK_BACK: Final = timedelta(days=3)
MEDIA_LIFE: Final = timedelta(days=3)
WINDOW: Final = timedelta(hours=48)
MESSAGES: Final = 5
TOKENLESS_A_MINUTE: Final = 3
"""Calls of ``sync_msg`` without a token: the limit is called strict and not published."""

REPEATED: Final = 40058
"""What a repeated ``msgid`` is answered. That it is refused is published, the code is not."""

OUTSIDE: Final = frozenset({40058, 45002, 95001, 95002, 95018})
"""Codes of sends that the rules forbid and a sender could have known."""


class State(IntEnum):
    """会话状态."""

    NEW = 0
    BOT = 1
    QUEUE = 2
    HUMAN = 3
    ENDED = 4


MOVES: Final[dict[State, frozenset[State]]] = {
    State.NEW: frozenset({State.BOT, State.QUEUE, State.HUMAN, State.ENDED}),
    State.BOT: frozenset({State.QUEUE, State.HUMAN, State.ENDED}),
    State.QUEUE: frozenset({State.HUMAN, State.ENDED}),
    State.HUMAN: frozenset({State.ENDED}),
    State.ENDED: frozenset(),
}
"""Which changes a program may make. Source: 分配客服会话, document/path/94669."""


@dataclass(slots=True)
class Fault:
    """A fault ordered for the next ``times`` calls whose path ends so (None: any but gettoken).

    ``effect``: the call is carried out before it fails. ``cut``: the connection breaks instead
    of an answer.
    """

    path: str | None = None
    errcode: int = -1
    times: int = 1
    effect: bool = False
    cut: bool = False

    def fits(self, path: str) -> bool:
        """Whether this call is to fail."""
        if self.times < 1 or (self.path is None and path.endswith("gettoken")):
            return False
        return self.path is None or path.endswith(self.path)


@dataclass(frozen=True, slots=True)
class Call:
    """One call made. ``errcode`` is what it was answered, 0 for success."""

    path: str
    params: dict[str, Any]
    errcode: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the customer sees it. ``choices`` are (id, label) of a menu message."""

    id: int
    kind: str
    text: str
    at: datetime
    msgid: str
    media_id: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    by_event: bool = False


@dataclass(frozen=True, slots=True)
class Medium:
    """A file kept for three days."""

    kind: str
    name: str
    content: bytes = field(repr=False)
    until: datetime


@dataclass(slots=True)
class Profile:
    """A customer at one account."""

    account: str
    customer: str
    state: State = State.ENDED
    servicer: str = ""
    wrote_at: datetime | None = None
    left: int = 0
    welcomed_at: datetime | None = None
    blocks: bool = False
    shown: list[Shown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EventCode:
    """Lets one message through; ``state`` is the one the session must still have, if any."""

    profile: Profile
    until: datetime
    state: State | None = None


@dataclass(slots=True)
class FakeCorp:
    """A company with customer service. ``now`` is the server's clock."""

    corp_id: str = CORP_ID
    secret: str = field(default=SECRET, repr=False)
    envelope: Envelope = ENVELOPE
    accounts: tuple[str, ...] = (ACCOUNT,)
    servicers: frozenset[str] = frozenset({"zhangsan", "lisi"})
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    callback_url: str | None = None
    people: dict[tuple[str, str], Profile] = field(default_factory=dict)
    said: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by account, in order
    media: dict[str, Medium] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    page: int = 1000  # so many messages at once at most: smaller makes more pages
    token: str = ""
    token_until: datetime | None = None
    tokens_given: int = 0
    sync_tokens: dict[str, datetime] = field(default_factory=dict)
    codes: dict[str, EventCode] = field(default_factory=dict)
    tokenless: list[datetime] = field(default_factory=list)
    sent: set[tuple[str, str]] = field(default_factory=set)  # account and msgid
    tell: Callable[[str, str], None] = lambda account, token: None
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def next_id(self) -> int:
        """A number nothing else of the company has."""
        return next(self._ids)

    def profile(self, account: str, customer: str) -> Profile:
        """The customer, known from now on."""
        return self.people.setdefault((account, customer), Profile(account, customer))

    def known(self, account: object, customer: object) -> Profile:
        """The customer spoken of; raises Refusal for nobody."""
        if account not in self.accounts:
            raise Refusal(95000, "invalid open_kfid")
        found = self.people.get((str(account), str(customer)))
        if found is None:
            raise Refusal(40003, "invalid external_userid")
        return found

    def happen(self, account: str, origin: int, content: dict[str, Any]) -> str:
        """Let something be pulled, and post that there is something; its ``msgid``."""
        key = f"msg{self.next_id():08d}"
        told = {"msgid": key, "send_time": int(self.now().timestamp()), "origin": origin, **content}
        self.said.setdefault(account, []).append(told)
        token = secrets.token_hex(16)
        self.sync_tokens[token] = self.now() + SYNC_TOKEN_LIFE
        self.tell(account, token)
        return key

    def event(self, profile: Profile, kind: str, **more: Any) -> str:
        """Let an event about a customer be pulled."""
        named = {"open_kfid": profile.account, "external_userid": profile.customer}
        event = {"event_type": kind, **named, **more}
        return self.happen(profile.account, 4, {"msgtype": "event", "event": event})

    def code_for(self, profile: Profile, seconds: int, state: State | None = None) -> str:
        """A code for one message of an event."""
        code = secrets.token_hex(12)
        self.codes[code] = EventCode(profile, self.now() + timedelta(seconds=seconds), state)
        return code

    def show(self, profile: Profile, kind: str, text: str, msgid: str, **more: Any) -> None:
        """Let the customer see a message."""
        profile.shown.append(Shown(self.next_id(), kind, text, self.now(), msgid, **more))

    def keep(self, kind: str, name: str, content: bytes) -> str:
        """Keep a file of either side; its media id."""
        media_id = f"media-{self.next_id()}-{'x' * 50}"
        self.media[media_id] = Medium(kind, name, content, self.now() + MEDIA_LIFE)
        return media_id

    def medium(self, media_id: object, kind: str | None = None) -> Medium:
        """A file that is still kept; raises Refusal (40007)."""
        found = self.media.get(media_id) if isinstance(media_id, str) else None
        if found is None or self.now() >= found.until or (kind or found.kind) != found.kind:
            raise Refusal(40007, "invalid media_id")
        return found

    def called(self, path: str) -> list[Call]:
        """The calls whose path ends so, oldest first."""
        return [call for call in self.calls if call.path.endswith(path)]

    def outside_the_rules(self) -> list[Call]:
        """Sends the rules forbid: a well-kept book makes none. Repeats are not among them."""
        refused = [call for call in self.called("send_msg") if call.errcode in OUTSIDE]
        return [call for call in refused if call not in self.repeats()]

    def repeats(self) -> list[Call]:
        """Sends refused because their ``msgid`` had been sent."""
        return [
            call
            for call in self.called("send_msg")
            if call.errcode == REPEATED
            and (call.params.get("open_kfid"), call.params.get("msgid")) in self.sent
        ]

    def order(self, fault: Fault) -> None:
        """Let the next fitting calls fail."""
        self.faults.append(replace(fault))

    def fault_for(self, path: str) -> Fault | None:
        """The fault ordered for this call, used up once more."""
        for fault in self.faults:
            if fault.fits(path):
                fault.times -= 1
                return fault
        return None
