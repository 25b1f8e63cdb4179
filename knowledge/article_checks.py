"""What is wrong with the articles: every mistake with its file, its line and its cure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from jinja2 import TemplateError, TemplateSyntaxError

from filing.provinces import PROVINCES
from filing.subject import SubjectKind
from knowledge.answering import Knowledge, neighbours
from knowledge.article import Article
from knowledge.articles import read_articles
from knowledge.bare_facts import bare_facts
from knowledge.errors import Problem
from knowledge.further import misplaced, read_further
from knowledge.phrasing import same_question
from knowledge.rejections import load_rejections
from knowledge.rules_schema import did_you_mean
from knowledge.telling import Hearer
from knowledge.templates import is_plain, rejections_in, rules_in, text_environment, variables_of
from knowledge.toml_reader import LOCALES

BODY_VARIABLES = frozenset(
    {
        "differs",
        "numbers_by_province",
        "profile",
        "province",
        "province_rules",
        "provider",
        "provinces_where",
        "rejection",
        "rule",
    }
)
"""What an article's body may use; ``knowledge.answering.Knowledge`` gives them."""

_ENVIRONMENT = text_environment()


def article_problems(
    extra_dir: Path | None = None,
    rule_keys: frozenset[str] | None = None,
    steps: frozenset[str] | None = None,
) -> tuple[Problem, ...]:
    """Every problem in the articles of all locales, their bodies included.

    With ``rule_keys`` (the keys the rulebook knows) and ``steps`` (those of the flows), other
    names than these are told.
    """
    problems: list[Problem] = []
    codes = frozenset(load_rejections())
    read: dict[str, Mapping[str, Article]] = {}
    for locale in LOCALES:
        found, unreadable = read_articles(locale, extra_dir)
        problems += unreadable
        read[locale] = found
    for locale, found in read.items():
        for article in found.values():
            problems += _dead_links(article, read)
            problems += _body_faults(article, rule_keys, codes)
            problems += _unknown_steps(article, steps)
        problems += _merged_twice(found.values())
        problems += _asked_twice(found.values(), locale)
        further, unreadable = read_further(locale)
        problems += unreadable
        problems += misplaced(further, found, _asked(found.values(), locale))
    return tuple(dict.fromkeys(problems))  # what two locales share is told once


def overdue(articles: Iterable[Article], on: date) -> Iterator[Problem]:
    """Articles whose facts should have been checked again before a day: worth a warning."""
    for article in articles:
        if article.review_by < on:
            message = f"its facts were to be checked again by {article.review_by}"
            cure = "check them and write today's date as 'reviewed_on'"
            yield Problem(article.file, article.line_of("reviewed_on"), message, cure)


def telling_problems(
    knowledge: Knowledge, on: date, known: Knowledge | None = None
) -> tuple[Problem, ...]:
    """Articles that cannot be told to somebody: one problem for each article.

    Articles that stand in ``known`` just so are taken to be sound.
    """
    problems: list[Problem] = []
    for locale in LOCALES:
        sound = known.articles(locale) if known is not None else {}
        for article in knowledge.articles(locale).values():
            if article != sound.get(article.id):
                problems += _untold(knowledge, article, on)
    return tuple(problems)


def _untold(knowledge: Knowledge, article: Article, on: date) -> Iterator[Problem]:
    everywhere = (None, *(province.name for province in PROVINCES))
    provinces: tuple[str | None, ...] = article.provinces or everywhere
    kinds: tuple[SubjectKind | None, ...] = (None, SubjectKind.ENTERPRISE, SubjectKind.INDIVIDUAL)
    if is_plain(article.body):  # the same to all
        provinces, kinds = provinces[:1], kinds[:1]
    elif article.only_if_named:  # made from the rules, of which who is not known is told all
        kinds = kinds[:1]
    for province in provinces:
        for kind in kinds:
            whom = " of ".join(one for one in (kind, province) if one) or "whoever asks"
            try:
                text = knowledge.fill(article, Hearer(on, province, kind))
            except (TemplateError, TypeError, ValueError, LookupError) as error:
                message = f"cannot be told to {whom}: {error}"
                cure = "ask with {% if rule('…') %} whether there is such a rule"
                yield Problem(article.file, article.body_line, message, cure)
                return
            if not text or "None" in text:
                message = f"tells {whom} {'nothing' if not text else repr('None')}"
                cure = "write what holds where there is no such rule"
                yield Problem(article.file, article.body_line, message, cure)
                return
            if knowledge.is_same_for_all(article):
                return


