"""How long papers of a filing are kept: until their purpose is over, and no longer than that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from filing.event import Event, Stage
from filing.stage import stage_of

LONGEST_AFTER_END: Final = timedelta(days=30)
"""After the approval or a withdrawal (个人信息保护法 第十九条: 实现处理目的所必要的最短时间)."""

LONGEST_IDLE: Final = timedelta(days=90)
"""After the last anybody did for a filing that was neither approved nor withdrawn."""

_ENDED: Final = (Stage.APPROVED, Stage.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class KeepingTime:
    """How long an operator keeps papers: never longer than the longest, as said above.

    Raises ValueError for a time that is longer, or not at least a day.
    """

    after_end: timedelta = LONGEST_AFTER_END
    idle: timedelta = LONGEST_IDLE

    def __post_init__(self) -> None:
        day = timedelta(days=1)
        if not (day <= self.after_end <= LONGEST_AFTER_END and day <= self.idle <= LONGEST_IDLE):
            raise ValueError("papers are kept 1 to 30 days after the end, 1 to 90 days idle")

    @property
    def shortest(self) -> timedelta:
        """Nothing younger than this is ever deleted."""
        return min(self.after_end, self.idle)


def kept_until(
    events: Iterable[Event],
    changes: Iterable[datetime],
    keeping: KeepingTime,
    seen: datetime | None = None,
) -> datetime:
    """When the papers of a filing are to be deleted, as things stand.

    ``changes`` are the moments at which something was done for it: it was begun, answers and
    papers came. ``seen`` is when its applicant was last heard of: whoever talks about it has not
    given it up, but an end stays an end. A withdrawn filing that is worked on again counts from
    then; one that is handed in again is not over any more, nor is one whose approval was told by
    mistake.
    """
    everything = tuple(events)
    state = stage_of(everything)
    last = max(changes)
    idle = max(last, seen or last, *(event.at for event in everything)) + keeping.idle
    if state.stage not in _ENDED or state.since is None:
        return idle
    return min(idle, max(state.since, last) + keeping.after_end)
