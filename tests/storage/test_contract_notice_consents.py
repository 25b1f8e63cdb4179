"""Consents to one-time notices: a row each, spent once, on memory, SQLite and PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from dialogs.message import Identity
from storage.ports import Stores
from tests.storage.making import NOW, say, turn, unique

A, B = "template-a", "template-b"


async def _given(stores: Stores, person: str, *templates: str) -> None:
    for place, template in enumerate(templates):
        at = NOW + timedelta(seconds=place)
        await stores.notice_consents.granted(person, template, unique("event"), at)


async def test_each_consent_is_spent_once_the_oldest_of_the_best_template_first(
    stores: Stores,
) -> None:
    person, consents = unique("openid"), stores.notice_consents
    await _given(stores, person, B, A, A)
    assert await consents.left([person, "nobody"]) == {person: 3}
    taken = [await consents.spend(person, [A, B], unique("out"), NOW) for _ in range(4)]
    assert [one.template_id if one else None for one in taken] == [A, A, B, None]
    assert len({one.id for one in taken if one}) == 3
    assert await consents.left([person]) == {}


async def test_the_same_event_counts_once_and_the_same_message_takes_one(stores: Stores) -> None:
    person, consents = unique("openid"), stores.notice_consents
    for _ in range(3):
        await consents.granted(person, A, "event-1", NOW)
    assert await consents.left([person]) == {person: 1}
    first = await consents.spend(person, [A], "out-1", NOW)
    again = await consents.spend(person, [A], "out-1", NOW)
    assert first is not None and not first.was_taken
    assert again == replace(first, was_taken=True)
    assert await consents.spend(person, [A], "out-2", NOW) is None


async def test_one_that_was_not_used_comes_back_and_unknown_ones_go(stores: Stores) -> None:
    person, consents = unique("openid"), stores.notice_consents
    await _given(stores, person, A, B)
    taken = await consents.spend(person, [A], unique("out"), NOW)
    assert taken is not None
    await consents.give_back(taken.id)
    assert await consents.left([person]) == {person: 2}
    await consents.void(person, A)
    assert await consents.left([person]) == {person: 1}
    assert await consents.spend(person, [A], unique("out"), NOW) is None


async def test_many_at_once_spend_no_more_than_there_are(stores: Stores) -> None:
    person, consents = unique("openid"), stores.notice_consents
    await _given(stores, person, A, A, A)
    found = await asyncio.gather(
        *(consents.spend(person, [A], unique("out"), NOW) for _ in range(12))
    )
    ids = [one.id for one in found if one is not None]
    assert len(ids) == len(set(ids)) <= 3
    left = (await consents.left([person])).get(person, 0)
    assert left == 3 - len(ids)


async def test_an_erasure_takes_them_along(stores: Stores) -> None:
    who = Identity("wechat", unique("openid"))
    case = await stores.cases.open(who, NOW, "zh-CN")
    await stores.cases.commit(turn(case, say(who, "好")))
    await _given(stores, who.external_id, A)
    await stores.filings.erase(case.applicant_id)
    assert await stores.notice_consents.left([who.external_id]) == {}
