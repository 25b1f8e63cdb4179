"""What the channel works with: the assistant, the stores, WeChat, and who hears of notices."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.materials.receiving import Door
from bot.tencent.compose import Link
from bot.wechat.answering import Post
from bot.wechat.client import WeChatClient
from dialogs.case import Case
from dialogs.message import Identity, Inbound
from dialogs.ports import Outbox, Outgoing, Transcript
from storage.wechat_ports import WeChatStore


class Handled(Protocol):
    """A committed turn."""

    @property
    def outgoing(self) -> Sequence[Outgoing]:
        """What is to be delivered."""
        ...


class Conversations(Protocol):
    """What the channel asks of the assistant."""

    async def handle(self, inbound: Inbound) -> Handled:
        """Take one message; it is committed on return, and taken once however often it comes."""
        ...

    async def case(self, identity: Identity) -> Case:
        """The identity's case as it stands."""
        ...


class Notices(Protocol):
    """Who wants to know what becomes of notices. Each call may come more than once (``key``)."""

    async def consented(
        self, identity: Identity, template_id: str, key: str, at: datetime, *, accepted: bool
    ) -> None:
        """A person said whether one notice of this template may be sent to them."""
        ...

    async def withdrawn(self, identity: Identity, template_id: str) -> None:
        """A person wants no more notices of this template, whatever they consented to before."""
        ...

    async def finished(self, identity: Identity, message_id: str | None, *, arrived: bool) -> None:
        """A template message arrived or was refused, by the person's own settings perhaps.

        Without ``message_id`` it was a notice consented to once.
        """
        ...


class NoNotices:
    """Nobody wants to know."""

    async def consented(
        self, identity: Identity, template_id: str, key: str, at: datetime, *, accepted: bool
    ) -> None:
        """See ``Notices``."""

    async def withdrawn(self, identity: Identity, template_id: str) -> None:
        """See ``Notices``."""

    async def finished(self, identity: Identity, message_id: str | None, *, arrived: bool) -> None:
        """See ``Notices``."""


@dataclass(frozen=True, slots=True)
class Means:
    """What the core works with."""

    assistant: Conversations
    outbox: Outbox
    transcript: Transcript
    store: WeChatStore
    client: WeChatClient
    post: Post
    clock: Callable[[], datetime]
    door: Door | None = None  # without one, pictures are told of and not kept
    link: Link | None = None  # without one, files an account cannot send are only named
    notices: Notices = field(default_factory=NoNotices)
    count: Callable[[str], None] = lambda reason: None
