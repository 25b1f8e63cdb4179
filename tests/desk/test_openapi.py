"""Schemathesis asks the desk and the API what their own descriptions allow, and what they do not.

Everything runs inside the process on stores in memory, at the desk with an admin's login. What is
looked for is a failure of ours: whatever is sent, the answer says what is wrong with it.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.schemas import OpenApiSchema
from standardwebhooks import Webhook
from starlette.testclient import TestClient

from bot.clock import SimulatedClock
from desk.app import create_desk
from desk.deeds import Draft
from desk.parts import Parts
from desk.sessions import Session, csrf_of, session_id
from desk.staff import Role
from dialogs.world import World
from storage.memory import memory_stores
from storage.ports import Stores
from tests.bot.api.calling import SECRET
from tests.bot.api.conftest import make_app
from tests.bot.web.real import START, real_assistant
from tests.desk.making import new_parts
from tests.desk.objects import MAKERS

AnyCase = schemathesis.Case[Any]
_ENDS_THE_LOGIN = "/logout|/sessions/|/accounts/|/account/factor$"
TOKEN = "token-of-the-admin"
EXAMPLES = 8
_QUIET = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def described(app: FastAPI, at: str) -> OpenApiSchema:
    """An application mounted at ``at``, with its description, for Schemathesis."""
    outside = FastAPI(openapi_url=None)
    description = {**app.openapi(), "servers": [{"url": at or "/"}]}

    @outside.get("/description.json")
    async def describe() -> dict[str, Any]:
        return description

    outside.mount(at, app)
    return schemathesis.openapi.from_asgi("/description.json", outside)


@dataclass(frozen=True, slots=True)
class Furnished:
    """A description, and something for each parameter of its paths."""

    schema: OpenApiSchema
    objects: Mapping[str, str]


@pytest.fixture(scope="module")
def at_the_desk(world: World) -> Furnished:
    """The desk, with an admin logged in and one object of each kind that a path can name."""
    parts, stores = new_parts(world)
    objects = asyncio.run(_furnish(parts, stores))
    return Furnished(described(create_desk(parts), "/desk"), objects)


async def _furnish(parts: Parts, stores: Stores) -> dict[str, str]:
    admin = await parts.agents.add("zhao", Role.ADMIN, "$argon2id$none", parts.clock())
    await parts.factors.enrol(admin.id, "JBSWY3DPEHPK3PXP", frozenset("x"), 0, Draft("zhao", "x"))
    session = Session(session_id(TOKEN), admin.id, START, START, START, "127.0.0.1", "test")
    await parts.sessions.begin(session)
    return {name: await make(parts, stores, admin) for name, make in MAKERS.items()}


def ask_everything(
    schema: BaseSchema, headers: Callable[[AnyCase], dict[str, str]], objects: Mapping[str, str]
) -> Counter[int]:
    """Send each operation what its description allows; how often it gave which status."""
    statuses: Counter[int] = Counter()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @_QUIET
        @given(case=operation.as_strategy())
        def ask(case: AnyCase) -> None:
            if statuses.total() % 2:  # half of the time something that is there
                case.path_parameters |= {
                    name: objects[name] for name in case.path_parameters if name in objects
                }
            answer = case.call_and_validate(headers=headers(case), checks=[not_a_server_error])
            statuses[answer.status_code] += 1

        ask()
    return statuses


def test_no_request_makes_the_desk_fail(at_the_desk: Furnished) -> None:
    sent = {
        "x-csrf-token": csrf_of(TOKEN),
        "cookie": f"beian-desk={TOKEN}",
        "accept": "text/html",
        "host": "127.0.0.1",
    }
    streams = at_the_desk.schema.exclude(path_regex="/queue/(events|alive)")
    asked = streams.exclude(path_regex=_ENDS_THE_LOGIN)
    statuses = ask_everything(asked, lambda _: sent, at_the_desk.objects)
    assert statuses[421] == 0
    assert statuses[200] > EXAMPLES * 10, statuses  # it gets further than the door


def test_no_request_makes_the_api_fail(world: World) -> None:
    clock = SimulatedClock(START)
    stores = memory_stores(clock)
    app = make_app(real_assistant(world, clock, stores), stores)
    client = TestClient(app, raise_server_exceptions=False)
    statuses: Counter[int] = Counter()

    def ask(case: AnyCase) -> None:
        """Signed as the API wants it, which Schemathesis cannot know."""
        has_body = isinstance(case.body, dict | list | str | int | float)
        content = json.dumps(case.body, ensure_ascii=False) if has_body else case.formatted_path
        at = datetime.now(UTC)
        headers = {
            "webhook-id": "evt_1",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(SECRET).sign("evt_1", at, content),
        }
        body = content.encode("utf-8", "replace") if has_body else None
        answer = client.request(case.method, case.formatted_path, content=body, headers=headers)
        statuses[answer.status_code] += 1
        assert answer.status_code < 500, (case.method, case.formatted_path, answer.text)

    for found in schemathesis.openapi.from_asgi("/api/v1/openapi.json", app).get_all_operations():
        assert isinstance(found, Ok)
        _QUIET(given(case=found.ok().as_strategy())(ask))()
    assert statuses[404] + statuses[422] > statuses[401], statuses
