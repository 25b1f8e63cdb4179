"""Where a filing is: what happened, what comes next, who does it, when, what not to do."""

from collections.abc import Mapping
from dataclasses import replace

from dialogs.due import deadlines_in
from dialogs.message import ALL_ANSWERED, Button, OutgoingFile, ReplyKind
from dialogs.pictures import QrPicture
from dialogs.turn.dates import day_words, span_words
from dialogs.turn.draft import Draft
from dialogs.turn.footers import footer_buttons
from dialogs.turn.guides import guide_buttons
from dialogs.turn.papers import collects, papers
from dialogs.turn.returning import say_returned
from dialogs.turn.verifying import guide, is_handed_on
from dialogs.world import day_of
from filing.event import Event, EventType, Person, Stage

_AFTER_APPROVAL = ("footer_number", "public_security_filing", "public_security_number")
"""Deadlines worth naming whenever an approved filing is spoken of."""


def say_stage(draft: Draft, *happened: Event) -> None:
    """Where the filing is, below what has just happened; with buttons for what may come next."""
    news = "".join(f"{news_of(draft, event)}\n" for event in happened)
    stage = draft.stage.stage
    if stage is Stage.RETURNED:
        say_returned(draft)
        return
    draft.say(
        ReplyKind.NOTICE,
        f"stage.{stage.value}",
        news=news,
        provider=draft.world.provider.short_name(draft.case.locale),
        contact=draft.world.reached_by(draft.case.locale),
        **_details(draft, stage),
        buttons=ways_on(draft),
    )
    if stage is Stage.MATERIALS:
        show_where_to_verify(draft)
    if not stage.editable:
        draft.replies[-1] = replace(draft.replies[-1], progress=ALL_ANSWERED)


def news_of(draft: Draft, event: Event) -> str:
    """One line on what has happened."""
    who = event.data.get("person")
    return draft.text(
        f"stage.news.{event.type.value}",
        number=event.data.get("filing_number") or event.data.get("police_number") or "",
        who=_person(draft, who) if who else "",
        day=day_words(draft, day_of(event.at)),
        is_planned=event.at > draft.now,
        provider=draft.world.provider.short_name(draft.case.locale),
    )


def _details(draft: Draft, stage: Stage) -> dict[str, object]:
    match stage:
        case Stage.FIRST_REVIEW | Stage.SECOND_REVIEW:
            return _review(draft, stage)
        case Stage.MATERIALS:
            return _materials(draft)
        case Stage.SUBMITTED | Stage.SMS_VERIFICATION:
            return _sms(draft)
        case Stage.BUREAU_REVIEW:
            return _bureau(draft)
        case Stage.APPROVED:
            return _approved(draft)
        case _:
            filing = draft.case.filing
            return {"filing": filing.id if filing else ""}


def show_where_to_verify(draft: Draft) -> None:
    """Add the QR code of the page where the authenticity check begins, while that is open.

    The provider takes the pictures of faces itself: none ever comes here.
    """
    address = draft.world.provider.face_check_page
    if address is None or draft.stage.when(EventType.AUTHENTICITY_PASSED) is not None:
        return
    if draft.stage.when(EventType.MATERIALS_SUBMITTED) is None:
        return
    provider = draft.world.provider.short_name(draft.case.locale)
    code = OutgoingFile(
        draft.text("material.qr.file"),
        picture=QrPicture(
            address,
            draft.text("material.qr.title"),
            draft.text("material.qr.note", provider=provider),
        ),
        alt=draft.text("material.qr.alt", provider=provider, address=address),
    )
    last = draft.replies[-1]
    draft.replies[-1] = replace(last, files=(*last.files, code))


def _review(draft: Draft, stage: Stage) -> dict[str, object]:
    provider, since = draft.world.provider, draft.stage.since
    is_first = stage is Stage.FIRST_REVIEW
    low, high = (
        provider.first_review_working_days if is_first else provider.second_review_working_days
    )
    return {
        "since": day_words(draft, day_of(since)) if since else "",
        "span": span_words(draft, since, low, high),
        "attempt": draft.stage.attempt,
    }


def _materials(draft: Draft) -> dict[str, object]:
    required = [item for item in papers(draft) if item.required] if collects(draft) else []
    provider, locale = draft.world.provider, draft.case.locale
    low, high = provider.second_review_working_days
    return {
        "uploaded": draft.stage.when(EventType.MATERIALS_SUBMITTED) is not None,
        "checked": draft.stage.when(EventType.AUTHENTICITY_PASSED) is not None,
        "left": sum(item.is_open for item in required),
        "total": len(required),
        "upload": provider.console_text("upload", locale),
        "face_check": provider.console_text("face_check", locale),
        "low": low,
        "high": high,
    }


def _sms(draft: Draft) -> dict[str, object]:
    return {
        "is_handed_on": is_handed_on(draft),
        "are_two": len(draft.persons) > 1,
        "guide": guide(draft) if is_handed_on(draft) else "",
        "hours": draft.ground.rule("sms_window_hours"),
        "attempt": draft.stage.attempt,
    }


