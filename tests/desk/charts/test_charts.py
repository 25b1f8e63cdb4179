"""Charts as a browser, a printer, a screen reader and a stranger's text meet them."""

from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from desk.charts import (
    Bar,
    Bars,
    Column,
    Cumulative,
    Funnel,
    FunnelStep,
    Heat,
    Mark,
    Range,
    Ranges,
    Shares,
    draw_bars,
    draw_cumulative,
    draw_funnel,
    draw_heat,
    draw_ranges,
    draw_shares,
)
from desk.charts.scale import Scale, nice_ticks
from desk.charts.svg import NARROW, WIDE, fitted, words_width

SVG = "{http://www.w3.org/2000/svg}"
Draw = Callable[[str, float], Markup]


def funnel(words: str = "证件号码") -> Draw:
    steps = [FunnelStep("开始", "同意", 97, 3), FunnelStep("主体", words, 80, 12, 5)]
    chart = Funnel("哪里停下", "证件号码最多", steps, "已回答", "停下", "还在填")
    return lambda name, width: draw_funnel(chart, name, width)


def ranges(words: str = "江苏") -> Draw:
    groups = [
        Range(words, 6, 13, 25, 9, (1, 20)),
        Range("浙江", 4, 6, 9, 17, (1, 20)),
        Range("陕西", 2, 3, 4, 8),
    ]
    chart = Ranges("多久", "江苏最慢", groups, "工作日", "规定", "一成到九成", "一半")
    return lambda name, width: draw_ranges(chart, name, width)


def cumulative(words: str = "一半") -> Draw:
    times = [timedelta(seconds=one) for one in (1, 2, 3, 400)]
    ticks = [Mark(timedelta(seconds=one), f"{one} 秒") for one in (1, 10, 60, 600)]
    marks = [Mark(timedelta(seconds=2), words)]
    chart = Cumulative("准时", "多数准时", times, ticks, marks, Mark(timedelta(minutes=5), "晚"))
    return lambda name, width: draw_cumulative(chart, name, width)


def heat(words: str = "周一") -> Draw:
    values = [[float(day * hour) for hour in range(24)] for day in range(7)]
    days = [words, "周二", "周三", "周四", "周五", "周六", "周日"]
    chart = Heat("何时忙", "周日晚上", days, values)
    return lambda name, width: draw_heat(chart, name, width)


def shares(words: str = "已回答") -> Draw:
    columns = [Column("11-16", (70, 10, 15, 5)), Column("11-23", (98, 1, 1, 0))]
    chart = Shares("答复", "越来越好", (words, "选", "不知", "人工"), columns)
    return lambda name, width: draw_shares(chart, name, width)


def bars(words: str = "5 分") -> Draw:
    chart = Bars("评分", "多数满意", [Bar(words, 12), Bar("1 分", 0)])
    return lambda name, width: draw_bars(chart, name, width)


ALL = pytest.mark.parametrize("chart", [funnel, ranges, cumulative, heat, shares, bars])
SIZES = pytest.mark.parametrize("width", [WIDE, NARROW])


def words_of(svg: ET.Element) -> list[str]:
    return [one.text or one[0].tail or "" for one in svg.iter(f"{SVG}text")]


@ALL
@SIZES
def test_a_chart_is_a_picture_with_a_name_and_a_summary(
    chart: Callable[..., Draw], width: float
) -> None:
    svg = ET.fromstring(chart()("one", width))
    assert svg.get("role") == "img"
    named = (svg.get("aria-labelledby") or "").split()
    told = {one.get("id"): one.text for one in svg if one.get("id")}
    assert all(told[name] for name in named)
    assert len(named) == 2


@ALL
@SIZES
def test_nothing_runs_and_nothing_is_styled_inline(
    chart: Callable[..., Draw], width: float
) -> None:
    for one in ET.fromstring(chart()("one", width)).iter():
        assert one.tag not in (f"{SVG}script", f"{SVG}style", f"{SVG}foreignObject", f"{SVG}a")
        assert not {name for name in one.attrib if name == "style" or name.startswith("on")}


