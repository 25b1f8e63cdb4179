"""The staff desk on the parts of the program."""

from pathlib import Path

from fastapi import FastAPI

from bot.clock import real_clock
from bot.wiring import Program
from desk.allowance import load_channels
from desk.app import create_desk
from desk.canned import load_canned
from desk.claims import Claims
from desk.config import DeskConfig
from desk.event_sheets import EventSheets
from desk.helping import Helping
from desk.limits import load_limits
from desk.parts import Parts
from desk.statistics.numbers import Numbers
from desk.supervising.supervision import Supervision
from dialogs.assistant import Assistant
from storage.ports import Stores


def staff_desk(program: Program) -> FastAPI:
    """The desk, to be mounted at ``/desk``."""
    settings = program.settings
    stores = program.stores
    return create_desk(
        Parts(
            config=DeskConfig(
                public_url=settings.desk_url or settings.public_url,
                provider=program.world.provider.short_names,
            ),
            clock=real_clock,
            agents=stores.agents,
            sessions=stores.sessions,
            factors=stores.factors,
            attempts=stores.attempts,
            audit=stores.audit,
            assistant=program.assistant,
            world=program.world,
            numbers=Numbers(stores.statistics, program.world, real_clock, lambda: ()),
            supervision=Supervision(
                lambda: (),
                stores.reminders,
                load_limits(settings.content),
                Claims(program.assistant, stores.claims, real_clock),
            ),
            helping=helping_of(stores, program.assistant, settings.content),
        )
    )


def helping_of(stores: Stores, assistant: Assistant, content: Path | None = None) -> Helping:
    """What the pages of a conversation work with. Raises BrokenContent."""
    return Helping(
        claims=Claims(assistant, stores.claims, assistant.clock),
        transcript=stores.transcript,
        notebook=stores.notebook,
        tasks=stores.tasks,
        presence=stores.presence,
        canned=load_canned(content),
        channels=load_channels(content),
        sheets=EventSheets(assistant, stores.filings, stores.receipts),
    )
