"""The lines in which people wrote values that are gone, without these values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from dialogs.answers.base import AnswerType, Context
from dialogs.case import Case, FilingRecord
from dialogs.message import Button, Reply
from dialogs.ports import Entry
from dialogs.understanding.masking import without
from dialogs.understanding.shapes import Kind, scan
from dialogs.world import World, day_of
from filing.identifiers.normalise import aligned

GONE: Final = "▒▒"
"""What stands in a line where a value stood."""

_SHAPES: Final = frozenset({Kind.PERSONAL, Kind.MOBILE, Kind.LANDLINE, Kind.EMAIL})
_TELLING: Final = frozenset({"address"})
_SHORTEST: Final = 2
"""A value of one character would be taken out all over a text."""

_SEPARATORS: Final = r"[\s\-._·()/,，、]*"
_MISTYPED: Final = re.compile(r"(?<![备号\d])(?:\d[ \-]?){8,}\d?[xX]?(?!号)")
"""A run of digits as long as a phone number: one that was mistyped, most likely."""


@dataclass(frozen=True, slots=True)
class Blanker:
    """Takes values out of what was said; ``until`` is when the filing they belonged to was over.

    Of what people wrote until then everything goes that has the shape of an ID number, a phone
    number or an e-mail address, or reads as a postal address: it was given for that filing, rightly
    written or not. Later lines, and the assistant's, lose the very values.
    """

    values: tuple[re.Pattern[str], ...]
    asks: tuple[AnswerType, ...]
    context: Context
    until: datetime

    @classmethod
    def of(cls, case: Case, filing: FilingRecord, steps: frozenset[str], world: World) -> "Blanker":
        """For what the filing holds of these steps."""
        flow = world.flows[filing.flow]
        held = {
            answer.value
            for answer in filing.answers
            if answer.value and flow.key_today(answer.step, filing.flow_version) in steps
        }
        asks = {
            ask.name: ask
            for key in steps
            if (ask := flow[key].ask) is not None and ask.name in _TELLING
        }
        moments = [one.at for one in filing.answers] + [one.at for one in filing.events]
        until = max(moments, default=filing.created_at)
        longest_first = sorted(held, key=len, reverse=True)
        patterns = tuple(_pattern(one) for one in longest_first if len(one) >= _SHORTEST)
        context = Context(day_of(until), {}, case.locale)
        return cls(patterns, tuple(asks.values()), context, until)

    def entry(self, entry: Entry) -> Entry:
        """A line of the transcript without them; the very same where nothing has to go."""
        if entry.heard is not None:
            words = self.heard(entry.heard) if entry.at <= self.until else self.said(entry.heard)
            return entry if words == entry.heard else replace(entry, heard=words)
        if entry.said is None:
            return entry
        reply = self._reply(entry.said)
        return entry if reply == entry.said else replace(entry, said=reply)

    def heard(self, text: str) -> str:
        """Words people wrote for the filing."""
        return without(text, [*self._given(text), *self._shaped(text)], GONE)

    def said(self, text: str) -> str:
        """Any other words."""
        return without(text, self._given(text), GONE)

    def _reply(self, reply: Reply) -> Reply:
        buttons = tuple(
            one
            if (label := self.said(one.label)) == one.label and self.said(one.value) == one.value
            else Button(label, "gone", quiet=one.quiet)
            for one in reply.buttons
        )
        return replace(reply, text=self.said(reply.text), buttons=buttons)

    def _given(self, text: str) -> Iterator[tuple[int, int]]:
        plain = aligned(text)
        for pattern in self.values:
            for found in pattern.finditer(plain):
                yield found.span()

    def _shaped(self, text: str) -> Iterator[tuple[int, int]]:
        plain = aligned(text)
        lowered = plain.lower()
        for shape in scan(lowered if len(lowered) == len(text) else plain):
            if shape.kind in _SHAPES:
                yield shape.start, shape.end
        for found in _MISTYPED.finditer(plain):
            yield found.span()
        for ask in self.asks:
            for piece in ask.extract(text, self.context):
                yield piece.start, piece.end


def _pattern(value: str) -> re.Pattern[str]:
    """The value however it is spaced: 138 0013-8000."""
    signs = [re.escape(sign) for sign in aligned(value) if not sign.isspace()]
    return re.compile(_SEPARATORS.join(signs), re.IGNORECASE)
