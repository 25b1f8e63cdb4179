"""How long each part of the way takes, by province, against what law and provider say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

from desk.charts import Range, Ranges, draw_ranges
from desk.statistics.figure import Figure, Say, Table, quantile
from desk.statistics.period import Period
from desk.statistics.ports import FEWEST, History
from dialogs.world import World, day_of
from filing.event import EventType
from filing.workdays import is_working_day

_E: Final = EventType
_HOUR: Final = timedelta(hours=1)

Allowed = Mapping[str, tuple[float, float] | None]
"""What is allowed in each province; None where nothing is said."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of the way. It runs from the last of ``starts`` that happened to ``ends``.

    ``rule`` holds what is allowed, or ``provider`` a range of the provider's profile.
    """

    key: str
    starts: frozenset[EventType]
    ends: EventType
    unit: Literal["working_days", "hours"] = "working_days"
    rule: str | None = None
    provider: str | None = None
    from_first: bool = False  # runs from the first of ``starts``, over returns as well


PASSAGES: Final = (
    Passage(
        "bureau_review",
        frozenset({_E.SMS_VERIFIED}),
        _E.BUREAU_APPROVED,
        rule="bureau_review_working_days",
    ),
    Passage(
        "first_review",
        frozenset({_E.SUBMITTED_FOR_FIRST_REVIEW}),
        _E.FIRST_REVIEW_PASSED,
        provider="first_review_working_days",
    ),
    Passage(
        "second_review",
        frozenset({_E.MATERIALS_SUBMITTED, _E.AUTHENTICITY_PASSED}),
        _E.SECOND_REVIEW_PASSED,
        provider="second_review_working_days",
    ),
    Passage(
        "sms_verification",
        frozenset({_E.SMS_RECEIVED}),
        _E.SMS_VERIFIED,
        unit="hours",
        rule="sms_window_hours",
    ),
    Passage(
        "whole",
        frozenset({_E.SUBMITTED_FOR_FIRST_REVIEW}),
        _E.BUREAU_APPROVED,
        from_first=True,
    ),
)
"""The parts that can be looked at, the one most asked for first."""


def times_of(passage: Passage, history: History, period: Period) -> Iterator[float]:
    """How long the passage took each time it ended in the period, in its unit.

    A return or a withdrawal ends an attempt: what ran then runs no more.
    """
    began: datetime | None = None
    for kind, at in history.events:
        if kind in passage.starts:
            began = began if passage.from_first and began is not None else at
        elif kind is passage.ends and began is not None:
            if period.since <= at < period.until:
                yield _length(passage, began, at)
            began = None
        elif kind is _E.WITHDRAWN or (kind is _E.RETURNED and not passage.from_first):
            began = None


def working_days_between(start: date, end: date) -> int:
    """Working days after ``start`` up to and including ``end``."""
    days = range(1, (end - start).days + 1)
    return sum(_works(start + timedelta(days=number)) for number in days)


def duration_figure(
    passage: Passage,
    histories: Sequence[History],
    provinces: Mapping[str, str],
    period: Period,
    allowed: Allowed,
    say: Say,
) -> Figure:
    """The ranges of one passage by province; small groups are left out.

    ``provinces`` are those of the filings, by id, as the reader calls them.
    """
    groups: dict[str, list[float]] = {}
    for history in histories:
        if (province := provinces.get(history.filing)) is not None:
            groups.setdefault(province, []).extend(times_of(passage, history, period))
    shown = [
        Range(
            province,
            quantile(times, 0.1),
            quantile(times, 0.5),
            quantile(times, 0.9),
            len(times),
            allowed.get(province),
        )
        for province, unordered in groups.items()
        if len(times := sorted(unordered)) >= FEWEST
    ]
    shown.sort(key=lambda one: (-one.p50, -one.p90, one.label))
    part = say(f"numbers.durations.{passage.key}")
    title = say("numbers.durations.title", part=part)
    if not shown:
        return Figure("durations", title, say("numbers.too_few", fewest=FEWEST), Table((), ()))
    unit = say(f"numbers.durations.{passage.unit}")
    late = [one.label for one in shown if one.allowed is not None and one.p90 > one.allowed[1]]
    slowest, fastest = shown[0], shown[-1]
    finding = say(
        "numbers.durations.finding",
        slowest=slowest.label,
        most=f"{slowest.p50:g}",
        fastest=fastest.label,
        least=f"{fastest.p50:g}",
        unit=unit,
    )
    if late:
        finding += say("numbers.durations.late", provinces=say("numbers.comma").join(late))
    drawing = Ranges(
        title,
        finding,
        shown,
        say(f"numbers.durations.axis_{passage.unit}"),
        say("numbers.durations.allowed"),
        say("numbers.durations.most"),
        say("numbers.durations.middle"),
    )
    figure = Figure(
        "durations",
        title,
        finding,
        Table(
            (
                say("numbers.durations.province"),
                "n",
                f"P10 ({unit})",
                f"P50 ({unit})",
                f"P90 ({unit})",
                f"{say('numbers.durations.allowed')} ({unit})",
            ),
            tuple(
                (one.label, one.count, one.p10, one.p50, one.p90, _span(one.allowed))
                for one in shown
            ),
        ),
        note=say("numbers.durations.note", fewest=FEWEST),
    )
    return figure.drawn(lambda name, width: draw_ranges(drawing, name, width))


def allowed_in(passage: Passage, provinces: Iterable[str], on: date, world: World) -> Allowed:
    """What the rules or the provider allow in each province on a day, as a range."""
    if passage.provider is not None:
        low, high = getattr(world.provider, passage.provider)
        return {one: (float(low), float(high)) for one in provinces}
    if passage.rule is None:
        return {}
    found: dict[str, tuple[float, float] | None] = {}
    for province in provinces:
        version = world.rulebook.find(passage.rule, on, province=province)
        found[province] = None if version is None else _range(version.value)
    return found


def _range(value: object) -> tuple[float, float] | None:
    """A rule's value as a range: a lone number is what it must not exceed."""
    if isinstance(value, Mapping):
        return float(value["min"]), float(value["max"])
    return (0.0, float(value)) if isinstance(value, int | float) else None


def _length(passage: Passage, began: datetime, ended: datetime) -> float:
    if passage.unit == "hours":
        return round((ended - began) / _HOUR, 1)
    return working_days_between(day_of(began), day_of(ended))


def _span(allowed: tuple[float, float] | None) -> str | None:
    return None if allowed is None else f"{allowed[0]:g}–{allowed[1]:g}"


@lru_cache(maxsize=4096)
def _works(day: date) -> bool:
    return is_working_day(day)
