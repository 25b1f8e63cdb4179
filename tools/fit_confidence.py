"""Fit the weights of ``knowledge.confidence`` on ways to ask that are left out of the search.

Prints ``BASE`` and ``WEIGHTS``, and by threshold what share of each group would be answered.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from math import exp
from pathlib import Path

from bot.settings import load_settings
from bot.world import load_world
from knowledge.answering import Knowledge, strangers
from knowledge.articles import Article
from knowledge.confidence import Evidence
from knowledge.evaluation import IN_SCOPE, OUT_OF_SCOPE, read_probes
from knowledge.further import further_phrasings
from knowledge.search import Index, Situation
from knowledge.toml_reader import LOCALES

QUESTIONS = Path(__file__).parents[1] / "tests" / "questions" / "questions.jsonl"
GROUPS = {"phrasing": 0.25, "stranger": 2.0, "strange kind": 1.0, "tuned": 1.0, "not ours": 1.0}
FOLDS = 2  # times that a share of everything is left out
LEFT_OUT, STRANGERS_LEFT_OUT, KINDS_LEFT_OUT = 1 / 8, 1 / 6, 1 / 5
KIN = 0.7  # how right an article is that leads on to the right one, or back
RIDGE, ROUNDS = 1.0, 12
HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Row:
    """One question: its group, how right its best article is, and what spoke for that one."""

    group: str
    right: float
    values: tuple[float, ...]


def row(group: str, right: float, evidence: Evidence) -> Row:
    """A row with all that is weighed: 1 for the base, and all but the last, ``nearest``."""
    return Row(group, right, (1.0, *astuple(evidence)[:-1]))


def rightness(best: str | None, wanted: frozenset[str], articles: Mapping[str, Article]) -> float:
    """1 for a wanted article, less for its kin, 0 for any other."""
    if best is None or best in wanted:
        return float(best is not None)
    led_to = {one for name in wanted & articles.keys() for one in articles[name].related}
    return KIN if best in led_to or wanted & set(articles[best].related) else 0.0


def left_out(knowledge: Knowledge, locale: str, seed: int) -> Iterator[Row]:
    """Ways to ask and strangers, asked of an index that was made without them."""
    chance = random.Random(seed)
    articles = knowledge.articles(locale)
    further, others = further_phrasings(locale), strangers(locale)
    ours = [
        (one.id, ask)
        for one in articles.values()
        if not one.only_if_named
        for ask in (*one.ask, *further.get(one.id, ()))
    ]
    held = [one for one in ours if chance.random() < LEFT_OUT]
    kinds = {kind for kind in others if chance.random() < KINDS_LEFT_OUT}
    apart = [
        (kind, ask)
        for kind, some in others.items()
        for ask in some
        if kind in kinds or chance.random() < STRANGERS_LEFT_OUT
    ]
    gone = {*held, *apart}

    def rest(name: str, some: Sequence[str]) -> tuple[str, ...]:
        return tuple(one for one in some if (name, one) not in gone)

    index = Index(
        [replace(one, ask=rest(one.id, one.ask)) for one in articles.values()],
        locale,
        {kind: left for kind, some in others.items() if (left := rest(kind, some))},
        {name: rest(name, some) for name, some in further.items()},
    )
    for name, ask in held:
        match = index.ask(ask)
        yield row("phrasing", rightness(match.nearest, frozenset({name}), articles), match.evidence)
    for kind, ask in apart:
        yield row("strange kind" if kind in kinds else "stranger", 0.0, index.ask(ask).evidence)


def tuned(knowledge: Knowledge) -> Iterator[Row]:
    """The questions of the set that are not held out."""
    indexes = {
        locale: Index(
            knowledge.articles(locale).values(),
            locale,
            strangers(locale),
            further_phrasings(locale),
        )
        for locale in LOCALES
    }
    for probe in read_probes(QUESTIONS):
        if probe.holdout or probe.sort not in {*IN_SCOPE, OUT_OF_SCOPE}:
            continue
        is_chinese = HAN.search(probe.question) or indexes[LOCALES[0]].is_meant(probe.question)
        locale = LOCALES[0 if is_chinese else 1]
        who = Situation(province=probe.province, subject_kind=probe.subject_kind)
        match = indexes[locale].ask(probe.question, who)
        if probe.sort == OUT_OF_SCOPE:
            yield row("not ours", 0.0, match.evidence)
        else:
            right = rightness(match.nearest, probe.articles, knowledge.articles(locale))
            yield row("tuned", right, match.evidence)


def chance_of(weights: Sequence[float], values: Sequence[float]) -> float:
    """The logistic curve."""
    return 1 / (
        1 + exp(-sum(weight * value for weight, value in zip(weights, values, strict=True)))
    )


def fitted(rows: Sequence[Row]) -> list[float]:
    """The weights that make the rows likeliest, by Newton's method with a small ridge."""
    size = range(len(rows[0].values))
    weights = [0.0 for _ in size]
    for _ in range(ROUNDS):
        slope = [-RIDGE * weights[i] if i else 0.0 for i in size]
        bend = [[RIDGE * (i == j) if i else 0.0 for j in size] for i in size]
        for one in rows:
            chance = chance_of(weights, one.values)
            counts = GROUPS[one.group]
            error, spread = counts * (one.right - chance), counts * chance * (1 - chance)
            for i in size:
                slope[i] += error * one.values[i]
                for j in size:
                    bend[i][j] += spread * one.values[i] * one.values[j]
        step = solved(bend, slope)
        weights = [weight + by for weight, by in zip(weights, step, strict=True)]
    return weights


def solved(matrix: list[list[float]], wanted: list[float]) -> list[float]:
    """The solution of a system of linear equations, by Gauss and Jordan."""
    table = [[*line, value] for line, value in zip(matrix, wanted, strict=True)]
    for at, line in enumerate(table):
        line[:] = [value / line[at] for value in line]
        for other in table:
            if other is not line:
                factor = other[at]
                other[:] = [a - factor * b for a, b in zip(other, line, strict=True)]
    return [line[-1] for line in table]


def main() -> None:
    """Gather, fit and print."""
    knowledge = load_world(load_settings()).knowledge
    rows = [*tuned(knowledge)]
    for locale in LOCALES:
        for seed in range(FOLDS):
            rows += left_out(knowledge, locale, seed)
    weights = fitted(rows)
    print("BASE", round(weights[0], 2), "WEIGHTS", [round(one, 2) for one in weights[1:]])
    for threshold in (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7):
        print(threshold, end="")
        for group in GROUPS:
            some = [one for one in rows if one.group == group]
            answered = [one for one in some if chance_of(weights, one.values) >= threshold]
            right = sum(one.right > 0 for one in answered) / (len(answered) or 1)
            print(f"  {group} {len(answered) / len(some):.3f} ({right:.2f} right)", end="")
        print()


if __name__ == "__main__":
    main()
