"""One contract for every channel: the same people, the same filings, the same ends."""

import io
import json
import shlex
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

import httpx
import pytest

from bot.chat_json import JsonChat
from bot.clock import SimulatedClock
from bot.materials.receiving import Door
from bot.pacing import Rate
from bot.settings import Settings
from bot.state import state_as_data
from bot.telegram.service import TelegramConfig
from bot.terminal import Terminal
from bot.testing.telegram import FakeTelegram, Person
from bot.testing.wechat import FakeWeChat, Follower
from bot.testing.wecom import Customer, FakeWeCom
from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.wiring import Program, open_program
from desk.claims import Claims
from dialogs.case import Colleague
from dialogs.message import Identity
from dialogs.standing import standing
from tests.bot.materials.files import pdf, picture
from tests.bot.telegram.chat import TelegramChat
from tests.bot.telegram.running import TOKEN, running
from tests.bot.web.asking import send_file
from tests.bot.web.real import START
from tests.bot.wechat.running import Running as RunningWeChat
from tests.bot.wechat.running import running as running_wechat
from tests.bot.wecom.running import Running as RunningWeCom
from tests.bot.wecom.running import running as running_wecom
from tests.transcripts import Applicant, Script, play, scripts

READING = timedelta(seconds=3)
"""How long somebody takes before they go on."""


class OnChannel:
    """Looks behind the scenes for whoever is on a channel."""

    def __init__(self, program: Program, identity: Identity) -> None:
        self.program = program
        self.identity = identity

    async def state(self) -> dict[str, Any]:
        """The conversation's state."""
        assistant = self.program.assistant
        case = await assistant.case(self.identity)
        return state_as_data(case, standing(case, assistant.clock(), assistant.world))


class OnTerminal(OnChannel):
    """Somebody typing in a terminal."""

    def __init__(self, program: Program) -> None:
        super().__init__(program, Identity("terminal", "somebody"))
        self.screen = io.StringIO()
        self.terminal = Terminal(
            program.assistant,
            program.assistant.clock,
            self.identity,
            "zh-CN",
            program.settings.home,
            self.screen,
            program.receiver,
        )

    async def say(self, text: str) -> None:
        """Type a line."""
        await self.terminal.take(text)

    async def send_files(self, *paths: Path) -> None:
        """Name files to send."""
        await self.terminal.take("/file " + " ".join(shlex.quote(str(path)) for path in paths))

    async def press(self, value: str) -> None:
        """Type the number of a choice."""
        values = [button.value for button in self.terminal.shown]
        await self.terminal.take(str(values.index(value) + 1))


class OnWeb(OnChannel):
    """Somebody with the page's own requests."""

    def __init__(self, program: Program, client: httpx.AsyncClient, identity: Identity) -> None:
        super().__init__(program, identity)
        self.client = client

    async def say(self, text: str) -> None:
        """Send what was typed."""
        await self._post(text=text)

    async def send_files(self, *paths: Path) -> None:
        """Send chosen files, as the page does: one after another."""
        for path in paths:
            answer = await send_file(self.client, path.read_bytes(), quote(path.name))
            assert answer.status_code == 200, answer.text

    async def press(self, value: str) -> None:
        """Send a pressed button."""
        await self._post(button=value, label=value)

    async def _post(self, **content: str) -> None:
        answer = await self.client.post(
            "/api/v1/chat/messages", json={"id": str(uuid.uuid4()), "locale": "zh-CN", **content}
        )
        assert answer.status_code == 200, answer.text


class OnTelegram(OnChannel):
    """Somebody in a private chat with the bot."""

    def __init__(self, program: Program, chat: TelegramChat[Any], identity: Identity) -> None:
        super().__init__(program, identity)
        self.chat = chat

    async def say(self, text: str) -> None:
        """Write."""
        await self.chat.say(text)

    async def send_files(self, *paths: Path) -> None:
        """Send pictures as photos and all else as documents."""
        for path in paths:
            photo = path.suffix == ".jpg"
            await self.chat.person.send_file(path.name, path.read_bytes(), photo=photo)
        await self.chat.settle()

    async def press(self, value: str) -> None:
        """Press the key that stands for a value."""
        word = value.rpartition(":")[2]
        await self.chat.press(self.program.world.wording.say(f"button.{word}", "zh-CN"))


