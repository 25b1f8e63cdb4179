"""What is asked of all conversations as the desk lists them, answered where they are stored.

Nothing here is kept in a process but what somebody looks at: however many conversations there are,
a page of the queue costs an index's first rows, and only their dockets are opened.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeAlias

from desk.docket import Docket
from desk.placing import Placing
from desk.queue import OrderKey, Place, State, Wanted
from desk.terms import Terms

COUNTED: Final[tuple[State, ...]] = tuple(state for state in State if state is not State.MINE)
FACETS: Final = ("stage", "province", "channel")


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation with its place in the queue."""

    docket: Docket
    place: Place


@dataclass(frozen=True, slots=True)
class Counts:
    """How many conversations are under each chip; those held by each agent's id."""

    states: Mapping[State, int]
    held: Mapping[str, int]

    def of(self, state: State, agent: str | None = None) -> int:
        """How many somebody finds under a chip."""
        return self.held.get(agent or "", 0) if state is State.MINE else self.states[state]


@dataclass(frozen=True, slots=True)
class Mark:
    """A conversation in the order of the queue, unopened; another one once anything changed."""

    conversation: str
    version: int
    made_at: datetime
    key: OrderKey
    moves_at: datetime | None  # when time alone moves it


@dataclass(frozen=True, slots=True)
class Drafted:
    """What figures need of a filing that the desk lists; nothing here says whose it is."""

    filing: str
    conversation: str
    province: str | None
    stage: str | None
    asking: str | None
    moved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sketch:
    """A docket as a search looks at it."""

    conversation: str
    stirred_at: datetime  # when something last happened in it
    name: str
    domains: tuple[str, ...]
    numbers: tuple[str, ...]
    terms: Terms


Stirred: TypeAlias = tuple[datetime, str]
"""Where a walk through all conversations stands, the latest first."""


class Listing(Protocol):
    """Reads dockets in the orders in which staff look at them; all by index."""

    async def first(
        self, wanted: Wanted, limit: int, after: OrderKey | None = None
    ) -> Sequence[Mark]:
        """The first of those that somebody wants to see, or the first behind another one."""
        ...

    async def dockets(self, conversations: Collection[str]) -> Mapping[str, Docket]:
        """Dockets by conversation; those that are gone or cannot be read are left out."""
        ...

    async def counts(self) -> Counts:
        """How many there are of each kind now."""
        ...

    async def choices(self) -> Mapping[str, Sequence[str]]:
        """The values that occur of each of ``FACETS``."""
        ...

    async def held(self) -> Sequence[Docket]:
        """Those that colleagues hold."""
        ...

    async def ending(self, until: datetime, limit: int) -> Sequence[Docket]:
        """Those with a deadline that ends by then or was missed lately, the nearest first."""
        ...

    async def of_filings(self, filings: Collection[str]) -> Sequence[Drafted]:
        """Those of these filings that are the ones shown of their conversations."""
        ...

    async def put_since(self, since: datetime, limit: int) -> Mapping[str, datetime]:
        """Whose docket was made since a moment, and when; at most so many."""
        ...

    async def to_move(self, now: datetime, limit: int) -> Sequence[Docket]:
        """Those whom time alone has moved by now."""
        ...

    async def move(self, dockets: Collection[Docket], placing: Placing, now: datetime) -> None:
        """Keep where these stand now; one whose docket was made anew meanwhile is left alone."""
        ...

    async def sketches(
        self, before: Stirred | None, limit: int
    ) -> tuple[Sequence[Sketch], Stirred | None]:
        """The latest ones, or the latest before another one, and the last; None: of all."""
        ...
