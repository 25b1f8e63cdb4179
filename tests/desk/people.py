"""Members of staff at the desk, as their browsers would act."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import httpx
from fastapi import FastAPI
from pyotp import TOTP

from desk.deeds import Deed, Draft
from desk.factors import recovery_digest
from desk.parts import Clock, Parts
from desk.passwords import hash_now
from desk.staff import Agent, Role

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RECOVERY = ("aaaa-bbbb-cccc-dddd", "eeee-ffff-gggg-hhhh")
HTML = {"accept": "text/html"}


@cache
def _hash(password: str) -> str:
    """Hashed once: it takes its time on purpose."""
    return hash_now(password)


async def open_account(
    parts: Parts,
    name: str,
    role: Role,
    password: str = PASSWORD,
    *,
    must_change: bool = False,
    has_factor: bool = False,
) -> Agent:
    """An account with a known password, and with a known second factor if it is to have one."""
    agent = await parts.agents.add(
        name, role, _hash(password), parts.clock(), must_change=must_change
    )
    if has_factor:
        digests = frozenset(map(recovery_digest, RECOVERY))
        await parts.factors.enrol(agent.id, SECRET, digests, 0, Draft(name, Deed.FACTOR_ADDED))
    return agent


@dataclass(slots=True)
class Person:
    """Somebody with a browser. ``page`` and ``send`` do what a person does with pages and forms."""

    client: httpx.AsyncClient
    clock: Clock
    name: str = ""

    async def page(self, path: str) -> httpx.Response:
        """Open a page of the desk (``"/"``), following no redirects."""
        return await self.client.get(f"/desk{path}", headers=HTML)

    async def csrf(self, path: str = "/") -> str:
        """The token in a page."""
        found = re.search(r'name="csrf" (?:content|value)="([^"]+)"', (await self.page(path)).text)
        assert found, path
        return found[1]

    async def send(self, path: str, *, of: str = "/", **fields: str) -> httpx.Response:
        """Submit a form that stands on the page ``of``."""
        fields = {"csrf": await self.csrf(of), **fields}
        return await self.client.post(f"/desk{path}", data=fields, headers=HTML)

    async def post(self, path: str, body: object = None, *, of: str = "/") -> httpx.Response:
        """Post JSON as a script of the page ``of`` would."""
        headers = {"x-csrf-token": await self.csrf(of)}
        return await self.client.post(f"/desk{path}", json=body or {}, headers=headers)

    async def post_form(self, path: str, *, of: str = "/", **fields: str) -> httpx.Response:
        """Send a form as a script of the page ``of`` would."""
        headers = {"x-csrf-token": await self.csrf(of), "accept": "application/json"}
        return await self.client.post(f"/desk{path}", data=fields, headers=headers)

    async def log_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        """Log in by the form, with a one-time code if one is due; raises if that fails."""
        response = await self.send("/login", of="/login", name=name, password=password)
        assert response.status_code == 303, response.text
        self.name = name
        if "/login/code" in response.headers["location"]:
            response = await self.send("/login/code", of="/login/code", code=self.code())
            assert response.status_code == 303, response.text
        return response

    def code(self, later: timedelta = timedelta()) -> str:
        """What their authenticator app shows."""
        return TOTP(SECRET).at(self.clock() + later)


@asynccontextmanager
async def visiting(app: FastAPI, clock: Clock) -> AsyncIterator[Person]:
    """A browser that has not been here before."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield Person(client, clock)
