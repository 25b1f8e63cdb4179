"""`beian serve`: the web server and the channels in one process, stopped in order."""

import asyncio
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import Any

import httpx
import structlog
from fastapi import APIRouter, FastAPI
from pydantic import SecretStr

from bot.alerting.running import alerting_part
from bot.attachments import reader_of
from bot.clock import real_clock
from bot.desk_wiring import follower, live_queue, staff_desk
from bot.letters.handing import LetterDesk
from bot.linking import ChannelLinks, ServedWays
from bot.locking import in_use
from bot.logs import configure_logging
from bot.materials.running import retention_part
from bot.memory import keep_what_is_loaded, look_everywhere
from bot.metrics import Metrics
from bot.news import Newsroom
from bot.pacing import Buckets, Rate
from bot.privacy.papers import Notice
from bot.privacy.running import copies_of, erasing_part
from bot.reloading import ArticleWatch, load_articles, load_language
from bot.reminding.addresses import Addresses
from bot.reminding.running import addresses_of, reminding_part
from bot.settings import BrokenSettings, Settings, nameless
from bot.staff import FIRST, first_login
from bot.typing_signs import TypingSigns
from bot.web.app import create_app
from bot.web.calendar import calendar_router
from bot.web.config import WebConfig
from bot.web.form_desk import FormDesk
from bot.web.health import health_app
from bot.web.server import Server
from bot.wiring import Program, open_program
from desk.app import alone
from desk.config import BASE
from dialogs.case import Case
from storage.errors import StorageError

GRACE = 9.0
"""Seconds from SIGTERM to the end at the latest."""

CALENDARS = Rate(burst=30, per_second=0.5)
"""How often one network address may read calendars."""

_LOG = structlog.get_logger("beian")


def serve(settings: Settings, roles: frozenset[str]) -> None:
    """Serve until SIGTERM or SIGINT; then finish what is in hand and return."""
    secrets = [
        one.get_secret_value()
        for one in (
            settings.telegram_token,
            settings.staff_telegram_token,
            settings.telegram_webhook_secret,
            settings.wechat_secret,
            settings.wechat_token,
            settings.wechat_aes_key,
            settings.wechat_aes_key_last,
            settings.wecom_secret,
            settings.wecom_token,
            settings.wecom_aes_key,
            settings.wecom_aes_key_last,
            settings.master_key,
            settings.api_secret,
            settings.smtp_url,
            settings.sms_gateway_secret,
        )
        if one is not None
    ]
    configure_logging(settings.log_level, settings.log_format, secrets)
    refuse_nameless(settings)
    with in_use(settings.home):
        asyncio.run(_serve(settings, roles))


def refuse_nameless(settings: Settings) -> None:
    """Raise BrokenSettings if people outside would not know who handles their data.

    On one's own machine, and for rehearsals, the provider stands for it.
    """
    if (problem := nameless(settings)) is not None:
        raise BrokenSettings(problem)


def _in_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def plays(role: str, roles: frozenset[str]) -> bool:
    """Whether this process has a role."""
    return "all" in roles or role in roles


