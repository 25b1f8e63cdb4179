"""How a callback itself is answered: settled once, the same for every copy of it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.tencent.compose import pictures_of, texts_of
from bot.tencent.xml import text_reply
from bot.wechat.callback import Answer
from bot.wechat.means import Means
from bot.wechat.translate import Posted
from dialogs.ports import Due

_LOOK: Final = 0.02


class Replies:
    """Writes passive replies. Of copies that come at once, at whatever process, one settles which
    messages are the reply, or that there is none: a mere acknowledgement of one copy would make
    WeChat drop the reply to another, and what was said would reach nobody."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def hint(self, posted: Posted, text: str) -> Answer:
        """A sentence of the channel's own."""
        return Answer(self._written(posted, text))

    async def said(self, posted: Posted, dues: Sequence[Due]) -> Answer:
        """What a turn said. What does not fit into the reply follows by message; all of it does
        where a copy was acknowledged meanwhile."""
        means, said = self._means, [due.outgoing for due in dues]
        texts = texts_of(said, means.link)
        ids = [one.id for one in said] if texts else []
        settled = await means.store.answered(posted.identity.external_id, posted.key, ids)
        if not texts or list(settled) != ids:
            return Answer(None, means.post.later(posted.identity, dues, None))
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

    async def nothing(self, posted: Posted) -> Answer:
        """A mere acknowledgement, unless a copy was given more."""
        store, openid = self._means.store, posted.identity.external_id
        return await self.settled(posted, await store.answered(openid, posted.key, ()))

    async def again(self, posted: Posted, until: float) -> Answer:
        """What a copy of this callback was given. It may be about to be: wait for it a little.

        ``until`` is a time of the running loop.
        """
        store, openid = self._means.store, posted.identity.external_id
        while (settled := await store.answer_of(openid, posted.key)) is None:
            if asyncio.get_running_loop().time() >= until:
                return await self.nothing(posted)
            await asyncio.sleep(_LOOK)
        return await self.settled(posted, settled)

    async def settled(self, posted: Posted, ids: Sequence[str]) -> Answer:
        """What was settled, by the ids of what was said."""
        found = [await self._means.outbox.find(one) for one in ids]
        texts = texts_of([one for one in found if one is not None], self._means.link)
        return self.hint(posted, texts[0]) if texts else Answer()

    def _written(self, posted: Posted, text: str) -> bytes:
        at: datetime = self._means.clock()
        person = posted.identity.external_id
        return text_reply(person, posted.account, int(at.timestamp()), text)
