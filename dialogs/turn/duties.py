"""What the applicant says about deadlines: done, later, why, the list, quiet hours, new dates."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from dialogs.case import APPLICANT
from dialogs.due import deadlines_in
from dialogs.message import Button, Reply, ReplyKind
from dialogs.reminder_words import (
    day_words,
    days_left,
    due_words,
    left_words,
    may_report,
    source_of,
    span_words,
    who_of,
)
from dialogs.reminding import StaffTask
from dialogs.turn import events
from dialogs.turn.beside import take_beside
from dialogs.turn.draft import Draft
from dialogs.turn.duty_words import DutySaid, read_duty
from dialogs.world import SHANGHAI
from filing.deadline import Deadline
from filing.deadline_facts import CONTACTS_RIGHT
from filing.event import AUTHOR, Event, EventType

_MORNING: Final = time(9)


def _in(hours: int) -> Callable[[datetime], datetime]:
    return lambda now: now + timedelta(hours=hours)


def _tomorrow(now: datetime) -> datetime:
    local = now.astimezone(SHANGHAI)
    return datetime.combine(local.date() + timedelta(days=1), _MORNING, SHANGHAI)


def _days(now: datetime) -> datetime:
    local = now.astimezone(SHANGHAI)
    return datetime.combine(local.date() + timedelta(days=3), _MORNING, SHANGHAI)


_LATER: Final[Mapping[str, Callable[[datetime], datetime]]] = MappingProxyType(
    {"hour": _in(1), "hours": _in(4), "tomorrow": _tomorrow, "days": _days}
)
"""When a reminder may be put off to, by the word in its button."""


def press(draft: Draft, rest: str) -> None:
    """A button of a reminder: ``done``, ``later``, ``snooze:<when>`` or ``why`` of a deadline."""
    draft.ask_after = False
    verb, _, rest = rest.partition(":")
    when = ""
    if verb == "snooze":
        when, _, rest = rest.partition(":")
    filing_id, _, deadline_id = rest.partition(":")
    deadline = _find(draft, filing_id, deadline_id)
    if deadline is None or (verb != "why" and not deadline.open):
        draft.notice("reminder.settled")
        return
    match verb:
        case "done":
            _done(draft, filing_id, deadline)
        case "later":
            _offer_later(draft, filing_id, deadline)
        case "snooze" if when in _LATER:
            _snooze(draft, filing_id, deadline, _LATER[when](draft.now))
        case "why":
            _why(draft, deadline)
        case _:
            draft.notice("message.stale_button")


def hear(draft: Draft, text: str) -> bool:
    """Take a text if it speaks of deadlines and nothing else; False leaves it to the others."""
    said = read_duty(text, draft.today, after_handing_in=not draft.is_open)
    if said is None:
        return False
    draft.ask_after = False
    match said.about:
        case "list":
            say_list(draft)
        case "why":
            _why_nearest(draft)
        case "quiet":
            _keep_quiet(draft, said)
        case _:
            _take_date(draft, said)
    return True


def say_list(draft: Draft) -> None:
    """Every open deadline of the active filing, the nearest first."""
    now, locale = draft.now, draft.case.locale
    found = [one for one in deadlines_in(draft.case, now, draft.world) if one.open]
    if not found:
        draft.say(ReplyKind.ANSWER, "reminder.list_empty")
        return
    lines = "\n".join(
        draft.text(
            "reminder.list_line",
            title=one.kind.title[locale],
            who=who_of(one, locale, draft.world),
            due=due_words(one, now, locale, draft.world),
            left=left_words(one, now, locale, draft.world),
            days=days_left(one, now),
            is_over=one.due_at <= now,
        )
        for one in found
    )
    draft.say(ReplyKind.ANSWER, "reminder.list", lines=lines)


def _find(draft: Draft, filing_id: str, deadline_id: str) -> Deadline | None:
    filing = draft.case.filings.get(filing_id)
    if filing is None:
        return None
    found = deadlines_in(draft.case, draft.now, draft.world, record=filing)
    return next((one for one in found if one.id == deadline_id), None)


def _done(draft: Draft, filing_id: str, deadline: Deadline) -> None:
    """Record what the applicant reports: the stage's own event where there is one."""
    kind = deadline.kind
    if not may_report(deadline):
        draft.notice("message.stale_button")
        return
    if kind.ends in tuple(EventType):
        whose = {"person": deadline.who} if deadline.who is not None else {}
        event = Event(EventType(kind.ends), draft.now, {AUTHOR: APPLICANT, **whose})
        if filing_id == draft.case.active and events.take(draft, event):
            return
    else:
        event = Event(EventType.DUTY_DONE, draft.now, {"what": deadline.id, AUTHOR: APPLICANT})
    if event not in draft.case.filings[filing_id].events:
        _append(draft, filing_id, event)
    draft.notice(
        "reminder.done",
        title=kind.title[draft.case.locale],
        who=who_of(deadline, draft.case.locale, draft.world),
        comes_back=kind.starts == CONTACTS_RIGHT,
    )
    if kind.by_staff:
        key = f"{filing_id}/{deadline.id}/to_confirm"
        draft.tasks.append(StaffTask(key, filing_id, "to_confirm", deadline.id, draft.now))
        draft.notice("reminder.to_be_checked")


