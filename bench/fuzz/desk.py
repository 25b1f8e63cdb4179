"""The staff desk under spoilt forms and addresses, with an administrator's login."""

import json
import random
import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from bench.fuzz.asking import ask
from bench.fuzz.campaign import Fault
from bench.fuzz.people import Behind
from bench.fuzz.routes import api_routes
from bench.fuzz.spoiling import spoilt, spoilt_bytes, text
from bench.fuzz.web import PARTS_OF_A_PATH
from bot.clock import real_clock
from desk.app import create_desk
from desk.deeds import Draft
from desk.sessions import Session, csrf_of, session_id
from desk.staff import Role
from dialogs.message import Identity, Inbound
from tests.desk.making import parts_of
from tests.desk.objects import MAKERS

_TOKEN: Final = "token-of-the-administrator"
_FORM: Final = b"application/x-www-form-urlencoded"
_JSON: Final = b"application/json"
_LEFT_OUT: Final = re.compile("/logout|/sessions/|/accounts|/account/factor$|/queue/(events|alive)")
"""What would end the login itself, and streams."""


class Desk:
    """The target: every page, form and script's address of the desk."""

    def __init__(self) -> None:
        self._behind: Behind
        self._app: FastAPI
        self._routes: tuple[APIRoute, ...]
        self._objects: Mapping[str, str]
        self._number = 0

    async def begin(self) -> None:
        """Begin anew: an administrator, and one object of each kind that a path can name."""
        self._behind = Behind()
        parts = parts_of(self._behind.stores, real_clock, self._behind.assistant.world)
        self._app = create_desk(parts)
        now = real_clock()
        admin = await parts.agents.add("zhao", Role.ADMIN, "$argon2id$none", now)
        await parts.factors.enrol(admin.id, "JBSWY3DPEHPK3PXP", frozenset("x"), 0, Draft("z", "x"))
        session = Session(session_id(_TOKEN), admin.id, now, now, now, "127.0.0.1", "fuzz")
        await parts.sessions.begin(session)
        self._objects = {
            name: await make(parts, self._behind.stores, admin) for name, make in MAKERS.items()
        }
        self._routes = tuple(
            route for route in api_routes(self._app) if not _LEFT_OUT.search(route.path)
        )

    async def feed(self, chance: random.Random) -> str:
        """Send one of the desk's forms, or open one of its pages, spoilt."""
        route = chance.choice(self._routes)
        path = route.path_format
        for name in route.param_convertors:
            strange = chance.choice((chance.choice(PARTS_OF_A_PATH), text(chance)))
            part = self._objects[name] if chance.random() < 0.8 else strange
            path = path.replace(f"{{{name}}}", part.encode("utf-8", "replace").decode() or "x")
        fields = {name: text(chance) for name in _fields(route.dependant)} | {"x": text(chance)}
        query = urlencode(fields, errors="surrogatepass").encode()
        kind, body = _FORM, query
        if chance.random() < 0.5:
            kind = _JSON
            body = json.dumps(spoilt(dict(fields), chance)).encode()
        if chance.random() < 0.1:
            body = spoilt_bytes(body, chance)
        if route.methods == {"GET"}:
            body = b""
        headers = [
            (b"host", b"127.0.0.1"),
            (b"cookie", f"beian-desk={_TOKEN}; beian-flash={quote(_flash(chance))}".encode()),
            (b"x-csrf-token", csrf_of(_TOKEN).encode()),
            (b"accept", chance.choice((b"text/html", _JSON))),
            (b"content-type", kind),
        ]
        method = min(route.methods or {"GET"})
        asked = await ask(self._app, method, path, body, query, headers)
        if asked.status >= 500:
            raise Fault(f"status {asked.status}: {method} {path} {body[:300]!r} {query[:300]!r}")
        if asked.status in (401, 421):
            raise Fault(f"status {asked.status}: the login was lost")
        return str(asked.status)

    async def prove(self, number: int) -> None:
        """The queue opens, and an applicant is answered meanwhile."""
        said = Inbound(Identity("web", "sound"), f"sound{number}", real_clock(), text="你好")
        handled = await self._behind.assistant.handle(said)
        headers = [(b"host", b"127.0.0.1"), (b"cookie", f"beian-desk={_TOKEN}".encode())]
        asked = await ask(self._app, "GET", "/", b"", b"", [*headers, (b"accept", b"text/html")])
        if asked.status != 200 or not handled.outgoing:
            raise Fault(f"the queue was answered {asked.status}")

    async def end(self) -> None:
        """No turn failed."""
        self._behind.see_that_nothing_failed()


def _flash(chance: random.Random) -> str:
    return text(chance).encode("utf-8", "replace").decode()


def _fields(dependant: Dependant) -> Iterator[str]:
    """The names under which a route reads its form and its address."""
    for one in (*dependant.query_params, *dependant.body_params):
        yield one.alias
    for inner in dependant.dependencies:
        yield from _fields(inner)
