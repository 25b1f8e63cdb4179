"""What a process keeps of people in its memory: nothing of those who are gone, or of so many."""

import asyncio
import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Final, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.telegram.core
import bot.telegram.sender
import bot.tencent.sender
import bot.wecom.sender
import desk.following
from bot.clock import real_clock
from bot.news import Newsroom
from bot.pacing import Buckets, Rate
from bot.sending import UNPACED, Delivered, Delivery, Outcome, RetryLater
from bot.telegram.core import TelegramCore
from bot.telegram.errors import TooFast
from bot.telegram.sender import TelegramSender
from bot.web.hub import Hub
from bot.wecom.sender import Books, WeComSender
from desk.following import Follower
from dialogs.looking import Looks
from dialogs.message import Identity, Reply, ReplyKind
from dialogs.ordering import Queues
from dialogs.ports import Outgoing
from dialogs.turn.draft import WantedPage
from storage.lru import Lru
from storage.memory import memory_stores

MANY: Final = 200
FEW: Final = 20

PEOPLE: Final = tuple(Identity("telegram", str(7_000_000 + number)) for number in range(MANY))
_KNOWN: Final = frozenset(one.external_id for one in PEOPLE)
_NOT_ITS_OWN: Final = (type, ModuleType, FunctionType, BuiltinFunctionType)

Anybody: Final[Any] = None
"""Stands for a part that is not asked anything here."""


def kept_of(*parts: object) -> set[str]:
    """Of which of ``PEOPLE`` anything can be reached from these."""
    found: set[str] = set()
    seen, ahead = {id(PEOPLE)}, list(parts)
    while ahead:
        part = ahead.pop()
        if id(part) in seen or isinstance(part, _NOT_ITS_OWN):
            continue
        seen.add(id(part))
        if isinstance(part, str | int) and str(part) in _KNOWN:
            found.add(str(part))
        ahead += gc.get_referents(part)
    return found


def said(to: Identity) -> Outgoing:
    """A message to somebody, named after them."""
    return Outgoing(to.external_id, to, Reply(ReplyKind.NOTICE, "您好"))


