"""Who answers behind a door: the real assistant at every tenth beginning, a quick one else.

The real one, with its shipped content, searches for answers and takes its time; the quick one
commits turns all the same, so that ten times as much gets through the channel.
"""

from functools import cache
from typing import Final

from bench.fuzz.campaign import Fault
from bot.clock import real_clock
from bot.reloading import load_articles, load_language
from bot.settings import Settings
from bot.wiring import INDEXED_STEPS, new_assistant
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.ports import DeadLetter
from dialogs.world import World
from storage.memory import memory_stores
from storage.ports import StorePolicy
from tests.bot.wechat.running import Parrot

_REAL_EVERY: Final = 10
_SETTINGS: Final = Settings(
    _env_file=None,
    public_url="https://beian.example.cn",
    operator_name="示例",
    operator_contact="help@example.cn",
    check_pages=False,  # nobody else's server is asked
)


@cache
def _world() -> World:
    """With all that `beian serve` loads at its start, so that it counts as nobody's leak."""
    world = load_world(_SETTINGS)
    load_language()
    load_articles(world.knowledge)
    return world


class Behind:
    """An assistant on fresh stores in memory, and what it left aside because it failed."""

    def __init__(self, beginning: int = 0) -> None:
        """``beginning`` says the how manieth it is; the first is real."""
        self.stores = memory_stores(real_clock, StorePolicy(INDEXED_STEPS))
        self.failures: list[DeadLetter] = []
        self.assistant: Assistant = new_assistant(_SETTINGS, _world(), real_clock, self.stores)
        self.assistant.dead_letters = self
        self.answering: Assistant | Parrot = (
            self.assistant if beginning % _REAL_EVERY == 0 else Parrot(self.stores.cases)
        )

    async def put(self, letter: DeadLetter) -> None:
        """Where the assistant puts what it could not deal with."""
        self.failures.append(letter)

    def see_that_nothing_failed(self) -> None:
        """Raise Fault if a turn failed."""
        if self.failures:
            first = self.failures[0]
            raise Fault(f"{len(self.failures)} turns failed, the first: {first}"[:1500])
