"""Service levels: how soon people were answered and helped, in service time, against targets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from desk.statistics.figure import quantile
from desk.statistics.ports import Help
from filing.service_hours import ServiceHours


@dataclass(frozen=True, slots=True)
class Targets:
    """Until when somebody should be answered, and until when helped, in service time."""

    first_answer: timedelta
    resolution: timedelta


class Miss(StrEnum):
    """What was promised and not kept."""

    FIRST_ANSWER = "first_answer"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Judged:
    """One time of waiting, in service time. What has not happened yet counts until now."""

    help: Help
    first_answer: timedelta
    resolution: timedelta
    misses: tuple[Miss, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is still going on."""
        return self.help.closed_at is None


@dataclass(frozen=True, slots=True)
class Level:
    """What holds of some times of waiting. Medians are None where nothing is finished."""

    count: int
    answered_in_time: int
    closed_in_time: int
    median_answer: timedelta | None
    median_resolution: timedelta | None
    rating: float | None  # the mean, where somebody rated

    @property
    def answered_share(self) -> float:
        """The share answered in time."""
        return self.answered_in_time / self.count if self.count else 1.0

    @property
    def closed_share(self) -> float:
        """The share helped in time."""
        return self.closed_in_time / self.count if self.count else 1.0


def judged(
    helps: Iterable[Help], hours: ServiceHours, targets: Targets, now: datetime
) -> Sequence[Judged]:
    """Each time of waiting with what was not kept.

    Whoever gave up before anybody came was helped by nobody: that closed their wait, and it
    counts as answered late only if the target had passed by then.
    """
    found = []
    for one in helps:
        ends = one.closed_at or now
        answer = hours.open_between(one.waiting_since, one.answered_at or ends)
        resolution = hours.open_between(one.waiting_since, ends)
        misses = []
        if answer > targets.first_answer:
            misses.append(Miss.FIRST_ANSWER)
        if resolution > targets.resolution:
            misses.append(Miss.RESOLUTION)
        found.append(Judged(one, answer, resolution, tuple(misses)))
    return found


def level_of(times: Sequence[Judged]) -> Level:
    """What holds of all of these."""
    answers = [one.first_answer for one in times if one.help.answered_at is not None]
    resolutions = [one.resolution for one in times if not one.is_open]
    ratings = [one.help.rating for one in times if one.help.rating is not None]
    return Level(
        len(times),
        sum(Miss.FIRST_ANSWER not in one.misses for one in times),
        sum(Miss.RESOLUTION not in one.misses for one in times),
        _median(answers),
        _median(resolutions),
        sum(ratings) / len(ratings) if ratings else None,
    )


def breaches(times: Iterable[Judged], limit: int) -> Sequence[Judged]:
    """Times in which a promise was not kept, those still open first, then the newest."""
    broken = [one for one in times if one.misses]
    broken.sort(key=lambda one: one.help.waiting_since, reverse=True)
    broken.sort(key=lambda one: not one.is_open)
    return broken[:limit]


def _median(times: Sequence[timedelta]) -> timedelta | None:
    if not times:
        return None
    return timedelta(seconds=quantile(sorted(one.total_seconds() for one in times), 0.5))
