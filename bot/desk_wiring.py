"""The staff desk on the parts of the program."""

from pathlib import Path

from fastapi import FastAPI

from bot.clock import real_clock
from bot.settings import Settings
from bot.wechat.windows import WeChatWindows
from bot.wecom.windows import WeComWindows
from bot.wiring import Program
from desk.allowance import AllWindows, load_channels
from desk.app import create_desk
from desk.canned import load_canned
from desk.claims import Claims
from desk.config import DeskConfig
from desk.event_sheets import EventSheets
from desk.following import Follower
from desk.gaps.editing import Gaps
from desk.gaps.shelf import Shelf
from desk.helping import Helping
from desk.limits import load_limits
from desk.live_queue import LiveQueue
from desk.oidc import OidcConfig, OidcServer
from desk.parts import Parts
from desk.quality.checklist import load_checklist
from desk.quality.reading import Quality
from desk.staff import Role
from desk.statistics.numbers import Numbers
from desk.supervising.supervision import Supervision
from dialogs.assistant import Assistant
from storage.ports import Stores


def live_queue(program: Program) -> LiveQueue:
    """The queue of the desk, told of every turn that this process takes."""
    stores, world = program.stores, program.world
    limits = load_limits(program.settings.content)
    queue = LiveQueue.of(stores.cases, stores.dockets, stores.listing, world, real_clock, limits)
    program.assistant.listeners.append(queue.follower.tell)
    return queue


def follower(program: Program) -> Follower:
    """Keeps the desk's dockets up with the turns of a process that has no desk itself."""
    stores = program.stores
    limits = load_limits(program.settings.content)
    following = Follower(stores.cases, stores.dockets, program.world, real_clock, limits)
    program.assistant.listeners.append(following.tell)
    return following


def staff_desk(program: Program, queue: LiveQueue) -> FastAPI:
    """The desk, to be mounted at ``/desk``; ``queue`` must be run beside it."""
    settings = program.settings
    stores = program.stores
    return create_desk(
        Parts(
            config=DeskConfig(
                public_url=settings.desk_url or settings.public_url,
                provider=program.world.provider.short_names,
                sends_mail=settings.smtp_url is not None,
            ),
            clock=real_clock,
            agents=stores.agents,
            sessions=stores.sessions,
            factors=stores.factors,
            attempts=stores.attempts,
            audit=stores.audit,
            assistant=program.assistant,
            world=program.world,
            oidc=_oidc(settings),
            numbers=Numbers(stores.statistics, program.world, real_clock, stores.listing),
            supervision=Supervision(
                stores.listing,
                stores.reminders,
                load_limits(settings.content),
                Claims(program.assistant, stores.claims, real_clock),
            ),
            helping=helping_of(stores, program.assistant, settings.content),
            queue=queue,
            gaps=gaps_of(stores, program.assistant),
            quality=quality_of(stores, program.assistant, settings.content),
            alerts=stores.alerts,
        )
    )


def _oidc(settings: Settings) -> OidcServer | None:
    if settings.oidc_issuer is None:
        return None
    secret = settings.oidc_client_secret
    return OidcServer(
        OidcConfig(
            settings.oidc_issuer,
            settings.oidc_client_id or "",
            secret.get_secret_value() if secret is not None else "",
            settings.oidc_label,
            settings.oidc_name_claim,
            settings.oidc_role_claim,
            {claim: Role(role) for claim, role in settings.oidc_roles_by_claim.items()},
        )
    )


def gaps_of(stores: Stores, assistant: Assistant) -> Gaps:
    """What the pages of knowledge gaps work with."""
    shelf = Shelf(assistant.world)
    return Gaps(stores.questions, stores.article_drafts, shelf, assistant, assistant.clock)


def quality_of(stores: Stores, assistant: Assistant, content: Path | None = None) -> Quality:
    """What the pages of conversation quality work with. Raises BrokenContent."""
    return Quality(
        stores.reviews,
        stores.statistics,
        load_checklist(content),
        assistant,
        stores.claims,
        stores.transcript,
        assistant.clock,
    )


def helping_of(stores: Stores, assistant: Assistant, content: Path | None = None) -> Helping:
    """What the pages of a conversation work with. Raises BrokenContent."""
    return Helping(
        claims=Claims(assistant, stores.claims, assistant.clock),
        transcript=stores.transcript,
        notebook=stores.notebook,
        tasks=stores.tasks,
        presence=stores.presence,
        pulses=stores.pulses,
        canned=load_canned(content),
        channels=load_channels(content),
        sheets=EventSheets(assistant, stores.filings, stores.receipts),
        files=stores.files,
        windows=AllWindows(
            (WeChatWindows(stores.wechat), WeComWindows(stores.wechat, stores.wecom))
        ),
    )
