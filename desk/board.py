"""All dockets of one process in the order of the queue, with what is counted about them."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from itertools import islice
from types import MappingProxyType
from typing import Final, TypeAlias

from desk.docket import Docket
from desk.dockets import Kept
from desk.limits import Limits
from desk.queue import OrderKey, Place, Service, State, Wanted, is_in, place
from desk.terms import Terms

COUNTED: Final[tuple[State, ...]] = tuple(state for state in State if state is not State.MINE)
FACETS: Final = ("stage", "province", "channel")


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation with its place in the queue."""

    docket: Docket
    place: Place
    terms: Terms


Change: TypeAlias = tuple[Listed | None, Listed | None]
"""A conversation as it was listed before and is now."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many conversations are under each chip; those held by each agent's id."""

    states: Mapping[State, int]
    held: Mapping[str, int]

    def of(self, state: State, agent: str | None = None) -> int:
        """How many somebody finds under a chip."""
        return self.held.get(agent or "", 0) if state is State.MINE else self.states[state]


class Board:
    """The queue as it stands: changed by dockets that come in and by the time that passes.

    Not shared between threads. A change costs the logarithm of the number of conversations.
    """

    def __init__(self, service: Service, limits: Limits) -> None:
        self._service = service
        self._limits = limits
        self._listed: dict[str, Listed] = {}
        self._keys: list[OrderKey] = []
        self._moves: list[tuple[datetime, str]] = []  # a heap: when time moves whom
        self._states: Counter[State] = Counter()
        self._held: Counter[str] = Counter()
        self._facets: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
        self._changes: list[Change] = []

    def put(self, kept: Iterable[Kept], now: datetime) -> None:
        """Take in dockets; one that is older than what is listed is let go."""
        for one in kept:
            known = self._listed.get(one.docket.conversation)
            if known is None or (known.docket.version, known.docket.made_at) < (
                one.docket.version,
                one.docket.made_at,
            ):
                self._list(one.docket, one.terms, now)

    def drop(self, conversations: Iterable[str]) -> None:
        """Forget conversations that were erased."""
        for conversation in conversations:
            if (known := self._listed.pop(conversation, None)) is not None:
                self._unlist(known)
                self._changes.append((known, None))

    def tick(self, now: datetime) -> None:
        """Move those whom time alone has moved."""
        while self._moves and self._moves[0][0] <= now:
            at, conversation = heappop(self._moves)
            known = self._listed.get(conversation)
            if known is not None and known.place.changes_at == at:
                self._list(known.docket, known.terms, now)

    def take_changes(self) -> list[Change]:
        """What changed since this was asked last."""
        changes, self._changes = self._changes, []
        return changes

    def get(self, conversation: str) -> Listed | None:
        """One conversation, or None."""
        return self._listed.get(conversation)

    def marks(self) -> dict[str, datetime]:
        """When each docket was made."""
        return {scope: one.docket.made_at for scope, one in self._listed.items()}

    def in_order(self) -> Iterator[Listed]:
        """All conversations, the most urgent first."""
        return (self._listed[key[-1]] for key in self._keys)

    def dockets(self) -> Iterator[Docket]:
        """All conversations, in the order of the queue."""
        return (one.docket for one in self.in_order())

    def wanted(self, wanted: Wanted, limit: int) -> list[Listed]:
        """The first of those that somebody wants to see."""
        found = (one for one in self.in_order() if wanted.takes(one.docket, one.place))
        return list(islice(found, limit))

    def counts(self) -> Counts:
        """How many there are of each kind now."""
        states: dict[State, int] = {state: self._states[state] for state in COUNTED}
        return Counts(MappingProxyType(states), MappingProxyType(dict(+self._held)))

    def choices(self, facet: str) -> list[str]:
        """The values that occur of one of ``FACETS``."""
        return sorted(+self._facets[facet])

    def __len__(self) -> int:
        return len(self._listed)

    def _list(self, docket: Docket, terms: Terms, now: datetime) -> None:
        known = self._listed.get(docket.conversation)
        if known is not None:
            self._unlist(known)
        listed = Listed(docket, place(docket, now, self._service, self._limits), terms)
        self._listed[docket.conversation] = listed
        insort(self._keys, listed.place.key)
        self._count(listed, 1)
        if listed.place.changes_at is not None:
            heappush(self._moves, (listed.place.changes_at, docket.conversation))
        self._changes.append((known, listed))

    def _unlist(self, listed: Listed) -> None:
        del self._keys[bisect_left(self._keys, listed.place.key)]
        self._count(listed, -1)

    def _count(self, listed: Listed, by: int) -> None:
        docket = listed.docket
        for state in COUNTED:
            if is_in(state, docket, listed.place):
                self._states[state] += by
        if docket.holder is not None:
            self._held[docket.holder.agent] += by
        for name, value in zip(
            FACETS, (docket.stage, docket.province, docket.channel), strict=True
        ):
            if value is not None:
                self._facets[name][value] += by
