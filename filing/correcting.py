"""Words taken back: what was told of a filing, without what a later word calls a mistake."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from filing.event import AUTHOR, Event, EventType

_E: Final = EventType

NOT_TAKEN_BACK: Final = frozenset({_E.SUBMITTED_FOR_FIRST_REVIEW, _E.CORRECTED})
"""What no correction can name: a handing in is withdrawn, and a correction is told anew."""

_WHOSE: Final = ("person", "what")
"""Data that tell two events of one type and moment apart."""


def standing(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events that count, in the order in which they were told; no corrections among them.

    A correction takes back the last word before it of the type and moment it names. What is
    told again afterwards counts again.
    """
    kept: list[Event] = []
    for event in events:
        if event.type is _E.CORRECTED:
            meant = named_by(event, kept)
            kept = [one for one in kept if one is not meant]
        else:
            kept.append(event)
    return tuple(kept)


def named_by(correction: Event, before: Iterable[Event]) -> Event | None:
    """The event a correction takes back; None if nothing of the kind was told."""
    told_at = datetime.fromisoformat(correction.data["told_at"])
    named = [
        event
        for event in before
        if event.type.value == correction.data["event"]
        and event.at == told_at
        and all(correction.data.get(name) in (None, event.data.get(name)) for name in _WHOSE)
    ]
    return named[-1] if named else None


def correction_of(event: Event, at: datetime, author: str) -> Event:
    """The word that takes an event back."""
    whose = {name: event.data[name] for name in _WHOSE if name in event.data}
    data = {"event": event.type.value, "told_at": event.at.isoformat(), AUTHOR: author, **whose}
    return Event(_E.CORRECTED, at, data)


def last_told(
    events: Iterable[Event], author: str, kinds: Iterable[EventType] = ()
) -> Event | None:
    """The last word of somebody that can be taken back, by choice only one of some types."""
    wanted = frozenset(kinds)
    found = [
        event
        for event in standing(events)
        if event.data.get(AUTHOR) == author
        and event.type not in NOT_TAKEN_BACK
        and (not wanted or event.type in wanted)
    ]
    return found[-1] if found else None