@ALL
def test_what_a_stranger_wrote_stays_text(chart: Callable[..., Draw]) -> None:
    nasty = '"><script>alert(1)</script>{0}'
    svg = ET.fromstring(chart(nasty)("one", WIDE))
    assert svg.find(f".//{SVG}script") is None
    assert any("script" in words for words in words_of(svg))


@ALL
@SIZES
def test_no_words_stick_out(chart: Callable[..., Draw], width: float) -> None:
    for one in ET.fromstring(chart()("one", width)).iter(f"{SVG}text"):
        words = one.text or ""
        long = words_width(words, float(one.get("font-size", "13")))
        x = float(one.get("x", "0"))
        start = {"start": x, "middle": x - long / 2, "end": x - long}[one.get("text-anchor", "")]
        assert start >= -1, words
        assert start + long <= width + 1, words


@ALL
def test_two_drawings_in_one_page_do_not_share_an_id(chart: Callable[..., Draw]) -> None:
    def ids(svg: ET.Element) -> set[str]:
        return {found for one in svg.iter() if (found := one.get("id"))}

    wide, narrow = (ET.fromstring(chart()(name, WIDE)) for name in ("wide", "narrow"))
    assert ids(wide).isdisjoint(ids(narrow))


def test_the_worst_loss_of_a_funnel_is_pointed_at() -> None:
    svg = ET.fromstring(funnel()("one", WIDE))
    loud = [one.text for one in svg.iter(f"{SVG}text") if one.get("class") == "c-alarm"]
    assert loud == ["−3 · 3.0%", "−12 · 12.4%"]


def test_a_range_beyond_what_is_allowed_is_pointed_at() -> None:
    svg = ET.fromstring(ranges()("one", WIDE))
    loud = [one.text for one in svg.iter(f"{SVG}text") if one.get("class") == "c-alarm"]
    assert loud == ["13 (6–25)"]


def test_equal_limits_of_neighbours_are_one_line() -> None:
    svg = ET.fromstring(ranges()("one", WIDE))
    limits = [one for one in svg.iter(f"{SVG}line") if one.get("class") == "c-limit"]
    assert len(limits) == 2  # in the plot and in the legend


@pytest.mark.parametrize("draw", [draw_funnel, draw_ranges, draw_heat, draw_shares, draw_bars])
def test_an_empty_chart_is_still_a_picture(draw: Callable[..., Markup]) -> None:
    empty = {
        draw_funnel: Funnel("a", "b", [], "c", "d", "e"),
        draw_ranges: Ranges("a", "b", [], "c", "d", "e", "f"),
        draw_heat: Heat("a", "b", ["周一"], [[0.0] * 24]),
        draw_shares: Shares("a", "b", ["c"], []),
        draw_bars: Bars("a", "b", []),
    }[draw]
    assert ET.fromstring(draw(empty, "one")).get("role") == "img"


@given(st.floats(min_value=0, max_value=1e7), st.integers(min_value=2, max_value=10))
def test_ticks_are_round_even_and_cover_what_there_is(high: float, about: int) -> None:
    ticks = nice_ticks(high, about)
    step = ticks[1] - ticks[0]
    assert ticks[0] == 0
    assert ticks[-1] >= high - 1e-6
    assert step >= 1
    assert f"{step:.0e}"[0] in "125"
    assert len(ticks) <= about + 2
    assert all(tick == pytest.approx(step * number) for number, tick in enumerate(ticks))


@given(st.floats(min_value=-10, max_value=2e6), st.booleans())
def test_a_value_never_lies_off_the_axis(value: float, logarithmic: bool) -> None:
    scale = Scale(1, 1e6, 40, 700, logarithmic)
    assert 40 <= scale(value) <= 700.0001


@given(st.text(max_size=60), st.floats(min_value=0, max_value=300))
def test_a_fitted_text_fits_or_is_an_ellipsis(words: str, room: float) -> None:
    short = fitted(words, room)
    assert short in (words, "…") or words_width(short) <= room
    assert words_width(words) <= room or short.endswith("…")
