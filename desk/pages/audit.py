"""The audit trail: filtered, leafed through, exported."""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response, StreamingResponse

from desk.audit import Entry, Wanted, everything
from desk.deeds import Deed
from desk.permissions import Action
from desk.visits import Visit, may
from dialogs.world import SHANGHAI

router = APIRouter()
Reader = Annotated[Visit, may(Action.READ_AUDIT)]

Writer = Callable[[AsyncIterator[Entry]], AsyncIterator[str]]

_A_PAGE: Final = 50
_COMPUTED: Final = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS: Final = ("n", "at", "agent", "action", "object", "detail", "mac")


class Filter:
    """The form's fields, as they stand in the address."""

    def __init__(
        self,
        agent: Annotated[str, Query(max_length=200)] = "",
        action: Annotated[Deed | Literal[""], Query()] = "",
        object: Annotated[str, Query(max_length=200)] = "",  # noqa: A002 - the field's name
        since: Annotated[date | Literal[""], Query()] = "",
        until: Annotated[date | Literal[""], Query()] = "",
    ) -> None:
        self.fields = {
            "agent": agent.strip(),
            "action": str(action),
            "object": object.strip(),
            "since": str(since),
            "until": str(until),
        }
        self.wanted = Wanted(
            agent=agent.strip() or None,
            action=str(action) or None,
            object=object.strip() or None,
            since=_midnight(since) if isinstance(since, date) else None,
            until=_midnight(until, 1) if isinstance(until, date) else None,
        )

    def query(self, **more: int) -> str:
        """The fields that are filled in, for an address."""
        given = {key: value for key, value in self.fields.items() if value}
        return urlencode({**given, **more})


Filtered = Annotated[Filter, Depends(Filter)]


@router.get("/audit")
async def show(
    visit: Reader, filtered: Filtered, before: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    """The entries, newest first."""
    entries = await visit.parts.audit.entries(filtered.wanted, before=before, limit=_A_PAGE + 1)
    older = filtered.query(before=entries[_A_PAGE - 1].n) if len(entries) > _A_PAGE else None
    return visit.page(
        "audit.html",
        entries=entries[:_A_PAGE],
        older=older,
        fields=filtered.fields,
        export=filtered.query(),
        deeds=list(Deed),
        agents=await visit.parts.agents.everyone(),
    )


@router.get("/audit.csv")
async def as_csv(visit: Reader, filtered: Filtered) -> Response:
    """The entries as a table for spreadsheets."""
    return await _export(visit, filtered, "csv", "text/csv; charset=utf-8", _csv)


@router.get("/audit.jsonl")
async def as_jsonl(visit: Reader, filtered: Filtered) -> Response:
    """The entries as JSON, one a line."""
    return await _export(visit, filtered, "jsonl", "application/jsonl", _jsonl)


async def _export(
    visit: Visit,
    filtered: Filter,
    ending: str,
    media_type: str,
    write: Writer,
) -> Response:
    await visit.record(Deed.AUDIT_EXPORTED, "", format=ending, filter=filtered.query())
    name = f"audit-{visit.now:%Y%m%d-%H%M%S}.{ending}"
    return StreamingResponse(
        write(everything(visit.parts.audit, filtered.wanted)),
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _csv(entries: AsyncIterator[Entry]) -> AsyncIterator[str]:
    yield "\ufeff" + _row(_COLUMNS)  # the mark lets Excel read UTF-8
    async for entry in entries:
        yield _row(tuple(map(str, entry.as_data().values())))


async def _jsonl(entries: AsyncIterator[Entry]) -> AsyncIterator[str]:
    async for entry in entries:
        yield json.dumps(entry.as_data(), ensure_ascii=False) + "\n"


def _row(cells: tuple[str, ...]) -> str:
    """A line of CSV; a cell a spreadsheet would compute is quoted as text."""
    harmless = [
        f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in cells
    ]
    line = io.StringIO()
    csv.writer(line).writerow(harmless)
    return line.getvalue()


def _midnight(day: date, later: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=later), time(), SHANGHAI)
