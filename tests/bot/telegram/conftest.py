"""A strict Bot API server and a bot on it, fresh for every test."""

from collections.abc import AsyncIterator

import pytest

from bot.testing.telegram import FakeBot, FakeTelegram
from tests.bot.telegram.running import TOKEN


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """The server."""
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
def bot(telegram: FakeTelegram) -> FakeBot:
    """The bot."""
    return telegram.add_bot(TOKEN)


@pytest.fixture(params=["aiogram", "ptb"])
def library(request: pytest.FixtureRequest) -> str:
    """Either library."""
    return str(request.param)
