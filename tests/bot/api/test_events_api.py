"""A provider's own systems tell events by signed calls, and read where a filing stands."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.pacing import Rate
from dialogs.assistant import Assistant
from dialogs.message import Inbound
from dialogs.world import World
from filing.event import EventType
from storage.ports import Stores
from tests.bot.api.calling import OTHER_SECRET, SECRET, Caller
from tests.bot.api.conftest import APPLICANT, clock, make_app

NUMBER = "苏ICP备2026000001号-1"


async def told_to(stores: Stores) -> list[str]:
    entries = await stores.transcript.since(APPLICANT, 0)
    return [entry.said.text for entry in entries if entry.said is not None]


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"]
    return body


async def test_an_event_is_recorded_and_the_applicant_is_told(
    caller: Caller, filing: str, stores: Stores
) -> None:
    response = await caller.tell(filing, type="first_review_passed")
    assert response.status_code == 200
    answer = response.json()
    assert (answer["filing"], answer["event"]) == (filing, "first_review_passed")
    assert (answer["outcome"], answer["stage"], answer["attempt"]) == ("counted", "materials", 1)
    assert "初审通过了" in (await told_to(stores))[-1]


async def test_the_same_call_again_gets_the_first_answer_and_tells_nothing(
    caller: Caller, filing: str, stores: Stores
) -> None:
    first = await caller.tell(filing, "evt_same", type="first_review_passed")
    said = await told_to(stores)
    await caller.tell(filing, type="materials_submitted")
    again = await caller.tell(filing, "evt_same", type="first_review_passed")
    assert again.content == first.content
    assert len(await told_to(stores)) == len(said) + 1


async def test_calls_at_the_same_moment_count_once(
    caller: Caller, filing: str, assistant: Assistant
) -> None:
    answers = await asyncio.gather(
        *(caller.tell(filing, "evt_race", type="first_review_passed") for _ in range(5))
    )
    assert {answer.content for answer in answers} == {answers[0].content}
    events = (await assistant.case(APPLICANT)).filings[filing].events
    assert [event.type for event in events].count(EventType.FIRST_REVIEW_PASSED) == 1


async def test_a_call_of_another_filing_cannot_use_the_same_id(caller: Caller, filing: str) -> None:
    await caller.tell(filing, "evt_taken", type="first_review_passed")
    problem(await caller.tell("f00", "evt_taken", type="first_review_passed"), 409, "other_call")


@pytest.mark.parametrize(
    "kind, outcome", [("bureau_approved", "out_of_place"), ("submitted_for_first_review", "repeat")]
)
async def test_events_out_of_order_are_kept_and_harmless(
    caller: Caller, filing: str, stores: Stores, kind: str, outcome: str
) -> None:
    said = await told_to(stores)
    answer = (await caller.tell(filing, type=kind)).json()
    if outcome == "out_of_place":
        assert (answer["outcome"], answer["stage"]) == (outcome, "first_review")
    assert await told_to(stores) == said


async def test_a_whole_filing_is_told_by_calls(caller: Caller, filing: str) -> None:
    for event in (
        {"type": "first_review_passed"},
        {"type": "materials_submitted"},
        {"type": "authenticity_passed"},
        {"type": "second_review_passed"},
        {"type": "submitted_to_bureau"},
        {"type": "sms_received"},
        {"type": "sms_verified", "person": "principal"},
    ):
        assert (await caller.tell(filing, **event)).json()["outcome"] == "counted"
    read = (await caller.read(filing)).json()
    assert read["stage"] == "sms_verification"
    assert (read["verified"], read["missing"]) == (["principal"], ["site_manager"])
    assert {one["kind"] for one in read["deadlines"]} >= {"sms_verification"}
    await caller.tell(filing, type="sms_verified", person="site_manager")
    await caller.tell(filing, type="bureau_approved", filing_number="苏ICP备 2026000001 号-1")
    read = (await caller.read(filing)).json()
    assert (read["stage"], read["filing_number"]) == ("approved", NUMBER)
    assert "张样例" not in json.dumps(read, ensure_ascii=False)


async def test_a_return_is_told_with_code_and_words(
    caller: Caller, filing: str, stores: Stores
) -> None:
    await caller.tell(filing, type="returned", code="R08, R18", reason="名称过于宽泛；照片模糊")
    said = "\n".join((await told_to(stores))[-2:])
    assert "命名要求" in said
    read = (await caller.read(filing)).json()
    assert read["returned"][0]["code"] == "R08, R18"
    assert read["returned"][0]["stage"] == "first_review"


async def test_a_filing_that_is_not_the_active_one_is_told_of_by_the_way(
    caller: Caller, filing: str, assistant: Assistant, stores: Stores
) -> None:
    await assistant.handle(Inbound(APPLICANT, "new", clock(), text="新开一份备案"))
    before = await assistant.case(APPLICANT)
    assert before.active != filing
    assert (await caller.tell(filing, type="first_review_passed")).status_code == 200
    after = await assistant.case(APPLICANT)
    assert (after.active, after.attention) == (before.active, before.attention)
    last = (await stores.transcript.since(APPLICANT, 0))[-1].said
    assert last is not None
    assert "example-tea.cn" in last.text
    assert "初审通过了" in last.text
    assert [button.value for button in last.buttons] == [f"filing:{filing}"]


# --- signatures --------------------------------------------------------------------------------


async def test_whoever_does_not_sign_learns_nothing(caller: Caller, filing: str) -> None:
    for path in (filing, "f00"):
        problem(await caller.client.get(f"/api/v1/filings/{path}"), 401, "unsigned")
        sent = await caller.client.post(f"/api/v1/filings/{path}/events", json={})
        problem(sent, 401, "unsigned")


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "nonsense"},
        {"webhook-signature": "v1,ä" * 3},
        {"webhook-signature": "v1,not base64!"},
        {"webhook-signature": "v1a,AAAA v2,BBBB"},
        {"webhook-id": "evt_other"},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "9" * 40},
    ],
)
async def test_a_changed_header_is_refused(
    caller: Caller, filing: str, change: dict[str, str]
) -> None:
    headers = {**caller.signed("{}"), **change}
    encoded = {name.encode(): value.encode() for name, value in headers.items()}
    response = await caller.client.post(
        f"/api/v1/filings/{filing}/events", content=b"{}", headers=encoded
    )
    problem(response, 401, "unsigned")


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_call_is_good_for_five_minutes(caller: Caller, filing: str, minutes: int) -> None:
    path = f"/api/v1/filings/{filing}"
    headers = caller.signed(path, at=datetime.now(UTC) + timedelta(minutes=minutes))
    problem(await caller.client.get(path, headers=headers), 401, "unsigned")
    almost = caller.signed(path, at=datetime.now(UTC) + timedelta(minutes=minutes * 4 / 6))
    assert (await caller.client.get(path, headers=almost)).status_code == 200


async def test_a_signature_of_another_secret_or_path_is_refused(
    caller: Caller, filing: str
) -> None:
    path = f"/api/v1/filings/{filing}"
    other = Caller(caller.client, OTHER_SECRET)
    problem(await other.read(filing), 401, "unsigned")
    elsewhere = caller.signed("/api/v1/filings/f00")
    problem(await caller.client.get(path, headers=elsewhere), 401, "unsigned")


async def test_bytes_that_are_no_text_are_refused_like_any_unsigned_body(
    caller: Caller, filing: str
) -> None:
    response = await caller.client.post(
        f"/api/v1/filings/{filing}/events", content=b"\xff\xfe", headers=caller.signed("x")
    )
    problem(response, 401, "unsigned")


# --- what cannot be taken ----------------------------------------------------------------------


async def test_a_signed_call_of_an_unknown_filing_is_told_so(caller: Caller) -> None:
    problem(await caller.read("f00"), 404, "no_filing")
    problem(await caller.tell("f00", type="first_review_passed"), 404, "no_filing")
    problem(await caller.read("x" * 65), 404, "no_filing")


@pytest.mark.parametrize(
    "event, field",
    [
        ({}, "type"),
        ({"type": "approved"}, "type"),
        ({"type": "remedied", "code": "R18", "redo": "wait"}, "type"),
        ({"type": "sms_verified"}, "person"),
        ({"type": "sms_verified", "person": "boss"}, "person"),
        ({"type": "returned", "code": "R99"}, "code"),
        ({"type": "returned", "stage": "approved"}, "stage"),
        ({"type": "first_review_passed", "at": "soon"}, "at"),
        ({"type": "first_review_passed", "at": "2999-01-01T00:00:00Z"}, "at"),
        ({"type": "bureau_approved", "filing_number": "12345"}, "filing_number"),
        ({"type": "police_filed", "police_number": "12345"}, "police_number"),
        ({"type": "first_review_passed", "extra": 1}, "extra"),
        ({"type": "returned", "reason": "x" * 4001}, "reason"),
        ({"type": "date_told", "what": "audit_due"}, "date"),
    ],
)
async def test_a_wrong_event_names_its_field(
    caller: Caller, filing: str, event: dict[str, Any], field: str
) -> None:
    body = problem(await caller.tell(filing, **event), 422, "bad_event")
    assert field in [one["field"] for one in body["errors"]]
    assert all(one["message"] for one in body["errors"])


async def test_an_event_refused_may_be_put_right_under_the_same_id(
    caller: Caller, filing: str
) -> None:
    problem(await caller.tell(filing, "evt_fix", type="sms_verified"), 422, "bad_event")
    assert (await caller.tell(filing, "evt_fix", type="first_review_passed")).status_code == 200


async def test_a_body_that_is_no_json_is_refused(caller: Caller, filing: str) -> None:
    for content in ("", "{", "[" * 9000):
        response = await caller.client.post(
            f"/api/v1/filings/{filing}/events",
            content=content,
            headers=caller.signed(content),
        )
        problem(response, 400, "not_json")


async def test_a_large_body_is_refused_before_it_is_read(caller: Caller, filing: str) -> None:
    content = " " * 20_000
    response = await caller.client.post(
        f"/api/v1/filings/{filing}/events", content=content, headers=caller.signed(content)
    )
    problem(response, 413, "too_large")


async def test_an_odd_call_id_is_refused(caller: Caller, filing: str) -> None:
    problem(await caller.tell(filing, "x" * 129, type="first_review_passed"), 422, "bad_id")


async def test_too_many_calls_are_told_when_to_come_again(
    assistant: Assistant, stores: Stores, filing: str
) -> None:
    transport = httpx.ASGITransport(make_app(assistant, stores, Rate(2, 0.5)))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        caller = Caller(client)
        assert [(await caller.read(filing)).status_code for _ in range(2)] == [200, 200]
        response = await caller.read(filing)
        problem(response, 429, "too_fast")
        assert response.headers["retry-after"] == "2"


# --- its description ---------------------------------------------------------------------------


async def test_the_description_names_every_refusal_and_event(caller: Caller, world: World) -> None:
    described = (await caller.client.get("/api/v1/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    post = described["paths"]["/api/v1/filings/{filing}/events"]["post"]
    assert {"200", "401", "404", "409", "413", "422", "429"} <= post["responses"].keys()
    names = {one["name"] for one in post["parameters"]}
    assert names >= {"webhook-id", "webhook-timestamp", "webhook-signature", "filing"}
    text = json.dumps(described)
    for reference in set(_references(described)):
        assert reference.rpartition("/")[2] in described["components"]["schemas"], reference
    assert '"bureau_approved"' in text
    assert SECRET not in text


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [one for value in node.values() for one in _references(value)]
    if isinstance(node, list):
        return [one for value in node for one in _references(value)]
    return []
