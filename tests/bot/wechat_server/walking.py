"""A random walk through windows, counts and consents: our book against the server's own.

People write, tap, scan, leave, come back and consent; what they do reaches us late, twice and
out of order, as callbacks do; meanwhile the channel's own senders send whatever our book allows
(messages, templates, one-time notices), over a network that fails at times and with tokens that
end early. Not one send may be outside the rules, whatever the order of things.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from bot.clock import SimulatedClock
from bot.sending import Ambiguous, Delivered, Sender
from bot.testing.wechat import FakeAccount, Follower
from bot.testing.wechat.account import Profile
from bot.wechat.client import Account, WeChatClient
from bot.wechat.notice_templates import DEFAULT, NoticeTemplates, Template
from bot.wechat.notices import NoticeSender, TemplateSender
from bot.wechat.sender import WeChatSender
from bot.wechat.translate import CHANNEL
from dialogs.case import ASSISTANT, Colleague
from dialogs.message import Identity, Notice, Reply, ReplyKind
from dialogs.ports import Outgoing
from scheduler.notices import NoticeConsents
from storage.memory import memory_stores
from storage.wechat_ports import Opens, WeChatStore
from tests.bot.wechat_server.direct import Direct

PEOPLE = 20
_PAUSES = (0.1, 0.3, 0.3, 1.0, 1.0, 5.0, 20.0, 60.0, 3600.0, 40 * 3600.0)  # seconds
_DELAYS = (0.0, 0.0, 0.0, 3.0, 10.0, 20.0)
_OPENING = frozenset({"subscribe", "SCAN", "CLICK"})
POPUP = "subscribe_msg_popup_event"
FOLLOW = Template("rehearsal-template-of-nobody", {"thing1": "title", "thing2": "left"})
ONCE = Template("rehearsal-notice-of-nobody-1", {"thing1": "title", "time2": "due"})
NOTICE = Notice(
    "bureau_review", "管局审核", "#A7K2", datetime(2026, 12, 9, tzinfo=UTC), "3 天", "请等候"
)
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
    consented: bool


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
    consents: NoticeConsents = field(init=False)
    network: Direct = field(init=False)
    senders: tuple[Sender, ...] = ()
    people: list[Follower] = field(init=False)
    _random: random.Random = field(init=False)
    _on_its_way: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self.account = FakeAccount(now=self.clock)
        self.account.tell = self._tell
        stores = memory_stores(self.clock)
        self.store, self.consents = stores.wechat, stores.notice_consents
        self.account.notices.add(FOLLOW.id, "备案提醒", *FOLLOW.fields)
        self.account.notices.add(ONCE.id, "备案提醒", *ONCE.fields, one_time=True)
        self.network = Direct(self.account, self._random)
        self.people = [Follower(self.account, number) for number in range(PEOPLE)]

    async def run(self, steps: int) -> None:
        """Take so many steps."""
        async with httpx.AsyncClient(transport=self.network) as http:
            account = Account(self.account.app_id, self.account.secret, "http://wechat")
            client = WeChatClient(http, account, self.store, self.clock, pause=0)
            templates = NoticeTemplates({DEFAULT: FOLLOW}, {DEFAULT: ONCE})
            self.senders = (
                WeChatSender(client, self.store, self.clock),
                TemplateSender(client, templates, self.store, self.clock),
                NoticeSender(client, templates, self.consents, self.clock),
            )
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
        elif act < 0.29:
            await person.consent(ONCE.id, accept=self._random.random() < 0.7)
        elif act < 0.42:
            await person.say("你好")
        else:
            await person.scan("word")

    async def _send(self, openid: str, number: int) -> None:
        author = self._random.choice((ASSISTANT, STAFF))
        reply = Reply(ReplyKind.REMINDER, "您好", notice=NOTICE)
        identity = Identity(CHANNEL, openid)
        outgoing = Outgoing(f"{number}-{self.asked}", identity, reply, author=author)
        sender = self._random.choices(self.senders, (8, 1, 1))[0]
        self.asked += 1
        before = len(self.network.outside)
        outcome = await sender.send(outgoing)
        if isinstance(outcome, Ambiguous):
            outcome = await sender.send(outgoing)  # repeated, as the outbox does
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
            consented = event == POPUP and "accept" in str(content)
            delay = 0.0 if event == "unsubscribe" else self._random.choice(_DELAYS)
            arrives = self.clock.now + timedelta(seconds=delay)
            left = event == "unsubscribe"
            told = Told(arrives, person.openid, key, opens, at, left, consented)
            self._on_its_way.append(told)

    async def _arrive(self) -> None:
        here = [told for told in self._on_its_way if told.arrives <= self.clock.now]
        self._on_its_way = [told for told in self._on_its_way if told.arrives > self.clock.now]
        for told in here:
            if told.left:
                await self.store.gone(told.openid, told.at)
            if told.consented:
                await self.consents.granted(told.openid, ONCE.id, told.key, told.at)
            await self.store.heard(told.openid, told.key, told.opens, told.at)
