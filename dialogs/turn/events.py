"""What the applicant is told when something happens to the filing."""

from collections.abc import Sequence

from dialogs.message import ReplyKind
from dialogs.turn.beside import take_beside
from dialogs.turn.draft import Draft
from dialogs.turn.returning import pass_on_unread
from dialogs.turn.stages import news_of, say_stage, ways_on
from dialogs.turn.taking_back import take_back
from filing.event import BESIDE_STAGES, Event, EventType, Stage
from filing.stage import StageState

_TOLD_IN_PASSING = frozenset(
    {
        EventType.WEBSITE_OPENED,
        EventType.FOOTER_DISPLAYED,
        EventType.POLICE_FILED,
        EventType.POLICE_NUMBER_DISPLAYED,
    }
)
"""Events after approval: news of their own, that lead to no other stage."""


def take(draft: Draft, event: Event) -> bool:
    """Record an event and tell what is new; False if it tells nothing.

    An event known before, or impossible where it comes, is kept with the filing and not told.
    """
    if event.type in BESIDE_STAGES:
        return take_beside(draft, event)
    return take_all(draft, (event,))


def take_all(draft: Draft, told: Sequence[Event]) -> bool:
    """Record several events and tell once where they lead; False if none is news."""
    before = draft.stage
    is_taken_back = False
    for event in told:
        if event.type is EventType.CORRECTED:
            is_taken_back = take_back(draft, event) or is_taken_back
        else:
            draft.happen(event)
    after = draft.stage
    news = [event for event in told if _counts(after, event)]
    has_moved = after.stage is not before.stage or after.attempt != before.attempt
    if not (news or has_moved or is_taken_back):
        return False
    if has_moved:
        _mind(draft, after)
    if after.stage is Stage.APPROVED and not has_moved and not is_taken_back:
        _tell_in_passing(draft, news)
    else:
        say_stage(draft, *news)
    if after.stage is Stage.RETURNED and pass_on_unread(draft) and not draft.mending.reasons:
        draft.ask_after = False  # whoever is asked will say what to change
    return True


def _mind(draft: Draft, after: StageState) -> None:
    """What the dialogue had in mind ends with the stage it belonged to."""
    if after.stage is Stage.RETURNED:
        draft.attend(focus=None, paused=False)
    elif after.stage is Stage.WITHDRAWN:
        draft.attend(focus=None, paused=True)
    else:
        draft.attend(focus=None)


def _tell_in_passing(draft: Draft, news: Sequence[Event]) -> None:
    for event in news[:-1]:
        draft.say(ReplyKind.NOTICE, "message.plain", text=news_of(draft, event))
    last = news[-1]
    draft.say(
        ReplyKind.NOTICE,
        "stage.told",
        news=news_of(draft, last),
        next=draft.text(f"stage.after.{last.type.value}", rule=draft.ground.rule)
        if last.type in _TOLD_IN_PASSING
        else "",
        buttons=ways_on(draft),
    )


def _counts(after: StageState, event: Event) -> bool:
    return any(known is event for known in after.accepted)
