"""Pictures of identity papers on the secure form, from the chat's offer to the kept paper."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import httpx
import pytest_asyncio

from bot.materials.isolated import Decoder
from bot.materials.receiving import Receiver
from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.web.form_desk import FormDesk
from dialogs.assistant import Assistant
from dialogs.case import FilingRecord
from dialogs.message import Identity, Inbound
from storage.ports import Stores
from tests.bot.materials.files import pdf, picture
from tests.bot.web.real import PUBLIC_URL
from tests.dialogs.talk import HAPPY

PERSON = Identity("telegram", "4200000002")
SLOT = "identity_document.principal"
FIELD = f"material:{SLOT}"


@pytest_asyncio.fixture
async def visitor(assistant: Assistant, stores: Stores) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that opens the link."""
    door = Receiver(stores.files, Decoder(4_000_000))
    app = create_app(
        WebConfig(),
        assistant=assistant,
        transcript=stores.transcript,
        files=door,
        forms=FormDesk(assistant, stores.forms, door, stores.files),
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def _press(assistant: Assistant, button: str) -> str:
    """Press a button; the path of the form it offers, if it offers one."""
    handled = await assistant.handle(
        Inbound(PERSON, uuid4().hex, assistant.clock(), button=button, label="", locale="zh-CN")
    )
    urls = [one.url for reply in handled.replies for one in reply.buttons if one.url]
    ours = [url.removeprefix(PUBLIC_URL) for url in urls if url.startswith(PUBLIC_URL)]
    return ours[-1] if ours else ""


async def offered(assistant: Assistant) -> str:
    """The path of a form for the principal's ID card."""
    await _press(assistant, "cmd:resume")
    await _press(assistant, "cmd:type_here")
    for step, value in HAPPY.items():
        if step == "confirm":
            break
        await _press(assistant, f"answer:{step}:{value}")
    return await _press(assistant, f"paper:upload:{SLOT}")


async def _filing(assistant: Assistant) -> FilingRecord:
    filing = (await assistant.case(PERSON)).filing
    assert filing is not None
    return filing


async def _upload(
    visitor: httpx.AsyncClient,
    path: str,
    content: bytes,
    name: str = "正面.jpg",
    field: str = FIELD,
) -> httpx.Response:
    return await visitor.post(
        f"{path}/pictures",
        params={"field": field},
        content=content,
        headers={"X-File-Name": quote(name)},
    )


async def _send(visitor: httpx.AsyncClient, path: str, *ids: str) -> httpx.Response:
    fields: list[tuple[str, Any]] = [(FIELD, one) for one in ids]
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return await visitor.post(path, content=urlencode(fields), headers=headers)


async def test_pictures_come_in_one_by_one_and_count_once_the_form_is_sent(
    assistant: Assistant, visitor: httpx.AsyncClient, stores: Stores
) -> None:
    path = await offered(assistant)
    page = await visitor.get(path)
    assert page.status_code == 200
    assert f'data-pictures="{FIELD}"' in page.text
    assert "/static/form.js" in page.text
    first = (await _upload(visitor, path, picture("JPEG", comment=b"SECRET"))).json()
    second = (await _upload(visitor, path, picture("PNG", 300, 190), "背面.png")).json()
    assert (len(first["kept"]), first["wrong"]) == (1, "")
    assert (await _filing(assistant)).materials == ()
    done = await _send(visitor, path, *first["kept"], *second["kept"])
    assert done.status_code == 200
    assert "已收到" in done.text
    pieces = (await _filing(assistant)).materials
    assert [one.id for one in pieces] == [*first["kept"], *second["kept"]]
    assert {one.slot for one in pieces} == {SLOT}
    kept = await stores.files.get(pieces[0].id)
    assert b"SECRET" not in kept.content
    assert kept.owner == PERSON
    assert (await visitor.get(path)).status_code == 404  # used once
    assert (await _upload(visitor, path, picture())).status_code == 404


async def test_a_file_that_cannot_be_used_is_answered_and_the_form_stays_open(
    assistant: Assistant, visitor: httpx.AsyncClient
) -> None:
    path = await offered(assistant)
    answer = (await _upload(visitor, path, b"PK\x03\x04word/document.xml", "a.docx")).json()
    assert answer["kept"] == []
    assert "PDF" in answer["wrong"]
    empty = await _send(visitor, path)
    assert empty.status_code == 422
    both = (await _upload(visitor, path, pdf("正", "反"), "身份证.pdf")).json()
    assert len(both["kept"]) == 2
    assert (await _send(visitor, path, *both["kept"])).status_code == 200


async def test_only_ones_own_pictures_count_and_each_once(
    assistant: Assistant, visitor: httpx.AsyncClient, stores: Stores
) -> None:
    path = await offered(assistant)
    foreign = await stores.files.put(Identity("web", "x"), "a", "image/jpeg", picture())
    assert (await _send(visitor, path, foreign, "no such file", "../x")).status_code == 422
    mine = (await _upload(visitor, path, pdf("正", "反"), "身份证.pdf")).json()["kept"]
    assert (await _send(visitor, path, *mine, foreign, mine[0])).status_code == 200
    assert [one.id for one in (await _filing(assistant)).materials] == mine
    again = await _press(assistant, f"paper:upload:{SLOT}")
    assert (await _send(visitor, again, mine)).status_code == 422


async def test_a_field_that_was_not_asked_for_takes_nothing(
    assistant: Assistant, visitor: httpx.AsyncClient, stores: Stores
) -> None:
    path = await offered(assistant)
    for field in ("material:subject_certificate.subject", "phone", ""):
        assert (await _upload(visitor, path, picture(), field=field)).status_code == 404
    other = {"Sec-Fetch-Site": "cross-site"}
    refused = await visitor.post(
        f"{path}/pictures", params={"field": FIELD}, content=picture(), headers=other
    )
    assert refused.status_code == 403
    assert list(await stores.materials.loose(assistant.clock())) == []
