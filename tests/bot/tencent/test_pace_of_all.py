"""Two processes on PostgreSQL share the moments at which WeChat, or WeCom, may be written to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.clock import real_clock
from bot.pacing import Rate
from bot.sending import UNPACED, Delivery, Pace
from bot.testing.wechat import FakeWeChat, Follower
from bot.testing.wecom import Customer, FakeWeCom
from bot.testing.wecom.methods import heard
from bot.wechat import service as wechat_service
from bot.wecom import service as wecom_service
from dialogs.message import Identity
from storage.crypto import MasterKey
from storage.migrate import upgrade
from storage.ports import Stores
from storage.stores import StoreSettings, open_stores
from storage.wechat_ports import Opens
from tests.bot.wechat.running import Parrot
from tests.bot.wechat.running import config_for as wechat_config
from tests.bot.wecom.parrot import Stubborn
from tests.bot.wecom.running import config_for as wecom_config
from tests.storage.making import say, turn, unique

RATE: Final = Rate(burst=1, per_second=50)
APART: Final = timedelta(seconds=1 / RATE.per_second)
MESSAGES: Final = 12


@asynccontextmanager
async def wechat_delivery(stores: Stores, server: FakeWeChat) -> AsyncIterator[Delivery]:
    """A process's delivery to the service account."""
    stored = wechat_service.Stored(stores.outbox, stores.transcript, stores.wechat)
    parrot = Parrot(stores.cases, real_clock)
    async with wechat_service.open_wechat(
        wechat_config(server), parrot, stored, real_clock, paces=stores.paces
    ) as service:
        yield service.delivery


@asynccontextmanager
async def wecom_delivery(stores: Stores, server: FakeWeCom) -> AsyncIterator[Delivery]:
    """A process's delivery to the customer service account."""
    stored = wecom_service.Stored(stores.outbox, stores.transcript, stores.wechat, stores.wecom)
    parrot = Stubborn(stores.cases, real_clock)
    async with wecom_service.open_wecom(
        wecom_config(server), parrot, stored, real_clock, paces=stores.paces
    ) as service:
        yield service.delivery


def following(server: FakeWeChat, number: int) -> Follower:
    """Somebody who has just written to the account."""
    follower = Follower(server.account, number)
    follower.profile.following = True
    follower.profile.allowance.talked(real_clock())
    return follower


def writing(server: FakeWeCom, number: int) -> Customer:
    """The same to customer service."""
    customer = Customer(server.corp, number)
    heard(server.corp, customer.profile)
    return customer


@pytest.mark.parametrize("channel", ["wechat", "wecom"])
async def test_each_message_of_either_process_takes_a_moment_of_both(
    channel: str, empty_postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pace = Pace(UNPACED.person, RATE)  # a rehearsal server has none of its own
    monkeypatch.setattr(wechat_service.WeChatConfig, "pace", pace)
    monkeypatch.setattr(wecom_service.WeComConfig, "pace", pace)
    await upgrade(empty_postgres_url)
    settings, master = StoreSettings(empty_postgres_url, tmp_path), MasterKey(bytes(32))
    async with AsyncExitStack() as stack:
        processes = [await open_stores(settings, master, real_clock) for _ in range(2)]
        for stores in processes:
            stack.push_async_callback(stores.close)
        people: list[Follower] | list[Customer]
        if channel == "wechat":
            wechat = await stack.enter_async_context(FakeWeChat())
            people = [following(wechat, number) for number in range(MESSAGES)]
            ids, name = [one.openid for one in people], f"wechat/{wechat.account.app_id}"
            opening = [wechat_delivery(stores, wechat) for stores in processes]
        else:
            wecom = await stack.enter_async_context(FakeWeCom())
            people = [writing(wecom, number) for number in range(MESSAGES)]
            ids, name = [one.external_id for one in people], f"wecom/{wecom.corp.corp_id}"
            opening = [wecom_delivery(stores, wecom) for stores in processes]
        for one in ids:
            await put(processes[0], Identity(channel, one))
        deliveries = [await stack.enter_async_context(one) for one in opening]
        stop, began = asyncio.Event(), real_clock()
        running = [asyncio.create_task(one.run(stop)) for one in deliveries]
        await asyncio.gather(*(one.wait_for_text("您好", patience=30) for one in people))
        stop.set()
        await asyncio.gather(*running)
        free = await processes[0].paces.reserve(name, 1, APART, APART, began)
    assert free is not None and free >= began + (MESSAGES - 1) * APART


async def put(stores: Stores, identity: Identity) -> None:
    """Say something to somebody who may be written to."""
    now = real_clock()
    await stores.wechat.heard(identity.external_id, unique("heard"), Opens.TALK, now)
    case = await stores.cases.open(identity, now, "zh-CN")
    await stores.cases.commit(turn(case, say(identity, "您好"), at=now))
