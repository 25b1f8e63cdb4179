"""Answers whose time is over lose their values; what follows from the others stays as it was.

Which go and when is data (``knowledge/privacy/keeping.toml``). A blanked answer still stands as
given: a filing that was complete is complete. Whoever opens the filing again is asked for it anew.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from dialogs.blanked_words import Blanker
from dialogs.case import RETENTION, Answer, Attention, Case, FilingRecord
from dialogs.flow import Flow, Ground
from dialogs.journey import EARLY, Journey, basis_of, journey, latest
from dialogs.turn.draft import TurnResult
from dialogs.world import World, day_of
from filing.event import EventType
from filing.materials.retention import KeepingTime, kept_until
from filing.rulebook import Rulebook
from filing.subject import SubjectKind
from knowledge.errors import Problem
from knowledge.keeping import FILE, AnswerKeeping

_STALE: Final = "-"
"""The basis of an answer that did not count: a fingerprint could be guessed back to a number."""


def until(case: Case, filing: FilingRecord, keeping: KeepingTime, now: datetime) -> datetime:
    """When what belongs to a filing goes. A date told ahead of time is no sign of life."""
    changes = [filing.created_at]
    changes += (answer.at for answer in filing.answers)
    changes += (piece.at for piece in filing.materials)
    events = [event for event in filing.events if event.at <= now]
    seen = case.attention.seen_at if case.active == filing.id else None
    return kept_until(events, changes, keeping, seen)


def due_steps(case: Case, filing: FilingRecord, now: datetime, world: World) -> frozenset[str]:
    """The steps whose answers are to be blanked now; none of which nothing is left to blank."""
    if goes_whole(case, filing):
        return frozenset()
    flow = world.flows[filing.flow]
    kind = _journey(flow, filing, world, now).values.get("subject_kind")
    is_unit = kind is not None and kind != SubjectKind.INDIVIDUAL.value
    over = {
        step
        for group in world.keeping.groups
        if until(case, filing, group.time, now) <= now and not (group.individuals_only and is_unit)
        for step in group.steps
    }
    held = {
        flow.key_today(answer.step, filing.flow_version)
        for answer in filing.answers
        if answer.value and answer.blanked_at is None
    }
    return frozenset(over & held)


def goes_whole(case: Case, filing: FilingRecord) -> bool:
    """Whether a filing that lies still goes with all else of its owner, who is told a week before
    and may keep it (``dialogs.turn.rights.announce``): then nothing of it goes ahead of that."""
    told = (event for one in case.filings.values() for event in one.events)
    is_under_way = any(event.type is not EventType.WITHDRAWN for event in told)
    return not filing.events and not is_under_way and case.attention.seen_at is not None


def is_gone_over(case: Case, filing: FilingRecord, now: datetime, world: World) -> bool:
    """Whether nothing of the filing is due later than now, as long as nothing is added to it."""
    if goes_whole(case, filing):
        return False
    return all(until(case, filing, one.time, now) <= now for one in world.keeping.groups)


def blank_due(case: Case, now: datetime, world: World) -> TurnResult | None:
    """The turn that blanks all that is due; None if nothing is. It says nothing to anybody."""
    filings = dict(case.filings)
    attention = case.attention
    for key, filing in case.filings.items():
        steps = due_steps(case, filing, now, world)
        over = is_gone_over(case, filing, now, world) and not _is_known_over(filing)
        if steps:
            flow = world.flows[filing.flow]
            filings[key] = blank(filing, flow, steps, now, world.rulebook)
            if key == case.active:
                attention = _without(attention, steps, Blanker.of(case, filing, steps, world))
        if over:
            filings[key] = replace(filings[key], gone_over_at=now)
    if filings == dict(case.filings):
        return None
    after = replace(case, filings=filings, attention=attention, version=case.version + 1)
    return TurnResult(after, ())


def _is_known_over(filing: FilingRecord) -> bool:
    gone_over = filing.gone_over_at
    return gone_over is not None and all(one.at <= gone_over for one in filing.answers)


def blank(
    filing: FilingRecord, flow: Flow, steps: frozenset[str], at: datetime, rulebook: Rulebook
) -> FilingRecord:
    """The filing without the values of these steps' answers, former ones included.

    What was derived from them is written down as an answer, or stands as given and gone. The bases
    of others are worked out anew: they were fingerprints over what is gone.
    """
    carried = flow.carry_over(filing.answers, filing.flow_version)
    before = journey(flow, carried, rulebook, day_of(at))
    gone = set(steps & before.values.keys() - before.derived)
    since = max((one.at for one in filing.answers), default=filing.created_at)
    added: list[Answer] = []
    for step in flow.steps:
        if step.key not in before.derived or step.derive is None or step.ask is None:
            continue
        if not gone & set(step.derive.looks_at):
            continue
        value = before.values[step.key]
        if value in {before.values[key] for key in gone & set(step.derive.looks_at)}:
            gone.add(step.key)  # it repeats what goes
            added.append(Answer(step.key, None, since, RETENTION, blanked_at=at))
        else:
            added.append(Answer(step.key, value, since, RETENTION))
    kept = tuple(
        _blanked(one, at) if flow.key_today(one.step, filing.flow_version) in steps | gone else one
        for one in filing.answers
    )
    answers = (*kept, *added)
    return replace(filing, answers=_based_anew(filing, flow, before, answers, gone, at, rulebook))


def _blanked(answer: Answer, at: datetime) -> Answer:
    if not answer.value or answer.blanked_at is not None:
        return answer
    return replace(answer, value=None, basis="", blanked_at=at)


def _based_anew(
    filing: FilingRecord,
    flow: Flow,
    before: Journey,
    answers: tuple[Answer, ...],
    gone: set[str],
    at: datetime,
    rulebook: Rulebook,
) -> tuple[Answer, ...]:
    """The answers with bases that say nothing of what is gone; what counted counts on."""
    values: dict[str, str] = {}
    ground = Ground(values, rulebook, day_of(at))
    bases: dict[str, str] = {}
    given = latest(flow.carry_over(answers, filing.flow_version))
    for step in flow.steps:
        if not step.applies(ground):
            continue
        derived = step.derive.derive(ground) if step.derive is not None else None
        if derived is not None:
            values[step.key] = derived
        elif step.key in given and given[step.key].value is not None and step.key in before.values:
            bases[step.key] = basis_of(step, values)
            values[step.key] = before.values[step.key]
    touched = {step.key for step in flow.steps if gone & set(step.needs)}

    def based(answer: Answer) -> Answer:
        key = flow.key_today(answer.step, filing.flow_version)
        if key not in touched or answer.value is None:
            return answer
        basis = bases.get(key, EARLY if answer.basis == EARLY else _STALE)
        return answer if basis == answer.basis else replace(answer, basis=basis)

    return tuple(map(based, answers))


def _without(attention: Attention, steps: frozenset[str], blanker: Blanker) -> Attention:
    """What the dialogue has in mind, without values of these steps."""

    def others(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((step, value) for step, value in pairs if step not in steps)

    advice = attention.advice
    return replace(
        attention,
        proposal=others(attention.proposal),
        aside=others(attention.aside),
        differing=others(attention.differing),
        undo=tuple(one for one in attention.undo if one.step not in steps),
        redo=tuple(one for one in attention.redo if one.step not in steps),
        advice=None if advice and any(one.step in steps for one in advice.values) else advice,
        left=tuple(replace(one, text=blanker.heard(one.text)) for one in attention.left),
    )


def keeping_problems(keeping: AnswerKeeping, flows: Iterable[Flow]) -> Iterator[Problem]:
    """What is wrong with the data, looked at beside the flows: every answer has one place there."""
    grouped = [step for group in keeping.groups for step in sorted(group.steps)]
    known: set[str] = set()
    for flow in flows:
        for step in flow.steps:
            known.add(step.key)
            if step.ask is None or step.consent is not None or step.closes:
                continue
            places = grouped.count(step.key) + (step.key in keeping.stays)
            if places != 1:
                what = f"the answer to {step.key!r} stands in {places} places"
                yield Problem(FILE, 0, what, "name it in one group, or in one [[kept]]")
            decides = {key for one in (*step.when, *step.required_when) for key in one.looks_at}
            for key in sorted(decides & set(grouped)):
                what = f"{key!r} decides whether {step.key!r} is asked, so it cannot go"
                yield Problem(FILE, 0, what, "move it from its group to a [[kept]]")
    for step_key in sorted((set(grouped) | keeping.stays) - known):
        yield Problem(FILE, 0, f"there is no question {step_key!r}", "correct or drop the name")


def _journey(flow: Flow, filing: FilingRecord, world: World, now: datetime) -> Journey:
    answers = flow.carry_over(filing.answers, filing.flow_version)
    return journey(flow, answers, world.rulebook, day_of(now))
