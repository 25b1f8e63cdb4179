"""The assistant that repeats what it heard, with what WeCom's channel asks of one beside turns."""

from collections.abc import Callable

from bot.settings import Settings
from bot.world import load_world
from dialogs.case import Case
from dialogs.message import Identity
from dialogs.turn import TurnResult
from dialogs.world import World
from tests.bot.telegram import parrot


class _Alone:
    """Nobody of the staff is about."""

    world: World = load_world(Settings(_env_file=None))

    async def act(self, identity: Identity, compute: Callable[[Case], TurnResult]) -> object:
        """No session changes hands here."""
        raise AssertionError("no session changes hands here")


class Parrot(_Alone, parrot.Parrot):
    """See ``tests.bot.telegram.parrot``."""


class Stubborn(_Alone, parrot.Stubborn):
    """See ``tests.bot.telegram.parrot``."""
