"""What happened to a filing, as dated events: the facts from which its stage is worked out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from filing.invalid import Invalid, invalid


class EventType(StrEnum):
    """One kind of event, in the order a smooth filing sees them."""

    SUBMITTED_FOR_FIRST_REVIEW = "submitted_for_first_review"  # the applicant confirms: 提交初审
    FIRST_REVIEW_PASSED = "first_review_passed"  # 初审通过
    MATERIALS_SUBMITTED = "materials_submitted"  # 资料已上传
    AUTHENTICITY_PASSED = "authenticity_passed"  # 真实性核验通过
    SECOND_REVIEW_PASSED = "second_review_passed"  # 复审通过
    SUBMITTED_TO_BUREAU = "submitted_to_bureau"  # 已提交管局
    SMS_RECEIVED = "sms_received"  # 收到核验短信
    SMS_VERIFIED = "sms_verified"  # 一位负责人完成短信核验
    BUREAU_APPROVED = "bureau_approved"  # 管局通过, brings the filing number
    RETURNED = "returned"  # 退回或驳回
    WEBSITE_OPENED = "website_opened"  # 网站开通
    FOOTER_DISPLAYED = "footer_displayed"  # 页脚已挂备案号
    POLICE_FILED = "police_filed"  # 公安联网备案通过
    POLICE_NUMBER_DISPLAYED = "police_number_displayed"  # 已挂公安备案号
    REMEDIED = "remedied"  # 退回后要重做的一件事已做
    WITHDRAWN = "withdrawn"  # 撤回或放弃
    CORRECTED = "corrected"  # 报错了: an event told by mistake is taken back
    DATE_TOLD = "date_told"  # a date that starts or moves a deadline: 域名到期日, 整改期限
    DUTY_DONE = "duty_done"  # a deadline's matter is settled, and no stage says so
    REMINDER_SNOOZED = "reminder_snoozed"  # 稍后提醒


class Stage(StrEnum):
    """Where a filing stands, in the order a smooth one goes through."""

    DRAFT = "draft"  # 填写中
    FIRST_REVIEW = "first_review"  # 初审
    MATERIALS = "materials"  # 资料与真实性核验
    SECOND_REVIEW = "second_review"  # 复审
    SUBMITTED = "submitted"  # 提交管局, waiting for the SMS
    SMS_VERIFICATION = "sms_verification"  # 短信核验
    BUREAU_REVIEW = "bureau_review"  # 管局审核
    APPROVED = "approved"  # 已通过
    RETURNED = "returned"  # 退回或驳回, open for editing again
    WITHDRAWN = "withdrawn"  # 已撤回

    @property
    def editable(self) -> bool:
        """True while the applicant may still change answers and hand in."""
        return self in (Stage.DRAFT, Stage.RETURNED, Stage.WITHDRAWN)


class Person(StrEnum):
    """Whose SMS verification it is."""

    PRINCIPAL = "principal"  # 主体负责人
    SITE_MANAGER = "site_manager"  # 网站负责人


BESIDE_STAGES: Final = frozenset(
    {EventType.DATE_TOLD, EventType.DUTY_DONE, EventType.REMINDER_SNOOZED}
)
"""Events about deadlines alone: they change no stage and may come at any."""

TOLD_DATES: Final = frozenset(
    {
        "audit_due",  # 核查整改期限
        "cancellation_submitted",  # 注销申请提交管局
        "certificate_valid_until",  # 证件到期, of `who`
        "change_planned",  # 计划变更日
        "commercial_licence_valid_until",  # 经营许可证到期
        "domain_valid_until",  # 域名到期
        "inaccuracy_found",  # 发现信息不准确
        "payment_overdue",  # 欠费停服
        "server_valid_until",  # 云服务器到期
        "service_ends",  # 终止服务
        "verification_sheet_signed",  # 核验单填写日
    }
)
"""What a ``date_told`` may date, in its field ``what``."""

FIELDS: Final[Mapping[EventType, frozenset[str]]] = MappingProxyType(
    {
        EventType.SMS_RECEIVED: frozenset({"person"}),  # none: to everybody who gets one
        EventType.SMS_VERIFIED: frozenset({"person"}),
        EventType.BUREAU_APPROVED: frozenset({"filing_number"}),
        EventType.RETURNED: frozenset({"stage", "code", "reason"}),
        EventType.POLICE_FILED: frozenset({"police_number"}),
        EventType.REMEDIED: frozenset({"code", "redo"}),
        EventType.CORRECTED: frozenset({"event", "told_at", "person", "what"}),
        EventType.DATE_TOLD: frozenset({"what", "date", "who"}),
        EventType.DUTY_DONE: frozenset({"what", "who"}),
        EventType.REMINDER_SNOOZED: frozenset({"what", "until"}),
    }
)
"""What an event of each type may carry beside its time; the others carry nothing."""

AUTHOR: Final = "by"
"""Where an event's data say who told it; nobody outside can set it (:func:`read_event`)."""


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a filing.

    ``at`` is when it happened, not when it was told: it may lie before events already
    known. Raises ``ValueError`` for a naive ``at`` or data this type of event cannot have.
    """

    type: EventType
    at: datetime
    data: Mapping[str, str] = field(default_factory=_nothing)

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise ValueError(f"event {self.type}: 'at' needs a time zone, found a naive datetime")
        wrong = _wrong_field(self.type, self.data)
        if wrong is not None:
            raise ValueError(f"event {self.type}: {wrong!r} is missing or not one of its values")

    @property
    def author(self) -> str | None:
        """Who told it: ``"applicant"``; None for the provider and its staff."""
        return self.data.get(AUTHOR)

    @property
    def facts(self) -> Mapping[str, str]:
        """The data without who told it."""
        return {name: value for name, value in self.data.items() if name != AUTHOR}

    def same_as(self, other: "Event") -> bool:
        """True if both tell the same fact at the same moment, whoever told it."""
        return self.type is other.type and self.at == other.at and self.facts == other.facts


def read_event(told: Mapping[str, object], now: datetime) -> Event | Invalid:
    """Read an event as told from outside: ``type``, ``at`` (ISO 8601, default ``now``), its data.

    A time without a zone is read in that of ``now``; fields an event of this type does not
    carry are left out. Returns ``Invalid`` with ``event.type``, ``event.at``,
    ``event.<field>`` for the field of :data:`FIELDS` that cannot be read.
    """
    try:
        kind = EventType(str(told.get("type", "")))
    except ValueError:
        return invalid("event.type")
    at = _moment(told.get("at"), now)
    if at is None:
        return invalid("event.at")
    data: dict[str, str] = {}
    for name in sorted(FIELDS.get(kind, frozenset())):
        value = told.get(name)
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            return invalid(f"event.{name}")
        data[name] = value.strip()
    wrong = _wrong_field(kind, data)
    if wrong is not None:
        return invalid(f"event.{wrong}")
    return Event(kind, at, MappingProxyType(data))


_RETURNED_FROM = frozenset(Stage) - {
    Stage.DRAFT,
    Stage.APPROVED,
    Stage.RETURNED,
    Stage.WITHDRAWN,
}


def _wrong_field(kind: EventType, data: Mapping[str, str]) -> str | None:
    person = data.get("person")
    if kind is EventType.SMS_VERIFIED and person not in tuple(Person):
        return "person"
    if kind is EventType.SMS_RECEIVED and person not in (None, *Person):
        return "person"
    if kind is EventType.REMEDIED:
        return next((name for name in ("code", "redo") if not data.get(name)), None)
    if kind is EventType.RETURNED and data.get("stage") not in (None, *_RETURNED_FROM):
        return "stage"
    if kind is EventType.CORRECTED:
        return _wrong_about_another(data)
    if kind in BESIDE_STAGES:
        return _wrong_about_a_deadline(kind, data)
    return None


def _wrong_about_a_deadline(kind: EventType, data: Mapping[str, str]) -> str | None:
    what = data.get("what", "")
    if not what or (kind is EventType.DATE_TOLD and what not in TOLD_DATES):
        return "what"
    if data.get("who") not in (None, "subject", *Person):
        return "who"
    if kind is EventType.DATE_TOLD and not _is_day(data.get("date")):
        return "date"
    until = data.get("until")
    if kind is EventType.REMINDER_SNOOZED and (until is None or not _is_moment(until)):
        return "until"
    return None


def _wrong_about_another(data: Mapping[str, str]) -> str | None:
    if data.get("event") not in tuple(EventType):
        return "event"
    return None if _is_moment(data.get("told_at", "")) else "told_at"


def _is_day(text: str | None) -> bool:
    try:
        date.fromisoformat(text or "")
    except ValueError:
        return False
    return True


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).utcoffset() is not None
    except ValueError:
        return False


def _moment(told: object, now: datetime) -> datetime | None:
    if told is None or told == "":
        return now
    try:
        at = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return at if at.utcoffset() is not None else at.replace(tzinfo=now.tzinfo)
