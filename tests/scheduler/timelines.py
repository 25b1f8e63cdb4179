"""Random lives of filings, and what must be true of each however it went."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from datetime import datetime, timedelta

from dialogs.due import deadlines_in
from dialogs.message import Identity
from dialogs.reminding import ReminderStatus
from filing.deadline import CHINA, Deadline
from filing.event import Event, EventType
from scheduler.ports import ReminderRecord
from tests.scheduler.world import Simulation

NUMBER = "苏ICP备2026000001号-1"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

_CLOCKS = timedelta(hours=2, minutes=1)
"""How far apart two readings of a jumping clock may lie."""

_BEGINNINGS = (
    datetime(2026, 9, 28, 9, tzinfo=CHINA),  # National Day and its make-up days
    datetime(2026, 12, 29, 23, 30, tzinfo=CHINA),  # year end
    datetime(2027, 2, 3, 15, tzinfo=CHINA),  # Spring Festival
    datetime(2026, 11, 23, 8, 59, tzinfo=CHINA),
    datetime(2026, 6, 30, 16, 0, tzinfo=CHINA),  # midnight in UTC
)
_PATH: tuple[tuple[str, dict[str, str], float], ...] = (
    ("submitted_for_first_review", {}, 0),
    ("first_review_passed", {}, 30),
    ("materials_submitted", {}, 20),
    ("authenticity_passed", {}, 10),
    ("second_review_passed", {}, 30),
    ("submitted_to_bureau", {}, 20),
    ("sms_received", {}, 6),
    ("sms_verified", {"person": "principal"}, 8),
    ("sms_verified", {"person": "site_manager"}, 8),
    ("bureau_approved", {"filing_number": NUMBER}, 200),
    ("website_opened", {}, 60),
    ("footer_displayed", {}, 40),
    ("police_filed", {}, 300),
    ("police_number_displayed", {}, 200),
)


class Broken(AssertionError):
    """A promise was broken; the message names the seed."""


async def live(seed: int) -> Simulation:
    """One filing's life: late, lost, doubled events; silence; blocked chats; stops; clock jumps."""
    dice = random.Random(seed)
    simulation = Simulation(dice.choice(_BEGINNINGS) + timedelta(minutes=dice.randrange(600)))
    who = Identity(dice.choice(["telegram", "telegram", "web"]), str(seed))
    filing_id = await simulation.begin(who, site_manager_same=dice.choice(["yes", "no"]))
    if dice.random() < 0.4:
        await _prove_address(simulation, who)
    for event, after in _story(dice, simulation.now):
        await _let_time_pass(simulation, dice, after)
        if dice.random() < 0.15:
            simulation.blocked.symmetric_difference_update({who})
        if dice.random() < 0.1:
            simulation.skew = HOUR * dice.choice([-1, 0, 1])
        if dice.random() < 0.1:
            simulation.restart()
        await simulation.happen(who, event(simulation.now))
        await _keep_promises(simulation, who, filing_id, seed)
    simulation.skew = timedelta(0)
    await simulation.pass_time(simulation.now + 75 * DAY, at_most=3 * DAY)
    await _keep_promises(simulation, who, filing_id, seed, ended=True)
    return simulation


def _story(dice: random.Random, begins: datetime) -> "Iterator[tuple[_Maker, timedelta]]":
    """What happens, and how long after the thing before."""
    ends_after = dice.randrange(1, len(_PATH) + 1)
    for kind, data, hours in _PATH[:ends_after]:
        after = HOUR * dice.expovariate(1 / (hours + 1)) if hours else timedelta(0)
        if dice.random() < 0.12 and kind != "submitted_for_first_review":
            continue  # nobody tells of it
        if kind == "sms_received" and dice.random() < 0.3:
            data = {"person": dice.choice(["principal", "site_manager"])}
        late = HOUR * dice.choice([0, 0, 0, 1, 30]) * dice.random()
        yield _maker(kind, data, late), after
        if dice.random() < 0.1:
            yield _maker(kind, data, late), timedelta(minutes=5)  # told twice
        if dice.random() < 0.05:
            yield _maker("returned", {"code": "R18"}, timedelta(0)), HOUR
            if dice.random() < 0.7:
                yield _maker("submitted_for_first_review", {}, timedelta(0)), 20 * HOUR
        if dice.random() < 0.02:
            yield _maker("withdrawn", {}, timedelta(0)), HOUR
    if dice.random() < 0.2:
        on = (begins + timedelta(days=dice.randrange(20, 60))).date().isoformat()
        yield _maker("date_told", {"what": "audit_due", "date": on}, timedelta(0)), HOUR


