"""Deletions on a simulated clock, as `beian chat --json` rehearses them."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.chat_json import JsonChat
from bot.chatting import LOCAL
from bot.clock import SimulatedClock
from bot.settings import Settings
from bot.wiring import open_program
from dialogs.world import SHANGHAI
from tests.dialogs.talk import HAPPY


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[JsonChat]:
    """A conversation in which a filing has just begun."""
    clock = SimulatedClock(datetime(2026, 11, 24, 9, tzinfo=SHANGHAI))
    settings = Settings(_env_file=None, home=tmp_path)
    async with open_program(settings, clock, in_memory=True) as program:
        chat = JsonChat.of(program, clock, LOCAL, "zh-CN")
        await chat.take('{"say": "你好"}')
        await chat.take('{"press": "answer:consent_processing:agree"}')
        yield chat


def said(answer: dict[str, Any]) -> str:
    """All that was said, in one text."""
    return "\n".join(reply["text"] for reply in answer["replies"])


async def test_what_was_asked_to_be_deleted_is_gone_a_day_later(chat: JsonChat) -> None:
    await chat.take('{"say": "删除我的所有资料"}')
    await chat.take('{"press": "yes:erase"}')
    before = await chat.take('{"advance": "PT23H"}')
    assert (said(before), before["state"]["answered"]) == ("", 1)
    after = await chat.take('{"advance": "PT2H"}')
    assert "现在全部删除" in said(after)
    assert (after["state"]["filing"], after["state"]["answered"]) == (None, 0)
    assert after["state"]["now"] == "2026-11-25T10:00:00+08:00"
    assert "您好" in said(await chat.take('{"say": "你好"}'))


async def test_a_word_in_time_keeps_everything(chat: JsonChat) -> None:
    await chat.take('{"say": "删除我的所有资料"}')
    await chat.take('{"press": "yes:erase"}')
    await chat.take('{"say": "保留"}')
    after = await chat.take('{"advance": "P7D"}')
    assert "现在全部删除" not in said(after)
    assert after["state"]["answered"] == 1


async def test_what_had_its_time_is_gone_after_the_night(chat: JsonChat) -> None:
    for step, value in HAPPY.items():
        await chat.take(json.dumps({"press": f"answer:{step}:{value}"}))
        if step == "phone":
            break
    await chat.take('{"say": "放弃备案"}')
    before = await chat.take('{"press": "yes:withdraw"}')
    assert "phone" in before["state"]["values"]
    after = (await chat.take('{"advance": "P31D"}'))["state"]
    assert "phone" not in after["values"]
    assert after["blanked"]["phone"].startswith("2026-12-25")
    assert after["values"]["domain"] == HAPPY["domain"]
    again = await chat.take('{"press": "cmd:resume"}')
    assert "按规定删除" in said(again)
    assert again["state"]["asking"] == "principal_name"


async def test_what_lies_still_is_announced_in_the_morning_and_goes_a_week_later(
    chat: JsonChat,
) -> None:
    announced = await chat.take('{"advance": "P92D"}')
    assert "90 天没来了" in said(announced)
    assert "3月1日周一 10:05" in said(announced)
    gone = await chat.take('{"advance": "P7D"}')
    assert "现在全部删除" in said(gone)
    assert gone["state"]["filing"] is None
