"""Counts over a period: on memory, SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from desk.statistics.period import Period
from desk.statistics.ports import Begun, Help, History
from dialogs.case import Attention, Case, Colleague, Hold
from dialogs.message import Identity
from dialogs.reminding import Purpose, Reminder, ReminderStatus, Settled
from filing.event import Event, EventType
from storage.ports import Stores
from tests.storage.making import NOW, person, say, turn, unique, with_answers, with_event

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TODAY = Period(NOW - HOUR, NOW + HOUR)
EARLIER = Period(NOW - 3 * DAY, NOW - HOUR)


async def _filed(stores: Stores, *events: Event, **answers: str) -> Case:
    identity = person()
    before = await stores.cases.open(identity, NOW, "zh-CN")
    after = with_answers(before, **answers)
    for event in events:
        after = with_event(after, event)
    await stores.cases.commit(turn(before, after=after))
    return await stores.cases.open(identity, NOW, "zh-CN")


async def test_filings_begun_are_counted_by_question(stores: Stores) -> None:
    one = await _filed(stores, subject_kind="enterprise", domain="example.cn")
    other = await _filed(stores, subject_kind="individual")
    before = await stores.cases.open(other.identity, NOW, "zh-CN")
    again = with_answers(before, subject_kind="enterprise")
    await stores.cases.commit(turn(before, after=again))  # changed: still one filing
    assert one.active and other.active
    found = await stores.statistics.begun(TODAY)
    assert found.filings == {one.active: "first_filing", other.active: "first_filing"}
    assert dict(found.answered) == {
        ("first_filing", "subject_kind"): 2,
        ("first_filing", "domain"): 1,
    }
    assert await stores.statistics.begun(EARLIER) == Begun({}, {})


async def test_a_filing_comes_with_all_that_ever_happened_to_it(stores: Stores) -> None:
    passed = Event(EventType.FIRST_REVIEW_PASSED, NOW)
    handed_in = Event(EventType.SUBMITTED_FOR_FIRST_REVIEW, NOW - 2 * DAY)
    case = await _filed(stores, passed, handed_in, domain="example.cn")
    await _filed(stores, domain="example.com")  # nothing happened to it
    assert case.active
    whole = [
        History(case.active, ((handed_in.type, handed_in.at), (passed.type, passed.at))),
    ]
    assert await stores.statistics.histories(TODAY) == whole
    assert await stores.statistics.histories(EARLIER) == whole
    assert await stores.statistics.histories(Period(NOW + HOUR, NOW + DAY)) == []


async def test_how_late_a_reminder_was_is_known_once_it_is_delivered(stores: Stores) -> None:
    case = await _filed(stores, domain="example.cn")
    assert case.active
    keys = [unique("reminder") for _ in range(3)]
    wanted = tuple(
        Reminder(key, case.active, f"d{n}:-:x", "sms", "PT2H", Purpose.REMIND, NOW, NOW + DAY)
        for n, key in enumerate(keys)
    )
    await stores.cases.commit(replace(turn(case), reminders={case.active: wanted}))
    claimed = await stores.reminders.claim(NOW, 10)
    fences = {one.reminder.key: one.fence for one in claimed}
    outcomes = (ReminderStatus.SENT, ReminderStatus.FAILED, ReminderStatus.SENT)
    for key, status, late in zip(keys, outcomes, (7, 8, 0), strict=True):
        before = await stores.cases.open(case.identity, NOW, "zh-CN")
        settled = Settled(key, fences[key], status)
        at = NOW + timedelta(seconds=late)
        await stores.cases.commit(replace(turn(before, at=at), settled=(settled,)))
    found = await stores.statistics.lags(TODAY)
    assert sorted(found) == [timedelta(0), timedelta(seconds=7)]
    assert await stores.statistics.lags(EARLIER) == []


async def test_messages_are_counted_by_the_hour_in_which_they_came(stores: Stores) -> None:
    identity = person()
    hour = datetime(2026, 11, 24, 9, tzinfo=UTC)
    for at in (hour, hour + timedelta(minutes=59, seconds=59), hour + HOUR):
        await _say(stores, identity, at)
    await _say(stores, person(), hour + timedelta(minutes=5))
    whole = Period(hour - DAY, hour + DAY)
    assert await stores.statistics.heard(whole) == {hour: 3, hour + HOUR: 1}
    assert await stores.statistics.heard(Period(hour + HOUR, hour + DAY)) == {hour + HOUR: 1}


async def _say(stores: Stores, identity: Identity, at: datetime) -> None:
    before = await stores.cases.open(identity, at, "zh-CN")
    await stores.cases.commit(turn(before, at=at))


async def test_how_questions_went_is_counted_by_weeks_of_china(stores: Stores) -> None:
    sunday_night = datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in China
    for at, routes in (
        (sunday_night, ("answer", "answer", "fallback")),
        (sunday_night + timedelta(seconds=1), ("answer",)),
    ):
        identity = person()
        before = await stores.cases.open(identity, at, "zh-CN")
        await stores.cases.commit(replace(turn(before, at=at), routes=routes))
    period = Period(sunday_night - DAY, sunday_night + DAY)
    assert await stores.statistics.routes(period) == {
        (date(2026, 11, 16), "answer"): 2,
        (date(2026, 11, 16), "fallback"): 1,
        (date(2026, 11, 23), "answer"): 1,
    }


async def test_counts_without_a_name_outlive_an_erasure(stores: Stores) -> None:
    identity = person()
    before = await stores.cases.open(identity, NOW, "zh-CN")
    after = with_answers(before, domain="example.cn")
    await stores.cases.commit(replace(turn(before, after=after), routes=("clarify",)))
    await stores.filings.erase(before.applicant_id)
    assert sum((await stores.statistics.routes(TODAY)).values()) == 1
    assert await stores.statistics.begun(TODAY) == Begun({}, {})


AT = [NOW + timedelta(minutes=minute) for minute in range(10)]
LI = Colleague("a1", "li")
WANG = Colleague("a2", "wang")


async def _go_on(
    stores: Stores,
    case: Case,
    at: datetime,
    *,
    waits: bool = False,
    holder: Colleague | None = None,
    said_by: Colleague | None = None,
    rating: int | None = None,
) -> Case:
    """A turn after which the conversation stands so."""
    epoch = case.epoch
    if holder is not None and (case.hold is None or case.hold.agent != holder.id):
        epoch += 1
    hold = None if holder is None else Hold(holder.id, holder.name, epoch, at, at + HOUR)
    after = replace(
        case, attention=Attention(handover="waiting" if waits else None), hold=hold, epoch=epoch
    )
    said = () if said_by is None else (replace(say(case.identity, "您好"), author=said_by.author),)
    await stores.cases.commit(
        replace(turn(case, *said, after=after, at=at), inbound=None, rating=rating)
    )
    return await stores.cases.open(case.identity, at, "zh-CN")


async def _help(stores: Stores, case: Case) -> Sequence[Help]:
    found = await stores.statistics.helps(Period(NOW - HOUR, NOW + HOUR))
    return [one for one in found if one.conversation == case.conversation_id]


async def test_a_help_is_followed_from_the_first_wait_to_the_last_word(stores: Stores) -> None:
    case = await stores.cases.open(person(), NOW, "zh-CN")
    case = await _go_on(stores, case, AT[0])
    case = await _go_on(stores, case, AT[1], waits=True)
    case = await _go_on(stores, case, AT[2], waits=True)  # wrote again
    case = await _go_on(stores, case, AT[3], holder=LI)
    case = await _go_on(stores, case, AT[4], holder=LI, said_by=LI)
    case = await _go_on(stores, case, AT[5], holder=WANG, said_by=WANG)  # took over
    assert (await _help(stores, case))[0].closed_at is None
    case = await _go_on(stores, case, AT[6])
    case = await _go_on(stores, case, AT[7], rating=4)
    whole = Help(case.conversation_id, AT[1], AT[3], LI.id, AT[4], AT[6], 4)
    assert await _help(stores, case) == [whole]


async def test_whom_a_silent_colleague_left_goes_on_waiting_for_the_same_help(
    stores: Stores,
) -> None:
    case = await stores.cases.open(person(), NOW, "zh-CN")
    case = await _go_on(stores, case, AT[1], waits=True)
    case = await _go_on(stores, case, AT[2], holder=LI)
    case = await _go_on(stores, case, AT[3], waits=True)  # the lease ran out
    case = await _go_on(stores, case, AT[4], holder=WANG, said_by=WANG)
    case = await _go_on(stores, case, AT[5])
    whole = Help(case.conversation_id, AT[1], AT[2], LI.id, AT[4], AT[5])
    assert await _help(stores, case) == [whole]


async def test_help_that_nobody_waited_for_is_none_that_can_be_late(stores: Stores) -> None:
    case = await stores.cases.open(person(), NOW, "zh-CN")
    case = await _go_on(stores, case, AT[1], holder=LI, said_by=LI)
    case = await _go_on(stores, case, AT[2], rating=1)
    assert await _help(stores, case) == []


async def test_a_rating_is_of_the_help_had_last_and_may_be_thought_over(stores: Stores) -> None:
    case = await stores.cases.open(person(), NOW, "zh-CN")
    for begins in (AT[1], AT[4]):
        case = await _go_on(stores, case, begins, waits=True)
        case = await _go_on(stores, case, begins, holder=LI)
        case = await _go_on(stores, case, begins)
    case = await _go_on(stores, case, AT[8], rating=2)
    case = await _go_on(stores, case, AT[9], waits=True, rating=5)  # waits again meanwhile
    assert [one.rating for one in await _help(stores, case)] == [None, 5, None]


async def test_helps_go_with_whoever_is_erased(stores: Stores) -> None:
    case = await stores.cases.open(person(), NOW, "zh-CN")
    case = await _go_on(stores, case, AT[1], waits=True)
    await stores.filings.erase(case.applicant_id)
    assert await _help(stores, case) == []
