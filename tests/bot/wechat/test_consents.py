"""The page on which people consent to one-time notices."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from bot.clock import SimulatedClock
from bot.testing.tencent import Refusal
from bot.testing.wechat import FakeWeChat
from bot.testing.wechat.methods import open_page
from bot.wechat.client import Account, WeChatClient
from bot.wechat.consents import PATH, SCRIPT, ConsentPage, consent_router
from storage.memory import memory_stores

BASE = "https://beian.example.cn"


@asynccontextmanager
async def page_of(wechat: FakeWeChat, clock: SimulatedClock) -> AsyncIterator[httpx.AsyncClient]:
    """The page, as a browser gets it."""
    account = wechat.account
    async with httpx.AsyncClient() as out:
        client = WeChatClient(
            out,
            Account(account.app_id, account.secret, wechat.base_url),
            memory_stores(clock).wechat,
            clock,
            pause=0,
        )
        app = FastAPI()
        templates = ["once-a", "once-b"]
        app.include_router(
            consent_router(ConsentPage(account.app_id, client.page_ticket, templates, BASE, clock))
        )
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as http:
            yield http


def config_in(page: str) -> dict[str, str]:
    """What the page tells WeChat's script."""
    return dict(re.findall(r'data-([a-z-]+)="([^"]*)"', page))


async def test_the_page_is_signed_for_its_own_address(
    wechat: FakeWeChat, clock: SimulatedClock
) -> None:
    async with page_of(wechat, clock) as http:
        page = (await http.get(f"{PATH}?from=chat")).text
        told, account = config_in(page), wechat.account
        given = (told["app-id"], told["timestamp"], told["nonce"], told["signature"])
        open_page(account, f"{BASE}{PATH}?from=chat#top", *given)
        with pytest.raises(Refusal):
            open_page(account, f"{BASE}{PATH}", *given)
        assert 'template="once-a,once-b"' in page and told["wanted"] == "3"
        assert "请点 3 次" in page and "同意接收一次提醒" in page


async def test_the_ticket_is_fetched_once_and_anew_before_it_ends(
    wechat: FakeWeChat, clock: SimulatedClock
) -> None:
    async with page_of(wechat, clock) as http:
        for _ in range(3):
            assert (await http.get(PATH)).status_code == 200
        assert len(wechat.account.called("getticket")) == 1
        clock.advance(timedelta(hours=2))
        assert (await http.get(PATH)).status_code == 200
        assert len(wechat.account.called("getticket")) == 2


async def test_wechat_s_script_is_let_into_this_page_alone_and_nobody_is_named(
    wechat: FakeWeChat, clock: SimulatedClock
) -> None:
    async with page_of(wechat, clock) as http:
        answer = await http.get(PATH, headers={"Accept-Language": "en-GB,en;q=0.9"})
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self' https://res.wx.qq.com" in policy
        assert "frame-ancestors 'none'" in policy
        assert "set-cookie" not in answer.headers
        assert "Agree to one reminder" in answer.text
        script = await http.get(SCRIPT)
        assert script.headers["content-type"].startswith("text/javascript")
        assert "fetch(" not in script.text  # it records nothing


async def test_while_wechat_gives_no_ticket_the_page_says_so(
    wechat: FakeWeChat, clock: SimulatedClock
) -> None:
    wechat.account.verified = False
    async with page_of(wechat, clock) as http:
        answer = await http.get(PATH)
        assert answer.status_code == 503 and "请过一分钟" in answer.text
