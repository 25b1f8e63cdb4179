"""Delivery: in order, at least once, at a bearable pace, one person's trouble theirs alone."""

import asyncio
import random
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.clock import real_clock
from bot.pacing import Bucket, Rate
from bot.sending import (
    UNPACED,
    Ambiguous,
    ChannelClosed,
    Delivered,
    Delivery,
    Outcome,
    Pace,
    RetryLater,
    Undeliverable,
)
from dialogs.assistant import Courier
from dialogs.message import Identity, Reply, ReplyKind
from dialogs.ports import Due, Outgoing, TurnRecord
from storage.memory import memory_stores
from storage.ports import Stores


@dataclass
class Platform:
    """A platform that answers as it is told: the outcomes queued for a text, else delivered."""

    channel: str = "telegram"
    outcomes: dict[str, list[Outcome | Exception]] = field(default_factory=dict)
    slow: float = 0.0
    taken: list[tuple[str, str]] = field(default_factory=list)  # (person, text) delivered
    tried: list[tuple[str, float]] = field(default_factory=list)  # (text, when)
    at_once: int = 0
    most_at_once: int = 0

    def is_private(self, external_id: str) -> bool:
        """Everybody here is one person."""
        return True

    async def send(self, outgoing: Outgoing) -> Outcome:
        """One try."""
        assert outgoing.reply
        text = outgoing.reply.text
        self.tried.append((text, time.monotonic()))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.slow)
        self.at_once -= 1
        queued = self.outcomes.get(text)
        outcome = queued.pop(0) if queued else Delivered(text)
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, Delivered):
            self.taken.append((outgoing.identity.external_id, text))
        return outcome

    def texts(self, person: str) -> list[str]:
        """What this person got."""
        return [text for to, text in self.taken if to == person]


async def put(stores: Stores, person: str, *texts: str, courier: Courier | None = None) -> None:
    """Commit a turn that says these texts, and hand them to the courier if there is one."""
    identity = Identity("telegram", person)
    before = await stores.cases.open(identity, real_clock(), "zh-CN")
    said = tuple(
        Outgoing(secrets.token_urlsafe(9), identity, Reply(ReplyKind.NOTICE, text))
        for text in texts
    )
    after = replace(before, version=before.version + 1)
    record = TurnRecord(before, after, None, said, at=real_clock(), hand_over=courier is not None)
    claimed = await stores.cases.commit(record)
    if courier is not None:
        courier(identity, claimed)


@pytest.fixture
def stores() -> Stores:
    return memory_stores(real_clock)


@asynccontextmanager
async def delivering(
    stores: Stores, platform: Platform, pace: Pace = UNPACED, **more: Any
) -> AsyncIterator[Delivery]:
    """Delivery while the context lasts, then stopped in order."""
    delivery = Delivery(stores.outbox, platform, real_clock, pace, look_again=0.02, **more)
    stop = asyncio.Event()
    task = asyncio.create_task(delivery.run(stop))
    try:
        yield delivery
    finally:
        stop.set()
        async with asyncio.timeout(30):
            await asyncio.wait({task})
    await task


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.005)


async def test_each_person_gets_everything_once_and_in_order(stores: Stores) -> None:
    platform = Platform(slow=0.002)
    wanted = [f"{number}" for number in range(20)]
    async with delivering(stores, platform) as delivery:
        for person in "abc":
            for text in wanted:
                await put(stores, person, text)
                delivery.wake(Identity("telegram", person))
        await delivery.settled()
        assert all(platform.texts(person) == wanted for person in "abc")
    assert platform.most_at_once > 1


async def test_what_is_handed_over_goes_out_without_a_look_into_the_outbox() -> None:
    stores, platform = memory_stores(real_clock), Platform()
    delivery = Delivery(stores.outbox, platform, real_clock, UNPACED, look_again=60)
    stop = asyncio.Event()
    running = asyncio.create_task(delivery.run(stop))
    await put(stores, "a", "1", "2", courier=delivery.take_over)
    await until(lambda: platform.texts("a") == ["1", "2"])
    stop.set()
    await running


async def test_what_is_handed_over_and_what_waits_keep_their_order(stores: Stores) -> None:
    platform = Platform(slow=0.002)
    wanted = [f"{number}" for number in range(30)]
    async with delivering(stores, platform) as delivery:

        async def say_all(person: str) -> None:
            for text in wanted:
                await put(stores, person, text, courier=delivery.take_over)
                await asyncio.sleep(random.random() * 0.004)

        await asyncio.gather(*map(say_all, "abc"))
        await delivery.settled()
    assert all(platform.texts(person) == wanted for person in "abc")


