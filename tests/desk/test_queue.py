"""The order in which staff look at conversations."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desk.docket import Docket, Running, Talked
from desk.queue import Band, Place, State, Wanted, is_in, place
from tests.desk.dockets import DAY, HOUR, LIMITS, NOW, HalfAnHour, docket, due, held, sms


def at(one: Docket, now: datetime = NOW) -> Place:
    """Where a conversation stands."""
    return place(one, now, HalfAnHour(), LIMITS)


def in_order(*dockets: Docket, now: datetime = NOW) -> list[Docket]:
    """The conversations as the queue shows them."""
    return sorted(dockets, key=lambda one: at(one, now).key)


def test_an_open_sms_window_comes_before_everything_and_the_shortest_first() -> None:
    waiting = docket(waiting_since=NOW - 5 * HOUR)
    risky = docket(stage="approved", asking=None, deadlines=(due(HOUR),))
    long, short = (
        docket(stage="sms_verification", asking=None, deadlines=(sms(left),))
        for left in (20 * HOUR, 2 * HOUR)
    )
    quiet = docket()
    assert in_order(quiet, waiting, long, risky, short) == [short, long, risky, waiting, quiet]


def test_who_waits_longest_for_an_answer_comes_first_and_a_holder_can_owe_one_too() -> None:
    owed = docket(
        holder=held(since=NOW - 2 * HOUR),
        talked=Talked(4, NOW - HOUR, NOW - 2 * HOUR, NOW - HOUR),
    )
    late = docket(waiting_since=NOW - timedelta(minutes=90))
    fresh = docket(waiting_since=NOW - timedelta(minutes=5))
    answered = docket(holder=held(), talked=Talked(4, NOW - HOUR, NOW, None))
    assert in_order(answered, fresh, owed, late) == [late, owed, fresh, answered]
    assert at(fresh).answer_due == NOW + timedelta(minutes=25)


def test_of_those_who_wrote_at_night_the_first_comes_first() -> None:
    class FromNine:
        def first_answer_due(self, asked_at: datetime) -> datetime:
            return NOW + HOUR

    early, late = (docket(waiting_since=NOW - hours * HOUR) for hours in (9, 2))
    for one in (early, late):
        assert place(one, NOW, FromNine(), LIMITS).answer_due == NOW + HOUR
    keys = [place(one, NOW, FromNine(), LIMITS).key for one in (early, late)]
    assert keys == sorted(keys)
    swapped = [replace(early, conversation="z"), replace(late, conversation="a")]
    keys = [place(one, NOW, FromNine(), LIMITS).key for one in swapped]
    assert keys == sorted(keys)


def test_a_holder_owes_no_answer_to_what_was_written_before_they_came() -> None:
    before = NOW - 5 * HOUR
    one = docket(holder=held(since=NOW), talked=Talked(4, before, before, before))
    assert at(one).answer_due == NOW + timedelta(minutes=30)


def test_a_window_that_has_closed_no_longer_stands_before_those_that_can_be_kept() -> None:
    missed = docket(stage="sms_verification", asking=None, deadlines=(sms(-HOUR),))
    waiting = docket(waiting_since=NOW)
    assert in_order(missed, waiting) == [waiting, missed]
    assert at(missed).band is Band.OVERDUE
    assert at(missed).deadline == sms(-HOUR)
    assert is_in(State.RISK, missed, at(missed))
    assert at(missed, NOW + 20 * DAY).band is Band.REST


def test_stuck_is_who_answers_wrongly_again_and_again_or_moves_no_more() -> None:
    assert at(docket(failures=3)).stuck
    assert not at(docket(failures=2)).stuck
    silent = docket(moved_at=NOW - 4 * DAY)
    assert at(silent).stuck
    assert at(silent).band is Band.STUCK
    assert not at(replace(silent, stage="first_review", asking=None)).stuck
    assert not at(docket(moved_at=NOW - 40 * DAY)).stuck


def test_chips_hold_what_they_say() -> None:
    mine, other = docket(holder=held("a1")), docket(holder=held("a2"))
    waiting, quiet = docket(waiting_since=NOW), docket()
    task = docket(tasks=("return_unread",))
    erasing = docket(erasing=NOW + HOUR, failures=3, moved_at=NOW - 4 * DAY)
    everything = (mine, other, waiting, quiet, task, erasing)

    def under(state: State) -> list[Docket]:
        return [one for one in everything if is_in(state, one, at(one), "a1")]

    assert under(State.MINE) == [mine]
    assert under(State.WAITING) == [waiting]
    assert under(State.OPEN) == [mine, other, waiting, task]
    assert under(State.ERASING) == [erasing]
    assert under(State.STUCK) == []  # who wants it deleted is not pressed
    assert under(State.ALL) == list(everything)


def test_further_choices_narrow_what_a_chip_holds() -> None:
    one = docket(province="江苏", waiting_since=NOW)
    assert Wanted(State.WAITING, province="江苏", channel="web").takes(one, at(one))
    for other in ({"province": "广东"}, {"stage": "approved"}, {"channel": "telegram"}):
        assert not Wanted(State.WAITING, **other).takes(one, at(one))


_MOMENTS = st.integers(-60 * 24 * 60, 60 * 24 * 60).map(lambda m: NOW + timedelta(minutes=m))
_DEADLINES = st.lists(
    st.builds(Running, st.sampled_from(["sms_verification", "footer_number"]), _MOMENTS),
    max_size=3,
).map(lambda found: tuple(sorted(found, key=lambda one: one.due_at)))
_DOCKETS = st.builds(
    docket,
    deadlines=_DEADLINES,
    waiting_since=st.none() | _MOMENTS,
    holder=st.none() | st.builds(held, since=_MOMENTS),
    stage=st.sampled_from(["draft", "sms_verification", "approved"]),
    failures=st.integers(0, 4),
    moved_at=_MOMENTS,
    tasks=st.sampled_from([(), ("overdue",)]),
)


@given(st.lists(_DOCKETS, min_size=2, max_size=12), _MOMENTS)
def test_less_legal_time_never_stands_behind_more(dockets: list[Docket], now: datetime) -> None:
    for first, second in pairwise(in_order(*dockets, now=now)):
        one, other = at(first, now), at(second, now)
        assert one.key < other.key
        assert one.band <= other.band
        if one.band is other.band and other.band in (Band.SMS, Band.RISK):
            assert one.deadline is not None
            assert other.deadline is not None
            assert now < one.deadline.due_at <= other.deadline.due_at
        if one.band is other.band is Band.PERSON:
            assert one.answer_due is not None
            assert other.answer_due is not None
            assert one.answer_due <= other.answer_due


@given(_DOCKETS, _MOMENTS, st.integers(0, 40 * 24 * 60))
def test_time_alone_moves_nobody_before_the_moment_told(
    one: Docket, now: datetime, minutes: int
) -> None:
    here = at(one, now)
    later = now + timedelta(minutes=minutes)
    if here.changes_at is None or later < here.changes_at:
        assert replace(at(one, later), changes_at=here.changes_at) == here


@given(_DOCKETS, _MOMENTS)
def test_whoever_is_at_risk_waits_or_is_stuck_is_among_the_open(one: Docket, now: datetime) -> None:
    here = at(one, now)
    for state in (State.RISK, State.WAITING, State.STUCK, State.MINE):
        if is_in(state, one, here, "a1"):
            assert is_in(State.OPEN, one, here, "a1")
