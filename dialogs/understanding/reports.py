"""What an applicant says has happened to a filing that is handed in: events, who, and when."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from dialogs.understanding.reading import Clause, Message, read
from dialogs.understanding.report_words import ARRIVED, DONE, PASSED, ReportWords, report_words
from dialogs.understanding.when_said import SaidWhen, said_when
from filing.event import EventType, Stage
from filing.filing_number import filing_numbers_in
from filing.police_number import police_numbers_in

_E, _S = EventType, Stage

_MEANS: Mapping[str, Mapping[Stage, EventType]] = MappingProxyType(
    {
        PASSED: {
            _S.FIRST_REVIEW: _E.FIRST_REVIEW_PASSED,
            _S.SECOND_REVIEW: _E.SECOND_REVIEW_PASSED,
            _S.SMS_VERIFICATION: _E.SMS_VERIFIED,
            _S.BUREAU_REVIEW: _E.BUREAU_APPROVED,
        },
        ARRIVED: {
            _S.SUBMITTED: _E.SMS_RECEIVED,
            _S.SMS_VERIFICATION: _E.SMS_RECEIVED,
            _S.BUREAU_REVIEW: _E.BUREAU_APPROVED,
        },
    }
)
"""What is meant where only that it passed, or came, was said."""
_REASON = re.compile(
    r"(?:退回|驳回|打回|不通过|未通过|没通过|拒绝?)[^:：,，。;；\n]{0,12}[:：,，。;；\n]|"
    r"(?:原因|意见|理由|说明|说是?|因为)[^:：,，。;；\n]{0,6}?(?:是|为|如下|[:：,，])+|"
    r"\b(?:because(?: of)?|reason(?: is)?|says?|said|returned|rejected)\b\s*[:,]?",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(r"[\W_]*(?:了|啦|的|it|them|was|is|filing)?[\W_]*", re.IGNORECASE)
_WAITED: Mapping[Stage, frozenset[str]] = MappingProxyType(
    {
        _S.FIRST_REVIEW: frozenset({_E.FIRST_REVIEW_PASSED, _E.RETURNED}),
        _S.MATERIALS: frozenset({_E.RETURNED}),
        _S.SECOND_REVIEW: frozenset({_E.SECOND_REVIEW_PASSED, _E.RETURNED}),
        _S.BUREAU_REVIEW: frozenset({_E.BUREAU_APPROVED, _E.RETURNED}),
    }
)
"""What a clause most likely means where it could mean several things."""
_VAGUE = frozenset({*_MEANS, DONE})
_BLANK = re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff]{2})")
"""A blank where others write a comma."""
_MASKED = "#"
_PARTICLES = re.compile("[啊呀哦呢哈嘞啦]+$")
_JOINED = re.compile(r"\band\b|并且|而且|同时|另外|然后")
_SHORT, _SHORT_NEWS = 30, 20
"""Characters of a clause that may ask for nothing but news; a longer one asks something else."""
_WITH_FILING_NUMBER = frozenset(
    {_E.BUREAU_APPROVED, _E.FOOTER_DISPLAYED, _E.RETURNED, _E.POLICE_FILED}
)
_WITH_POLICE_NUMBER = frozenset({_E.POLICE_FILED, _E.POLICE_NUMBER_DISPLAYED})
"""What a number told says by itself nothing more about."""

_SUPPOSING = re.compile(
    r"如果|要是|万一|假如|会不会|是不是|有没有|怎么|为什么|为啥|怕|担心|别|不要|不会|没(?:有)?被|人脸|刷脸|"
    r"\b(?:if|will|would|could|might|why|how|afraid|not|n.t been)\b(?! pass)"
)


@dataclass(frozen=True, slots=True)
class Reported:
    """One event as it was told.

    ``type`` is None where only "done" was said. ``who`` is ``principal``, ``site_manager``,
    ``both``, ``other`` or None. ``reason`` is what a reviewer is said to have written.
    """

    type: EventType | None
    who: str | None = None
    when: SaidWhen | None = None
    filing_number: str | None = None
    police_number: str | None = None
    reason: str | None = None
    is_plan: bool = False


def read_reports(text: str, stage: Stage, now: datetime) -> tuple[Reported, ...]:
    """The events a message tells, in the order a filing sees them.

    Clauses that ask, suppose, plan or deny tell none; "passed" alone is what ``stage`` waits
    for. A message may tell of several.
    """
    words = report_words()
    message = read(_BLANK.sub("，", _without_numbers(text)))
    numbers = [number.full for number, _ in filing_numbers_in(text)]
    police = [number.full for number, _ in police_numbers_in(text)]
    found: dict[EventType | None, Reported] = {}
    vague: Reported | None = None
    for piece in _pieces(message):
        kind, one = _reported(piece, words, stage, now)
        if one is None:
            continue
        if kind in _VAGUE:
            vague = vague or one
            continue
        found.setdefault(one.type, one)
        if one.type is _E.RETURNED:  # what follows is the reviewer's, not the applicant's
            break
    if message.question is None:
        if police and not found.keys() & _WITH_POLICE_NUMBER:
            found[_E.POLICE_FILED] = Reported(_E.POLICE_FILED)
        if numbers and not found.keys() & _WITH_FILING_NUMBER:
            found[_E.BUREAU_APPROVED] = Reported(_E.BUREAU_APPROVED)
    if vague is not None and not found:
        found[vague.type] = vague
    whole_when = _when(message.statements, now)
    return tuple(
        _completed(one, text, numbers, police, whole_when)
        for one in sorted(found.values(), key=_place)
    )


def wonders(text: str, stage: Stage) -> bool:
    """Whether a message asks whether something has happened yet, or says that it has not."""
    words = report_words()
    for clause in read(_without_numbers(text)).clauses:
        plain = _PARTICLES.sub("", clause.plain.replace(_MASKED, "").strip(" ,.!?"))
        if len(plain) <= _SHORT_NEWS and words.news.fit(plain):
            return True
        if len(plain) > _SHORT:
            continue
        asks_whether = clause.is_question and not words.silent.fit(plain)
        if asks_whether and _tells(plain, words):
            return True
        says_yet = words.yet.fit(plain)
        if says_yet and (_tells(words.yet.without(plain), words) or _tells(plain, words)):
            return True
    return False


def _tells(plain: str, words: ReportWords) -> bool:
    """Whether some event's words are in a clause, however they are meant."""
    return any(wordings.fit(plain) for _, wordings in words.reports)


