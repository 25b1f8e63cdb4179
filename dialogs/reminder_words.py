"""What a reminder says: the matter, until when, what happens otherwise, and what to do next."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from dialogs.case import Case
from dialogs.journey import latest
from dialogs.message import Button, Citation, Notice, Reply, ReplyKind
from dialogs.reminding import Reminder, Rings
from dialogs.world import SHANGHAI, World
from filing.deadline import Deadline
from filing.event import FIELDS, EventType

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_MARKS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_SHOWN: Final = 3
"""Buttons for so many matters of one message; the others are a question away."""

_NOT_BY_BUTTON: Final = frozenset(
    {
        EventType.SUBMITTED_FOR_FIRST_REVIEW,  # by confirming the sheet
        EventType.SUBMITTED_TO_BUREAU,  # by the provider
        EventType.BUREAU_APPROVED,  # with the number
    }
)


@dataclass(frozen=True, slots=True)
class Item:
    """One reminder with the deadline it is about."""

    reminder: Reminder
    deadline: Deadline


def reminder_reply(
    case: Case, items: Sequence[Item], now: datetime, world: World, *, late: bool = False
) -> Reply:
    """One message for everything that is due; ``late`` if it should have come earlier."""
    say = world.wording.say
    matters = _matters(items)
    if len(matters) == 1:
        text = say("reminder.one", case.locale, **_variables(case, matters[0], now, world))
        return Reply(ReplyKind.REMINDER, text, _buttons(case, matters[0], world))
    lines = "\n".join(
        say("reminder.line", case.locale, n=n, **_variables(case, matter, now, world))
        for n, matter in enumerate(matters, start=1)
    )
    done = _done_buttons(case, items[:_SHOWN], world)
    text = say("reminder.several", case.locale, count=len(matters), lines=lines, late=late)
    return Reply(ReplyKind.REMINDER, text, (*done, _person(case, world)))


def notice_of(case: Case, items: Sequence[Item], now: datetime, world: World) -> Notice:
    """The nearest of what is due, in the few words of a template: nothing in it tells of whom."""
    item = min(items, key=lambda one: one.deadline.due_at)
    deadline, locale = item.deadline, case.locale
    return Notice(
        deadline.kind.key,
        deadline.kind.title[locale],
        mark_of_filing(item.reminder.filing_id),
        deadline.due_at,
        left_words(deadline, now, locale, world),
        deadline.kind.next_step[locale],
        len(_matters(items)) - 1,
        locale,
    )


def way_buttons(
    rings: Rings, channels: Collection[str], locale: str, world: World
) -> tuple[Button, ...]:
    """What a tap is enough for, of the ways somebody of these channels may be asked for."""
    say, offers = world.wording.say, rings.offers(channels)
    buttons: list[Button] = []
    if offers["notices"]:
        label = say("button.consent_notices", locale)
        buttons.append(Button(label, "consent", url=rings.consent_url))
    if offers["telegram"]:
        buttons.append(Button(say("button.link", locale), "wish:link"))
    return tuple(buttons)


def mark_of_filing(filing_id: str) -> str:
    """A short mark by which people tell their filings apart; it finds none."""
    digest = int(sha256(filing_id.encode()).hexdigest(), 16)
    letters = (_MARKS[digest // len(_MARKS) ** place % len(_MARKS)] for place in range(4))
    return "#" + "".join(letters)


def _matters(items: Sequence[Item]) -> list[tuple[Item, ...]]:
    """Items by matter: what two persons have to do by the same time is told once."""
    found: dict[tuple[str, str, datetime], list[Item]] = {}
    for item in items:
        deadline = item.deadline
        same = (item.reminder.filing_id, deadline.kind.key, deadline.due_at)
        found.setdefault(same, []).append(item)
    return [tuple(matter) for matter in found.values()]


def may_report(deadline: Deadline) -> bool:
    """Whether the applicant may say by one tap that it is done."""
    kind = deadline.kind
    if kind.ends not in tuple(EventType):
        return True
    ends = EventType(kind.ends)
    needs = FIELDS.get(ends, frozenset()) - {"person", "police_number"}
    return ends not in _NOT_BY_BUTTON and not needs


def who_of(deadline: Deadline, locale: str, world: World) -> str:
    """Whose it is, in words; empty where it is the filing's."""
    if deadline.who is None:
        return ""
    return world.wording.say(f"reminder.who_{deadline.who}", locale)


