"""Deals with what was pulled: of each customer in order, of different ones side by side."""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.materials.receiving import Door
from bot.pacing import Buckets, Rate
from bot.sending import Delivery
from bot.tencent.choosing import chosen_by_number, tapped
from bot.tencent.files import fetched
from bot.tencent.happenings import Nothing, Said, Tapped
from bot.wecom.client import WeComClient
from bot.wecom.errors import WeComFault
from bot.wecom.sender import WeComSender
from bot.wecom.sessions import Acting, Sessions
from bot.wecom.texts import say
from bot.wecom.translate import (
    Bounced,
    Changed,
    Entered,
    Filed,
    Person,
    Pulled,
    Recalled,
    Spoke,
    translate,
)
from dialogs.message import Identity, Inbound
from dialogs.ports import Due, Outbox, StaleCase, Transcript
from storage.errors import StoreUnavailable
from storage.wechat_ports import Opens, Shut, WeChatStore
from storage.wecom_ports import KEPT, Kept, WeComStore

logger = logging.getLogger(__name__)

FLOOD: Final = Rate(burst=60, per_second=2)
"""How fast one customer may write; what comes faster is refused before it costs a turn."""

HANDS: Final = 16
"""Customers dealt with at once."""

LEASE: Final = timedelta(seconds=60)
"""How long what was pulled belongs to whoever deals with it."""

PASSING: Final = (StoreUnavailable, StaleCase, OSError)
"""What passes by itself: what met it is tried again."""

_AGAIN: Final = timedelta(seconds=2)
_FINISH: Final = 4.0  # seconds a stopping process waits for turns in hand


class Talking(Acting, Protocol):
    """What the channel asks of the assistant."""

    async def handle(self, inbound: Inbound) -> object:
        """Take one message; it is committed on return, and taken once however often it comes."""
        ...


@dataclass(frozen=True, slots=True)
class Post:
    """The channel's courier: what a turn says goes out as one."""

    delivery: Delivery
    sender: WeComSender

    def take_over(self, identity: Identity, claimed: Sequence[Due]) -> None:
        """See ``Courier``."""
        self.sender.together([due.outgoing for due in claimed])
        self.delivery.take_over(identity, claimed)


@dataclass(frozen=True, slots=True)
class Means:
    """What the core works with."""

    assistant: Talking
    outbox: Outbox
    transcript: Transcript
    windows: WeChatStore
    store: WeComStore
    client: WeComClient
    sessions: Sessions
    post: Post
    clock: Callable[[], datetime]
    door: Door | None = None  # without one, files are told of and not kept
    count: Callable[[str], None] = lambda reason: None


