"""What each decision about the filing kind means: title, reason, steps and what to have ready."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from filing.decision import DECISIONS, Action, Need, Outcome
from filing.rulebook import LegalSource
from knowledge.errors import BrokenContent, Problem

LOCALES = ("zh-CN", "en")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision in one language, ready to be worded."""

    title: str
    why: str
    steps: tuple[str, ...]
    needed: tuple[str, ...]
    source: str  # title, publisher and date on one line
    legal_source: LegalSource


@dataclass(frozen=True, slots=True)
class KindExplanations:
    """The texts of every outcome, action and need, in every language."""

    outcomes: Mapping[str, Mapping[str, Mapping[str, str]]]  # outcome -> locale -> title, why
    actions: Mapping[str, Mapping[str, str]]  # action -> locale -> text
    needs: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, LegalSource]  # by outcome

    def tell(
        self,
        outcome: str,
        locale: str = "zh-CN",
        *,
        province: str | None = None,
        source: LegalSource | None = None,
    ) -> Explanation:
        """What an outcome means (a value of Outcome; others raise ValueError).

        ``province`` is how the province is called in that language; ``source`` the rule that
        decided (``Decision.source``), cited before the general one.
        """
        decision = DECISIONS[Outcome(outcome)]
        texts = self.outcomes[outcome][locale]
        cited = source or self.sources[outcome]
        where = province or _SOME_PROVINCE[locale]
        return Explanation(
            title=texts["title"],
            why=texts["why"].replace("{province}", where),
            steps=tuple(self.actions[action][locale] for action in decision.actions),
            needed=tuple(self.needs[need][locale] for need in decision.needed),
            source=" · ".join(part for part in (cited.title, cited.publisher, cited.date) if part),
            legal_source=cited,
        )


_SOME_PROVINCE = {"zh-CN": "您所在的省", "en": "your province"}


@cache
def load_kinds() -> KindExplanations:
    """The explanations shipped with the program. Raises BrokenContent, naming every problem."""
    return read_kinds(files("knowledge") / "rules" / "kinds.toml")


def read_kinds(file: Traversable) -> KindExplanations:
    """Read explanations from one file. Raises BrokenContent, naming every problem at once."""
    text = file.read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenContent(
            [Problem(file.name, 0, str(error), "mend the TOML syntax there")]
        ) from error
    problems = tuple(_Reader(file.name, text, data).problems())
    if problems:
        raise BrokenContent(problems)
    sources = {key: _source(entry) for key, entry in data["source"].items()}
    return KindExplanations(
        outcomes=data["outcome"],
        actions=data["action"],
        needs=data["need"],
        sources={key: sources[entry["source"]] for key, entry in data["outcome"].items()},
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Looks for what a file of explanations lacks or has too much of."""

    name: str
    text: str
    data: Mapping[str, Any]

    def problems(self) -> Iterable[Problem]:
        yield from self._section("outcome", Outcome, ("title", "why"))
        yield from self._section("action", Action, ())
        yield from self._section("need", Need, ())
        yield from self._sources()

    def _section(
        self, section: str, keys: type[StrEnum], parts: tuple[str, ...]
    ) -> Iterable[Problem]:
        table = self.data.get(section, {})
        for key in keys:
            if key not in table:
                yield self._problem("", f"[{section}.{key}] is missing", "add it in both languages")
                continue
            for locale in LOCALES:
                yield from self._texts(f"{section}.{key}", table[key].get(locale), locale, parts)
        for key in table.keys() - set(keys):
            yield self._problem(
                f"{section}.{key}", f"no {section} is called {key!r}", "remove it or mend its name"
            )

    def _texts(
        self, header: str, found: object, locale: str, parts: tuple[str, ...]
    ) -> Iterable[Problem]:
        wanted = {part: found.get(part) if isinstance(found, Mapping) else None for part in parts}
        for part, text in (wanted or {"": found}).items():
            if not isinstance(text, str) or not text.strip():
                place = f"{locale}.{part}" if part else locale
                yield self._problem(header, f"[{header}] has no {place}", "write that sentence")

    def _sources(self) -> Iterable[Problem]:
        sources = self.data.get("source", {})
        for key, entry in sources.items():
            missing = {"title", "publisher", "as_of"} - entry.keys()
            for part in sorted(missing):
                yield self._problem(
                    f"source.{key}", f"[source.{key}] has no {part}", "a source needs it"
                )
        for key, entry in self.data.get("outcome", {}).items():
            if entry.get("source") not in sources:
                yield self._problem(
                    f"outcome.{key}",
                    f"[outcome.{key}] names no known source",
                    "set 'source' to one of the [source.…] tables",
                )

    def _problem(self, header: str, message: str, cure: str) -> Problem:
        lines = self.text.splitlines()
        line = lines.index(f"[{header}]") + 1 if f"[{header}]" in lines else 0
        return Problem(self.name, line, message, cure)


def _source(entry: Mapping[str, Any]) -> LegalSource:
    # A page without a date of its own is dated by the day it was read.
    return LegalSource(
        title=entry["title"],
        publisher=entry["publisher"],
        date=entry.get("date") or entry["as_of"].isoformat(),
        url=entry.get("url"),
    )
