"""Reads the lexicon of reports: how applicants tell what has happened to their filing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dialogs.understanding.tables import table_of
from filing.event import EventType

PASSED, DONE, ARRIVED, MORE_WANTED = "passed", "done", "arrived", "more_wanted"
"""What is told without saying of what: the stage tells."""

_GAP_HAN = "[^没未不退驳还]{0,8}?"
_GAP_WORDS = r"(?:[\w'-]+ ){0,4}?"


@dataclass(frozen=True, slots=True)
class Wordings:
    """Patterns over one clause: ``han`` over it without blanks, ``words`` as it is."""

    han: re.Pattern[str]
    words: re.Pattern[str]

    def fit(self, clause: str) -> bool:
        """Whether one of them is found."""
        return self.words.search(clause) is not None or (
            self.han.search("".join(clause.split())) is not None
        )

    def without(self, clause: str) -> str:
        """The clause with what is found taken out."""
        return self.words.sub("", self.han.sub("", clause)).strip()


@dataclass(frozen=True, slots=True)
class ReportWords:
    """The lexicon, compiled. Reports stand in the order in which they are tried."""

    silent: Wordings
    planned: Wordings
    mistaken: Wordings  # takes back what was reported
    thin: Wordings  # words of when and how surely, taken out for a second try
    news: Wordings  # asks for news
    yet: Wordings  # asks whether, or says that not yet
    reports: tuple[tuple[str, Wordings], ...]  # event type, or one of the above
    persons: Mapping[str, Wordings]  # principal, site_manager, both, other
    troubles: tuple[tuple[str, Wordings], ...]


@cache
def report_words() -> ReportWords:
    """The lexicon; read once."""
    data = table_of("reports")
    known = {*EventType, PASSED, DONE, ARRIVED, MORE_WANTED}
    reports = tuple((str(one["event"]), _wordings(one)) for one in data["reports"])
    unknown = [event for event, _ in reports if event not in known]
    if unknown:
        raise ValueError(f"lexicon/reports.toml: {unknown[0]!r} is no event; see filing.event")
    return ReportWords(
        silent=_wordings(data["silent"]),
        planned=_wordings(data["planned"]),
        mistaken=_wordings(data["mistaken"]),
        thin=_wordings(data["thin"]),
        news=_wordings(data["news"]),
        yet=_wordings(data["yet"]),
        reports=reports,
        persons={name: _named(words) for name, words in data["persons"].items()},
        troubles=tuple((str(one["name"]), _wordings(one)) for one in data["troubles"]),
    )


def _wordings(entry: Mapping[str, Any]) -> Wordings:
    return Wordings(_either(entry["zh"], _GAP_HAN), _either(entry["en"], _GAP_WORDS))


def _named(words: Iterable[str]) -> Wordings:
    latin = [rf"\b{re.escape(word)}\b" for word in words if word.isascii()]
    return Wordings(_either([word for word in words if not word.isascii()], ""), _either(latin, ""))


def _either(patterns: Iterable[str], gap: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one.replace('~', gap)})" for one in patterns) or r"(?!)")
