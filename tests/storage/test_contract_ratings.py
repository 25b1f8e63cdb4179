"""Ratings and comments on a person's help: on memory, SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

from dialogs.case import Attention, Case, Hold
from dialogs.message import Identity
from dialogs.ports import TurnRecord
from storage.ports import Stores
from tests.storage.making import NOW, person, turn, unique

MINUTE = timedelta(minutes=1)


async def _step(stores: Stores, identity: Identity, **changes: object) -> Case:
    """One turn that changes the attention or the hold, or rates."""
    before = await stores.cases.open(identity, NOW, "zh-CN")
    waits = changes.pop("waits", None)
    attention = Attention(
        handover="waiting" if waits else None, waiting_since=NOW if waits else None
    )
    hold = changes.pop("hold", None)
    assert hold is None or isinstance(hold, Hold)
    epoch = hold.epoch if hold else before.epoch
    after = replace(before, attention=attention, hold=hold, epoch=epoch)
    record: TurnRecord = replace(turn(before, after=after), **changes)  # type: ignore[arg-type]
    await stores.cases.commit(record)
    return await stores.cases.open(identity, NOW, "zh-CN")


async def _rated(stores: Stores, identity: Identity, agent: str) -> Case:
    await _step(stores, identity, waits=True)
    held = Hold(agent, "小李", 1, NOW, NOW + 10 * MINUTE)
    await _step(stores, identity, hold=held)
    await _step(stores, identity)
    await _step(stores, identity, rating=2)
    return await _step(stores, identity, rating=4, rating_comment="慢了点😀")


async def test_the_last_rating_counts_with_its_comment_and_agent(stores: Stores) -> None:
    identity, agent = person(), unique("agent")
    case = await _rated(stores, identity, agent)
    found = await stores.ratings.since(NOW - MINUTE)
    [mine] = [one for one in found if one.conversation == case.conversation_id]
    assert (mine.agent, mine.rating, mine.comment, mine.at) == (agent, 4, "慢了点😀", NOW)
    assert "慢了点" not in repr(mine)
    later = await stores.ratings.since(NOW + MINUTE)
    assert case.conversation_id not in {one.conversation for one in later}


async def test_ratings_go_with_whoever_gave_them(stores: Stores) -> None:
    identity = person()
    case = await _rated(stores, identity, unique("agent"))
    await stores.filings.erase(case.applicant_id)
    found = await stores.ratings.since(NOW - MINUTE)
    assert case.conversation_id not in {one.conversation for one in found}
