"""One bot on the server: its chats, messages, limits, and the faults ordered for it."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from bot.pacing import Buckets, Rate
from bot.testing.telegram.rules import Refusal, bad_request
from bot.testing.telegram.updates import Updates

DAYS_TO_DELETE = 48 * 3600.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast the bot may send: to one chat, and altogether. None: as it likes."""

    chat: Rate | None = None
    together: Rate | None = None


@dataclass(slots=True)
class Fault:
    """A fault ordered for the next ``times`` fitting calls.

    ``effect``: the call is carried out before it fails. ``cut``: the connection breaks
    instead of an answer. ``delay``: seconds before anything happens.
    """

    method: str | None = None  # None: any but getUpdates
    status: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None
    times: int = 1
    chat: int | None = None
    effect: bool = False
    cut: bool = False
    delay: float = 0.0

    def fits(self, method: str, params: dict[str, Any]) -> bool:
        """Whether this call is to fail."""
        if self.times < 1 or (self.method or method) != method:
            return False
        if self.method is None and method == "getUpdates":
            return False
        return self.chat is None or str(params.get("chat_id")) == str(self.chat)


@dataclass(frozen=True, slots=True)
class Call:
    """One call the bot made. ``status`` is what it was answered; ``at`` is monotonic seconds."""

    method: str
    params: dict[str, Any]
    status: int
    at: float


@dataclass(slots=True)
class Chat:
    """A chat the bot knows of."""

    profile: dict[str, Any]
    started: bool = False  # the person wrote first
    blocked: bool = False


@dataclass(slots=True)
class Webhook:
    """Where updates are posted."""

    url: str
    secret: str | None


@dataclass(slots=True)
class FakeBot:
    """A bot. ``now`` is the server's clock in epoch seconds."""

    token: str
    username: str = "BeianRehearsalBot"
    limits: Limits = field(default_factory=Limits)
    now: Callable[[], float] = time.time
    updates: Updates = field(default_factory=Updates)
    chats: dict[int, Chat] = field(default_factory=dict)
    messages: dict[int, dict[int, dict[str, Any]]] = field(default_factory=dict)  # by chat and id
    files: dict[str, bytes] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)  # by language
    queries: dict[str, str | None] = field(default_factory=dict)  # pressed keys and the answers
    webhook: Webhook | None = None
    weather: Callable[[str, dict[str, Any]], Fault | None] = lambda method, params: None
    too_early: int = 0  # calls made in a chat before its pause was over
    on_update: Callable[[], None] = lambda: None
    _ids: "count[int]" = field(default_factory=lambda: count(1))
    _pauses: dict[int, float] = field(default_factory=dict)
    _rates: dict[str, Buckets] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The number before the token's colon."""
        return int(self.token.partition(":")[0])

    @property
    def profile(self) -> dict[str, Any]:
        """The bot as a ``User``."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": "Rehearsal",
            "username": self.username,
        }

    def called(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    def next_message_id(self) -> int:
        """Ids rise over all chats of the bot, as in private chats on Telegram."""
        return next(self._ids)

    def tell(self, kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
        """Let something happen; the update if the bot wants to know of it."""
        update = self.updates.add(kind, content)
        self.on_update()
        return update

    def keep(self, message: dict[str, Any]) -> dict[str, Any]:
        """Remember a message of either side."""
        self.messages.setdefault(message["chat"]["id"], {})[message["message_id"]] = message
        return message

    def reachable(self, chat_id: int) -> Chat:
        """The chat if the bot may write to it; raises Refusal."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if chat.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if not chat.started:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def pause(self, chat_id: int, seconds: int) -> None:
        """Want quiet in a chat; what comes earlier is counted and refused again."""
        self._pauses[chat_id] = time.monotonic() + seconds

    def check_rate(self, chat_id: int) -> None:
        """Raises Refusal (429) for a call that comes too soon."""
        left = self._pauses.get(chat_id, 0.0) - time.monotonic()
        if left > 0:
            self.too_early += 1
            raise _too_many(math.ceil(left))
        for name, rate, key in (
            ("chat", self.limits.chat, chat_id),
            ("together", self.limits.together, 0),
        ):
            if rate is None:
                continue
            buckets = self._rates.setdefault(name, Buckets(rate, time.monotonic))
            if not buckets.take(key):
                pause = max(1, math.ceil(1 / rate.per_second))
                self.pause(chat_id, pause)
                raise _too_many(pause)

    def order(self, fault: Fault) -> None:
        """Let the next fitting calls fail."""
        self.faults.append(replace(fault))

    def fault_for(self, method: str, params: dict[str, Any]) -> Fault | None:
        """The fault ordered for this call, used up once more; else what ``weather`` has for it."""
        for fault in self.faults:
            if fault.fits(method, params):
                fault.times -= 1
                return fault
        return self.weather(method, params)


def _too_many(seconds: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
