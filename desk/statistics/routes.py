"""What became of questions, week by week: answered, asked back, not known, handed to a person."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from desk.charts import Column, Shares, draw_shares
from desk.statistics.figure import Figure, Say, Table
from desk.statistics.period import Period, weeks_in
from desk.statistics.ports import FEWEST

ROUTES: Final = ("answer", "clarify", "fallback", "handover")
"""Every way a question may go, from below in the drawing."""

_MOST_WEEKS: Final = 26  # in one drawing; the table has all


def route_figure(counts: Mapping[tuple[date, str], int], period: Period, say: Say) -> Figure:
    """The shares of each week that had questions."""
    title = say("numbers.routes.title")
    weeks = [
        (monday, [counts.get((monday, route), 0) for route in ROUTES])
        for monday in weeks_in(period)
    ]
    weeks = [(monday, found) for monday, found in weeks if sum(found) >= FEWEST]
    if not weeks:
        return Figure("routes", title, say("numbers.too_few", fewest=FEWEST), Table((), ()))
    names = tuple(say(f"numbers.routes.{route}") for route in ROUTES)
    whole = [sum(found[part] for _, found in weeks) for part in range(len(ROUTES))]
    total = sum(whole)
    finding = say(
        "numbers.routes.finding",
        total=f"{total:,}",
        **{route: f"{count / total:.0%}" for route, count in zip(ROUTES, whole, strict=True)},
    )
    columns = [Column(f"{monday:%m-%d}", found) for monday, found in weeks[-_MOST_WEEKS:]]
    drawing = Shares(title, finding, names, columns)
    table = Table(
        (say("numbers.routes.week"), say("numbers.routes.questions"), *names),
        tuple((monday.isoformat(), sum(found), *found) for monday, found in weeks),
    )
    figure = Figure("routes", title, finding, table, note=say("numbers.routes.note"))
    return figure.drawn(lambda name, width: draw_shares(drawing, name, width))