class WeComCore:
    """The channel's behaviour. ``look_again``: seconds between looks at what others left."""

    def __init__(self, means: Means, look_again: float = 1.0, flood: Rate = FLOOD) -> None:
        self._means = means
        self._look_again = look_again
        self._heard = Buckets(flood, _monotonic)
        self._warned = Buckets(Rate(burst=1, per_second=1 / 60), _monotonic)
        self._woken = asyncio.Event()
        self._busy: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Something new may wait."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Deal with what waits until ``stop`` is set, then finish what is in hand."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                self._woken.clear()
                if await self._begin_some():
                    continue
                waking = asyncio.create_task(self._woken.wait())
                await asyncio.wait(
                    {waking, stopping},
                    timeout=self._look_again,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                waking.cancel()
            if self._busy:
                await asyncio.wait(set(self._busy), timeout=_FINISH)
        finally:
            stopping.cancel()
            left = set(self._busy)
            for task in left:  # kept: taken again when its lease is over
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def settled(self) -> None:
        """Deal with all that waits now: for rehearsals and tests."""
        while await self._begin_some() or self._busy:
            await asyncio.sleep(0)
            if self._busy:
                await asyncio.wait(set(self._busy), return_when=asyncio.FIRST_COMPLETED)

    async def forget_old(self) -> None:
        """Forget what is too old to be pulled again."""
        before = self._means.clock() - KEPT
        await self._means.store.forget(before)
        await self._means.windows.forget(before)

    async def _begin_some(self) -> bool:
        free = HANDS - len(self._busy)
        if free <= 0:
            return False
        now = self._means.clock()
        try:
            kept = await self._means.store.claim(now, now + LEASE, free)
        except Exception as error:  # the store may be away for a while: look again later
            logger.warning("what was pulled cannot be read: %s", type(error).__name__)
            return False
        for one in kept:
            task = asyncio.create_task(self._deal_with(one), name="wecom-turn")
            self._busy.add(task)
            task.add_done_callback(self._is_done)
        return bool(kept)

    def _is_done(self, task: "asyncio.Task[None]") -> None:
        self._busy.discard(task)
        self._woken.set()  # what waits behind it may be taken now

    async def _deal_with(self, kept: Kept) -> None:
        means = self._means
        try:
            pulled = translate(json.loads(kept.payload), kept.person, means.clock())
            await self._take(pulled)
            await means.store.done(kept.account, kept.key)
        except PASSING as error:
            logger.warning("what a customer said waits: %s", type(error).__name__)
            await self._put_back(kept)
        except Exception as error:  # one message nobody can take must not stop the others
            logger.error("a message is passed over: %s", type(error).__name__)
            means.count("failed")
            await self._hint(Identity("wecom", kept.person), "failed", kept.key)
            await means.store.done(kept.account, kept.key)

    async def _put_back(self, kept: Kept) -> None:
        try:
            await self._means.store.put_back(kept.account, kept.key, self._means.clock() + _AGAIN)
        except PASSING:  # its lease ends
            logger.debug("the store is away")

    async def _take(self, pulled: Pulled) -> None:
        means, identity = self._means, pulled.identity
        if pulled.is_talk:
            await self._reopen(pulled)
            if not self._heard.take(identity, pulled.at.timestamp()):
                means.count("flood")
                if self._warned.take(identity):
                    await self._hint(identity, "flood", pulled.key)
                return
        match pulled.happening:
            case Said(inbound):
                await means.assistant.handle(await chosen_by_number(means.transcript, inbound))
            case Tapped(inbound, data):
                await means.assistant.handle(await tapped(means.outbox, inbound, data))
            case Filed(inbound, media_id, name):
                files = await fetched(means.client, means.door, identity, media_id, name)
                await means.assistant.handle(replace(inbound, files=files))
            case Entered(inbound, code):
                if code:
                    means.post.sender.let_through(identity.external_id, code, pulled.at)
                await means.assistant.handle(inbound)
            case Changed(state, servicer, code):
                if code:
                    means.post.sender.let_through(identity.external_id, code, pulled.at)
                await means.sessions.changed(identity, state, servicer, pulled.at)
            case Spoke(servicer, text):
                await means.sessions.spoke(identity, servicer, text, pulled.key)
            case Bounced(message_id, reason):
                await self._bounced(identity, message_id, reason, pulled.at)
            case Recalled(key):
                await self._recalled(identity, key)
            case Nothing(reason):
                means.count(reason)

    async def _reopen(self, pulled: Pulled) -> None:
        """Note the window a message opens, and send what waited for it."""
        means, identity = self._means, pulled.identity
        noted = await means.windows.heard(identity.external_id, pulled.key, Opens.TALK, pulled.at)
        may_speak = await means.sessions.wrote(identity)
        if noted.reopened or may_speak:
            await means.outbox.hurry(identity, means.clock())
            means.post.delivery.wake(identity)

    async def _bounced(
        self, identity: Identity, message_id: str, reason: str, at: datetime
    ) -> None:
        """What WeCom took did not arrive: the desk is to see it, and the books to know why."""
        means = self._means
        means.count(f"bounced_{reason}")
        if reason == "blocked":
            await means.windows.gone(identity.external_id, at)
        elif reason in ("window_closed", "none_left"):
            await means.windows.exhausted(identity.external_id)
        outgoing_id, _, _ = message_id.rpartition("-")
        outgoing = await means.outbox.find(outgoing_id) if outgoing_id else None
        if outgoing is not None and outgoing.identity == identity:
            await means.store.bounced(outgoing_id, reason)

    async def _recalled(self, identity: Identity, key: str) -> None:
        """Say that what was taken back had been read, where somebody still hears the assistant."""
        self._means.count("recalled")
        entries = await self._means.transcript.latest(identity, 20)
        was_read = any(entry.message_id == key for entry in entries if entry.heard is not None)
        case = await self._means.assistant.case(identity)
        if was_read and case.hold is None:
            await self._hint(identity, "recalled", f"{key}-recalled", case.locale)

    async def _hint(
        self, identity: Identity, words: str, key: str, locale: str | None = None
    ) -> None:
        """Say something of the channel's own; sent once and not tried again."""
        means = self._means
        external_id = identity.external_id
        session = await means.store.session(external_id)
        if session is not None and not session.state.lets_us_speak:
            return
        spent = await means.windows.spend(external_id, means.clock(), reserve=1)
        if isinstance(spent, Shut):
            return
        try:
            message_id = f"hint-{_plain(key)}"[:32]
            await means.client.send_text(Person.of(external_id), message_id, say(words, locale))
        except WeComFault as fault:
            logger.debug("a hint was not taken: %s", fault)


def _plain(key: str) -> str:
    return "".join(one if one.isascii() and (one.isalnum() or one in "_-") else "-" for one in key)


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
