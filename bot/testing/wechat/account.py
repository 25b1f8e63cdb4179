"""One service account on the server: its followers, books and the faults ordered for it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import count
from typing import Any, Final

from bot.testing.tencent import Refusal
from bot.testing.wechat.allowance import Allowance
from bot.testing.wechat.envelope import Envelope
from bot.testing.wechat.notices import Notices
from bot.testing.wechat.tokens import Tokens

APP_ID: Final = "wx0000000000000000"
SECRET: Final = "rehearsal-only-nobodys-secret"
ENVELOPE: Final = Envelope("rehearsaltoken", "RehearsalOnlyNobodysKeyRehearsalOnlyNobody0", APP_ID)
"""Always the same, so that an assistant once set to them finds every later rehearsal."""

MEDIA_LIFE: Final = timedelta(days=3)
LIMITS: Final = {
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/menu/create": 1_000,
}
"""Calls a day. Source: 接口调用频次限制, developers.weixin.qq.com (of a verified account)."""

OUTSIDE: Final = frozenset({40003, 43004, 43101, 45002, 45009, 45015, 45047})
"""Codes of sends that the rules forbid and a sender could have known."""


class Way(StrEnum):
    """How a message reached the person."""

    PASSIVE = "passive"
    SERVICE = "service"
    TEMPLATE = "template"
    SUBSCRIPTION = "subscription"
    SYSTEM = "system"  # from WeChat itself: the account did not answer properly


@dataclass(slots=True)
class Fault:
    """A fault ordered for the next ``times`` fitting calls.

    ``effect``: the call is carried out before it fails. ``cut``: the connection breaks instead
    of an answer. ``delay``: seconds before anything happens. ``status`` other than 200: the
    answer is no JSON, as from a gateway in front.
    """

    path: str | None = None  # its end, such as "custom/send"; None: any but stable_token
    errcode: int = -1
    errmsg: str = "system error"
    status: int = 200
    times: int = 1
    openid: str | None = None
    effect: bool = False
    cut: bool = False
    delay: float = 0.0

    def fits(self, path: str, params: dict[str, Any]) -> bool:
        """Whether this call is to fail."""
        if self.times < 1 or (self.path is None and path.endswith("stable_token")):
            return False
        if self.path is not None and not path.endswith(self.path):
            return False
        return self.openid is None or params.get("touser") == self.openid


@dataclass(frozen=True, slots=True)
class Call:
    """One call made. ``errcode`` is what it was answered, 0 for success."""

    path: str
    params: dict[str, Any]
    errcode: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Medium:
    """A file kept for three days."""

    kind: str
    name: str
    content: bytes = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the person sees it. ``choices`` are (id, label) of a menu message."""

    id: int
    way: Way
    kind: str
    text: str
    at: datetime
    media_id: str = ""
    url: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wrote:
    """Something the person sent; a file is named in brackets. ``id`` is in order with ``Shown``."""

    id: int
    text: str
    at: datetime
    media_id: str = ""


@dataclass(slots=True)
class Profile:
    """Somebody the account has dealt with."""

    openid: str
    following: bool = False
    since: datetime | None = None
    language: str = "zh_CN"
    refuses_templates: bool = False  # switched off in the app: the outcome says so
    allowance: Allowance = field(default_factory=Allowance)
    shown: list[Shown] = field(default_factory=list)
    wrote: list[Wrote] = field(default_factory=list)
    typing: bool = False


@dataclass(slots=True)
class FakeAccount:
    """A verified service account. ``now`` is the server's clock."""

    app_id: str = APP_ID
    secret: str = field(default=SECRET, repr=False)
    envelope: Envelope = ENVELOPE
    original_id: str = "gh_rehearsal0001"
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    verified: bool = True
    allowed: frozenset[str] | None = None  # addresses that may call; None: any
    limits: dict[str, int] = field(default_factory=lambda: dict(LIMITS))
    callback_url: str | None = None
    people: dict[str, Profile] = field(default_factory=dict)
    tokens: Tokens = field(default_factory=Tokens)
    notices: Notices = field(default_factory=Notices)
    media: dict[str, Medium] = field(default_factory=dict)
    menu: list[dict[str, Any]] = field(default_factory=list)
    codes: dict[str, tuple[str, datetime]] = field(default_factory=dict)  # ticket: scene, until
    page_ticket: tuple[str, datetime] = ("", datetime.min.replace(tzinfo=UTC))  # until when
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lost_answers: int = 0  # so many answers to callbacks are lost on their way: they come again
    tell: Callable[[Profile, dict[str, Any]], None] = lambda profile, content: None
    on_shown: Callable[[Profile, Shown], None] = lambda profile, shown: None
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)  # calls by path and day
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def next_id(self) -> int:
        """A number nothing else of the account has."""
        return next(self._ids)

    def profile(self, openid: str) -> Profile:
        """The person, known from now on."""
        return self.people.setdefault(openid, Profile(openid))

    def known(self, openid: object) -> Profile:
        """The person written to; raises Refusal (40003) for nobody."""
        person = self.people.get(openid) if isinstance(openid, str) else None
        if person is None:
            raise Refusal(40003, "invalid openid")
        return person

    def show(self, person: Profile, way: Way, kind: str, text: str, **more: Any) -> Shown:
        """Let the person see a message."""
        shown = Shown(self.next_id(), way, kind, text, self.now(), **more)
        person.shown.append(shown)
        person.typing = False
        self.on_shown(person, shown)
        return shown

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

    def count_call(self, path: str) -> None:
        """Raises Refusal (45009) for one call too many on this day."""
        key = (path, self.now().date().isoformat())
        limit = self.limits.get(path)
        if limit is not None and self.counts[key] >= limit:
            raise Refusal(45009, "reach max api daily quota limit")
        self.counts[key] += 1

    def called(self, path: str) -> list[Call]:
        """The calls whose path ends so, oldest first."""
        return [call for call in self.calls if call.path.endswith(path)]

    def outside_the_rules(self) -> list[Call]:
        """Sends the rules forbid: a well-kept book makes none."""
        return [call for call in self.calls if "/message/" in call.path and call.errcode in OUTSIDE]

    def order(self, fault: Fault) -> None:
        """Let the next fitting calls fail."""
        self.faults.append(replace(fault))

    def fault_for(self, path: str, params: dict[str, Any]) -> Fault | None:
        """The fault ordered for this call, used up once more."""
        for fault in self.faults:
            if fault.fits(path, params):
                fault.times -= 1
                return fault
        return None
