"""The few calls the channel makes to a Bot API server, whichever library makes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""Kinds of update the channel reads; Telegram keeps the others to itself."""

LONG_POLL = 25
"""Seconds the server may hold a call for updates when there are none."""

TIMEOUT = 10.0
"""Seconds for any other call; well inside the lease of an outgoing message."""

MAX_DOWNLOAD = 20 * 2**20
"""Bytes of the largest file a bot can fetch."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key under a message: ``data`` comes back when it is pressed, ``url`` opens a page."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Rows of keys under a message."""

    rows: tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True)
class Me:
    """The bot as Telegram knows it."""

    id: int
    username: str


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the commands menu."""

    name: str
    description: str


class Client(Protocol):
    """A bot's view of a Bot API server. Every call raises ``TelegramFault``."""

    async def me(self) -> Me:
        """Who this bot is."""
        ...

    async def updates(self, offset: int | None, wait: int) -> Sequence[Any]:
        """Unconfirmed updates as parsed JSON, oldest first; waits up to ``wait`` seconds for one.

        ``offset`` confirms every update with a lower id. Nothing is validated: one update
        nobody can read must not hold up the others.
        """
        ...

    async def send_text(self, chat: int, text: str, keyboard: Keyboard | None) -> int:
        """Send plain text, never markup, without link previews; the message's id."""
        ...

    async def send_file(self, chat: int, name: str, content: bytes) -> int:
        """Send a file as a document; the message's id."""
        ...

    async def send_picture(self, chat: int, name: str, content: bytes) -> int:
        """Send a picture that is shown in the chat; the message's id."""
        ...

    async def set_keyboard(self, chat: int, message: int, keyboard: Keyboard | None) -> None:
        """Replace the keys under a message of the bot."""
        ...

    async def delete(self, chat: int, message: int) -> None:
        """Delete a message, the applicant's own included (not older than 48 hours)."""
        ...

    async def answer_press(self, query: str, text: str | None) -> None:
        """Let a pressed key rest, with a short text over the chat if there is one."""
        ...

    async def set_commands(self, commands: Sequence[Command], language: str | None) -> None:
        """Set the commands menu of private chats; for one language or for all others."""
        ...

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates posted to ``url`` with the secret in a header."""
        ...

    async def delete_webhook(self) -> None:
        """Have updates kept for polling again; none are dropped."""
        ...

    async def download(self, file_id: str) -> bytes:
        """A file somebody sent. Raises ``Refused`` beyond ``MAX_DOWNLOAD`` bytes."""
        ...

    async def close(self) -> None:
        """Close connections."""
        ...
