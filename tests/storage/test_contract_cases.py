"""What every case store promises, on memory, SQLite and PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.case import Case
from dialogs.message import Identity
from dialogs.ports import DuplicateInbound, Outgoing, StaleCase, TurnRecord
from filing.event import Event, EventType
from storage.cases import SqlCaseStore
from storage.errors import InconsistentTurn
from storage.keys import DataKeys
from storage.opening import open_database
from storage.ports import Stores
from tests.storage.conftest import MASTER, POLICY, Place
from tests.storage.making import (
    NOW,
    full_case,
    person,
    rich_reply,
    say,
    turn,
    unique,
    with_answers,
    with_event,
)


async def _open(stores: Stores, identity: Identity) -> Case:
    return await stores.cases.open(identity, NOW, "zh-CN")


async def test_somebody_new_gets_a_fresh_case_that_is_not_stored(stores: Stores) -> None:
    identity = person()
    first, second = await _open(stores, identity), await _open(stores, identity)
    assert (first.version, first.identity, first.locale) == (0, identity, "zh-CN")
    assert first.filings == {}
    assert first.conversation_id != second.conversation_id


async def test_a_committed_case_is_found_again_one_version_on(stores: Stores) -> None:
    before = await _open(stores, person())
    after = full_case(before)
    await stores.cases.commit(turn(before, after=after))
    expected = replace(after, version=1, last_on=before.identity)
    assert await _open(stores, before.identity) == expected


async def test_another_process_reads_the_very_same_case(place: Place) -> None:
    identity = person()
    async with place.opened() as here:
        before = await _open(here, identity)
        await here.cases.commit(turn(before, after=full_case(before)))
        case = await _open(here, identity)
        more = with_event(
            with_answers(case, phone=None),
            Event(EventType.SMS_VERIFIED, NOW, {"person": "principal"}),
        )
        await here.cases.commit(turn(case, after=more))
        kept = await _open(here, identity)
    async with place.opened() as there:
        assert await _open(there, identity) == kept == replace(more, version=2)


async def test_a_filing_moved_to_another_flow_version_is_found_so(place: Place) -> None:
    async with place.opened() as here:
        before = await _open(here, person())
        await here.cases.commit(turn(before, after=with_answers(before, domain="example.cn")))
        case = await _open(here, before.identity)
        assert case.filing is not None
        moved = case.with_filing(replace(case.filing, flow_version=4))
        await here.cases.commit(turn(case, after=moved))
    async with place.opened() as there:
        found = (await _open(there, before.identity)).filing
        assert found is not None
        assert found.flow_version == 4
        assert [answer.value for answer in found.answers] == ["example.cn"]


async def test_a_turn_on_an_older_version_is_refused_and_nothing_of_it_stored(
    stores: Stores,
) -> None:
    before = await _open(stores, person())
    await stores.cases.commit(turn(before))
    late = turn(before, say(before.identity, "late"), after=with_answers(before, domain="a.cn"))
    with pytest.raises(StaleCase):
        await stores.cases.commit(late)
    case = await _open(stores, before.identity)
    assert (case.version, case.filings) == (1, {})
    assert await stores.outbox.find(late.outgoing[0].id) is None


async def test_a_message_handled_before_is_refused_with_its_replies_at_hand(
    stores: Stores,
) -> None:
    identity = person()
    said = (Outgoing(unique("out"), identity, rich_reply()), say(identity, "再见"))
    removal = Outgoing(unique("out"), identity, delete="platform-77")
    first = turn(await _open(stores, identity), *said, removal, message_id="m1")
    await stores.cases.commit(first)
    again = turn(await _open(stores, identity), say(identity, "again"), message_id="m1")
    with pytest.raises(DuplicateInbound):
        await stores.cases.commit(again)
    assert (await _open(stores, identity)).version == 1
    assert await stores.cases.recorded(identity, "m1") == (*said, removal)
    assert await stores.cases.recorded(identity, "m2") == ()


async def test_message_ids_are_told_apart_by_person_and_channel(stores: Stores) -> None:
    one, other = person(), person()
    same_name = Identity("web", one.external_id)
    for identity in (one, other, same_name):
        await stores.cases.commit(turn(await _open(stores, identity), message_id="m1"))
        assert (await _open(stores, identity)).version == 1


async def test_a_turn_without_a_message_stores_and_says_something(stores: Stores) -> None:
    before = await _open(stores, person("web"))
    reminder = say(before.identity, "请完成短信核验")
    await stores.cases.commit(TurnRecord(before, before, None, (reminder,), at=NOW))
    assert [entry.said for entry in await stores.transcript.since(before.identity, 0)] == [
        reminder.reply
    ]


async def test_of_two_first_turns_at_once_one_must_be_taken_again(stores: Stores) -> None:
    identity = person()
    cases = [await _open(stores, identity) for _ in range(2)]
    outcomes = await asyncio.gather(
        *(stores.cases.commit(turn(case)) for case in cases), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [tuple, StaleCase]
    assert (await _open(stores, identity)).conversation_id == cases[0].conversation_id


async def test_turns_of_one_conversation_handed_in_together_keep_their_order(
    stores: Stores,
) -> None:
    identity = person()
    await stores.cases.commit(turn(await _open(stores, identity)))
    before = await _open(stores, identity)
    first = turn(before, say(before.identity, "one"))
    second = turn(replace(first.after, version=2), say(before.identity, "two"))
    await asyncio.gather(stores.cases.commit(first), stores.cases.commit(second))
    entries = await stores.transcript.since(before.identity, 0)
    assert [entry.said.text for entry in entries if entry.said] == ["one", "two"]
    assert (await _open(stores, before.identity)).version == 3


async def test_a_stale_and_a_repeated_turn_do_not_hold_up_their_company(stores: Stores) -> None:
    good, stale, repeated = [await _open(stores, person()) for _ in range(3)]
    await stores.cases.commit(turn(stale))
    await stores.cases.commit(turn(repeated, message_id="m1"))
    outcomes = await asyncio.gather(
        stores.cases.commit(turn(stale)),
        stores.cases.commit(turn(good)),
        stores.cases.commit(
            turn(await _open(stores, repeated.identity), message_id="m1"),
        ),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [StaleCase, tuple, DuplicateInbound]
    assert (await _open(stores, good.identity)).version == 1


async def test_two_processes_writing_one_conversation_lose_no_turn(place: Place) -> None:
    identity, turns = person(), 12

    async def work(stores: Stores, name: str) -> None:
        for number in range(turns):
            while True:
                before = await _open(stores, identity)
                after = with_answers(before, remark=f"{name} {number}")
                try:
                    await stores.cases.commit(turn(before, after=after))
                    break
                except StaleCase:
                    continue

    async with place.opened() as here, place.opened() as there:
        await asyncio.gather(work(here, "here"), work(there, "there"))
    async with place.opened() as third:
        case = await _open(third, identity)
    assert case.version == 2 * turns
    assert case.filing is not None
    assert sorted(answer.value or "" for answer in case.filing.answers) == sorted(
        f"{name} {number}" for name in ("here", "there") for number in range(turns)
    )


async def test_two_processes_greeting_the_same_person_make_one_conversation(place: Place) -> None:
    async with place.opened() as here, place.opened() as there:
        for _ in range(5):
            identity = person()
            turns = [(stores, turn(await _open(stores, identity))) for stores in (here, there)]
            outcomes = await asyncio.gather(
                *(stores.cases.commit(greeting) for stores, greeting in turns),
                return_exceptions=True,
            )
            assert sorted(type(outcome).__name__ for outcome in outcomes) == [
                "StaleCase",
                "tuple",
            ]
            assert await _open(here, identity) == await _open(there, identity)


async def test_a_turn_that_cannot_be_written_fails_alone(place: Place) -> None:
    async with place.opened() as stores:
        bad, *good = [await _open(stores, person()) for _ in range(4)]
        taken = say(bad.identity, "an id used before")
        await stores.cases.commit(turn(await _open(stores, person()), taken))
        outcomes = await asyncio.gather(
            stores.cases.commit(turn(bad, taken)),
            *(stores.cases.commit(turn(case)) for case in good),
            return_exceptions=True,
        )
        assert isinstance(outcomes[0], StaleCase)
        assert outcomes[1:] == [()] * 3
        assert [(await _open(stores, case.identity)).version for case in good] == [1, 1, 1]
        assert (await _open(stores, bad.identity)).version == 0


async def test_a_turn_that_takes_answers_back_is_a_fault(stores: Stores) -> None:
    before = await _open(stores, person())
    await stores.cases.commit(turn(before, after=with_answers(before, domain="a.cn")))
    case = await _open(stores, before.identity)
    assert case.filing is not None
    shorter = case.with_filing(replace(case.filing, answers=()))
    with pytest.raises(InconsistentTurn, match="answers are only ever added"):
        await stores.cases.commit(turn(case, after=shorter))
    other = replace(case, conversation_id="another")
    with pytest.raises(InconsistentTurn, match="another conversation"):
        await stores.cases.commit(turn(case, after=other))
    assert await _open(stores, before.identity) == case


async def test_times_come_back_as_the_same_instants(place: Place) -> None:
    identity = person()
    odd = NOW + timedelta(microseconds=1)
    async with place.opened() as here:
        before = await _open(here, identity)
        event = Event(EventType.SMS_RECEIVED, odd)
        await here.cases.commit(turn(before, after=with_event(with_answers(before), event)))
    async with place.opened() as there:
        filing = (await _open(there, identity)).filing
        assert filing is not None
        assert filing.events == (event,)


async def test_a_broken_character_does_not_stop_a_turn(place: Place) -> None:
    identity = person()
    async with place.opened() as here:
        before = await _open(here, identity)
        broken = with_answers(before, site_name="半个\ud83d表情")
        await here.cases.commit(
            turn(before, say(identity, "您写的是 \ud83d"), heard="半个\ud83d", after=broken)
        )
    async with place.opened() as there:
        filing = (await _open(there, identity)).filing
        assert filing is not None
        assert filing.answers[0].value == "半个?表情"
        entries = await there.transcript.since(identity, 0)
        assert [entry.heard or (entry.said and entry.said.text) for entry in entries] == [
            "半个?",
            "您写的是 ?",
        ]


async def test_a_store_with_room_for_one_case_and_one_key_serves_many_people(place: Place) -> None:
    database = open_database(place.url)
    store = SqlCaseStore(database, DataKeys(MASTER, limit=1), POLICY, cached_cases=1)
    people = [person() for _ in range(3)]
    for number in range(3):
        for identity in people:
            before = await store.open(identity, NOW, "zh-CN")
            assert before.version == number
            await store.commit(turn(before, after=with_answers(before, remark=str(number))))
    cases = [await store.open(identity, NOW, "zh-CN") for identity in people]
    await database.close()
    assert [[answer.value for answer in case.filing.answers] for case in cases if case.filing] == [
        ["0", "1", "2"]
    ] * 3
