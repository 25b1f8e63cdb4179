"""At the beginning people hear which way reminders take, and are asked for one if none lasts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.settings import Settings
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.message import Identity, Inbound, Reply, ReplyKind
from dialogs.reminding import Rings
from storage.memory import memory_stores
from tests.storage.making import unique

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
WORLD = load_world(Settings(_env_file=None))
ALL = Rings(frozenset({"telegram"}), frozenset({"wechat"}), telegram=True, email=True, sms=True)


async def _begun(channel: str, rings: Rings, locale: str = "zh-CN") -> list[Reply]:
    """What somebody is told who agrees, the first thing to be answered."""
    stores = memory_stores(lambda: NOW)
    world = replace(WORLD, rings=rings)
    assistant = Assistant(world, stores.cases, stores.dead_letters, lambda: NOW)
    who = Identity(channel, unique("somebody"))
    said: list[Reply] = []
    for button in ("cmd:resume", "answer:consent_processing:agree"):
        inbound = Inbound(who, unique("m"), NOW, button=button, locale=locale)
        said += (await assistant.handle(inbound)).replies
    return said


def _told(said: list[Reply]) -> list[Reply]:
    return [one for one in said if "说明一下" in one.text or "By the way" in one.text]


async def test_whoever_can_always_be_reached_is_told_so_in_one_line() -> None:
    [told] = _told(await _begun("telegram", ALL))
    assert told.text == "说明一下：期限快到的时候，我会在这个聊天里提醒您。"
    assert told.buttons == ()


async def test_whoever_closes_a_page_is_asked_for_a_way_and_goes_on() -> None:
    said = await _begun("web", ALL)
    [told] = _told(said)
    assert "关掉就看不到" in told.text
    assert "提醒发到 name@example.cn" in told.text
    assert told.text.endswith("回复“短信提醒”加手机号")
    assert [one.value for one in told.buttons] == ["wish:link"]
    assert said[-1].kind is ReplyKind.QUESTION


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
async def test_whoever_is_in_wechat_is_asked_for_consents_unless_templates_reach_them(
    locale: str,
) -> None:
    once = replace(ALL, consent_url="https://mp.weixin.qq.com/s/a")
    [told] = _told(await _begun("wechat", once, locale))
    assert "48" in told.text
    assert told.buttons[0].url == once.consent_url
    [told] = _told(await _begun("wechat", replace(once, templates=True), locale))
    assert "48" not in told.text and told.buttons == ()


async def test_where_nothing_rings_nothing_is_promised() -> None:
    assert _told(await _begun("web", Rings())) == []


async def test_it_is_said_once_however_many_filings_follow() -> None:
    stores = memory_stores(lambda: NOW)
    assistant = Assistant(replace(WORLD, rings=ALL), stores.cases, stores.dead_letters, lambda: NOW)
    who = Identity("telegram", unique("somebody"))
    said: list[Reply] = []
    for button in ("cmd:resume", "answer:consent_processing:agree", "new_filing"):
        said += (await assistant.handle(Inbound(who, unique("m"), NOW, button=button))).replies
    said += (
        await assistant.handle(
            Inbound(who, unique("m"), NOW, button="answer:consent_processing:agree")
        )
    ).replies
    assert len((await assistant.case(who)).filings) == 2
    assert len(_told(said)) == 1
