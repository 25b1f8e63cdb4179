"""What is asked of all conversations as the desk lists them, in memory."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from desk.docket import Docket
from desk.dockets import Kept
from desk.listing import COUNTED, FACETS, Counts, Drafted, Mark, Sketch, Stirred
from desk.placing import Placing
from desk.queue import OrderKey, Place, Wanted, is_in


@dataclass(frozen=True, slots=True)
class PlacedDocket:
    """A docket as it was put, with where it stood then or was moved to."""

    kept: Kept
    place: Place
    next_due: datetime | None
    mark: str  # of the placing

    @classmethod
    def by(cls, kept: Kept, placing: Placing, now: datetime) -> "PlacedDocket":
        """A docket where it stands at a moment."""
        docket = kept.docket
        return cls(kept, placing(docket, now), placing.next_due(docket, now), placing.mark)

    @property
    def docket(self) -> Docket:
        """What is listed."""
        return self.kept.docket


class MemoryListing:
    """``Listing`` in memory: sorted anew whenever it is asked."""

    def __init__(self, placed: Callable[[], dict[str, PlacedDocket]]) -> None:
        self._placed = placed

    async def first(
        self, wanted: Wanted, limit: int, after: OrderKey | None = None
    ) -> Sequence[Mark]:
        """See ``Listing``."""
        found = (one for one in self._placed().values() if wanted.takes(one.docket, one.place))
        ahead = (one for one in found if after is None or one.place.key > after)
        return [_mark(one) for one in sorted(ahead, key=lambda one: one.place.key)[:limit]]

    async def dockets(self, conversations: Collection[str]) -> Mapping[str, Docket]:
        """See ``Listing``."""
        placed = self._placed()
        return {scope: placed[scope].docket for scope in conversations if scope in placed}

    async def counts(self) -> Counts:
        """See ``Listing``."""
        placed = self._placed().values()
        held = Counter(one.docket.holder.agent for one in placed if one.docket.holder is not None)
        return Counts(
            {
                state: sum(is_in(state, one.docket, one.place) for one in placed)
                for state in COUNTED
            },
            dict(held),
        )

    async def choices(self) -> Mapping[str, Sequence[str]]:
        """See ``Listing``."""
        dockets = [one.docket for one in self._placed().values()]
        return {name: _values(getattr(one, name) for one in dockets) for name in FACETS}

    async def held(self) -> Sequence[Docket]:
        """See ``Listing``."""
        return [one.docket for one in self._placed().values() if one.docket.holder is not None]

    async def ending(self, until: datetime, limit: int) -> Sequence[Docket]:
        """See ``Listing``."""
        found = [
            (one.next_due, one.docket.conversation, one.docket)
            for one in self._placed().values()
            if one.next_due is not None and one.next_due <= until
        ]
        return [docket for _, _, docket in sorted(found, key=lambda one: one[:2])[:limit]]

    async def of_filings(self, filings: Collection[str]) -> Sequence[Drafted]:
        """See ``Listing``."""
        wanted = set(filings)
        return [
            Drafted(one.filing, one.conversation, one.province, one.stage, one.asking, one.moved_at)
            for one in (placed.docket for placed in self._placed().values())
            if one.filing is not None and one.filing in wanted
        ]

    async def put_since(self, since: datetime, limit: int) -> Mapping[str, datetime]:
        """See ``Listing``."""
        dockets = (one.docket for one in self._placed().values())
        found = ((one.conversation, one.made_at) for one in dockets if one.made_at >= since)
        return dict(islice(found, limit))

    async def to_move(self, now: datetime, limit: int) -> Sequence[Docket]:
        """See ``Listing``."""
        moved = (
            one.docket
            for one in self._placed().values()
            if one.place.changes_at is not None and one.place.changes_at <= now
        )
        return list(islice(moved, limit))

    async def move(self, dockets: Collection[Docket], placing: Placing, now: datetime) -> None:
        """See ``Listing``."""
        placed = self._placed()
        for docket in dockets:
            known = placed.get(docket.conversation)
            if known is not None and known.docket == docket:
                placed[docket.conversation] = PlacedDocket.by(known.kept, placing, now)

    async def sketches(
        self, before: Stirred | None, limit: int
    ) -> tuple[Sequence[Sketch], Stirred | None]:
        """See ``Listing``."""
        all_of_them = (_sketch(one.kept) for one in self._placed().values())
        ahead = (one for one in all_of_them if before is None or _stirred(one) < before)
        found = sorted(ahead, key=_stirred, reverse=True)[:limit]
        return found, _stirred(found[-1]) if len(found) == limit else None


def _mark(one: PlacedDocket) -> Mark:
    docket, place = one.docket, one.place
    return Mark(docket.conversation, docket.version, docket.made_at, place.key, place.changes_at)


def _sketch(kept: Kept) -> Sketch:
    one = kept.docket
    return Sketch(one.conversation, one.stirred_at, one.name, one.domains, one.numbers, kept.terms)


def _stirred(sketch: Sketch) -> Stirred:
    return sketch.stirred_at, sketch.conversation


def _values(found: Iterable[str | None]) -> Sequence[str]:
    return sorted({value for value in found if value is not None})
