"""Health, readiness and metrics."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from bot.web import health
from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.web.ports import Check
from tests.bot.web.asking import say
from tests.bot.web.rehearsal import Drawer, Rehearsal


async def fine() -> str | None:
    """A part that works."""
    return None


async def broken() -> str | None:
    """A part that says what is wrong."""
    return "the disk is full; free some space"


async def raising() -> str | None:
    """A part that fails."""
    raise OSError("postgresql://user:secret@host/db")


def with_checks(**checks: Check) -> httpx.AsyncClient:
    """A client of an application with these checks."""
    rehearsal = Rehearsal()
    app = create_app(
        WebConfig(), assistant=rehearsal, transcript=rehearsal, files=Drawer(), checks=checks
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_a_living_process_says_so() -> None:
    async with with_checks(database=raising) as client:
        assert (await client.get("/healthz")).json() == {"alive": True}


async def test_it_is_ready_when_all_parts_are() -> None:
    async with with_checks(database=fine, telegram=fine) as client:
        ready = await client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"ready": True, "checks": {"database": "ok", "telegram": "ok"}}


async def test_it_is_not_ready_when_a_part_is_not_and_keeps_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with with_checks(database=raising, disk=broken, telegram=fine) as client:
        ready = await client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["checks"]["disk"] == "the disk is full; free some space"
    assert "secret" not in ready.text
    assert "OSError" in ready.json()["checks"]["database"]


async def test_a_part_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hanging() -> str | None:
        await never
        return None

    never = asyncio.get_running_loop().create_future()
    monkeypatch.setattr(health, "_PATIENCE", 0.01)
    async with with_checks(database=hanging) as client:
        ready = await client.get("/readyz")
    assert ready.status_code == 503
    assert "no answer" in ready.json()["checks"]["database"]


async def test_metrics_count_turns_and_refusals_without_personal_data(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    await say(client, "13800138000")
    await client.post("/api/v1/chat/messages", headers={"Origin": "https://evil.example"})
    page = (await client.get("/metrics")).text
    assert 'beian_turns_total{channel="web"} 1.0' in page
    assert 'beian_turn_seconds_count{channel="web"} 1.0' in page
    assert 'beian_refusals_total{channel="web",reason="other_site"} 1.0' in page
    assert "beian_dead_letters" in page
    assert "13800138000" not in page
    assert client.cookies["beian"] not in page
