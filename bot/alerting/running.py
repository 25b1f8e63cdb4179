"""The alerts' part of `beian serve`: look, end silent claims, ping staff."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any, Final

from bot.alerting.mail import StaffMail
from bot.clock import real_clock
from bot.reminding.running import mail_server
from bot.settings import Settings
from bot.wiring import Program
from desk.alerts.pinging import Pings
from desk.alerts.ports import Pinger
from desk.alerts.watching import Silence, Watch, Ways
from desk.claims import Claims
from desk.config import BASE
from desk.wording import load_texts
from scheduler.jobs import Tick, tick

WATCH_SECONDS: Final = 5.0
SILENCE_SECONDS: Final = 5.0
PING_SECONDS: Final = 2.0

Part = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


def ways_of(settings: Settings) -> Ways:
    """What this deployment can reach staff by."""
    return Ways(
        telegram=settings.staff_telegram_chat is not None,
        team_mail=settings.staff_email is not None,
    )


def watch_of(program: Program) -> Watch:
    """What looks for alerts."""
    stores = program.stores
    return Watch(
        stores.line,
        stores.tasks,
        stores.dead_letters,
        stores.alerts,
        program.world.provider.service_hours,
        ways_of(program.settings),
        real_clock,
    )


def alerting_part(program: Program) -> Part:
    """Alerts from when they arise until they are told."""
    settings, stores = program.settings, program.stores
    watch = watch_of(program)
    claims = Claims(program.assistant, stores.claims, real_clock)
    silence = Silence(claims, stores.claims, watch, real_clock)

    async def run(stop: asyncio.Event) -> None:
        async with AsyncExitStack() as stack:
            pings = Pings(
                stores.alerts,
                await _pingers(program, stack),
                load_texts(),
                real_clock,
                link=_desk_address(settings),
            )
            ticks = (
                Tick("alerts", WATCH_SECONDS, watch.run),
                Tick("silence", SILENCE_SECONDS, silence.run),
                Tick("pings", PING_SECONDS, pings.run),
            )
            await tick(ticks, stop)

    return run


async def _pingers(program: Program, stack: AsyncExitStack) -> list[Pinger]:
    """The ways to staff that the operator has set up."""
    settings = program.settings
    pingers: list[Pinger] = []
    if (server := mail_server(settings)) is not None:
        pingers.append(StaffMail(server, program.stores.alerts, settings.staff_email))
    if settings.staff_telegram_chat is not None and settings.staff_token is not None:
        from bot.alerting.telegram import TelegramGroup  # read only where there is a group

        token = settings.staff_token.get_secret_value()
        group = TelegramGroup(token, settings.staff_telegram_chat, settings.telegram_api_base)
        pingers.append(await stack.enter_async_context(group))
    return pingers


def _desk_address(settings: Settings) -> str | None:
    base = settings.desk_url or settings.public_url
    return None if base is None else f"{base}{BASE}/"
