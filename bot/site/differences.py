"""Where an article's answer is another one: in which provinces, for which subjects."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dialogs.wording import Wording
from filing.provinces import PROVINCES
from filing.subject import SubjectKind
from knowledge.answering import Asked, Knowledge
from knowledge.article import Article

_MANY = 8
_MARKS = re.compile(r"[，。；：（）、\n]|[.,;:()]\s")
_HERE = {"zh-CN": "所在省", "en": "the province"}


@dataclass(frozen=True, slots=True)
class Variant:
    """What is told to some people instead; ``labels`` name the provinces or kinds of subject."""

    labels: tuple[str, ...]
    text: str


def by_province(
    knowledge: Knowledge, article: Article, on: date, wording: Wording
) -> tuple[Variant, ...]:
    """The provinces where the article says something else than for the nation."""
    if article.provinces or "{" not in article.body:
        return ()
    here = _HERE[article.locale]
    told = []
    for province in PROVINCES:
        asked = Asked("", article.locale, on, province=province.name)
        label = wording.label("province", province.name, article.locale)
        text = knowledge.tell_article(article, asked).text
        # Told apart only by its own name, it is the same answer.
        told.append((label, text, text.replace(province.name, here).replace(label, here)))
    return _grouped(told, _national(knowledge, article, on))


def by_subject(
    knowledge: Knowledge, article: Article, on: date, wording: Wording
) -> tuple[Variant, ...]:
    """The kinds of subject to whom the article says something else than to anybody."""
    if article.provinces or "{" not in article.body:
        return ()
    told = []
    for kind in article.subject_kinds or tuple(SubjectKind):
        asked = Asked("", article.locale, on, subject_kind=kind)
        label = wording.label("subject_kind", kind, article.locale)
        text = knowledge.tell_article(article, asked).text
        told.append((label, text, text))
    return _grouped(told, _national(knowledge, article, on))


def _national(knowledge: Knowledge, article: Article, on: date) -> str:
    return knowledge.tell_article(article, Asked("", article.locale, on)).text


def _grouped(told: Iterable[tuple[str, str, str]], usual: str) -> tuple[Variant, ...]:
    """Those with the same text together: (label, own text, common).

    Left out is the usual text, and what many are told where only an aside of it is missing,
    such as the one about another province.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for label, own, common in told:
        if usual not in (own, common):
            groups.setdefault(common, []).append((label, own))
    clauses = _clauses(usual)
    return tuple(
        Variant(tuple(label for label, _ in group), group[0][1] if len(group) == 1 else common)
        for common, group in groups.items()
        if len(group) < _MANY or not _clauses(common) <= clauses
    )


def _clauses(text: str) -> frozenset[str]:
    return frozenset(clause.strip() for clause in _MARKS.split(text))
