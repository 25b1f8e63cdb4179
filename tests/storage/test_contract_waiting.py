"""Who waits for a person, and how many before somebody: on memory, SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

from dialogs.case import Attention
from dialogs.message import Identity
from storage.ports import Stores
from tests.storage.making import NOW, person, turn, with_answers

MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - timedelta(days=400)


async def _wait(stores: Stores, identity: Identity, minutes: int | None) -> None:
    """Somebody who has a filing waits since so many minutes after long ago, or no longer."""
    before = await stores.cases.open(identity, NOW, "zh-CN")
    after = before if before.version else with_answers(before, domain="example.cn")
    since = None if minutes is None else LONG_AGO + minutes * MINUTE
    attention = Attention(handover="waiting" if since else None, waiting_since=since)
    await stores.cases.commit(turn(before, after=replace(after, attention=attention)))


async def test_those_who_wait_are_counted_from_the_longest(stores: Stores) -> None:
    first, second, third = person(), person(), person()
    for identity, minutes in ((second, 2), (first, 1), (third, 3)):
        await _wait(stores, identity, minutes)
    line = stores.line
    before = await line.ahead(LONG_AGO)
    assert [await line.ahead(LONG_AGO + n * MINUTE) - before for n in (1, 2, 3)] == [0, 1, 2]
    await _wait(stores, first, None)
    assert await line.ahead(LONG_AGO + 3 * MINUTE) - before == 1
    cases = [await stores.cases.open(one, NOW, "zh-CN") for one in (second, third)]
    ours = {case.conversation_id for case in cases}
    found = [one for one in await line.waiting() if one.conversation in ours]
    assert [one.conversation for one in found] == [case.conversation_id for case in cases]
    assert [one.filing for one in found] == [case.active for case in cases]
    assert [one.since for one in found] == [LONG_AGO + 2 * MINUTE, LONG_AGO + 3 * MINUTE]


async def test_nobody_waits_who_never_asked(stores: Stores) -> None:
    identity = person()
    await _wait(stores, identity, None)
    case = await stores.cases.open(identity, NOW, "zh-CN")
    assert case.conversation_id not in {one.conversation for one in await stores.line.waiting()}
