"""Which articles answer a message: its questions one by one, or as it goes on from the last."""

import re
from dataclasses import dataclass, replace
from typing import Final

from knowledge.articles import Article
from knowledge.confidence import is_as_written
from knowledge.places import set_apart
from knowledge.reading import plain, subject_kinds_named
from knowledge.search import Index, Match, Route, Situation
from knowledge.sentences import Question, questions

_SURE_OF_EACH: Final = 0.5  # the confidence that each of several questions needs
_SAYS_ENOUGH: Final = 0.5  # fullness from which one of several questions is one
_STANDS_ALONE: Final = 0.75  # fullness from which a question needs no topic before it
_NOT_OURS: Final = 0.1  # confidence below which a question beside an answered one is told as open
_SURE_ALONE: Final = 0.85  # a short question as sure as that has a topic of its own
_LONGEST_GOING_ON: Final = 14
_SHORT: Final = 32  # characters of a message that is one thought
_PERSON: Final = re.compile(
    r"^(?:那|那么)(?:要是|如果)?(?:是)?个人(?=呢|的话|怎么|也|可以|行|要|$|[?？])"
)
_GOES_ON: Final = re.compile(
    r"^(?:那么?(?!个人)|那如果|那要是|如果是?|要是|换成)"
    r"|^(?:and\b|what about|how about|what if|then\b|but\b)"
    r"|(?:呢|的话)[?？。!]*$"
)
_REFERS: Final = re.compile(r"^(?:这个|那个|它|这|那|this|that|it)?")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a message is answered by: one match, or several that are all sure."""

    matches: tuple[Match, ...]
    unanswered: tuple[str, ...] = ()  # questions of it that nothing here answers

    @property
    def best(self) -> Match:
        """The first of them."""
        return self.matches[0]


def find(index: Index, message: str, who: Situation, topic: Article | None = None) -> Finding:
    """Look for the answers to a message. ``topic`` is the article last told."""
    if topic is not None:
        going_on = _going_on(index, message, who, topic)
        if going_on is not None:
            return Finding((going_on,))
    whole = index.ask(message, who)
    asked = questions(message)
    if len(asked) == 1 and asked[0].text == message.strip():
        return Finding((whole,))
    each = [(one, _asked_within(index, one, who)) for one in asked]
    sure = [
        match
        for _, match in each
        if match.route is Route.ANSWER
        and match.confidence >= _SURE_OF_EACH
        and match.evidence.fullness >= _SAYS_ENOUGH
    ]
    distinct = list({match.article.id: match for match in sure if match.article}.values())
    silent = tuple(
        one.text
        for one, match in each
        if match.confidence < _NOT_OURS and match.evidence.fullness >= _SAYS_ENOUGH
    )
    if len(distinct) > 1 or (distinct and silent):
        return Finding(tuple(distinct), silent)
    if len(message) <= _SHORT:  # what little is said around a question belongs to it
        return Finding((whole,))
    best = max((match for _, match in each), key=lambda match: match.confidence)
    return Finding((best if best.confidence > whole.confidence else whole,))


def _asked_within(index: Index, question: Question, who: Situation) -> Match:
    """One question of a message: with what is said around it, unless it is asked just so."""
    alone = index.ask(question.text, who)
    if is_as_written(alone.evidence):
        return alone
    return index.ask(question.text, who, about=question.around)


def _is_apart(alone: Match, topic: Article) -> bool:
    """Whether a question says enough by itself, and nothing of it leads to the topic."""
    near = topic in alone.suggestions
    return alone.evidence.fullness >= _STANDS_ALONE and not near


def goes_on(message: str) -> bool:
    """Whether a message goes on from what was told last: 那个人呢, what about Jiangsu."""
    text = plain(message)
    return _PERSON.search(text) is not None or _GOES_ON.search(text) is not None


def _going_on(index: Index, message: str, who: Situation, topic: Article) -> Match | None:
    """The answer to a question that only the last topic makes clear (那江苏呢), or None."""
    text = _PERSON.sub("个人", plain(message))
    if len(text) > _LONGEST_GOING_ON and not _GOES_ON.search(text):
        return None
    bare = _GOES_ON.sub("", text)
    alone = index.ask(bare, who)
    is_said_to_go_on = _GOES_ON.search(text) is not None
    is_answered = alone.route is Route.ANSWER
    is_sure = is_answered and alone.confidence >= _SURE_ALONE
    stands_alone = is_answered and alone.evidence.fullness >= _STANDS_ALONE
    if (is_sure or stands_alone) and (not is_said_to_go_on or (is_sure and stands_alone)):
        return None
    asked_before = set_apart(plain(topic.title)).text
    joined = index.ask(f"{asked_before} {bare}", who)
    is_elsewhere = joined.article == topic and alone.article != topic
    if is_elsewhere and (stands_alone or (_is_apart(alone, topic) and not is_said_to_go_on)):
        return None  # 那证件号码在哪里看: what was told just now does not say it
    kinds, rest = subject_kinds_named(set_apart(bare).text)
    says_only_whose = not rest.strip(" ?？。!") or alone.evidence.fullness == 0.0
    may_tell = not topic.subject_kinds or not kinds or kinds[0] in topic.subject_kinds
    for_a_province = joined.article is not None and joined.article.only_if_named
    if says_only_whose and may_tell and not for_a_province:
        return replace(
            joined,
            article=topic,
            route=Route.ANSWER,
            confidence=max(joined.confidence, _SURE_OF_EACH),
        )
    return joined if joined.route is Route.ANSWER else None
