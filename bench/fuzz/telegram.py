"""Telegram's webhook under spoilt updates, with the real assistant behind it."""

import json
import random
import time
from collections import deque
from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI

from bench.fuzz.asking import ask
from bench.fuzz.campaign import Fault
from bench.fuzz.people import Behind
from bench.fuzz.spoiling import spoilt, spoilt_bytes, text
from bot.pacing import Rate
from bot.telegram.client import Command, Keyboard, Me
from bot.telegram.compose import key_data
from bot.telegram.core import TelegramCore
from bot.telegram.translate import COMMANDS
from bot.telegram.webhook import PATH, webhook_router
from dialogs.case import Case
from dialogs.message import Identity, Inbound
from dialogs.ports import Outgoing

_SECRET: Final = b"a-secret-of-this-run"
_HEADER: Final = b"x-telegram-bot-api-secret-token"
_PEOPLE: Final = (4_200_000_001, 4_200_000_002, 4_200_000_003)
_SOUND: Final = 4_200_009_999
_NO_LIMIT: Final = Rate(1e12, 1e12)


class Mute:
    """A Bot API that takes everything."""

    async def me(self) -> Me:
        return Me(1, "example_bot")

    async def updates(self, offset: int | None, wait: int) -> Sequence[Any]:
        return ()

    async def send_text(self, chat: int, text: str, keyboard: Keyboard | None) -> int:
        return 1

    async def send_file(self, chat: int, name: str, content: bytes) -> int:
        return 1

    async def send_picture(self, chat: int, name: str, content: bytes) -> int:
        return 1

    async def set_keyboard(self, chat: int, message: int, keyboard: Keyboard | None) -> None: ...

    async def delete(self, chat: int, message: int) -> None: ...

    async def answer_press(self, query: str, text: str | None) -> None: ...

    async def set_commands(self, commands: Sequence[Command], language: str | None) -> None: ...

    async def set_webhook(self, url: str, secret: str) -> None: ...

    async def delete_webhook(self) -> None: ...

    async def download(self, file_id: str) -> bytes:
        return b""

    async def close(self) -> None: ...


