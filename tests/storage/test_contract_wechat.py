"""What every store of the WeChat channel promises, on memory, SQLite and PostgreSQL."""

import asyncio
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.crypto import MasterKey
from storage.errors import UnreadableRecord
from storage.ports import Stores
from storage.wechat_ports import (
    TALK,
    TALK_MARGIN,
    TOUCH,
    AccessToken,
    Budget,
    Heard,
    Opens,
    Shut,
    Spent,
    WeChatStore,
)
from tests.storage.conftest import Place
from tests.storage.making import NOW, person, say, turn, unique

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
APP = "wx0123456789abcdef"


async def _spend(
    store: WeChatStore, openid: str, at: datetime = NOW, reserve: int = 0
) -> Spent | Shut:
    return await store.spend(openid, at, reserve=reserve)


async def _allowed(store: WeChatStore, openid: str, at: datetime = NOW, reserve: int = 0) -> int:
    """How many messages go out one after the other."""
    for number in range(20):
        if isinstance(await _spend(store, openid, at, reserve), Shut):
            return number
    raise AssertionError("no end")


async def test_a_message_lets_five_of_ours_through(stores: Stores) -> None:
    store, openid = stores.wechat, unique("openid")
    assert await _spend(store, openid) is Shut.CLOSED
    assert await store.heard(openid, "1", Opens.TALK, NOW) == Heard(is_new=True, reopened=True)
    assert (await store.budget(openid)).left(NOW) == 5
    assert await _allowed(store, openid) == 5
    assert await _spend(store, openid) is Shut.SPENT


async def test_one_of_them_may_be_kept_for_staff(stores: Stores) -> None:
    store, openid = stores.wechat, unique("openid")
    await store.heard(openid, "1", Opens.TALK, NOW)
    assert await _allowed(store, openid, reserve=1) == 4
    assert await _allowed(store, openid) == 1


async def test_a_repeat_opens_nothing(stores: Stores) -> None:
    store, openid = stores.wechat, unique("openid")
    await store.heard(openid, "1", Opens.TALK, NOW)
    assert await _allowed(store, openid) == 5
    assert await store.heard(openid, "1", Opens.TALK, NOW) == Heard(is_new=False)
    assert await _spend(store, openid) is Shut.SPENT
    assert await store.heard(openid, "2", Opens.TALK, NOW + MINUTE) == Heard(True, reopened=True)
    assert await store.heard(openid, "3", Opens.TALK, NOW + MINUTE) == Heard(True)


async def test_a_window_closes_a_little_before_wechat_closes_it(stores: Stores) -> None:
    store, openid = stores.wechat, unique("openid")
    await store.heard(openid, "1", Opens.TALK, NOW)
    last = NOW + TALK - TALK_MARGIN
    assert isinstance(await _spend(store, openid, last - timedelta(seconds=1)), Spent)
    assert await _spend(store, openid, last) is Shut.CLOSED


async def test_a_menu_click_opens_a_minute_for_three_and_leaves_the_talk_alone(
    stores: Stores,
) -> None:
    store, openid = stores.wechat, unique("openid")
    await store.heard(openid, "1", Opens.TOUCH, NOW)
    assert await _allowed(store, openid) == 3
    await store.heard(openid, "2", Opens.TALK, NOW + timedelta(seconds=1))
    await store.heard(openid, "3", Opens.TOUCH, NOW + MINUTE)
    assert await _allowed(store, openid, NOW + MINUTE, reserve=1) == 7
    assert await _spend(store, openid, NOW + MINUTE + TOUCH, reserve=1) is Shut.SPENT


async def test_what_was_not_sent_is_given_back_to_its_own_window(stores: Stores) -> None:
    store, openid = stores.wechat, unique("openid")
    await store.heard(openid, "1", Opens.TALK, NOW)
    spent = await _spend(store, openid)
    assert isinstance(spent, Spent)
    await store.give_back(openid, spent)
    assert (await store.budget(openid)).left(NOW) == 5
    await _spend(store, openid)
    await store.heard(openid, "2", Opens.TALK, NOW + MINUTE)  # a new one, with all of its five
    await store.give_back(openid, spent)
    assert (await store.budget(openid)).left(NOW + MINUTE) == 5


