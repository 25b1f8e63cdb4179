"""A message without what tells who wrote it, so that staff may read what was asked."""

import re
from collections.abc import Iterable, Iterator

from dialogs.answers.base import Context
from dialogs.flow import Flow
from dialogs.understanding.reading import read
from dialogs.understanding.shapes import Kind
from dialogs.understanding.sorts import is_closed

MASK = "***"
LONGEST = 300
"""Characters kept of a question."""

_SHORT_NUMBER = 7
"""A number of fewer signs is a count, a code of law or a short number such as 12381."""

_TELLING = frozenset({"person_name", "org_name", "subject_name", "site_name", "address"})
_ENGLISH_NAME = re.compile(r"(?i:\bname(?:'s| is)|\bcalled)\s+((?:[A-Z][\w'’-]*\s?){1,4})")
_SHORTEST_VALUE = 2


def masked(text: str, flow: Flow, context: Context) -> str:
    """``text`` with numbers, addresses and names replaced by ``***``.

    Replaced is what has the shape of a phone number, certificate number, e-mail address,
    domain or IP address, the names and postal addresses that the flow's answer types
    recognise, and every open answer given before, wherever it stands.
    """
    message = read(text)
    places = [
        (shape.start, shape.end)
        for shape in message.shapes
        if shape.kind is not Kind.DATE
        and (shape.kind is not Kind.NUMBER or shape.end - shape.start >= _SHORT_NUMBER)
    ]
    places += _recognised(message.text, flow, context)
    places += _given_before(message.text, flow, context)
    return without(message.text, places)[:LONGEST].strip()


def _recognised(text: str, flow: Flow, context: Context) -> Iterator[tuple[int, int]]:
    types = {type(step.ask): step.ask for step in flow.steps if step.ask is not None}
    for ask in types.values():
        if ask.name in _TELLING:
            for found in ask.extract(text, context):
                yield found.start, found.end
    for match in _ENGLISH_NAME.finditer(text):
        yield match.span(1)


def _given_before(text: str, flow: Flow, context: Context) -> Iterator[tuple[int, int]]:
    lowered = text.lower()
    for key, value in context.values.items():
        if key not in flow or is_closed(flow[key], context):
            continue
        sought = value.lower()
        at = lowered.find(sought) if len(sought) >= _SHORTEST_VALUE else -1
        while at >= 0:
            yield at, at + len(sought)
            at = lowered.find(sought, at + len(sought))


def without(text: str, places: Iterable[tuple[int, int]], instead: str = MASK) -> str:
    """A text with something else at these places, which may overlap."""
    kept, end = [], 0
    for start, stop in sorted(places):
        if start >= end:  # else it overlaps what is gone already
            kept += [text[end:start], instead]
        end = max(end, stop)
    return "".join((*kept, text[end:]))
