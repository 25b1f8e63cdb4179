"""What was written in a conversation as a colleague reads it: sensitive values are masked."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from dialogs.answers.masks import mask_email, mask_number, mask_phone
from dialogs.case import Case
from dialogs.understanding.shapes import Kind, scan
from dialogs.world import World
from filing.identifiers.normalise import aligned

_MASKS: Final[Mapping[Kind, Callable[[str], str]]] = MappingProxyType(
    {
        Kind.PERSONAL: mask_number,
        Kind.MOBILE: mask_phone,
        Kind.LANDLINE: mask_phone,
        Kind.EMAIL: mask_email,
    }
)
_SHORTEST = 2
"""A value of one character would be masked all over a text."""


@dataclass(frozen=True, slots=True)
class Discretion:
    """Masks texts of one conversation.

    Masked is every sensitive answer ever given, wherever it stands, and in what people wrote
    whatever has the shape of an ID number, phone number or e-mail address.
    """

    masks: Mapping[str, str]  # a sensitive value in lower case -> what is shown instead

    def hide(self, text: str, *, by_people: bool = True) -> str:
        """The text without what it must not show.

        The numbers in a text of the assistant's are its own, unless they are an answer.
        """
        if by_people:
            text = _without_shapes(text)
        if not self.masks:
            return text
        pattern = "|".join(map(re.escape, sorted(self.masks, key=len, reverse=True)))
        return re.sub(
            pattern, lambda found: self.masks[found[0].lower()], text, flags=re.IGNORECASE
        )


def discretion_for(case: Case, world: World) -> Discretion:
    """What to mask in the texts of a case: the sensitive answers of all its filings."""
    masks: dict[str, str] = {}
    for filing in case.filings.values():
        flow = world.flows[filing.flow]
        for answer in flow.carry_over(filing.answers, filing.flow_version):
            ask = flow[answer.step].ask if answer.step in flow else None
            if ask is None or not ask.sensitive or not answer.value:
                continue
            shown = ask.show(answer.value, masked=True, locale=case.locale)
            if len(answer.value) >= _SHORTEST and shown != answer.value:
                masks[answer.value.lower()] = shown
    return Discretion(masks)


def _without_shapes(text: str) -> str:
    plain = aligned(text).lower()
    if len(plain) != len(text):  # a letter whose lower case is longer: places would not fit
        plain = text.lower() if len(text.lower()) == len(text) else text
    kept, end = [], 0
    for shape in scan(plain):
        mask = _MASKS.get(shape.kind)
        if mask is not None:
            kept += [text[end : shape.start], mask(text[shape.start : shape.end])]
            end = shape.end
    return "".join((*kept, text[end:]))
