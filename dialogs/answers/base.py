"""What every answer type can do: read a text, show a value, find itself in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Protocol

from filing.invalid import Invalid


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Context:
    """What an answer may look back on: the day, the language and the answers before it."""

    today: date
    values: Mapping[str, str] = field(default_factory=_nothing)  # step key -> normalised value
    locale: str = "zh-CN"


@dataclass(frozen=True, slots=True)
class Found:
    """A value recognised somewhere in a sentence: ``text[start:end]`` reads as ``value``."""

    value: str
    start: int
    end: int


class AnswerType(Protocol):
    """One kind of answer. Its value is always one normalised string.

    The laws every type keeps (one contract suite runs them over all types):
    ``parse(show(v)) == v`` for every value, ``parse`` and ``extract`` never raise on any
    text, and ``parse(v) == v`` for a value already normalised.
    """

    @property
    def name(self) -> str:
        """The type's name in wording and flow drawings, e.g. ``"certificate_number"``."""
        ...

    @property
    def sensitive(self) -> bool:
        """True if the value must be encrypted, masked and kept out of logs."""
        ...

    def parse(self, text: str, context: Context) -> str | Invalid:
        """Read a whole message as an answer to this question."""
        ...

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The value as a person reads it; ``masked`` hides all but its tail."""
        ...

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Values of this type recognisable anywhere in a sentence; empty for open text."""
        ...

    def options(self, context: Context) -> tuple[str, ...]:
        """The closed choices in the order to show them; empty when the answer is open."""
        ...
