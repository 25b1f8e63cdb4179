"""An applicant's deadlines as a calendar: stable ids, rising versions, alarms, cancellations."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from icalendar import Alarm, Calendar, Event

from dialogs.case import Case, FilingRecord
from dialogs.due import deadlines_in
from dialogs.reminder_words import name_of, who_of
from dialogs.world import World
from filing.deadline import Deadline

_SHOWN_AFTER = timedelta(days=400)
"""What was settled longer ago is left out."""


def calendar_of(case: Case, now: datetime, world: World) -> bytes:
    """All deadlines of all filings, for a feed or an attachment (RFC 5545).

    Names the matter, the consequence and the next step; no number or name of a person.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Beian Assistant//Deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", world.wording.say("reminder.calendar_name", case.locale))
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    for filing in case.filings.values():
        for deadline in deadlines_in(case, now, world, record=filing):
            if deadline.done_at is None or now - deadline.done_at < _SHOWN_AFTER:
                calendar.add_component(_event(case, filing, deadline, now, world))
    return bytes(calendar.to_ical())


def _event(
    case: Case, filing: FilingRecord, deadline: Deadline, now: datetime, world: World
) -> Event:
    kind, locale = deadline.kind, case.locale
    who, about = who_of(deadline, locale, world), name_of(case, filing.id)
    title = kind.title[locale] + (f"（{who}）" if who else "") + (f" · {about}" if about else "")
    event = Event()
    event.add("uid", _uid(filing, deadline))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("last-modified", _changed_at(filing, now).astimezone(UTC))
    # Rises with everything that can move a deadline, so that a calendar takes the newest word.
    event.add("sequence", len(filing.events) + len(filing.answers))
    event.add("summary", title)
    event.add("description", f"{kind.next_step[locale]}。{kind.consequence[locale]}。")
    event.add("dtstart", (deadline.due_at - timedelta(minutes=30)).astimezone(UTC))
    event.add("dtend", deadline.due_at.astimezone(UTC))
    event.add("status", "CONFIRMED" if deadline.open else "CANCELLED")
    event.add("transp", "TRANSPARENT")
    if deadline.open:
        for before in _alarms(deadline):
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", title)
            alarm.add("trigger", -before)
            event.add_component(alarm)
    return event


def _uid(filing: FilingRecord, deadline: Deadline) -> str:
    """One matter of one filing keeps its id when its date moves."""
    matter = f"{filing.id}/{deadline.kind.key}/{deadline.who or ''}"
    return f"{sha256(matter.encode()).hexdigest()[:32]}@beian-assistant"


def _alarms(deadline: Deadline) -> Iterator[timedelta]:
    if deadline.by_day:
        yield timedelta(days=3)
        yield timedelta(days=1)
    else:
        yield timedelta(hours=6)
        yield timedelta(hours=1)


def _changed_at(filing: FilingRecord, now: datetime) -> datetime:
    told = [event.at for event in filing.events] + [answer.at for answer in filing.answers[-1:]]
    return min(max(told, default=filing.created_at), now)
