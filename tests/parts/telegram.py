"""A Bot API server on loopback that nobody here wrote, and people who write to a bot on it."""

import asyncio
import base64
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.parts.missing import give_up
from tests.parts.node import FOLDER, find_node, packages_fetched

PATIENCE = 30.0
"""Seconds to wait for a bot before a test fails."""

CURE = "run make parts"

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a bot's message."""

    label: str
    data: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class BotMessage:
    """A message as the person sees it now, edits included."""

    id: int
    text: str
    buttons: tuple[Button, ...]
    raw: dict[str, Any]

    def button(self, wanted: str) -> Button:
        """The button with this label or, failing that, this data; KeyError if there is none."""
        for one in self.buttons:
            if wanted == one.label:
                return one
        for one in self.buttons:
            if wanted == one.data:
                return one
        raise KeyError(wanted)


def _read(raw: dict[str, Any]) -> BotMessage:
    rows = raw.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = tuple(
        Button(one["text"], one.get("callback_data"), one.get("url")) for row in rows for one in row
    )
    return BotMessage(raw["message_id"], raw.get("text", raw.get("caption", "")), buttons, raw)


@dataclass(frozen=True, slots=True)
class TelegramTestApi:
    """The server, for one bot of the test's own."""

    base_url: str
    token: str
    http: httpx.AsyncClient = field(repr=False)

    def user(self, number: int = 1001, language: str = "zh-hans") -> "TelegramUser":
        """A person with a private chat to the bot."""
        return TelegramUser(self, number, language)

    async def calls(self, method: str | None = None) -> list[dict[str, Any]]:
        """What the bot has called so far, each with `method` and `params`, oldest first."""
        made: list[dict[str, Any]] = await self.post("/test/calls", {"token": self.token})
        return [call for call in made if method in (None, call["method"])]

    async def pending(self) -> list[dict[str, Any]]:
        """Updates the bot has not confirmed."""
        waiting: list[dict[str, Any]] = await self.post("/test/pending", {"token": self.token})
        return waiting

    async def send_update(self, update: dict[str, Any]) -> None:
        """Hands the bot any update; its `update_id` is given by the server."""
        await self.post("/test/update", {"token": self.token, "update": update})

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """Posts to the server's side for tests and returns the JSON it answers."""
        response = await self.http.post(path, json=body)
        response.raise_for_status()
        return response.json()


@dataclass(frozen=True, slots=True)
class TelegramUser:
    """A person who writes, presses and reads."""

    api: TelegramTestApi
    number: int
    language: str

    @property
    def profile(self) -> dict[str, Any]:
        """The person as an update's `from`."""
        return {
            "id": self.number,
            "is_bot": False,
            "first_name": "Test person",
            "language_code": self.language,
        }

    @property
    def chat(self) -> dict[str, Any]:
        """The private chat as an update's `chat`."""
        return {"id": self.number, "type": "private", "first_name": "Test person"}

    def _envelope(self) -> dict[str, Any]:
        return {"botToken": self.api.token, "from": self.profile, "chat": self.chat}

    async def say(self, text: str) -> None:
        """Sends a text; one that begins with a slash goes as a command."""
        message = {**self._envelope(), "text": text, "date": int(time.time())}
        if not text.startswith("/"):
            await self.api.post("/sendMessage", message)
            return
        length = len(text.split(maxsplit=1)[0])
        entities = [{"type": "bot_command", "offset": 0, "length": length}]
        await self.api.post("/sendCommand", {**message, "entities": entities})

    async def press(self, message: BotMessage, button: str) -> None:
        """Presses a button of a message, named by its label or data."""
        await self.press_data(message, message.button(button).data or "")

    async def press_data(self, message: BotMessage, data: str) -> None:
        """Presses a button with this data, even one that the message no longer has."""
        query = {**self._envelope(), "message": message.raw, "data": data}
        del query["chat"]
        await self.api.post("/sendCallback", query)

    async def send_file(
        self, name: str, content: bytes, mime: str = "application/pdf", *, photo: bool = False
    ) -> None:
        """Sends a file as a document, or as a photo."""
        await self.api.post(
            "/test/file",
            {
                "token": self.api.token,
                "message": self._envelope(),
                "kind": "photo" if photo else "document",
                "name": name,
                "mime": mime,
                "base64": base64.b64encode(content).decode(),
            },
        )

    async def messages(self) -> tuple[BotMessage, ...]:
        """What the bot shows in the chat, oldest first, without what it deleted."""
        body = {"token": self.api.token, "chat_id": self.number}
        return tuple(_read(raw) for raw in await self.api.post("/test/messages", body))

    async def wait_for(
        self, expected: Callable[[tuple[BotMessage, ...]], bool], patience: float = PATIENCE
    ) -> tuple[BotMessage, ...]:
        """The bot's messages once they are as expected; AssertionError with them if never."""
        deadline = time.monotonic() + patience
        while not expected(shown := await self.messages()):
            if time.monotonic() > deadline:
                texts = [message.text for message in shown]
                raise AssertionError(f"not shown within {patience:g} s; shown: {texts}")
            await asyncio.sleep(0.02)
        return shown

    async def wait_for_text(self, text: str, patience: float = PATIENCE) -> BotMessage:
        """The newest of the bot's messages with this text in it."""
        shown = await self.wait_for(lambda all_: any(text in one.text for one in all_), patience)
        return next(one for one in reversed(shown) if text in one.text)


@pytest.fixture(scope="session")
def telegram_server() -> Iterator[str]:
    """Base URL of this worker's server, for all its bots."""
    node = find_node()
    if node is None or not packages_fetched():
        give_up("Telegram test server", CURE)
    script = Path(__file__).with_name("telegram_server.js")
    with subprocess.Popen(
        [node.program, str(script), str(FOLDER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin and server.stdout
        port = server.stdout.readline().strip()
        assert port, "the Telegram test server did not start"
        yield f"http://127.0.0.1:{port}"
        server.stdin.close()


@pytest.fixture
async def telegram_test_api(telegram_server: str) -> AsyncIterator[TelegramTestApi]:
    """A bot of this test's own on the server: address and token for it, people to write to it."""
    token = f"{next(_numbers)}:TEST-TOKEN-OF-NO-REAL-BOT-000000000"
    async with httpx.AsyncClient(base_url=telegram_server, timeout=PATIENCE) as http:
        yield TelegramTestApi(telegram_server, token, http)
