"""What staff write to one another is in nothing that is sent, shown to or exported for anybody."""

import json
from datetime import timedelta

import httpx
from starlette.requests import Request

from bot.clock import SimulatedClock
from bot.exporting import filing_as_data
from bot.inspection.inspector import new_inspector
from bot.materials.receiving import new_receiver
from bot.settings import Settings
from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.web.identity import Visitors
from bot.wiring import Program
from desk.parts import Parts
from dialogs.message import Identity, Inbound
from dialogs.world import World
from scheduler.calendar import calendar_of
from storage.ports import Stores
from tests.bot.web.rehearsal import Drawer
from tests.desk.people import Person

CANARY = "只给同事看的话"


async def test_no_page_message_or_export_holds_a_note_a_draft_or_a_task(
    agent: Person, parts: Parts, stores: Stores, clock: SimulatedClock, world: World
) -> None:
    app = create_app(
        WebConfig(), assistant=parts.assistant, transcript=stores.transcript, files=Drawer()
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as visitor:
        await visitor.get("/")
        identity = _identity_of(visitor)
        case = (await parts.assistant.handle(Inbound(identity, "m1", clock(), text="你好"))).case
        assert case.active is not None
        place = f"/conversations/{case.conversation_id}"
        await agent.send(f"{place}/claim", of=place)
        await agent.send(f"{place}/notes", of=place, text=f"@li {CANARY}")
        await agent.send(f"{place}/tasks", of=place, text=CANARY)
        await agent.post_form(f"{place}/draft", of=place, text=CANARY, seen="0")
        await agent.send(f"{place}/say", of=place, text="您好")
        await agent.send(f"{place}/notes", of=place, text=CANARY)
        await agent.send(f"{place}/hand-back", of=place)
        assert CANARY in (await agent.page(place)).text

        shown = await visitor.get("/api/v1/chat/transcript")
        assert "您好" in shown.text
        page = await visitor.get("/")
        for text in (shown.text, page.text):
            assert CANARY not in text

    settings = Settings(_env_file=None)
    program = Program(
        settings,
        world,
        parts.assistant,
        stores,
        new_receiver(stores.files, world.provider),
        new_inspector(stores.files, world, settings),
    )
    now = await parts.assistant.case(identity)
    told = [
        json.dumps(filing_as_data(now, case.active, program.world, full=True), ensure_ascii=False),
        calendar_of(now, clock(), world).decode(),
        repr(await stores.cases.recorded(identity, "m1")),
        repr(await stores.outbox.claim("web", clock() + timedelta(days=9), 1000)),
        repr(now),
    ]
    assert not any(CANARY in one for one in told)


def _identity_of(visitor: httpx.AsyncClient) -> Identity:
    """Who the web channel takes this browser for."""
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    scope = {"type": "http", "headers": [(b"cookie", cookie.encode())]}
    found = Visitors(is_https=False).known(Request(scope))
    assert found is not None
    return found
