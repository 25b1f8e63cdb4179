"""Runs the demonstration: the people fill their forms in turn, then the clock runs a month.

The clock stands still while anything is on its way, so that nothing overtakes its own answer
however fast the days go by; it stops at every moment at which a reminder falls due.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from bot.chat_json import BadLine, JsonChat
from bot.clock import SimulatedClock
from bot.demo.actors import Actor, OnWeCom
from bot.demo.cast import Part, Scene
from scheduler.sweep import Sweep

MONTH: Final = timedelta(days=30)
FILLING: Final = timedelta(minutes=2)  # simulated, between two answers
RUNGS: Final = 4  # ways a reminder may try in one go
PATIENCE: Final = 45  # answers after which somebody is left standing where they are


@dataclass(slots=True)
class Role:
    """One person playing: what they have tried, and when they handed in."""

    part: Part
    actor: Actor
    chat: JsonChat
    tries: Counter[str] = field(default_factory=Counter)
    asked_back: set[str] = field(default_factory=set)
    handed_in: datetime | None = None
    waiting: list[Scene] = field(default_factory=list)
    taken: bool = False  # an operator types for them now

    async def state(self) -> dict[str, Any]:
        """Where the conversation stands."""
        state: dict[str, Any] = (await self.chat.take('{"show": "state"}'))["state"]
        return state

    @property
    def next_at(self) -> datetime | None:
        """When the next scene is on, once handed in."""
        if self.handed_in is None or not self.waiting:
            return None
        return self.handed_in + self.waiting[0].after


@dataclass(slots=True)
class Pace:
    """How fast it goes, in seconds: between two rounds of answers, and for one simulated day.

    ``step`` is simulated: how far the clock goes at most between two looks at it.
    """

    answer: float = 0.6
    day: float = 3.0
    step: timedelta = timedelta(hours=2)


@dataclass(slots=True)
class Director:
    """The demonstration's course. ``settled`` waits until nothing is on its way any more."""

    roles: tuple[Role, ...]
    clock: SimulatedClock
    sweep: Sweep
    settled: Callable[[], Awaitable[None]]
    typing_consent: Callable[[str], str]  # the button that allows typing, by locale
    pace: Pace = field(default_factory=Pace)
    speed: int = 1
    playing: asyncio.Event = field(default_factory=asyncio.Event)
    began: datetime = field(init=False)
    caption: str = "四个人同时开始备案"
    over: bool = False

    def __post_init__(self) -> None:
        self.began = self.clock.now
        self.playing.set()

    @property
    def day(self) -> int:
        """Which day of the month it is, from 1."""
        return (self.clock.now - self.began).days + 1

    async def run(self) -> None:
        """Play it to the end of the month."""
        for role in self.roles:
            await role.actor.say(role.part.hello)
        await self.settled()
        rounds = 0
        while rounds < PATIENCE and (busy := [one for one in self.roles if not one.handed_in]):
            await self._rest(self.pace.answer)
            for role in busy:
                await self._answer(role)
            await self.settled()
            self.clock.advance(FILLING)
            rounds += 1
        while self.clock.now < self.began + MONTH:
            await self._advance()
        self.caption, self.over = "一个月过去了", True

    async def _answer(self, role: Role) -> None:
        """Say the next thing that is asked."""
        if role.taken:
            role.handed_in = self.clock.now
            return
        state = await role.state()
        asking = state["asking"]
        if asking is None:
            role.handed_in = self.clock.now
            role.waiting = list(role.part.scenes)
            self.caption = f"{role.part.name}：已提交初审"
        elif state["needs_typing_consent"]:
            await role.actor.press(self.typing_consent(role.part.locale))
        elif asking in role.part.interludes and asking not in role.asked_back:
            role.asked_back.add(asking)
            await role.actor.say(role.part.interludes[asking])
        elif asking in role.part.answers:
            lines = role.part.answers[asking]
            await role.actor.say(lines[min(role.tries[asking], len(lines) - 1)])
            role.tries[asking] += 1

    async def _advance(self) -> None:
        """One step of the clock: to the next scene, the next reminder or a little further."""
        before = self.clock.now
        moments = [before + self.pace.step, self.began + MONTH]
        moments += [at for role in self.roles if (at := role.next_at) is not None]
        due = await self.sweep.store.next_due()
        if due is not None and due > before:  # what was due before, nobody could take
            moments.append(due)
        now = max(before, min(moments))
        await self._rest(self.pace.day * ((now - before) / timedelta(days=1)))
        self.clock.advance(now - before)
        await self._remind()
        for role in self.roles:
            while (at := role.next_at) is not None and at <= now:
                await self._play(role, role.waiting.pop(0))
        await self.settled()

    async def _remind(self) -> None:
        """Give what is due; what one way does not take goes the next, at once."""
        for _ in range(RUNGS):
            await self.sweep.run()
            await self.settled()
            await self.sweep.follow_up()
            due = await self.sweep.store.next_due()
            if due is None or due > self.clock.now:
                return

    async def _play(self, role: Role, scene: Scene) -> None:
        if scene.event is not None:
            self.caption = f"{role.part.name}：{_EVENTS[scene.event['type']]}"
            await self._told(role, {"event": dict(scene.event)})
        elif scene.staff is not None:
            self.caption = f"{role.part.name}：人工同事在线"
            await self._told(role, {"staff": dict(scene.staff)})
        elif scene.servicer is not None:
            self.caption = f"{role.part.name}：企业微信里的客服在线"
            assert isinstance(role.actor, OnWeCom)
            await role.actor.served(scene.servicer)
        elif scene.say is not None and not role.taken:
            await role.actor.say(scene.say)
        await self.settled()

    async def _told(self, role: Role, line: dict[str, Any]) -> None:
        """Provider and staff act as in a rehearsal; what no longer fits is left out."""
        try:
            await role.chat.take(json.dumps(line, ensure_ascii=False))
        except BadLine:
            if not role.taken:
                raise

    async def _rest(self, seconds: float) -> None:
        await self.playing.wait()
        await asyncio.sleep(seconds / self.speed)


_EVENTS: Final = {
    "first_review_passed": "初审通过",
    "second_review_passed": "复审通过",
    "submitted_to_bureau": "已提交管局",
    "sms_received": "收到核验短信，24 小时内要验证",
    "sms_verified": "短信核验完成",
    "bureau_approved": "管局审核通过",
    "returned": "被退回修改",
    "website_opened": "网站开通",
}
