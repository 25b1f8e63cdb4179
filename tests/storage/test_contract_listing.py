"""What is asked of all conversations as the desk lists them: on memory, SQLite and PostgreSQL."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, Select, text

from desk.docket import Docket, Talked
from desk.dockets import Kept
from desk.listing import COUNTED, FACETS, Listing, Sketch
from desk.placing import Placing
from desk.queue import State, Wanted
from desk.terms import Query, Terms
from filing.service_hours import ServiceHours, Span
from storage.listing import first_of
from storage.opening import open_database
from storage.ports import Stores
from tests.desk.dockets import DAY, HOUR, LIMITS, HalfAnHour, docket, due, held, sms
from tests.desk.dockets import NOW as MORNING
from tests.storage.conftest import Place
from tests.storage.making import NOW, full_case, person, say, turn, unique

PLACING = Placing.by(HalfAnHour(), LIMITS)
_SOMEBODY = "somebody"  # holds conversations in these tests alone


async def _put(stores: Stores, one: Docket) -> Docket:
    """A conversation with this docket."""
    identity = person("web")
    case = await stores.cases.open(identity, NOW, "zh-CN")
    await stores.cases.commit(turn(case, say(identity, "您好"), heard="你好"))
    case = await stores.cases.open(identity, NOW, "zh-CN")
    made = replace(one, conversation=case.conversation_id, version=case.version)
    terms = Terms().with_texts([f"{made.name}说过的话"])
    await stores.dockets.put([Kept(made, terms)], PLACING)
    return made


def _any_docket(dice: random.Random) -> Docket:
    """One of everything that moves a conversation about."""
    some = (sms, due)[dice.randrange(2)]
    return docket(
        name=f"样例{dice.randrange(1000)}公司",
        stage=dice.choice(("draft", "bureau_review", "approved")),
        asking=dice.choice(("domain", None)),
        province=dice.choice(("江苏", "广东", None)),
        waiting_since=MORNING - dice.randrange(3) * HOUR if dice.random() < 0.3 else None,
        holder=held(dice.choice(("a1", _SOMEBODY))) if dice.random() < 0.3 else None,
        deadlines=(some(dice.randrange(-400, 200) * HOUR),) if dice.random() < 0.5 else (),
        moved_at=MORNING - dice.randrange(60) * DAY,
        erasing=MORNING + DAY if dice.random() < 0.2 else None,
        talked=Talked(1, MORNING - dice.randrange(900) * HOUR, None, None),
    )


@pytest.fixture
async def listed(stores: Stores) -> Sequence[Docket]:
    """Conversations of all kinds."""
    dice = random.Random(11)
    return [
        await _put(stores, replace(_any_docket(dice), channel=dice.choice(("web", "telegram"))))
        for _ in range(40)
    ]


def _expected(listed: Sequence[Docket], wanted: Wanted, now: datetime = MORNING) -> list[str]:
    found = [(one, PLACING(one, now)) for one in listed]
    ordered = sorted(found, key=lambda one: one[1].key)
    return [one.conversation for one, at in ordered if wanted.takes(one, at)]


async def _walked(listing: Listing, wanted: Wanted, limit: int = 7) -> list[str]:
    """All of them, page by page."""
    marks = await listing.first(wanted, limit)
    found = list(marks)
    while marks:
        marks = await listing.first(wanted, limit, marks[-1].key)
        found += marks
    return [one.conversation for one in found]


async def test_pages_are_those_of_the_queue_in_its_order_and_counts_are_theirs(
    stores: Stores, listed: Sequence[Docket]
) -> None:
    wanted = [Wanted(state, agent=_SOMEBODY) for state in State]
    wanted += [Wanted(State.ALL, stage="draft"), Wanted(State.OPEN, province="江苏")]
    wanted += [Wanted(State.STUCK, channel="telegram", province="广东", stage="draft")]
    for one in wanted:
        assert await _walked(stores.listing, one) == _expected(listed, one), one
    counts = await stores.listing.counts()
    for state in COUNTED:
        assert counts.of(state) == len(_expected(listed, Wanted(state))), state
    assert counts.of(State.MINE, _SOMEBODY) == len(
        _expected(listed, Wanted(State.MINE, agent=_SOMEBODY))
    )
    choices = await stores.listing.choices()
    for name in FACETS:
        assert choices[name] == sorted({getattr(one, name) for one in listed} - {None})


async def test_time_moves_them_once_they_are_asked_for(
    stores: Stores, listed: Sequence[Docket]
) -> None:
    later = MORNING + 2 * DAY
    moved = await stores.listing.to_move(later, 100)
    stale = {one.conversation for one in listed if _moves(one, later)}
    assert {one.conversation for one in moved} == stale
    await stores.listing.move(moved, PLACING, later)
    assert await stores.listing.to_move(later, 100) == []
    for state in COUNTED:
        expected = _expected(listed, Wanted(state), later)
        assert set(await _walked(stores.listing, Wanted(state))) == set(expected), state


def _moves(one: Docket, until: datetime) -> bool:
    at = PLACING(one, MORNING).changes_at
    return at is not None and at <= until


async def test_a_docket_made_anew_is_not_moved_to_where_the_old_one_would_stand(
    stores: Stores,
) -> None:
    old = await _put(stores, docket(deadlines=(sms(HOUR),)))
    new = replace(old, made_at=old.made_at + timedelta(minutes=1), deadlines=())
    await stores.dockets.put([Kept(new, Terms())], PLACING)
    await stores.listing.move([old], PLACING, MORNING)
    assert (await stores.listing.counts()).of(State.RISK) == 0


async def test_deadlines_that_end_soon_come_nearest_first_and_long_missed_ones_not(
    stores: Stores,
) -> None:
    far = await _put(stores, docket(deadlines=(due(5 * DAY),)))
    near = await _put(stores, docket(deadlines=(due(-20 * DAY), sms(HOUR))))
    missed = await _put(stores, docket(deadlines=(due(-HOUR), due(9 * DAY))))
    await _put(stores, docket(deadlines=(due(-20 * DAY),)))
    await _put(stores, docket())
    found = await stores.listing.ending(MORNING + 3 * DAY, 10)
    assert list(found) == [missed, near]
    assert list(await stores.listing.ending(MORNING + 9 * DAY, 10)) == [missed, near, far]
    assert list(await stores.listing.ending(MORNING + 9 * DAY, 1)) == [missed]


async def test_those_held_and_those_of_filings_are_found(stores: Stores) -> None:
    mine = await _put(stores, docket(holder=held(_SOMEBODY)))
    await _put(stores, docket())
    assert list(await stores.listing.held()) == [mine]
    identity = person("web")
    before = await stores.cases.open(identity, NOW, "zh-CN")
    after = full_case(before)
    await stores.cases.commit(turn(before, after=after))
    shown, other = max(after.filings), min(after.filings)
    one = docket(filing=shown, province="江苏", moved_at=NOW)
    one = replace(one, conversation=before.conversation_id, version=before.version + 1)
    await stores.dockets.put([Kept(one, Terms())], PLACING)
    [found] = await stores.listing.of_filings([shown, other, unique("filing")])
    assert (found.filing, found.conversation) == (shown, before.conversation_id)
    assert (found.province, found.stage, found.asking) == ("江苏", "draft", "domain")
    assert found.moved_at == NOW


async def test_a_search_walks_through_all_the_latest_first(
    stores: Stores, listed: Sequence[Docket]
) -> None:
    walked: list[Sketch] = []
    some, end = await stores.listing.sketches(None, 7)
    while True:
        walked += some
        if end is None:
            break
        some, end = await stores.listing.sketches(end, 7)
    stirred = sorted(((one.stirred_at, one.conversation) for one in listed), reverse=True)
    assert [one.conversation for one in walked] == [scope for _, scope in stirred]
    assert all(one.terms.may_have(Query.of(f"{one.name}说过")) for one in walked)


def _plan(query: Select[Any], connection: Connection) -> str:
    compiled = query.compile(connection.engine, compile_kwargs={"literal_binds": True})
    steps = connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))
    return " / ".join(row.detail for row in steps)


async def test_no_page_of_the_queue_is_sorted_or_found_by_looking_at_all(
    sqlite_place: Place,
) -> None:
    database, after = open_database(sqlite_place.url), PLACING(docket(), MORNING).key
    for state, facet, behind in product(State, (None, *FACETS), (None, after)):
        narrowed = {} if facet is None else {facet: "x"}
        query = first_of(Wanted(state, agent="a1", **narrowed), behind).limit(50)
        steps = await database.read(partial(_plan, query))
        assert "INDEX ix_docket_" in steps and "TEMP B-TREE" not in steps, steps
    await database.close()


def test_other_limits_have_another_mark() -> None:
    hours = ServiceHours(((Span(0, 60),),) * 7)
    others = replace(LIMITS, risk=LIMITS.risk + HOUR)
    assert Placing.by(hours, LIMITS).mark == Placing.by(hours, replace(LIMITS)).mark
    assert Placing.by(hours, LIMITS).mark != Placing.by(hours, others).mark
