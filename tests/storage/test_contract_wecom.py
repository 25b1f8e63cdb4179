"""What every store of WeCom customer service promises, on memory, SQLite and PostgreSQL."""

import asyncio
from datetime import timedelta

from dialogs.message import Identity
from dialogs.reminding import ReminderStatus
from storage.crypto import MasterKey
from storage.ports import Stores
from storage.wecom_ports import Fetched, Kept, Pull, Session, SessionState, WeComStore
from tests.storage.conftest import Place
from tests.storage.making import NOW, person, say, turn, unique
from tests.storage.test_contract_reminders import begun, give

SOON = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(hours=1)


def heard(key: str, person: str = "wk1.wm1") -> Fetched:
    return Fetched(key, person, NOW, f"payload of {key}".encode())


async def leased(store: WeComStore, account: str, holder: str = "me") -> Pull:
    pull = await store.lease_pull(account, holder, NOW, SOON)
    assert pull is not None
    return pull


async def keys(store: WeComStore, account: str) -> list[str]:
    """What is given out, all of it dealt with, one round after the other."""
    found: list[str] = []
    while kept := [one for one in await store.claim(NOW, SOON, 1000) if one.account == account]:
        for one in kept:
            found.append(one.key)
            await store.done(one.account, one.key)
    return found


async def test_one_pulls_at_a_time(stores: Stores) -> None:
    store, account = stores.wecom, unique("wk")
    pull = await leased(store, account)
    assert pull.cursor is None
    assert await store.lease_pull(account, "other", NOW, SOON) is None
    await store.end_pull(pull)
    assert await store.lease_pull(account, "other", NOW, SOON) == Pull(account, "other", None)
    assert await store.lease_pull(account, "me", SOON, LATER) == Pull(account, "me", None)


async def test_the_cursor_moves_with_what_was_taken_in(stores: Stores) -> None:
    store, account = stores.wecom, unique("wk")
    pull = await leased(store, account)
    pull = await store.take_in(pull, "c1", [heard("1"), heard("2")], NOW) or pull
    assert pull.cursor == "c1"
    await store.end_pull(pull)
    assert (await leased(store, account, "other")).cursor == "c1"
    assert await keys(store, account) == ["1", "2"]


async def test_whoever_lost_the_lease_takes_nothing_in(stores: Stores) -> None:
    store, account = stores.wecom, unique("wk")
    slow = await leased(store, account, "slow")
    quick = await store.lease_pull(account, "quick", SOON, LATER)
    assert quick is not None
    assert await store.take_in(slow, "c1", [heard("1")], NOW) is None
    await store.end_pull(slow)
    assert await store.take_in(quick, "c2", [heard("2")], NOW) is not None
    assert await keys(store, account) == ["2"]


async def test_what_is_pulled_twice_waits_once(stores: Stores) -> None:
    store, account = stores.wecom, unique("wk")
    pull = await leased(store, account)
    await store.take_in(pull, "c1", [heard("1"), heard("2")], NOW)
    assert await keys(store, account) == ["1", "2"]
    await store.take_in(pull, "c2", [heard("1"), heard("2"), heard("3"), heard("3")], NOW)
    assert await keys(store, account) == ["3"]


async def test_what_there_is_nothing_to_do_about_is_remembered(stores: Stores) -> None:
    store, account = stores.wecom, unique("wk")
    pull = await leased(store, account)
    await store.take_in(pull, "c1", [Fetched("1", "wk1.wm1", NOW)], NOW)
    await store.take_in(pull, "c2", [heard("1"), heard("2")], NOW)
    assert await keys(store, account) == ["2"]


async def test_of_each_person_the_oldest_goes_first(stores: Stores) -> None:
    store, account = stores.wecom, unique("wk")
    pull = await leased(store, account)
    said = [heard("a1", "a"), heard("b1", "b"), heard("a2", "a"), heard("b2", "b")]
    await store.take_in(pull, "c1", said, NOW)
    given = [one for one in await store.claim(NOW, SOON, 1000) if one.account == account]
    assert given == [
        Kept(account, "a1", "a", NOW, b"payload of a1"),
        Kept(account, "b1", "b", NOW, b"payload of b1"),
    ]
    assert await keys(store, account) == []  # what is behind them waits
    await store.done(account, "a1")
    await store.put_back(account, "b1", NOW)
    assert await keys(store, account) == ["b1", "a2", "b2"]


async def test_what_a_dead_worker_held_comes_back(stores: Stores) -> None:
    store, account = stores.wecom, unique("wk")
    await store.take_in(await leased(store, account), "c1", [heard("1")], NOW)
    assert [one.key for one in await store.claim(NOW, SOON, 1000) if one.account == account]
    assert await keys(store, account) == []
    again = await store.claim(SOON, LATER, 1000)
    assert [one.key for one in again if one.account == account] == ["1"]


