"""What an applicant says has happened to a filing that is handed in: events, who, and when."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from dialogs.understanding.reading import Clause, Message, read
from dialogs.understanding.report_words import (
    ARRIVED,
    DONE,
    MORE_WANTED,
    PASSED,
    ReportWords,
    report_words,
)
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
        MORE_WANTED: {
            _S.FIRST_REVIEW: _E.RETURNED,
            _S.SECOND_REVIEW: _E.RETURNED,
            _S.SUBMITTED: _E.RETURNED,
            _S.SMS_VERIFICATION: _E.RETURNED,
            _S.BUREAU_REVIEW: _E.RETURNED,
            _S.RETURNED: _E.RETURNED,
        },
    }
)
"""What is meant where only that it passed, came, or that more is wanted, was said.

Where materials are to be handed in anyway, wanting them is no return.
"""
_REASON = re.compile(
    r"(?:要求|让|叫|通知)[^:：\n]{0,16}?(?:补|改)[^:：\n]{0,10}[:：]|"
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
_DENIED = re.compile(
    "还没有|还没|没有|并没|没|还未|未|已经|已|根本|"
    r"\b(?:not|yet|actually|has ?n.t|have ?n.t|did ?n.t|was ?n.t|is ?n.t)\b"
)
_PAPERS = "材料|资料|证件|照片|文件"
_FACE = "人脸识别|人脸核验|人脸|刷脸|扫脸|真实性核验|真实性|实人认证"
_WITH = "跟|和|与|及|以及|还有|加上?|、"
_PAPERS_EN, _FACE_EN = "documents|papers|materials|files", "face (?:check|scan)|identity check"
_COUPLED = (
    (re.compile(f"({_PAPERS})(?:{_WITH})({_FACE})(?=.*(?:完|好|过|了))"), "而且"),
    (re.compile(f"({_FACE})(?:{_WITH})({_PAPERS})(?=.*(?:完|好|过|了))"), "而且"),
    (re.compile(rf"\b({_PAPERS_EN}) and (?:the )?({_FACE_EN})\b"), " and "),
    (re.compile(rf"\b({_FACE_EN}) and (?:the )?({_PAPERS_EN})\b"), " and "),
)
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


def wants_more(text: str) -> bool:
    """Whether a message says that a reviewer asks for more, or for something else."""
    wanted = dict(report_words().reports)[MORE_WANTED]
    clauses = read(_without_numbers(text)).clauses
    return any(wanted.fit(one.plain) and not _supposes(one.plain) for one in clauses)


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


def mistaken(text: str) -> frozenset[EventType] | None:
    """The events a message calls a mistake, none if it does not say which; None if it calls none.

    What "has not passed after all" is what was told to have.
    """
    words = report_words()
    message = read(_BLANK.sub("，", _without_numbers(text)))
    clauses = [clause.plain for clause in message.clauses if not clause.is_question]
    if not any(words.mistaken.fit(plain) for plain in clauses):
        return None
    named: set[EventType] = set()
    for plain in clauses:
        rest = _DENIED.sub("", words.mistaken.without(plain)).strip()
        named |= {
            EventType(kind)
            for kind, wordings in words.reports
            if kind not in _VAGUE and (wordings.fit(rest) or wordings.fit(f"{rest}了"))
        }
    return frozenset(named)


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
            yield from _JOINED.split(_spread(clause.plain.replace(_MASKED, "")))


def _spread(plain: str) -> str:
    """Two things told in one breath, each with what is said of both: 资料跟人脸都弄完了."""
    for pattern, joint in _COUPLED:
        found = pattern.search(plain)
        if found is not None:
            before, rest = plain[: found.start()], plain[found.end() :]
            return joint.join(f"{before}{one}{rest}" for one in found.groups())
    return plain


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
    is_return = kind in (_E.RETURNED, MORE_WANTED)
    if _supposes(plain) if is_return else words.silent.fit(plain):
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
