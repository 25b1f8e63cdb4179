"""Accounts of support staff: add, list, disable."""

from collections.abc import Sequence

from bot.clock import real_clock
from bot.settings import Settings
from bot.wiring import open_stores
from desk.deeds import CONSOLE, Deed, Draft
from desk.passwords import hash_now, one_time_password
from desk.staff import Agent, Change, Role
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
        await stores.agents.add(
            name,
            role,
            hash_now(password),
            real_clock(),
            must_change=True,
            audit=_by_command(Deed.ACCOUNT_ADDED, name, role=role),
        )
    except AgentExists:
        return None
    return password


def _by_command(deed: Deed, name: str, **detail: str) -> Draft:
    return Draft(CONSOLE, deed, f"account:{name}", detail)


async def list_agents(settings: Settings) -> Sequence[Agent]:
    """All accounts."""
    async with open_stores(settings, real_clock) as stores:
        return await stores.agents.everyone()


async def disable_agent(settings: Settings, name: str) -> bool:
    """Take access away; False if nobody has that name."""
    async with open_stores(settings, real_clock) as stores:
        gone = Change(disabled=True, ends_sessions=True)
        try:
            await stores.agents.change(name, gone, audit=_by_command(Deed.ACCOUNT_DISABLED, name))
        except NoSuchAgent:
            return False
    return True