async def test_wechat_is_believed_when_it_says_no(stores: Stores) -> None:
    store, openid = stores.wechat, unique("openid")
    await store.heard(openid, "1", Opens.TALK, NOW)
    await store.exhausted(openid)
    assert await _spend(store, openid) is Shut.SPENT
    await store.heard(openid, "2", Opens.TALK, NOW + MINUTE)
    assert await _allowed(store, openid, NOW + MINUTE) == 5


async def test_nothing_goes_to_somebody_who_left_until_they_come_back(stores: Stores) -> None:
    store, openid = stores.wechat, unique("openid")
    await store.heard(openid, "1", Opens.TALK, NOW)
    await store.gone(openid)
    assert await _spend(store, openid) is Shut.LEFT
    await store.heard(openid, "2", Opens.TOUCH, NOW + MINUTE)
    assert await _allowed(store, openid, NOW + MINUTE) == 3  # the old talk is over


async def test_what_was_sent_since_a_message_counts_however_late_we_hear_of_it(
    stores: Stores,
) -> None:
    store, openid = stores.wechat, unique("openid")
    await store.heard(openid, "1", Opens.TALK, NOW)
    await _spend(store, openid, NOW)
    for second in (3, 4):
        await _spend(store, openid, NOW + timedelta(seconds=second))
    await store.heard(openid, "2", Opens.TALK, NOW + timedelta(seconds=2))
    later = NOW + timedelta(seconds=9)
    assert (await store.budget(openid)).left(later) == 3
    spent = await _spend(store, openid, later)
    assert isinstance(spent, Spent)
    await store.give_back(openid, spent)
    await store.heard(openid, "3", Opens.TALK, NOW + timedelta(seconds=8))
    assert await _allowed(store, openid, later) == 5


async def test_leaving_and_coming_back_count_in_the_order_they_happened(stores: Stores) -> None:
    store, openid = stores.wechat, unique("openid")
    await store.gone(openid, NOW)
    await store.heard(openid, "1", Opens.TALK, NOW - MINUTE)  # written before, heard of later
    assert await _spend(store, openid, NOW) is Shut.LEFT
    await store.heard(openid, "2", Opens.TOUCH, NOW)  # back within the second
    assert await _allowed(store, openid, NOW) == 3
    await store.heard(openid, "0", Opens.TALK, NOW - MINUTE)  # still from before
    assert await _spend(store, openid, NOW) is Shut.SPENT
    await store.heard(openid, "3", Opens.TALK, NOW + MINUTE)
    await store.gone(openid, NOW)  # heard of once more, and late
    assert (await store.budget(openid)).left(NOW + MINUTE) == 5


async def test_processes_that_send_at_once_spend_no_message_twice(
    place: Place,
) -> None:
    openid = unique("openid")
    async with place.opened() as one, place.opened() as two:
        await one.wechat.heard(openid, "1", Opens.TALK, NOW)
        spent = await asyncio.gather(
            *(_spend(each.wechat, openid) for each in (one, two) * 6), return_exceptions=False
        )
    assert sum(isinstance(each, Spent) for each in spent) == 5


async def test_of_repeats_that_come_at_once_one_is_new(stores: Stores) -> None:
    openid = unique("openid")
    notes = [stores.wechat.heard(openid, "1", Opens.TALK, NOW) for _ in range(5)]
    assert sorted(one.is_new for one in await asyncio.gather(*notes)) == [False] * 4 + [True]


async def test_what_answered_a_delivery_is_remembered(stores: Stores) -> None:
    store, openid = stores.wechat, unique("openid")
    assert await store.answer_of(openid, "1") is None
    await store.heard(openid, "1", Opens.TALK, NOW)
    assert await store.answer_of(openid, "1") is None
    assert (await store.heard(openid, "1", Opens.TALK, NOW)).answer is None
    assert await store.answered(openid, "1", ["a", "b"]) == ("a", "b")
    assert (await store.heard(openid, "1", Opens.TALK, NOW)).answer == ("a", "b")
    assert await store.answer_of(openid, "1") == ("a", "b")
    assert await store.answer_of(unique("openid"), "1") is None


