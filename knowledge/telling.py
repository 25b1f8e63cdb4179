"""An article filled in for one person, by the rules in force for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Final, TypeAlias

from jinja2 import Environment, Template, nodes

from filing.provinces import province_named
from filing.rulebook import Rulebook, RuleValue
from knowledge.article import Article
from knowledge.provider import ProviderProfile
from knowledge.province_articles import tell_province
from knowledge.rejection_wording import tell_rejection
from knowledge.rule_telling import RuleTelling
from knowledge.rule_wording import load_statements
from knowledge.templates import Blanks, ready, text_environment, tidied
from knowledge.toml_reader import LOCALES

_HOLDS_IN: Final = {"zh-CN": "（只适用于{where}）", "en": "(Holds in {where} only.)"}
_PROVINCE: Final = "province"
_OF_THE_HEARER: Final = frozenset({"differs", "province_rules", "rule"})
"""The functions that may answer one hearer otherwise than another on the same day."""

_Functions: TypeAlias = Mapping[str, Callable[..., object]]


@dataclass(frozen=True, slots=True)
class Hearer:
    """The day whose rules are told, and what is known of whom they are told to."""

    on: date
    province: str | None = None
    subject_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer comes from, and the ISO date its facts were last checked."""

    title: str
    url: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Told:
    """An article as it is told to one person."""

    article: str
    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a body asked for its hearer while it was filled in, and what it got."""

    function: str
    arguments: tuple[object, ...]
    named: Mapping[str, object]
    got: object

    def is_heard_from(self, functions: _Functions) -> bool:
        """Whether somebody else who asks the same gets the same."""
        got = functions[self.function](*self.arguments, **self.named)
        return type(got) is type(self.got) and got == self.got  # True is not 1 when said


@dataclass(slots=True)
class _Body:
    """A body made ready, and what it said today: to all who hear the same it says the same.

    ``said`` is kept by province where the body names it.
    """

    template: Template | Blanks
    names_province: bool
    said: dict[str | None, list[tuple[list[_Heard], str]]] = field(default_factory=dict)


@dataclass(slots=True)
class Teller:
    """Fills in bodies; each is compiled once, and rendered once for all who hear the same.

    ``knowledge.answering.Knowledge`` says what bodies may use.
    """

    rulebook: Rulebook
    profile: ProviderProfile
    extra_dir: Path | None = None
    _environment: Environment = field(init=False, default_factory=text_environment)
    _bodies: dict[tuple[str, str], _Body] = field(init=False, default_factory=dict)
    _functions: dict[tuple[str, Hearer], _Functions] = field(init=False, default_factory=dict)
    _on: date | None = field(init=False, default=None)

    def tell(self, article: Article, hearer: Hearer) -> Told:
        """An article with its sources; one that holds in some provinces alone says so."""
        text = self.fill(article, hearer)
        return Told(article.id, _marked(text, article, hearer), _citations(article))

    def fill(self, article: Article, hearer: Hearer) -> str:
        """An article's body with everything filled in.

        Raises TemplateError, TypeError, ValueError or LookupError where that cannot be done.
        """
        if article.only_if_named and hearer.province != article.provinces[0]:
            # Told of its own province, wherever one asks from.
            hearer = replace(hearer, province=article.provinces[0])
        if hearer.on != self._on:  # what is in force today need not be tomorrow
            self._on, self._functions = hearer.on, {}
            for body in self._bodies.values():
                body.said.clear()
        body = self._body(article)
        functions = self._functions_for(article.locale, hearer)
        province = hearer.province or ""
        before = body.said.setdefault(province if body.names_province else None, [])
        for heard, said in before:
            if all(one.is_heard_from(functions) for one in heard):
                return said
        heard = []
        words = {
            "provider": self.profile.short_name(article.locale),
            "profile": self.profile,
            _PROVINCE: province,
        }
        said = tidied(body.template.render(words | _noting(functions, heard)))
        before.append((heard, said))
        return said

    def is_same_for_all(self, article: Article) -> bool:
        """Whether an article that was told today asked nothing of its hearer."""
        body = self._body(article)
        tellings = [heard for said in body.said.values() for heard, _ in said]
        return bool(tellings) and not body.names_province and not any(tellings)

    def _body(self, article: Article) -> _Body:
        key = (article.locale, article.body)
        found = self._bodies.get(key)
        if found is None:
            parsed = self._environment.parse(article.body)
            names_province = any(one.name == _PROVINCE for one in parsed.find_all(nodes.Name))
            found = self._bodies[key] = _Body(ready(self._environment, parsed), names_province)
        return found

    def _functions_for(self, locale: str, hearer: Hearer) -> _Functions:
        found = self._functions.get((locale, hearer))
        if found is None:
            found = self._functions[locale, hearer] = self._make_functions(locale, hearer)
        return found

    def _make_functions(self, locale: str, hearer: Hearer) -> _Functions:
        on, kind = hearer.on, hearer.subject_kind
        statements = load_statements(self.extra_dir)
        told = RuleTelling(self.rulebook, statements, locale, on, kind, self.extra_dir)

        def rule(
            key: str, subject: str | None = kind, province: str | None = hearer.province
        ) -> RuleValue | None:
            version = self.rulebook.find(key, on, province=province, subject=subject)
            return None if version is None else version.value

        def differs(key: str, subject: str | None = kind) -> str:
            return told.differs(key, hearer.province, subject)

        @cache
        def province_rules(province: str, topic: str) -> str:
            return tell_province(told, province, topic, self.profile)

        return {
            "rule": rule,
            "differs": differs,
            "province_rules": province_rules,
            "rejection": partial(tell_rejection, locale=locale),
            "provinces_where": told.where,
            "numbers_by_province": told.by_province,
        }


def _noting(functions: _Functions, heard: list[_Heard]) -> dict[str, object]:
    """The same functions; what those of the hearer are asked is noted in ``heard``."""

    def noting(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def ask(*arguments: object, **named: object) -> object:
            one = _Heard(name, arguments, named, function(*arguments, **named))
            if one not in heard:
                heard.append(one)
            return one.got

        return ask

    return {
        name: noting(name, function) if name in _OF_THE_HEARER else function
        for name, function in functions.items()
    }


def places(provinces: tuple[str, ...], locale: str) -> str:
    """Provinces by name, in a row."""
    if locale == LOCALES[0]:
        return "、".join(provinces)
    named = (province_named(name) for name in provinces)
    return ", ".join(one.english for one in named if one is not None)


def _marked(text: str, article: Article, hearer: Hearer) -> str:
    """An answer that holds in some provinces alone says so, unless it is for the hearer's own."""
    if not article.provinces or article.only_if_named or hearer.province in article.provinces:
        return text
    where = places(article.provinces, article.locale)
    return f"{_HOLDS_IN[article.locale].format(where=where)}\n{text}"


def _citations(article: Article) -> tuple[Citation, ...]:
    checked = article.reviewed_on.isoformat()
    return tuple(
        Citation(
            " · ".join(part for part in (source.title, source.publisher) if part),
            source.url or "",
            checked,
        )
        for source in article.sources
    )
