"""How a message was read: the intent, the values in it and what was wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from filing.invalid import Invalid


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


class Intent(StrEnum):
    """What the applicant wants with a message."""

    ANSWER = "answer"  # answers the open step, or volunteers values
    CORRECT = "correct"  # changes an earlier answer
    FAQ = "faq"  # asks about filing
    BACK = "back"
    FORWARD = "forward"
    UNDO = "undo"
    REDO = "redo"
    SKIP = "skip"
    PAUSE = "pause"
    RESUME = "resume"
    RESTART = "restart"
    CANCEL = "cancel"  # withdraw the filing
    HANDOVER = "handover"  # wants a person
    HELP = "help"
    WHY = "why"  # why do you ask?
    CONFIRM = "confirm"
    DENY = "deny"
    STATUS = "status"
    REVIEW = "review"  # show me everything
    SWITCH_LOCALE = "switch_locale"
    LIST_FILINGS = "list_filings"
    NEW_FILING = "new_filing"
    HELPED = "helped"  # the answer just told was what they wanted
    UNHELPED = "unhelped"
    SMALLTALK = "smalltalk"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Understood:
    """One message, read.

    ``values`` maps step keys to normalised values; ``wrong`` is the step whose value was
    recognised but refused. ``target`` is the step an intent is about (``CORRECT`` without a
    new value, ``WHY``), ``detail`` what else it names (a locale, a filing's id, a smalltalk
    kind, the question's text). ``unsaid`` is true of a correction that only the values tell:
    nothing in the words says that an earlier answer was wrong.
    """

    intent: Intent
    values: Mapping[str, str] = field(default_factory=_nothing)
    wrong: tuple[str, Invalid] | None = None
    target: str | None = None
    detail: str | None = None
    unsaid: bool = False
