"""Finding a conversation by what staff were told: a name, a domain, a number, or words in it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from desk.board import Board, Listed
from desk.dockets import Dockets
from desk.terms import Query, normalised
from dialogs.answers.base import Context
from dialogs.case import Case
from dialogs.journey import journey
from dialogs.understanding.masking import masked
from dialogs.world import World, day_of
from filing.identifiers.domain import parse_domain
from filing.identifiers.phone import parse_phone

MOST: Final = 30
"""Results shown; whoever gets as many is asked for more words."""

_LOOKED_INTO: Final = 300
"""Conversations read for one search."""

_LINES: Final = 500
_AROUND: Final = 24
"""Characters shown on each side of what was looked for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A conversation found. ``why`` names its wording; ``snippet`` is masked."""

    listed: Listed
    why: str
    snippet: str = ""
    at: datetime | None = None  # when that was written


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, and whether there may be more."""

    hits: tuple[Hit, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks on the board, in the blind index, and in what people wrote, in this order."""

    board: Board
    dockets: Dockets
    world: World
    clock: Callable[[], datetime]

    async def find(self, text: str) -> Hits:
        """The conversations that fit."""
        found: dict[str, Hit] = {}
        for hit in (*self._on_the_board(text), *await self._by_value(text)):
            found.setdefault(hit.listed.docket.conversation, hit)
        if len(found) > MOST:
            return Hits(tuple(found.values())[:MOST], more=True)
        query = Query.of(text)
        more = False
        if query.parts:
            more = await self._in_words(query, found)
        return Hits(tuple(found.values()), more)

    def _on_the_board(self, text: str) -> Iterable[Hit]:
        sought = normalised(text)
        if len(sought) < _SHORTEST:
            return
        for listed in self.board.in_order():
            docket = listed.docket
            if sought in (docket.filing, docket.conversation):
                yield Hit(listed, "filing")
            elif any(sought in normalised(one) for one in docket.numbers):
                yield Hit(listed, "number")
            elif any(sought in normalised(one) for one in docket.domains):
                yield Hit(listed, "domain")
            elif docket.name and sought in normalised(docket.name):
                yield Hit(listed, "name")

    async def _by_value(self, text: str) -> list[Hit]:
        """By values that are sealed: only whole ones are found, through the blind index."""
        found: list[Hit] = []
        for why, values in _values(text).items():
            for conversation in await self.dockets.with_value(values):
                if (listed := self.board.get(conversation)) is not None:
                    found.append(Hit(listed, why))
        return found

    async def _in_words(self, query: Query, found: dict[str, Hit]) -> bool:
        """Add those who wrote these words, the latest first; whether some were not looked into."""
        may = [
            one
            for one in self.board.in_order()
            if one.docket.conversation not in found and one.terms.may_have(query)
        ]
        may.sort(key=lambda one: one.docket.heard_at or one.docket.made_at, reverse=True)
        for number, listed in enumerate(may):
            if number == _LOOKED_INTO or len(found) == MOST:
                return True
            scope = listed.docket.conversation
            for line in await self.dockets.words(scope, _LINES):
                if query.found_in(line.text) >= 0:
                    snippet = await self._snippet(scope, line.text, query)
                    found[scope] = Hit(listed, "words", snippet, line.at)
                    break
        return False

    async def _snippet(self, conversation: str, text: str, query: Query) -> str:
        cases = await self.dockets.cases([conversation])
        return snippet_of(text, query, cases[0], self.clock(), self.world) if cases else ""


def snippet_of(text: str, query: Query, case: Case, now: datetime, world: World) -> str:
    """What stands around the words looked for, without what tells who wrote it."""
    filing = case.filing
    flow = world.flows[filing.flow if filing else world.first_flow]
    answers = flow.carry_over(filing.answers, filing.flow_version) if filing else ()
    values = journey(flow, answers, world.rulebook, day_of(now)).values
    plain = " ".join(masked(text, flow, Context(day_of(now), values, case.locale)).split())
    at = max(query.found_in(plain), 0)
    start, end = max(at - _AROUND, 0), at + len(" ".join(query.words)) + _AROUND
    before, after = "…" if start else "", "…" if end < len(plain) else ""
    return f"{before}{plain[start:end]}{after}"


_SHORTEST = 3


def _values(text: str) -> Mapping[str, Mapping[str, str]]:
    """The values a text may be, by which they are found: ``{"phone": {step: value}}``."""
    typed = text.strip()
    found: dict[str, Mapping[str, str]] = {}
    phone = parse_phone(typed)
    if isinstance(phone, str):
        found["phone"] = {"phone": phone, "site_manager_phone": phone}
    number = "".join(typed.upper().split())
    found["certificate"] = {"cert_number": number}
    found["name"] = {"subject_name": typed, "principal_name": typed}
    domain = parse_domain(typed)
    if isinstance(domain, str):
        found["domain"] = {"domain": domain}
    return found
