"""Killed at any moment, or asked to stop: no answer lost, nothing different, little repeated."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.clock import real_clock
from bot.settings import Settings
from bot.telegram.compose import TextPart, compose
from bot.telegram.service import Library
from bot.testing.telegram import FakeBot, FakeTelegram, Person
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.case import Case
from dialogs.message import Identity, Inbound
from storage.crypto import MasterKey
from storage.memory import memory_stores
from storage.stores import open_stores
from tests.bot.telegram.lives import store_settings
from tests.parts.commands import COMMANDS, Begun

SAYINGS = (
    "你好",
    "同意",
    "没有备案过",
    "企业",
    "江苏",
    "营业执照",
    "91350100M000100Y43",
    "为什么要填这个？",
    "例子科技有限公司",
    "刚才填错了",
    "个人",
    "返回",
    "example.cn",
    "备案要多久",
    "跳过",
)
"""What everybody says, in this order; not all of it answers what is asked."""

CHATS = 6


def lives(folder: Path, telegram: FakeTelegram, library: Library, lease: float) -> Begun:
    """The process that starts the bot's lives."""
    arguments = (str(folder), telegram.base_url, library, str(lease))
    return COMMANDS.begin(folder, *arguments, module="tests.bot.telegram.lives")


async def begin(process: Begun) -> int:
    """Start a life; its process id."""
    return int(await asyncio.to_thread(process.ask, "live"))


async def ended(process: Begun) -> int:
    """The exit status of the life that ended."""
    return int((await asyncio.to_thread(process.reads)).split()[1])


async def undisturbed(number: int) -> tuple[Case, list[str]]:
    """How the conversation goes when nothing happens: the case and everything said."""
    stores = memory_stores(real_clock)
    assistant = Assistant(load_world(Settings()), stores.cases, stores.dead_letters, real_clock)
    identity = Identity("telegram", str(number))
    said: list[str] = []
    for place, text in enumerate(SAYINGS):
        inbound = Inbound(identity, str(place), real_clock(), text=text, locale="zh-CN")
        for outgoing in (await assistant.handle(inbound)).outgoing:
            said += [part.text for part in compose(outgoing) if isinstance(part, TextPart)]
    return await assistant.case(identity), said


def answers(case: Case) -> Sequence[tuple[str, str | None]]:
    """What was answered, in order."""
    return [
        (answer.step, answer.value) for filing in case.filings.values() for answer in filing.answers
    ]


def repeats(shown: Sequence[str], expected: Sequence[str]) -> int:
    """How many messages came once more; AssertionError if one is missing or out of order."""
    lacking = missing(shown, expected)
    assert lacking == 0, f"{lacking} messages never came"
    return len(shown) - len(expected)


def missing(shown: Sequence[str], expected: Sequence[str]) -> int:
    """How many messages have not come yet; AssertionError if one is out of order."""
    place = 0
    for number, text in enumerate(shown):
        if place < len(expected) and text == expected[place]:
            place += 1
        else:
            assert place and text == expected[place - 1], (
                f"message {number} is out of place: {text}"
            )
    return len(expected) - place


async def stored_case(folder: Path, number: int) -> Case:
    """The case as the database has it."""
    key = MasterKey.from_file(folder / "master.key")
    stores = await open_stores(store_settings(folder), key, real_clock)
    try:
        return await stores.cases.open(Identity("telegram", str(number)), real_clock(), "zh-CN")
    finally:
        await stores.close()


async def talk(people: Sequence[Person], bot: FakeBot, seed: random.Random) -> None:
    """Everybody says everything, a little ahead of the answers."""

    async def one(person: Person) -> None:
        for text in SAYINGS:
            await person.say(text)
            await asyncio.sleep(seed.random() * 0.1)
            while len(bot.updates.waiting) > CHATS:
                await asyncio.sleep(0.01)

    await asyncio.gather(*map(one, people))


async def sends(bot: FakeBot, more: int, all_of_them: int) -> bool:
    """Wait for so many more messages of the bot; False when it has said everything before."""
    goal = len(bot.called("sendMessage")) + more
    async with asyncio.timeout(60):
        while len(bot.called("sendMessage")) < goal:
            if len(bot.called("sendMessage")) >= all_of_them:
                return False
            await asyncio.sleep(0.001)
    return True


async def all_said(bot: FakeBot, people: Sequence[Person], expected: Sequence[str]) -> None:
    """Wait until nobody misses a message: the last one may stand further up, too."""
    await bot.updates.emptied(30)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        shown = [[one.text for one in await person.messages()] for person in people]
        if not any(missing(texts, expected) for texts in shown):
            return
        await asyncio.sleep(0.05)


# A short lease where a killed process leaves messages behind; else one nobody outlives.
@pytest.mark.parametrize(
    "end, lease", [(signal.SIGKILL, 1.0), (signal.SIGTERM, 60.0)], ids=["kill", "term"]
)
async def test_whenever_a_process_ends_the_next_one_goes_on_as_if_nothing_had_happened(
    telegram: FakeTelegram,
    bot: FakeBot,
    library: Library,
    tmp_path: Path,
    end: signal.Signals,
    lease: float,
) -> None:
    seed = random.Random(20261124 + end)
    people = [Person(bot, 5000 + number) for number in range(CHATS)]
    expected_case, expected = await undisturbed(5000)
    ends = 0
    with lives(tmp_path, telegram, library, lease) as process:
        talking = asyncio.create_task(talk(people, bot, seed))
        life = await begin(process)
        while await sends(bot, seed.randrange(1, 12), len(expected) * CHATS):
            await asyncio.sleep(seed.random() * 0.02)
            os.kill(life, end)
            status = await ended(process)
            assert status == (-signal.SIGKILL if end == signal.SIGKILL else 0)
            ends += 1
            life = await begin(process)
        await talking
        await all_said(bot, people, expected)
        os.kill(life, signal.SIGTERM)
        assert await ended(process) == 0
        assert process.ended() == 0
    assert ends >= 6
    again = 0
    for person in people:
        again += repeats([one.text for one in await person.messages()], expected)
        case = await stored_case(tmp_path, person.number)
        assert answers(case) == answers(expected_case)
        assert case.attention.pending == expected_case.attention.pending
        assert case.attention.failures == expected_case.attention.failures
    # One message of a chat can be in flight at a time.
    assert again <= (ends * CHATS if end == signal.SIGKILL else 0)