async def _serve(settings: Settings, roles: frozenset[str]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # not on Windows
            loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        program = await stack.enter_async_context(open_program(settings, real_clock))
        # Before they are read: an edit in between is seen as one.
        watch = ArticleWatch(program.world.knowledge, real_clock, hangup=not _in_terminal())
        load_language()
        load_articles(program.world.knowledge)
        metrics = Metrics()
        program.assistant.dead_letters = metrics.counting(program.stores.dead_letters)
        program.assistant.summoners.append(_summoner(metrics))
        client = await stack.enter_async_context(httpx.AsyncClient())
        addresses = program.assistant.addresses = addresses_of(program, client)
        ways = ServedWays(settings, lambda: addresses.bot_name() if addresses.bot_name else "")
        program.assistant.links = ChannelLinks(
            program.stores.links, program.stores.attempts, real_clock, ways
        )
        program.assistant.looks.beside = True  # a slow website must not keep anybody else
        stack.push_async_callback(program.assistant.looks.stop)
        newsroom = Newsroom(program.stores.news, program.stores.cases)
        program.assistant.listeners.append(newsroom.tell)
        parts = await _parts(program, metrics, roles, stack, addresses, ways, newsroom)
        if not parts:
            raise BrokenSettings(
                f"nothing to do for {', '.join(sorted(roles))}: configure that channel, "
                "or serve --role web"
            )
        parts += [watch.run, look_everywhere, newsroom.run]
        keep_what_is_loaded()
        await _run(parts, stop)


def _summoner(metrics: Metrics) -> Callable[[Case], None]:
    """Tells the operator's log and alarms that somebody waits for a person."""

    def summon(case: Case) -> None:
        metrics.handover(case.identity.channel)
        _LOG.warning(
            "an applicant waits for a person",
            filing=case.active,
            channel=case.identity.channel,
            conversation=case.conversation_id,
        )

    return summon


Part = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
"""Something that runs until the event is set, then stops by itself."""


async def _parts(
    program: Program,
    metrics: Metrics,
    roles: frozenset[str],
    stack: AsyncExitStack,
    addresses: Addresses,
    ways: ServedWays,
    newsroom: Newsroom,
) -> list[Part]:
    settings = program.settings
    parts: list[Part] = []
    telegram = None
    checks: dict[str, Callable[[], Awaitable[str | None]]] = {
        "database": lambda: _database_problem(program)
    }
    if settings.telegram_token is not None and plays("telegram", roles):
        from bot.telegram.running import TelegramChannel

        telegram = await stack.enter_async_context(TelegramChannel.open(program, metrics))
        parts.append(telegram.run)
        newsroom.hearers.append(telegram.service.delivery.hear)
        addresses.bot_name = telegram.name
        checks["telegram"] = telegram.problem
    wechat = None
    if settings.wechat_app_id is not None and plays("wechat", roles):
        from bot.wechat.running import WeChatChannel

        wechat = await stack.enter_async_context(WeChatChannel.open(program, metrics))
        parts.append(wechat.run)
        newsroom.hearers.append(wechat.service.delivery.hear)
        ways.wechat_code = wechat.service.client.code_url
        checks["wechat"] = wechat.problem
    wecom = None
    if settings.wecom_corp_id is not None and plays("wecom", roles):
        from bot.wecom.running import WeComChannel

        wecom = await stack.enter_async_context(WeComChannel.open(program, metrics))
        parts.append(wecom.run)
        ways.wecom_url = wecom.service.contact_url
        checks["wecom"] = wecom.problem
    has_callback = wechat is not None or wecom is not None
    posted_to = has_callback or (telegram is not None and telegram.router is not None)
    needs_web = plays("web", roles) or posted_to
    if needs_web:
        # Before anything begins: a port in use must not cost the first login its password.
        port = _listen(settings.host, settings.port)
        letters = LetterDesk(program.assistant, settings.content)
        copies = copies_of(program)
        app = create_app(
            web_config(program),
            assistant=program.assistant,
            transcript=program.stores.transcript,
            files=program.receiver,
            kept=reader_of(program.stores.files),
            forms=FormDesk(
                program.assistant,
                program.stores.forms,
                program.receiver,
                program.stores.files,
                letters,
                copies,
            ),
            letters=letters,
            copies=copies,
            notice=Notice(settings, program.world, real_clock),
            metrics=metrics,
            checks=checks,
            typing=TypingSigns(program.assistant, program.stores.presence),
        )
        newsroom.hearers.append(app.state.hub.hear)
        if telegram is not None and telegram.router is not None:
            app.include_router(telegram.router)
        if wechat is not None:
            app.include_router(wechat.router)
        if wecom is not None:
            app.include_router(wecom.router)
        if settings.api_secret is not None:
            app.include_router(_events_api(program, settings.api_secret, metrics))
        app.include_router(
            calendar_router(
                program.stores, program.world, real_clock, Buckets(CALENDARS, time.monotonic)
            )
        )
        said = ["web chat    {url}/"]
        if plays("web", roles):
            parts += await _desk(program, app, said)
        parts.insert(0, _web_part(app, port, said, settings.trusted_proxies))
    if needs_web or plays("scheduler", roles):
        parts.append(reminding_part(program, metrics, sweeps=plays("scheduler", roles)))
    if plays("scheduler", roles):
        parts.append(alerting_part(program))
        parts.append(retention_part(program, metrics))
        parts.append(erasing_part(program, metrics))
    if parts and not plays("web", roles):
        parts.append(follower(program).run)
    if parts and settings.health_port is not None:
        port = _listen(settings.host, settings.health_port)
        probes = ["health      {url}/readyz"]
        parts.append(_web_part(health_app(checks, metrics), port, probes, settings.trusted_proxies))
    return parts


def _events_api(program: Program, secret: SecretStr, metrics: Metrics) -> APIRouter:
    """The API by which a provider's own systems tell what happened to a filing."""
    from bot.api.filing_events import FilingEvents
    from bot.api.routes import RATE, api_router
    from bot.api.signing import Signatures

    return api_router(
        FilingEvents(program.assistant, program.stores.filings, program.stores.receipts),
        Signatures(secret.get_secret_value()),
        Buckets(RATE, time.monotonic),
        metrics,
    )


def web_config(program: Program) -> WebConfig:
    """What the operator chose about the web channel."""
    return WebConfig(
        public_url=program.settings.public_url, provider=program.world.provider.short_names
    )


async def _desk(program: Program, web: FastAPI, said: list[str]) -> list[Part]:
    """The staff desk below the web channel's address, or as a part with a port of its own.

    ``said`` gains what the web part says about it once it listens.
    """
    settings = program.settings
    own_port = None
    if settings.desk_port is not None:
        own_port = _listen(settings.desk_host or settings.host, settings.desk_port)
    queue = live_queue(program)
    desk = staff_desk(program, queue)
    lines = [f"staff desk  {{url}}{BASE}/"]
    if (password := await first_login(program.stores)) is not None:
        lines.append(f"first login {FIRST} {password}   (shown only this once)")
    if own_port is not None:
        desk_part = _web_part(alone(desk), own_port, lines, settings.trusted_proxies)
        return [desk_part, queue.run]
    web.mount(BASE, desk)
    web.state.closers.extend(desk.state.closers)
    said += lines
    return [queue.run]


def _web_part(app: FastAPI, port: socket.socket, said: list[str], proxies: str) -> Part:
    """Serves ``app``; ``said`` is printed once it listens, ``{url}`` being its address."""

    async def run(stop: asyncio.Event) -> None:
        host, number = port.getsockname()[:2]
        server = _WebServer(app, host, number, proxies)
        serving = asyncio.create_task(server.serve([port]))
        listening = asyncio.create_task(server.listening.wait())
        await asyncio.wait({serving, listening}, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()
        for line in said:
            print(line.format(url=server.address), flush=True)
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        server.should_exit = True
        await serving

    return run


def _listen(host: str, port: int) -> socket.socket:
    """The server's port; raises BrokenSettings if it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise BrokenSettings(
            f"cannot listen on {host} port {port} ({error.strerror}); stop whatever uses it, "
            "or choose another with --port"
        ) from None


class _WebServer(Server):
    """A server that leaves signals to the program, which listens for all its parts."""

    def __init__(self, app: FastAPI, host: str, port: int, proxies: str) -> None:
        super().__init__(app, host, port, proxies=proxies)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the port, and say so."""
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


async def _run(parts: list[Part], stop: asyncio.Event) -> None:
    """Run all parts; the end of one, or the signal, ends the others."""
    tasks = [asyncio.create_task(part(stop)) for part in parts]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({*tasks, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    stopping.cancel()
    _, late = await asyncio.wait(tasks, timeout=GRACE)
    for task in late:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome


async def _database_problem(program: Program) -> str | None:
    try:
        await program.stores.ready()
    except StorageError as error:
        return str(error)
    return None