class _Maker:
    def __init__(self, kind: str, data: dict[str, str], late: timedelta) -> None:
        self.kind, self.data, self.late = kind, data, late

    def __call__(self, now: datetime) -> Event:
        return Event(EventType(self.kind), now - self.late, self.data)


def _maker(kind: str, data: dict[str, str], late: timedelta) -> _Maker:
    return _Maker(kind, data, late)


async def _prove_address(simulation: Simulation, who: Identity) -> None:
    until = simulation.now + HOUR
    contacts = simulation.stores.contacts
    await contacts.add(who, "email", "tea@example.cn", "code", until, simulation.now)
    await contacts.prove(who, "code", simulation.now)


async def _let_time_pass(simulation: Simulation, dice: random.Random, by: timedelta) -> None:
    if dice.random() < 0.12:  # everything stands still meanwhile
        simulation.now += by
        return
    await simulation.pass_time(simulation.now + by, at_most=12 * HOUR)


async def _keep_promises(
    simulation: Simulation, who: Identity, filing_id: str, seed: int, *, ended: bool = False
) -> None:
    case = await simulation.case(who)
    record = case.filings[filing_id]
    deadlines = {
        one.id: one
        for one in deadlines_in(case, simulation.clock(), simulation.world, record=record)
    }
    records = await simulation.records(filing_id)

    def broken(what: str) -> None:
        raise Broken(f"seed {seed}: {what}")

    by_deadline: defaultdict[str, list[ReminderRecord]] = defaultdict(list)
    for one in records:
        by_deadline[one.reminder.deadline].append(one)
        ways = [
            attempt.way for attempt in one.attempts if attempt.way and attempt.status != "dropped"
        ]
        if len(ways) != len(set(ways)):
            broken(f"{one.reminder.key} went out twice on one way: {ways}")
    for key, deadline in deadlines.items():
        if deadline.open:
            simulation.settled.pop(key, None)
            continue
        since = simulation.settled.setdefault(key, simulation.now)
        for one in by_deadline.get(key, ()):
            sent = one.settled_at if one.status is ReminderStatus.SENT else None
            if sent is not None and sent > since + _CLOCKS and one.reason != "staff":
                broken(f"{one.reminder.key} went out after its matter was settled")
    if not ended:
        return
    tasks = {(task.deadline, task.kind) for task in await simulation.stores.reminders.tasks(10_000)}
    for key, deadline in deadlines.items():
        ones = by_deadline.get(key, [])
        if deadline.open and deadline.due_at < simulation.now:
            _brought_to_somebody(deadline, ones, tasks, broken)
        for one in ones:
            if one.status.is_final or one.reminder.at > simulation.now - DAY:
                continue
            broken(f"{one.reminder.key} still waits: {one.status}")
        _quiet_once_done(deadline, ones, broken)


def _brought_to_somebody(
    deadline: Deadline,
    ones: Sequence[ReminderRecord],
    tasks: Set[tuple[str | None, str]],
    broken: Callable[[str], None],
) -> None:
    """A deadline that passed unsettled was told to the applicant or to staff."""
    told = [one for one in ones if one.status is ReminderStatus.SENT]
    to_applicant = [one for one in told if not one.reminder.purpose.is_for_staff]
    alarmed = any(key == deadline.id for key, _ in tasks)
    if not to_applicant and not alarmed:
        broken(f"{deadline.id} passed and nobody was told")
    may_be_left = deadline.kind.ends == EventType.SUBMITTED_FOR_FIRST_REVIEW
    if not alarmed and not may_be_left:
        broken(f"{deadline.id} passed, and no person looks at it")
    if not ones:
        broken(f"{deadline.id} passed without a plan")


def _quiet_once_done(
    deadline: Deadline, ones: Sequence[ReminderRecord], broken: Callable[[str], None]
) -> None:
    """Nothing waits for, or went out after, what is settled and known to be."""
    if deadline.open:
        return
    waiting = [one for one in ones if not one.status.is_final]
    if waiting:
        broken(f"{deadline.id} is settled and {waiting[0].reminder.key} still waits")