class Telegram:
    """The target: updates of every kind, from people who get somewhere."""

    def __init__(self) -> None:
        self._behind: Behind
        self._app: FastAPI
        self._keys: deque[str] = deque(maxlen=200)
        self._failed: list[str] = []
        self._core: TelegramCore
        self._number = 0
        self._beginning = 0

    async def begin(self) -> None:
        """Begin anew."""
        self._behind = Behind(self._beginning)
        self._beginning += 1
        self._failed = []
        self._keys.clear()
        self._core = TelegramCore(
            self,
            self._behind.stores.outbox,
            Mute(),
            self._behind.assistant.clock,
            username="example_bot",
            count=self._counted,
            flood=_NO_LIMIT,
        )
        self._app = FastAPI()
        self._app.include_router(webhook_router(self._core.take, _SECRET.decode()))

    async def handle(self, inbound: Inbound) -> Sequence[Outgoing]:
        """A turn; its keys can be pressed from now on."""
        said = (await self._behind.answering.handle(inbound)).outgoing
        for one in said:
            buttons = () if one.reply is None else one.reply.buttons
            self._keys += [key_data(one.id, place) for place in range(len(buttons))]
        return said

    async def connect(self, code: str, chat: str) -> bool:
        """See ``Assistant``."""
        return await self._behind.answering.connect(code, chat)

    async def case(self, identity: Identity) -> Case:
        """See ``Assistant``."""
        return await self._behind.answering.case(identity)

    async def feed(self, chance: random.Random) -> str:
        """Post an update, spoilt nine times out of ten: its JSON, its bytes, or its secret."""
        self._number += 1
        update: Any = self._update(chance)
        if chance.random() < 0.9:
            update = spoilt(update, chance, self._donors(chance))
        body = json.dumps(update, ensure_ascii=chance.random() < 0.7)
        content = body.encode("utf-8", "surrogatepass")
        if chance.random() < 0.08:
            content = spoilt_bytes(content, chance)
        headers = [(_HEADER, _SECRET)]
        if chance.random() < 0.03:
            headers = chance.choice(
                ([], [(_HEADER, spoilt_bytes(_SECRET, chance))], [headers[0]] * 2)
            )
        asked = await ask(self._app, "POST", PATH, content, headers=headers)
        if asked.status >= 500:
            raise Fault(f"status {asked.status} to {content[:300]!r}")
        right = headers == [(_HEADER, _SECRET)]
        if right is (asked.status in (401, 403)):
            raise Fault(f"status {asked.status} under {headers!r}")
        return str(asked.status)

    async def prove(self, number: int) -> None:
        """Somebody who writes plainly is heard."""
        said = f"第{number}句"
        update = self._message(_SOUND, text=said)
        asked = await ask(
            self._app, "POST", PATH, json.dumps(update).encode(), headers=[(_HEADER, _SECRET)]
        )
        lines = await self._behind.stores.transcript.latest(Identity("telegram", str(_SOUND)), 30)
        if asked.status != 200 or said not in [line.heard for line in lines]:
            raise Fault("a valid message had no effect")

    async def end(self) -> None:
        """Nothing was passed over for a fault of ours."""
        await self._core.finish()
        self._behind.see_that_nothing_failed()
        if self._failed:
            raise Fault(f"{len(self._failed)} updates were passed over")

    def _counted(self, reason: str) -> None:
        if reason == "failed":
            self._failed.append(reason)

    def _update(self, chance: random.Random) -> dict[str, Any]:
        return chance.choice((self._talk, self._talk, self._press, self._other))(chance)

    def _donors(self, chance: random.Random) -> list[Any]:
        return [self._talk(chance), self._press(chance), self._other(chance)]

    def _talk(self, chance: random.Random) -> dict[str, Any]:
        said = text(chance)
        if chance.random() < 0.1:
            said = f"/{chance.choice(tuple(COMMANDS))}"
        return self._message(chance.choice(_PEOPLE), text=said)

    def _press(self, chance: random.Random) -> dict[str, Any]:
        person = chance.choice(_PEOPLE)
        known = chance.choice(self._keys) if self._keys else "none.0"
        return {
            "update_id": self._number,
            "callback_query": {
                "id": str(self._number),
                "from": {"id": person, "is_bot": False, "first_name": "人"},
                "message": self._message(person, text="?")["message"],
                "chat_instance": "1",
                "data": known,
            },
        }

    def _other(self, chance: random.Random) -> dict[str, Any]:
        person = chance.choice(_PEOPLE)
        whole = self._message(person, text=text(chance))
        message = whole["message"]
        photo = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "file_size": 9}]
        document = {"file_id": "f", "file_name": text(chance), "mime_type": "image/png"}
        match chance.randrange(6):
            case 0:
                return {"update_id": self._number, "edited_message": {**message, "edit_date": 9}}
            case 1:
                return self._message(person, photo=photo, caption=text(chance))
            case 2:
                return self._message(person, document=document)
            case 3:
                return self._message(person, sticker={"file_id": "s"}, contact={"phone_number": ""})
            case 4:
                member = {"status": chance.choice(("kicked", "member"))}
                there = {"id": person, "type": "private"}
                change = {"chat": there, "from": {"id": person}, "new_chat_member": member}
                return {"update_id": self._number, "my_chat_member": change}
        group = {"id": -1001234567890, "type": chance.choice(("group", "supergroup", "channel"))}
        return {"update_id": self._number, "message": {**message, "chat": group}}

    def _message(self, person: int, **content: Any) -> dict[str, Any]:
        self._number += 1
        sender = {"id": person, "is_bot": False, "first_name": "人", "language_code": "zh-hans"}
        message = {
            "message_id": self._number,
            "from": sender,
            "chat": {"id": person, "type": "private", "first_name": "人"},
            "date": int(time.time()),
            **content,
        }
        return {"update_id": self._number, "message": message}
