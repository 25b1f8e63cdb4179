"""Telegram updates as they come off the wire: one user's messages, as raw JSON."""

import json
from collections.abc import Sequence

FIRST_CHAT = 700_000_000


def update(chat: int, number: int, text: str) -> bytes:
    """The ``number``-th message of a private chat."""
    person = {"id": chat, "is_bot": False, "first_name": "样例", "language_code": "zh-hans"}
    message: dict[str, object] = {
        "message_id": number + 1,
        "from": person,
        "chat": {"id": chat, "type": "private", "first_name": "样例"},
        "date": 1_790_000_000 + number,
        "text": text,
    }
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    update_id = (chat - FIRST_CHAT) * 1000 + number + 1
    return json.dumps({"update_id": update_id, "message": message}).encode()


def conversation(chat: int, texts: Sequence[str]) -> tuple[bytes, ...]:
    """One user's whole conversation."""
    return tuple(update(chat, number, text) for number, text in enumerate(texts))
