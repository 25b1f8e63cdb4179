"""Driving a conversation over Telegram: on the strict server and on the one nobody here wrote."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Message(Protocol):
    """A message of the bot, as both servers show it."""

    @property
    def id(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def buttons(self) -> Sequence["Key"]: ...


class Key(Protocol):
    """A key under a message."""

    @property
    def label(self) -> str: ...
    @property
    def data(self) -> str | None: ...


M = TypeVar("M", bound=Message)


class Somebody(Protocol[M]):
    """A person in a private chat, on either server."""

    async def say(self, text: str) -> object: ...
    async def press_data(self, message: M, data: str) -> object: ...
    async def send_file(
        self, name: str, content: bytes, mime: str = ..., *, photo: bool = ...
    ) -> object: ...
    async def messages(self) -> Sequence[M]: ...


@dataclass
class TelegramChat(Generic[M]):
    """One person's conversation. Every step waits for its replies and returns them.

    ``settle`` waits until the bot has confirmed every update and delivered every reply.
    """

    person: Somebody[M]
    settle: Callable[[], Awaitable[None]]
    seen: int = 0  # the newest message read

    async def say(self, text: str) -> Sequence[M]:
        """Write a text."""
        await self.person.say(text)
        return await self.replies()

    async def press(self, label: str) -> Sequence[M]:
        """Press the newest key with this label; LookupError if there is none."""
        for message in reversed(await self.person.messages()):
            for key in message.buttons:
                if key.label == label and key.data:
                    await self.person.press_data(message, key.data)
                    return await self.replies()
        raise LookupError(f"no key says {label}")

    async def send_file(self, name: str, content: bytes, *, photo: bool = False) -> Sequence[M]:
        """Send a document or a photo."""
        await self.person.send_file(name, content, "application/pdf", photo=photo)
        return await self.replies()

    async def replies(self) -> Sequence[M]:
        """What the bot has said since the last look, oldest first."""
        await self.settle()
        fresh = [one for one in await self.person.messages() if one.id > self.seen]
        self.seen = max((one.id for one in fresh), default=self.seen)
        return fresh
