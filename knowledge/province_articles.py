"""Articles on each province, made from its rules so that they never disagree with the checks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, lru_cache
from typing import Final

from filing.provinces import PROVINCES, Province, province_named
from filing.rulebook import LegalSource, Rule, Rulebook
from knowledge.article import Article
from knowledge.places import PROVINCES_FILE, cities_of, province_data
from knowledge.provider import ProviderProfile
from knowledge.rule_telling import RuleTelling
from knowledge.rules_loader import PROVINCE_FILES
from knowledge.topics import load_topics

OVERVIEW: Final = "overview"
_SOURCES: Final = 6  # the most that an answer names
_TEXTS: Final = {
    "zh-CN": {
        "own": "{province}：",
        "only_national": "{province}在这方面没有查到单独的规定，目前只知道全国的：",
        "same": "{province}在这方面和全国一样：",
        "nothing": "{province}在这方面没有查到单独的规定，按全国规定办。",
        "rest": "其他按全国规定：{rules}。",
        "nothing_else": "其他按全国规定。",
    },
    "en": {
        "own": "{province}:",
        "only_national": "No rule of {province}'s own is known on this; what holds nationwide:",
        "same": "{province} goes by the national rules here:",
        "nothing": "No rule of {province}'s own is known on this; the national rules hold.",
        "rest": "Otherwise the national rules hold: {rules}.",
        "nothing_else": "Otherwise the national rules hold.",
    },
}
_BREAK: Final = {"zh-CN": "；", "en": "; "}
_STOP: Final = {"zh-CN": "。", "en": "."}


@dataclass(frozen=True, slots=True)
class ProvinceTopic:
    """One thing people ask about a province."""

    name: str
    keys: tuple[str, ...]  # "one|other": the first that the province has a rule of
    related: str
    titles: Mapping[str, str]  # by locale, with {province} to fill in
    ask: Mapping[str, tuple[str, ...]]
    city: Mapping[str, tuple[str, ...]]  # with {city}; empty for most
    also: Mapping[str, str]  # a closing sentence by locale; empty for most

    def keys_for(self, rulebook: Rulebook, province: str) -> Iterator[str]:
        """The keys with each choice made."""
        for choice in self.keys:
            options = choice.split("|")
            known = (key for key in options if rulebook.is_researched(province, key))
            yield next(known, options[0])


@cache
def province_topics() -> tuple[ProvinceTopic, ...]:
    """What people ask by province, from provinces.toml; the overview first."""
    return tuple(
        ProvinceTopic(
            name,
            tuple(table["keys"]),
            table["related"],
            table["title"],
            {locale: tuple(asks) for locale, asks in table["ask"].items()},
            {locale: tuple(asks) for locale, asks in table.get("city", {}).items()},
            table.get("also", {}),
        )
        for name, table in province_data().items()
        if "keys" in table
    )


@lru_cache(maxsize=4)
def province_articles(rulebook: Rulebook, locale: str) -> Mapping[str, Article]:
    """An article for each province and topic, by id: ``province_jiangsu_phone``.

    Where neither province nor nation has a rule there is none.
    """
    found = {}
    for province in PROVINCES:
        for topic in province_topics():
            rules = tuple(_rules(rulebook, topic, province.name))
            if rules:
                article = _article(topic, province, rules, locale)
                found[article.id] = article
    return found


def unruled_articles(
    rulebook: Rulebook, locale: str, written: Mapping[str, Article]
) -> dict[str, Article]:
    """Those of which neither province nor nation has a rule.

    They say so and go on with what is ``written`` for the whole country.
    """
    found = {}
    for province in PROVINCES:
        for topic in province_topics():
            general = written.get(topic.related)
            if general is not None and not any(_rules(rulebook, topic, province.name)):
                article = _article(topic, province, (), locale, general)
                found[article.id] = article
    return found


def tell_province(
    told: RuleTelling, province: str, topic_name: str, profile: ProviderProfile
) -> str:
    """The text of one of these articles: what is the province's own first, the nation's after."""
    topic = next(one for one in province_topics() if one.name == topic_name)
    place = province_named(province)
    name = province if place is None or told.locale == "zh-CN" else place.english
    texts = _TEXTS[told.locale]
    keys = tuple(topic.keys_for(told.rulebook, province))
    overview = topic.name == OVERVIEW
    own, rest = _lines(told, province, keys, overview=overview)
    if not own and not rest and not overview:  # nothing for this kind of subject: what holds at all
        told = replace(told, subject=None)
        own, rest = _lines(told, province, keys, overview=overview)
    stop = _STOP[told.locale]
    lines = []
    if province in profile.unavailable_provinces:
        lines.append(profile.help_text("unavailable_province", told.locale))
    if own:
        if rest and rest[0] == told.default(keys[0], province):  # what the question is first about
            own.insert(len(told.own(keys[0], province)), rest.pop(0) + stop)
        lines += [texts["own"].format(province=name), *("· " + line for line in own)]
        if rest:
            lines.append(texts["rest"].format(rules=_BREAK[told.locale].join(rest)))
        else:
            lines.append(texts["nothing_else"])
    elif rest:
        known = any(told.rulebook.is_researched(province, key) for key in keys)
        lines.append(texts["same" if known else "only_national"].format(province=name))
        lines += [f"· {said}{stop}" for said in rest]
    else:
        lines.append(texts["nothing"].format(province=name))
    if topic.also:
        lines.append(topic.also[told.locale].format(province=name))
    return "\n".join(lines)


def _lines(
    told: RuleTelling, province: str, keys: tuple[str, ...], *, overview: bool
) -> tuple[list[str], list[str]]:
    """What is the province's own, in whole sentences, and the nation's without full stops."""
    own = [line for key in keys for line in told.own(key, province, brief=overview)]
    rest = [] if overview else [said for key in keys if (said := told.default(key, province))]
    return own, rest


def _article(
    topic: ProvinceTopic,
    province: Province,
    rules: tuple[Rule, ...],
    locale: str,
    general: Article | None = None,
) -> Article:
    name = province.name if locale == "zh-CN" else province.english
    asks = [ask.format(province=name) for ask in topic.ask[locale]]
    for city in cities_of(province, locale) if topic.city else ():
        asks += [ask.format(city=city) for ask in topic.city[locale]]
    overview = article_id(province.name, OVERVIEW)
    body = f"{{{{ province_rules(province, '{topic.name}') }}}}"
    sources = _sources(rules)
    checked = [rule.reviewed_on for rule in rules]
    if general is not None:
        body, sources = f"{body}\n{general.body}", general.sources
        checked.append(general.reviewed_on)
    reviewed_on = min(checked)
    return Article(
        id=article_id(province.name, topic.name),
        locale=locale,
        title=topic.titles[locale].format(province=name),
        ask=tuple(dict.fromkeys(asks)),
        body=body,
        sources=sources,
        related=(topic.related,) if topic.name == OVERVIEW else (topic.related, overview),
        reviewed_on=reviewed_on,
        provinces=(province.name,),
        subject_kinds=(),
        stages=(),
        steps=(),
        file=PROVINCES_FILE,
        body_line=1,
        topic="provinces",
        review_by=reviewed_on + _review_after(),
        only_if_named=True,
    )


@cache
def _review_after() -> timedelta:
    return load_topics().review_after


def article_id(province: str, topic: str) -> str:
    """The id of the article on a topic in a province: ``province_jiangsu``, ``…_phone``."""
    stem = "province_" + PROVINCE_FILES[province].removesuffix(".toml")
    return stem if topic == OVERVIEW else f"{stem}_{topic}"


def _rules(rulebook: Rulebook, topic: ProvinceTopic, province: str) -> Iterator[Rule]:
    """The rules an article may tell: the province's own, then the nation's."""
    for place in (province, None):
        for key in topic.keys_for(rulebook, province):
            yield from rulebook.rules_of(key, place)


def _sources(rules: tuple[Rule, ...]) -> tuple[LegalSource, ...]:
    """What the rules rest on today: the sources of their latest versions, each page once."""
    found = {rule.versions[-1].source.title: rule.versions[-1].source for rule in reversed(rules)}
    return tuple(found.values())[::-1][:_SOURCES]
