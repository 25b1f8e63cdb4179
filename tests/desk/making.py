"""A desk by itself, on stores in memory."""

from fastapi import FastAPI

from bot.clock import SimulatedClock
from bot.desk_wiring import gaps_of, helping_of, quality_of
from desk.app import alone, create_desk
from desk.claims import Claims
from desk.config import DeskConfig
from desk.limits import load_limits
from desk.live_queue import LiveQueue
from desk.oidc import OidcServer
from desk.parts import Clock, Parts
from desk.statistics.numbers import Numbers
from desk.supervising.supervision import Supervision
from dialogs.world import World
from storage.memory import memory_stores
from storage.ports import Stores
from tests.bot.web.real import START, real_assistant


def new_desk(world: World) -> tuple[FastAPI, Parts, Stores]:
    """A desk at its address with its parts and the stores under them."""
    parts, stores = new_parts(world)
    return alone(create_desk(parts)), parts, stores


def new_parts(world: World) -> tuple[Parts, Stores]:
    """What a desk is made of, on fresh stores."""
    clock = SimulatedClock(START)
    stores = memory_stores(clock)
    return parts_of(stores, clock, world), stores


def parts_of(
    stores: Stores,
    clock: Clock,
    world: World,
    config: DeskConfig | None = None,
    oidc: OidcServer | None = None,
) -> Parts:
    """What a desk is made of, on one's own machine."""
    assistant = real_assistant(world, clock, stores)
    queue = LiveQueue.of(stores.cases, stores.dockets, stores.listing, world, clock, load_limits())
    assistant.listeners.append(queue.follower.tell)
    return Parts(
        config=config or DeskConfig(),
        clock=clock,
        agents=stores.agents,
        sessions=stores.sessions,
        factors=stores.factors,
        attempts=stores.attempts,
        audit=stores.audit,
        assistant=assistant,
        world=world,
        oidc=oidc,
        numbers=Numbers(stores.statistics, world, clock, stores.listing),
        supervision=Supervision(
            stores.listing,
            stores.reminders,
            load_limits(),
            Claims(assistant, stores.claims, clock),
        ),
        helping=helping_of(stores, assistant),
        queue=queue,
        gaps=gaps_of(stores, assistant),
        quality=quality_of(stores, assistant),
        alerts=stores.alerts,
    )
