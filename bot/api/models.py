"""What calls carry and get back."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from filing.event import EventType, Person, Stage

_NOT_TOLD: Final = (EventType.REMEDIED, EventType.REMINDER_SNOOZED)
"""Events that only the applicant can tell."""

ToldEvent = StrEnum(  # type: ignore[misc]  # an enumeration made from another one
    "ToldEvent", {kind.name: kind.value for kind in EventType if kind not in _NOT_TOLD}
)

_EXAMPLES: Final[list[Any]] = [
    {"type": "first_review_passed", "at": "2026-11-25T10:12:00+08:00"},
    {"type": "sms_verified", "person": "site_manager"},
    {"type": "bureau_approved", "filing_number": "苏ICP备2026000001号-1"},
    {"type": "returned", "stage": "bureau_review", "code": "R08,R18", "reason": "网站名称过于宽泛"},
]


class EventIn(BaseModel):
    """One thing that happened to a filing."""

    model_config = ConfigDict(
        extra="forbid", hide_input_in_errors=True, json_schema_extra={"examples": _EXAMPLES}
    )

    type: ToldEvent = Field(description="What happened.")
    at: datetime | None = Field(
        None,
        description="When it happened, ISO 8601; without a zone it is China's time. Default: now.",
    )
    person: Person | None = Field(
        None, description="Whose SMS: needed for `sms_verified`, possible for `sms_received`."
    )
    filing_number: str | None = Field(
        None, max_length=64, description="With `bureau_approved`; may follow in a later event."
    )
    police_number: str | None = Field(None, max_length=64, description="With `police_filed`.")
    stage: Stage | None = Field(
        None, description="With `returned`: where it was sent back; default: where it is."
    )
    code: str | None = Field(
        None,
        max_length=120,
        pattern=r"^R(0[1-9]|[12]\d|3[0-8])(\s*,\s*R(0[1-9]|[12]\d|3[0-8]))*$",
        description="With `returned`: reasons R01–R38, several with commas between.",
    )
    reason: str | None = Field(
        None, max_length=4000, description="With `returned`: the reviewer's own words."
    )
    what: str | None = Field(None, max_length=120, description="With `date_told`, `duty_done`.")
    date: str | None = Field(None, max_length=10, description="With `date_told`: 2026-12-20.")
    who: str | None = Field(None, max_length=20, description="With `date_told`, `duty_done`.")
    event: ToldEvent | None = Field(
        None, description="With `corrected`: the type of the event that was told by mistake."
    )
    told_at: datetime | None = Field(
        None, description="With `corrected`: when that event was said to have happened."
    )


class Recorded(BaseModel):
    """What became of an event. It is kept with the filing whatever the outcome."""

    filing: str = Field(description="The filing's public id.")
    event: str = Field(description="The event's type.")
    at: datetime = Field(description="When it happened.")
    outcome: Literal["counted", "repeat", "out_of_place", "replaced", "corrected"] = Field(
        description="`counted`: it is news and the applicant is told; `repeat`: known before; "
        "`out_of_place`: impossible at that stage, so set aside; `replaced`: a later word on the "
        "same matter counts; `corrected`: it was taken back as a mistake."
    )
    stage: Stage = Field(description="The stage afterwards.")
    since: datetime | None = Field(description="Since when.")
    attempt: int = Field(description="1; one more with each submission after a return.")


class Returned(BaseModel):
    """Why a filing was sent back."""

    at: datetime
    stage: Stage
    code: str | None
    reason: str | None


class DeadlineOut(BaseModel):
    """One deadline of a filing."""

    kind: str
    due_at: datetime
    done: bool
    person: str | None


class StageOut(BaseModel):
    """Where a filing stands. No personal data is in it."""

    filing: str
    stage: Stage
    since: datetime | None
    attempt: int
    filing_number: str | None
    police_number: str | None
    verified: list[Person] = Field(description="Who has done the SMS verification.")
    missing: list[Person] = Field(description="Who has yet to do it.")
    returned: list[Returned] = Field(description="The returns the applicant has yet to answer.")
    deadlines: list[DeadlineOut]


class FieldError(BaseModel):
    """One wrong field."""

    field: str
    message: str


class ProblemOut(BaseModel):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str = Field(description="Stable name of the refusal.")
    detail: str
    errors: list[FieldError] | None = None
