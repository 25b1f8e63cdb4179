"""What the applicant is told when something happens to the filing."""

from dialogs.turn.deciding import say_stage
from dialogs.turn.draft import Draft
from filing.event import Event, EventType, Stage
from filing.stage import StageState

_TOLD_IN_PASSING = frozenset(
    {
        EventType.MATERIALS_SUBMITTED,
        EventType.AUTHENTICITY_PASSED,
        EventType.SMS_VERIFIED,
        EventType.WEBSITE_OPENED,
        EventType.FOOTER_DISPLAYED,
        EventType.POLICE_FILED,
        EventType.POLICE_NUMBER_DISPLAYED,
    }
)
"""Events that are news although the stage stays what it was."""


def take(draft: Draft, event: Event) -> bool:
    """Record an event and tell what is new; False if it tells nothing.

    An event known before, or impossible where it comes, is kept with the filing and not told.
    """
    before = draft.stage
    draft.happen(event)
    after = draft.stage
    if after.stage is not before.stage or after.attempt != before.attempt:
        if event.type is EventType.SECOND_REVIEW_PASSED:
            return _tell(draft, event)  # the stage's own words are for when it is handed on
        if after.stage is Stage.RETURNED:
            draft.attend(focus=None, paused=False)
        elif after.stage is Stage.WITHDRAWN:
            draft.attend(focus=None, paused=True)
        say_stage(draft)
        return True
    if not _counts(after, event):
        return False
    if event.type in _TOLD_IN_PASSING:
        return _tell(draft, event)
    say_stage(draft)
    return True


def _tell(draft: Draft, event: Event) -> bool:
    draft.notice(
        f"message.event_{event.type.value}",
        provider=draft.world.provider.short_name(draft.case.locale),
        rule=draft.ground.rule,
    )
    return True


def _counts(after: StageState, event: Event) -> bool:
    return any(known is event for known in after.accepted)
