"""From when on a conversation is at risk or stuck: the operator's numbers, read from a file."""

from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from knowledge.errors import BrokenContent, Problem
from knowledge.toml_file import read_toml
from knowledge.toml_reader import TableReader

_FILE = "limits.toml"
_NAME = f"desk/{_FILE}"


@dataclass(frozen=True, slots=True)
class Limits:
    """When staff look at a conversation although nobody asked for a person."""

    risk: timedelta  # a deadline is at risk in its last stretch of this length
    urgent: timedelta  # and calls for somebody at once in its last hours
    overdue: timedelta  # a missed one is shown for so long
    failures: int  # wrong answers in a row at one question
    silent: timedelta  # an unfinished form in which nothing moved for so long
    given_up: timedelta  # and is taken for given up after this
    capacity: int = 6  # conversations one colleague can look after at once
    resolution: timedelta = timedelta(hours=8)  # of service time: until then somebody is helped


def load_limits(content: Path | None = None) -> Limits:
    """The operator's file ``desk/limits.toml``, or the shipped one. Raises BrokenContent."""
    own = content / "desk" / _FILE if content is not None else None
    place = own if own is not None and own.is_file() else files("desk") / _FILE
    file = read_toml(place, _NAME)
    problems: list[Problem] = []
    read = {
        name: TableReader(file, problems, name, file.data.get(name, {}))
        for name in ("risk", "stuck", "team")
    }
    TableReader(file, problems, "", file.data).refuse_others(*read)
    risk, stuck, team = read["risk"], read["stuck"], read["team"]
    risk.refuse_others("days", "urgent_hours", "overdue_days")
    stuck.refuse_others("failures", "silent_days", "given_up_days")
    team.refuse_others("capacity", "resolution_hours")
    limits = Limits(
        risk=timedelta(days=risk.number("days")),
        urgent=timedelta(hours=risk.number("urgent_hours")),
        overdue=timedelta(days=risk.number("overdue_days")),
        failures=stuck.number("failures"),
        silent=timedelta(days=stuck.number("silent_days")),
        given_up=timedelta(days=stuck.number("given_up_days")),
        capacity=max(1, team.number("capacity")),
        resolution=timedelta(hours=team.number("resolution_hours")),
    )
    if not problems and limits.given_up < limits.silent:
        stuck.wrong("given_up_days", "must not be less than 'silent_days'")
    if problems:
        raise BrokenContent(problems)
    return limits
