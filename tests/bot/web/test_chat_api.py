"""The chat API as a page uses it."""

import json
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.web.chat import Message, read_message
from bot.web.problems import Problem
from tests.bot.web.asking import MESSAGES, TRANSCRIPT, press, say
from tests.bot.web.rehearsal import WELCOME, Rehearsal

ID = b"0b9f6f6e-8c0d-4f52-9a53-6d2f0c9f7a11"


async def test_a_message_is_answered_with_replies_and_the_lines_they_became(
    client: httpx.AsyncClient,
) -> None:
    answer = (await say(client, "收费吗")).json()
    assert [reply["kind"] for reply in answer["replies"]] == ["answer", "question"]
    assert answer["replies"][0]["citations"][0]["as_of"] == "2026-11-01"
    assert [("heard" in line, "said" in line) for line in answer["entries"]] == [
        (True, False),
        (False, True),
        (False, True),
    ]
    assert answer["seq"] == answer["entries"][-1]["seq"]


async def test_a_pressed_button_stands_in_the_transcript_with_its_label(
    client: httpx.AsyncClient,
) -> None:
    answer = (await press(client, "answer:subject_kind:enterprise", "企业")).json()
    assert answer["entries"][0]["heard"] == "企业"
    assert answer["replies"][0]["progress"] == {"position": 7, "total": 19}


async def test_a_message_sent_twice_counts_once_and_gets_the_same_answer(
    client: httpx.AsyncClient, rehearsal: Rehearsal
) -> None:
    message_id = str(uuid4())
    first = (await say(client, "example", id=message_id)).json()
    again = (await say(client, "example", id=message_id)).json()
    assert again["replies"] == first["replies"]
    assert again["entries"] == first["entries"]
    assert len(rehearsal.heard) == 1


async def test_only_what_is_new_is_sent_to_a_page_that_says_what_it_has(
    client: httpx.AsyncClient,
) -> None:
    first = (await say(client, "一")).json()
    second = (await say(client, "二", after=first["seq"])).json()
    assert [line.get("heard") for line in second["entries"]] == ["二", None]
    rest = (await client.get(TRANSCRIPT, params={"after": first["seq"]})).json()
    assert rest == {"seq": second["seq"], "owner": "c", "entries": second["entries"]}


async def test_a_long_conversation_comes_back_whole(
    client: httpx.AsyncClient, rehearsal: Rehearsal
) -> None:
    await say(client, "开头")
    rehearsal.say(rehearsal.heard[0].identity, *[WELCOME] * 450)
    everything = (await client.get(TRANSCRIPT)).json()
    assert [line["seq"] for line in everything["entries"]] == list(range(1, 453))


async def test_visitors_do_not_see_each_other(app: FastAPI, client: httpx.AsyncClient) -> None:
    await say(client, "只给我看")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as other:
        await other.get("/")
        assert (await other.get(TRANSCRIPT)).json() == {"seq": 0, "owner": "", "entries": []}


async def test_opening_the_page_stores_nothing(
    client: httpx.AsyncClient, rehearsal: Rehearsal
) -> None:
    await client.get("/")
    await client.get(TRANSCRIPT)
    assert rehearsal.lines == {}
    assert rehearsal.heard == []


