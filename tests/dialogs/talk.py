"""A conversation held directly with the turn: no store, no channel."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.state import state_as_data
from dialogs.case import Case
from dialogs.message import Identity, Inbound, Reply
from dialogs.standing import Standing, standing
from dialogs.turn import TurnResult, take_event, take_turn
from dialogs.world import World
from filing.event import Event

_IDS = count(1)


@dataclass(slots=True)
class Talk:
    """One applicant talking; keeps the last replies and all results."""

    world: World
    now: datetime
    channel: str = "web"
    case: Case = field(init=False)
    replies: tuple[Reply, ...] = ()
    results: list[TurnResult] = field(default_factory=list)

    def __post_init__(self) -> None:
        number = next(_IDS)
        identity = Identity(self.channel, f"person-{number}")
        self.case = Case(f"c{number}", f"a{number}", identity, "zh-CN")

    def say(self, text: str) -> str:
        """Type a message; returns all replies' text."""
        return self._take(text=text)

    def press(self, value: str) -> str:
        """Press a button by its value."""
        return self._take(button=value)

    def send(self, **what: Any) -> str:
        """Send something else: ``other="sticker"``, ``files=(…)``."""
        return self._take(**what)

    def happen(self, event: Event) -> str:
        """Let something happen to the filing."""
        return self._keep(take_event(self.case, event, self.now, self.world))

    def wait(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by

    @property
    def standing(self) -> Standing:
        """Where the case stands."""
        return standing(self.case, self.now, self.world)

    @property
    def asking(self) -> str | None:
        """The open step's key."""
        return self.standing.asking

    @property
    def values(self) -> dict[str, str]:
        """Every counting value."""
        return dict(self.standing.journey.values)

    @property
    def state(self) -> dict[str, Any]:
        """The state as the interfaces show it."""
        return state_as_data(self.case, self.standing)

    @property
    def buttons(self) -> dict[str, str]:
        """Values of the last replies' buttons by label."""
        return {one.label: one.value for reply in self.replies for one in reply.buttons}

    def _take(self, **what: Any) -> str:
        inbound = Inbound(self.case.identity, f"m{next(_IDS)}", self.now, **what)
        return self._keep(
            take_turn(self.case, inbound, self.now, self.world, lambda: f"f{next(_IDS)}")
        )

    def _keep(self, result: TurnResult) -> str:
        self.case = result.case
        self.replies = result.replies
        self.results.append(result)
        self.now += timedelta(seconds=20)
        return "\n".join(reply.text for reply in result.replies)