async def test_how_a_delivery_is_answered_is_settled_once_for_all_its_copies(
    stores: Stores,
) -> None:
    store, openid = stores.wechat, unique("openid")
    await store.heard(openid, "1", Opens.TALK, NOW)
    settling = [store.answered(openid, "1", ids) for ids in (["a"], [], ["a"], [])]
    assert len(set(await asyncio.gather(*settling))) == 1
    await store.heard(openid, "2", Opens.TALK, NOW)
    assert await store.answered(openid, "2", []) == ()
    assert await store.answer_of(openid, "2") == ()
    assert await store.answered(openid, "2", ["b"]) == ()


async def test_a_copy_of_a_delivery_that_was_kept_is_known_as_such(stores: Stores) -> None:
    store, openid = stores.wechat, unique("openid")
    assert not (await store.heard(openid, "1", Opens.TALK, NOW)).is_kept
    await store.keep(openid, "1", b"posted", NOW + MINUTE)
    assert (await store.heard(openid, "1", Opens.TALK, NOW)).is_kept
    await store.done(openid, "1")
    assert not (await store.heard(openid, "1", Opens.TALK, NOW)).is_kept


async def test_a_delivery_is_kept_until_it_is_dealt_with(stores: Stores) -> None:
    store, openid = stores.wechat, unique("openid")
    await store.heard(openid, "1", Opens.TALK, NOW)
    await store.keep(openid, "1", "你好".encode(), NOW + MINUTE)
    assert await store.late(NOW, NOW + 2 * MINUTE, 10) == []
    [late] = await store.late(NOW + MINUTE, NOW + 2 * MINUTE, 10)
    assert (late.openid, late.key, late.payload) == (openid, "1", "你好".encode())
    assert "你好" not in repr(late)
    assert await store.late(NOW + MINUTE, NOW + 3 * MINUTE, 10) == []  # somebody has it
    assert len(await store.late(NOW + 2 * MINUTE, NOW + 3 * MINUTE, 10)) == 1  # and died
    assert await store.forget(NOW + 9 * MINUTE) == 0
    await store.done(openid, "1")
    assert await store.late(NOW + 9 * MINUTE, NOW + 10 * MINUTE, 10) == []
    assert await store.forget(NOW) == 0
    assert await store.forget(NOW + 9 * MINUTE) == 1
    assert await store.heard(openid, "1", None, NOW) == Heard(is_new=True)


async def test_an_unknown_delivery_can_be_kept_too(stores: Stores) -> None:
    await stores.wechat.keep("somebody", "9", b"x", NOW)
    assert len(await stores.wechat.late(NOW, NOW + MINUTE, 10)) == 1


async def test_one_process_at_a_time_fetches_the_token(stores: Stores) -> None:
    store = stores.wechat
    assert await store.token(APP) is None
    assert await store.lease_token(APP, "one", NOW, NOW + MINUTE)
    assert await store.lease_token(APP, "one", NOW, NOW + MINUTE)
    assert not await store.lease_token(APP, "two", NOW, NOW + MINUTE)
    token = AccessToken("t" * 512, NOW + timedelta(hours=2), NOW)
    assert not await store.put_token(APP, "two", token)
    assert await store.put_token(APP, "one", token)
    assert await store.token(APP) == token
    assert token.value not in repr(token)
    assert await store.lease_token(APP, "two", NOW, NOW + MINUTE)
    assert await store.lease_token(APP, "one", NOW + MINUTE, NOW + 2 * MINUTE)  # two has died
    assert not await store.put_token(APP, "two", token)
    await store.release_token(APP, "two")
    assert not await store.lease_token(APP, "two", NOW + MINUTE, NOW + 2 * MINUTE)
    await store.release_token(APP, "one")
    assert await store.lease_token(APP, "two", NOW + MINUTE, NOW + 2 * MINUTE)
    assert await store.token(APP) == token


async def test_neither_token_nor_payload_is_readable_under_another_key(place: Place) -> None:
    async with place.opened() as stores:
        await stores.wechat.lease_token(APP, "one", NOW, NOW + MINUTE)
        await stores.wechat.put_token(APP, "one", AccessToken("secret", NOW))
        await stores.wechat.keep("somebody", "1", b"secret", NOW)
    stranger = place.opened(MasterKey(bytes(32)))
    async with stranger as stores:
        with pytest.raises(UnreadableRecord):
            await stores.wechat.token(APP)
        with pytest.raises(UnreadableRecord):
            await stores.wechat.late(NOW, NOW, 10)


