"""Somebody at a terminal reads what a colleague says, as it is said."""

import asyncio
import io
from pathlib import Path

from bot.terminal import Terminal
from desk.claims import Claims
from dialogs.case import Colleague
from dialogs.message import Identity
from storage.memory import memory_stores
from tests.bot.web.real import START, real_world
from tests.desk.office import Office

LI = Colleague("a1", "小李")


async def test_a_colleagues_words_appear_once_and_below_their_name(
    tmp_path: Path,
) -> None:
    office = Office(real_world(), memory_stores(lambda: START))
    identity, screen = Identity("terminal", "1"), io.StringIO()
    terminal = Terminal(office.assistant, office.clock, identity, "zh-CN", tmp_path, screen)
    await terminal.greet()
    following = asyncio.create_task(terminal.follow(office.stores.transcript, every=0.01))
    await asyncio.sleep(0.05)  # what was said until now is old
    scope = (await office.assistant.case(identity)).conversation_id
    claims = Claims(office.assistant, office.stores.claims, office.clock)
    await claims.take(LI, scope)
    await claims.say(LI, scope, "您好，我来看。")
    await terminal.take("谢谢")
    async with asyncio.timeout(30):
        while "👤 客服小李\n您好，我来看。" not in screen.getvalue():
            await asyncio.sleep(0.01)
    await claims.hand_back(LI, scope)
    await asyncio.sleep(0.05)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    for words in ("您好，我来看。", "客服小李来了", "客服小李已离开"):
        assert screen.getvalue().count(words) == 1
