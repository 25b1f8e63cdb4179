"""What to do with a callback: hand it to the assistant, and answer it in time.

A turn that is ready within ``PATIENCE`` becomes the passive reply, which costs nothing of what a
person's windows allow. One that takes longer is first kept in the store, then acknowledged, and
answered by customer-service message; if this process dies meanwhile another one takes it.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.pacing import Buckets, Rate
from bot.tencent.choosing import chosen_by_number, tapped
from bot.tencent.compose import pictures_of, texts_of
from bot.tencent.xml import Fields, text_reply
from bot.wechat.answering import WAITING, Waiting
from bot.wechat.callback import Answer
from bot.wechat.errors import WeChatFault
from bot.wechat.files import fetched
from bot.wechat.means import Handled, Means
from bot.wechat.texts import say
from bot.wechat.translate import (
    OTHER_LOCALE,
    Consented,
    Left,
    Nothing,
    Pictured,
    Posted,
    Said,
    Tapped,
    TemplateDone,
    translate,
)
from dialogs.message import Inbound
from dialogs.ordering import Queues
from dialogs.ports import Due, StaleCase
from storage.errors import StoreUnavailable
from storage.wechat_ports import KEPT

logger = logging.getLogger(__name__)

PATIENCE: Final = 2.0
"""Seconds a turn may take to become the passive reply; WeChat itself waits for five."""

CROWD: Final = 8
"""Turns in hand beyond which something is stuck, or too slow for everybody."""

HURRIED: Final = 0.2
"""Seconds a turn may then take: callbacks are acknowledged in time whatever stands still."""

FLOOD: Final = Rate(burst=60, per_second=2)
"""How fast one person may write; what comes faster is refused before it costs a turn."""

LATE: Final = timedelta(seconds=60)
"""How long a delivery kept for later belongs to whoever deals with it."""

PASSING: Final = (StoreUnavailable, StaleCase, OSError)
"""What passes by itself: a callback that met it is not acknowledged, and comes again."""

_LOOK: Final = 0.02
_FINISH: Final = 4.0  # seconds a stopping process waits for turns in hand
_AT_ONCE: Final = 10  # deliveries taken over


class WeChatCore:
    """The channel's behaviour, for one account."""

    def __init__(self, means: Means, *, patience: float = PATIENCE, flood: Rate = FLOOD) -> None:
        self._means = means
        self._patience = patience
        self._heard = Buckets(flood, _monotonic)
        self._warned = Buckets(Rate(burst=1, per_second=1 / 60), _monotonic)
        self._arriving = Queues()
        self._taking = Queues()
        self._in_hand: set[asyncio.Task[Any]] = set()
        self._late: set[asyncio.Task[Any]] = set()

    async def take(self, fields: Fields) -> Answer:
        """Take one callback; it is committed or kept on return, or raises what passes."""
        means, now = self._means, self._means.clock()
        posted = translate(fields, now)
        if posted is None:
            means.count("unreadable")
            return Answer()
        identity = posted.identity
        if not self._heard.take(identity, posted.at.timestamp()):
            return self._too_fast(posted)
        waiting = Waiting(identity)
        async with self._arriving.turn_of(identity):  # taken in the order they came
            noted = await means.store.heard(
                identity.external_id, posted.key, posted.opens, posted.at
            )
            if noted.reopened:
                await means.outbox.hurry(identity, now)
                means.post.delivery.wake(identity)
            turn = asyncio.create_task(self._turn(posted, waiting), name="wechat-turn")
            self._in_hand.add(turn)
            turn.add_done_callback(self._in_hand.discard)
        is_crowded = len(self._in_hand) > CROWD
        await asyncio.wait({turn}, timeout=HURRIED if is_crowded else self._patience)
        if not turn.done() and not waiting.dues:
            waiting.is_over = True
            await self._keep(posted, fields, turn)
            return Answer()
        if waiting.dues:
            return await self._answer(posted, waiting.dues)
        return await self._reply(posted, turn.result())  # raises what passes

    async def take_late(self) -> int:
        """Deal with what other processes acknowledged and did not finish; how many there were."""
        means, now = self._means, self._means.clock()
        found = await means.store.late(now, now + LATE, _AT_ONCE)
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
                    await asyncio.wait(set(self._late))
        if self._late:  # the stores are closed soon
            stuck = self._in_hand | self._late
            for task in stuck:
                task.cancel()
            await asyncio.gather(*stuck, return_exceptions=True)

    async def _turn(self, posted: Posted, waiting: Waiting) -> "str | Handled | None":
        """Do what a callback asks for: a hint to give, a turn taken before, or None."""
        WAITING.set(waiting)
        try:
            # A number means a choice of what is said to the message before it.
            async with self._taking.turn_of(posted.identity):
                handled = await self._act(posted)
        except PASSING:
            raise
        except Exception as error:  # one message nobody can take must not stop the others
            self._means.count("failed")
            logger.error("a callback is passed over: %s", type(error).__name__)
            return say("failed", None)
        return None if waiting.dues or waiting.is_over else handled

    async def _act(self, posted: Posted) -> "str | Handled | None":
        means = self._means
        match posted.event:
            case Said(inbound):
                return await means.assistant.handle(await self._understood(inbound))
            case Tapped(inbound, data):
                return await means.assistant.handle(await tapped(means.outbox, inbound, data))
            case Pictured(inbound, media_id):
                files = await fetched(means.client, means.door, inbound.identity, media_id)
                return await means.assistant.handle(replace(inbound, files=files))
            case Left():
                means.count("left")
                await means.store.gone(posted.identity.external_id, posted.at)
            case TemplateDone(message_id, status):
                arrived = status == "success"
                await means.notices.finished(posted.identity, message_id, arrived=arrived)
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

    async def _reply(self, posted: Posted, outcome: "str | Handled | None") -> Answer:
        if isinstance(outcome, str):
            return Answer(self._written(posted, outcome))
        return Answer() if outcome is None else await self._again(posted, outcome)

    async def _answer(self, posted: Posted, dues: Sequence[Due]) -> Answer:
        """What was said as passive reply; what does not fit into it follows by message."""
        means, said = self._means, [due.outgoing for due in dues]
        texts = texts_of(said, means.link)
        if not texts:
            return Answer(None, means.post.later(posted.identity, dues, None))
        ids = [one.id for one in said]
        await means.store.answered(posted.identity.external_id, posted.key, ids)
        xml = self._written(posted, texts[0])
        if len(texts) > 1 or pictures_of(said):
            return Answer(xml, means.post.later(posted.identity, dues, 1))
        now = means.clock()
        for due in dues:
            if due.outgoing.reply is None:
                await means.outbox.undeliverable(due, "not_deletable", now)
            else:
                await means.outbox.delivered(due, "passive", now)
        return Answer(xml)

    async def _again(self, posted: Posted, handled: Handled) -> Answer:
        """A callback that came before: the same passive reply, if it had one.

        Of copies that come at once, each waits a little for the one that is being answered: with
        a mere acknowledgement of the others WeChat would drop its reply.
        """
        store, openid = self._means.store, posted.identity.external_id
        if not texts_of(handled.outgoing, self._means.link):
            return Answer()
        for _ in range(int(self._patience / 2 / _LOOK)):
            if ids := await store.answer_of(openid, posted.key):
                same = [one for one in handled.outgoing if one.id in ids]
                texts = texts_of(same, self._means.link)
                return Answer(self._written(posted, texts[0])) if texts else Answer()
            await asyncio.sleep(_LOOK)
        return Answer()

    async def _keep(self, posted: Posted, fields: Fields, turn: "asyncio.Task[Any]") -> None:
        """Acknowledge before the turn is done: from now on it must not be lost."""
        means, openid = self._means, posted.identity.external_id
        payload = json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
        await means.store.keep(openid, posted.key, payload, means.clock() + LATE)
        means.count("late")
        late = asyncio.create_task(self._see_through(posted, turn), name="wechat-late")
        self._late.add(late)
        late.add_done_callback(self._late.discard)

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

    def _too_fast(self, posted: Posted) -> Answer:
        self._means.count("flood")
        is_told = isinstance(posted.event, Said | Tapped | Pictured)
        if is_told and self._warned.take(posted.identity):
            return Answer(self._written(posted, say("flood", None)))
        return Answer()

    def _written(self, posted: Posted, text: str) -> bytes:
        at = int(self._means.clock().timestamp())
        return text_reply(posted.identity.external_id, posted.account, at, text)


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
