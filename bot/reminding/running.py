"""The scheduler's part of `beian serve`: ticks that sweep, follow up, repair and count."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx

from bot.clock import real_clock
from bot.common_pace import pace_of
from bot.metrics import Metrics
from bot.reminding.addresses import Addresses
from bot.reminding.counting import ReminderMetrics
from bot.reminding.gateway import SmsSender
from bot.reminding.mail import MailSender, MailServer
from bot.reminding.reaching import reach_of
from bot.sending import UNHURRIED, Delivery, Sender
from bot.settings import Settings
from bot.wiring import Program
from scheduler.footers import FooterRounds
from scheduler.jobs import (
    DOUBT_SECONDS,
    FIGURES_SECONDS,
    FOLLOW_SECONDS,
    FOOTERS_SECONDS,
    REPAIR_SECONDS,
    REROUTE_SECONDS,
    SWEEP_SECONDS,
    Tick,
    tick,
)
from scheduler.sweep import ROOM, Sweep

Part = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


def reminding_part(program: Program, metrics: Metrics, *, sweeps: bool) -> Part:
    """Sweeps and repairs with ``sweeps``; the figures for /metrics in any case."""
    counts = ReminderMetrics(metrics.registry)
    store = program.stores.reminders
    reach, consents = reach_of(program.settings), program.stores.notice_consents
    sweep = Sweep(program.assistant, store, real_clock, reach, counts, consents, ROOM)

    rounds = FooterRounds(program.assistant, store, real_clock)

    async def figures() -> None:
        counts.show(await store.figures(real_clock()))

    ticks = [Tick("figures", FIGURES_SECONDS, figures)]
    if sweeps:
        ticks += [
            Tick("sweep", SWEEP_SECONDS, sweep.run),
            Tick("follow_up", FOLLOW_SECONDS, sweep.follow_up),
            Tick("reroute", REROUTE_SECONDS, sweep.reroute),
            Tick("doubt", DOUBT_SECONDS, sweep.doubt),
            Tick("repair", REPAIR_SECONDS, sweep.repair),
            Tick("footers", FOOTERS_SECONDS, rounds.run, at_once=False),
        ]

    async def run(stop: asyncio.Event) -> None:
        async with httpx.AsyncClient() as client:
            senders = _senders(program, client) if sweeps else []
            outboxes = [_delivery(program, sender).run(stop) for sender in senders]
            await asyncio.gather(tick(tuple(ticks), stop), *outboxes)

    return run


def _delivery(program: Program, sender: Sender) -> Delivery:
    together = pace_of(program.stores.paces, sender.channel, UNHURRIED.together, real_clock)
    return Delivery(program.stores.outbox, sender, real_clock, UNHURRIED, together=together)


def _senders(program: Program, client: httpx.AsyncClient) -> list[Sender]:
    """The ways to addresses that the operator has set up."""
    settings, stores = program.settings, program.stores
    senders: list[Sender] = []
    server = mail_server(settings)
    if server is not None:
        senders.append(MailSender(server, stores, program.world, real_clock))
    gateway = sms_gateway(program, client)
    if gateway is not None:
        senders.append(gateway)
    return senders


def sms_gateway(program: Program, client: httpx.AsyncClient) -> SmsSender | None:
    """The operator's gateway, if one is set."""
    url, secret = program.settings.sms_gateway_url, program.settings.sms_gateway_secret
    if url is None or secret is None:
        return None
    key = secret.get_secret_value().encode()
    return SmsSender(url, key, program.stores.contacts, real_clock, client)


def mail_server(settings: Settings) -> MailServer | None:
    """The mail server, if one is set."""
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    return MailServer.of(settings.smtp_url.get_secret_value(), settings.mail_from)


def addresses_of(program: Program, client: httpx.AsyncClient) -> Addresses:
    """What fulfils wishes about where reminders go."""
    settings = program.settings
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    gateway = sms_gateway(program, client)
    return Addresses(
        program.stores.contacts,
        program.world,
        real_clock,
        lambda token: f"{base}/calendar/{token}.ics",
        mail_server(settings),
        gateway.text if gateway is not None else None,
        lambda: settings.telegram_bot,
        program.stores.attempts,
    )
