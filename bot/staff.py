"""Accounts of support staff: add, list, disable."""

from collections.abc import Sequence

from bot.clock import real_clock
from bot.settings import Settings
from bot.wiring import open_stores
from desk.passwords import hash_now, one_time_password
from desk.staff import Agent, Role
from storage.errors import AgentExists, NoSuchAgent
from storage.ports import Stores

FIRST = "admin"
"""Name of the account a fresh installation has."""


async def add_agent(settings: Settings, name: str, role: str) -> str | None:
    """Add an account with a random password, returned once; None if the name is taken."""
    async with open_stores(settings, real_clock) as stores:
        return await _add(stores, name, Role(role))


async def first_login(stores: Stores) -> str | None:
    """The password of the account ``FIRST``, made if nobody has an account yet; else None."""
    if await stores.agents.everyone():
        return None
    return await _add(stores, FIRST, Role.ADMIN)


async def _add(stores: Stores, name: str, role: Role) -> str | None:
    password = one_time_password()
    try:
        await stores.agents.add(name, role, hash_now(password), real_clock(), must_change=True)
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
