"""A random walk through windows, counts and quotas: our book against the server's own.

People write, tap, scan, leave and come back; what they do reaches us late, twice and out of
order, as callbacks do; meanwhile the channel's own sender sends whatever our book allows, over a
network that fails at times and with tokens that end early. Not one send may be outside the rules,
whatever the order of things.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from bot.clock import SimulatedClock
from bot.sending import Ambiguous, Delivered
from bot.testing.wechat import FakeAccount, Follower
from bot.testing.wechat.account import Profile
from bot.wechat.client import Account, WeChatClient
from bot.wechat.sender import WeChatSender
from bot.wechat.translate import CHANNEL
from dialogs.case import ASSISTANT, Colleague
from dialogs.message import Identity, Reply, ReplyKind
from dialogs.ports import Outgoing
from storage.memory import memory_stores
from storage.wechat_ports import Opens, WeChatStore
from tests.bot.wechat_server.direct import Direct

PEOPLE = 20
_PAUSES = (0.1, 0.3, 0.3, 1.0, 1.0, 5.0, 20.0, 60.0, 3600.0, 40 * 3600.0)  # seconds
_DELAYS = (0.0, 0.0, 0.0, 3.0, 10.0, 20.0)
_OPENING = frozenset({"subscribe", "SCAN", "CLICK"})
STAFF = Colleague("agent-1", "小林").author


@dataclass(frozen=True, slots=True)
class Told:
    """A callback on its way to us."""

    arrives: datetime
    openid: str
    key: str
    opens: Opens | None
    at: datetime  # to the second, as WeChat tells it
    left: bool


@dataclass(slots=True)
class Walk:
    """One walk; the seed says which."""

    seed: int
    asked: int = 0
    withheld: int = 0
    outside: list[str] = field(default_factory=list)
    clock: SimulatedClock = field(
        default_factory=lambda: SimulatedClock(datetime(2026, 12, 1, tzinfo=UTC))
    )
    account: FakeAccount = field(init=False)
    store: WeChatStore = field(init=False)
    network: Direct = field(init=False)
    sender: WeChatSender = field(init=False)
    people: list[Follower] = field(init=False)
    _random: random.Random = field(init=False)
    _on_its_way: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self.account = FakeAccount(now=self.clock)
        self.account.tell = self._tell
        self.store = memory_stores(self.clock).wechat
        self.network = Direct(self.account, self._random)
        self.people = [Follower(self.account, number) for number in range(PEOPLE)]

    async def run(self, steps: int) -> None:
        """Take so many steps."""
        async with httpx.AsyncClient(transport=self.network) as http:
            account = Account(self.account.app_id, self.account.secret, "http://wechat")
            client = WeChatClient(http, account, self.store, self.clock, pause=0)
            self.sender = WeChatSender(client, self.store, self.clock)
            await self._walk(steps)

    @property
    def sent(self) -> int:
        """Messages that went out."""
        return self.network.sends

    async def _walk(self, steps: int) -> None:
        for person in self.people:
            await person.subscribe()
        for number in range(steps):
            await self._arrive()
            await self._step(number)
            if number % 10_000 == 0:
                self.account.calls.clear()
                self.account.counts.clear()
                await self.store.forget(self.clock.now - timedelta(days=3))
                for person in self.people:
                    person.profile.shown.clear()
                    person.profile.wrote.clear()

    async def _step(self, number: int) -> None:
        person = self._random.choice(self.people)
        follows = person.profile.following
        act = self._random.random()
        if act < 0.25:
            self.clock.advance(timedelta(seconds=self._random.choice(_PAUSES)))
        elif act < 0.26:
            self.clock.advance(timedelta(seconds=1))  # the order within a second is not told
            await (person.unsubscribe() if follows else person.subscribe())
        elif act < 0.2605:
            self.account.tokens.end()
        elif not follows or act > 0.5:
            for _ in range(self._random.choice((1, 2, 4, 9))):
                await self._send(person.openid, number)
        elif act < 0.42:
            await person.say("你好")
        else:
            await person.scan("word")

    async def _send(self, openid: str, number: int) -> None:
        author = self._random.choice((ASSISTANT, STAFF))
        reply = Reply(ReplyKind.NOTICE, "您好")
        outgoing = Outgoing(
            f"{number}-{self.asked}", Identity(CHANNEL, openid), reply, author=author
        )
        self.asked += 1
        before = len(self.network.outside)
        outcome = await self.sender.send(outgoing)
        if isinstance(outcome, Ambiguous):
            outcome = await self.sender.send(outgoing)  # repeated, as the outbox does
        self.withheld += not isinstance(outcome, Delivered)
        for refusal in self.network.outside[before:]:
            self.outside.append(f"seed {self.seed}, step {number}: {refusal}")

    def _tell(self, person: Profile, content: dict[str, Any]) -> None:
        event = content.get("Event")
        if event in _OPENING:
            opens: Opens | None = Opens.TOUCH
        else:
            opens = Opens.TALK if event is None else None
        key = str(content.get("MsgId") or f"{event} {self.account.next_id()}")
        at = self.clock.now.replace(microsecond=0)
        for _ in range(self._random.choice((1, 1, 2))):
            # We cannot know of a leaving before we are told; all else may be late.
            delay = 0.0 if event == "unsubscribe" else self._random.choice(_DELAYS)
            arrives = self.clock.now + timedelta(seconds=delay)
            told = Told(arrives, person.openid, key, opens, at, event == "unsubscribe")
            self._on_its_way.append(told)

    async def _arrive(self) -> None:
        here = [told for told in self._on_its_way if told.arrives <= self.clock.now]
        self._on_its_way = [told for told in self._on_its_way if told.arrives > self.clock.now]
        for told in here:
            if told.left:
                await self.store.gone(told.openid, told.at)
            await self.store.heard(told.openid, told.key, told.opens, told.at)
