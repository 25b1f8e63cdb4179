"""Reading conversations again: what there is to read, how it is shown, and what came of it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from desk.ports import ClaimStore
from desk.quality.checklist import BEST, Item
from desk.quality.ports import Review, Reviews
from desk.quality.sampling import Sample, sample
from desk.statistics.period import Period, monday_of
from desk.statistics.ports import Help, Statistics
from dialogs.answers.base import Context
from dialogs.assistant import Assistant
from dialogs.case import Case, staff_name
from dialogs.flow import Flow
from dialogs.ports import Entry, Transcript
from dialogs.standing import standing
from dialogs.understanding.masking import masked
from dialogs.world import SHANGHAI, day_of

WEEKS: Final = 12
"""How far back results are shown."""

_LINES: Final = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One masked line. ``who`` is applicant, assistant, or a colleague's name."""

    at: datetime
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class ToRead:
    """A conversation of a week to be read, with its review if it has one."""

    sample: Sample
    agent: str | None  # id of who helped first
    review: Review | None


@dataclass(frozen=True, slots=True)
class Result:
    """What reviews found in a week: the share of points reached, by item and over all."""

    week: date
    count: int
    overall: float
    by_item: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Quality:
    """The use cases behind the pages."""

    reviews: Reviews
    statistics: Statistics
    items: tuple[Item, ...]
    assistant: Assistant
    claims: ClaimStore
    transcript: Transcript
    clock: Callable[[], datetime]

    def week(self, text: str) -> date:
        """The Monday named, or by default that of the week before this one."""
        this = monday_of(day_of(self.clock()))
        try:
            wanted = monday_of(date.fromisoformat(text))
        except ValueError:
            return this - timedelta(days=7)
        return min(max(wanted, this - timedelta(weeks=WEEKS)), this)

    async def to_read(self, week: date) -> Sequence[ToRead]:
        """The conversations of a week to read, those with most reasons first."""
        period = _period(week)
        picked = sample(week, await self.reviews.talked(period), await self.reviews.flagged(period))
        helped = _first_helper(await self.statistics.helps(period))
        done = {one.conversation: one for one in await self.reviews.since(week) if one.week == week}
        return [
            ToRead(one, helped.get(one.conversation), done.get(one.conversation)) for one in picked
        ]

    async def lines(self, conversation: str, week: date) -> Sequence[Line] | None:
        """What was said in a week, without what tells who wrote it; None if it is gone."""
        found = await self.claims.find(conversation)
        if found is None:
            return None
        period = _period(week)
        entries = [
            one
            for one in await self.transcript.latest(found.identity, 2000)
            if period.since <= one.at < period.until
        ]
        case = await self.assistant.case_anew(found.identity)
        return await asyncio.to_thread(self._masked, case, entries[-_LINES:])

    async def helper(self, conversation: str, week: date) -> str | None:
        """Who helped first in that week."""
        return _first_helper(await self.statistics.helps(_period(week))).get(conversation)

    async def results(self, agent: str | None = None) -> Sequence[Result]:
        """What reviews found week by week, the oldest first; with ``agent`` of their help alone."""
        start = monday_of(day_of(self.clock())) - timedelta(weeks=WEEKS)
        by_week: defaultdict[date, list[Review]] = defaultdict(list)
        for one in await self.reviews.since(start, agent=agent):
            by_week[one.week].append(one)
        return [_result(week, found, self.items) for week, found in sorted(by_week.items())]

    def _masked(self, case: Case, entries: Sequence[Entry]) -> Sequence[Line]:
        world = self.assistant.world
        filing = case.filing
        flow = world.flows[filing.flow if filing is not None else world.first_flow]
        values = standing(case, self.clock(), world).journey.values
        context = Context(day_of(self.clock()), values, case.locale)
        return [
            Line(
                one.at,
                "applicant" if one.said is None else staff_name(one.author) or "assistant",
                _hidden(
                    (one.said.text if one.said is not None else one.heard) or "", flow, context
                ),
            )
            for one in entries
            if not one.is_withdrawn
        ]


def _hidden(text: str, flow: Flow, context: Context) -> str:
    """Line by line: only so much of one is kept, and a long answer has many."""
    return "\n".join(
        masked(line, flow, context) if line.strip() else "" for line in text.split("\n")
    )


def _result(week: date, reviews: Sequence[Review], items: Iterable[Item]) -> Result:
    by_item = {
        item.key: sum(points) / (BEST * len(points))
        for item in items
        if (points := [one.scores[item.key] for one in reviews if item.key in one.scores])
    }
    scored = [points for one in reviews for points in one.scores.values()]
    overall = sum(scored) / (BEST * len(scored)) if scored else 0.0
    return Result(week, len(reviews), overall, by_item)


def _first_helper(helps: Iterable[Help]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for one in helps:
        if one.agent is not None:
            found.setdefault(one.conversation, one.agent)
    return found


def _period(week: date) -> Period:
    begins = datetime.combine(week, time(), SHANGHAI).astimezone(UTC)
    return Period(begins, begins + timedelta(days=7))
