"""Where an applicant is in a flow, worked out from the answers alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from dialogs.case import Answer
from dialogs.flow import Flow, Ground, Step
from filing.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Journey:
    """The path through a flow as the answers now stand.

    ``values`` holds every counting value on the path, derived ones included; ``derived``
    names the steps nobody had to be asked; ``proposals`` the values that an edit made
    doubtful: kept to be confirmed, not lost.
    """

    completed: tuple[Step, ...]
    current: Step | None
    remaining: int  # open questions, the current one included, as far as can be told
    values: Mapping[str, str]
    derived: frozenset[str]
    proposals: Mapping[str, str]

    @property
    def asked(self) -> tuple[Step, ...]:
        """The completed steps the applicant answered, oldest first."""
        return tuple(step for step in self.completed if step.key not in self.derived)

    @property
    def is_complete(self) -> bool:
        """Whether every question that applies has its answer."""
        return self.current is None


def basis_of(step: Step, values: Mapping[str, str]) -> str:
    """A fingerprint of the answers that ``step``'s answer rests on; empty if on none."""
    if not step.needs:
        return ""
    digest = blake2b(digest_size=9)
    for key in step.needs:
        digest.update(key.encode())
        digest.update(b"=")
        digest.update(values.get(key, "").encode())
        digest.update(b";")
    return digest.hexdigest()


def latest(answers: tuple[Answer, ...]) -> dict[str, Answer]:
    """The last answer to each step."""
    return {answer.step: answer for answer in answers}


def journey(flow: Flow, answers: tuple[Answer, ...], rulebook: Rulebook, today: date) -> Journey:
    """Replay ``answers`` over ``flow``.

    An answer counts if its step applies and it rests on the same earlier answers as when it
    was given. The journey goes on past the first open question only to count what is left.
    """
    given = latest(answers)
    values: dict[str, str] = {}
    ground = Ground(values, rulebook, today)
    completed: list[Step] = []
    derived: set[str] = set()
    proposals: dict[str, str] = {}
    current: Step | None = None
    remaining = 0
    for step in flow.steps:
        if not step.applies(ground):
            continue
        if step.derive is not None:
            value = step.derive.derive(ground)
            if value is not None:
                values[step.key] = value
                derived.add(step.key)
                if current is None:
                    completed.append(step)
                continue
            if step.ask is None:
                continue
        answer = given.get(step.key)
        if answer is not None and answer.value is not None:
            if answer.basis == basis_of(step, values):
                values[step.key] = answer.value
                if current is None:
                    completed.append(step)
                continue
            proposals[step.key] = answer.value
        remaining += 1
        if current is None:
            current = step
    return Journey(tuple(completed), current, remaining, values, frozenset(derived), proposals)
