"""What every set of stores must do for the staff: accounts, logins, second factors, audit."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from desk.attempts import Quota
from desk.audit import Wanted
from desk.deeds import CONSOLE, Deed, Draft
from desk.sessions import IDLE, LONGEST, Session
from desk.staff import Agent, Change, Role
from storage.errors import AgentExists, NoSuchAgent, StorageError
from storage.opening import open_database
from storage.ports import Stores
from tests.storage.conftest import Place
from tests.storage.making import NOW, unique


async def account(stores: Stores, name: str | None = None) -> Agent:
    """An agent."""
    return await stores.agents.add(name or unique("agent"), Role.AGENT, "$argon2id$one", NOW)


def login(agent: Agent, **more: object) -> Session:
    """A login of theirs."""
    session = Session(unique("session"), agent.id, NOW, NOW, NOW, "203.0.113.7", "Firefox")
    return replace(session, **more)  # type: ignore[arg-type]  # named by the tests below


async def test_staff_accounts_are_opened_listed_changed_and_disabled(stores: Stores) -> None:
    wang = await stores.agents.add("wang", Role.SUPERVISOR, "$argon2id$one", NOW)
    await stores.agents.add("li", Role.AGENT, "$argon2id$two", NOW)
    assert [agent.name for agent in await stores.agents.everyone()] == ["li", "wang"]
    assert await stores.agents.login("wang") == (wang, "$argon2id$one")
    await stores.agents.change("wang", Change(password_hash="$argon2id$three"))
    assert await stores.agents.login("wang") == (wang, "$argon2id$three")
    await stores.agents.change("wang", Change(disabled=True))
    assert await stores.agents.login("wang") is None
    assert [agent.disabled for agent in await stores.agents.everyone()] == [False, True]
    assert await stores.agents.login("nobody") is None


async def test_staff_names_are_unique_and_unknown_ones_refused(stores: Stores) -> None:
    await stores.agents.add("wang", Role.ADMIN, "$argon2id$one", NOW)
    with pytest.raises(AgentExists, match="wang"):
        await stores.agents.add("wang", Role.AGENT, "$argon2id$two", NOW)
    with pytest.raises(NoSuchAgent, match="beian agents list"):
        await stores.agents.change("zhang", Change(disabled=True))


async def test_an_account_is_changed_in_what_is_named_only(stores: Stores) -> None:
    agent = await account(stores)
    change = Change(Role.ADMIN, must_change=True, display_name="小李", locale="en")
    await stores.agents.change(agent.name, change)
    changed = replace(agent, role=Role.ADMIN, must_change=True, display_name="小李", locale="en")
    assert await stores.agents.login(agent.name) == (changed, "$argon2id$one")
    assert await stores.agents.bind(agent.name, "s-1")
    assert await stores.agents.bind(agent.name, "s-1")
    assert not await stores.agents.bind(agent.name, "s-2")
    assert not await stores.agents.bind(unique("nobody"), "s-3")
    assert await stores.agents.of_subject("s-1") == changed
    await stores.agents.change(agent.name, Change(display_name="", disabled=True))
    assert await stores.agents.of_subject("s-1") is None
    [found] = [one for one in await stores.agents.everyone() if one.id == agent.id]
    assert found == replace(changed, display_name=None, disabled=True)


async def test_a_session_is_found_with_its_person_until_it_ends(stores: Stores) -> None:
    agent = await account(stores)
    first, second = login(agent), login(agent, factor_due=True)
    await stores.sessions.begin(first)
    await stores.sessions.begin(second)
    assert await stores.sessions.find(first.id) == (first, agent)
    later = NOW + timedelta(minutes=5)
    await stores.sessions.seen(second.id, later)
    assert await stores.sessions.of(agent.id) == [replace(second, seen_at=later), first]
    third = login(agent)
    await stores.sessions.replace(second.id, third)
    assert await stores.sessions.find(second.id) is None
    await stores.sessions.end(first.id)
    await stores.sessions.end(first.id)
    assert await stores.sessions.of(agent.id) == [third]


async def test_a_lost_account_loses_its_sessions_in_the_same_moment(stores: Stores) -> None:
    agent, other = await account(stores), await account(stores)
    mine, here, theirs = login(agent), login(agent), login(other)
    for one in (mine, here, theirs):
        await stores.sessions.begin(one)
    await stores.agents.change(
        agent.name, Change(password_hash="$two", ends_sessions=True), keep=here.id
    )
    assert await stores.sessions.of(agent.id) == [here]
    await stores.agents.change(agent.name, Change(disabled=True))
    assert await stores.sessions.find(here.id) is None
    assert await stores.sessions.end_all(agent.id) == 1
    assert await stores.sessions.of(other.id) == [theirs]


async def test_sessions_that_are_over_are_forgotten(stores: Stores) -> None:
    agent = await account(stores)
    idle = login(agent, seen_at=NOW - IDLE, begun_at=NOW - IDLE)
    long = login(agent, begun_at=NOW - LONGEST)
    fine = login(agent)
    for one in (idle, long, fine):
        await stores.sessions.begin(one)
    await stores.sessions.forget(NOW - IDLE, NOW - LONGEST)
    assert await stores.sessions.of(agent.id) == [fine]


async def test_a_one_time_code_and_a_recovery_code_work_once(stores: Stores) -> None:
    agent = await account(stores)
    draft = Draft(agent.name, Deed.FACTOR_ADDED)
    assert await stores.factors.secret(agent.id) is None
    await stores.factors.enrol(agent.id, "SECRET", frozenset({"one", "two"}), 7, draft)
    assert await stores.factors.secret(agent.id) == "SECRET"
    assert await stores.agents.login(agent.name) == (
        replace(agent, has_factor=True),
        "$argon2id$one",
    )
    assert not await stores.factors.use_step(agent.id, 7)
    results = await asyncio.gather(*(stores.factors.use_step(agent.id, 8) for _ in range(4)))
    assert sorted(results) == [False, False, False, True]
    results = await asyncio.gather(
        *(stores.factors.use_recovery(agent.id, "one", draft) for _ in range(4))
    )
    assert sorted(results) == [False, False, False, True]
    assert await stores.factors.codes_left(agent.id) == 1
    await stores.factors.remove(agent.id, draft)
    assert await stores.factors.secret(agent.id) is None
    assert not await stores.factors.use_step(agent.id, 9)
    assert not await stores.factors.use_recovery(agent.id, "two", draft)


async def test_attempts_are_limited_also_when_many_come_at_once(stores: Stores) -> None:
    quota = Quota(unique("address"), 5, timedelta(minutes=5))
    wide = Quota(unique("name"), 100, timedelta(minutes=15))
    begun = await asyncio.gather(*(stores.attempts.begin((quota, wide), NOW) for _ in range(9)))
    assert begun.count(None) == 5
    assert {one for one in begun if one} == {timedelta(minutes=5)}
    assert await stores.attempts.begin((wide,), NOW) is None
    await stores.attempts.forgive((quota,), NOW)
    later = NOW + timedelta(minutes=1)
    assert await stores.attempts.begin((quota,), later) is None
    assert await stores.attempts.begin((quota,), later) == timedelta(minutes=4)
    assert await stores.attempts.begin((quota,), NOW + timedelta(minutes=5)) is None


async def test_the_trail_is_read_newest_first_by_what_is_wanted(stores: Stores) -> None:
    agent = await account(stores)
    await stores.audit.record(agent, Deed.VALUE_REVEALED, "conversation:c1", {"reason": "核对"})
    await stores.audit.record(agent, Deed.CLAIMED, "conversation:c2")
    await stores.audit.record(None, Deed.ACCOUNT_ADDED, "account:x_1")
    mine = await stores.audit.entries(Wanted(agent=agent.name))
    assert [entry.draft.action for entry in mine] == ["claimed", "value_revealed"]
    assert mine[1].draft.detail == {"reason": "核对"}
    assert mine[0].at == NOW
    [only] = await stores.audit.entries(Wanted(), before=mine[0].n, limit=1)
    assert only == mine[1]
    for wanted, count in (
        (Wanted(action="claimed"), 1),
        (Wanted(object="conversation:"), 2),
        (Wanted(object="account:x%"), 0),
        (Wanted(agent=CONSOLE), 1),
        (Wanted(since=NOW, until=NOW + timedelta(1)), 3),
        (Wanted(until=NOW), 0),
    ):
        assert len(await stores.audit.entries(wanted)) == count, wanted


async def test_entries_written_at_once_make_one_chain(stores: Stores) -> None:
    agent = await account(stores)
    await asyncio.gather(*(stores.audit.record(agent, Deed.CLAIMED, f"c:{n}") for n in range(20)))
    verdict = await stores.audit.verify()
    assert (verdict.entries, verdict.broken_at) == (20, None)
    [newest] = await stores.audit.entries(Wanted(), limit=1)
    assert verdict.head == newest.mac
    assert verdict.knows_head
    assert (await stores.audit.verify(newest.mac)).knows_head
    assert not (await stores.audit.verify(bytes(32))).knows_head


async def test_what_is_refused_is_not_written_down(stores: Stores) -> None:
    draft = Draft("wang", Deed.ACCOUNT_DISABLED)
    with pytest.raises(NoSuchAgent):
        await stores.agents.change(unique("nobody"), Change(disabled=True), audit=draft)
    agent = await account(stores)
    with pytest.raises(AgentExists):
        await stores.agents.add(agent.name, Role.ADMIN, "$", NOW, audit=draft)
    assert await stores.audit.entries(Wanted()) == []


async def test_an_account_is_changed_and_written_down_together(stores: Stores) -> None:
    draft = Draft("wang", Deed.ACCOUNT_ADDED)
    await stores.agents.add(unique("agent"), Role.AGENT, "$", NOW, audit=draft)
    assert [entry.draft for entry in await stores.audit.entries(Wanted())] == [draft]


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET agent = 'nobody'", "DELETE FROM audit WHERE n = 1"]
)
async def test_the_database_refuses_to_change_the_trail(place: Place, statement: str) -> None:
    async with place.opened() as stores:
        await stores.audit.record(None, Deed.CLAIMED)
        database = open_database(place.url)
        with pytest.raises((StorageError, DBAPIError)):
            await database.write(lambda connection: connection.execute(text(statement)))
        await database.close()
        assert (await stores.audit.verify()).broken_at is None


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET agent = 'nobody' WHERE n = 2",
        "UPDATE audit SET at = at + 1 WHERE n = 2",
        "UPDATE audit SET sealed = (SELECT sealed FROM audit WHERE n = 1) WHERE n = 2",
        "DELETE FROM audit WHERE n = 2",
        "UPDATE audit SET n = 9 WHERE n = 2",
    ],
)
async def test_whoever_removes_the_guard_is_found_out(place: Place, tampering: str) -> None:
    def tamper(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_no_UPDATE"))
            connection.execute(text("DROP TRIGGER audit_no_DELETE"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(tampering))

    async with place.opened() as stores:
        for n in range(4):
            await stores.audit.record(None, Deed.CLAIMED, f"c:{n}")
        database = open_database(place.url)
        await database.write(tamper)
        await database.close()
        assert (await stores.audit.verify()).broken_at == 2
