"""The figures a page asks for: counted once for all who look within some minutes, then drawn."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar, cast

from desk.docket import EDITABLE
from desk.listing import Listing
from desk.statistics.durations import PASSAGES, Passage, allowed_in, duration_figure
from desk.statistics.figure import Figure, Say
from desk.statistics.funnel import Draft, funnel_figure, step_counts
from desk.statistics.lags import first_answer_figure, lag_figure
from desk.statistics.load import load_figure
from desk.statistics.period import Period
from desk.statistics.ports import Begun, Help, History, Statistics
from desk.statistics.ratings import rating_figure
from desk.statistics.routes import route_figure
from dialogs.world import World, day_of

KEYS: Final = ("routes", "first_answer", "load", "ratings", "lag", "durations", "funnel")
"""The figures in the order they are shown."""

RESTED: Final = timedelta(days=3)
"""A draft untouched for so long counts as given up."""

KEPT: Final = timedelta(minutes=5)
"""How long a count is shown again before it is counted anew."""

_Count = TypeVar("_Count")


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted, and when."""

    at: datetime
    value: Any


@dataclass(slots=True)
class Numbers:
    """Counts on demand. ``listing`` has all conversations as the desk lists them."""

    statistics: Statistics
    world: World
    clock: Callable[[], datetime]
    listing: Listing
    _counted: dict[tuple[str, Period], Counted] = field(default_factory=dict)
    _counting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def figure(
        self, key: str, period: Period, say: Say, locale: str, passage: Passage = PASSAGES[0]
    ) -> Figure:
        """One figure of ``KEYS``. Raises KeyError for another."""
        match key:
            case "routes":
                routes = await self._routes(period)
                return route_figure(routes, period, say)
            case "first_answer":
                helps = await self.helps(period)
                return first_answer_figure(helps, self.world.provider.service_hours, say)
            case "load":
                heard = await self._heard(period)
                return load_figure(heard, period, self.world.provider.service_hours, say)
            case "ratings":
                return rating_figure(await self.helps(period), say)
            case "lag":
                return lag_figure(await self._lags(period), say)
            case "durations":
                return await self._durations(passage, period, say, locale)
            case "funnel":
                return await self._funnel(period, say, locale)
            case _:
                raise KeyError(key)

    def counted_at(self, period: Period) -> datetime:
        """When the oldest count shown for a period was made."""
        times = [one.at for (_, of), one in self._counted.items() if of == period]
        return min(times, default=self.clock())

    async def helps(self, period: Period) -> Sequence[Help]:
        """Everybody who began to wait for a person in the period."""
        return await self._once("helps", period, self.statistics.helps)

    async def _routes(self, period: Period) -> Mapping[tuple[date, str], int]:
        return await self._once("routes", period, self.statistics.routes)

    async def _heard(self, period: Period) -> Mapping[datetime, int]:
        return await self._once("heard", period, self.statistics.heard)

    async def _lags(self, period: Period) -> Sequence[timedelta]:
        return await self._once("lags", period, self.statistics.lags)

    async def _durations(self, passage: Passage, period: Period, say: Say, locale: str) -> Figure:
        histories: Sequence[History] = await self._once(
            "histories", period, self.statistics.histories
        )
        shown = await self.listing.of_filings([one.filing for one in histories])
        found = {one.filing: one.province for one in shown if one.province}
        label = self.world.wording.label
        named = {one: label("province", one, locale) for one in set(found.values())}
        allowed = allowed_in(passage, named, day_of(self.clock()), self.world)
        return duration_figure(
            passage,
            histories,
            {filing: named[province] for filing, province in found.items()},
            period,
            {named[province]: span for province, span in allowed.items()},
            say,
        )

    async def _funnel(self, period: Period, say: Say, locale: str) -> Figure:
        begun: Begun = await self._once("begun", period, self.statistics.begun)
        flow = self.world.flows[self.world.first_flow]
        drafts = (
            Draft(one.filing, one.asking, one.moved_at)
            for one in await self.listing.of_filings(list(begun.filings))
            if one.asking and one.moved_at and one.stage in EDITABLE
        )
        text = self.world.wording.say
        return funnel_figure(
            step_counts(begun, flow.name, drafts, self.clock() - RESTED),
            flow,
            {one.key: text(f"step.{one.key}.label", locale) for one in flow.steps if one.ask},
            {one.section: text(f"section.{one.section}", locale) for one in flow.steps},
            say,
        )

    async def _once(
        self, name: str, period: Period, count: Callable[[Period], Awaitable[_Count]]
    ) -> _Count:
        """Count, unless that was done a moment ago; one at a time, so that no crowd does."""
        async with self._counting:
            known = self._counted.get((name, period))
            now = self.clock()
            if known is None or now - known.at >= KEPT:
                self._forget_old()
                known = self._counted[name, period] = Counted(now, await count(period))
                # A year's counts are large: they go even if nobody looks again.
                after = KEPT.total_seconds() + 1
                asyncio.get_running_loop().call_later(after, self._forget_old)
            return cast(_Count, known.value)

    def _forget_old(self) -> None:
        now = self.clock()
        self._counted = {key: one for key, one in self._counted.items() if now - one.at < KEPT}
