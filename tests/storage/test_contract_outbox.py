"""What every outbox promises, on memory, SQLite and PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from dialogs.message import Identity
from dialogs.ports import Due, Outgoing
from storage.ports import LEASE, Stores
from tests.storage.conftest import Place
from tests.storage.making import NOW, person, rich_reply, say, turn, unique

SECOND = timedelta(seconds=1)


async def _say(stores: Stores, identity: Identity, *texts: str) -> list[str]:
    before = await stores.cases.open(identity, NOW, "zh-CN")
    outgoing = [say(identity, text) for text in texts]
    await stores.cases.commit(turn(before, *outgoing))
    return [one.id for one in outgoing]


async def _hand_over(stores: Stores, identity: Identity, *texts: str) -> list[Due]:
    before = await stores.cases.open(identity, NOW, "zh-CN")
    said = turn(before, *(say(identity, text) for text in texts))
    return list(await stores.cases.commit(replace(said, hand_over=True)))


def _texts(due: list[Due]) -> list[str]:
    return [one.outgoing.reply.text for one in due if one.outgoing.reply is not None]


async def _claim(stores: Stores, later: timedelta = timedelta(), limit: int = 10) -> list[Due]:
    return list(await stores.outbox.claim("telegram", NOW + later, limit))


async def test_messages_of_one_person_go_one_after_the_other(stores: Stores) -> None:
    identity = person()
    await _say(stores, identity, "one", "two")
    await _say(stores, identity, "three")
    spoken = []
    for _ in range(3):
        due = await _claim(stores)
        spoken += _texts(due)
        assert await _claim(stores) == []
        await stores.outbox.delivered(due[0], "77", NOW)
    assert spoken == ["one", "two", "three"]
    assert await _claim(stores) == []


async def test_whoever_stores_a_turn_may_take_its_messages_over(stores: Stores) -> None:
    claimed = await _hand_over(stores, person(), "one", "two")
    assert _texts(claimed) == ["one", "two"]
    assert await _claim(stores) == []
    await stores.outbox.delivered(claimed[0], "1", NOW)
    await stores.outbox.retry(claimed[1], NOW + SECOND)
    [again] = await _claim(stores, SECOND)
    assert (again.outgoing, again.attempt) == (claimed[1].outgoing, 2)


async def test_messages_behind_others_are_not_handed_over(stores: Stores) -> None:
    identity = person()
    [first] = await _hand_over(stores, identity, "one")
    assert await _hand_over(stores, identity, "two") == []
    await stores.outbox.delivered(first, "1", NOW)
    [second] = await _claim(stores)
    assert _texts([second]) == ["two"]
    await stores.outbox.undeliverable(second, "blocked", NOW)
    assert _texts(await _hand_over(stores, identity, "three")) == ["three"]


async def test_of_turns_stored_together_only_the_first_is_handed_over(stores: Stores) -> None:
    identity = person()
    await stores.cases.commit(turn(await stores.cases.open(identity, NOW, "zh-CN")))
    before = await stores.cases.open(identity, NOW, "zh-CN")
    one = replace(turn(before, say(identity, "one")), hand_over=True)
    two = turn(replace(one.after, version=before.version + 1), say(identity, "two"))
    claims = await asyncio.gather(
        stores.cases.commit(one), stores.cases.commit(replace(two, hand_over=True))
    )
    assert [_texts(list(some)) for some in claims] == [["one"], []]


async def test_messages_taken_over_by_a_process_that_died_come_back(stores: Stores) -> None:
    [lost] = await _hand_over(stores, person(), "one")
    assert await _claim(stores, LEASE - SECOND) == []
    [found] = await _claim(stores, LEASE)
    assert (found.outgoing, found.attempt) == (lost.outgoing, 2)
    await stores.outbox.undeliverable(lost, "too late to say so", NOW)
    await stores.outbox.delivered(found, "2", NOW)
    assert await _claim(stores, 3 * LEASE) == []


async def test_messages_of_several_people_go_side_by_side_up_to_the_limit(stores: Stores) -> None:
    for name in ("a", "b", "c"):
        await _say(stores, person(), name, f"{name} later")
    first = await _claim(stores, limit=2)
    assert _texts(first) == ["a", "b"]
    assert _texts(await _claim(stores, limit=2)) == ["c"]


async def test_a_claim_brings_the_whole_reply(stores: Stores) -> None:
    identity = person()
    before = await stores.cases.open(identity, NOW, "zh-CN")
    asked = Outgoing(unique("out"), identity, rich_reply())
    removal = Outgoing(unique("out"), identity, delete="42")
    await stores.cases.commit(turn(before, asked, removal))
    [due] = await _claim(stores)
    assert (due.outgoing, due.attempt) == (asked, 1)
    await stores.outbox.delivered(due, None, NOW)
    assert [due.outgoing for due in await _claim(stores)] == [removal]


async def test_what_a_dead_sender_held_comes_back_after_the_lease(stores: Stores) -> None:
    await _say(stores, person(), "hello")
    [held] = await _claim(stores)
    assert await _claim(stores, LEASE - SECOND) == []
    [again] = await _claim(stores, LEASE)
    assert again.outgoing == held.outgoing
    assert (again.attempt, again.fence > held.fence) == (2, True)


async def test_a_sender_that_outlived_its_lease_changes_nothing(stores: Stores) -> None:
    await _say(stores, person(), "hello", "next")
    [late] = await _claim(stores)
    [current] = await _claim(stores, LEASE)
    await stores.outbox.delivered(late, "1", NOW)
    await stores.outbox.retry(late, NOW)
    await stores.outbox.undeliverable(late, "gone", NOW)
    assert await _claim(stores, LEASE) == []
    await stores.outbox.delivered(current, "2", NOW)
    assert _texts(await _claim(stores, LEASE)) == ["next"]


async def test_later_messages_wait_behind_one_to_be_tried_again(stores: Stores) -> None:
    identity = person()
    await _say(stores, identity, "one", "two")
    [due] = await _claim(stores)
    await stores.outbox.retry(due, NOW + 30 * SECOND)
    await _say(stores, identity, "three")
    assert await _claim(stores, 29 * SECOND) == []
    for text in ("one", "two", "three"):
        [due] = await _claim(stores, 30 * SECOND)
        assert _texts([due]) == [text]
        await stores.outbox.delivered(due, None, NOW)


async def test_after_giving_up_on_a_message_the_next_may_go(stores: Stores) -> None:
    await _say(stores, person(), "blocked", "next")
    [due] = await _claim(stores)
    await stores.outbox.undeliverable(due, "blocked by the person", NOW)
    assert _texts(await _claim(stores)) == ["next"]


async def test_an_outcome_is_recorded_once(stores: Stores) -> None:
    await _say(stores, person(), "hello")
    [due] = await _claim(stores)
    await stores.outbox.delivered(due, "1", NOW)
    await stores.outbox.retry(due, NOW)
    assert await _claim(stores, LEASE) == []


async def test_nothing_waits_for_a_clock_that_was_put_back_to_come_round_again(
    stores: Stores,
) -> None:
    put_off, held = person(), person()
    await _say(stores, put_off, "put off")
    [due] = await _claim(stores)
    await stores.outbox.retry(due, NOW + 30 * SECOND)
    await _say(stores, held, "held")
    await _claim(stores)
    back = -3600 * SECOND
    assert _texts(await _claim(stores, back)) == ["put off"]
    assert await _claim(stores, back + LEASE - SECOND) == []
    assert sorted(_texts(await _claim(stores, back + LEASE))) == ["held", "put off"]


async def test_channels_that_pull_have_nothing_to_be_delivered(stores: Stores) -> None:
    identity = person("web")
    [shown] = await _say(stores, identity, "on the page")
    assert await stores.outbox.claim("web", NOW + LEASE, 10) == []
    found = await stores.outbox.find(shown)
    assert found is not None
    assert found.identity == identity


async def test_a_channel_claims_only_its_own(stores: Stores) -> None:
    await _say(stores, person("wechat"), "wechat")
    assert await _claim(stores) == []


async def test_nothing_is_due_before_its_time_and_unknown_ids_find_nothing(
    stores: Stores,
) -> None:
    await _say(stores, person(), "hello")
    assert await _claim(stores, -SECOND) == []
    assert await stores.outbox.find("nothing of ours") is None


async def test_two_processes_never_hold_the_same_message_nor_overtake(place: Place) -> None:
    people = [person() for _ in range(6)]
    heard: dict[Identity, list[str]] = {identity: [] for identity in people}

    async def deliver(stores: Stores) -> None:
        idle = 0
        while idle < 3:
            due = await stores.outbox.claim("telegram", NOW, 2)
            idle = 0 if due else idle + 1
            for one in due:
                heard[one.outgoing.identity] += _texts([one])
                await asyncio.sleep(0)
                await stores.outbox.delivered(one, None, NOW)

    async with place.opened() as here, place.opened() as there:
        for identity in people:
            await _say(here, identity, "1", "2", "3")
            await _say(here, identity, "4")
        await asyncio.gather(deliver(here), deliver(there))
    assert list(heard.values()) == [["1", "2", "3", "4"]] * len(people)


async def test_what_waits_for_somebody_is_due_once_they_can_be_reached_again(
    stores: Stores,
) -> None:
    identity, other = person(), person()
    for each in (identity, other):
        [first] = await _hand_over(stores, each, "one")
        await _say(stores, each, "two")
        await stores.outbox.retry(first, NOW + timedelta(hours=6))
    assert await _claim(stores) == []
    await stores.outbox.hurry(identity, NOW)
    [due] = await _claim(stores)
    assert (due.outgoing.identity, _texts([due])) == (identity, ["one"])
    await stores.outbox.hurry(identity, NOW)  # being sent: that changes nothing
    assert await _claim(stores) == []
    await stores.outbox.delivered(due, "1", NOW)
    assert _texts(await _claim(stores)) == ["two"]
