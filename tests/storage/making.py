"""Small cases and turns for the tests of the stores, with made-up people."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from secrets import token_hex
from typing import Any

from dialogs.case import Answer, Attention, Case, Consent, FilingRecord
from dialogs.message import Button, Citation, Identity, Inbound, Reply, ReplyKind
from dialogs.ports import FormGrant, Outgoing, Question, Receipt, TurnRecord
from filing.event import Event, EventType
from filing.finding import Level
from filing.materials.material import Box, Material, PictureFinding, Side, Verdict

NOW = datetime(2026, 11, 24, 9, 30, 15, 123456, tzinfo=UTC)
ID_NUMBER = "11010519491231002X"  # the specimen of the standard itself
PHONE = "13800138000"
_process = token_hex(3)
_numbers = count(1)


def unique(prefix: str) -> str:
    """A name no other test and no other process uses."""
    return f"{prefix}-{_process}-{next(_numbers)}"


def person(channel: str = "telegram") -> Identity:
    """Somebody new."""
    return Identity(channel, unique("person"))


def say(identity: Identity, text: str, kind: ReplyKind = ReplyKind.NOTICE) -> Outgoing:
    """One reply to an identity."""
    return Outgoing(unique("out"), identity, Reply(kind, text))


def rich_reply() -> Reply:
    """A reply that uses every field."""
    return Reply(
        ReplyKind.QUESTION,
        "第 7/19 项：网站的域名是？😀\n例如 example.cn",
        buttons=(Button("跳过", "cmd:skip"), Button("打开", "form", url="https://a.example/f")),
        citations=(Citation("备案管理办法", "https://law.example/33", "2026-11-01"),),
        step="domain",
        form=("principal_id_number", "phone"),
        progress=(7, 19),
    )


def asked(text: str, *, helped: bool | None = None, article: str | None = None) -> Question:
    """A question that uses every field."""
    return Question(
        text,
        "fallback" if helped is None else "answer",
        "zh-CN",
        helped,
        article,
        province="江苏",
        subject_kind="enterprise",
        filing_kind="first",
        stage="draft",
        step="domain",
    )


def turn(
    before: Case,
    *outgoing: Outgoing,
    message_id: str | None = None,
    heard: str | None = "你好",
    after: Case | None = None,
    forms: tuple[FormGrant, ...] = (),
    questions: tuple[Question, ...] = (),
    receipt: Receipt | None = None,
    at: datetime = NOW,
) -> TurnRecord:
    """A turn on ``before``; by default one that changes nothing but the attention."""
    number = message_id or unique("message")
    changed = replace(before, attention=Attention(failures=before.version % 3, seen_at=at))
    return TurnRecord(
        before,
        changed if after is None else after,
        Inbound(before.identity, number, at, text="…"),
        outgoing,
        heard=heard,
        forms=forms,
        questions=questions,
        receipt=receipt,
        at=at,
    )


def with_answers(case: Case, **values: str | None) -> Case:
    """The case with answers appended to its active filing, begun if there is none."""
    filing = case.filing or FilingRecord(unique("filing"), "first_filing", 3, NOW)
    given = tuple(
        Answer(step, value, NOW + timedelta(microseconds=n), basis="c0ffee")
        for n, (step, value) in enumerate(values.items())
    )
    return case.with_filing(replace(filing, answers=filing.answers + given))


def with_event(case: Case, event: Event) -> Case:
    """The case with an event of its active filing."""
    assert case.filing is not None
    return case.with_filing(replace(case.filing, events=(*case.filing.events, event)))


def piece(file_id: str | None = None, **changed: Any) -> Material:
    """A picture of a licence, received now."""
    made = Material(
        file_id or token_hex(16),
        "subject_certificate.subject",
        Side.WHOLE,
        NOW,
        "image/jpeg",
        345_678,
        2400,
        1800,
    )
    return replace(made, **changed)


def with_materials(case: Case, *materials: Material, verdicts: tuple[Verdict, ...] = ()) -> Case:
    """The case with pieces, and what staff said of them, appended to its active filing."""
    filing = case.filing or FilingRecord(unique("filing"), "first_filing", 3, NOW)
    return case.with_filing(
        replace(
            filing,
            materials=filing.materials + materials,
            verdicts=filing.verdicts + verdicts,
        )
    )


def full_case(fresh: Case) -> Case:
    """A case that uses every field: two filings, events, materials, consents, attention."""
    first = with_answers(fresh, subject_kind="enterprise", cert_number="91350100M000100Y43")
    first = with_event(first, Event(EventType.WITHDRAWN, NOW + timedelta(hours=1)))
    second = with_answers(
        replace(first, active=None), subject_kind="individual", phone=PHONE, remark=None
    )
    second = with_event(
        second,
        Event(
            EventType.RETURNED,
            NOW - timedelta(days=2),
            {"stage": "first_review", "code": "R18", "reason": "照片不清晰"},
        ),
    )
    blurred = PictureFinding("blur", Level.WARN, Box(0.25, 0.5, 0.75, 1.0), {"sharpness": 12})
    old = PictureFinding("expired", Level.REFUSE, params={"until": "2025-01-01"})
    pieces = (
        piece(findings=(blurred, old), valid_until=date(2025, 1, 1), gone=True),
        piece(slot="identity_document.site_manager", side=Side.FRONT, author="agent:小王"),
    )
    verdicts = (
        Verdict(pieces[0].id, False, NOW, "小王", "expired", "执照照片过期了，请拍新的"),
        Verdict(pieces[1].id, True, NOW + timedelta(hours=2), "小李"),
    )
    second = with_materials(second, *pieces, verdicts=verdicts)
    consents = tuple(
        Consent(kind, granted, "2026-11", "ab" * 32, NOW, "telegram")
        for kind, granted in (("processing", True), ("cross_border", False))
    )
    attention = Attention(
        focus="domain",
        proposal=(("domain", "例子.中国"), ("phone", PHONE)),
        pending="proposal",
        failures=2,
        handover="waiting",
        seen_at=NOW,
    )
    return replace(second, locale="en", consents=consents, attention=attention)
