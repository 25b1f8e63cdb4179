"""Events about deadlines alone: recorded and told, whatever the stage."""

from datetime import datetime, time
from typing import Final

from dialogs.reminder_words import day_words
from dialogs.turn.draft import Draft
from dialogs.world import SHANGHAI
from filing.event import Event, EventType

_MORNING: Final = time(9)


def take_beside(draft: Draft, event: Event) -> bool:
    """Record an event that changes no stage, and tell the applicant what was understood."""
    draft.happen(event)
    locale = draft.case.locale
    data = event.data
    match event.type:
        case EventType.DATE_TOLD:
            on = datetime.combine(datetime.fromisoformat(data["date"]), _MORNING, SHANGHAI)
            past = on < draft.now
            draft.notice(
                "reminder.date_told_over" if past else "reminder.date_told",
                what=draft.text(f"reminder.what.{data['what']}"),
                on=day_words(on, draft.now, locale, draft.world),
            )
        case EventType.DUTY_DONE:
            kind = draft.world.deadlines.kinds.get(data["what"].partition(":")[0])
            if kind is None:
                return False
            draft.notice("reminder.duty_noted", title=kind.title[locale])
        case EventType.REMINDER_SNOOZED:
            until = datetime.fromisoformat(data["until"])
            at = day_words(until, draft.now, locale, draft.world, hour=True)
            draft.notice("reminder.snoozed", at=at)
    return True