async def test_behind_a_message_put_back_the_rest_of_what_was_handed_over_waits(
    stores: Stores,
) -> None:
    platform = Platform(outcomes={"1": [RetryLater(0.05)]})
    async with delivering(stores, platform) as delivery:
        await put(stores, "a", "1", "2", "3", courier=delivery.take_over)
        await put(stores, "b", "1'", courier=delivery.take_over)
        await until(lambda: len(platform.taken) == 4)
    assert platform.texts("a") == ["1", "2", "3"]
    assert platform.taken[0] == ("b", "1'")


async def test_a_wake_up_is_enough_to_be_delivered_at_once(stores: Stores) -> None:
    platform = Platform()
    delivery = Delivery(stores.outbox, platform, real_clock, UNPACED, look_again=60)
    stop = asyncio.Event()
    task = asyncio.create_task(delivery.run(stop))
    await asyncio.sleep(0.05)
    await put(stores, "a", "现在")
    delivery.wake(Identity("telegram", "a"))
    await until(lambda: platform.texts("a") == ["现在"])
    stop.set()
    await task


async def test_other_channels_are_none_of_its_business(stores: Stores) -> None:
    platform = Platform(channel="wechat")
    await put(stores, "a", "不归它")
    async with delivering(stores, platform) as delivery:
        await delivery.settled()
    assert platform.tried == []


async def test_a_pause_holds_back_this_person_only_and_is_kept(stores: Stores) -> None:
    platform = Platform(outcomes={"慢一点": [RetryLater(0.4)]})
    await put(stores, "a", "慢一点", "后面的")
    await put(stores, "b", "不受影响")
    async with delivering(stores, platform):
        await until(lambda: platform.texts("b") == ["不受影响"])
        assert platform.texts("a") == []
        await until(lambda: platform.texts("a") == ["慢一点", "后面的"])
    first, again = (when for text, when in platform.tried if text == "慢一点")
    assert again - first >= 0.4


async def test_what_cannot_be_delivered_does_not_hold_back_the_next(stores: Stores) -> None:
    platform = Platform(outcomes={"一": [Undeliverable("blocked")]})
    await put(stores, "a", "一", "二")
    async with delivering(stores, platform) as delivery:
        await delivery.settled()
    assert platform.texts("a") == ["二"]


async def test_an_unanswered_send_is_repeated(stores: Stores) -> None:
    platform = Platform(outcomes={"在吗": [Ambiguous()]})
    await put(stores, "a", "在吗")
    async with delivering(stores, platform):
        await until(lambda: platform.texts("a") == ["在吗"])
    assert len(platform.tried) == 2


async def test_a_message_our_own_code_fails_on_is_given_up_in_the_end(stores: Stores) -> None:
    moment = [real_clock()]
    platform = Platform(outcomes={"坏": [RuntimeError("secret value")] * 9})
    await put(stores, "a", "坏", "好")
    delivery = Delivery(stores.outbox, platform, lambda: moment[0], UNPACED, look_again=0.01)
    stop = asyncio.Event()
    task = asyncio.create_task(delivery.run(stop))
    async with asyncio.timeout(30):
        while platform.texts("a") != ["好"]:
            if not delivery.in_hand:
                moment[0] += timedelta(seconds=60)
            await asyncio.sleep(0.02)
    stop.set()
    await task
    assert [text for text, _ in platform.tried].count("坏") == 5


async def test_nothing_goes_out_under_a_lease_that_a_clock_put_forward_had_ended(
    stores: Stores,
) -> None:
    ahead, first = timedelta(0), asyncio.Event()
    platform = Platform()
    send = platform.send

    async def slow(outgoing: Outgoing) -> Outcome:
        if not first.is_set():
            first.set()
            await sent_again.wait()
        return await send(outgoing)

    async def claim(*asked: Any) -> Sequence[Due]:
        dues = await stores_claim(*asked)
        if dues and first.is_set():
            sent_again.set()
        return dues

    sent_again, stores_claim = asyncio.Event(), stores.outbox.claim
    platform.send, stores.outbox.claim = slow, claim  # type: ignore[method-assign, assignment]
    delivery = Delivery(
        stores.outbox, platform, lambda: real_clock() + ahead, UNPACED, look_again=0.01
    )
    stop = asyncio.Event()
    task = asyncio.create_task(delivery.run(stop))
    await put(stores, "a", "一", "二", "三", courier=delivery.take_over)
    async with asyncio.timeout(30):
        await first.wait()
        ahead = timedelta(hours=1)
        await sent_again.wait()
        ahead = timedelta(0)
        await delivery.settled()
    stop.set()
    await task
    assert sorted(platform.texts("a"), key="一二三".index) == platform.texts("a")
    assert set(platform.texts("a")) == {"一", "二", "三"}


