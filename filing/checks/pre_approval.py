"""Checks on pre-approval (前置审批): what is declared, and what words give away."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from filing.checks.base import Case, Hit, hit, refuse, warn
from filing.finding import Basis
from filing.name_forms import word_in

_DECLARED, _NUMBER = "website.pre_approval", "website.pre_approval_number"
_TEXTS = ("website.name", "website.remark", "subject.name")
_WHO = ("subject.kind", "subject.province")
_ALLOWED, _LOCAL, _LETTERS = (
    "pre_approval_allowed",
    "pre_approval",
    "not_involved_letter_template",
)
_NONE, _FINANCE = "none", "finance"
_DENIED = re.compile(r"不涉及|不含|不包含|不从事|不提供|不做|没有|并非|无")
_CLAUSES = re.compile(r"[，。；！？、,;!?\s]+")

CATEGORIES: Final = {
    "news": "新闻",
    "publishing": "出版",
    "game": "游戏",
    "audiovisual": "广播电影电视",
    "culture": "文化",
    "drug_device": "药品",
    "medical": "医疗",
    "education": "校外培训",
    "ride_hailing": "网约车",
    "finance": "金融",
    "religion": "宗教",
    "travel": "旅游",
}
"""Each category (rule ``pre_approval_<category>``) and the word its letters are named by."""

_RULES: Final = tuple(f"pre_approval_{category}" for category in CATEGORIES)


@refuse("pre_approval.none_with_others", _DECLARED)
def none_with_others(case: Case) -> Iterable[Hit]:
    """以上都不涉及 together with a category."""
    declared = case.filing.website.pre_approval
    if _NONE in declared and len(declared) > 1:
        yield hit()


@refuse("pre_approval.number_missing", _NUMBER, _DECLARED, params=("category",))
def number_missing(case: Case) -> Iterable[Hit]:
    """A category declared without the number of its approval."""
    website = case.filing.website
    for category in _categories(case):
        if not website.pre_approval_number:
            yield hit(category=category)
            return


@refuse(
    "pre_approval.not_for_individuals",
    _DECLARED,
    "subject.kind",
    rules=(_ALLOWED,),
    params=("category",),
)
def not_for_individuals(case: Case) -> Iterable[Hit]:
    """Individuals cannot obtain an approval."""
    rule = case.rule(_ALLOWED)
    for category in _categories(case):
        if rule and not rule.flag:
            yield hit(category=category)
            return


@warn(
    "pre_approval.words",
    _DECLARED,
    *_TEXTS,
    *_WHO,
    params=("category", "word", "document", "authority", "needs", "letter", "trim"),
)
def words(case: Case) -> Iterable[Hit]:
    """A word of a category that is not declared."""
    if case.is_individual:
        return
    for basis, category, word in undeclared(case):
        rule = basis.version
        local = case.part(_LOCAL, "documents")
        document = local.table.get(category) if local else None
        yield hit(
            None,
            basis,
            category=category,
            word=word,
            document=str(document or rule.table["document"]),
            authority=str(rule.table["authority"]),
            needs=str(rule.table["needs"]),
            letter="、".join(_letters(case, category, word)),
            trim=int(case.holds(_LOCAL, "trim_business_scope") is not None),
        )


@warn(
    "pre_approval.words_of_individual",
    "website.name",
    *_TEXTS[1:],
    *_WHO,
    params=("category", "word"),
)
def words_of_individual(case: Case) -> Iterable[Hit]:
    """A word of a category in the website of somebody who cannot get the approval."""
    rule = case.rule(_ALLOWED)
    if rule is None or rule.flag:
        return
    for basis, category, word in undeclared(case):
        yield hit(None, basis, category=category, word=word)


def undeclared(case: Case) -> Iterator[tuple[Basis, str, str]]:
    """Categories that words give away though they are not declared: rule, category, word."""
    text = _text(case)
    if not case.filing.website.pre_approval or not text:
        return
    for category in CATEGORIES:
        rule = case.rule(f"pre_approval_{category}")
        if rule is None or category in case.filing.website.pre_approval:
            continue
        listed = rule.field("words")
        found = word_in(text, (*(listed.words if listed else ()), *_further_words(case, category)))
        if found:
            yield Basis(f"pre_approval_{category}", rule), category, found


def _further_words(case: Case, category: str) -> tuple[str, ...]:
    """Financial words have lists of their own, longer in some provinces."""
    if category != _FINANCE:
        return ()
    lists = (case.rule("finance_keywords"), case.part(_LOCAL, "extra_finance_words"))
    return tuple(word for version in lists if version for word in version.words)


def _letters(case: Case, category: str, word: str) -> tuple[str, ...]:
    """The province's letters by which a body says it does no such business."""
    templates = case.rule(_LETTERS)
    refused = case.part(_LOCAL, "letter_not_accepted_words")
    accepted = case.part(_LOCAL, "letter_accepted")
    if templates is None or (refused and word in refused.words):
        return ()
    if accepted is not None and not accepted.flag:
        return ()
    own = tuple(one for one in templates.words if CATEGORIES[category] in one)
    general = tuple(one for one in templates.words if "前置审批" in one and "除外" not in one)
    return tuple(one for one in own if "除外" not in one) or general


def _categories(case: Case) -> tuple[str, ...]:
    return tuple(one for one in case.filing.website.pre_approval if one != _NONE)


def _text(case: Case) -> str:
    """What the filing says of itself, clauses that deny something left out."""
    filing = case.filing
    subject = filing.subject.name if case.is_unit else None
    clauses = _CLAUSES.split(filing.website.remark or "")
    stated = (clause for clause in clauses if not _DENIED.search(clause))
    return "\n".join((filing.website.name or "", subject or "", *stated)).strip()


CHECKS = (
    none_with_others,
    number_missing,
    not_for_individuals,
    words,
    words_of_individual,
)
