"""The desk on stores in memory, and people who log in to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from bot.clock import SimulatedClock
from bot.wiring import INDEXED_STEPS
from desk import passwords
from desk.app import alone, create_desk
from desk.parts import Parts
from desk.staff import Role
from dialogs.world import World
from storage.memory import memory_stores
from storage.ports import StorePolicy, Stores
from tests.bot.web.real import START, real_world
from tests.desk.making import parts_of
from tests.desk.people import Person, open_account, visiting

_STRONG = passwords._HASHER
_QUICK = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of less strength: a login takes its time on purpose, hundreds would take minutes."""
    monkeypatch.setattr(passwords, "_HASHER", _QUICK)


@pytest.fixture
def full_strength(quick_hashes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes as they are in earnest."""
    monkeypatch.setattr(passwords, "_HASHER", _STRONG)


@pytest.fixture(scope="session")
def world() -> World:
    """The shipped content, read once."""
    return real_world()


@pytest.fixture
def clock() -> SimulatedClock:
    """A clock that moves only when told."""
    return SimulatedClock(START)


@pytest.fixture
def stores(clock: SimulatedClock) -> Stores:
    """Stores in memory."""
    return memory_stores(clock, StorePolicy(INDEXED_STEPS))


@pytest.fixture
def parts(stores: Stores, clock: SimulatedClock, world: World) -> Parts:
    """What the desk is made of, on one's own machine."""
    return parts_of(stores, clock, world)


@pytest.fixture
def app(parts: Parts) -> FastAPI:
    """The desk at its address, by itself."""
    return alone(create_desk(parts))


@pytest.fixture
async def anonymous(app: FastAPI, clock: SimulatedClock) -> AsyncIterator[Person]:
    """Somebody who has not logged in."""
    async with visiting(app, clock) as person:
        yield person


@asynccontextmanager
async def _logged_in(app: FastAPI, parts: Parts, name: str, role: Role) -> AsyncIterator[Person]:
    await open_account(parts, name, role, has_factor=role is Role.ADMIN)
    async with visiting(app, parts.clock) as person:
        await person.log_in(name)
        yield person


@pytest.fixture
async def agent(app: FastAPI, parts: Parts) -> AsyncIterator[Person]:
    """A logged-in member of the support team: li."""
    async with _logged_in(app, parts, "li", Role.AGENT) as person:
        yield person


@pytest.fixture
async def supervisor(app: FastAPI, parts: Parts) -> AsyncIterator[Person]:
    """Their supervisor: wang."""
    async with _logged_in(app, parts, "wang", Role.SUPERVISOR) as person:
        yield person


@pytest.fixture
async def admin(app: FastAPI, parts: Parts) -> AsyncIterator[Person]:
    """Who manages the accounts: zhao."""
    async with _logged_in(app, parts, "zhao", Role.ADMIN) as person:
        yield person
