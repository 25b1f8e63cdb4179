"""Reminders by WeChat's own notices: template messages to followers, notices consented to once."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.sending import Ambiguous, Delivered, Outcome, RetryLater, Undeliverable
from bot.wechat.errors import Action, Refused, Unreachable, WeChatFault
from bot.wechat.notice_templates import NoticeTemplates
from bot.wechat.translate import is_person
from dialogs.message import Identity, Notice
from dialogs.ports import Outgoing
from scheduler.notices import WECHAT_NOTICE, WECHAT_TEMPLATE, NoticeConsents
from storage.wechat_ports import WeChatStore

logger = logging.getLogger(__name__)

SAME_FOR: Final = timedelta(minutes=9)
"""How long a repeat surely counts as the same message: a minute less than WeChat says."""

_NOT_NOTED_YET: Final = (0.2, 1.0, 0.0)  # seconds between looks for the notice that is told of
_OFF: Final = timedelta(hours=1)


class NoticeClient(Protocol):
    """What is asked of the account. Raises WeChatFault."""

    async def send_template(
        self,
        openid: str,
        template_id: str,
        data: Mapping[str, str],
        url: str | None,
        client_msg_id: str,
    ) -> str:
        """Send a template message to a follower; once, however often the id is repeated."""
        ...

    async def send_subscription(
        self, openid: str, template_id: str, data: Mapping[str, str], url: str | None
    ) -> None:
        """Send a notice the person consented to once."""
        ...


@dataclass(slots=True)
class _Pause:
    """A way switched off for a while, because the account may not use it."""

    clock: Callable[[], datetime]
    until: datetime | None = None

    @property
    def is_on(self) -> bool:
        if self.until is None:
            return False
        return timedelta(0) < self.until - self.clock() <= _OFF  # more: the clock was put back

    def begin(self, fault: Refused) -> None:
        """Switch it off, and tell the operator."""
        logger.error("%s", fault)
        self.until = self.clock() + _OFF


@dataclass(slots=True)
class TemplateSender:
    """The outbox's way to followers by template message.

    The store knows who has left, and when each notice was first tried, by whichever process.
    """

    client: NoticeClient
    templates: NoticeTemplates
    store: WeChatStore
    clock: Callable[[], datetime]
    url: str | None = None  # the page a tap opens
    _pause: _Pause = field(init=False)

    def __post_init__(self) -> None:
        self._pause = _Pause(self.clock)

    @property
    def channel(self) -> str:
        """See ``Sender``."""
        return WECHAT_TEMPLATE

    def is_private(self, external_id: str) -> bool:
        """See ``Sender``."""
        return is_person(external_id)

    async def send(self, outgoing: Outgoing) -> Outcome:
        """See ``Sender``. What may have arrived is sent again only while that is harmless."""
        notice = _notice_in(outgoing)
        template = self.templates.to_follower(notice.kind) if notice is not None else None
        if notice is None or template is None:
            return Undeliverable("no_template")
        if self._pause.is_on:
            return Undeliverable("no_permission")
        openid = outgoing.identity.external_id
        if not (await self.store.budget(openid)).follows:
            return Undeliverable("blocked")
        now = self.clock()
        # Noted before it is sent: whoever goes on when we die in between is to know.
        if now - await self.store.tried(outgoing.id, now) >= SAME_FOR:
            return Undeliverable("unknown")
        filled = template.filled(notice)
        try:
            sent = await self.client.send_template(
                openid, template.id, filled, self.url, outgoing.id
            )
        except WeChatFault as fault:
            return await self._outcome(fault, outgoing, now)
        return Delivered(sent)

    async def _outcome(self, fault: WeChatFault, outgoing: Outgoing, at: datetime) -> Outcome:
        if isinstance(fault, Unreachable) and fault.maybe_done:
            return Ambiguous()
        await self.store.not_tried(outgoing.id, at)
        if isinstance(fault, Unreachable):
            return RetryLater()
        assert isinstance(fault, Refused)
        return _refused(fault, self._pause)


@dataclass(slots=True)
class NoticeSender:
    """The outbox's way to people who consented to one notice: each consent is spent once."""

    client: NoticeClient
    templates: NoticeTemplates
    consents: NoticeConsents
    clock: Callable[[], datetime]
    url: str | None = None
    _pause: _Pause = field(init=False)

    def __post_init__(self) -> None:
        self._pause = _Pause(self.clock)

    @property
    def channel(self) -> str:
        """See ``Sender``."""
        return WECHAT_NOTICE

    def is_private(self, external_id: str) -> bool:
        """See ``Sender``."""
        return is_person(external_id)

    async def send(self, outgoing: Outgoing) -> Outcome:
        """See ``Sender``. What may have arrived is not sent again: the consent may be gone."""
        notice = _notice_in(outgoing)
        offered = self.templates.once_for(notice.kind) if notice is not None else ()
        if notice is None or not offered:
            return Undeliverable("no_template")
        if self._pause.is_on:
            return Undeliverable("no_permission")
        openid = outgoing.identity.external_id
        ids = [one.id for one in offered]
        consent = await self.consents.spend(openid, ids, outgoing.id, self.clock())
        if consent is None:
            return Undeliverable("no_consent")
        if consent.was_taken:  # by somebody who died before it was known what came of it
            return Undeliverable("unknown")
        template = next(one for one in offered if one.id == consent.template_id)
        try:
            await self.client.send_subscription(
                openid, template.id, template.filled(notice), self.url
            )
        except Unreachable as fault:
            if fault.maybe_done:
                return Undeliverable("unknown")
            await self.consents.give_back(consent.id)
            return RetryLater()
        except Refused as refused:
            if refused.action is Action.CONSENT:  # it was used, or taken back
                await self.consents.void(openid, template.id)
                return Undeliverable("no_consent")
            await self.consents.give_back(consent.id)
            return _refused(refused, self._pause)
        return Delivered()


