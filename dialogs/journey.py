"""Where an applicant is in a flow, worked out from the answers alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b

from dialogs.case import Answer
from dialogs.flow import Flow, Ground, Step
from filing.rulebook import Rulebook

EARLY = "early"
"""The basis of an answer given before the answers it rests on."""


@dataclass(frozen=True, slots=True)
class Journey:
    """The path through a flow as the answers now stand.

    ``values`` holds every counting value on the path, derived ones included; ``derived``
    names the steps nobody had to be asked; ``proposals`` the values that an edit made
    doubtful: kept to be confirmed, not lost. ``early`` are those among them that were
    confirmed before what they rest on was known: they count as soon as they can be judged.
    ``blanked`` are answers whose time was over: they stand as given, and have no value.
    """

    completed: tuple[Step, ...]
    current: Step | None
    remaining: int  # open questions, the current one included, as far as can be told
    values: Mapping[str, str]
    derived: frozenset[str]
    proposals: Mapping[str, str]
    early: frozenset[str] = frozenset()
    asked: tuple[Step, ...] = ()  # the completed steps the applicant answered, oldest first
    kept: int = 0  # answers beyond the open question that will count again, as far as can be told
    blanked: Mapping[str, datetime] = field(default_factory=dict)  # given, and gone since

    @property
    def answered(self) -> int:
        """How many questions the applicant has answered, those kept for later included."""
        return len(self.asked) + self.kept

    @property
    def is_complete(self) -> bool:
        """Whether every question that applies has its answer."""
        return self.current is None


def basis_of(step: Step, values: Mapping[str, str]) -> str:
    """A fingerprint of the answers that ``step``'s answer rests on; empty if on none.

    The steps' own names are left out, so that a renamed step invalidates nothing.
    """
    if not step.needs:
        return ""
    rests_on = "\0".join(values.get(key, "") for key in step.needs)
    return blake2b(rests_on.encode("utf-8", "replace"), digest_size=9).hexdigest()


def is_early(step: Step, values: Mapping[str, str]) -> bool:
    """Whether something that ``step``'s answer rests on is not known yet."""
    return any(key not in values for key in step.needs)


def latest(answers: tuple[Answer, ...]) -> dict[str, Answer]:
    """The last answer to each step."""
    return {answer.step: answer for answer in answers}


def journey(flow: Flow, answers: tuple[Answer, ...], rulebook: Rulebook, today: date) -> Journey:
    """Replay ``answers`` over ``flow``.

    An answer counts if its step applies and it rests on the same earlier answers as when it
    was given. Past the first open question the journey goes on to count what is left, with
    the answers most applicants give (``Step.likely``) in place of those not given yet.
    """
    given = latest(answers)
    values: dict[str, str] = {}
    foreseen: dict[str, str] = {}  # and what will probably be answered, to count what is left
    ground = Ground(values, rulebook, today)
    ahead = Ground(foreseen, rulebook, today)
    completed: list[Step] = []
    derived: set[str] = set()
    proposals: dict[str, str] = {}
    early: set[str] = set()
    blanked: dict[str, datetime] = {}
    current: Step | None = None
    remaining = kept = 0
    for step in flow.steps:
        if not step.applies(ground):
            if current is not None and step.applies(ahead):
                if _will_count(step, given.get(step.key), ahead, foreseen):
                    kept += 1
                else:
                    remaining += _looks_ahead(step, ahead, foreseen)
            continue
        if step.derive is not None:
            value = step.derive.derive(ground)
            if value is not None:
                values[step.key] = foreseen[step.key] = value
                derived.add(step.key)
                if current is None:
                    completed.append(step)
                continue
            if step.ask is None:
                _looks_ahead(step, ahead, foreseen)
                continue
        answer = given.get(step.key)
        if answer is not None and answer.value is None and answer.blanked_at is not None:
            blanked[step.key] = answer.blanked_at
            if current is None:
                completed.append(step)
            else:
                kept += 1
            continue
        if answer is not None and answer.value is not None:
            if answer.basis == basis_of(step, values):
                values[step.key] = foreseen[step.key] = answer.value
                if current is None:
                    completed.append(step)
                else:
                    kept += 1
                continue
            proposals[step.key] = foreseen[step.key] = answer.value
            if answer.basis == EARLY:
                early.add(step.key)
        if current is None:
            current = step
        remaining += _looks_ahead(step, ahead, foreseen)
    return Journey(
        tuple(completed),
        current,
        remaining,
        values,
        frozenset(derived),
        proposals,
        frozenset(early),
        tuple(step for step in completed if step.key not in derived),
        kept,
        blanked,
    )


def _will_count(step: Step, answer: Answer | None, ahead: Ground, foreseen: dict[str, str]) -> bool:
    """Whether an answer out of reach now counts again if the open ones turn out as foreseen."""
    if answer is None or answer.value is None or answer.basis != basis_of(step, foreseen):
        return False
    if step.derive is not None and step.derive.derive(ahead) is not None:
        return False
    foreseen[step.key] = answer.value
    return True


def _looks_ahead(step: Step, ahead: Ground, foreseen: dict[str, str]) -> int:
    """1 if the open ``step`` will probably be asked; its likely value decides about later ones."""
    if step.derive is not None:
        value = step.derive.derive(ahead)
        if value is not None:
            foreseen[step.key] = value
            return 0
    if step.likely is not None and step.key not in foreseen:
        foreseen[step.key] = step.likely
    return 0 if step.ask is None else 1
