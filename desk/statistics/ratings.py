"""How applicants rate the help of a person, from 5 down to 1."""

from collections import Counter
from collections.abc import Iterable

from desk.charts import Bar, Bars, draw_bars
from desk.statistics.figure import Figure, Say, Table
from desk.statistics.ports import FEWEST, Help


def rating_figure(helps: Iterable[Help], say: Say) -> Figure:
    """The distribution, best first."""
    title = say("numbers.ratings.title")
    counts = Counter(one.rating for one in helps if one.rating is not None)
    total = counts.total()
    if total < FEWEST:
        return Figure("ratings", title, say("numbers.too_few", fewest=FEWEST), Table((), ()))
    marks = range(5, 0, -1)
    mean = sum(mark * counts[mark] for mark in marks) / total
    good = sum(counts[mark] for mark in (4, 5)) / total
    finding = say(
        "numbers.ratings.finding", total=f"{total:,}", mean=f"{mean:.1f}", good=f"{good:.0%}"
    )
    bars = [Bar(say("numbers.ratings.mark", mark=mark), counts[mark]) for mark in marks]
    drawing = Bars(title, finding, bars)
    table = Table(
        (say("numbers.ratings.rating"), say("numbers.ratings.count")),
        tuple((mark, counts[mark]) for mark in marks),
    )
    figure = Figure("ratings", title, finding, table)
    return figure.drawn(lambda name, width: draw_bars(drawing, name, width))
