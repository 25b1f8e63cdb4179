"""The kinds of deadlines a filing meets: from when, how long, and when to remind."""

import re
from collections.abc import Mapping
from dataclasses import fields
from importlib.resources import files
from typing import Final, cast

from filing.deadline_kind import DeadlineKind, DeadlineRules, Offset, TimeUnit
from filing.event import Stage
from filing.rulebook import LegalSource, Rulebook
from knowledge.errors import BrokenContent, Problem
from knowledge.provider import ProviderProfile
from knowledge.rules_loader import load_keys
from knowledge.toml_file import read_toml
from knowledge.toml_reader import TableReader, read_sources

__all__ = [
    "DeadlineKind",
    "DeadlineRules",
    "Offset",
    "deadline_rules",
    "load_deadlines",
    "parse_offset",
]

_UNITS: Final = frozenset({"hours", "days", "working_days"})
_RULE_UNITS: Final = _UNITS | {"months"}
_OFFSET: Final = re.compile(r"(?P<sign>-?)(?:PT(?P<hours>\d+)H|P(?P<days>\d+)D|W(?P<working>\d+))")
_EVENT: Final = re.compile(r"[a-z][a-z_]*")
_STAGES: Final = frozenset(stage.value for stage in Stage)
_AFTER_DRAFT: Final = frozenset(Stage) - {Stage.DRAFT, Stage.WITHDRAWN}
_PROVIDER_FIELDS: Final = frozenset(field.name for field in fields(ProviderProfile))


def load_deadlines() -> Mapping[str, DeadlineKind]:
    """All kinds by key. Raises BrokenContent."""
    file = read_toml(files("knowledge") / "rules" / "deadlines.toml", "rules/deadlines.toml")
    problems: list[Problem] = []
    sources = read_sources(file, problems)
    timed = {key for key, spec in load_keys().items() if spec.unit in _RULE_UNITS}
    found: dict[str, DeadlineKind] = {}
    for index, table in enumerate(file.data.get("deadlines", [])):
        reader = TableReader(file, problems, "deadlines", table, index)
        kind = _read(reader, sources, timed)
        if kind.key in found:
            reader.wrong("key", f"{kind.key!r} stands twice")
        found[kind.key] = kind
    if problems:
        raise BrokenContent(problems)
    return found


def deadline_rules(rulebook: Rulebook, provider: ProviderProfile) -> DeadlineRules:
    """All kinds with the rules and the provider's ranges that give their lengths.

    Raises BrokenContent.
    """
    kinds = load_deadlines()
    named = {kind.provider for kind in kinds.values() if kind.provider is not None}
    return DeadlineRules(
        kinds,
        rulebook,
        {name: getattr(provider, name) for name in named},
        provider.sources.get("review"),
    )


def parse_offset(text: str) -> Offset | None:
    """``PT2H`` two hours, ``-P30D`` thirty days before, ``W5`` five working days; else None.

    ``TOLD`` is when a date was told, ``HALF`` half-way from there to the deadline.
    """
    if text in ("TOLD", "HALF"):
        return Offset(0, "told" if text == "TOLD" else "half")
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    sign = -1 if match["sign"] else 1
    if match["hours"] is not None:
        return Offset(sign * int(match["hours"]), "hours")
    if match["days"] is not None:
        return Offset(sign * int(match["days"]), "days")
    return Offset(sign * int(match["working"]), "working_days")


def _read(reader: TableReader, sources: Mapping[str, LegalSource], timed: set[str]) -> DeadlineKind:
    reader.refuse_others(*(field.name for field in fields(DeadlineKind)), "settled")
    given = [name for name in ("rule", "provider", "length") if name in reader.table]
    if len(given) != 1:
        reader.wrong("rule", "or 'provider' or 'length' must be given, one of them")
    for name in ("starts", "starts_else", "ends"):
        if name in reader.table and not _EVENT.fullmatch(reader.text(name)):
            reader.wrong(name, "must be an event or date in lower case with underscores")
    rule, provider = reader.optional_text("rule"), reader.optional_text("provider")
    if rule is not None and rule not in timed:
        reader.wrong("rule", f"{rule!r} is no key whose unit is a time")
    if provider is not None and provider not in _PROVIDER_FIELDS:
        reader.wrong("provider", f"{provider!r} is no field of the provider profile")
    length = reader.number("length") if "length" in reader.table else None
    unit = reader.one_of("unit", _UNITS) if length is not None else None
    stages = reader.words("stages", _STAGES) if "stages" in reader.table else ()
    offsets = [parse_offset(text) for text in reader.texts("remind")]
    if None in offsets or not offsets:
        reader.wrong("remind", "must hold offsets such as 'PT2H', '-P30D' or 'W5'")
    urgent = parse_offset(reader.text("urgent")) if "urgent" in reader.table else None
    if "urgent" in reader.table and not _is_span(urgent):
        reader.wrong("urgent", "must be a span of hours or days such as 'PT12H' or 'P2D'")
    if "settled" in reader.table:
        reader.one_of("settled", frozenset({"by_staff"}))
    return DeadlineKind(
        key=reader.text("key"),
        title=reader.by_locale("title"),
        consequence=reader.by_locale("consequence"),
        next_step=reader.by_locale("next_step"),
        starts=reader.text("starts"),
        starts_else=reader.optional_text("starts_else"),
        ends=reader.text("ends"),
        stages=frozenset(map(Stage, stages)) or _AFTER_DRAFT,
        rule=rule,
        provider=provider,
        length=length,
        unit=cast(TimeUnit | None, unit),
        before=reader.flag("before"),
        margin=reader.flag("margin"),
        waits=reader.flag("waits"),
        by_staff="settled" in reader.table,
        remind=tuple(offset for offset in offsets if offset is not None),
        source=reader.source(sources) if length is not None else None,
        urgent=urgent,
    )


def _is_span(offset: Offset | None) -> bool:
    return offset is not None and offset.unit in ("hours", "days") and offset.amount > 0
