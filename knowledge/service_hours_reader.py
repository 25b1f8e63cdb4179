"""Reading a provider's ``[service_hours]``, every mistake noted with its line and its cure."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from filing.service_hours import SHANGHAI, ServiceHours, Span, Spans
from knowledge.errors import Problem
from knowledge.toml_file import TomlFile
from knowledge.toml_reader import TableReader

_TABLE: Final = "service_hours"
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ENTRIES: Final = ("time_zone", *_WEEKDAYS, "holidays", "make_up_days", "first_answer_minutes")
_ALL_WEEK: Final = ((Span.parse("00:00-24:00"),),) * 7


def read_service_hours(file: TomlFile, problems: list[Problem]) -> ServiceHours:
    """The hours of service; with mistakes, noted in ``problems``, hours nobody should rely on."""
    table = file.data.get(_TABLE)
    if not isinstance(table, Mapping):
        cure = "add it as in the shipped providers/qingcloud.toml"
        problems.append(Problem(file.name, 0, "[service_hours] is missing", cure))
        return ServiceHours(_ALL_WEEK)
    reader = TableReader(file, problems, _TABLE, table)
    reader.refuse_others(*_ENTRIES, "outside", "dates")
    week = tuple(_spans(reader, weekday) for weekday in _WEEKDAYS)
    if not any(week):
        if not any(table.get(weekday) for weekday in _WEEKDAYS):
            reader.wrong(_WEEKDAYS[0], "and all other days are empty, so nobody is ever there")
        week = _ALL_WEEK
    minutes = reader.number("first_answer_minutes")
    if table.get("first_answer_minutes") == 0:
        reader.wrong("first_answer_minutes", "must be 1 or more")
    return ServiceHours(
        week=(week[0], week[1], week[2], week[3], week[4], week[5], week[6]),
        holidays=_spans(reader, "holidays"),
        make_up_days=_spans(reader, "make_up_days"),
        dates=_dates(file, problems, table.get("dates", {})),
        zone=_zone(reader),
        first_answer=timedelta(minutes=minutes),
        outside=reader.by_locale("outside") if "outside" in table else {},
    )


def _spans(reader: TableReader, entry: str) -> Spans:
    spans: list[Span] = []
    for text in reader.texts(entry):
        try:
            spans.append(Span.parse(text))
        except ValueError as error:
            reader.wrong(entry, f"holds a span that cannot be: {error}")
    spans.sort()
    for before, after in pairwise(spans):
        if after.opens < before.closes:
            reader.wrong(entry, f"has spans that overlap: {before} and {after}")
    return tuple(spans)


def _dates(file: TomlFile, problems: list[Problem], table: Any) -> dict[date, Spans]:
    found: dict[date, Spans] = {}
    reader = TableReader(file, problems, f"{_TABLE}.dates", table)
    for entry in table:
        try:
            found[date.fromisoformat(entry)] = _spans(reader, entry)
        except ValueError:
            reader.wrong(entry, "is not a date such as 2026-12-31")
    return found


def _zone(reader: TableReader) -> ZoneInfo:
    name = reader.text("time_zone")
    try:
        return ZoneInfo(name) if name else SHANGHAI
    except (ZoneInfoNotFoundError, ValueError):
        reader.wrong("time_zone", f"is {name!r}, which is no time zone such as 'Asia/Shanghai'")
        return SHANGHAI
