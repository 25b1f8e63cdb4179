"""Letters on the operator's own pages: in the web chat, and by a link for chats kept elsewhere."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from docx import Document
from fastapi import FastAPI

from bot.clock import SimulatedClock
from bot.letters.handing import LetterDesk
from bot.pacing import Rate
from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.web.form_desk import FormDesk
from dialogs.assistant import Assistant
from dialogs.message import Identity, Inbound, LetterFile, Reply
from storage.codec import dump_reply
from storage.ports import Stores
from tests.bot.web.asking import say as typed
from tests.bot.web.real import PUBLIC_URL
from tests.bot.web.rehearsal import Drawer
from tests.dialogs.talk import HAPPY

TELEGRAM = Identity("telegram", "4200000002")
MANAGER = "330106197505050014"


@pytest.fixture
def app(assistant: Assistant, stores: Stores) -> FastAPI:
    """The application with secure forms and letters."""
    letters = LetterDesk(assistant)
    return create_app(
        WebConfig(form=Rate(burst=40, per_second=1.0), person=Rate(burst=200, per_second=10.0)),
        assistant=assistant,
        transcript=stores.transcript,
        files=Drawer(),
        forms=FormDesk(assistant, stores.forms, desk=letters),
        letters=letters,
    )


@pytest_asyncio.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def say(assistant: Assistant, who: Identity, **what: str) -> tuple[Reply, ...]:
    """One message and what was said to it."""
    inbound = Inbound(who, uuid4().hex, assistant.clock(), **what)  # type: ignore[arg-type]
    return (await assistant.handle(inbound)).replies


async def fill(assistant: Assistant, who: Identity) -> None:
    """Answer everything; another person manages the website."""
    answers = HAPPY | {"site_manager_same": "no"}
    world = assistant.world
    assistant.world = replace(world, cautious_channels=frozenset())  # forms have their own tests
    replies = await say(assistant, who, text="你好")
    while (step := replies[-1].step) and step != "confirm":
        replies = await say(assistant, who, button=f"answer:{step}:{answers[step]}")
    assistant.world = world


async def link(assistant: Assistant) -> str:
    """The path of the page that a letter is fetched from."""
    (reply,) = await say(assistant, TELEGRAM, text="给我授权书")
    assert not reply.files and MANAGER not in repr(reply)
    url = reply.buttons[0].url
    assert url is not None and reply.buttons[0].label == "去下载"
    return url.removeprefix(PUBLIC_URL)


async def test_on_telegram_a_letter_is_fetched_from_a_page_of_ours(
    assistant: Assistant, visitor: httpx.AsyncClient, clock: SimulatedClock
) -> None:
    await fill(assistant, TELEGRAM)
    path = await link(assistant)
    page = await visitor.get(path)
    assert page.status_code == 200
    assert "网站负责人授权书" in page.text and "用黑色签字笔" in page.text
    assert MANAGER not in page.text
    found = re.findall(r'href="(/form/[^"]+)"', page.text)
    assert [one.rpartition(".")[2] for one in found] == ["pdf", "docx"]
    for address in (*found, found[0]):  # as often as one likes
        file = await visitor.get(address)
        assert file.status_code == 200
        named = unquote(file.headers["content-disposition"])
        assert named.startswith("attachment; filename*=UTF-8''网站负责人授权书.")
        assert file.headers["cache-control"] == "no-store"
    word = Document(BytesIO((await visitor.get(found[1])).content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert MANAGER in cells
    other = found[0].replace("site_manager_authorisation", "commitment_unit")
    assert (await visitor.get(other)).status_code == 404
    assert (await visitor.post(path, data={})).status_code == 404
    clock.advance(timedelta(minutes=21))
    assert (await visitor.get(path)).status_code == 404
    assert (await visitor.get(found[0])).status_code == 404


async def test_the_token_of_a_form_hands_out_no_letter(
    assistant: Assistant, visitor: httpx.AsyncClient
) -> None:
    who = replace(TELEGRAM, external_id="4200000003")
    replies = await say(assistant, who, button="cmd:resume")
    answers = HAPPY | {"subject_kind": "individual", "cert_type": "id_card"}
    while not replies[-1].form:
        replies = await say(
            assistant, who, button=f"answer:{replies[-1].step}:{answers[str(replies[-1].step)]}"
        )
    path = str(replies[-1].buttons[0].url).removeprefix(PUBLIC_URL)
    assert (await visitor.get(path)).status_code == 200
    assert (await visitor.get(f"{path}/commitment_individual.pdf")).status_code == 404


async def test_in_the_web_chat_the_files_hang_on_the_reply(
    assistant: Assistant, visitor: httpx.AsyncClient
) -> None:
    heard: list[Identity] = []
    assistant.listeners.append(heard.append)
    await visitor.get("/")
    await typed(visitor, "你好")
    await fill(assistant, heard[0])
    answer = (await typed(visitor, "给我授权书")).json()
    files = answer["entries"][-1]["said"]["files"]
    assert [one["name"] for one in files] == ["网站负责人授权书.docx", "网站负责人授权书.pdf"]
    fetched = await visitor.get(files[1]["url"])
    assert fetched.status_code == 200 and fetched.content.startswith(b"%PDF-")
    assert "attachment" in fetched.headers["content-disposition"]


async def test_only_whose_filing_it_is_gets_a_letter_and_only_while_it_can_be_filled(
    assistant: Assistant,
) -> None:
    await fill(assistant, TELEGRAM)
    case = await assistant.case(TELEGRAM)
    assert case.active is not None
    wanted = LetterFile(case.active, "site_manager_authorisation", "docx")
    desk = LetterDesk(assistant)
    assert (await desk.fetch(TELEGRAM, wanted)).startswith(b"PK")
    with pytest.raises(LookupError):
        await desk.fetch(Identity("web", "somebody-else"), wanted)
    with pytest.raises(LookupError):
        await desk.fetch(TELEGRAM, replace(wanted, key="no_such_letter"))
    (reply,) = await say(assistant, TELEGRAM, text="给我授权书")
    assert MANAGER.encode() not in dump_reply(reply)
