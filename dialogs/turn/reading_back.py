"""Reading reports back: what was understood of them, to be confirmed before it counts."""

from datetime import datetime
from typing import Final

from dialogs.message import ReplyKind
from dialogs.turn.dates import day_words, moment_words
from dialogs.turn.draft import Draft
from dialogs.turn.stages import event_words
from dialogs.turn.taking_back import words_taken_back
from dialogs.world import SHANGHAI, day_of
from filing.event import Event, EventType
from knowledge.return_reading import read_reasons

REPORT: Final = "report"
"""What is pending while events read back wait for "that is right"."""

_E = EventType
_READ_BACK_TEXT = 200


def propose(draft: Draft, told: list[Event]) -> None:
    """Read events back; they count once they are confirmed."""
    if not told:
        return
    draft.attend(reports=tuple(told), pending=REPORT)
    draft.say(
        ReplyKind.QUESTION,
        "stage.report_read_back",
        lines="\n".join(_line(draft, event) for event in told),
        buttons=(draft.button(f"yes:{REPORT}", "yes"), draft.button(f"no:{REPORT}", "no")),
    )
    draft.ask_after = False


def _line(draft: Draft, event: Event) -> str:
    if event.type is _E.CORRECTED:
        return draft.text("stage.report_line_back", event=words_taken_back(draft, event))
    number = event.data.get("filing_number") or event.data.get("police_number")
    is_day = event.type in (_E.WEBSITE_OPENED, _E.FOOTER_DISPLAYED, _E.POLICE_FILED)
    return draft.text(
        "stage.report_line",
        event=event_words(draft, event.type, event.data.get("person")),
        number=number or "",
        asks_number=event.type is _E.BUREAU_APPROVED and not number,
        asks_time=event.type is _E.SMS_RECEIVED and _is_midnight(event.at),
        at=day_words(draft, day_of(event.at)) if is_day else moment_words(draft, event.at),
        reason=event.data.get("reason", "")[:_READ_BACK_TEXT],
        reads=_reads(draft, event),
    )


def _is_midnight(at: datetime) -> bool:
    """Whether only the day is known of a moment."""
    return at.astimezone(SHANGHAI).strftime("%H%M") == "0000"


def _reads(draft: Draft, event: Event) -> str:
    """What the reviewer's words are taken to mean."""
    reason = event.data.get("reason")
    if not reason:
        return ""
    book = draft.world.rejections
    codes = read_reasons(reason, book).codes
    locale = draft.case.locale
    return draft.text("message.semicolon").join(
        book.rejections[code].cause[locale] for code in codes
    )
