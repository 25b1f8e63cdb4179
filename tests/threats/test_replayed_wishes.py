"""A wish to have all deleted, its yes and its taking back: each delivered again and again."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx
from fastapi import FastAPI

from bot.clock import SimulatedClock
from bot.privacy.erasing import erase
from bot.telegram.compose import key_data
from bot.telegram.core import TelegramCore
from bot.telegram.service import TelegramConfig, open_client
from bot.telegram.webhook import PATH, webhook_router
from dialogs.assistant import Assistant
from dialogs.message import Identity, Inbound
from dialogs.turn.rights import THINKING
from dialogs.world import World
from scheduler.erasing import TO_SEND, ErasingJob
from storage.ports import Stores
from tests.bot.telegram.running import TOKEN
from tests.bot.web.real import START, real_assistant
from tests.threats.replaying import COPIES, copies_at_once, http, started
from tests.threats.served import NO_LIMIT

WHO = Identity("telegram", "7")


@dataclass(frozen=True, slots=True)
class Life:
    """One process with Telegram's door. ``refused`` lists why something was not taken."""

    assistant: Assistant
    stores: Stores
    app: FastAPI
    refused: list[str]

    async def hear(self, text: str | None = None, button: str | None = None) -> None:
        """Somebody's own words or button, past the door."""
        at = self.assistant.clock()
        await self.assistant.handle(Inbound(WHO, uuid4().hex, at, text=text, button=button))

    async def key(self, value: str) -> str:
        """The data behind the latest key that means this."""
        for entry in reversed(await self.stores.transcript.since(WHO, 0)):
            buttons = entry.said.buttons if entry.said is not None else ()
            for place, button in enumerate(buttons):
                if button.value == value and entry.outgoing_id is not None:
                    return key_data(entry.outgoing_id, place)
        raise AssertionError(f"no key for {value}")

    async def replay(self, data: str, update_id: int) -> None:
        """The press of a key comes five times at once; each is acknowledged."""
        assert await copies_at_once(partial(self._press, data, update_id)) == [200] * COPIES

    async def _press(self, data: str, update_id: int) -> httpx.Response:
        person = {"id": 7, "is_bot": False, "first_name": "人"}
        message = {"message_id": 1, "date": 1_790_000_000, "chat": {"id": 7, "type": "private"}}
        query = {"id": "1", "from": person, "message": message, "chat_instance": "1", "data": data}
        update = json.dumps({"update_id": update_id, "callback_query": query})
        headers = {"X-Telegram-Bot-Api-Secret-Token": "secret"}
        async with http(self.app) as telegram:
            return await telegram.post(PATH, content=update.encode(), headers=headers)

    async def told(self, key: str) -> int:
        """How often a sentence was said."""
        opening = self.assistant.world.wording.say(key, "zh-CN", at="").partition("{{")[0][:8]
        said = (one.said for one in await self.stores.transcript.since(WHO, 0))
        return sum(one is not None and one.text.startswith(opening) for one in said)


@asynccontextmanager
async def life(home: Path, world: World, clock: SimulatedClock) -> AsyncIterator[Life]:
    """A process from its start to its end."""
    async with started(home, clock) as stores:
        client = open_client(TelegramConfig(TOKEN, "http://127.0.0.1:9"))
        assistant, app = real_assistant(world, clock, stores), FastAPI()
        refused: list[str] = []
        core = TelegramCore(
            assistant, stores.outbox, client, clock, count=refused.append, flood=NO_LIMIT
        )
        app.include_router(webhook_router(core.take, "secret"))
        yield Life(assistant, stores, app, refused)
        await core.finish()
        await client.close()


async def asked_to_delete(now: Life) -> str:
    """Somebody with a filing has asked; the key that says yes."""
    await now.hear(button="cmd:resume")
    await now.hear(button="answer:consent_processing:agree")
    await now.hear(text="/delete")
    return await now.key("yes:erase")


async def test_a_yes_counts_once_and_never_again_once_it_was_taken_back(
    home: Path, world: World
) -> None:
    clock = SimulatedClock(START)
    async with life(home, world, clock) as now:
        yes = await asked_to_delete(now)
        await now.replay(yes, 1)
        erasing = (await now.assistant.case(WHO)).erasing
        assert erasing is not None and erasing.due_at == clock() + THINKING
        assert await now.told("right.delete_ordered") == 1
    clock.advance(timedelta(hours=1))
    async with life(home, world, clock) as now:
        await now.replay(yes, 1)
        await now.replay(yes, 2)  # the key pressed anew
        assert (await now.assistant.case(WHO)).erasing == erasing  # neither sooner nor later
        assert await now.told("right.delete_ordered") == 1
        keep = await now.key("cmd:keep_all")
        await now.replay(keep, 3)
        assert (await now.assistant.case(WHO)).erasing is None
        assert await now.told("right.kept_after_all") == 1
    async with life(home, world, clock) as now:
        for data, update_id in ((yes, 1), (yes, 4), (keep, 3)):
            await now.replay(data, update_id)
        case = await now.assistant.case(WHO)
        assert case.erasing is None and case.filing is not None
        assert await now.told("right.kept_after_all") == 1


async def test_taking_it_back_when_it_is_done_brings_nothing_back(home: Path, world: World) -> None:
    clock = SimulatedClock(START)
    async with life(home, world, clock) as now:
        yes = await asked_to_delete(now)
        await now.replay(yes, 1)
        keep = await now.key("cmd:keep_all")
        clock.advance(THINKING)
        job = ErasingJob(
            now.assistant, now.stores.erasing, lambda gone: erase(now.stores, gone), clock
        )
        assert (await job.run()).told == 1
        await now.replay(keep, 2)  # too late: the last words are said
        assert (await now.assistant.case(WHO)).erasing is not None
        clock.advance(TO_SEND)
        assert (await job.run()).erased == 1
    for _ in range(2):
        async with life(home, world, clock) as now:
            await now.replay(keep, 2)
            await now.replay(yes, 1)
            assert now.refused == ["stale_button"] * (2 * COPIES)
            case = await now.assistant.case(WHO)
            assert (case.version, case.filings, case.erasing) == (0, {}, None)
            assert not await now.stores.transcript.since(WHO, 0)
