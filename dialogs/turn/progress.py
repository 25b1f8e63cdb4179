"""The progress picture: what is done, where the filing is, by when, and what comes next."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from dialogs.due import deadlines_in
from dialogs.message import OutgoingFile
from dialogs.pictures import ProgressPicture, ProgressRow, RowState
from dialogs.turn.draft import Draft
from dialogs.world import SHANGHAI
from filing.deadline import Deadline
from filing.event import EventType, Person, Stage


class _Line(NamedTuple):
    """One row: the stage it is, the event that ends it, the deadline that runs meanwhile."""

    key: str
    stage: Stage
    ends: EventType
    deadline: str = ""


_E: Final = EventType
_LINES: Final = (
    _Line("draft", Stage.DRAFT, _E.SUBMITTED_FOR_FIRST_REVIEW),
    _Line("first_review", Stage.FIRST_REVIEW, _E.FIRST_REVIEW_PASSED, "first_review"),
    _Line("materials", Stage.MATERIALS, _E.MATERIALS_SUBMITTED),
    _Line("second_review", Stage.SECOND_REVIEW, _E.SECOND_REVIEW_PASSED, "second_review"),
    _Line("submitted", Stage.SUBMITTED, _E.SUBMITTED_TO_BUREAU),
    _Line("sms_verification", Stage.SMS_VERIFICATION, _E.SMS_VERIFIED, "sms_verification"),
    _Line("bureau_review", Stage.BUREAU_REVIEW, _E.BUREAU_APPROVED, "bureau_review"),
)
_AFTER: Final = (
    _Line("footer", Stage.APPROVED, _E.FOOTER_DISPLAYED, "footer_number"),
    _Line("police", Stage.APPROVED, _E.POLICE_FILED, "public_security_filing"),
    _Line("police_number", Stage.APPROVED, _E.POLICE_NUMBER_DISPLAYED, "public_security_number"),
)
_PLACE: Final[Mapping[Stage, int]] = MappingProxyType(
    {line.stage: place for place, line in enumerate(_LINES)} | {Stage.APPROVED: len(_LINES)}
)


def attach_progress(draft: Draft) -> None:
    """Add the picture to the last reply, if there is anything to show."""
    if draft.case.filing is None or not draft.replies or draft.stage.stage is Stage.WITHDRAWN:
        return
    last = draft.replies[-1]
    draft.replies[-1] = replace(last, files=(*last.files, progress_file(draft)))


def progress_file(draft: Draft) -> OutgoingFile:
    """The picture of the active filing."""
    picture = _picture(draft)
    where = next((row.label for row in picture.rows if row.state in ("now", "wrong")), "")
    done = sum(row.state == "done" for row in picture.rows)
    return OutgoingFile(
        draft.text("progress.file"),
        picture=picture,
        alt=draft.text(
            "progress.alt", done=done, total=len(picture.rows), where=where, next=picture.next
        ),
    )


def _picture(draft: Draft) -> ProgressPicture:
    running = {
        one.kind.key: one
        for one in reversed(
            deadlines_in(draft.case, draft.now, draft.world, values=draft.journey.values)
        )
        if one.open
    }
    values = draft.journey.values
    return ProgressPicture(
        title=draft.text("progress.title", domain=values.get("domain", "")),
        subtitle=draft.text(
            "progress.subtitle",
            number=draft.stage.filing_number or "",
            name=draft.filing.subject.name or "",
            on=_day(draft, draft.now),
        ),
        rows=tuple(_row(draft, line, running) for line in (*_LINES, *_AFTER)),
        next_title=draft.text("progress.next_title"),
        next=_next(draft, running),
    )


def _row(draft: Draft, line: _Line, running: Mapping[str, Deadline]) -> ProgressRow:
    state = _state(draft, line)
    when = ""
    if state == "done":
        at = _done_at(draft, line)
        when = _day(draft, at) if at is not None else ""
    elif state == "now" and line.deadline in running:
        when = _until(draft, running[line.deadline])
    return ProgressRow(
        draft.text(f"progress.row.{line.key}"), state, when, _note(draft, line, state)
    )


def _state(draft: Draft, line: _Line) -> RowState:
    state = draft.stage
    if line in _AFTER:
        if state.when(line.ends) is not None:
            return "done"
        waits = line.ends is _E.POLICE_NUMBER_DISPLAYED and state.when(_E.POLICE_FILED) is None
        return "now" if state.stage is Stage.APPROVED and not waits else "todo"
    if state.stage is Stage.RETURNED:
        if line.stage is Stage.DRAFT:
            return "now"
        came_back = state.returned is not None and state.returned.stage is line.stage
        return "wrong" if came_back else "todo"
    here, there = _PLACE[state.stage], _PLACE[line.stage]
    if there == here:
        return "now"
    return "done" if there < here else "todo"


def _done_at(draft: Draft, line: _Line) -> datetime | None:
    """When it was done: the last event of it that counted."""
    told = [event.at for event in draft.stage.accepted if event.type is line.ends]
    return max(told) if told else None


def _note(draft: Draft, line: _Line, state: RowState) -> str:
    if state == "wrong" and draft.stage.returned is not None:
        return draft.text("progress.returned", on=_day(draft, draft.stage.returned.at))
    if state != "now":
        return ""
    if line.stage is Stage.DRAFT:
        return draft.text(
            "progress.filling", answered=draft.journey.answered, remaining=draft.journey.remaining
        )
    if line.stage is Stage.SMS_VERIFICATION and len(draft.persons) > 1:
        names = {f"is_{person}_done": person in draft.stage.verified for person in Person}
        return draft.text("progress.persons", **names)
    return ""


def _next(draft: Draft, running: Mapping[str, Deadline]) -> str:
    """What to do next: that of the nearest deadline that wants something done, or the stage's."""
    stage = draft.stage.stage
    if stage is Stage.APPROVED:
        ours = [running[line.deadline] for line in _AFTER if line.deadline in running]
        if ours:
            return min(ours, key=lambda one: one.due_at).kind.next_step[draft.case.locale]
    return draft.text(f"progress.next.{stage.value}")


def _day(draft: Draft, at: datetime) -> str:
    day = at.astimezone(SHANGHAI)
    return draft.text("progress.day", month=day.month, day=day.day)


def _until(draft: Draft, deadline: Deadline) -> str:
    at = deadline.due_at.astimezone(SHANGHAI)
    exact = "" if deadline.length.unit != "hours" else f"{at:%H:%M}"
    key = "progress.expected" if deadline.kind.waits else "progress.until"
    return draft.text(key, day=_day(draft, at), time=exact)