class Outcomes(Protocol):
    """Wants to hear what became of notices, as ``ReminderStore`` does."""

    async def told(
        self, way: Identity, platform_id: str | None, now: datetime, *, arrived: bool
    ) -> bool:
        """See ``ReminderStore``."""
        ...


@dataclass(slots=True)
class NoticeBook:
    """Hears of consents, and keeps those to templates that are used; hears of what became of
    notices, so that a reminder that did not arrive takes the person's next way."""

    consents: NoticeConsents
    templates: NoticeTemplates
    outcomes: Outcomes
    clock: Callable[[], datetime]

    async def consented(
        self, identity: Identity, template_id: str, key: str, at: datetime, *, accepted: bool
    ) -> None:
        """See ``bot.wechat.means.Notices``."""
        if accepted and template_id in self.templates.ids_of_once:
            once = f"{key}/{template_id}"  # one answer may be about several templates
            await self.consents.granted(identity.external_id, template_id, once, at)

    async def withdrawn(self, identity: Identity, template_id: str) -> None:
        """See ``bot.wechat.means.Notices``."""
        await self.consents.void(identity.external_id, template_id)

    async def finished(self, identity: Identity, message_id: str | None, *, arrived: bool) -> None:
        """See ``bot.wechat.means.Notices``. We may be told before the sending itself is noted."""
        channel = WECHAT_NOTICE if message_id is None else WECHAT_TEMPLATE
        way = Identity(channel, identity.external_id)
        for pause in _NOT_NOTED_YET:
            if await self.outcomes.told(way, message_id, self.clock(), arrived=arrived):
                break
            await asyncio.sleep(pause)
        if not arrived:
            logger.info("a notice was not let through: %s", message_id)


def _notice_in(outgoing: Outgoing) -> Notice | None:
    return outgoing.reply.notice if outgoing.reply is not None else None


def _refused(fault: Refused, pause: _Pause) -> Outcome:
    match fault.action:
        case Action.AGAIN:
            return RetryLater()
        case Action.LEFT | Action.NOBODY:
            return Undeliverable("blocked")
        case Action.QUOTA:
            logger.error("%s", fault)
            return Undeliverable("quota")
        case Action.PERMISSION:
            pause.begin(fault)
            return Undeliverable("no_permission")
        case Action.ACCOUNT | Action.REFRESH:
            logger.error("%s", fault)
            return Undeliverable("account")
        case Action.TEMPLATE:
            logger.error("%s", fault)
            return Undeliverable("no_template")
        case Action.CONSENT:
            return Undeliverable("no_consent")
    return Undeliverable("refused")
