"""A random walk through windows, counts and quotas: our book against the server's own.

People write, tap, scan, leave and come back; what they do reaches us late, twice and out of
order, as callbacks do; meanwhile we send whatever our book allows. Not one send may be outside
the rules, whatever the order of things.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.clock import SimulatedClock
from bot.testing.wechat import FakeAccount, Follower
from bot.testing.wechat.account import Profile
from bot.testing.wechat.methods import carry_out
from bot.testing.wechat.rules import Refusal
from storage.memory import memory_stores
from storage.wechat_ports import Opens, Spent, WeChatStore

PEOPLE = 20
_PAUSES = (0.1, 0.3, 0.3, 1.0, 1.0, 5.0, 20.0, 60.0, 3600.0, 40 * 3600.0)  # seconds
_DELAYS = (0.0, 0.0, 0.0, 3.0, 10.0, 20.0)
_OPENING = frozenset({"subscribe", "SCAN", "CLICK"})
_SEND = "/cgi-bin/message/custom/send"


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
    sent: int = 0
    withheld: int = 0
    outside: list[str] = field(default_factory=list)
    clock: SimulatedClock = field(
        default_factory=lambda: SimulatedClock(datetime(2026, 12, 1, tzinfo=UTC))
    )
    account: FakeAccount = field(init=False)
    store: WeChatStore = field(init=False)
    people: list[Follower] = field(init=False)
    _random: random.Random = field(init=False)
    _on_its_way: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self.account = FakeAccount(now=self.clock)
        self.account.tell = self._tell
        self.store = memory_stores(self.clock).wechat
        self.people = [Follower(self.account, number) for number in range(PEOPLE)]

    async def run(self, steps: int) -> None:
        """Take so many steps."""
        for person in self.people:
            await person.subscribe()
        for number in range(steps):
            await self._arrive()
            await self._step(number)
            if number % 10_000 == 0:
                self.account.calls.clear()
                self.account.counts.clear()
                await self.store.forget(self.clock.now - timedelta(days=3))

    async def _step(self, number: int) -> None:
        person = self._random.choice(self.people)
        follows = person.profile.following
        act = self._random.random()
        if act < 0.25:
            self.clock.advance(timedelta(seconds=self._random.choice(_PAUSES)))
        elif act < 0.26:
            self.clock.advance(timedelta(seconds=1))  # the order within a second is not told
            await (person.unsubscribe() if follows else person.subscribe())
        elif not follows or act > 0.5:
            for _ in range(self._random.choice((1, 2, 4, 9))):
                await self._send(person.openid, number)
        elif act < 0.42:
            await person.say("你好")
        else:
            await person.scan("word")

    async def _send(self, openid: str, number: int) -> None:
        reserve = self._random.choice((0, 1))
        spent = await self.store.spend(openid, self.clock.now, reserve=reserve)
        if not isinstance(spent, Spent):
            self.withheld += 1
            return
        if self._random.random() < 0.02:  # it never left: the network was away
            await self.store.give_back(openid, spent)
            return
        token = self.account.tokens.give(self.clock.now, force=False)["access_token"]
        message = {"touser": openid, "msgtype": "text", "text": {"content": "您好"}}
        try:
            carry_out(self.account, "POST", _SEND, {"access_token": token, **message})
            self.sent += 1
        except Refusal as refusal:
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
