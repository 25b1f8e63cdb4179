"""People who write to the bot, press its keys and read what it says."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.testing.telegram.bots import Chat, FakeBot
from bot.testing.waiting import Onlooker

_queries = count(1)


@dataclass(frozen=True, slots=True)
class ShownKey:
    """One key under a message."""

    label: str
    data: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot as it looks now."""

    id: int
    text: str
    buttons: tuple[ShownKey, ...]
    raw: dict[str, Any]

    def button(self, wanted: str) -> ShownKey:
        """The key with this label, else this data; KeyError if there is none."""
        for one in self.buttons:
            if wanted == one.label:
                return one
        for one in self.buttons:
            if wanted == one.data:
                return one
        raise KeyError(wanted)


class Person(Onlooker[Shown]):
    """Somebody with a private chat to the bot."""

    def __init__(self, bot: FakeBot, number: int = 1001, language: str | None = "zh-hans") -> None:
        self.bot = bot
        self.number = number
        self.language = language
        bot.chats.setdefault(number, Chat(self.chat))

    @property
    def profile(self) -> dict[str, Any]:
        """The person as a ``User``."""
        known = {"id": self.number, "is_bot": False, "first_name": "Visitor"}
        return {**known, "language_code": self.language} if self.language else known

    @property
    def chat(self) -> dict[str, Any]:
        """The private chat."""
        return {"id": self.number, "type": "private", "first_name": "Visitor"}

    async def say(self, text: str) -> int:
        """Send a text; its message id."""
        content: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return await self.send(**content)

    async def send(self, **content: Any) -> int:
        """Send a message with any content; its message id."""
        self.bot.chats[self.number].started = True
        message = self._message(**content)
        self.bot.keep(message)
        self.bot.tell("message", message)
        return int(message["message_id"])

    async def send_file(
        self, name: str, content: bytes, mime: str = "application/pdf", *, photo: bool = False
    ) -> int:
        """Send a file as a document, or as a photo."""
        file_id = f"file-{len(self.bot.files) + 1}"
        self.bot.files[file_id] = content
        file = {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content)}
        if photo:
            return await self.send(photo=[{**file, "width": 1400, "height": 990}])
        return await self.send(document={**file, "file_name": name, "mime_type": mime})

    async def edit(self, message_id: int, text: str) -> None:
        """Change a message sent before."""
        message = {
            **self.bot.messages[self.number][message_id],
            "text": text,
            "edit_date": int(self.bot.now()),
        }
        self.bot.keep(message)
        self.bot.tell("edited_message", message)

    async def press(self, message: Shown, button: str) -> str:
        """Press a key by its label or data; the query's id."""
        return await self.press_data(message, message.button(button).data or "")

    async def press_data(self, message: Shown, data: str) -> str:
        """Press a key with this data, even one the message no longer has."""
        query = f"query-{next(_queries)}"
        self.bot.queries[query] = None
        self.bot.tell(
            "callback_query",
            {
                "id": query,
                "from": self.profile,
                "message": {**message.raw, "chat": self.chat},
                "chat_instance": str(self.number),
                "data": data,
            },
        )
        return query

    async def block(self) -> None:
        """Block the bot."""
        self._membership("kicked", blocked=True)

    async def unblock(self) -> None:
        """Let the bot in again."""
        self._membership("member", blocked=False)

    async def messages(self) -> tuple[Shown, ...]:
        """What the bot says in this chat, oldest first, without what was deleted."""
        return shown(self.bot, self.number)

    def _message(self, **content: Any) -> dict[str, Any]:
        return {
            "message_id": self.bot.next_message_id(),
            "date": int(self.bot.now()),
            "from": self.profile,
            "chat": self.chat,
            **content,
        }

    def _membership(self, status: str, *, blocked: bool) -> None:
        self.bot.chats[self.number].blocked = blocked
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        self.bot.tell(
            "my_chat_member",
            {
                "chat": self.chat,
                "from": self.profile,
                "date": int(self.bot.now()),
                "old_chat_member": {"user": self.bot.profile, "status": old, "until_date": 0},
                "new_chat_member": {"user": self.bot.profile, "status": new, "until_date": 0},
            },
        )


class Group:
    """A chat several people read; its number is negative."""

    def __init__(self, bot: FakeBot, number: int, kind: str = "supergroup") -> None:
        self.bot = bot
        self.chat = {"id": number, "type": kind, "title": "Test group"}
        bot.chats.setdefault(number, Chat(self.chat, started=True))

    async def say(self, person: Person, text: str) -> None:
        """Somebody writes where all can read."""
        message = {**person._message(text=text), "chat": self.chat}
        self.bot.keep(message)
        self.bot.tell("message", message)

    async def messages(self) -> tuple[Shown, ...]:
        """What the bot says here."""
        return shown(self.bot, int(str(self.chat["id"])))


def shown(bot: FakeBot, chat_id: int) -> tuple[Shown, ...]:
    """The bot's own messages in a chat, oldest first."""
    return tuple(
        _shown(message)
        for _, message in sorted(bot.messages.get(chat_id, {}).items())
        if message["from"]["id"] == bot.id
    )


def _shown(message: dict[str, Any]) -> Shown:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    keys = tuple(
        ShownKey(key["text"], key.get("callback_data"), key.get("url"))
        for row in rows
        for key in row
    )
    text = message.get("text", message.get("document", {}).get("file_name", ""))
    return Shown(message["message_id"], text, keys, message)
