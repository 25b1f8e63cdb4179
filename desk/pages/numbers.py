"""The figures: charts over a period, and the numbers behind each as a file."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from desk.permissions import Action
from desk.refusals import Refusal
from desk.statistics.durations import PASSAGES, Passage
from desk.statistics.numbers import KEYS
from desk.statistics.period import LENGTHS, last_days
from desk.statistics.ports import FEWEST
from desk.visits import Visit, may

router = APIRouter()

_PARTS = {one.key: one for one in PASSAGES}


@router.get("/numbers")
async def show(
    visit: Annotated[Visit, may(Action.SEE_NUMBERS)],
    days: Annotated[str, Query(max_length=8)] = "",
    part: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """All figures of a period."""
    period, passage = last_days(_whole(days), visit.now), _passage(part)
    numbers = visit.parts.numbers
    figures = [await numbers.figure(key, period, visit.say, visit.locale, passage) for key in KEYS]
    return visit.page(
        "numbers.html",
        figures=figures,
        days=period.days,
        lengths=LENGTHS,
        passage=passage.key,
        passages=[one.key for one in PASSAGES],
        fewest=FEWEST,
        counted_at=numbers.counted_at(period),
    )


@router.get("/numbers/{key}.csv")
async def download(
    visit: Annotated[Visit, may(Action.SEE_NUMBERS)],
    key: Annotated[str, Path(max_length=40)],
    days: Annotated[str, Query(max_length=8)] = "",
    part: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The numbers behind one figure."""
    if key not in KEYS:
        raise Refusal(404, "not_found")
    period, passage = last_days(_whole(days), visit.now), _passage(part)
    figure = await visit.parts.numbers.figure(key, period, visit.say, visit.locale, passage)
    name = f"{key}-{passage.key}" if key == "durations" else key
    return Response(
        figure.table.csv(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{period.days}d.csv"'},
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None


def _passage(key: str) -> Passage:
    return _PARTS.get(key, PASSAGES[0])
