"""The real assistant with its shipped content, on stores in memory."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.settings import Settings
from bot.wiring import new_assistant
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.world import World
from storage.ports import Stores

PUBLIC_URL = "https://beian.example.cn"
START = datetime(2026, 11, 24, 2, tzinfo=UTC)
SETTINGS = Settings(
    _env_file=None,
    public_url=PUBLIC_URL,
    operator_name="示例",
    operator_contact="help@example.cn",
)


def real_world() -> World:
    """The shipped content."""
    return load_world(SETTINGS)


def real_assistant(world: World, clock: Callable[[], datetime], stores: Stores) -> Assistant:
    """The assistant as the program makes it."""
    return new_assistant(SETTINGS, world, clock, stores)