async def test_an_erasure_takes_windows_and_deliveries_along(stores: Stores) -> None:
    identity = person("wechat")
    before = await stores.cases.open(identity, NOW, "zh-CN")
    await stores.cases.commit(turn(before))
    case = await stores.cases.open(identity, NOW, "zh-CN")
    other = unique("openid")
    for openid in (identity.external_id, other):
        await stores.wechat.heard(openid, "1", Opens.TALK, NOW)
    await stores.filings.erase(case.applicant_id)
    assert (await stores.wechat.budget(identity.external_id)).left(NOW) == 0
    assert await stores.wechat.heard(identity.external_id, "1", None, NOW) == Heard(is_new=True)
    assert (await stores.wechat.budget(other)).left(NOW) == 5


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["talk", "touch", "send", "staff", "back", "gone"]),
        st.integers(0, 90_000),
    ),
    max_size=40,
)


@given(STEPS)
def test_no_order_of_things_sends_more_than_a_window_allows(steps: list[tuple[str, int]]) -> None:
    """Against a book kept the plain way: by window, when it began and what came out of it."""
    budget, now = Budget(), NOW
    began: dict[Opens, datetime] = {}
    sent: dict[Opens, int] = {}
    last: Spent | None = None
    for step, seconds in steps:
        now += timedelta(seconds=seconds)
        if step in ("talk", "touch"):
            opens = Opens(step)
            budget = budget.heard(opens, now)
            began[opens], sent[opens] = now, 0
            last = None
        elif step == "gone":
            budget, began, last = Budget(follows=False), {}, None
        elif step == "back" and last is not None:
            budget = budget.changed(last, 1)
            sent[last.opens] -= 1
            last = None
        elif step in ("send", "staff"):
            spent = budget.next_from(now, reserve=int(step == "send"))
            if isinstance(spent, Spent):
                budget, last = budget.changed(spent, -1), spent
                sent[spent.opens] += 1
                assert now < began[spent.opens] + (TALK if spent.opens is Opens.TALK else TOUCH)
                assert sent[spent.opens] <= (5 if spent.opens is Opens.TALK else 3)


async def test_a_click_heard_of_late_had_its_messages_taken_though_more_was_heard_between(
    stores: Stores,
) -> None:
    store, openid = stores.wechat, unique("openid")
    await store.heard(openid, "1", Opens.TALK, NOW - MINUTE)
    for _ in range(3):  # WeChat knows of the click already, and takes them from its minute
        assert isinstance(await store.spend(openid, NOW, reserve=0), Spent)
    await store.heard(openid, "2", Opens.TALK, NOW + SECOND)
    await store.heard(openid, "3", Opens.TOUCH, NOW)
    budget = await store.budget(openid)
    assert budget.touch is not None and budget.touch.left == 0
    assert budget.left(NOW + SECOND) == 5


async def test_when_a_notice_was_first_tried_is_known_to_all(place: Place) -> None:
    async with place.opened() as here, place.opened() as there:
        notice = await _said(here)
        assert await here.wechat.tried(notice, NOW) == NOW
        assert await there.wechat.tried(notice, NOW + MINUTE) == NOW
        await there.wechat.not_tried(notice, NOW + MINUTE)  # the first may have arrived
        assert await here.wechat.tried(notice, NOW + 2 * MINUTE) == NOW


async def test_a_try_that_surely_did_not_arrive_does_not_count(stores: Stores) -> None:
    notice = await _said(stores)
    assert await stores.wechat.tried(notice, NOW) == NOW
    await stores.wechat.not_tried(notice, NOW)
    assert await stores.wechat.tried(notice, NOW + MINUTE) == NOW + MINUTE


async def _said(stores: Stores) -> str:
    who = person("wechat_template")
    notice = say(who, "快到期了")
    await stores.cases.commit(turn(await stores.cases.open(who, NOW, "zh-CN"), notice))
    return notice.id
