"""Hands what is said to WeCom, never more than windows and sessions allow, and says what came."""

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
    DocumentPart,
    Link,
    MenuPart,
    Part,
    PicturePart,
    Takes,
    TextPart,
    compose,
    split,
)
from bot.wecom.client import WeComClient
from bot.wecom.errors import Action, Refused, Unreachable, WeComFault
from bot.wecom.sessions import Sessions, is_servicers
from bot.wecom.translate import CHANNEL, Person, is_person
from dialogs.case import ASSISTANT
from dialogs.message import Identity, ReplyKind
from dialogs.ports import Outgoing
from storage.wechat_ports import Shut, Spent, WeChatStore
from storage.wecom_ports import WeComStore

logger = logging.getLogger(__name__)

TAKES: Final = Takes(text=2048, above=1024, line=128, documents=True)
"""Source: 发送消息, developer.work.weixin.qq.com/document/path/94677."""

RESERVE: Final = 1
"""Messages of each 48 hours that the assistant leaves for staff."""

CODE_LIFE: Final = timedelta(seconds=15)
"""How long an event lets one message through; WeCom itself gives twenty seconds."""

_UNTIL_THEY_WRITE: Final = 6 * 3600.0
"""Seconds between looks at what waits for somebody to write; their message itself hurries it."""

_SLOWER: Final = 600.0
_MENDED: Final = 60.0
_REMEMBERED: Final = 10_000
_ENDED: Final = frozenset({Action.CLOSED, Action.SPENT})


@dataclass(slots=True)
class _Group:
    """What one turn says, sent together: ``sent`` of its parts have gone out."""

    ids: tuple[str, ...]
    parts: list[Part]
    sent: int = 0
    outcome: Outcome | None = None
    told: set[str] = field(default_factory=set)  # of whose members the outcome is known

    @property
    def message_id(self) -> str:
        """The next part's id: the same whenever it is tried."""
        return f"{self.ids[0]}-{self.sent}"


@dataclass(frozen=True, slots=True)
class Books:
    """What tells whether somebody may be written to."""

    windows: WeChatStore  # counts 5 in 48 hours: the same rule in both
    sessions: WeComStore


