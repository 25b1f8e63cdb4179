"""What to do with a callback: hand it to the assistant, and answer it in time.

A turn that is ready within ``PATIENCE`` becomes the passive reply, which costs nothing of what a
person's windows allow. One that takes longer is first kept in the store, then acknowledged, and
answered by customer-service message; if this process dies meanwhile another one takes it.
Nothing is acknowledged before it is either done or kept.
"""

import asyncio
import json
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.pacing import Buckets, Rate
from bot.tencent.choosing import chosen_by_number, tapped
from bot.tencent.compose import texts_of
from bot.tencent.files import PHOTO, fetched
from bot.tencent.happenings import Nothing, Said, Tapped
from bot.tencent.xml import Fields
from bot.wechat.answering import WAITING, Waiting
from bot.wechat.callback import Answer
from bot.wechat.errors import WeChatFault
from bot.wechat.means import Handled, Means
from bot.wechat.progress import Progress
from bot.wechat.replying import Replies
from bot.wechat.texts import say
from bot.wechat.translate import (
    OTHER_LOCALE,
    Changed,
    Consented,
    Left,
    NoticeDone,
    Pictured,
    Posted,
    TemplateDone,
    translate,
)
from dialogs.message import Identity, Inbound
from dialogs.ordering import Queues
from dialogs.ports import StaleCase
from storage.errors import StoreUnavailable
from storage.wechat_ports import KEPT

logger = logging.getLogger(__name__)

PATIENCE: Final = 0.15
"""Seconds a turn may take to become the passive reply: it takes a hundredth of one, and callbacks
are acknowledged in time whatever stands still."""

BUSY: Final = 2.0
"""Seconds it may take on a machine so busy that turns, though all come through, are not in time."""

NO_OTHER_WAY: Final = 4.0
"""Seconds it may take where the account may not send anything else; WeChat itself waits five."""

FLOOD: Final = Rate(burst=60, per_second=2)
"""How fast one person may write; what comes faster is refused before it costs a turn."""

LATE: Final = timedelta(seconds=60)
"""How long a delivery kept for later belongs to whoever deals with it."""

PASSING: Final = (StoreUnavailable, StaleCase, OSError)
"""What passes by itself: a callback that met it is not acknowledged, and comes again."""

_LOOK: Final = 0.05
_FINISH: Final = 4.0  # seconds a stopping process waits for turns in hand
_AT_ONCE: Final = 10  # deliveries taken over


