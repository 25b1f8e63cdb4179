"""Finding a conversation by what staff were told: a name, a domain, a number, or words in it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from time import monotonic
from typing import Final

from desk.dockets import Dockets
from desk.listing import Listed, Listing, Sketch, Stirred
from desk.placing import Placing
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

_AT_ONCE: Final = 100
"""Fingerprints opened in one go: some milliseconds, then turns have their say."""

LOOKED_FOR: Final = 3.0
"""Seconds after which a search has looked far enough back and says that there may be more."""

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


@dataclass(slots=True)
class _Found:
    """What a walk through all conversations found, the latest first."""

    named: dict[str, str]  # conversation and what fits
    may: list[str]  # those whose words may fit
    is_whole: bool = True  # nothing was left out


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks at names and numbers, in the blind index, and in what people wrote, in this order.

    Whole values are found among any number of conversations by index. Parts of them and words are
    sealed: they are looked for in one conversation after the other, the latest first, for so many
    seconds.
    """

    listing: Listing
    dockets: Dockets
    placing: Placing
    world: World
    clock: Callable[[], datetime]

    async def find(self, text: str) -> Hits:
        """The conversations that fit."""
        query = Query.of(text)
        walked = await self._walk(text, query)
        why = await self._by_id(text) | walked.named
        found = {hit.listed.docket.conversation: hit for hit in await self._hits(why)}
        by_value = await self._by_value(text)
        for hit in await self._hits({k: v for k, v in by_value.items() if k not in found}):
            found[hit.listed.docket.conversation] = hit
        if len(found) > MOST:
            return Hits(tuple(found.values())[:MOST], more=True)
        more = await self._in_words(query, walked.may, found) or not walked.is_whole
        return Hits(tuple(found.values()), more)

    async def _hits(self, why: Mapping[str, str]) -> list[Hit]:
        """These conversations in the order of the queue."""
        now = self.clock()
        listed = (
            Listed(docket, self.placing(docket, now))
            for docket in (await self.listing.dockets(why.keys())).values()
        )
        ordered = sorted(listed, key=lambda one: one.place.key)
        return [Hit(one, why[one.docket.conversation]) for one in ordered]

    async def _walk(self, text: str, query: Query) -> _Found:
        """Look at all conversations, the latest first, until enough is found or it takes long."""
        found, sought = _Found({}, []), normalised(text)
        if len(sought) < _SHORTEST and not query.parts:
            return found
        before: Stirred | None = None
        until = monotonic() + LOOKED_FOR
        while True:
            some, before = await self.listing.sketches(before, _AT_ONCE)
            for one in some:
                if (why := _fits(one, sought)) is not None:
                    found.named[one.conversation] = why
                elif query.parts and len(found.may) <= _LOOKED_INTO and one.terms.may_have(query):
                    found.may.append(one.conversation)
            if before is None:
                return found
            if len(found.named) > MOST or monotonic() >= until:
                found.is_whole = False
                return found
            await asyncio.sleep(0)

    async def _by_id(self, text: str) -> dict[str, str]:
        """By the id of a conversation or of its filing."""
        sought = normalised(text)
        if len(sought) < _SHORTEST:
            return {}
        known = await self.listing.dockets([sought])
        of_filings = await self.listing.of_filings([sought])
        return dict.fromkeys([*known, *(one.conversation for one in of_filings)], "filing")

    async def _by_value(self, text: str) -> dict[str, str]:
        """By values that are sealed: only whole ones are found, through the blind index."""
        found: dict[str, str] = {}
        for why, values in _values(text).items():
            for conversation in await self.dockets.with_value(values):
                found.setdefault(conversation, why)
            if len(found) > MOST:
                break
        return dict(islice(found.items(), MOST + 1))

    async def _in_words(self, query: Query, may: Sequence[str], found: dict[str, Hit]) -> bool:
        """Add those who wrote these words, the latest first; whether some were not looked into."""
        for number, scope in enumerate(one for one in may if one not in found):
            if number == _LOOKED_INTO or len(found) == MOST:
                return True
            for line in await self.dockets.words(scope, _LINES):
                if query.found_in(line.text) >= 0:
                    snippet = await self._snippet(scope, line.text, query)
                    for hit in await self._hits({scope: "words"}):
                        found[scope] = replace(hit, snippet=snippet, at=line.at)
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


def _fits(one: Sketch, sought: str) -> str | None:
    """Which of its names and numbers has this in it, or None."""
    if len(sought) < _SHORTEST:
        return None
    if any(sought in normalised(number) for number in one.numbers):
        return "number"
    if any(sought in normalised(domain) for domain in one.domains):
        return "domain"
    return "name" if one.name and sought in normalised(one.name) else None


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