class WeComSender:
    """Delivers messages to customers. Remembers how much of a turn has gone out, so that another
    try goes on where the last one stopped.

    ``then`` is called with whom something was said to, once all of it is out.
    """

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
        self._client = client
        self._books = books
        self._sessions = sessions
        self._clock = clock
        self._kept = kept
        self._link = link
        self._then = then
        self._groups: OrderedDict[str, _Group] = OrderedDict()
        self._codes: dict[str, tuple[str, datetime]] = {}
        self.trouble: str | None = None  # what the operator must mend

    @property
    def channel(self) -> str:
        """``"wecom"``."""
        return CHANNEL

    def is_private(self, external_id: str) -> bool:
        """See ``Sender``: customer service only ever talks to one customer."""
        return is_person(external_id)

    def let_through(self, external_id: str, code: str, at: datetime) -> None:
        """An event of ``at`` lets one message to this person through, whatever the windows say."""
        self._codes[external_id] = (code, at + CODE_LIFE)

    def together(self, outgoings: Sequence[Outgoing]) -> None:
        """Send what these say as one."""
        spoken = [one for one in outgoings if one.reply is not None]
        if not spoken:
            return
        parts = list(compose(spoken, self._link, TAKES))
        group = _Group(tuple(one.id for one in spoken), parts)
        self._groups.update((one.id, group) for one in spoken)
        while len(self._groups) > _REMEMBERED:  # withdrawn ones are never asked for
            self._groups.popitem(last=False)

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Deliver one message, with those it is said together with, or say why not."""
        if outgoing.reply is None:
            return Undeliverable("not_deletable")  # nobody can take back what customers wrote
        if is_servicers(outgoing.author):
            return Delivered("in_wecom")  # they said it there themselves
        if outgoing.id not in self._groups:
            self.together([outgoing])
        group = self._groups[outgoing.id]
        if group.outcome is None:
            outcome = await self._send_group(group, outgoing)
            if not isinstance(outcome, Delivered | Undeliverable):
                return outcome
            group.outcome = outcome
            if self._then is not None and isinstance(outcome, Delivered):
                await self._then(outgoing.identity)
        group.told.add(outgoing.id)
        if group.told.issuperset(group.ids):
            for one in group.ids:
                self._groups.pop(one, None)
        return group.outcome

    async def _send_group(self, group: _Group, outgoing: Outgoing) -> Outcome:
        if not group.parts:
            return Undeliverable("empty")
        while group.sent < len(group.parts):
            outcome = await self._send_part(group, outgoing)
            if outcome is not None:
                return outcome
        return Delivered(f"{group.ids[0]}-0")

    async def _send_part(self, group: _Group, outgoing: Outgoing) -> Outcome | None:
        """Send the next part; None if it went out."""
        external_id, now = outgoing.identity.external_id, self._clock()
        part = group.parts[group.sent]
        if await self._went_by_code(group, part, external_id, now):
            return None
        session = await self._books.sessions.session(external_id)
        if session is not None and not session.state.lets_us_speak:
            return await self._later(outgoing, "session", _UNTIL_THEY_WRITE)
        reserve = RESERVE if outgoing.author == ASSISTANT else 0
        spent = await self._books.windows.spend(external_id, now, reserve=reserve)
        if isinstance(spent, Shut):
            return await self._shut(spent, outgoing)
        try:
            await self._give(Person.of(external_id), group.message_id, part)
        except FileNotFoundError:  # a file deleted meanwhile: the words remain
            await self._books.windows.give_back(external_id, spent)
            group.parts.pop(group.sent)
            return None
        except WeComFault as fault:
            return await self._fault(group, part, outgoing, spent, fault)
        except BaseException:
            await self._books.windows.give_back(external_id, spent)
            raise
        group.sent += 1
        self.trouble = None
        return None

    async def _went_by_code(
        self, group: _Group, part: Part, external_id: str, now: datetime
    ) -> bool:
        """Send a text by the code of an event, if there is one; a code is used but once."""
        if not isinstance(part, TextPart | MenuPart):
            return False
        code, until = self._codes.pop(external_id, ("", now))
        if not code or now >= until:
            return False
        choices = part.choices if isinstance(part, MenuPart) else ()
        try:
            await self._client.answer_event(code, group.message_id, part.text, choices)
        except WeComFault as fault:
            logger.info("an event let nothing through: %s", fault)
            # What may have arrived is not said again: a welcome read twice is odd.
            if not (isinstance(fault, Unreachable) and fault.maybe_done):
                return False
        group.sent += 1
        return True

    async def _give(self, person: Person, message_id: str, part: Part) -> None:
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

    async def _fault(
        self, group: _Group, part: Part, outgoing: Outgoing, spent: Spent, fault: WeComFault
    ) -> Outcome | None:
        if _surely_not_sent(fault):
            await self._books.windows.give_back(outgoing.identity.external_id, spent)
        if isinstance(fault, Unreachable):
            return Ambiguous() if fault.maybe_done else RetryLater()
        assert isinstance(fault, Refused)
        match fault.action:
            case Action.SHORTER:
                return _shorten(group, part)
            case Action.CLOSED | Action.SPENT:
                await self._books.windows.exhausted(outgoing.identity.external_id)
                return await self._shut(
                    Shut.CLOSED if fault.action is Action.CLOSED else Shut.SPENT, outgoing
                )
            case Action.SESSION:
                await self._sessions.asked(outgoing.identity)
                return await self._later(outgoing, "session", _UNTIL_THEY_WRITE)
            case Action.SLOWER:
                self._tell(fault)
                return await self._later(outgoing, "quota", _SLOWER)
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
        if waits and not await self._sessions.is_at_our_desk(outgoing.identity):
            return RetryLater(seconds)
        return Undeliverable(reason)

    def _tell(self, fault: Refused) -> None:
        """Say it in the log, once until something goes well again."""
        if self.trouble != str(fault):
            logger.error("%s", fault)
        self.trouble = str(fault)


def _shorten(group: _Group, part: Part) -> Outcome | None:
    """Cut a part that WeCom finds too long, and go on with it."""
    if isinstance(part, PicturePart | DocumentPart):
        return Undeliverable("refused")
    pieces = split(part.text, max(300, len(part.text.encode()) // 2))
    if len(pieces) < 2:
        return Undeliverable("too_long")
    shorter: list[Part] = [*map(TextPart, pieces)]
    if isinstance(part, MenuPart):
        shorter[-1] = MenuPart(pieces[-1], part.choices)
    group.parts[group.sent : group.sent + 1] = shorter
    return None


def _is_reminder(outgoing: Outgoing) -> bool:
    return outgoing.reply is not None and outgoing.reply.kind is ReplyKind.REMINDER


def _surely_not_sent(fault: WeComFault) -> bool:
    """Whether the message counts for nothing: it never arrived, or was refused."""
    if isinstance(fault, Unreachable):
        return not fault.maybe_done
    return isinstance(fault, Refused) and fault.action not in _ENDED
