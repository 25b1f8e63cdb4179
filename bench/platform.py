"""The Bot API without a network: answers each call as Telegram would, as raw JSON."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

TOKEN: Final = "123456:AAE-a-token-that-opens-nothing"

ME: Final = {
    "id": 123456,
    "is_bot": True,
    "first_name": "备案助手",
    "username": "rehearsal_bot",
    "can_join_groups": False,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}


@dataclass(slots=True)
class Platform:
    """Counts calls and messages by chat; every answer is encoded anew."""

    calls: Counter[str] = field(default_factory=Counter)
    messages: Counter[int] = field(default_factory=Counter)
    _ids: "count[int]" = field(default_factory=lambda: count(1))
    _awaited: dict[int, tuple[int, asyncio.Future[None]]] = field(default_factory=dict)

    def answer(self, method: str, parameters: Mapping[str, Any]) -> bytes:
        """The body of the response to one call."""
        self.calls[method] += 1
        result: object = True
        if method == "getMe":
            result = ME
        elif method in ("sendMessage", "editMessageText", "editMessageReplyMarkup"):
            chat = int(parameters["chat_id"])
            if method == "sendMessage":
                self._note_message(chat)
            result = {
                "message_id": 1_000_000 + next(self._ids),
                "from": ME,
                "chat": {"id": chat, "type": "private", "first_name": "样例"},
                "date": 1_790_000_000,
                "text": parameters.get("text", "…"),
            }
        return json.dumps({"ok": True, "result": result}).encode()

    async def reached(self, chat: int, messages: int) -> None:
        """Wait until a chat has got so many messages. One at a time for each chat."""
        if self.messages[chat] < messages:
            future = asyncio.get_running_loop().create_future()
            self._awaited[chat] = (messages, future)
            await future

    def _note_message(self, chat: int) -> None:
        self.messages[chat] += 1
        messages, future = self._awaited.get(chat, (0, None))
        if future is not None and self.messages[chat] >= messages:
            del self._awaited[chat]
            future.set_result(None)
