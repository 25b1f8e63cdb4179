"""Accounts of support staff: add, list, disable."""

import secrets
from collections.abc import Sequence

from argon2 import PasswordHasher

from bot.clock import real_clock
from bot.settings import Settings
from bot.wiring import open_stores
from storage.errors import AgentExists, NoSuchAgent
from storage.ports import Agent, Role


async def add_agent(settings: Settings, name: str, role: str) -> str | None:
    """Add an account with a random password, returned once; None if the name is taken."""
    password = secrets.token_urlsafe(15)
    async with open_stores(settings, real_clock) as stores:
        try:
            await stores.agents.add(name, Role(role), PasswordHasher().hash(password), real_clock())
        except AgentExists:
            return None
    return password


async def list_agents(settings: Settings) -> Sequence[Agent]:
    """All accounts."""
    async with open_stores(settings, real_clock) as stores:
        return await stores.agents.everyone()


async def disable_agent(settings: Settings, name: str) -> bool:
    """Take access away; False if nobody has that name."""
    async with open_stores(settings, real_clock) as stores:
        try:
            await stores.agents.disable(name)
        except NoSuchAgent:
            return False
    return True