def _dead_links(article: Article, read: Mapping[str, Mapping[str, Article]]) -> Iterator[Problem]:
    merged = {one for by in read[article.locale].values() for one in by.formerly}
    for other in article.related:
        if other in (read[article.locale].keys() | merged) - {article.id, *article.formerly}:
            continue
        cure = "correct the name or leave it out"
        if other in (article.id, *article.formerly):
            message = f"'related' names {other!r}, the article itself"
        elif any(other in found for found in read.values()):
            message = f"'related' names {other!r}, which is not written in {article.locale}"
            cure = f"write it in {article.locale} or leave it out here"
        else:
            message = f"'related' names {other!r}, which is no article"
        yield Problem(article.file, article.line_of("related", other), message, cure)


def _asked_twice(articles: Iterable[Article], locale: str) -> Iterator[Problem]:
    """Phrasings that lead to two articles, or stand twice in one."""
    seen: dict[str, tuple[str, str]] = {
        same_question(one): (one, "neighbours.toml") for one in neighbours(locale)
    }
    for article in articles:
        for phrasing in article.phrasings:
            before = seen.setdefault(same_question(phrasing), (phrasing, article.file))
            if before == (phrasing, article.file) and article.phrasings.count(phrasing) == 1:
                continue
            entry = "title" if phrasing == article.title else "ask"
            line = article.line_of(entry, phrasing)
            other = "here already" if before[1] == article.file else f"in {before[1]} as well"
            message = f"{phrasing!r} is asked {other}"
            yield Problem(article.file, line, message, "keep it where it is answered best")


def _merged_twice(articles: Iterable[Article]) -> Iterator[Problem]:
    """Former ids that two articles claim, so that a link to one leads nowhere for sure."""
    claimed: dict[str, str] = {}
    for article in articles:
        for former in article.formerly:
            other = claimed.setdefault(former, article.file)
            if other != article.file:
                line = article.line_of("formerly", former)
                message = f"{former!r} was merged into {other} already"
                yield Problem(article.file, line, message, "name it in one of them")


def _asked(articles: Iterable[Article], locale: str) -> Mapping[str, str]:
    """Where each question stands: that of an article, or one that is not ours."""
    asked = {same_question(one): "neighbours.toml" for one in neighbours(locale)}
    return asked | {same_question(one): by.file for by in articles for one in by.phrasings}


def _unknown_steps(article: Article, steps: frozenset[str] | None) -> Iterator[Problem]:
    for step in article.steps:
        if steps is not None and step not in steps:
            line = article.line_of("steps", step)
            yield Problem(article.file, line, f"no step is {step!r}", did_you_mean(step, steps))


@lru_cache(maxsize=1024)
def _used(body: str) -> frozenset[str]:
    """The variables of a body: one article is edited at a time, and all are checked each time."""
    return variables_of(_ENVIRONMENT, body)


def _body_faults(
    article: Article, rule_keys: frozenset[str] | None, codes: frozenset[str]
) -> Iterator[Problem]:
    def wrong(part: str, message: str, cure: str) -> Problem:
        above = article.body.partition(part)[0] if part in article.body else ""
        return Problem(article.file, article.body_line + above.count("\n"), message, cure)

    try:
        unknown = _used(article.body) - BODY_VARIABLES
    except TemplateSyntaxError as error:
        line = article.body_line + error.lineno - 1
        yield Problem(article.file, line, f"{error.message}", "mend the template")
        return
    for name in sorted(unknown):
        known = ", ".join(sorted(BODY_VARIABLES))
        yield wrong(name, f"{name!r} is never given", f"use one of {known}")
    for key in rules_in(article.body):
        if rule_keys is not None and key not in rule_keys:
            yield wrong(key, f"no rule is called {key!r}", "see rules/keys.toml")
    for code in rejections_in(article.body):
        if code not in codes:
            yield wrong(code, f"no return has the code {code!r}", "see rules/rejections.toml")
    for line, fact in bare_facts(article.body):
        message = f"{fact!r} rests on no rule"
        cure = "write {{ rule('…') }} for the number, or mark the line with {# example #}"
        yield Problem(article.file, article.body_line + line, message, cure)