class OnWeChat(OnChannel):
    """Somebody who follows the account."""

    def __init__(self, program: Program, running: RunningWeChat, follower: Follower) -> None:
        super().__init__(program, Identity("wechat", follower.openid))
        self.running = running
        self.follower = follower

    async def say(self, text: str) -> None:
        """Write."""
        await self.follower.say(text)
        await self.running.settle()

    async def press(self, value: str) -> None:
        """Tap the line that stands for a value, or type its number."""
        word = value.rpartition(":")[2]
        await self.follower.press(self.program.world.wording.say(f"button.{word}", "zh-CN"))
        await self.running.settle()


class OnWeCom(OnChannel):
    """Somebody who writes to customer service."""

    def __init__(self, program: Program, running: RunningWeCom, customer: Customer) -> None:
        super().__init__(program, Identity("wecom", customer.external_id))
        self.running = running
        self.customer = customer

    async def say(self, text: str) -> None:
        """Write."""
        await self.running.say(self.customer, text)

    async def send_files(self, *paths: Path) -> None:
        """Send pictures as such and all else as files."""
        for path in paths:
            self.running.clock.advance(READING)
            content, is_photo = path.read_bytes(), path.suffix == ".jpg"
            await self.customer.send_file(path.name, content, photo=is_photo)
            await self.running.settle()

    async def press(self, value: str) -> None:
        """Tap the line that stands for a value, or type its number."""
        self.running.clock.advance(READING)
        word = value.rpartition(":")[2]
        await self.customer.press(self.program.world.wording.say(f"button.{word}", "zh-CN"))
        await self.running.settle()


class OnJson:
    """A program that drives the assistant line by line."""

    def __init__(self, program: Program, clock: SimulatedClock) -> None:
        self.program, self.identity = program, Identity("terminal", "json")
        self.session = JsonChat.of(program, clock, self.identity, "zh-CN")
        self.last: dict[str, Any] = {}

    async def say(self, text: str) -> None:
        """Send a say line."""
        self.last = await self.session.take(json.dumps({"say": text}))

    async def send_files(self, *paths: Path) -> None:
        """Send files by their paths."""
        self.last = await self.session.take(json.dumps({"send_file": [str(one) for one in paths]}))

    async def press(self, value: str) -> None:
        """Send a press line."""
        self.last = await self.session.take(json.dumps({"press": value}))

    async def state(self) -> dict[str, Any]:
        """The state of the last answer."""
        state: dict[str, Any] = self.last["state"]
        return state


Opened: TypeAlias = Callable[[AsyncExitStack, Program, SimulatedClock], Any]


async def on_terminal(_: AsyncExitStack, program: Program, __: SimulatedClock) -> Applicant:
    return OnTerminal(program)


async def on_json(_: AsyncExitStack, program: Program, clock: SimulatedClock) -> Applicant:
    return OnJson(program, clock)


async def on_web(stack: AsyncExitStack, program: Program, _: SimulatedClock) -> Applicant:
    seen: list[Identity] = []
    program.assistant.listeners.append(seen.append)
    unhurried = WebConfig(person=Rate(burst=500, per_second=50), address=Rate(1000, 50))
    app = create_app(
        unhurried,
        assistant=program.assistant,
        transcript=program.stores.transcript,
        files=program.receiver,
    )
    transport = httpx.ASGITransport(app)
    client = await stack.enter_async_context(
        httpx.AsyncClient(transport=transport, base_url="http://test")
    )
    client.headers["Origin"] = "http://test"
    await client.get("/")
    visitor = OnWeb(program, client, Identity("web", ""))
    await visitor.say("你好")
    visitor.identity = seen[-1]
    return visitor


@asynccontextmanager
async def _telegram(program: Program, library: Any) -> AsyncIterator[OnTelegram]:
    async with FakeTelegram() as server:
        bot = server.add_bot(TOKEN)
        config = TelegramConfig(TOKEN, server.base_url, library, long_poll=2)
        door = Door(program.assistant, program.receiver)
        async with running(config, program.assistant, program.stores, door=door) as at_work:
            person = Person(bot)
            chat: TelegramChat[Any] = TelegramChat(person, lambda: at_work.settle_with(bot))
            yield OnTelegram(program, chat, Identity("telegram", str(person.number)))


