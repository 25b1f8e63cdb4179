"""Whole filings: begin another, list and switch, start over, give one up."""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from dialogs.case import FilingRecord
from dialogs.journey import latest
from dialogs.message import Button, ReplyKind
from dialogs.turn import linking, proposals, reading_back, sensitive, taking_reports
from dialogs.turn.anew import say_why_anew
from dialogs.turn.deciding import say_locked
from dialogs.turn.draft import Draft
from dialogs.turn.moving import sum_up
from dialogs.world import day_of
from filing.event import Event, EventType, Stage


def new_filing(draft: Draft) -> None:
    """Begin another filing beside those there are; one not begun yet is simply gone on with."""
    filing = draft.case.filing
    draft.attend(paused=False)
    if filing is not None and not filing.answers and not filing.events:
        return
    draft.open_filing()
    _look_afresh(draft)
    draft.notice("message.new_filing", first=filing is None)
    say_why_anew(draft)


def wish_to_file(draft: Draft) -> None:
    """ "I want to file": goes on with a filing under way, unless another one is really meant."""
    filing = draft.case.filing
    if filing is None or not filing.answers or not draft.is_open:
        new_filing(draft)
        return
    draft.attend(paused=False)
    draft.say(
        ReplyKind.NOTICE,
        "message.filing_under_way",
        answered=draft.journey.answered,
        remaining=draft.journey.remaining,
        buttons=(draft.button("new_filing", "new_filing"),),
    )


def list_filings(draft: Draft) -> None:
    """Every filing of this applicant as a button; the active one marked."""
    if not draft.case.filings:
        draft.notice("message.nothing_begun")
        return
    buttons = [
        Button(_name(draft, record), f"filing:{record.id}")
        for record in draft.case.filings.values()
    ]
    buttons.append(draft.button("new_filing", "new_filing"))
    draft.say(ReplyKind.QUESTION, "message.filings", buttons=tuple(buttons))
    draft.ask_after = False


def _name(draft: Draft, record: FilingRecord) -> str:
    domain = latest(record.answers).get("domain")
    seen = replace(draft, case=replace(draft.case, active=record.id))
    seen.forget_journey()
    return draft.text(
        "button.filing",
        active=record.id == draft.case.active,
        name=(domain.value if domain else None) or draft.text("message.no_domain_yet"),
        stage=draft.text(f"stage.name.{seen.stage.stage.value}"),
        on=day_of(record.created_at).isoformat(),
    )


def switch_filing(draft: Draft, filing_id: str) -> None:
    """Make another filing of this applicant the active one."""
    if filing_id not in draft.case.filings:
        draft.notice("message.stale_button")
        return
    draft.case = draft.case.with_filing(draft.case.filings[filing_id])
    draft.forget_journey()
    draft.attend(focus=None, pending=None, proposal=(), aside=(), failures=0, undo=(), redo=())
    draft.attend(paused=draft.stage.stage is Stage.WITHDRAWN)
    _look_afresh(draft)
    if draft.journey.asked and draft.withheld is None:
        sum_up(draft)


def _look_afresh(draft: Draft) -> None:
    """Nothing of this filing stands before the applicant's eyes yet."""
    draft.asked_before = None
    draft.at_review = draft.ended_before = False


def wonder(pending: str) -> Callable[[Draft], None]:
    """A command that is only carried out after a yes."""

    def put_in_the_air(draft: Draft) -> None:
        stage = draft.stage.stage
        if draft.case.filing is None:
            draft.notice("message.nothing_begun")
            return
        if stage is Stage.APPROVED or (pending == "restart" and not draft.is_open):
            say_locked(draft)
            return
        if stage is Stage.WITHDRAWN and not draft.is_open:
            return
        draft.attend(pending=pending)
        draft.say(
            ReplyKind.QUESTION,
            f"message.sure_{pending}",
            is_under_review=not stage.editable,
            buttons=(
                draft.button(f"yes:{pending}", f"sure_{pending}"),
                draft.button(f"no:{pending}", "no_go_on"),
            ),
        )
        draft.ask_after = False

    return put_in_the_air


def decide(draft: Draft, *, yes: bool) -> None:
    """Carry out, or drop, what is in the air."""
    match draft.attention.pending, yes:
        case proposals.PROPOSAL, _:
            proposals.confirm(draft) if yes else proposals.drop(draft)
            return
        case reading_back.REPORT, _:
            taking_reports.decide_report(draft, yes=yes)
            return
        case sensitive.TYPE_HERE, _:
            sensitive.agree_to_type(draft) if yes else sensitive.decline_to_type(draft)
            return
    pending = draft.attention.pending
    draft.attend(pending=None)
    if pending is not None and pending.startswith(linking.PENDING):
        linking.decide(draft, pending.removeprefix(linking.PENDING), yes=yes)
    elif not yes:
        draft.notice("message.going_on")
    elif pending == "restart":
        restart(draft)
    elif pending == "withdraw":
        withdraw(draft)


def restart(draft: Draft) -> None:
    """Take every answer back except the consents, which stay given."""
    filing = draft.case.filing
    if filing is None or not draft.is_open:
        say_locked(draft)
        return
    for key, answer in latest(filing.answers).items():
        if answer.value is not None and key in draft.flow and draft.flow[key].consent is None:
            draft.put(draft.flow[key], None, remember=False)
    draft.attend(focus=None, failures=0, undo=(), redo=(), paused=False, proposal=(), aside=())
    draft.notice("message.restarted")


def withdraw(draft: Draft) -> None:
    """End the filing at the applicant's wish; it can be taken up again."""
    was_under_review = not draft.stage.stage.editable
    draft.happen(Event(EventType.WITHDRAWN, draft.now, MappingProxyType({})))
    draft.attend(focus=None, failures=0, paused=True, proposal=(), aside=(), undo=(), redo=())
    draft.say(
        ReplyKind.NOTICE,
        "message.withdrawn",
        how=draft.world.provider.console_text("withdraw", draft.case.locale)
        if was_under_review
        else "",
        buttons=(
            draft.button("cmd:resume", "take_up_again"),
            draft.button("new_filing", "new_filing"),
        ),
    )
    draft.ask_after = False
