"""A copy of one's data: what is in it, whose it is, by which way it comes, and how often."""

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from bot.clock import SimulatedClock
from bot.pacing import Rate
from bot.privacy.copies import Copies
from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.web.form_desk import FormDesk
from bot.wiring import new_assistant
from bot.world import load_world
from desk.audit import Wanted
from dialogs.assistant import Assistant
from dialogs.case import Case
from dialogs.message import Identity, Inbound, Reply
from dialogs.turn import TurnResult
from dialogs.world import World
from filing.materials.material import Material, Side
from storage.memory import memory_stores
from storage.ports import Stores
from tests.bot.web.asking import say as typed
from tests.bot.web.real import PUBLIC_URL, SETTINGS, START
from tests.bot.web.rehearsal import Drawer
from tests.dialogs.talk import HAPPY

TELEGRAM, SOMEBODY_ELSE = Identity("telegram", "4200000007"), Identity("telegram", "4200000008")
PICTURE = b"\xff\xd8\xff the picture of a licence"


@pytest.fixture(scope="module")
def world() -> World:
    """The shipped content."""
    return load_world(SETTINGS)


@pytest.fixture
def clock() -> SimulatedClock:
    """A clock that moves only when told."""
    return SimulatedClock(START)


@pytest.fixture
def stores(clock: SimulatedClock) -> Stores:
    """Stores in memory."""
    return memory_stores(clock)


@pytest.fixture
def assistant(world: World, clock: SimulatedClock, stores: Stores) -> Assistant:
    """The real assistant."""
    return new_assistant(SETTINGS, world, clock, stores)