class WeChatCore:
    """The channel's behaviour, for one account."""

    def __init__(
        self,
        means: Means,
        *,
        patience: float = PATIENCE,
        flood: Rate = FLOOD,
        late: timedelta = LATE,
    ) -> None:
        self._means = means
        self._replies = Replies(means)
        self._patience = patience
        self._lease = late
        self._heard = Buckets(flood, _monotonic)
        self._warned = Buckets(Rate(burst=1, per_second=1 / 60), _monotonic)
        self._arriving = Queues()
        self._taking = Queues()
        self._in_hand: dict[tuple[Identity, str], asyncio.Task[Any]] = {}
        self._numbers: dict[asyncio.Task[Any], int] = {}
        self._progress = Progress()
        self._late: dict[asyncio.Task[Any], asyncio.Task[Any]] = {}  # by the turn they wait for

    async def take(self, fields: Fields) -> Answer:
        """Take one callback; it is committed or kept on return, or raises what passes."""
        means, now = self._means, self._means.clock()
        posted = translate(fields, now)
        if posted is None:
            means.count("unreadable")
            return Answer()
        identity, began = posted.identity, _monotonic()
        waiting = Waiting(identity)
        async with self._arriving.turn_of(identity):  # taken in the order they came
            noted = await means.store.heard(
                identity.external_id, posted.key, posted.opens, posted.at
            )
            if noted.reopened:
                await means.outbox.hurry(identity, now)
                means.post.delivery.wake(identity)
            if noted.answer is not None:  # done or kept: both are for good
                return await self._replies.settled(posted, noted.answer)
            if noted.is_new and self._is_too_fast(posted):
                return await self._too_fast(posted)
            turn = self._begin(posted, waiting)
        await self._wait(turn, began)
        if not turn.done() and not waiting.dues:
            waiting.is_over = True
            return await self._acknowledge(posted, fields, turn)
        if turn.done():
            await self._see_what_came(posted, fields, turn)  # raises what passes
            if noted.is_kept:
                await means.store.done(identity.external_id, posted.key)
        if waiting.dues:
            return await self._replies.said(posted, waiting.dues)
        if waiting.is_over:  # said, but behind what already waits
            return await self._replies.nothing(posted)
        outcome = turn.result()
        if isinstance(outcome, str):
            return self._replies.hint(posted, outcome)
        if outcome is None or not texts_of(outcome.outgoing, means.link):
            return Answer()
        return await self._replies.again(posted, began + self._patience_now)

    async def take_late(self) -> int:
        """Deal with what other processes acknowledged and did not finish; how many there were."""
        means, now = self._means, self._means.clock()
        found = await means.store.late(now, now + self._lease, _AT_ONCE)
        for late in found:
            posted = translate(json.loads(late.payload), now)
            if posted is not None:
                over = Waiting(posted.identity, is_over=True)
                try:
                    hint = await self._turn(posted, over)
                except PASSING as error:
                    logger.warning("a delivery waits: %s", type(error).__name__)
                    continue
                if isinstance(hint, str):
                    await self._say_late(posted, hint)
            await means.store.done(late.openid, late.key)
        return len(found)

    async def forget_old(self) -> None:
        """Forget deliveries that nobody repeats any more."""
        await self._means.store.forget(self._means.clock() - KEPT)

    async def finish(self) -> None:
        """Wait for turns that were acknowledged early; what lasts longer is kept for another."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_FINISH):
                while self._late:
                    await asyncio.wait(set(self._late.values()))
        if self._late:  # the stores are closed soon
            stuck = {*self._in_hand.values(), *self._late.values()}
            for task in stuck:
                task.cancel()
            await asyncio.gather(*stuck, return_exceptions=True)

    def _begin(self, posted: Posted, waiting: Waiting) -> "asyncio.Task[Any]":
        """The callback's turn, which copies of it at this process share."""
        name = (posted.identity, posted.key)
        turn = self._in_hand.get(name)
        if turn is None:
            turn = asyncio.create_task(self._turn(posted, waiting), name="wechat-turn")
            self._in_hand[name] = turn
            self._numbers[turn] = number = self._progress.begin()
            turn.add_done_callback(lambda _: self._end(name, number))
        return turn

    def _end(self, name: tuple[Identity, str], number: int) -> None:
        del self._numbers[self._in_hand.pop(name)]
        self._progress.end(number, _monotonic())

    async def _wait(self, turn: "asyncio.Task[Any]", began: float) -> None:
        """Wait for a turn as long as it may become the passive reply."""
        await asyncio.wait({turn}, timeout=max(0.0, began + self._patience_now - _monotonic()))
        while not turn.done() and (now := _monotonic()) < began + BUSY:
            if not self._progress.is_in_line(self._numbers[turn], now):
                return
            await asyncio.wait({turn}, timeout=_LOOK)

    async def _turn(self, posted: Posted, waiting: Waiting) -> "str | Handled | None":
        """Do what a callback asks for: a hint to give, the turn taken, or None where none was."""
        WAITING.set(waiting)
        try:
            # A number means a choice of what is said to the message before it.
            async with self._taking.turn_of(posted.identity):
                return await self._act(posted)
        except PASSING:
            raise
        except Exception as error:  # one message nobody can take must not stop the others
            self._means.count("failed")
            logger.error("a callback is passed over: %s", type(error).__name__)
            return say("failed", await self._locale(posted))

    async def _act(self, posted: Posted) -> "str | Handled | None":
        means = self._means
        match posted.event:
            case Said(inbound):
                return await means.assistant.handle(await self._understood(inbound))
            case Tapped(inbound, data):
                return await means.assistant.handle(await tapped(means.outbox, inbound, data))
            case Pictured(inbound, media_id):
                files = await fetched(means.client, means.door, inbound.identity, media_id, PHOTO)
                return await means.assistant.handle(replace(inbound, files=files))
            case Left():
                means.count("left")
                await means.store.gone(posted.identity.external_id, posted.at)
            case TemplateDone(message_id, status):
                arrived = status == "success"
                await means.notices.finished(posted.identity, message_id, arrived=arrived)
            case NoticeDone(arrived):
                await means.notices.finished(posted.identity, None, arrived=arrived)
            case Changed(allowed):
                for template_id in (one for one, still in allowed.items() if not still):
                    await means.notices.withdrawn(posted.identity, template_id)
            case Consented(answers):
                for template_id, accepted in answers.items():
                    await means.notices.consented(
                        posted.identity, template_id, posted.key, posted.at, accepted=accepted
                    )
            case Nothing(reason):
                means.count(reason)
        return None

    async def _understood(self, inbound: Inbound) -> Inbound:
        """The message, a number read as the choice it stands for."""
        if inbound.button == OTHER_LOCALE:
            spoken = (await self._means.assistant.case(inbound.identity)).locale
            return replace(inbound, button="locale:en" if spoken == "zh-CN" else "locale:zh-CN")
        return await chosen_by_number(self._means.transcript, inbound)

    async def _acknowledge(
        self, posted: Posted, fields: Fields, turn: "asyncio.Task[Any]"
    ) -> Answer:
        """Acknowledge before the turn is done: from now on it must not be lost."""
        await self._keep(posted, fields)
        self._means.count("late")
        if turn not in self._late:
            late = asyncio.create_task(self._see_through(posted, turn), name="wechat-late")
            self._late[turn] = late
            late.add_done_callback(lambda _: self._late.pop(turn))
        return await self._replies.nothing(posted)

    async def _see_what_came(
        self, posted: Posted, fields: Fields, turn: "asyncio.Task[Any]"
    ) -> None:
        """Raise what passes. WeChat comes again three times: after that the turn is ours to take,
        if the store let us keep it."""
        if turn.cancelled():
            raise Interrupted
        error = turn.exception()
        if error is not None:
            await self._keep(posted, fields)
            raise error

    async def _keep(self, posted: Posted, fields: Fields) -> None:
        means = self._means
        payload = json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
        await means.store.keep(
            posted.identity.external_id, posted.key, payload, means.clock() + self._lease
        )

    async def _see_through(self, posted: Posted, turn: "asyncio.Task[Any]") -> None:
        try:
            hint = await turn
            if isinstance(hint, str):
                await self._say_late(posted, hint)
            await self._means.store.done(posted.identity.external_id, posted.key)
        except PASSING as error:  # kept: it is taken over again
            logger.warning("a late turn waits: %s", type(error).__name__)

    async def _say_late(self, posted: Posted, hint: str) -> None:
        """A hint that came too late for the passive reply; sent once and not tried again."""
        openid, now = posted.identity.external_id, self._means.clock()
        if isinstance(await self._means.store.spend(openid, now, reserve=1), str):
            return
        try:
            await self._means.client.send_text(openid, hint)
        except WeChatFault as fault:
            logger.debug("a hint was not taken: %s", fault)

    @property
    def _patience_now(self) -> float:
        """Seconds until a callback is acknowledged."""
        only_way = not self._means.post.sender.may_send
        return max(self._patience, NO_OTHER_WAY) if only_way else self._patience

    def _is_too_fast(self, posted: Posted) -> bool:
        """Whether a person writes too fast; what WeChat itself tells is always heard."""
        is_told = isinstance(posted.event, Said | Tapped | Pictured)
        return is_told and not self._heard.take(posted.identity, posted.at.timestamp())

    async def _too_fast(self, posted: Posted) -> Answer:
        self._means.count("flood")
        if not self._warned.take(posted.identity):
            return Answer()
        return self._replies.hint(posted, say("flood", await self._locale(posted)))

    async def _locale(self, posted: Posted) -> str | None:
        """The language a person is spoken to in; None if it cannot be had now."""
        with suppress(Exception):
            return (await self._means.assistant.case(posted.identity)).locale
        return None


class Interrupted(Exception):
    """The process stops in the middle of a turn: another one takes it."""


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
