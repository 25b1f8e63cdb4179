"""Dockets beside their conversations: on memory, SQLite and PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from desk.docket import SHAPE, Docket, Talked
from desk.dockets import Kept
from desk.placing import Placing
from desk.terms import Query, Terms
from dialogs.case import Case, Colleague, Hold
from dialogs.message import Identity
from dialogs.reminding import StaffTask
from storage.ports import Stores
from tests.desk.dockets import LIMITS, HalfAnHour
from tests.storage.conftest import Place
from tests.storage.making import NOW, PHONE, full_case, person, say, turn, unique, with_answers

DAY = timedelta(days=1)
LONG_AGO = NOW - 1000 * DAY
PLACING = Placing.by(HalfAnHour(), LIMITS)


async def _behind(stores: Stores, made_before: datetime = LONG_AGO, **how: Any) -> set[str]:
    """Who is behind of all, looked at a few at a time."""
    found: set[str] = set()
    stretch = await stores.dockets.behind(None, made_before, size=3, **how)
    found.update(stretch.behind)
    while stretch.end is not None:
        stretch = await stores.dockets.behind(stretch.end, made_before, size=3, **how)
        found.update(stretch.behind)
    return found


async def _talk(stores: Stores, identity: Identity, heard: str = "你好") -> Case:
    before = await stores.cases.open(identity, NOW, "zh-CN")
    await stores.cases.commit(turn(before, say(identity, "您好"), heard=heard))
    return await stores.cases.open(identity, NOW, "zh-CN")


def _docket(case: Case, seq: int = 0) -> Kept:
    docket = Docket(
        case.conversation_id,
        case.version,
        NOW,
        case.identity.channel,
        case.locale,
        name="张**",
        numbers=("苏ICP备2026000001号-1",),
        talked=Talked(seq, NOW, NOW, None),
    )
    return Kept(docket, Terms().with_texts(["备案"]))


async def test_a_docket_comes_back_as_it_was_put(stores: Stores) -> None:
    case = await _talk(stores, person())
    await stores.dockets.put([_docket(case)], PLACING)
    [kept] = await stores.dockets.get([case.conversation_id])
    assert kept.docket == _docket(case).docket
    assert kept.terms.may_have(Query.of("备案"))
    assert (await stores.listing.put_since(NOW, 1000))[case.conversation_id] == NOW
    assert case.conversation_id not in await stores.listing.put_since(NOW + DAY, 1000)


async def test_behind_is_what_has_no_docket_or_one_of_an_earlier_version(stores: Stores) -> None:
    identity = person()
    case = await _talk(stores, identity)
    scope = case.conversation_id
    assert scope in await _behind(stores)
    assert scope in await _behind(stores, newest_first=True)
    assert scope in (await stores.dockets.behind((NOW - DAY, ""), LONG_AGO)).behind
    await stores.dockets.put([_docket(case)], PLACING)
    assert scope not in await _behind(stores)
    await _talk(stores, identity)
    assert scope in await _behind(stores)


async def test_behind_is_also_a_docket_of_an_earlier_shape_or_one_grown_old(stores: Stores) -> None:
    case = await _talk(stores, person())
    kept = _docket(case)
    await stores.dockets.put([kept], PLACING)
    assert case.conversation_id in await _behind(stores, NOW + DAY)
    for shape, is_behind in ((SHAPE - 1, True), (SHAPE + 1, False)):  # a newer version's is left
        other = await _talk(stores, person())
        made = _docket(other)
        await stores.dockets.put([replace(made, docket=replace(made.docket, shape=shape))], PLACING)
        behind = await _behind(stores)
        assert (other.conversation_id in behind) is is_behind


async def test_behind_is_what_was_placed_by_other_limits_if_that_is_asked(stores: Stores) -> None:
    case = await _talk(stores, person())
    await stores.dockets.put([_docket(case)], PLACING)
    assert case.conversation_id not in await _behind(stores, mark=PLACING.mark)
    assert case.conversation_id in await _behind(stores, mark="another")


async def test_a_docket_of_an_earlier_version_does_not_replace_a_later_one(stores: Stores) -> None:
    identity = person()
    early = await _talk(stores, identity)
    late = await _talk(stores, identity)
    await stores.dockets.put([_docket(late)], PLACING)
    await stores.dockets.put([_docket(early)], PLACING)
    [kept] = await stores.dockets.get([late.conversation_id])
    assert kept.docket.version == late.version


async def test_only_what_was_written_since_the_last_docket_is_read_again(stores: Stores) -> None:
    identity = person()
    case = await _talk(stores, identity, "第一句")
    scope = case.conversation_id
    first = (await stores.dockets.beside([scope]))[scope]
    assert first.before is None
    assert [(line.author, line.text) for line in first.lines] == [
        ("applicant", "第一句"),
        ("assistant", ""),
    ]
    await stores.dockets.put([_docket(case, seq=first.lines[-1].seq)], PLACING)
    assert (await stores.dockets.beside([scope]))[scope].lines == []
    await _talk(stores, identity, "第二句")
    again = (await stores.dockets.beside([scope]))[scope]
    assert again.before is not None
    assert [line.text for line in again.lines if line.text] == ["第二句"]
    words = await stores.dockets.words(scope, 10)
    assert [line.text for line in words] == ["第二句", "第一句"]
    assert [line.text for line in await stores.dockets.words(scope, 1)] == ["第二句"]


async def test_open_tasks_of_any_of_the_filings_are_told(stores: Stores) -> None:
    identity = person()
    before = await stores.cases.open(identity, NOW, "zh-CN")
    after = full_case(before)
    filing = min(after.filings)
    task = StaffTask(unique("task"), filing, "unreachable", None, NOW)
    await stores.cases.commit(replace(turn(before, after=after), tasks=(task,)))
    scope = before.conversation_id
    assert (await stores.dockets.beside([scope]))[scope].tasks == ["unreachable"]
    await stores.tasks.finish(task.key, "小李", NOW)
    assert (await stores.dockets.beside([scope]))[scope].tasks == []


async def test_an_indexed_answer_leads_to_the_conversation(stores: Stores) -> None:
    identity = person()
    before = await stores.cases.open(identity, NOW, "zh-CN")
    await stores.cases.commit(turn(before, after=with_answers(before, phone=PHONE, remark="茶")))
    scope = before.conversation_id
    assert list(await stores.dockets.with_value({"phone": PHONE, "cert_number": "x"})) == [scope]
    assert list(await stores.dockets.with_value({"phone": "13900139000"})) == []
    assert list(await stores.dockets.with_value({"remark": "茶"})) == []


async def test_an_erased_conversation_has_no_docket_and_gets_none(stores: Stores) -> None:
    gone, stays = await _talk(stores, person()), await _talk(stores, person())
    await stores.dockets.put([_docket(gone)], PLACING)
    await stores.filings.erase(gone.applicant_id)
    assert gone.conversation_id not in await stores.listing.put_since(NOW, 1000)
    await stores.dockets.put([_docket(gone), _docket(stays)], PLACING)
    assert stays.conversation_id in await stores.listing.put_since(NOW, 1000)
    assert list(await stores.dockets.get([gone.conversation_id])) == []
    assert list(await stores.dockets.cases([gone.conversation_id])) == []
    assert not (await stores.dockets.words(gone.conversation_id, 5))


async def test_cases_come_as_another_process_left_them(place: Place) -> None:
    identity = person()
    async with place.opened() as here, place.opened() as there:
        await _talk(here, identity)
        cached = await there.cases.open(identity, NOW, "zh-CN")
        await _talk(here, identity)
        [case] = await there.dockets.cases([cached.conversation_id])
        assert case.version == cached.version + 1


async def test_other_processes_on_postgresql_are_told_whose_dockets_were_put(
    postgres_place: Place,
) -> None:
    async with postgres_place.opened() as here, postgres_place.opened() as there:
        mine, theirs = await _talk(here, person()), await _talk(there, person())
        heard: asyncio.Queue[list[str]] = asyncio.Queue()
        async with there.dockets.listening(lambda told: heard.put_nowait(list(told))):
            async with asyncio.timeout(30):
                assert await heard.get() == []  # it listens
                await there.dockets.put([_docket(theirs)], PLACING)  # its own are no news
                await here.dockets.put([_docket(mine)], PLACING)
                assert await heard.get() == [mine.conversation_id]


async def test_what_colleagues_wrote_is_read_too_and_what_was_withdrawn_is_not(
    stores: Stores,
) -> None:
    identity = person("telegram")
    case = await _talk(stores, identity, "在吗")
    scope = case.conversation_id
    by_staff = replace(say(identity, "我来看看"), author=Colleague("a1", "小李").author)
    await stores.cases.commit(turn(case, by_staff, heard=None, after=case))
    lines = (await stores.dockets.beside([scope]))[scope].lines
    assert [(line.author, line.text) for line in lines] == [
        ("applicant", "在吗"),
        ("assistant", ""),
        ("staff", "我来看看"),
    ]
    assert [line.text for line in await stores.dockets.words(scope, 9)] == ["我来看看", "在吗"]
    before = await stores.cases.open(identity, NOW, "zh-CN")
    hold = Hold("a2", "小王", before.epoch + 1, NOW, NOW + DAY)
    taken = replace(before, hold=hold, epoch=before.epoch + 1)
    await stores.cases.commit(turn(before, heard=None, after=taken))
    left = (await stores.dockets.beside([scope]))[scope].lines
    assert [line.author for line in left] == ["applicant"]