@pytest_asyncio.fixture
async def visitor(assistant: Assistant, stores: Stores) -> AsyncIterator[httpx.AsyncClient]:
    """A browser."""
    copies = Copies(assistant.case, stores, assistant.world, assistant.clock)
    app: FastAPI = create_app(
        WebConfig(form=Rate(burst=40, per_second=1.0), person=Rate(burst=200, per_second=10.0)),
        assistant=assistant,
        transcript=stores.transcript,
        files=Drawer(),
        forms=FormDesk(assistant, stores.forms, copies=copies),
        copies=copies,
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def say(assistant: Assistant, who: Identity, **what: str) -> tuple[Reply, ...]:
    """One message and what was said to it."""
    inbound = Inbound(who, uuid4().hex, assistant.clock(), **what)  # type: ignore[arg-type]
    return (await assistant.handle(inbound)).replies


async def fill(assistant: Assistant, stores: Stores, who: Identity, name: str) -> None:
    """Answer everything, and hand in one picture."""
    world = assistant.world
    assistant.world = replace(world, cautious_channels=frozenset())  # forms have their own tests
    replies = await say(assistant, who, text="你好")
    answers = HAPPY | {"subject_name": name}
    while (step := replies[-1].step) and step != "confirm":
        replies = await say(assistant, who, button=f"answer:{step}:{answers[step]}")
    assistant.world = world
    kept = await stores.files.put(who, "营业执照.jpg", "image/jpeg", PICTURE)

    def with_picture(case: Case) -> TurnResult:
        filing = case.filing
        assert filing is not None
        piece = Material(
            kept, "subject_certificate.subject", Side.WHOLE, START, "image/jpeg", len(PICTURE), 8, 8
        )
        after = case.with_filing(replace(filing, materials=(piece,)))
        return TurnResult(replace(after, version=case.version + 1), ())

    await assistant.act(who, with_picture)


def opened(content: bytes) -> zipfile.ZipFile:
    """The archive."""
    return zipfile.ZipFile(io.BytesIO(content))


async def link(assistant: Assistant, text: str = "我要我的数据") -> str:
    """The path of the page a copy is fetched from."""
    (reply,) = await say(assistant, TELEGRAM, text=text)
    assert not reply.files
    url = reply.buttons[0].url
    assert url is not None
    return url.removeprefix(PUBLIC_URL)


async def test_a_copy_holds_all_that_is_kept_of_the_person_and_nothing_of_others(
    assistant: Assistant, stores: Stores, clock: SimulatedClock
) -> None:
    await fill(assistant, stores, TELEGRAM, "南京样例茶业有限公司")
    await fill(assistant, stores, SOMEBODY_ELSE, "南京别家茶业有限公司")
    copies = Copies(assistant.case, stores, assistant.world, clock)
    with opened(await copies.whole(TELEGRAM)) as archive:
        [page, pictures] = [archive.read("index.html").decode(), archive.namelist()[2:]]
        data = json.loads(archive.read("data.json"))
        assert pictures == ["pictures/001_subject_certificate.subject.jpg"]
        assert archive.read(pictures[0]) == PICTURE
    assert data["channels"] == [{"channel": "telegram", "id": TELEGRAM.external_id}]
    [filing] = data["filings"]
    values = {one["question"]: one["value"] for one in filing["answers"]}
    assert (
        values.items()
        >= {
            "subject_name": "南京样例茶业有限公司",
            "principal_id_number": HAPPY["principal_id_number"],
            "phone": HAPPY["phone"],
        }.items()
    )
    assert {one["kind"] for one in data["consents"]} == {"processing", "sensitive"}
    assert {one["from"] for one in data["messages"]} == {"you", "assistant"}
    assert filing["pictures"] == pictures == data["pictures"]
    assert HAPPY["principal_id_number"] in page and "南京样例茶业有限公司" in page
    assert "别家" not in page + json.dumps(data, ensure_ascii=False)


async def test_on_telegram_a_copy_comes_once_from_a_page_of_ours(
    assistant: Assistant, stores: Stores, visitor: httpx.AsyncClient, clock: SimulatedClock
) -> None:
    await fill(assistant, stores, TELEGRAM, "南京样例茶业有限公司")
    path = await link(assistant)
    for _ in range(2):  # messengers look at links by themselves: that costs nothing
        page = await visitor.get(path)
        assert page.status_code == 200 and f'action="{path}/copy"' in page.text
    assert (await visitor.post(path, data={})).status_code == 404
    fetched = await visitor.post(f"{path}/copy")
    assert fetched.status_code == 200 and "attachment" in fetched.headers["content-disposition"]
    assert fetched.headers["cache-control"] == "no-store"
    assert "data.json" in opened(fetched.content).namelist()
    for again in (await visitor.get(path), await visitor.post(f"{path}/copy")):
        assert again.status_code == 404
    late = await link(assistant, "/mydata")
    clock.advance(timedelta(minutes=21))
    assert (await visitor.post(f"{late}/copy")).status_code == 404
    case = await assistant.case(TELEGRAM)
    entries = await stores.audit.entries(Wanted(action="data_copied"), limit=10)
    assert [one.draft.object for one in entries] == [f"conversation:{case.conversation_id}"]


async def test_the_token_of_a_form_hands_out_no_copy(
    assistant: Assistant, visitor: httpx.AsyncClient
) -> None:
    replies = await say(assistant, TELEGRAM, button="cmd:resume")
    while not replies[-1].form:
        step = str(replies[-1].step)
        replies = await say(assistant, TELEGRAM, button=f"answer:{step}:{HAPPY[step]}")
    path = str(replies[-1].buttons[0].url).removeprefix(PUBLIC_URL)
    assert (await visitor.post(f"{path}/copy")).status_code == 404
    assert (await visitor.get(path)).status_code == 200


async def test_in_the_web_chat_a_copy_hangs_on_the_answer_for_whoever_holds_the_cookie(
    assistant: Assistant, stores: Stores, visitor: httpx.AsyncClient, clock: SimulatedClock
) -> None:
    await visitor.get("/")
    await typed(visitor, "你好")
    answer = (await typed(visitor, "导出我的信息")).json()
    [file] = answer["entries"][-1]["said"]["files"]
    assert file["name"] == "我的资料.zip"
    for _ in range(5):
        fetched = await visitor.get(file["url"])
        assert fetched.status_code == 200
        [mine] = json.loads(opened(fetched.content).read("data.json"))["channels"]
        assert mine["channel"] == "web"
    refused = await visitor.get(file["url"])
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) > 3600
    clock.advance(timedelta(days=1, minutes=1))
    assert (await visitor.get(file["url"])).status_code == 200
    visitor.cookies.clear()
    await visitor.get("/")
    assert (await visitor.get(file["url"])).status_code == 404


async def test_where_nothing_is_kept_nothing_is_made(assistant: Assistant, stores: Stores) -> None:
    copies = Copies(assistant.case, stores, assistant.world, assistant.clock)
    with pytest.raises(LookupError):
        await copies.whole(Identity("web", "nobody"))
    (reply,) = await say(assistant, TELEGRAM, text="/mydata")
    assert not reply.buttons and not reply.files
    (welcome, *_) = await say(assistant, TELEGRAM, text="你好")
    assert "备案助手" in welcome.text


async def test_no_page_of_the_archive_runs_what_people_wrote(
    assistant: Assistant, stores: Stores, clock: SimulatedClock
) -> None:
    await say(assistant, TELEGRAM, text="你好")
    await say(assistant, TELEGRAM, text="<script>alert(1)</script> 是什么")
    copies = Copies(assistant.case, stores, assistant.world, clock)
    page = opened(await copies.whole(TELEGRAM)).read("index.html").decode()
    assert "&lt;script&gt;" in page and not re.search("<script", page)
