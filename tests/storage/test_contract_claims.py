"""What claims on conversations promise, on memory, SQLite and PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.case import Case, Colleague
from dialogs.holding import freed, renewed, taken, taken_over
from dialogs.message import Identity, Inbound, IncomingFile
from dialogs.ports import Due, Outgoing, StaleCase
from storage.errors import InconsistentTurn
from storage.ports import LEASE, Stores
from tests.storage.conftest import Place
from tests.storage.making import NOW, person, say, turn, unique

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
LI = Colleague("a1", "小李")
WANG = Colleague("a2", "小王")


async def _open(stores: Stores, identity: Identity) -> Case:
    return await stores.cases.open(identity, NOW, "zh-CN")


async def _say(stores: Stores, identity: Identity, *texts: str, urgent: bool = False) -> None:
    before = await _open(stores, identity)
    said = [replace(say(identity, text), urgent=urgent) for text in texts]
    await stores.cases.commit(turn(before, *said, after=before))


async def _take(stores: Stores, identity: Identity, who: Colleague, *texts: str) -> Case:
    before = await _open(stores, identity)
    said = [replace(say(identity, text), author=who.author) for text in texts]
    after = taken_over(before, who, NOW, HOUR)
    await stores.cases.commit(turn(before, *said, after=after))
    return await _open(stores, identity)


async def _claim(stores: Stores, later: timedelta = timedelta()) -> list[Due]:
    return list(await stores.outbox.claim("telegram", NOW + later, 10))


def _texts(dues: list[Due]) -> list[str]:
    return [one.outgoing.reply.text for one in dues if one.outgoing.reply is not None]


async def _fates(stores: Stores, identity: Identity) -> list[tuple[str, str | None, str]]:
    lines = await stores.transcript.since(identity, 0)
    return [(one.said.text, one.status, one.author) for one in lines if one.said is not None]


async def test_a_claim_is_kept_with_the_case(stores: Stores) -> None:
    identity = person()
    await _say(stores, identity, "hello")
    held = await _take(stores, identity, LI)
    stores.cases.evict(identity)
    again = await _open(stores, identity)
    assert again.hold == held.hold
    assert again.hold is not None
    assert (again.epoch, again.hold.epoch, again.hold.colleague) == (1, 1, LI)
    found = await stores.claims.find(again.conversation_id)
    assert found is not None
    assert (found.identity, found.hold, found.epoch) == (identity, again.hold, 1)
    await stores.cases.commit(turn(again, after=freed(again, LI)))
    stores.cases.evict(identity)
    free = await _open(stores, identity)
    assert (free.hold, free.epoch) == (None, 1)
    assert await stores.claims.find("nobody's") is None


async def test_of_two_claims_at_once_one_is_stored(stores: Stores) -> None:
    identity = person()
    await _say(stores, identity, "hello")
    before = await _open(stores, identity)
    both = [turn(before, after=taken(before, who, NOW, HOUR)) for who in (LI, WANG)]
    outcomes = await asyncio.gather(
        *(stores.cases.commit(one) for one in both), return_exceptions=True
    )
    assert sorted(type(one) is StaleCase for one in outcomes) == [False, True]


async def test_the_epoch_never_falls(stores: Stores) -> None:
    identity = person()
    await _say(stores, identity, "hello")
    held = await _take(stores, identity, LI)
    with pytest.raises(InconsistentTurn):
        await stores.cases.commit(turn(held, after=replace(held, epoch=0)))


async def test_whoever_takes_a_conversation_withdraws_what_waits_in_it(stores: Stores) -> None:
    identity, other = person(), person()
    await _say(stores, identity, "one", "two")
    await _say(stores, other, "another's")
    await _take(stores, identity, LI, "I am here")
    assert sorted(_texts(await _claim(stores))) == ["I am here", "another's"]
    assert await _fates(stores, identity) == [
        ("one", "withdrawn", "assistant"),
        ("two", "withdrawn", "assistant"),
        ("I am here", "sending", "agent:小李"),
    ]


async def test_a_later_holder_withdraws_what_an_earlier_one_said(stores: Stores) -> None:
    identity = person()
    await _say(stores, identity)
    await _take(stores, identity, LI, "from Li")
    await _take(stores, identity, WANG, "from Wang")
    assert _texts(await _claim(stores)) == ["from Wang"]


async def test_whoever_hands_back_still_has_said_what_they_said(stores: Stores) -> None:
    identity = person()
    await _say(stores, identity)
    held = await _take(stores, identity, LI, "goodbye")
    again = turn(held, say(identity, "the assistant again"), after=freed(held, LI))
    await stores.cases.commit(again)
    [due] = await _claim(stores)
    assert _texts([due]) == ["goodbye"]
    await stores.outbox.delivered(due, None, NOW)
    assert _texts(await _claim(stores)) == ["the assistant again"]


async def test_urgent_messages_and_deletions_stay(stores: Stores) -> None:
    identity = person()
    await _say(stores, identity, "the window closes", urgent=True)
    before = await _open(stores, identity)
    gone = Outgoing(unique("out"), identity, delete="42")
    await stores.cases.commit(turn(before, gone, say(identity, "asks on"), after=before))
    await _take(stores, identity, LI, "hello")
    found: list[Outgoing] = []
    while due := await _claim(stores):
        found += [one.outgoing for one in due]
        await stores.outbox.delivered(due[0], None, NOW)
    texts = [one.reply.text if one.reply else one.delete for one in found]
    assert texts == ["the window closes", "42", "hello"]
    assert found[0].urgent


async def test_what_is_being_sent_cannot_be_stopped_and_is_told(stores: Stores) -> None:
    identity = person()
    await _say(stores, identity, "under way", "waits")
    [due] = await _claim(stores)
    held = await _take(stores, identity, LI, "hello")
    scope = held.conversation_id
    assert await stores.claims.clear(scope, held.epoch, NOW) == 1
    assert await _claim(stores) == []
    await stores.outbox.delivered(due, "7", NOW)
    assert await stores.claims.clear(scope, held.epoch, NOW) == 0
    assert _texts(await _claim(stores)) == ["hello"]
    assert [fate for _, fate, _ in await _fates(stores, identity)] == [
        "sent",
        "withdrawn",
        "sending",
    ]


async def test_what_was_under_way_is_not_tried_again(stores: Stores) -> None:
    identity = person()
    await _say(stores, identity, "under way")
    [due] = await _claim(stores)
    held = await _take(stores, identity, LI, "hello")
    await stores.outbox.retry(due, NOW)
    assert _texts(await _claim(stores)) == ["hello"]
    assert await stores.claims.clear(held.conversation_id, held.epoch, NOW) == 0
    assert (await _fates(stores, identity))[0] == ("under way", "withdrawn", "assistant")


async def test_what_a_dead_sender_held_is_not_sent_after_somebody_came(stores: Stores) -> None:
    identity = person()
    await _say(stores, identity, "held by one who died")
    assert await _claim(stores)
    held = await _take(stores, identity, LI, "hello")
    assert _texts(await _claim(stores, LEASE)) == ["hello"]
    scope, epoch = held.conversation_id, held.epoch
    assert await stores.claims.clear(scope, epoch, NOW + LEASE) == 0


async def test_what_a_dead_sender_held_before_is_withdrawn_by_the_claim(stores: Stores) -> None:
    identity = person()
    await _say(stores, identity, "held by one who died")
    [_] = await stores.outbox.claim("telegram", NOW, 1)
    before = await _open(stores, identity)
    later = NOW + LEASE
    after = taken_over(before, LI, later, HOUR)
    await stores.cases.commit(turn(before, after=after, at=later))
    assert await _claim(stores, LEASE) == []
    assert (await _fates(stores, identity))[0][1] == "withdrawn"


async def test_turns_stored_together_are_withdrawn_too(stores: Stores) -> None:
    identity = person()
    await _say(stores, identity)
    before = await _open(stores, identity)
    first = turn(before, say(identity, "from the assistant"), after=before)
    then = replace(before, version=before.version + 1)
    second = turn(then, say(identity, "from Li"), after=taken(then, LI, NOW, HOUR))
    await asyncio.gather(stores.cases.commit(first), stores.cases.commit(second))
    assert _texts(await _claim(stores)) == ["from Li"]


async def test_leases_that_ran_out_are_found_the_longest_ago_first(stores: Stores) -> None:
    people = [person() for _ in range(3)]
    scopes = []
    for number, identity in enumerate(people):
        await _say(stores, identity)
        held = await _take(stores, identity, LI)
        scopes.append(held.conversation_id)
        after = renewed(held, LI, NOW, HOUR * (3 - number))
        await stores.cases.commit(turn(held, after=after))
    assert await stores.claims.lapsed(NOW + HOUR - SECOND) == []
    found = await stores.claims.lapsed(NOW + 2 * HOUR)
    assert [one.id for one in found] == [scopes[2], scopes[1]]
    assert [one.id for one in await stores.claims.lapsed(NOW + 3 * HOUR, 1)] == [scopes[2]]


async def test_files_kept_of_what_was_heard_can_be_found(stores: Stores) -> None:
    identity = person()
    before = await _open(stores, identity)
    kept = IncomingFile("f1", "执照.jpg", "image/jpeg", 9)
    dropped = IncomingFile("", "别的.jpg", "image/jpeg", 9)
    inbound = Inbound(identity, unique("message"), NOW, files=(kept, dropped))
    record = replace(turn(before, heard=inbound.words), inbound=inbound)
    await stores.cases.commit(record)
    [line] = await stores.transcript.since(identity, 0)
    assert line.files == (kept,)


async def test_a_sender_in_another_process_gives_way(place: Place) -> None:
    identity = person()
    async with place.opened() as here, place.opened() as there:
        await _say(here, identity, "one")
        await _open(there, identity)
        await _take(here, identity, LI, "hello")
        assert _texts(await _claim(there)) == ["hello"]
        stale = await _open(there, identity)
        assert stale.hold is None  # as it was read before
        with pytest.raises(StaleCase):
            await there.cases.commit(turn(stale, say(identity, "two"), after=stale))