@pytest.fixture(autouse=True)
def only_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds of ten thousand, made small."""
    monkeypatch.setattr(bot.telegram.core, "_GROUPS_REMEMBERED", FEW)
    monkeypatch.setattr(bot.telegram.sender, "_REMEMBERED", FEW)
    monkeypatch.setattr(bot.tencent.sender, "_REMEMBERED", FEW)
    monkeypatch.setattr(bot.wecom.sender, "_CODES", FEW)
    monkeypatch.setattr(desk.following, "MOST", FEW)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.booleans())), st.integers(1, 20))
def test_a_cache_and_buckets_hold_those_used_last(used: list[tuple[int, bool]], most: int) -> None:
    cache: Lru[int, str] = Lru(most)
    buckets = Buckets(Rate(1, 1), lambda: 0.0, most)
    latest: dict[int, None] = {}
    for key, is_put in used:
        if is_put or cache.get(key) is not None:
            cache.put(key, PEOPLE[key].external_id)
            buckets.take(PEOPLE[key].external_id)
            latest.pop(key, None)
            latest[key] = None
    expected = {PEOPLE[key].external_id for key in list(latest)[-most:]}
    assert kept_of(cache) == kept_of(buckets) == expected


class _Elsewhere:
    """A platform that never takes anything: another process delivers, or nobody."""

    channel = "telegram"

    def is_private(self, _: str) -> bool:
        """Everybody is one person."""
        return True

    async def send(self, _: Outgoing) -> Outcome:
        """Later."""
        return RetryLater(3600)


async def test_delivery_forgets_whom_it_looked_for_and_found_nothing() -> None:
    stores = memory_stores(real_clock)
    delivery = Delivery(stores.outbox, _Elsewhere(), real_clock, UNPACED, look_again=60)
    stop = asyncio.Event()
    running = asyncio.create_task(delivery.run(stop))
    for one in PEOPLE:
        delivery.wake(one)
    await delivery.settled()
    assert kept_of(delivery) == set()
    stop.set()
    await running


async def test_turns_looks_and_streams_leave_nothing_of_whom_they_were_for() -> None:
    queues, looks, hub = Queues(), Looks(cast(Any, _NoPages()), beside=True), Hub(2)
    told: list[object] = []

    async def tell(seen: object) -> None:
        told.append(seen)

    async def take_turn(one: Identity) -> None:
        async with queues.turn_of(one):
            with hub.stream(one), hub.stream(one), hub.stream(one):
                looks.later(one, WantedPage("https://example.cn"), tell)
                await asyncio.sleep(0)

    await asyncio.gather(*map(take_turn, PEOPLE), *map(take_turn, PEOPLE))
    await until(lambda: len(told) >= MANY)
    await asyncio.sleep(0)
    assert kept_of(queues, looks, hub) == set()


class _NoPages:
    async def fetch(self, _: str) -> str:
        """A page."""
        return "<p>"


@dataclass
class _Gossip:
    """News that are told to nobody, or cannot be told."""

    is_away: bool = True

    async def tell(self, _: Sequence[Identity]) -> None:
        """Fail while away."""
        if self.is_away:
            raise OSError


async def test_the_newsroom_forgets_what_it_told() -> None:
    news = _Gossip()
    room = Newsroom(cast(Any, news), Anybody)
    for one in PEOPLE:
        room.tell(one)
    assert not await room._tell_all()
    assert len(kept_of(room)) == MANY  # not told yet
    news.is_away = False
    assert await room._tell_all()
    assert kept_of(room) == set()


class _Busy:
    """A Bot API server that wants everything again later, or lets it be."""

    is_busy = True

    async def send_text(self, *_: object) -> int:
        """Refuse while busy."""
        if self.is_busy:
            raise TooFast(3600)
        return 1


async def test_replies_begun_are_remembered_of_some_and_of_none_that_went_out() -> None:
    client = _Busy()
    sender = TelegramSender(cast(Any, client))
    for one in PEOPLE:
        assert isinstance(await sender.send(said(one)), RetryLater)
    assert len(kept_of(sender)) == FEW
    client.is_busy = False
    for one in PEOPLE:
        assert isinstance(await sender.send(said(one)), Delivered)
    assert kept_of(sender) == set()


async def test_groups_that_were_refused_are_remembered_of_some() -> None:
    client = _Busy()
    client.is_busy = False
    core = TelegramCore(Anybody, Anybody, cast(Any, client), real_clock)
    for number, one in enumerate(PEOPLE):
        chat = {"id": -int(one.external_id), "type": "group", "title": "一群人"}
        text = {"message_id": 1, "date": 1, "chat": chat, "text": "/start"}
        await core.take({"update_id": number, "message": text})
        await core.finish()
    assert len(core._groups) == FEW


def test_wecom_remembers_codes_and_messages_begun_of_some() -> None:
    sender = WeComSender(Anybody, Books(Anybody, Anybody), Anybody, real_clock)
    for one in PEOPLE:
        sender.let_through(one.external_id, "code", real_clock())
    assert len(kept_of(sender)) == FEW
    sender = WeComSender(Anybody, Books(Anybody, Anybody), Anybody, real_clock)
    for one in PEOPLE:
        sender.together([said(one)])
    assert len(kept_of(sender)) == FEW


def test_a_follower_that_falls_behind_leaves_the_rest_to_its_sweeps() -> None:
    follower = Follower(Anybody, Anybody, Anybody, real_clock)
    for one in PEOPLE:
        follower.tell(one)
    assert len(kept_of(follower)) == follower.behind == FEW


async def until(true: Callable[[], bool]) -> None:
    """Wait for something to be so."""
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.005)
