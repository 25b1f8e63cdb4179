"""`beian serve` as a process: it starts from nothing, answers, and stops in order."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.bot.api.calling import SECRET, Caller
from tests.parts.commands import COMMANDS, Begun


@asynccontextmanager
async def served(home: Path, *arguments: str, **settings: str) -> AsyncIterator[tuple[str, Begun]]:
    """A server in a fresh home; yields its address. What it says next is not read."""
    command = ("serve", "--port", "0", *arguments)
    with COMMANDS.begin(home, *command, complaints=None, **settings) as process:
        yield address_in(await asyncio.to_thread(process.reads)), process


def address_in(line: str) -> str:
    """The address that a server says it listens on."""
    found = re.search(r"http://[\d.]+:\d+", line)
    assert found, "it ended before it listened"
    return found.group()


@asynccontextmanager
async def installed(home: Path) -> AsyncIterator[str]:
    """The same as people start it, with nothing loaded before."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "serve", "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "BEIAN_HOME": str(home)},
    )
    assert process.stdout
    try:
        yield address_in((await process.stdout.readline()).decode())
    finally:
        process.terminate()
        assert await process.wait() == 0


async def test_it_starts_in_an_empty_home_and_is_ready(tmp_path: Path) -> None:
    async with installed(tmp_path) as url, httpx.AsyncClient(base_url=url) as client:
        assert (await client.get("/healthz")).json() == {"alive": True}
        assert (await client.get("/readyz")).json()["ready"] is True
        assert "备案助手" in (await client.get("/")).text
        assert "beian_turns" in (await client.get("/metrics")).text


async def test_a_process_without_a_web_server_is_watched_at_a_port_of_its_own(
    tmp_path: Path,
) -> None:
    async with (
        served(tmp_path, "--role", "scheduler", BEIAN_HEALTH_PORT="0") as (url, _),
        httpx.AsyncClient(base_url=url) as client,
    ):
        assert (await client.get("/readyz")).json()["checks"] == {"database": "ok"}
        assert "beian_reminders" in (await client.get("/metrics")).text
        assert (await client.get("/")).status_code == 404


async def test_a_port_in_use_is_one_sentence_and_the_first_login_waits(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = COMMANDS.run(tmp_path, "serve", "--port", port)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"beian: cannot listen on 127.0.0.1 port {port}")
    assert done.stderr.count("\n") == 1
    async with served(tmp_path) as (_, process):
        lines = [process.reads() for _ in range(2)]
    assert any("first login admin " in line for line in lines)


async def test_the_events_api_is_there_with_its_secret_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/api/v1/filings/f00"
    async with served(tmp_path) as (url, _), httpx.AsyncClient(base_url=url) as client:
        assert (await client.get(path)).status_code == 404
    monkeypatch.setenv("BEIAN_API_SECRET", SECRET)
    async with served(tmp_path) as (url, _), httpx.AsyncClient(base_url=url) as client:
        assert (await client.get(path)).json()["code"] == "unsigned"
        assert (await Caller(client).read("f00")).json()["code"] == "no_filing"


async def test_the_desk_is_at_its_address_and_the_first_login_is_printed_once(
    tmp_path: Path,
) -> None:
    async with served(tmp_path) as (url, process), httpx.AsyncClient(base_url=url) as client:
        said = [process.reads() for _ in range(2)]
        assert said[0] == f"staff desk  {url}/desk/\n"
        assert re.fullmatch(r"first login admin [\w-]{20} .*\n", said[1])
        assert "客服台" in (await client.get("/desk/login")).text
    async with served(tmp_path) as (url, process), httpx.AsyncClient(base_url=url):
        process.kill(signal.SIGTERM)
        assert b"first login" not in await asyncio.to_thread(process.said.read)


async def test_a_desk_with_a_port_of_its_own_is_gone_from_the_applicants(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEIAN_DESK_PORT", "0")
    async with served(tmp_path) as (first, process):
        addresses = {first, address_in(process.reads())}
        async with httpx.AsyncClient(follow_redirects=True) as client:
            answers = {
                url: (
                    (await client.get(f"{url}/desk/login")).status_code,
                    (await client.get(f"{url}/readyz")).status_code,
                )
                for url in addresses
            }
        assert sorted(answers.values()) == [(200, 404), (404, 200)]


async def test_sigterm_ends_it_though_a_reader_stays(tmp_path: Path) -> None:
    async with served(tmp_path) as (url, process), httpx.AsyncClient(base_url=url) as client:
        await client.get("/")
        async with client.stream("GET", "/api/v1/chat/events"):
            process.kill(signal.SIGTERM)
            assert await asyncio.to_thread(process.ended) == 0


async def test_a_conversation_outlives_a_killed_server(tmp_path: Path) -> None:
    message = {"id": "3f0c1c9e-0000-4000-8000-000000000001", "text": "你好", "locale": "zh-CN"}
    cookies = httpx.Cookies()
    async with served(tmp_path) as (url, process):
        headers = {"Origin": url}
        async with httpx.AsyncClient(base_url=url, headers=headers) as client:
            await client.get("/")
            sent = await client.post("/api/v1/chat/messages", json=message)
            assert sent.status_code == 200
            cookies = client.cookies
        process.kill()
        process.ended()
    async with served(tmp_path) as (url, _):
        token = cookies.get("beian")
        async with httpx.AsyncClient(base_url=url, cookies={"beian": token or ""}) as client:
            kept = (await client.get("/api/v1/chat/transcript?after=0")).text
            assert "你好" in kept
