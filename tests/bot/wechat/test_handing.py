"""Files an account cannot send: handed out by an address that nobody can make up."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SimulatedClock
from bot.testing.wechat import FakeWeChat, Follower
from bot.wechat.handing import LIFE, FileLinks
from dialogs.message import OutgoingFile, Reply, ReplyKind
from storage.memory import memory_stores
from tests.bot.wechat.running import Parrot, running

BASE = "https://beian.example.cn"
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


async def test_a_letter_is_downloaded_from_our_own_server(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock, tmp_path: Path
) -> None:
    letter = tmp_path / "letter"
    letter.write_bytes(b"PK a letter")
    files = (
        OutgoingFile("短.txt", text="短文"),
        OutgoingFile("授权书.docx", str(letter)),
        OutgoingFile("没了.docx", str(tmp_path / "gone")),
    )
    stores = memory_stores(clock)
    parrot = Parrot(
        stores.cases,
        clock,
        answer=lambda inbound: (Reply(ReplyKind.ANSWER, "给您", files=files),),
    )
    async with running(wechat, parrot, stores, clock, public_url=BASE) as at_work:
        await person.say("给我授权书")
        [text] = await at_work.texts(person)
        assert text.startswith("给您\n短文\n《授权书.docx》24 小时内可以下载：")
        here = str(wechat.account.callback_url).removesuffix("/wechat/callback")
        link, lost = (one.replace(BASE, here) for one in re.findall(rf"{BASE}[!-~]+", text))
        async with httpx.AsyncClient() as http:
            answer = await http.get(link)
            assert (answer.status_code, answer.content) == (200, b"PK a letter")
            assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8")
            assert answer.headers["cache-control"] == "no-store"
            assert (await http.get(lost)).status_code == 410
            assert (await http.get(link.replace(".1.", ".0."))).status_code == 410
            clock.advance(LIFE)
            over = await http.get(link)
            assert over.status_code == 410 and "再要一次" in over.text
        assert "file_link" in at_work.refused


def test_an_address_opens_one_file_for_a_day() -> None:
    clock = SimulatedClock(START)
    links = FileLinks(BASE, "secret", clock)
    token = links.to("abc-_DEF123", 2).rpartition("/")[2]
    assert links.read(token) == ("abc-_DEF123", 2)
    assert FileLinks(BASE, "another", clock).read(token) is None
    clock.advance(LIFE - timedelta(seconds=1))
    assert links.read(token) == ("abc-_DEF123", 2)
    assert len(links.to("abc-_DEF123", 2).rpartition("/")[2]) == len(token)
    clock.advance(timedelta(seconds=1))
    assert links.read(token) is None


@given(st.text(max_size=60), st.integers(0, 40), st.characters())
def test_no_made_up_address_opens_anything(text: str, at: int, letter: str) -> None:
    links = FileLinks(BASE, "secret", SimulatedClock(START))
    assert links.read(text) is None
    token = links.to("abc", 0).rpartition("/")[2]
    changed = token[:at] + letter + token[at + 1 :]
    assert changed == token or links.read(changed) is None