@pytest.mark.parametrize(
    "body, status, code",
    [
        (b"", 400, "not_json"),
        (b"{", 400, "not_json"),
        (b"[]", 422, "bad_message"),
        (b"null", 422, "bad_message"),
        ('{"id": "1", "text": "你好"}'.encode("gb18030"), 400, "not_json"),
        ('{"id": "1"}'.encode("utf-16"), 400, "not_json"),
        (b'{"id": "no-uuid", "text": "a"}', 422, "bad_message"),
        (b'{"id": "%s"}' % ID, 422, "bad_message"),
        (b'{"id": "%s", "text": 1}' % ID, 422, "bad_message"),
        (b'{"id": "%s", "text": "a", "button": "b"}' % ID, 422, "bad_message"),
        (b'{"id": "%s", "text": "a", "after": -1}' % ID, 422, "bad_message"),
        (b'{"id": "%s", "text": "a", "locale": "xx"}' % ID, 422, "bad_message"),
        (b'{"id": "%s", "text": " \\n "}' % ID, 422, "empty_text"),
        (b'{"id": "%s", "text": "\\ud800"}' % ID, 400, "not_json"),
        (b'{"id": "%s", "text": "%s"}' % (ID, b"x" * 4001), 422, "long_text"),
        (b"[" * 60_000, 400, "not_json"),
        (b" " * 70_000, 413, "too_large"),
    ],
)
async def test_what_cannot_be_read_gets_one_clear_sentence(
    client: httpx.AsyncClient, rehearsal: Rehearsal, body: bytes, status: int, code: str
) -> None:
    refused = await client.post(MESSAGES, content=body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert len(refused.json()["error"]) > 5
    assert rehearsal.heard == []


async def test_a_body_without_length_is_cut_off_at_the_limit(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 4096

    refused = await client.post(MESSAGES, content=endless())
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "language, words", [("zh-CN,zh;q=0.9", "空"), ("en-GB", "empty"), ("de, en;q=0.5", "empty")]
)
async def test_a_refusal_speaks_the_readers_language(
    client: httpx.AsyncClient, language: str, words: str
) -> None:
    body = {"id": str(uuid4()), "text": " "}
    refused = await client.post(MESSAGES, json=body, headers={"Accept-Language": language})
    assert words in refused.json()["error"]


async def test_without_a_browser_id_nothing_is_taken(app: FastAPI, rehearsal: Rehearsal) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as stranger:
        for cookie in (None, "short", "x" * 33, "../../etc/passwd".ljust(32, "!")):
            cookies = {} if cookie is None else {"Cookie": f"beian={cookie}"}
            refused = await stranger.post(
                MESSAGES, json={"id": str(uuid4()), "text": "a"}, headers=cookies
            )
            assert (refused.status_code, refused.json()["code"]) == (401, "no_visitor")
    assert rehearsal.heard == []


async def test_a_message_that_could_not_be_stored_may_be_sent_again(
    client: httpx.AsyncClient, rehearsal: Rehearsal
) -> None:
    rehearsal.failures = 1
    message_id = str(uuid4())
    refused = await say(client, "example", id=message_id)
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert int(refused.headers["Retry-After"]) >= 1
    assert (await say(client, "example", id=message_id)).status_code == 200
    assert len(rehearsal.heard) == 1


async def test_an_unforeseen_failure_is_answered_without_its_details(
    client: httpx.AsyncClient, rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object) -> None:
        raise RuntimeError("11010519491231002X")

    monkeypatch.setattr("bot.web.chat.entries_after", breaks)
    failed = await client.get(TRANSCRIPT)
    assert (failed.status_code, failed.json()["code"]) == (500, "mishap")
    assert "11010519491231002X" not in failed.text
    assert "nosniff" in failed.headers["X-Content-Type-Options"]


async def test_unknown_addresses_and_methods_are_answered_in_words(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get("/api/v1/nothing")).json()["code"] == "not_found"
    assert (await client.delete(MESSAGES)).json()["code"] == "wrong_method"
    assert (await client.get("/static/../app.py")).status_code == 404
    assert (await client.get("/docs")).status_code == 404


@given(st.binary(max_size=300))
def test_reading_any_bytes_gives_a_message_or_a_problem(body: bytes) -> None:
    assert read_or_status(body) in (400, 422) or b'"id"' in body


@given(
    st.dictionaries(
        st.sampled_from(["id", "text", "button", "label", "locale", "after", "more"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just(ID.decode()),
    )
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_reading_any_object_gives_a_message_or_a_problem(fields: dict[str, object]) -> None:
    read = read_or_status(json.dumps(fields).encode())
    if isinstance(read, int):
        assert read in (400, 422)
    else:
        assert (read.text is None) != (read.button is None)


def read_or_status(body: bytes) -> Message | int:
    """The message in a body, or the status of its refusal."""
    try:
        return read_message(body, 100, 100)
    except Problem as problem:
        return problem.status
