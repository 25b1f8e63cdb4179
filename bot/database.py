"""The database commands: bring the schema up to date, show its revision."""

import asyncio

from bot.settings import Settings
from storage.migrate import current as revision
from storage.migrate import upgrade as bring_up_to_date


def upgrade(settings: Settings) -> str:
    """Upgrade the schema; returns the revision it is now at."""
    settings.home.mkdir(parents=True, exist_ok=True)
    return asyncio.run(bring_up_to_date(settings.database))


def current(settings: Settings) -> str:
    """The revision, or a dash for an empty database."""
    settings.home.mkdir(parents=True, exist_ok=True)
    return asyncio.run(revision(settings.database)) or "-"
