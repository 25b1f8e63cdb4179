"""A report made by mistake, taken back: the stage follows, the applicant and staff are told."""

from collections.abc import Iterable
from typing import Final

from dialogs.case import APPLICANT
from dialogs.message import ReplyKind
from dialogs.reminding import StaffTask
from dialogs.turn.dates import moment_words
from dialogs.turn.draft import Draft
from dialogs.turn.stages import event_words, ways_on
from filing.correcting import correction_of, last_told, named_by, standing
from filing.event import Event, EventType

_E = EventType
_NOBODY_WAITS_FOR: Final = frozenset({_E.DATE_TOLD, _E.REMINDER_SNOOZED, _E.REMEDIED})
"""What staff do nothing about, so that they need not hear that it was a mistake."""


def meant_by_mistake(draft: Draft, kinds: Iterable[EventType]) -> Event | None:
    """The correction a "pressed the wrong one" asks for: of one of ``kinds``, else of the last.

    None, after saying why, where the applicant told nothing that could be taken back.
    """
    filing = draft.case.filing
    assert filing is not None
    last = last_told(filing.events, APPLICANT, kinds) or last_told(filing.events, APPLICANT)
    theirs = next((one for one in reversed(draft.stage.accepted) if one.type in kinds), None)
    if theirs is not None and (last is None or last.type is not theirs.type):
        _pass_on(draft, theirs)
        return None
    if last is None:
        draft.say(
            ReplyKind.ANSWER,
            "stage.report_none_of_yours",
            stage=draft.text(f"stage.name.{draft.stage.stage.value}"),
            buttons=(*ways_on(draft), draft.button("cmd:handover", "person")),
        )
        return None
    return correction_of(last, draft.now, APPLICANT)


def _pass_on(draft: Draft, event: Event) -> None:
    """What somebody else recorded is for them to look at."""
    filing = draft.case.filing
    assert filing is not None
    key = f"{filing.id}/disputed/{event.type.value}/{event.at.isoformat()}"
    draft.tasks.append(StaffTask(key, filing.id, "disputed", None, draft.now, event.type.value))
    draft.say(
        ReplyKind.ANSWER,
        "stage.report_not_yours",
        event=event_words(draft, event.type, event.data.get("person")),
        provider=draft.world.provider.short_name(draft.case.locale),
        buttons=(draft.button("cmd:handover", "person"),),
    )


def take_back(draft: Draft, correction: Event) -> bool:
    """Record a correction and say what no longer counts; False if it names nothing told."""
    meant = _meant(draft, correction)
    words = words_taken_back(draft, correction)
    draft.happen(correction)
    if meant is None:
        return False
    if meant.type in (_E.RETURNED, _E.WITHDRAWN):
        _confirm_again(draft)
    filing = draft.case.filing
    assert filing is not None
    is_theirs_too = meant.type not in _NOBODY_WAITS_FOR
    if is_theirs_too:
        key = f"{filing.id}/corrected/{meant.type.value}/{meant.at.isoformat()}"
        task = StaffTask(key, filing.id, "corrected", None, draft.now, meant.type.value)
        draft.tasks.append(task)
    draft.notice("stage.report_taken_back", event=words, staff_know=is_theirs_too)
    return True


def words_taken_back(draft: Draft, correction: Event) -> str:
    """What a correction takes back, with its time."""
    meant = _meant(draft, correction)
    if meant is None:
        return draft.text(f"stage.report.{correction.data['event']}", who="")
    return draft.text(
        "stage.report_with_time",
        event=event_words(draft, meant.type, meant.data.get("person")),
        at=moment_words(draft, meant.at),
    )


def _meant(draft: Draft, correction: Event) -> Event | None:
    filing = draft.case.filing
    assert filing is not None
    return named_by(correction, standing(filing.events))


def _confirm_again(draft: Draft) -> None:
    """The filing was never opened for mending: what was confirmed is confirmed."""
    filing, closing = draft.case.filing, draft.flow.steps[-1]
    assert filing is not None
    given = [one.value for one in filing.answers if one.step == closing.key and one.value]
    if given and not draft.stage.stage.editable:
        draft.put(closing, given[-1], remember=False)
