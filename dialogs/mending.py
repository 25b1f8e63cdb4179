"""What a return asks for: the reasons named, the answers to go over again, and what to redo."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.case import Answer
from dialogs.flow import Flow, Step
from dialogs.journey import latest
from filing.stage import Return
from knowledge.rejections import Rejection, RejectionBook
from knowledge.return_reading import Reasons, read_reasons

REPEATED_ANYWAY = frozenset({"sms"})
"""What handing in again brings of itself: nothing to tick off."""

_OTHER_KIND = "change_type"
"""Redone by answering again what has been filed before: that decides the kind of filing."""


@dataclass(frozen=True, slots=True)
class Redo:
    """Something to do that no answer mends, and whether it is done."""

    rejection: Rejection
    what: str  # one of knowledge.rejections.REDO
    is_done: bool

    @property
    def key(self) -> str:
        """How a button names it."""
        return f"{self.rejection.code}:{self.what}"


@dataclass(frozen=True, slots=True)
class Mending:
    """Everything the returns not yet answered ask for."""

    reasons: tuple[Rejection, ...] = ()
    unread: tuple[str, ...] = ()  # what reviewers wrote that nobody here understands
    because: Mapping[str, Rejection] | None = None  # step -> the reason to go over it
    left: tuple[str, ...] = ()  # steps still to be gone over, in the flow's order
    redos: tuple[Redo, ...] = ()

    @property
    def steps(self) -> int:
        """How many answers have to be gone over in all."""
        return len(self.because or {})

    @property
    def to_do(self) -> tuple[Redo, ...]:
        """What is still to be redone."""
        return tuple(redo for redo in self.redos if not redo.is_done)


def _taken_back(flow: Flow, answers: Sequence[Answer]) -> int:
    """How many answers there were when the filing was last opened for mending.

    A return takes the confirmation back, so that order tells what came after it where times
    are the same.
    """
    closing = {step.key for step in flow.steps if step.closes}
    places = (
        place
        for place, answer in enumerate(answers)
        if answer.step in closing and answer.value is None
    )
    return max(places, default=-1) + 1


def reasons_of(returned: Return, book: RejectionBook) -> Reasons:
    """The reasons of one return, by its codes and its reviewer's words.

    Where staff gave a code, words that name no further reason need no second look.
    """
    codes = [code.strip().upper() for code in (returned.code or "").split(",") if code.strip()]
    given = [code for code in codes if code in book.rejections]
    if returned.reason is None:
        return Reasons(tuple(given), tuple(code for code in codes if code not in given))
    read = read_reasons(returned.reason, book)
    named = tuple(dict.fromkeys((*given, *read.codes)))
    return Reasons(named, () if given else read.unread)


def _doubts(rejection: Rejection, step: Step) -> bool:
    """Whether a reason makes an answer doubtful: one it names, or one that decides the kind."""
    if step.fills is not None and step.fills in rejection.fields:
        return True
    return _OTHER_KIND in rejection.redo and step.looked_up is not None


def mending_of(
    returns: Iterable[Return],
    remedied: frozenset[tuple[str, str]],
    book: RejectionBook,
    flow: Flow,
    values: Mapping[str, str],
    answers: Sequence[Answer],
    *,
    derived: frozenset[str],
) -> Mending:
    """Work out what is to be mended.

    An answer is gone over once it was given, or confirmed, after the return that doubts it.
    """
    given = latest(tuple(answers))
    since_returned = {answer.step for answer in answers[_taken_back(flow, answers) :]}
    asked = [step for step in flow.steps if step.ask is not None and step.key in values]
    reasons: dict[str, Rejection] = {}
    because: dict[str, Rejection] = {}
    doubted_at: dict[str, datetime] = {}
    unread: list[str] = []
    for returned in returns:
        read = reasons_of(returned, book)
        unread += read.unread
        for code in read.codes:
            rejection = reasons[code] = book.rejections[code]
            for step in asked:
                if _doubts(rejection, step) and step.key not in derived:
                    because.setdefault(step.key, rejection)
                    doubted_at[step.key] = returned.at
    left = (
        step.key
        for step in flow.steps
        if step.key in because
        and not (
            step.key in given
            and given[step.key].at >= doubted_at[step.key]
            and step.key in since_returned
        )
    )
    redos = (
        Redo(rejection, what, (rejection.code, what) in remedied)
        for rejection in reasons.values()
        for what in rejection.redo
        if what not in REPEATED_ANYWAY
        and not (what == _OTHER_KIND and any(flow[key].looked_up for key in because))
    )
    return Mending(tuple(reasons.values()), tuple(unread), because, tuple(left), tuple(redos))
