"""The secure form on top of the real assistant, from the chat's offer to the filled answers."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from bot.clock import SimulatedClock
from bot.pacing import Rate
from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.web.form_desk import FormDesk
from dialogs.assistant import Assistant
from dialogs.forms import ask_in_form
from dialogs.message import Identity, Inbound
from dialogs.standing import standing
from dialogs.world import World
from storage.ports import Stores
from tests.bot.web.real import PUBLIC_URL
from tests.bot.web.rehearsal import Drawer

PERSON = Identity("telegram", "4200000001")
ID_NUMBER = "11010519491231002X"  # the standard's own specimen
WRONG_NUMBER = "110105194912310021"


@pytest.fixture
def form_app(assistant: Assistant, stores: Stores) -> FastAPI:
    """The application with secure forms."""
    return create_app(
        WebConfig(form=Rate(burst=40, per_second=1.0)),
        assistant=assistant,
        transcript=stores.transcript,
        files=Drawer(),
        forms=FormDesk(assistant, stores.forms),
    )


@pytest_asyncio.fixture
async def visitor(form_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that opens the link."""
    transport = httpx.ASGITransport(form_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def talk(assistant: Assistant, *buttons: str, locale: str = "zh-CN") -> str:
    """Press buttons one after another; returns the path of the form then offered, or ``""``."""
    path = ""
    for button in buttons:
        inbound = Inbound(PERSON, uuid4().hex, assistant.clock(), button=button, locale=locale)
        offered = (
            one for reply in (await assistant.handle(inbound)).replies for one in reply.buttons
        )
        for one in offered:
            if one.url is not None:
                path = one.url.removeprefix(PUBLIC_URL)
    return path


TO_THE_NUMBER = (
    "cmd:resume",
    "answer:consent_processing:agree",
    "answer:prerequisites:ready",
    "answer:subject_kind:individual",
    "answer:cert_type:id_card",
    "answer:consent_sensitive:agree",
)


async def test_a_form_collects_what_must_not_be_typed_into_the_chat(
    assistant: Assistant, visitor: httpx.AsyncClient
) -> None:
    path = await talk(assistant, *TO_THE_NUMBER)
    assert re.fullmatch(r"/form/[A-Za-z0-9_-]{32}", path)

    page = await visitor.get(path)
    assert page.status_code == 200
    assert '<label for="cert_number">证件号码' in page.text
    assert 'autocomplete="off"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in page.headers
    assert "http" not in re.sub(r"http-equiv", "", page.text)  # nothing from elsewhere

    done = await visitor.post(path, data={"cert_number": " 11010519491231002x "})
    assert done.status_code == 200
    assert "已收到" in done.text
    assert ID_NUMBER not in done.text
    assert "002X" in done.text  # masked, all but its end

    case = await assistant.case(PERSON)
    now = standing(case, assistant.clock(), assistant.world)
    assert now.journey.values["cert_number"] == ID_NUMBER
    assert now.asking != "cert_number"


async def test_a_used_form_stays_closed(assistant: Assistant, visitor: httpx.AsyncClient) -> None:
    path = await talk(assistant, *TO_THE_NUMBER)
    await visitor.post(path, data={"cert_number": ID_NUMBER})
    for again in (
        await visitor.get(path),
        await visitor.post(path, data={"cert_number": ID_NUMBER}),
    ):
        assert again.status_code == 404
        assert "打不开" in again.text
        assert ID_NUMBER[-4:] not in again.text


async def test_of_two_clicks_at_once_one_is_taken(
    assistant: Assistant, visitor: httpx.AsyncClient
) -> None:
    path = await talk(assistant, *TO_THE_NUMBER)
    clicks = (visitor.post(path, data={"cert_number": ID_NUMBER}) for _ in range(3))
    answers = await asyncio.gather(*clicks)
    assert sorted(one.status_code for one in answers) == [200, 404, 404]
    filing = (await assistant.case(PERSON)).filing
    assert filing is not None
    assert [one.step for one in filing.answers].count("cert_number") == 1


async def test_unknown_expired_and_malformed_links_get_the_very_same_answer(
    assistant: Assistant, visitor: httpx.AsyncClient, clock: SimulatedClock
) -> None:
    path = await talk(assistant, *TO_THE_NUMBER)
    clock.advance(timedelta(minutes=21))
    answers = [
        await visitor.get(one) for one in (path, "/form/" + "x" * 32, "/form/1", "/form/%00%ff")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert "继续" in answers[0].text


async def test_a_wrong_value_is_explained_and_not_shown_again(
    assistant: Assistant, visitor: httpx.AsyncClient
) -> None:
    path = await talk(assistant, *TO_THE_NUMBER)
    refused = await visitor.post(path, data={"cert_number": WRONG_NUMBER})
    assert refused.status_code == 422
    assert "校验" in refused.text or "号码" in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert WRONG_NUMBER not in refused.text
    # The link still works until it has been used with success.
    assert (await visitor.post(path, data={"cert_number": ID_NUMBER})).status_code == 200


async def test_an_empty_form_is_refused_field_by_field(
    assistant: Assistant, visitor: httpx.AsyncClient
) -> None:
    path = await talk(assistant, *TO_THE_NUMBER)
    for body in ({}, {"cert_number": "   "}):
        refused = await visitor.post(path, data=body)
        assert (refused.status_code, refused.text.count('class="wrong"')) == (422, 1)


async def test_a_form_takes_only_the_fields_it_asked_for(
    assistant: Assistant, visitor: httpx.AsyncClient
) -> None:
    path = await talk(assistant, *TO_THE_NUMBER)
    refused = await visitor.post(path, data={"cert_number": ID_NUMBER, "domain": "evil.cn"})
    assert refused.status_code == 422
    case = await assistant.case(PERSON)
    assert case.filing is not None
    assert {"domain", "cert_number"}.isdisjoint(one.step for one in case.filing.answers)


@pytest.mark.parametrize(
    "body, status",
    [(b"\xff\xfe=%ff", 400), (b"a=1&" * 60, 400), (b"cert_number=" + b"1" * 40_000, 413)],
)
async def test_what_no_form_sends_is_refused(
    assistant: Assistant, visitor: httpx.AsyncClient, body: bytes, status: int
) -> None:
    path = await talk(assistant, *TO_THE_NUMBER)
    assert (await visitor.post(path, content=body)).status_code == status


async def test_another_site_cannot_post_into_a_form(
    assistant: Assistant, visitor: httpx.AsyncClient
) -> None:
    path = await talk(assistant, *TO_THE_NUMBER)
    refused = await visitor.post(
        path, data={"cert_number": ID_NUMBER}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert refused.status_code == 403


async def test_a_form_of_a_filing_left_behind_is_closed(
    assistant: Assistant, visitor: httpx.AsyncClient
) -> None:
    path = await talk(assistant, *TO_THE_NUMBER)
    assert (await visitor.get(path)).status_code == 200
    await talk(assistant, "new_filing:")
    assert (await visitor.get(path)).status_code == 404


async def test_guessing_links_is_slowed_down(assistant: Assistant, stores: Stores) -> None:
    app = create_app(
        WebConfig(form=Rate(burst=3, per_second=0.01)),
        assistant=assistant,
        transcript=stores.transcript,
        files=Drawer(),
        forms=FormDesk(assistant, stores.forms),
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answers = [await client.get(f"/form/{number:032d}") for number in range(5)]
    assert [one.status_code for one in answers] == [404, 404, 404, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) > 60


async def test_the_form_speaks_the_applicants_language(
    assistant: Assistant, visitor: httpx.AsyncClient
) -> None:
    path = await talk(assistant, *TO_THE_NUMBER, locale="en")
    page = await visitor.get(path, headers={"Accept-Language": "zh-CN"})
    assert '<html lang="en">' in page.text
    assert "Submit securely" in page.text


async def test_a_field_is_worded_like_the_question_in_the_chat(
    assistant: Assistant, world: World
) -> None:
    await talk(assistant, *TO_THE_NUMBER)
    case = await assistant.case(PERSON)
    (field,) = ask_in_form(case, ("cert_number", "unknown_step"), assistant.clock(), world)
    assert field.label == world.wording.say("step.cert_number.label", "zh-CN")
    assert field.ask
    assert not field.options
