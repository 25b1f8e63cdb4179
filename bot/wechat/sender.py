"""Hands what is said to WeChat, never more than a person's windows allow, and says what came."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.attachments import Kept, content_of
from bot.materials.sniffing import media_type_of
from bot.sending import Ambiguous, Delivered, Outcome, RetryLater, Undeliverable
from bot.tencent.compose import (
    Link,
    MenuPart,
    Part,
    PicturePart,
    TextPart,
    compose,
    pictures_of,
    split,
    texts_of,
)
from bot.wechat.client import WeChatClient
from bot.wechat.errors import Action, Refused, Unreachable, WeChatFault
from bot.wechat.translate import CHANNEL, is_person
from dialogs.case import ASSISTANT
from dialogs.message import Identity, ReplyKind
from dialogs.ports import Outgoing
from storage.wechat_ports import Shut, WeChatStore

logger = logging.getLogger(__name__)

RESERVE: Final = 1
"""Messages of each 48 hours that the assistant leaves for staff."""

_UNTIL_THEY_WRITE: Final = 6 * 3600.0
"""Seconds between looks at what waits for somebody to write; their message itself hurries it."""

_TOMORROW: Final = 3600.0
_MENDED: Final = 60.0
_OFF: Final = timedelta(hours=1)
"""How long a call is not made again that the account may not make."""

_REMEMBERED: Final = 10_000
_ENDED: Final = frozenset({Action.CLOSED, Action.SPENT})


@dataclass(slots=True)
class _Group:
    """What one turn says, sent together: ``sent`` of its parts have gone out."""

    ids: frozenset[str]
    parts: list[Part]
    sent: int = 0
    outcome: Outcome | None = None
    told: set[str] = field(default_factory=set)  # of whose members the outcome is known
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)  # a lease may end meanwhile


class WeChatSender:
    """Delivers customer-service messages. Remembers how much of a turn has gone out, so that
    another try goes on where the last one stopped."""

    def __init__(
        self,
        client: WeChatClient,
        store: WeChatStore,
        clock: Callable[[], datetime],
        kept: Kept | None = None,
        link: Link | None = None,
        is_held: Callable[[Identity], Awaitable[bool]] | None = None,
    ) -> None:
        """``is_held`` tells whether a colleague has somebody's conversation."""
        self._client = client
        self._store = store
        self._clock = clock
        self._kept = kept
        self._link = link
        self._is_held = is_held
        self._groups: OrderedDict[str, _Group] = OrderedDict()
        self._off_until: datetime | None = None
        self.trouble: str | None = None  # what the operator must mend

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
        return self._off_until is None or self._clock() >= self._off_until

    def together(self, outgoings: Sequence[Outgoing], *, already: int | None = None) -> None:
        """Send what these say as one. ``already``: so many texts were a passive reply."""
        spoken = [one for one in outgoings if one.reply is not None]
        if already is None:
            parts = list(compose(spoken, self._link))
        else:
            rest = texts_of(spoken, self._link)[already:]
            parts = [*pictures_of(spoken), *map(TextPart, rest)]
        group = _Group(frozenset(one.id for one in spoken), parts)
        self._groups.update((one.id, group) for one in spoken)
        while len(self._groups) > _REMEMBERED:  # withdrawn ones are never asked for
            self._groups.popitem(last=False)

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Deliver one message, with those it is said together with, or say why not."""
        if outgoing.reply is None:
            return Undeliverable("not_deletable")  # an account cannot take back what people wrote
        if outgoing.id not in self._groups:
            self.together([outgoing])
        group = self._groups[outgoing.id]
        async with group.one_at_a_time:
            outcome = group.outcome or await self._send_group(group, outgoing)
            if not isinstance(outcome, Delivered | Undeliverable):
                return outcome
            group.outcome = outcome
        group.told.add(outgoing.id)
        if group.told >= group.ids:
            for one in group.ids:
                self._groups.pop(one, None)
        return outcome

    async def _send_group(self, group: _Group, outgoing: Outgoing) -> Outcome:
        if not group.parts:
            return Undeliverable("empty")
        while group.sent < len(group.parts):
            outcome = await self._send_part(group, outgoing)
            if outcome is not None:
                return outcome
        return Delivered()

    async def _send_part(self, group: _Group, outgoing: Outgoing) -> Outcome | None:
        """Send the next part; None if it went out."""
        openid, now = outgoing.identity.external_id, self._clock()
        if not self.may_send:
            return Undeliverable("no_permission")
        reserve = RESERVE if outgoing.author == ASSISTANT else 0
        spent = await self._store.spend(openid, now, reserve=reserve)
        if isinstance(spent, Shut):
            return await self._shut(spent, outgoing)
        part = group.parts[group.sent]
        try:
            await self._give(openid, part)
        except FileNotFoundError:  # a picture deleted meanwhile: the words remain
            await self._store.give_back(openid, spent)
            group.sent += 1
            return None
        except WeChatFault as fault:
            if _surely_not_sent(fault):
                await self._store.give_back(openid, spent)
            if isinstance(fault, Refused) and fault.action is Action.SHORTER:
                return self._shorten(group, part)
            return await self._outcome(fault, outgoing)
        except BaseException:
            await self._store.give_back(openid, spent)
            raise
        group.sent += 1
        self.trouble = None
        return None

    async def _give(self, openid: str, part: Part) -> None:
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

    def _shorten(self, group: _Group, part: Part) -> Outcome | None:
        """Cut a part that WeChat finds too long, and go on with it."""
        if not isinstance(part, TextPart | MenuPart):
            return Undeliverable("refused")
        pieces = split(part.text, max(300, len(part.text.encode()) // 2))
        if len(pieces) < 2:
            return Undeliverable("too_long")
        shorter: list[Part] = [*map(TextPart, pieces)]
        if isinstance(part, MenuPart):
            shorter[-1] = MenuPart(pieces[-1], part.choices)
        group.parts[group.sent : group.sent + 1] = shorter
        return None

    async def _outcome(self, fault: WeChatFault, outgoing: Outgoing) -> Outcome:
        openid = outgoing.identity.external_id
        if isinstance(fault, Unreachable):
            return Ambiguous() if fault.maybe_done else RetryLater()
        assert isinstance(fault, Refused)
        match fault.action:
            case Action.CLOSED | Action.SPENT:
                await self._store.exhausted(openid)
                shut = Shut.CLOSED if fault.action is Action.CLOSED else Shut.SPENT
                return await self._shut(shut, outgoing)
            case Action.LEFT:
                await self._store.gone(openid)
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
            case Action.ACCOUNT | Action.REFRESH:
                self._tell(fault)
                return await self._later(outgoing, "account", _MENDED)
            case Action.AGAIN | Action.MEDIA:
                return RetryLater()
        logger.error("a message is given up: %s", fault)
        return Undeliverable("refused")

    async def _shut(self, shut: Shut, outgoing: Outgoing) -> Outcome:
        match shut:
            case Shut.LEFT:
                return Undeliverable("blocked")
            case Shut.CLOSED:
                return await self._later(outgoing, "window_closed", _UNTIL_THEY_WRITE)
            case Shut.SPENT:
                return await self._later(outgoing, "none_left", _UNTIL_THEY_WRITE)

    async def _later(self, outgoing: Outgoing, reason: str, seconds: float) -> Outcome:
        """News of the assistant waits; a reminder takes another way, and staff see it at once.

        Nothing waits in front of what a colleague says: they would not see it at all.
        """
        waits = outgoing.author == ASSISTANT and not _is_reminder(outgoing)
        if not waits:
            return Undeliverable(reason)
        is_held = self._is_held is not None and await self._is_held(outgoing.identity)
        return Undeliverable(reason) if is_held else RetryLater(seconds)

    def _tell(self, fault: Refused) -> None:
        """Say it in the log, once until something goes well again."""
        if self.trouble != str(fault):
            logger.error("%s", fault)
        self.trouble = str(fault)


def _is_reminder(outgoing: Outgoing) -> bool:
    return outgoing.reply is not None and outgoing.reply.kind is ReplyKind.REMINDER


def _surely_not_sent(fault: WeChatFault) -> bool:
    """Whether the message counts for nothing: it never arrived, or was refused."""
    if isinstance(fault, Unreachable):
        return not fault.maybe_done
    return isinstance(fault, Refused) and fault.action not in _ENDED