async def test_no_two_workers_get_the_same(place: Place) -> None:
    async with place.opened() as one, place.opened() as other:
        pull = await leased(one.wecom, "wk1")
        many = [heard(f"{who}-{n}", f"p{who}") for who in range(20) for n in range(3)]
        await one.wecom.take_in(pull, "c1", many, NOW)
        seen: list[str] = []

        async def work(store: WeComStore) -> None:
            while kept := await store.claim(NOW, SOON, 4):
                for each in kept:
                    seen.append(each.key)
                    await store.done(each.account, each.key)

        await asyncio.gather(*(work(each.wecom) for each in (one, other, one, other)))
        await work(one.wecom)  # whoever found nothing to claim may have ended early
        assert sorted(seen) == sorted(each.key for each in many)
        for who in range(20):
            mine = [key for key in seen if key.startswith(f"{who}-")]
            assert mine == [f"{who}-{n}" for n in range(3)]


async def test_only_what_is_over_is_forgotten(stores: Stores) -> None:
    store, account = stores.wecom, unique("wk")
    pull = await leased(store, account)
    await store.take_in(pull, "c1", [heard("1", "a"), heard("2", "b")], NOW)
    await store.done(account, "1")
    assert await store.forget(NOW) == 0
    assert await store.forget(LATER) == 1
    assert await keys(store, account) == ["2"]


async def test_of_a_session_the_latest_counts(stores: Stores) -> None:
    store, somebody = stores.wecom, unique("wk1.wm")
    assert await store.session(somebody) is None
    human = Session(SessionState.HUMAN, SOON, "zhangsan")
    assert await store.put_session(somebody, human)
    assert not await store.put_session(somebody, Session(SessionState.BOT, NOW))
    assert await store.session(somebody) == human
    ended = Session(SessionState.ENDED, SOON)
    assert await store.put_session(somebody, ended)
    assert await store.session(somebody) == ended


async def test_a_message_that_bounces_was_not_delivered(stores: Stores) -> None:
    whose = person("wecom")
    said = say(whose, "你好")
    case = await stores.cases.open(whose, NOW, "zh-CN")
    await stores.cases.commit(turn(case, said))
    assert not await stores.wecom.bounced(said.id, "blocked")  # not even sent
    [due] = [
        one
        for one in await stores.outbox.claim("wecom", LATER, 100)
        if one.outgoing.identity == whose
    ]
    await stores.outbox.delivered(due, None, LATER)
    assert await stores.wecom.bounced(said.id, "blocked")
    assert not await stores.wecom.bounced("nothing", "blocked")
    [entry] = [one for one in await stores.transcript.latest(whose, 5) if one.said]
    assert (entry.status, entry.reason) == ("undeliverable", "blocked")


async def test_how_often_a_message_was_tried_is_known_while_it_waits(stores: Stores) -> None:
    whose = person("wecom")
    said = say(whose, "你好")
    await stores.cases.commit(turn(await stores.cases.open(whose, NOW, "zh-CN"), said))
    assert await stores.wecom.tries(said.id) == 0
    for number in (1, 2):
        at = LATER + number * timedelta(hours=1)  # nobody told what came of the last one
        [due] = await stores.outbox.claim("wecom", at, 5)
        assert await stores.wecom.tries(said.id) == number == due.attempt
    await stores.outbox.delivered(due, None, at)
    assert await stores.wecom.tries(said.id) == 0


async def test_a_reminder_that_bounces_takes_the_next_way(stores: Stores) -> None:
    whose = person("wecom")
    case = await begun(stores, whose, 1)
    [claimed] = await stores.reminders.claim(LATER, 10)
    said = say(whose, "一")
    await give(stores, case, claimed, ReminderStatus.HANDED, said, at=LATER)
    [due] = await stores.outbox.claim("wecom", LATER, 5)
    await stores.outbox.delivered(due, f"{said.id}-0", LATER)
    await stores.reminders.follow_up(LATER, 10)
    assert await stores.wecom.bounced(said.id, "blocked")
    [outcome] = await stores.reminders.follow_up(LATER, 10)
    assert (outcome.sent, outcome.reason) == (False, "blocked")


async def test_an_erasure_takes_what_was_pulled_along(stores: Stores) -> None:
    store, account = stores.wecom, unique("wk")
    whose = Identity("wecom", f"{account}.wm1")
    case = await stores.cases.open(whose, NOW, "zh-CN")
    await stores.cases.commit(turn(case))
    await store.take_in(await leased(store, account), "c1", [heard("1", whose.external_id)], NOW)
    await store.put_session(whose.external_id, Session(SessionState.BOT, NOW))
    assert await stores.filings.erase(case.applicant_id) is not None
    assert await keys(store, account) == []
    assert await store.session(whose.external_id) is None


async def test_what_cannot_be_decrypted_is_given_up(place: Place) -> None:
    async with place.opened() as stores:
        pull = await leased(stores.wecom, "wk1")
        await stores.wecom.take_in(pull, "c1", [heard("1"), heard("2")], NOW)
    async with place.opened(MasterKey(bytes(32))) as stores:
        assert await keys(stores.wecom, "wk1") == []