def _bureau(draft: Draft) -> dict[str, object]:
    province = draft.journey.values.get("province", "")
    low, high = _review_days(draft)
    return {
        "province": draft.world.wording.label("province", province, draft.case.locale),
        "span": span_words(draft, draft.stage.since, low, high),
    }


def _review_days(draft: Draft) -> tuple[int, int]:
    """The bureau's usual range of working days; up to the law's limit where none is known."""
    usual = draft.ground.rule("bureau_review_working_days")
    low, high = (usual.get("min"), usual.get("max")) if isinstance(usual, Mapping) else (1, None)
    if not isinstance(high, int):
        high = draft.world.rulebook.at("review_working_days", draft.today).number
    return (low if isinstance(low, int) else 1, high)


def _approved(draft: Draft) -> dict[str, object]:
    duties = [
        draft.text(
            "stage.duty",
            title=one.kind.title[draft.case.locale],
            until=day_words(draft, one.due_at.date()),
            is_that_day=one.provisional and one.starts_at.date() == one.due_at.date(),
            is_provisional=one.provisional,
            is_past=one.due_at < draft.now,
        )
        for one in deadlines_in(draft.case, draft.now, draft.world, values=draft.journey.values)
        if one.open and one.kind.key in _AFTER_APPROVAL
    ]
    return {
        "number": draft.stage.filing_number or "",
        "duties": "\n".join(duties),
        "is_opened": draft.stage.when(EventType.WEBSITE_OPENED) is not None,
    }


def ways_on(draft: Draft) -> tuple[Button, ...]:
    """Buttons for what may be reported next, and for what else can be done at this stage."""
    stage = draft.stage.stage
    reports = tuple(event_button(draft, kind, person) for kind, person in next_events(draft))
    new = draft.button("new_filing", "new_filing")
    if stage is Stage.WITHDRAWN:
        return (draft.button("cmd:resume", "take_up_again"), new)
    if stage is Stage.APPROVED:
        return (*footer_buttons(draft), *reports, *guide_buttons(draft), new)
    if stage is Stage.MATERIALS and draft.stage.when(EventType.MATERIALS_SUBMITTED) is None:
        return (draft.button("paper:next", "paper_begin"), *reports)
    if reports and is_handed_on(draft):
        return (*reports, draft.button("sms:more", "sms_trouble"))
    return reports


def event_button(draft: Draft, kind: EventType, person: str | None = None) -> Button:
    """The button that reports an event of this very filing, whichever is the active one then."""
    filing = draft.case.filing
    value = f"event:{kind.value}:{person or ''}:{filing.id if filing else ''}"
    return Button(event_words(draft, kind, person), value)


def event_words(draft: Draft, kind: EventType, person: str | None = None) -> str:
    """An event as an applicant would report it."""
    who = _person(draft, person) if person else ""
    return draft.text(f"stage.report.{kind.value}", who=who)


def _person(draft: Draft, person: str) -> str:
    if person == "both" or (len(draft.persons) == 1 and draft.filing.site_manager_same):
        return draft.text("stage.person.both_roles" if person != "both" else "stage.person.both")
    return draft.text(f"stage.person.{person}")


def next_events(draft: Draft) -> tuple[tuple[EventType, str | None], ...]:
    """What can be reported next, the usual first; a return always may come instead."""
    state = draft.stage
    kind = EventType

    def unless_told(*kinds: EventType) -> list[tuple[EventType, str | None]]:
        return [(one, None) for one in kinds if state.when(one) is None]

    found: list[tuple[EventType, str | None]]
    match state.stage:
        case Stage.FIRST_REVIEW:
            found = [(kind.FIRST_REVIEW_PASSED, None)]
        case Stage.MATERIALS:
            found = unless_told(kind.MATERIALS_SUBMITTED, kind.AUTHENTICITY_PASSED)
        case Stage.SECOND_REVIEW:
            found = [(kind.SECOND_REVIEW_PASSED, None)]
        case Stage.SUBMITTED:
            found = [*unless_told(kind.SUBMITTED_TO_BUREAU), (kind.SMS_RECEIVED, None)]
        case Stage.SMS_VERIFICATION:
            missing = [one for one in Person if one in draft.persons - state.verified]
            found = [(kind.SMS_VERIFIED, one.value) for one in missing]
        case Stage.BUREAU_REVIEW:
            found = [(kind.BUREAU_APPROVED, None)]
        case Stage.APPROVED:
            found = unless_told(kind.WEBSITE_OPENED, kind.FOOTER_DISPLAYED, kind.POLICE_FILED)
            if state.when(kind.POLICE_FILED) is not None:
                found += unless_told(kind.POLICE_NUMBER_DISPLAYED)
            return tuple(found)
        case _:
            return ()
    return (*found, (kind.RETURNED, None))