def day_words(at: datetime, now: datetime, locale: str, world: World, *, hour: bool = False) -> str:
    """A moment as people write it, the year only where it is another one."""
    local = at.astimezone(SHANGHAI)
    return world.wording.say(
        "reminder.day",
        locale,
        year=local.year if local.year != now.astimezone(SHANGHAI).year else None,
        month=local.month,
        day=local.day,
        weekday=local.weekday(),
        time=f"{local:%H:%M}" if hour else "",
    )


def span_words(span: timedelta, locale: str, world: World) -> str:
    """How long, in the largest unit that tells enough: 3 days, 20 hours, 45 minutes."""
    span = abs(span)
    if span >= 2 * _DAY:
        unit, count = "days", span // _DAY
    elif span >= _HOUR:
        unit, count = "hours", span // _HOUR
    else:
        unit, count = "minutes", max(1, span // timedelta(minutes=1))
    return world.wording.say(f"reminder.{unit}", locale, count=count)


def left_words(deadline: Deadline, now: datetime, locale: str, world: World) -> str:
    """How long until, or since, it is due: whole days where only the day matters."""
    days = days_left(deadline, now)
    if days:
        return world.wording.say("reminder.days", locale, count=abs(days))
    return span_words(deadline.due_at - now, locale, world)


def days_left(deadline: Deadline, now: datetime) -> int | None:
    """Days to the last one, 0 on it, negative after it; None where hours count."""
    if not deadline.by_day:
        return None
    return (deadline.due_at.date() - now.astimezone(SHANGHAI).date()).days


def source_of(deadline: Deadline) -> tuple[Citation, ...]:
    """Where the deadline's length can be read."""
    source = deadline.length.source
    if source is None:
        return ()
    return (Citation(source.title, source.url or "", source.date or ""),)


def due_words(deadline: Deadline, now: datetime, locale: str, world: World) -> str:
    """When it is due, with the hour where that matters."""
    return day_words(deadline.due_at, now, locale, world, hour=not deadline.by_day)


def name_of(case: Case, filing_id: str) -> str:
    """Which filing it is about, where the applicant has several."""
    if len(case.filings) < 2:
        return ""
    domain = latest(case.filings[filing_id].answers).get("domain")
    return (domain.value if domain else None) or filing_id[:6]


def _variables(
    case: Case, matter: tuple[Item, ...], now: datetime, world: World
) -> dict[str, object]:
    item, locale = matter[0], case.locale
    deadline = item.deadline
    whose = [who_of(one.deadline, locale, world) for one in matter]
    return {
        "title": deadline.kind.title[locale],
        "who": world.wording.say("message.comma", locale).join(filter(None, whose)),
        "about": name_of(case, item.reminder.filing_id),
        "number": max(one.reminder.number for one in matter),
        "total": max(one.reminder.total for one in matter),
        "due": due_words(deadline, now, locale, world),
        "left": left_words(deadline, now, locale, world),
        "days": days_left(deadline, now),
        "is_over": deadline.due_at <= now,
        "waits": deadline.kind.waits,
        "next_step": deadline.kind.next_step[locale],
        "consequence": deadline.kind.consequence[locale],
        "note": _note(deadline, locale, world),
    }


def _note(deadline: Deadline, locale: str, world: World) -> str:
    """What makes the date uncertain."""
    if deadline.estimated:
        return world.wording.say("reminder.estimated", locale)
    if not deadline.provisional:
        return ""
    is_sms = deadline.kind.ends == EventType.SMS_VERIFIED
    return world.wording.say("reminder.until_sms" if is_sms else "reminder.until_opened", locale)


def _buttons(case: Case, matter: tuple[Item, ...], world: World) -> tuple[Button, ...]:
    say = world.wording.say
    item = matter[0]
    named = f"{item.reminder.filing_id}:{item.deadline.id}"
    if len(matter) > 1:
        done = _done_buttons(case, matter, world)
    elif may_report(item.deadline):
        done = (Button(say("button.due_done", case.locale), f"due:done:{named}"),)
    else:
        done = ()
    return (
        *done,
        Button(say("button.due_later", case.locale), f"due:later:{named}"),
        Button(say("button.due_why", case.locale), f"due:why:{named}"),
        _person(case, world),
    )


def _done_buttons(case: Case, items: Sequence[Item], world: World) -> tuple[Button, ...]:
    """One for each matter that the applicant may report, named."""
    return tuple(
        Button(
            world.wording.say(
                "button.due_done_of",
                case.locale,
                title=item.deadline.kind.title[case.locale],
                who=who_of(item.deadline, case.locale, world),
            ),
            f"due:done:{item.reminder.filing_id}:{item.deadline.id}",
        )
        for item in items
        if may_report(item.deadline)
    )


def _person(case: Case, world: World) -> Button:
    return Button(world.wording.say("button.person", case.locale), "cmd:handover")
