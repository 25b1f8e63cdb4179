"""Charts as plain SVG: typed series in, text out; no script, no inline style, no page.

Geometry stands in presentation attributes, colours in classes (``desk/static/charts.css``), so
that one drawing serves light, dark and print. What colour tells, a pattern or a label tells too.
"""

from desk.charts.bars import Bar, Bars, draw_bars
from desk.charts.cumulative import Cumulative, Mark, draw_cumulative
from desk.charts.funnel import Funnel, FunnelStep, draw_funnel
from desk.charts.heat import Heat, draw_heat
from desk.charts.ranges import Range, Ranges, draw_ranges
from desk.charts.shares import Column, Shares, draw_shares

__all__ = [
    "Bar",
    "Bars",
    "Column",
    "Cumulative",
    "Funnel",
    "FunnelStep",
    "Heat",
    "Mark",
    "Range",
    "Ranges",
    "Shares",
    "draw_bars",
    "draw_cumulative",
    "draw_funnel",
    "draw_heat",
    "draw_ranges",
    "draw_shares",
]
