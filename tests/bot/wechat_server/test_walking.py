"""However callbacks come, our book lets nothing out that WeChat's would not."""

import random
from datetime import datetime, timedelta

from bot.testing.wechat import Way
from storage.memory.shared import Memory
from storage.memory.wechat import MemoryWeChat
from storage.wechat_ports import Heard, Opens
from tests.bot.wechat_server.walking import Walk

STEPS = 4_000


async def test_no_walk_sends_outside_the_rules() -> None:
    walk = Walk(random.SystemRandom().randrange(2**32))
    await walk.run(STEPS)
    assert walk.outside == []
    assert walk.sent > STEPS / 20
    assert walk.withheld > STEPS / 20
    shown = [one.way for person in walk.people for one in person.profile.shown]
    assert {Way.SERVICE, Way.TEMPLATE, Way.SUBSCRIPTION} <= set(shown)


class Inexact(MemoryWeChat):
    """Takes everything to have happened when it is heard of."""

    async def heard(self, openid: str, key: str, opens: Opens | None, at: datetime) -> Heard:
        """See ``WeChatStore``."""
        return await MemoryWeChat.heard(self, openid, key, opens, at + timedelta(seconds=20))


async def test_a_book_that_takes_times_inexactly_is_found_out() -> None:
    walk = Walk(1)
    walk.store = Inexact(Memory())
    await walk.run(STEPS)
    assert walk.outside
