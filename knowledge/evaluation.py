"""How well questions are answered: counted on a set of them, by their sort."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from knowledge.answering import Asked, Found, Knowledge, Route

IN_SCOPE: Final = frozenset(
    {
        "plain",
        "colloquial",
        "typo",
        "traditional",
        "keyword",
        "english",
        "long",
        "context",  # right only for the province or subject kind given
        "cheating",
    }
)
"""Sorts of questions that an article answers."""

OUT_OF_SCOPE, HANDOVER, SMALLTALK = "out_of_scope", "handover", "smalltalk"
SORTS: Final = (*sorted(IN_SCOPE), OUT_OF_SCOPE, HANDOVER, SMALLTALK)


@dataclass(frozen=True, slots=True)
class Probe:
    """One question with what is right for it: any of some articles, or a route."""

    question: str
    sort: str  # of SORTS
    articles: frozenset[str] = frozenset()
    province: str | None = None
    subject_kind: str | None = None
    holdout: bool = False  # not looked at while the search is tuned


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a probe."""

    probe: Probe
    found: Found

    @property
    def rank(self) -> int:
        """The place of the first right article among those told and offered; 0 if there is none."""
        offered = dict.fromkeys(
            [self.found.article] if self.found.article is not None else []
        ) | dict.fromkeys(one.id for one in self.found.suggestions)
        places = [at for at, one in enumerate(offered, start=1) if one in self.probe.articles]
        return places[0] if places else 0

    @property
    def is_right(self) -> bool:
        """Whether the assistant did what is right for it."""
        route = self.found.route
        if self.probe.sort == OUT_OF_SCOPE:
            return route is not Route.ANSWER
        if self.probe.sort in (HANDOVER, SMALLTALK):
            return route.value == self.probe.sort
        return route is Route.ANSWER and self.rank == 1

    @property
    def is_wrong_answer(self) -> bool:
        """Whether it answered on its own what it should not have."""
        return self.found.route is Route.ANSWER and not self.is_right


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of some questions, each 0 to 1."""

    asked: int
    recall: float  # in scope: the right article is the first
    reciprocal_rank: float  # mean of 1/rank
    answered: float  # in scope: answered on its own and rightly
    wrong: float  # in scope: answered on its own and wrongly
    false_answers: float  # out of scope, but answered
    handover: float  # handed over, of those who wanted it
    smalltalk: float


def read_probes(path: Path) -> Iterator[Probe]:
    """The probes of a file, one JSON object a line. Raises ValueError with line and cure."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            yield _probe(path, number, line)


def _probe(path: Path, number: int, line: str) -> Probe:
    try:
        given: Mapping[str, object] = json.loads(line)
        articles = given.get("expect", [])
        assert isinstance(articles, list)
        probe = Probe(
            question=str(given["q"]),
            sort=str(given["sort"]),
            articles=frozenset(map(str, articles)),
            province=_word(given.get("province")),
            subject_kind=_word(given.get("subject_kind")),
            holdout=bool(given.get("holdout", False)),
        )
    except (ValueError, KeyError, AssertionError, AttributeError) as error:
        example = '{"q": "备案要多久", "sort": "plain", "expect": ["duration"]}'
        raise ValueError(f"{path.name}:{number}: not a question; write as in {example}") from error
    if probe.sort not in SORTS:
        known = ", ".join(SORTS)
        raise ValueError(f"{path.name}:{number}: no sort {probe.sort!r}; use one of {known}")
    if probe.sort in IN_SCOPE and not probe.articles:
        raise ValueError(f"{path.name}:{number}: name in 'expect' what answers it")
    return probe


def _word(given: object) -> str | None:
    return None if given is None else str(given)


def evaluate(
    knowledge: Knowledge, probes: Iterable[Probe], on: date, locale: str = "zh-CN"
) -> tuple[Outcome, ...]:
    """Ask every probe as somebody who is known by its province and subject kind alone."""
    return tuple(
        Outcome(
            replace(probe, articles=frozenset(map(knowledge.id_today, probe.articles))),
            knowledge.answer(
                Asked(
                    probe.question,
                    locale,
                    on,
                    province=probe.province,
                    subject_kind=probe.subject_kind,
                )
            ),
        )
        for probe in probes
    )


def score(outcomes: Iterable[Outcome]) -> Score:
    """The figures over some outcomes; of a sort that is not among them, 1 or, of faults, 0."""
    every = tuple(outcomes)
    ours = [one for one in every if one.probe.sort in IN_SCOPE]
    return Score(
        asked=len(every),
        recall=_share(ours, lambda one: one.rank == 1, 1.0),
        reciprocal_rank=sum(1 / one.rank for one in ours if one.rank) / len(ours) if ours else 1.0,
        answered=_share(ours, lambda one: one.is_right, 1.0),
        wrong=_share(ours, lambda one: one.is_wrong_answer, 0.0),
        false_answers=_share(_of(every, OUT_OF_SCOPE), lambda one: one.is_wrong_answer, 0.0),
        handover=_share(_of(every, HANDOVER), lambda one: one.is_right, 1.0),
        smalltalk=_share(_of(every, SMALLTALK), lambda one: one.is_right, 1.0),
    )


def _of(outcomes: Iterable[Outcome], sort: str) -> list[Outcome]:
    return [one for one in outcomes if one.probe.sort == sort]


def _share(outcomes: list[Outcome], counts: Callable[[Outcome], bool], of_none: float) -> float:
    return sum(map(counts, outcomes)) / len(outcomes) if outcomes else of_none
