"""How late reminders come, and how soon a person answers: the share done within each time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from desk.charts import Cumulative, Mark, draw_cumulative
from desk.statistics.figure import Figure, Say, Table, quantile
from desk.statistics.ports import FEWEST, Help
from filing.service_hours import ServiceHours
from scheduler.ports import LATE

_SECOND: Final = timedelta(seconds=1)
_TICKS: Final = (1, 10, 60, 600, 3600, 6 * 3600, 24 * 3600)
_LONG_TICKS: Final = (60, 300, 900, 1800, 3600, 4 * 3600, 9 * 3600)
_SHARES: Final = (0.5, 0.9, 0.99)


def lag_figure(lags: Sequence[timedelta], say: Say) -> Figure:
    """Reminders: how long after their time they were delivered."""
    title = say("numbers.lag.title")
    if len(lags) < FEWEST:
        return Figure("lag", title, say("numbers.too_few", fewest=FEWEST), Table((), ()))
    late = sum(1 for one in lags if one > LATE)
    half, most = (_at(lags, share) for share in (0.5, 0.99))
    finding = say(
        "numbers.lag.finding",
        count=f"{len(lags):,}",
        half=span(half, say),
        most=span(most, say),
        late=f"{late:,}",
        limit=span(LATE, say),
    )
    drawing = Cumulative(
        title,
        finding,
        lags,
        _ticks(_TICKS, say),
        _marks(lags, (0.5, 0.99), say),
        Mark(LATE, say("numbers.lag.limit", limit=span(LATE, say))),
    )
    figure = Figure("lag", title, finding, _table(lags, _TICKS, say))
    return figure.drawn(lambda name, width: draw_cumulative(drawing, name, width))


def first_answer_figure(helps: Sequence[Help], hours: ServiceHours, say: Say) -> Figure:
    """People waiting for a person: service time until somebody's first words."""
    waits = [
        hours.open_between(one.waiting_since, one.answered_at)
        for one in helps
        if one.answered_at is not None
    ]
    title = say("numbers.first_answer.title")
    if len(waits) < FEWEST:
        return Figure("first_answer", title, say("numbers.too_few", fewest=FEWEST), Table((), ()))
    target = hours.first_answer
    kept = sum(1 for one in waits if one <= target)
    finding = say(
        "numbers.first_answer.finding",
        count=f"{len(waits):,}",
        share=f"{kept / len(waits):.0%}",
        target=span(target, say),
        half=span(_at(waits, 0.5), say),
        most=span(_at(waits, 0.9), say),
    )
    drawing = Cumulative(
        title,
        finding,
        waits,
        _ticks(_LONG_TICKS, say),
        _marks(waits, (0.5, 0.9), say),
        Mark(target, say("numbers.first_answer.target", target=span(target, say))),
    )
    figure = Figure(
        "first_answer",
        title,
        finding,
        _table(waits, _LONG_TICKS, say),
        note=say("numbers.first_answer.note"),
    )
    return figure.drawn(lambda name, width: draw_cumulative(drawing, name, width))


def span(length: timedelta, say: Say) -> str:
    """A length of time in the largest unit that keeps it readable: 8 s, 3.5 min, 2 h, 4 d."""
    seconds = length / _SECOND
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= (2 * size if unit == "days" else size):
            return say(f"numbers.span.{unit}", count=f"{round(seconds / size, 1):g}")
    return say("numbers.span.seconds", count=f"{round(seconds, 1):g}")


def _at(times: Sequence[timedelta], share: float) -> timedelta:
    return timedelta(seconds=quantile(sorted(one / _SECOND for one in times), share))


def _ticks(seconds: Sequence[int], say: Say) -> tuple[Mark, ...]:
    return tuple(Mark(timedelta(seconds=one), span(timedelta(seconds=one), say)) for one in seconds)


def _marks(times: Sequence[timedelta], shares: Sequence[float], say: Say) -> tuple[Mark, ...]:
    marks = []
    for share in shares:
        at = _at(times, share)
        words = say("numbers.lag.within", share=f"{share:.0%}", time=span(at, say))
        marks.append(Mark(at, words))
    return tuple(marks)


def _table(times: Sequence[timedelta], limits: Sequence[int], say: Say) -> Table:
    rows: list[tuple[str, int, str]] = []
    for limit in limits:
        within = timedelta(seconds=limit)
        count = sum(1 for one in times if one <= within)
        rows.append((f"≤ {span(within, say)}", count, f"{count / len(times):.1%}"))
    rows += [(f"P{share * 100:g}", len(times), span(_at(times, share), say)) for share in _SHARES]
    return Table(
        (say("numbers.lag.time"), say("numbers.lag.count"), say("numbers.lag.share")), tuple(rows)
    )
