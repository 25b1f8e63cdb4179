"""What works once on a page of ours works once: posted again, at once and after a restart."""

from functools import partial
from pathlib import Path
from uuid import uuid4

from fastapi import FastAPI

from bot.clock import real_clock
from bot.privacy.copies import Copies
from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.web.form_desk import FormDesk
from dialogs.assistant import Assistant
from dialogs.message import Identity, Inbound
from dialogs.world import World
from storage.ports import Stores
from tests.bot.web.real import real_assistant
from tests.bot.web.rehearsal import Drawer
from tests.threats.replaying import COPIES, copies_at_once, http, started
from tests.threats.served import NO_LIMIT, offered_form

ID_NUMBER, OTHER = "11010519491231002X", "110105198001010016"


def pages(assistant: Assistant, stores: Stores) -> FastAPI:
    """The web application of one process, with its forms."""
    copies = Copies(assistant.case, stores, assistant.world, assistant.clock)
    return create_app(
        WebConfig(form=NO_LIMIT),
        assistant=assistant,
        transcript=stores.transcript,
        files=Drawer(),
        forms=FormDesk(assistant, stores.forms, copies=copies),
    )


async def test_a_form_counts_once_and_its_link_is_dead(home: Path, world: World) -> None:
    path, who = "", Identity("telegram", "4200000001")
    for expected in ([200, *[404] * (COPIES - 1)], [404] * COPIES):
        async with started(home) as stores:
            assistant = real_assistant(world, real_clock, stores)
            if not path:
                who, token = await offered_form(assistant)
                path = f"/form/{token}"
            async with http(pages(assistant, stores)) as visitor:
                fill = partial(visitor.post, path, data={"cert_number": ID_NUMBER})
                assert await copies_at_once(fill) == expected
                other = await visitor.post(path, data={"cert_number": OTHER})
                assert other.status_code == 404  # nor is it filled anew
                page = await visitor.get(path)
                assert page.status_code == 404 and ID_NUMBER[-4:] not in page.text
            filing = (await assistant.case(who)).filing
            assert filing is not None
            given = [one.value for one in filing.answers if one.step == "cert_number"]
            assert given == [ID_NUMBER]


async def test_a_copy_of_ones_data_is_handed_out_once(home: Path, world: World) -> None:
    path = ""
    for expected in ([200, *[404] * (COPIES - 1)], [404] * COPIES):
        async with started(home) as stores:
            assistant = real_assistant(world, real_clock, stores)
            path = path or f"/form/{await _offered_copy(assistant)}"
            async with http(pages(assistant, stores)) as visitor:
                assert await copies_at_once(partial(visitor.post, f"{path}/copy")) == expected
                assert (await visitor.get(path)).status_code == 404


async def _offered_copy(assistant: Assistant) -> str:
    """The token with which somebody on Telegram may fetch what is kept of them."""
    who, _ = await offered_form(assistant)
    said = Inbound(who, uuid4().hex, assistant.clock(), button="cmd:my_data")
    [reply] = (await assistant.handle(said)).replies
    [url] = [one.url for one in reply.buttons if one.url]
    return url.rpartition("/")[2]
