"""The world all conversations of these tests share."""

from datetime import datetime

import pytest

from bot.settings import Settings
from bot.world import load_world
from dialogs.world import SHANGHAI, World
from tests.dialogs.talk import Talk


@pytest.fixture(scope="session")
def world() -> World:
    """The shipped content, read once."""
    return load_world(Settings(_env_file=None))


@pytest.fixture
def talk(world: World) -> Talk:
    """Somebody who has not said anything yet, on a Tuesday morning."""
    return Talk(world, datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI))
