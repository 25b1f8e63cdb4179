"""How long the answers of a filing are kept: ``privacy/keeping.toml``, shortened by a provider."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from filing.materials.retention import LONGEST_AFTER_END, LONGEST_IDLE, KeepingTime
from filing.rulebook import LegalSource
from knowledge.errors import BrokenContent, Problem
from knowledge.provider import ProviderProfile
from knowledge.toml_file import TomlFile, read_toml
from knowledge.toml_reader import TableReader, read_sources

FILE: Final = "privacy/keeping.toml"


@dataclass(frozen=True, slots=True)
class KeptGroup:
    """Answers that go together, and when; of units they stay where ``individuals_only``."""

    key: str
    title: Mapping[str, str]  # by locale
    steps: frozenset[str]
    time: KeepingTime
    source: LegalSource
    individuals_only: bool = False


@dataclass(frozen=True, slots=True)
class AnswerKeeping:
    """Which answers go, and which stay as long as the conversation: by default, all stay."""

    groups: tuple[KeptGroup, ...] = ()
    stays: frozenset[str] = frozenset()

    @property
    def shortest(self) -> timedelta:
        """Nothing younger than this ever goes."""
        return min((one.time.shortest for one in self.groups), default=LONGEST_IDLE)

    def capped(self, most: KeepingTime) -> "AnswerKeeping":
        """The same, nothing of it kept longer than that."""
        groups = tuple(
            replace(
                one,
                time=KeepingTime(
                    min(one.time.after_end, most.after_end), min(one.time.idle, most.idle)
                ),
            )
            for one in self.groups
        )
        return replace(self, groups=groups)


def load_keeping(provider: ProviderProfile, content: Path | None = None) -> AnswerKeeping:
    """Read it, an operator's own file first. Raises BrokenContent with every problem."""
    own = content / FILE if content is not None else None
    shipped = files("knowledge") / "privacy" / "keeping.toml"
    file = read_toml(own if own is not None and own.is_file() else shipped, FILE)
    problems: list[Problem] = []
    sources = read_sources(file, problems)
    groups = tuple(
        _group(file, problems, key, table, sources, provider.keeping_days.get(key))
        for key, table in file.data.get("groups", {}).items()
    )
    for key in provider.keeping_days.keys() - {one.key for one in groups}:
        known = ", ".join(sorted(one.key for one in groups))
        what = f"[keeping]: there is no group {key!r} in {FILE}"
        problems.append(Problem(f"providers/{provider.name}.toml", 0, what, f"choose {known}"))
    stays = [
        TableReader(file, problems, "kept", table, index).texts("steps")
        for index, table in enumerate(file.data.get("kept", []))
    ]
    if problems:
        raise BrokenContent(problems)
    return AnswerKeeping(groups, frozenset(step for steps in stays for step in steps))


def _group(
    file: TomlFile,
    problems: list[Problem],
    key: str,
    table: Mapping[str, Any],
    sources: Mapping[str, LegalSource],
    shortened: int | None,
) -> KeptGroup:
    reader = TableReader(file, problems, f"groups.{key}", table)
    reader.refuse_others(
        "title", "steps", "individuals_only", "after_end_days", "idle_days", "source"
    )
    after_end = _days(reader, "after_end_days", LONGEST_AFTER_END)
    idle = _days(reader, "idle_days", LONGEST_IDLE)
    if shortened is not None:
        after_end = min(after_end, timedelta(days=max(shortened, 1)))
    return KeptGroup(
        key,
        reader.by_locale("title"),
        frozenset(reader.texts("steps")),
        KeepingTime(after_end, idle),
        reader.source(sources),
        reader.flag("individuals_only"),
    )


def _days(reader: TableReader, entry: str, longest: timedelta) -> timedelta:
    days = reader.number(entry)
    if not 1 <= days <= longest.days:
        reader.wrong(entry, f"must be 1 to {longest.days} days")
        return longest
    return timedelta(days=days)
