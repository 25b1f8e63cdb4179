"""When people write: messages by weekday and hour in China, beside when somebody is there."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from desk.charts import Heat, draw_heat
from desk.charts.heat import HOURS
from desk.statistics.figure import Figure, Say, Table
from desk.statistics.period import Period
from desk.statistics.ports import FEWEST
from dialogs.world import SHANGHAI, day_of
from filing.service_hours import ServiceHours

_DAYS = 7


def load_figure(
    heard: Mapping[datetime, int], period: Period, hours: ServiceHours, say: Say
) -> Figure:
    """The average number of messages in each hour of the week; the current day counts so far."""
    title = say("numbers.load.title")
    if sum(heard.values()) < FEWEST:
        return Figure("load", title, say("numbers.too_few", fewest=FEWEST), Table((), ()))
    totals = [[0] * HOURS for _ in range(_DAYS)]
    for hour, count in heard.items():
        local = hour.astimezone(SHANGHAI)
        totals[local.weekday()][local.hour] += count
    times = _weekdays(period, min(heard))
    values = [[total / times[day] for total in row] for day, row in enumerate(totals)]
    days = tuple(say(f"numbers.day.{number}") for number in range(_DAYS))
    busiest = max(
        ((day, hour) for day in range(_DAYS) for hour in range(HOURS)),
        key=lambda at: values[at[0]][at[1]],
    )
    manned = _manned(hours, period)
    all_heard = sum(map(sum, totals))
    outside = sum(
        totals[day][hour] for day in range(_DAYS) for hour in range(HOURS) if not manned[day][hour]
    )
    finding = say(
        "numbers.load.finding",
        day=days[busiest[0]],
        hour=busiest[1],
        count=f"{values[busiest[0]][busiest[1]]:.0f}",
        outside=f"{outside / all_heard:.0%}",
    )
    drawing = Heat(title, finding, days, values, manned, say("numbers.load.manned"))
    table = Table(
        (say("numbers.load.hour"), *days),
        tuple(
            (f"{hour}:00", *(round(values[day][hour], 1) for day in range(_DAYS)))
            for hour in range(HOURS)
        ),
    )
    figure = Figure("load", title, finding, table, note=say("numbers.load.note"))
    return figure.drawn(lambda name, width: draw_heat(drawing, name, width))


def _weekdays(period: Period, first: datetime) -> tuple[int, ...]:
    """How often each weekday came since the first message; at least once."""
    day, end = day_of(max(period.since, first)), day_of(period.until)
    counts = [0] * _DAYS
    while day < end:
        counts[day.weekday()] += 1
        day += timedelta(days=1)
    return tuple(max(count, 1) for count in counts)


def _manned(hours: ServiceHours, period: Period) -> tuple[tuple[bool, ...], ...]:
    """Whether somebody is there for most of each hour of an ordinary week."""
    return tuple(
        tuple(
            sum(
                max(0, min(one.closes, (hour + 1) * 60) - max(one.opens, hour * 60))
                for one in hours.week[day]
            )
            >= 30
            for hour in range(HOURS)
        )
        for day in range(_DAYS)
    )
