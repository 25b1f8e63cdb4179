"""How applicants rate the help of a person, from 5 down to 1."""

from collections.abc import Mapping

from desk.charts import Bar, Bars, draw_bars
from desk.statistics.figure import Figure, Say, Table
from desk.statistics.ports import FEWEST


def rating_figure(counts: Mapping[int, int], say: Say) -> Figure:
    """The distribution, best first."""
    title = say("numbers.ratings.title")
    total = sum(counts.values())
    if total < FEWEST:
        return Figure("ratings", title, say("numbers.too_few", fewest=FEWEST), Table((), ()))
    marks = range(5, 0, -1)
    mean = sum(mark * counts.get(mark, 0) for mark in marks) / total
    good = sum(counts.get(mark, 0) for mark in (4, 5)) / total
    finding = say(
        "numbers.ratings.finding", total=f"{total:,}", mean=f"{mean:.1f}", good=f"{good:.0%}"
    )
    bars = [Bar(say("numbers.ratings.mark", mark=mark), counts.get(mark, 0)) for mark in marks]
    drawing = Bars(title, finding, bars)
    table = Table(
        (say("numbers.ratings.rating"), say("numbers.ratings.count")),
        tuple((mark, counts.get(mark, 0)) for mark in marks),
    )
    figure = Figure("ratings", title, finding, table)
    return figure.drawn(lambda name, width: draw_bars(drawing, name, width))
