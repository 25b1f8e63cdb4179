"""What is wrong with the articles: every mistake with its file, its line and its cure."""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import TemplateSyntaxError

from knowledge.article import Article
from knowledge.articles import read_articles
from knowledge.errors import Problem
from knowledge.templates import rules_in, text_environment, variables_of
from knowledge.toml_reader import LOCALES

BODY_VARIABLES = frozenset({"profile", "province", "provider", "rule"})
"""What an article's body may use; ``knowledge.answering.Knowledge`` gives them."""


def article_problems(
    extra_dir: Path | None = None, rule_keys: frozenset[str] | None = None
) -> tuple[Problem, ...]:
    """Every problem in the articles of all locales, their bodies included.

    With ``rule_keys``, the keys the rulebook knows, rules quoted under another name are told.
    """
    problems: list[Problem] = []
    for locale in LOCALES:
        found, unreadable = read_articles(locale, extra_dir)
        problems += unreadable
        for article in found.values():
            problems += _body_faults(article, rule_keys)
    return tuple(problems)


def _body_faults(article: Article, rule_keys: frozenset[str] | None) -> Iterator[Problem]:
    def wrong(part: str, message: str, cure: str) -> Problem:
        above = article.body.partition(part)[0] if part in article.body else ""
        return Problem(article.file, article.body_line + above.count("\n"), message, cure)

    try:
        unknown = variables_of(text_environment(), article.body) - BODY_VARIABLES
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
