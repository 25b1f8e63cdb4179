"""Turns of support staff: joining a conversation, speaking and acting in it, leaving it.

While somebody holds a conversation the assistant says nothing of its own in it; only what these
turns say, under whose name they say it, goes out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from dialogs.case import Answer, Case, Colleague, Helped, staff_name
from dialogs.holding import ClaimLost, freed, lapsed, renewed, taken, taken_over
from dialogs.message import OutgoingFile, Reply, ReplyKind
from dialogs.turn import events, proposals
from dialogs.turn.dates import day_words
from dialogs.turn.draft import Draft, TurnResult
from dialogs.turn.rating import ask_rating
from dialogs.turn.taking import finish, take_advice, take_event
from dialogs.world import World
from filing.event import BESIDE_STAGES, Event
from filing.invalid import Invalid


def join(case: Case, who: Colleague, now: datetime, world: World, lease: timedelta) -> TurnResult:
    """Claim the conversation and tell the applicant who has come; renew one's own claim silently.

    Raises HeldBy while somebody else's lease runs.
    """
    return _come_in(case, taken(case, who, now, lease), now, world)


def step_in(
    case: Case, who: Colleague, now: datetime, world: World, lease: timedelta
) -> TurnResult:
    """Claim the conversation, whoever has it, and tell the applicant who helps from now on."""
    return _come_in(case, taken_over(case, who, now, lease), now, world)


def hold_elsewhere(
    case: Case, who: Colleague, now: datetime, world: World, lease: timedelta
) -> TurnResult:
    """Claim the conversation for somebody who speaks with the applicant by other means.

    Nothing is said of it, and whoever had it has it no more; one's own claim is renewed.
    """
    is_mine = case.hold is not None and case.hold.agent == who.id
    held = renewed(case, who, now, lease) if is_mine else taken_over(case, who, now, lease)
    return _acting(held, now, world).result()


def stay(case: Case, who: Colleague, now: datetime, world: World, lease: timedelta) -> TurnResult:
    """Renew the lease. Raises ClaimLost."""
    return _acting(renewed(case, who, now, lease), now, world).result()


def say(
    case: Case,
    who: Colleague,
    text: str,
    files: Sequence[OutgoingFile],
    now: datetime,
    world: World,
    lease: timedelta,
) -> TurnResult:
    """Say something to the applicant under the colleague's name. Raises ClaimLost."""
    draft = _acting(renewed(case, who, now, lease), now, world)
    by = draft.text("staff.by", name=who.name)
    draft.replies.append(Reply(ReplyKind.ANSWER, text, files=tuple(files), by=by))
    return replace(draft.result(), author=who.author)


def ask_for(
    case: Case,
    who: Colleague,
    which: str,
    why: str,
    until: date | None,
    now: datetime,
    world: World,
    lease: timedelta,
) -> TurnResult:
    """Ask for a document, as a file sent into the conversation. Raises ClaimLost."""
    draft = _acting(renewed(case, who, now, lease), now, world)
    draft.say(
        ReplyKind.QUESTION,
        "staff.document",
        which=which,
        why=why,
        until=day_words(draft, until) if until is not None else "",
        is_cautious=draft.is_cautious,
    )
    return replace(draft.result(), author=who.author)


def propose(
    case: Case,
    who: Colleague,
    values: Mapping[str, str],
    advice_id: str,
    now: datetime,
    world: World,
    lease: timedelta,
) -> tuple[TurnResult, Mapping[str, Invalid]]:
    """Ask the applicant whether a colleague's values may count (``dialogs.turn.advising``).

    Returns the turn and what is wrong by step key; the turn counts only if that is empty. Raises
    ClaimLost.
    """
    held = renewed(case, who, now, lease)
    return take_advice(held, values, who.name, advice_id, now, world)


def tell(
    case: Case,
    who: Colleague,
    event: Event,
    now: datetime,
    world: World,
    lease: timedelta,
    filing_id: str | None = None,
) -> TurnResult:
    """Record what happened to a filing; the applicant is told of it later. Raises ClaimLost."""
    return take_event(renewed(case, who, now, lease), event, now, world, filing_id)


def hand_back(case: Case, who: Colleague, now: datetime, world: World) -> TurnResult:
    """Leave, and let the assistant go on: what changed, then the next open question.

    Raises ClaimLost.
    """
    return _leave(case, freed(case, who), "staff.left", now, world)


def nobody_came(case: Case, who: Colleague, now: datetime, world: World) -> TurnResult:
    """End a wait for people elsewhere, none of whom has come: there is no help to rate.

    Raises ClaimLost.
    """
    return _leave(case, freed(case, who), "staff.nobody_came", now, world, has_helped=False)