async def on_aiogram(stack: AsyncExitStack, program: Program, _: SimulatedClock) -> Applicant:
    return await stack.enter_async_context(_telegram(program, "aiogram"))


async def on_ptb(stack: AsyncExitStack, program: Program, _: SimulatedClock) -> Applicant:
    return await stack.enter_async_context(_telegram(program, "ptb"))


async def on_wechat(stack: AsyncExitStack, program: Program, clock: SimulatedClock) -> Applicant:
    server = await stack.enter_async_context(FakeWeChat(now=clock))
    running = await stack.enter_async_context(
        running_wechat(server, program.assistant, program.stores, clock)
    )
    follower = Follower(server.account)
    await follower.subscribe()
    await running.settle()
    stack.callback(lambda: _within_the_rules(server))
    return OnWeChat(program, running, follower)


async def on_wecom(stack: AsyncExitStack, program: Program, clock: SimulatedClock) -> Applicant:
    server = await stack.enter_async_context(FakeWeCom(now=clock, patience=60))
    running = await stack.enter_async_context(running_wecom(server, program, clock))
    customer = Customer(server.corp)
    await customer.enter()
    await running.settle()
    stack.callback(lambda: _spoken_in_turn(server))
    return OnWeCom(program, running, customer)


def _spoken_in_turn(server: FakeWeCom) -> None:
    assert server.corp.outside_the_rules() == []
    assert set(server.callbacks.statuses) <= {200, None}  # None: posted again


def _within_the_rules(server: FakeWeChat) -> None:
    assert server.account.outside_the_rules() == []
    assert [one.odd for one in server.callbacks.posted if one.odd] == []


@pytest.mark.parametrize(
    "channel", [on_terminal, on_json, on_web, on_aiogram, on_ptb, on_wechat, on_wecom]
)
@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.name[:40])
async def test_a_filing_is_completed_on_every_channel(
    script: Script, channel: Opened, tmp_path: Path
) -> None:
    clock = SimulatedClock(script.at)
    settings = Settings(_env_file=None, home=tmp_path)
    async with open_program(settings, clock) as program, AsyncExitStack() as stack:
        state = await play(script, await channel(stack, program, clock))
        assert {"stage": state["stage"], **state["values"]}.items() >= script.expect.items()


@pytest.mark.parametrize("channel", [on_terminal, on_json, on_web, on_aiogram, on_ptb, on_wecom])
async def test_files_come_in_by_the_same_door_on_every_channel(
    channel: Opened, tmp_path: Path
) -> None:
    photo, paper, letter = (tmp_path / name for name in ("执照 1.jpg", "证书.pdf", "授权书.docx"))
    photo.write_bytes(picture("JPEG", comment=b"SECRET"))
    paper.write_bytes(pdf("一", "二"))
    letter.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60)
    clock = SimulatedClock(START)
    settings = Settings(_env_file=None, home=tmp_path)
    async with (
        open_program(settings, clock, in_memory=True) as program,
        AsyncExitStack() as stack,
    ):
        somebody = await channel(stack, program, clock)
        await somebody.say("你好")
        await somebody.send_files(photo)  # nobody asked for one
        case = await program.assistant.case(somebody.identity)
        claims = Claims(program.assistant, program.stores.claims, clock)
        await claims.take(Colleague("a1", "小李"), case.conversation_id)
        await somebody.send_files(photo, paper, letter)
        entries = await program.stores.transcript.latest(somebody.identity, 50)
        first, *kept = [one.files for one in entries if "📎" in (one.heard or "")]
        assert first == ()
        files = [file for several in kept for file in several]
        assert [file.media_type for file in files] == ["image/jpeg"] * 3
        for file in files:
            content = (await program.stores.files.get(file.file_id)).content
            assert content.startswith(b"\xff\xd8\xff")
            assert b"SECRET" not in content
        refusal = program.world.wording.say("invalid.file.office", "zh-CN")
        assert [one.said.text for one in entries if one.said].count(refusal) == 1
