"""Hands what is said to WeCom, never more than windows and sessions allow."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.attachments import Kept, content_of
from bot.materials.sniffing import media_type_of
from bot.sending import Delivered, Outcome, Undeliverable
from bot.tencent.compose import (
    DocumentPart,
    Link,
    MenuPart,
    Part,
    PicturePart,
    Takes,
    TextPart,
    compose,
)
from bot.tencent.faults import Fault, Refused, Unreachable
from bot.tencent.sender import UNTIL_THEY_WRITE, Group, WindowedSender
from bot.wecom.client import WeComClient
from bot.wecom.errors import Action
from bot.wecom.sessions import Sessions, is_servicers
from bot.wecom.translate import CHANNEL, Person, is_person
from dialogs.message import Identity
from dialogs.ports import Outgoing
from storage.lru import Lru
from storage.wechat_ports import WeChatStore
from storage.wecom_ports import WeComStore

logger = logging.getLogger(__name__)

TAKES: Final = Takes(text=2048, above=1024, line=128, documents=True)
"""Source: 发送消息, developer.work.weixin.qq.com/document/path/94677."""

CODE_LIFE: Final = timedelta(seconds=15)
"""How long an event lets one message through; WeCom itself gives twenty seconds."""

_SLOWER: Final = 600.0
_CODES: Final = 10_000
"""Codes kept: of people with whom nothing is said in time, nobody asks for theirs."""


@dataclass(frozen=True, slots=True)
class Books:
    """What tells whether somebody may be written to."""

    windows: WeChatStore  # counts 5 in 48 hours: the same rule in both
    sessions: WeComStore


class WeComSender(WindowedSender):
    """Delivers to customers."""

    def __init__(
        self,
        client: WeComClient,
        books: Books,
        sessions: Sessions,
        clock: Callable[[], datetime],
        kept: Kept | None = None,
        link: Link | None = None,
        then: Callable[[Identity], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(books.windows, clock, then)
        self._client = client
        self._books = books
        self._sessions = sessions
        self._kept = kept
        self._link = link
        self._codes: Lru[str, tuple[str, datetime]] = Lru(_CODES)

    @property
    def channel(self) -> str:
        """``"wecom"``."""
        return CHANNEL

    def is_private(self, external_id: str) -> bool:
        """See ``Sender``: customer service only ever talks to one customer."""
        return is_person(external_id)

    def let_through(self, external_id: str, code: str, at: datetime) -> None:
        """An event of ``at`` lets one message to this person through, whatever the windows say."""
        self._codes.put(external_id, (code, at + CODE_LIFE))

    def together(self, outgoings: Sequence[Outgoing]) -> None:
        """Send what these say as one."""
        spoken = [one for one in outgoings if one.reply is not None]
        if spoken:
            self._keep(spoken, tuple(compose(spoken, self._link, TAKES)))

    async def send(self, outgoing: Outgoing) -> Outcome:
        """See ``Sender``."""
        if outgoing.reply is not None and is_servicers(outgoing.author):
            return Delivered("in_wecom")  # they said it there themselves
        return await self._deliver(outgoing)

    async def _is_held(self, identity: Identity) -> bool:
        return await self._sessions.is_at_our_desk(identity)

    async def _hindrance(self, outgoing: Outgoing) -> Outcome | None:
        session = await self._books.sessions.session(outgoing.identity.external_id)
        if session is None or session.state.lets_us_speak:
            return None
        return await self._later(outgoing, "session", UNTIL_THEY_WRITE)

    def _delivered(self, group: Group) -> Outcome:
        return Delivered(f"{group.ids[0]}-0")

    async def _went_free(self, identity: Identity, group: Group) -> bool:
        """Send a text by the code of an event, if there is one; a code is used but once."""
        part, now = group.next_part, self._clock()
        if not isinstance(part, TextPart | MenuPart):
            return False
        code, until = self._codes.take(identity.external_id) or ("", now)
        if not code or now >= until:
            return False
        choices = part.choices if isinstance(part, MenuPart) else ()
        try:
            await self._client.answer_event(code, group.message_id, part.text, choices)
        except Fault as fault:
            logger.info("an event let nothing through: %s", fault)
            # What may have arrived is not said again: a welcome read twice is odd.
            return isinstance(fault, Unreachable) and fault.maybe_done
        return True

    async def _give(self, identity: Identity, group: Group, part: Part) -> None:
        person, message_id = Person.of(identity.external_id), group.message_id
        match part:
            case TextPart(text):
                await self._client.send_text(person, message_id, text)
            case MenuPart(text, choices):
                await self._client.send_menu(person, message_id, text, choices)
            case PicturePart(file) | DocumentPart(file):
                content = await content_of(file, kept=self._kept)
                kind = "image" if isinstance(part, PicturePart) else "file"
                media_type = media_type_of(content) or "application/octet-stream"
                media_id = await self._client.upload(kind, file.name, content, media_type)
                await self._client.send_file(person, message_id, kind, media_id)

    async def _is_there(self, fault: Refused, outgoing: Outgoing) -> bool:
        """WeCom refuses an id it has seen, and publishes no code for that.

        Source: 发送消息, ``msgid``. So a repeat that is refused for no reason we know has arrived.
        """
        if fault.action is not Action.GIVE_UP:
            return False
        return await self._books.sessions.tries(outgoing.id) > 1

    async def _own_outcome(self, fault: Refused, outgoing: Outgoing) -> Outcome | None:
        match fault.action:
            case Action.SESSION:
                await self._sessions.asked(outgoing.identity)
                return await self._later(outgoing, "session", UNTIL_THEY_WRITE)
            case Action.NOBODY:
                return Undeliverable("chat_not_found")
            case Action.SLOWER:
                self._tell(fault)
                return await self._later(outgoing, "quota", _SLOWER)
        return None