def put_back(case: Case, who: Colleague, now: datetime, world: World) -> TurnResult:
    """Leave for another colleague to come; the assistant helps meanwhile. Raises ClaimLost."""
    return _leave(case, freed(case, who), "staff.put_back", now, world, waits="put_back")


def lapse(case: Case, epoch: int, now: datetime, world: World) -> TurnResult:
    """End the claim of that epoch because its holder fell silent; the applicant waits again.

    Raises ClaimLost if that claim ended or was renewed meanwhile.
    """
    return _leave(case, lapsed(case, epoch, now), "staff.lapsed", now, world, waits="lapsed")


def close(case: Case, now: datetime, world: World) -> TurnResult:
    """End the help because the applicant needs no more of it; the assistant goes on.

    Raises ClaimLost where nobody has the conversation.
    """
    if case.hold is None:
        raise ClaimLost(None)
    return _leave(case, replace(case, hold=None), "staff.closed", now, world)


def _acting(case: Case, now: datetime, world: World) -> Draft:
    return Draft(case, world, now, _no_id, by_staff=True)


def _come_in(before: Case, after: Case, now: datetime, world: World) -> TurnResult:
    draft = _acting(after, now, world)
    hold = after.hold
    assert hold is not None
    if after.epoch == before.epoch:
        return draft.result()
    if before.hold is None:
        draft.say(ReplyKind.HANDOVER, "staff.joined", name=hold.name)
    elif before.hold.agent != hold.agent:
        draft.say(ReplyKind.HANDOVER, "staff.took_over", name=hold.name)
    return draft.result()


def _leave(
    before: Case,
    after: Case,
    wording: str,
    now: datetime,
    world: World,
    *,
    waits: str | None = None,
    has_helped: bool = True,
) -> TurnResult:
    """Let the assistant take up again; ``waits`` is why the applicant waits for another person."""
    hold = before.hold
    assert hold is not None
    draft = _acting(after, now, world)
    draft.at_review = True  # where all is answered, what changed matters now, not the sheet again
    draft.say(ReplyKind.HANDOVER, wording, name=hold.name)
    _sum_up(draft)
    pending = draft.attention.pending
    draft.attend(
        handover="waiting" if waits else None,
        handover_reason=waits,
        left=draft.attention.left if waits else (),
        silent_from=None,
        # A yes said since was said to the colleague: only what is asked again may be answered.
        pending=pending if pending == proposals.PROPOSAL else None,
        failures=0,
    )
    if not waits and has_helped:
        ask_rating(draft, Helped(hold.epoch, hold.name, now))
    finish(draft)
    return draft.result()


def _sum_up(draft: Draft) -> None:
    """Tell what changed since the assistant fell silent: answers of staff, and events."""
    known = {
        key: (answers, happened) for key, answers, happened in draft.attention.silent_from or ()
    }
    for filing in draft.case.filings.values():
        if draft.attention.silent_from is None:
            break  # nothing is known of when it was: rather nothing than everything again
        answers, happened = known.get(filing.id, (0, 0))
        if filing.id == draft.case.active:
            _tell_settled(draft, filing.answers[answers:])
        if filing.events[happened:]:
            _tell_events(draft, filing.id, happened)


def _tell_settled(draft: Draft, answers: Sequence[Answer]) -> None:
    """The values that staff settled and that count now, masked where they are sensitive."""
    settled = {one.step for one in answers if staff_name(one.author) is not None}
    lines = [
        draft.value_line(step, draft.journey.values[step.key])
        for step in draft.flow.steps
        if step.key in settled and draft.journey.values.get(step.key)
    ]
    if lines:
        draft.notice("staff.settled", lines="\n".join(lines), count=len(lines))


def _tell_events(draft: Draft, filing_id: str, known: int) -> None:
    """Say of a filing's newest events what would have been said when they were recorded."""
    filing = draft.case.filings[filing_id]
    as_it_was = replace(filing, events=filing.events[:known])
    case = replace(draft.case, filings={**draft.case.filings, filing_id: as_it_was})
    if filing_id != draft.case.active:
        for event in filing.events[known:]:
            result = take_event(case, event, draft.now, draft.world, filing_id)
            draft.replies += result.replies
            case = result.case
        return
    again = _acting(case, draft.now, draft.world)
    events.take_all(again, [one for one in filing.events[known:] if one.type not in BESIDE_STAGES])
    draft.replies += again.replies
    draft.ask_after = again.ask_after


def _no_id() -> str:
    raise LookupError("an act of staff never begins a filing")