def trouble(text: str) -> str | None:
    """The trouble with an SMS a message speaks of: no_code, wrong_code, …; None if of none."""
    message = read(text)
    words = report_words()
    for clause in message.clauses:
        thin = words.thin.without(clause.plain)
        for name, wordings in words.troubles:
            if wordings.fit(clause.plain) or wordings.fit(thin):
                return name
    return None


def _pieces(message: Message) -> Iterator[str]:
    """What is stated, clause by clause, and within one by the words that join two things."""
    for clause in message.statements or message.clauses[:1]:
        if not clause.is_question:
            yield from _JOINED.split(clause.plain.replace(_MASKED, ""))


def _reported(
    piece: str, words: ReportWords, stage: Stage, now: datetime
) -> tuple[str, Reported | None]:
    """The event one clause tells of, if it tells of one, and how it is told."""
    plain = piece.strip(" ,.!")
    thin = words.thin.without(plain)
    kinds = [kind for kind, wordings in words.reports if wordings.fit(plain) or wordings.fit(thin)]
    if not kinds:
        return "", None
    waited = _WAITED.get(stage, frozenset())
    kind = next((one for one in kinds if one in waited), kinds[0])
    if _supposes(plain) if kind == _E.RETURNED else words.silent.fit(plain):
        return kind, None
    if kind in _MEANS:
        means = _MEANS[kind].get(stage)
        return kind, None if means is None else Reported(means, when=said_when(plain, now))
    event = None if kind == DONE else EventType(kind)
    return kind, Reported(
        event,
        who=_who(plain, words),
        when=said_when(plain, now),
        is_plan=event is _E.WEBSITE_OPENED and words.planned.fit(plain),
    )


def _when(clauses: tuple[Clause, ...], now: datetime) -> SaidWhen | None:
    """The first time a message names."""
    times = (said_when(clause.plain.replace(_MASKED, ""), now) for clause in clauses)
    return next((one for one in times if one is not None), None)


def _supposes(plain: str) -> bool:
    return _SUPPOSING.search(plain) is not None


def _who(plain: str, words: ReportWords) -> str | None:
    for name in ("site_manager", "principal", "both", "other"):
        if words.persons[name].fit(plain):
            return name
    return None


def _completed(
    one: Reported,
    text: str,
    numbers: list[str],
    police: list[str],
    whole_when: SaidWhen | None,
) -> Reported:
    """With what else the message says of it: numbers, the reviewer's words, the time."""
    is_approval = one.type is _E.BUREAU_APPROVED
    return Reported(
        one.type,
        who=one.who,
        when=one.when or whole_when,
        filing_number=numbers[0] if is_approval and numbers else None,
        police_number=police[0] if one.type is _E.POLICE_FILED and police else None,
        reason=_reason(text) if one.type is _E.RETURNED else None,
        is_plan=one.is_plan,
    )


def _reason(text: str) -> str | None:
    """The reviewer's words in a message that tells of a return; None if it holds none."""
    found = list(_REASON.finditer(text))
    if not found:
        return None
    start = found[0].end()
    for one in found[1:]:
        if one.start() - start <= 2 and _SAYS_NOTHING.fullmatch(text[start : one.start()]):
            start = one.end()
    rest = text[start:].strip(" \t\n,，。:：;；")
    return rest if rest and not _SAYS_NOTHING.fullmatch(rest) else None


def _place(one: Reported) -> int:
    return len(EventType) if one.type is None else list(EventType).index(one.type)


def _without_numbers(text: str) -> str:
    """The text with filing numbers blanked: their digits are no dates or codes."""
    for place in _places(text):
        width = place.stop - place.start
        text = text[: place.start] + _MASKED * width + text[place.stop :]
    return text


def _places(text: str) -> Iterator[slice]:
    for _, place in filing_numbers_in(text):
        yield place
    for _, place in police_numbers_in(text):
        yield place