def _offer_later(draft: Draft, filing_id: str, deadline: Deadline) -> None:
    buttons = tuple(
        Button(draft.text(f"button.due_{word}"), f"due:snooze:{word}:{filing_id}:{deadline.id}")
        for word, at in _LATER.items()
        if at(draft.now) < deadline.due_at
    )
    if not buttons:
        _no_time_left(draft, deadline)
        return
    due = due_words(deadline, draft.now, draft.case.locale, draft.world)
    draft.say(ReplyKind.QUESTION, "reminder.when_again", due=due, buttons=buttons)


def _snooze(draft: Draft, filing_id: str, deadline: Deadline, until: datetime) -> None:
    if until >= deadline.due_at:
        _no_time_left(draft, deadline)
        return
    for one in _same_matter(draft, filing_id, deadline):
        data = {"what": one.id, "until": until.isoformat(), AUTHOR: APPLICANT}
        _append(draft, filing_id, Event(EventType.REMINDER_SNOOZED, draft.now, data))
    at = day_words(until, draft.now, draft.case.locale, draft.world, hour=True)
    draft.notice("reminder.snoozed", at=at)


def _same_matter(draft: Draft, filing_id: str, deadline: Deadline) -> tuple[Deadline, ...]:
    """What a reminder told in one line: the same thing to be done by several persons."""
    filing = draft.case.filings[filing_id]
    return tuple(
        one
        for one in deadlines_in(draft.case, draft.now, draft.world, record=filing)
        if one.open and one.kind is deadline.kind and one.due_at == deadline.due_at
    )


def _no_time_left(draft: Draft, deadline: Deadline) -> None:
    left = span_words(deadline.due_at - draft.now, draft.case.locale, draft.world)
    if deadline.due_at <= draft.now:
        left = span_words(timedelta(0), draft.case.locale, draft.world)
    draft.notice("reminder.no_time_left", left=left)


def _why(draft: Draft, deadline: Deadline) -> None:
    """From when it counts, how long, and by which rule."""
    locale, kind, length = draft.case.locale, deadline.kind, deadline.length
    if kind.margin:
        how = draft.text("reminder.length_until")
    elif not length.amount:
        how = draft.text("reminder.length_same_day")
    elif kind.before:
        how = draft.text("reminder.length_before", count=length.amount)
    else:
        how = draft.text(f"reminder.length_{length.unit}", count=length.amount)
    lawful = deadline.lawful_until
    postponed = lawful != deadline.due_at.date() and deadline.by_day and not kind.before
    start, source = deadline.starts_at, length.source
    text = draft.text(
        "reminder.why",
        title=kind.title[locale],
        start=day_words(start, draft.now, locale, draft.world, hour=not deadline.by_day),
        length=how,
        due=due_words(deadline, draft.now, locale, draft.world),
        lawful=day_words(
            datetime.combine(lawful, _MORNING, SHANGHAI), draft.now, locale, draft.world
        )
        if postponed
        else "",
        source=" ".join(filter(None, (source.title, source.article))) if source else "",
        version=length.version,
    )
    draft.replies.append(Reply(ReplyKind.ANSWER, text, citations=source_of(deadline)))


def _why_nearest(draft: Draft) -> None:
    """Why the matter is brought up that is due next."""
    found = [one for one in deadlines_in(draft.case, draft.now, draft.world) if one.open]
    if found:
        _why(draft, found[0])
    else:
        draft.say(ReplyKind.ANSWER, "reminder.list_empty")


def _keep_quiet(draft: Draft, said: DutySaid) -> None:
    begins, ends = said.hours
    draft.attend(quiet=said.hours)
    if begins == ends:
        draft.notice("reminder.quiet_off")
    else:
        draft.notice("reminder.quiet", **{"from": begins, "until": ends})


def _take_date(draft: Draft, said: DutySaid) -> None:
    """Keep a date the applicant told; one they tell again replaces it."""
    if draft.case.filing is None:
        draft.notice("message.nothing_begun")
        return
    data = {"what": said.about, "date": said.on, AUTHOR: APPLICANT}
    if said.who is not None:
        data["who"] = said.who
    take_beside(draft, Event(EventType.DATE_TOLD, draft.now, data))


def _append(draft: Draft, filing_id: str, event: Event) -> None:
    """Record an event of a filing that need not be the active one."""
    if filing_id == draft.case.active:
        draft.happen(event)
        return
    filing = draft.case.filings[filing_id]
    changed = replace(filing, events=(*filing.events, event))
    draft.case = replace(draft.case, filings={**draft.case.filings, filing_id: changed})
