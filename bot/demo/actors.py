"""The four people as their channels know them: each writes and presses over the channel itself."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import httpx

from bot.testing.telegram import Person
from bot.testing.wechat import Follower
from bot.testing.wecom import Customer
from dialogs.message import Identity


class Actor(Protocol):
    """Somebody on a channel."""

    identity: Identity

    async def say(self, text: str) -> None:
        """Write; what comes back is awaited by ``Stage.settled``."""
        ...

    async def press(self, label: str) -> None:
        """Press what says so, as the channel offers it. Raises LookupError if nothing does."""
        ...


@dataclass(slots=True)
class OnWeb:
    """Somebody with the web page, here its own requests."""

    client: httpx.AsyncClient
    identity: Identity
    locale: str

    async def say(self, text: str) -> None:
        """See ``Actor``."""
        message = {"id": str(uuid.uuid4()), "locale": self.locale, "text": text}
        answer = await self.client.post("/api/v1/chat/messages", json=message)
        answer.raise_for_status()

    async def press(self, label: str) -> None:
        """See ``Actor``: typed, as everything that can be pressed can be."""
        await self.say(label)


@dataclass(slots=True)
class OnTelegram:
    """Somebody in a private chat with the bot."""

    person: Person
    identity: Identity

    async def say(self, text: str) -> None:
        """See ``Actor``."""
        await self.person.say(text)

    async def press(self, label: str) -> None:
        """See ``Actor``."""
        for message in reversed(await self.person.messages()):
            for key in message.buttons:
                if key.label == label and key.data:
                    await self.person.press_data(message, key.data)
                    return
        raise LookupError(f"no key says {label}")


@dataclass(slots=True)
class OnWeChat:
    """Somebody who follows the account."""

    follower: Follower
    identity: Identity

    async def say(self, text: str) -> None:
        """See ``Actor``."""
        if not self.follower.profile.following:
            await self.follower.subscribe()
        await self.follower.say(text)

    async def press(self, label: str) -> None:
        """See ``Actor``."""
        await self.follower.press(label)


@dataclass(slots=True)
class OnWeCom:
    """Somebody with the company's customer service, who opens the chat before they write."""

    customer: Customer
    identity: Identity
    has_come: bool = False

    async def say(self, text: str) -> None:
        """See ``Actor``."""
        if not self.has_come:
            self.has_come = True
            await self.customer.enter()
        await self.customer.say(text)

    async def press(self, label: str) -> None:
        """See ``Actor``."""
        await self.customer.press(label)

    async def served(self, done: Mapping[Literal["take", "say", "end"], str]) -> None:
        """A servicer in WeCom takes the session, writes in it, or ends it."""
        for what, told in done.items():
            match what:
                case "take":
                    await self.customer.taken_by(told)
                case "say":
                    await self.customer.answered_by(self.customer.profile.servicer, told)
                case "end":
                    await self.customer.left_by(told)
