"""Made-up figures of a provider's last months, the same for the same seed: to look at charts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp
from random import Random

from desk.docket import Docket
from desk.statistics.funnel import Draft, StepCount
from desk.statistics.period import Period, weeks_in
from desk.statistics.ports import Begun, Help, History
from dialogs.flow import Flow
from dialogs.world import SHANGHAI
from filing.event import EventType
from filing.service_hours import ServiceHours
from filing.workdays import working_days_after

_E = EventType
_PROVINCES = (
    ("广东", 260, 7), ("江苏", 180, 9), ("浙江", 170, 12), ("北京", 150, 11), ("上海", 140, 8),
    ("山东", 96, 9), ("四川", 88, 6), ("福建", 61, 7), ("湖北", 54, 8), ("河南", 52, 13),
    ("陕西", 31, 5), ("辽宁", 24, 10), ("广西", 17, 6), ("内蒙古", 9, 14), ("西藏", 3, 15),
)  # fmt: skip
_BY_HOUR = (1, 1, 0, 0, 0, 1, 2, 5, 14, 30, 38, 30, 15, 20, 33, 36, 31, 24, 13, 12, 14, 12, 7, 3)
_RATINGS = (None,) * 9 + (5,) * 7 + (4,) * 3 + (3, 1)
_SOME = {
    "consent_sensitive": 0.3, "residence_proof": 0.12, "pre_approval_number": 0.05,
    "site_manager_name": 0.2, "site_manager_id_type": 0.2,
    "site_manager_id_number": 0.2, "site_manager_id_valid_until": 0.2,
    "site_manager_phone": 0.2, "site_manager_email": 0.2, "office_phone": 0.7, "domain_holder": 0.4,
}  # fmt: skip
_LOSSES = {
    "consent_processing": 0.035, "cert_number": 0.09, "principal_id_number": 0.11, "ip": 0.06,
    "pre_approval": 0.03, "emergency_phone": 0.02,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoNumbers:
    """``Statistics`` that were never counted."""

    flow: Flow
    hours: ServiceHours
    seed: int = 5

    async def begun(self, period: Period) -> Begun:
        """A form that most complete, some leave at what they have to look up."""
        steps = self._steps()
        filings = {f"f{number}": self.flow.name for number in range(steps[0].asked)}
        return Begun(filings, {(self.flow.name, one.step): one.answered for one in steps})

    def drafts(self, now: datetime) -> Sequence[Draft]:
        """Those that are not completed, at their questions."""
        found: list[Draft] = []
        for one in self._steps():
            for rested in [True] * one.lost + [False] * one.there:
                moved_at = now - timedelta(days=9 if rested else 1)
                found.append(Draft(f"f{len(found)}", one.step, moved_at))
        return found

    def _steps(self) -> Sequence[StepCount]:
        random = Random(self.seed)
        left, counts = 1640, []
        for step in self.flow.steps:
            if step.ask is None:
                continue
            asked = int(left * _SOME.get(step.key, 1))
            lost = int(asked * _LOSSES.get(step.key, random.uniform(0, 0.008)))
            there = int(asked * random.uniform(0, 0.006))
            counts.append(StepCount(step.key, asked - lost - there, lost, there))
            left -= lost + there
        return counts

    def provinces(self) -> Mapping[str, str]:
        """Where each filing of the histories is filed: fifteen provinces, one with too few."""
        named = [province for province, count, _ in _PROVINCES for _ in range(count)]
        return {f"h{number}": province for number, province in enumerate(named)}

    def dockets(self, now: datetime) -> Sequence[Docket]:
        """All that as the desk lists conversations."""
        drafts = [
            Docket(
                f"c-{one.filing}", 1, now, "web", "zh-CN", one.filing,
                stage="draft", asking=one.step, moved_at=one.moved_at,
            )
            for one in self.drafts(now)
        ]  # fmt: skip
        filed = [
            Docket(f"c-{key}", 1, now, "web", "zh-CN", key, province=province, stage="approved")
            for key, province in self.provinces().items()
        ]
        return [*drafts, *filed]

    async def histories(self, period: Period) -> Sequence[History]:
        """What happened to those filings."""
        random = Random(self.seed + 1)
        found: list[History] = []
        for _, count, usual in _PROVINCES:
            for _ in range(count):
                day = period.since + timedelta(days=random.uniform(1, period.days - 30))
                found.append(History(f"h{len(found)}", tuple(_way(random, day, usual))))
        return found

    async def lags(self, period: Period) -> Sequence[timedelta]:
        """Most within seconds, a few after a channel was down."""
        random = Random(self.seed + 2)
        usual = [random.lognormvariate(1.1, 0.8) for _ in range(2400)]
        return [timedelta(seconds=one) for one in (*usual, 95, 210, 340, 900, 2400, 9000)]

    async def heard(self, period: Period) -> Mapping[datetime, int]:
        """Office hours, a lunch break, and evenings."""
        random = Random(self.seed + 3)
        found: Counter[datetime] = Counter()
        day = period.since.astimezone(SHANGHAI)
        while day < period.until:
            week = 0.28 if day.weekday() >= 5 else 1.15 if day.weekday() == 0 else 1.0
            for hour, usual in enumerate(_BY_HOUR):
                found[day + timedelta(hours=hour)] = round(usual * week * random.uniform(0.7, 1.3))
            day += timedelta(days=1)
        return found

    async def routes(self, period: Period) -> Mapping[tuple[date, str], int]:
        """Articles written week by week: fewer questions end in the dark."""
        random = Random(self.seed + 4)
        found = {}
        for number, monday in enumerate(weeks_in(period)):
            total = random.randint(380, 620)
            dark = 0.05 + 0.11 * exp(-number / 5)
            for route, share in (("fallback", dark), ("clarify", 0.11), ("handover", 0.06)):
                found[monday, route] = int(total * share * random.uniform(0.85, 1.15))
            found[monday, "answer"] = total - sum(
                found[monday, route] for route in ("fallback", "clarify", "handover")
            )
        return found

    async def helps(self, period: Period) -> Sequence[Help]:
        """Most answered within minutes of service time."""
        random = Random(self.seed + 5)
        found = []
        for number in range(420):
            since = period.since + timedelta(days=random.uniform(0, period.days - 1))
            wait = timedelta(minutes=random.lognormvariate(2.0, 0.9))
            answered = self.hours.due(since, wait)
            agent = random.choice(("a1", "a2", "a3"))
            closed = answered + timedelta(minutes=random.lognormvariate(3.4, 0.7))
            taken = max(since, answered - timedelta(minutes=1))
            rating = random.choice(_RATINGS)
            found.append(Help(f"c{number}", since, taken, agent, answered, closed, rating))
        return sorted(found, key=lambda one: one.waiting_since)


def _way(random: Random, begun: datetime, usual: int) -> Sequence[tuple[EventType, datetime]]:
    """A filing that goes through, now and then after a return."""
    at, events = begun, []

    def after(kind: EventType, hours: float) -> None:
        nonlocal at
        at += timedelta(hours=hours)
        events.append((kind, at))

    after(_E.SUBMITTED_FOR_FIRST_REVIEW, 0)
    if random.random() < 0.12:
        after(_E.RETURNED, random.uniform(4, 30))
        after(_E.SUBMITTED_FOR_FIRST_REVIEW, random.uniform(2, 90))
    after(_E.FIRST_REVIEW_PASSED, random.uniform(3, 52))
    after(_E.AUTHENTICITY_PASSED, random.uniform(4, 60))
    after(_E.SECOND_REVIEW_PASSED, random.uniform(3, 44))
    after(_E.SUBMITTED_TO_BUREAU, 1)
    after(_E.SMS_RECEIVED, random.uniform(1, 40))
    after(_E.SMS_VERIFIED, random.lognormvariate(1.0, 0.9))
    days = max(1, round(random.lognormvariate(0, 0.35) * usual))
    local = at.astimezone(SHANGHAI)
    approved = working_days_after(local.date(), days)
    at = local.replace(year=approved.year, month=approved.month, day=approved.day)
    events.append((_E.BUREAU_APPROVED, at))
    return events