async def test_a_closed_channel_keeps_what_was_in_hand_and_says_why(stores: Stores) -> None:
    platform = Platform(outcomes={"一": [ChannelClosed("give a new token")]})
    await put(stores, "a", "一")
    delivery = Delivery(stores.outbox, platform, real_clock, UNPACED, look_again=0.02)
    with pytest.raises(ChannelClosed, match="new token"):
        await delivery.run(asyncio.Event())
    async with delivering(stores, platform):
        await until(lambda: platform.texts("a") == ["一"])


async def test_stopping_finishes_what_is_due(stores: Stores) -> None:
    platform = Platform(slow=0.01)
    for person in "abcd":
        await put(stores, person, "一", "二", "三")
    async with delivering(stores, platform, hands=2):
        await until(lambda: bool(platform.tried))
    assert all(platform.texts(person) == ["一", "二", "三"] for person in "abcd")
    assert len(platform.tried) == 12


async def test_one_person_is_not_written_to_faster_than_agreed(stores: Stores) -> None:
    platform = Platform()
    pace = Pace(Rate(burst=2, per_second=10), Rate(burst=1000, per_second=1000))
    await put(stores, "a", *(str(number) for number in range(6)))
    began = time.monotonic()
    async with delivering(stores, platform, pace) as delivery:
        await delivery.settled()
    assert platform.texts("a") == [str(number) for number in range(6)]
    assert time.monotonic() - began >= 0.39


async def test_a_message_far_ahead_of_its_turn_waits_in_the_outbox(stores: Stores) -> None:
    platform = Platform()
    pace = Pace(Rate(burst=1, per_second=0.1), Rate(burst=1000, per_second=1000))
    await put(stores, "a", "一", "二")
    async with delivering(stores, platform, pace) as delivery:
        await delivery.settled()
        assert platform.texts("a") == ["一"]
        assert delivery.in_hand == 0


@dataclass
class Flaky:
    """An outbox whose database is away for the first few calls."""

    stores: Stores
    failures: int

    def _fail(self) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("the database is away")

    async def claim(self, channel: str, now: datetime, limit: int) -> Sequence[Due]:
        self._fail()
        return await self.stores.outbox.claim(channel, now, limit)

    async def delivered(self, due: Due, platform_id: str | None, now: datetime) -> None:
        self._fail()
        await self.stores.outbox.delivered(due, platform_id, now)

    async def retry(self, due: Due, at: datetime, reason: str | None = None) -> None:
        await self.stores.outbox.retry(due, at)

    async def undeliverable(self, due: Due, reason: str, now: datetime) -> None:
        await self.stores.outbox.undeliverable(due, reason, now)

    async def find(self, outgoing_id: str) -> Outgoing | None:
        return await self.stores.outbox.find(outgoing_id)

    async def hurry(self, identity: Identity, now: datetime) -> None:
        await self.stores.outbox.hurry(identity, now)


async def test_a_store_that_is_away_for_a_while_costs_nothing(stores: Stores) -> None:
    platform, flaky = Platform(), Flaky(stores, failures=2)
    await put(stores, "a", "一")
    delivery = Delivery(flaky, platform, real_clock, UNPACED, look_again=0.02)
    stop = asyncio.Event()
    task = asyncio.create_task(delivery.run(stop))
    await until(lambda: platform.texts("a") == ["一"])
    flaky.failures = 1  # cannot be recorded at first
    await put(stores, "a", "二")
    await until(lambda: platform.texts("a") == ["一", "二"])
    await delivery.settled()
    stop.set()
    await task
    assert len(platform.tried) == 2


async def test_nothing_is_begun_after_its_lease(stores: Stores) -> None:
    """Whoever takes the conversation waits for what is on its way no longer than that."""
    platform = Platform(slow=0.05)
    now = real_clock()

    def clock() -> datetime:
        return now + timedelta(seconds=61) * bool(platform.tried)

    delivery = Delivery(stores.outbox, platform, clock, UNPACED, look_again=0.02)
    await put(stores, "1", "one", "two", courier=delivery.take_over)
    await until(lambda: not delivery.in_hand)
    assert [text for text, _ in platform.tried] == ["one"]
    [due] = await stores.outbox.claim("telegram", clock(), 10)
    assert due.outgoing.reply is not None
    assert (due.outgoing.reply.text, due.attempt) == ("two", 2)


def test_a_bucket_gives_its_burst_then_its_rate() -> None:
    bucket = Bucket(Rate(burst=3, per_second=2), level=3, at=0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.take(0.5)
    assert not bucket.take(0.5)
    assert [bucket.reserve(0.5) for _ in range(3)] == [0.5, 1.0, 1.5]
