"""Hands what is said to WeChat as customer-service messages."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.attachments import Kept, content_of
from bot.materials.sniffing import media_type_of
from bot.sending import Outcome, Undeliverable
from bot.tencent.compose import (
    Link,
    MenuPart,
    Part,
    PicturePart,
    TextPart,
    compose,
    pictures_of,
    texts_of,
)
from bot.tencent.faults import Refused
from bot.tencent.sender import Group, WindowedSender
from bot.wechat.client import WeChatClient
from bot.wechat.errors import Action
from bot.wechat.translate import CHANNEL, is_person
from dialogs.message import Identity
from dialogs.ports import Outgoing
from storage.wechat_ports import WeChatStore

_TOMORROW: Final = 3600.0
_OFF: Final = timedelta(hours=1)
"""How long a call is not made again that the account may not make."""


class WeChatSender(WindowedSender):
    """Delivers to followers. ``is_held`` tells whether a colleague has somebody's conversation."""

    def __init__(
        self,
        client: WeChatClient,
        store: WeChatStore,
        clock: Callable[[], datetime],
        kept: Kept | None = None,
        link: Link | None = None,
        is_held: Callable[[Identity], Awaitable[bool]] | None = None,
    ) -> None:
        super().__init__(store, clock)
        self._client = client
        self._kept = kept
        self._link = link
        self._asks_held = is_held
        self._off_until: datetime | None = None

    @property
    def channel(self) -> str:
        """``"wechat"``."""
        return CHANNEL

    def is_private(self, external_id: str) -> bool:
        """See ``Sender``: an account only ever talks to one follower, never to a group."""
        return is_person(external_id)

    @property
    def may_send(self) -> bool:
        """Whether the account may send messages, as far as is known: an unverified one may not."""
        if self._off_until is None:
            return True
        left = self._off_until - self._clock()
        return not timedelta(0) < left <= _OFF  # more is left only after the clock was put back

    async def send(self, outgoing: Outgoing) -> Outcome:
        """See ``Sender``."""
        return await self._deliver(outgoing)

    def together(self, outgoings: Sequence[Outgoing], *, already: int | None = None) -> None:
        """Send what these say as one. ``already``: so many texts were a passive reply."""
        spoken = [one for one in outgoings if one.reply is not None]
        if already is None:
            self._keep(spoken, tuple(compose(spoken, self._link)))
        else:
            rest = texts_of(spoken, self._link)[already:]
            self._keep(spoken, [*pictures_of(spoken), *map(TextPart, rest)])

    async def _is_held(self, identity: Identity) -> bool:
        return self._asks_held is not None and await self._asks_held(identity)

    async def _hindrance(self, outgoing: Outgoing) -> Outcome | None:
        return None if self.may_send else Undeliverable("no_permission")

    async def _give(self, identity: Identity, group: Group, part: Part) -> None:
        openid = identity.external_id
        match part:
            case TextPart(text):
                await self._client.send_text(openid, text)
            case MenuPart(text, choices):
                await self._client.send_menu(openid, text, choices)
            case PicturePart(file):
                content = await content_of(file, kept=self._kept)
                kind = media_type_of(content) or "image/png"
                media_id = await self._client.upload_picture(file.name, content, kind)
                await self._client.send_picture(openid, media_id)

    async def _own_outcome(self, fault: Refused, outgoing: Outgoing) -> Outcome | None:
        match fault.action:
            case Action.LEFT:
                await self._windows.gone(outgoing.identity.external_id)
                return Undeliverable("blocked")
            case Action.NOBODY:
                return Undeliverable("chat_not_found")
            case Action.QUOTA:
                self._tell(fault)
                return await self._later(outgoing, "quota", _TOMORROW)
            case Action.PERMISSION:
                self._tell(fault)
                self._off_until = self._clock() + _OFF
                return Undeliverable("no_permission")
        return None
