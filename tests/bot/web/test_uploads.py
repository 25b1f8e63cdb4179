"""Files sent in the chat, and files handed out."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from bot.file_names import harmless_name
from bot.materials.limits import MAX_BYTES
from dialogs.assistant import Assistant
from dialogs.message import Identity, Inbound, OutgoingFile, Reply
from dialogs.pictures import FooterPicture
from tests.bot.materials.files import picture
from tests.bot.web import rehearsal as script
from tests.bot.web.asking import FILES, say, send_file
from tests.bot.web.rehearsal import SHEET, Drawer, Rehearsal

PNG = picture("PNG")


async def test_a_file_asked_for_is_kept_and_the_assistant_told(
    client: httpx.AsyncClient, rehearsal: Rehearsal, drawer: Drawer
) -> None:
    rehearsal.wants_file = True
    answer = await send_file(client, PNG, quote("营业执照.png"))
    assert answer.status_code == 200
    assert answer.json()["entries"][0]["heard"] == "📎 营业执照.jpg"
    [(name, media_type, content)] = drawer.kept.values()
    assert (name, media_type, content[:3]) == ("营业执照.jpg", "image/jpeg", b"\xff\xd8\xff")
    (told,) = rehearsal.heard[0].files
    assert (told.file_id, told.size) == ("file0", len(content))
    assert answer.json()["kept"] == 1


async def test_a_file_nobody_asked_for_is_answered_but_not_kept(
    client: httpx.AsyncClient, rehearsal: Rehearsal, drawer: Drawer
) -> None:
    answer = await send_file(client, PNG)
    assert "用不到" in answer.json()["replies"][0]["text"]
    assert drawer.kept == {}
    assert rehearsal.heard[0].files[0].file_id == ""


async def test_the_assistant_asks_for_no_file_during_a_first_filing(
    assistant: Assistant,
) -> None:
    person = Identity("web", "a")
    assert not await assistant.expects_file(person)
    await assistant.handle(Inbound(person, "1", assistant.clock(), text="你好"))
    assert not await assistant.expects_file(person)


async def test_a_file_that_cannot_be_used_is_answered_by_the_assistant_and_not_kept(
    client: httpx.AsyncClient, rehearsal: Rehearsal, drawer: Drawer
) -> None:
    rehearsal.wants_file = True
    answer = await send_file(client, b"<svg onload=alert(1)>", "scan.png")
    assert (answer.status_code, answer.json()["kept"]) == (200, 0)
    [told] = rehearsal.heard[0].files
    assert told.wrong is not None
    assert (told.file_id, told.wrong.code) == ("", "file.wrong_type")
    assert drawer.kept == {}


async def test_more_than_the_door_takes_is_refused_before_it_is_read(
    client: httpx.AsyncClient, rehearsal: Rehearsal, drawer: Drawer
) -> None:
    rehearsal.wants_file = True
    refused = await send_file(client, PNG + b"\0" * MAX_BYTES)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert rehearsal.heard == []


async def test_a_file_without_message_id_is_refused_before_it_is_kept(
    client: httpx.AsyncClient, drawer: Drawer
) -> None:
    refused = await client.post(FILES, content=PNG)
    assert refused.json()["code"] == "bad_message"
    assert drawer.kept == {}


@pytest.mark.parametrize(
    "name, shown",
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\执照.jpg", "执照.jpg"),
        ("a\0b\u202egnp.exe", "abgnp.exe"),
        ("", "file"),
        ("..", "file"),
        (" .pdf ", "pdf"),
        ("x" * 300 + ".png", "x" * 96 + ".png"),
    ],
)
def test_a_file_name_is_made_harmless(name: str, shown: str) -> None:
    assert harmless_name(name) == shown


@given(st.text(max_size=400))
def test_any_file_name_becomes_a_short_visible_one(name: str) -> None:
    shown = harmless_name(name)
    assert 1 <= len(shown) <= 100
    assert not set(shown) & set("/\\\0\n\r")
    assert shown not in (".", "..")


async def test_a_file_handed_out_is_a_download_for_its_owner_only(
    app: FastAPI,
    client: httpx.AsyncClient,
    rehearsal: Rehearsal,
    tmp_path: Path,
) -> None:
    sheet = tmp_path / "sheet.html"
    sheet.write_text("<script>alert(1)</script>")
    handed = replace(SHEET, path=str(sheet))
    rehearsal.answer = lambda _: (Reply(script.WELCOME.kind, "给您", files=(handed,)),)
    answer = (await say(client, "导出")).json()
    given_file = answer["entries"][1]["said"]["files"][0]
    assert str(tmp_path) not in answer["entries"][1]["said"]["files"][0]["url"]

    got = await client.get(given_file["url"])
    assert got.text == sheet.read_text()
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["Content-Type"] == "application/octet-stream"
    assert "default-src 'none'" in got.headers["Content-Security-Policy"]

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as other:
        await other.get("/")
        assert (await other.get(given_file["url"])).status_code == 404
    assert (await client.get(f"{FILES}/1/0")).status_code == 404
    assert (await client.get(f"{FILES}/999/0")).status_code == 404
    assert (await client.get(f"{FILES}/2/7")).status_code == 404
    sheet.unlink()
    assert (await client.get(given_file["url"])).json()["code"] == "file_gone"


async def test_a_picture_is_shown_in_light_and_dark_to_its_owner_only(
    app: FastAPI, client: httpx.AsyncClient, rehearsal: Rehearsal
) -> None:
    drawn = OutgoingFile(
        "页脚.png",
        picture=FooterPicture("example.cn", "示例", ("苏ICP备2026000001号-1",)),
        alt="页脚的样子",
    )
    rehearsal.answer = lambda _: (Reply(script.WELCOME.kind, "给您", files=(drawn,)),)
    shown = (await say(client, "页脚")).json()["entries"][1]["said"]["files"][0]
    assert shown["alt"] == "页脚的样子"
    light, dark = await client.get(shown["url"]), await client.get(f"{shown['url']}?dark=1")
    for got in (light, dark):
        assert got.headers["Content-Type"] == "image/png"
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert "private" in got.headers["Cache-Control"]
    assert light.content != dark.content

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as other:
        await other.get("/")
        assert (await other.get(shown["url"])).status_code == 404


async def test_a_replayed_file_is_answered_alike(
    client: httpx.AsyncClient, rehearsal: Rehearsal
) -> None:
    message_id = {"X-Message-Id": str(uuid4())}
    first = (await send_file(client, PNG, **message_id)).json()
    assert (await send_file(client, PNG, **message_id)).json()["replies"] == first["replies"]
    assert len(rehearsal.heard) == 1
