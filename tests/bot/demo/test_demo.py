"""The demonstration plays to its end by itself, and an operator can step in."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import httpx
from playwright.async_api import Page, expect

from bot.demo.app import demo_app
from bot.demo.cast import read_cast
from bot.demo.director import Pace
from bot.demo.stage import open_stage
from dialogs.message import ReplyKind
from tests.bot.web.serving import serving


async def test_everybody_is_approved_and_reminded_and_two_are_helped_by_people(
    tmp_path: Path,
) -> None:
    async with open_stage(tmp_path, Pace(0, 0, timedelta(days=5))) as stage:
        transport = httpx.ASGITransport(demo_app(stage))
        await stage.director.run()
        handed_over = []
        for role in stage.director.roles:
            state = await role.state()
            assert (state["stage"], role.waiting) == ("approved", []), role.part.name
            entries = await stage.program.stores.transcript.since(role.actor.identity, 0)
            kinds = [entry.said.kind for entry in entries if entry.said is not None]
            assert kinds.count(ReplyKind.REMINDER) >= 2, role.part.name
            assert kinds.count(ReplyKind.ERROR) <= 1, role.part.name
            handed_over.append(ReplyKind.HANDOVER in kinds)
        assert handed_over.count(True) == 2  # at our desk, and by a servicer in WeCom
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            shown = (await client.get("/demo/state")).json()
        assert shown["over"] and shown["day"] == 31
        assert "粤ICP备2026000003号-1" in str(shown["telegram"])
        assert "短信验证好了" in str(shown["wechat"])
        assert "订单里有“真实性核验”" in str(shown["wecom"])  # what the servicer wrote
        assert any(one.get("notice") for one in shown["wechat"])  # reminded after 48 hours
        assert stage.wechat.account.outside_the_rules() == []
        assert stage.wecom.server.corp.outside_the_rules() == []
        assert [one.odd for one in stage.wechat.server.callbacks.posted if one.odd] == []


async def test_an_operator_watches_stops_the_clock_and_writes_for_somebody(
    page: Page, tmp_path: Path
) -> None:
    async with open_stage(tmp_path, Pace(0.05, 3600)) as stage, serving(demo_app(stage)) as url:
        directing = asyncio.create_task(stage.director.run())
        await page.goto(f"{url}/demo")
        telegram = page.get_by_role("log", name="Telegram")
        await expect(telegram).to_contain_text("Who is filing")
        frame = page.frame_locator("#web-page")
        await expect(frame.get_by_role("log")).to_contain_text("第 5/35 项")
        await page.get_by_role("button", name="暂停").click()
        await expect(page.get_by_role("button", name="继续")).to_be_visible()
        await page.get_by_label("Speak as this applicant").fill("How long does it take?")
        await page.get_by_label("Speak as this applicant").press("Enter")
        await expect(telegram).to_contain_text("How long does it take?")
        await expect(telegram).to_contain_text("working days")
        role = next(one for one in stage.director.roles if one.part.channel == "telegram")
        assert role.taken
        assert await page.context.cookies() == []
        directing.cancel()
        with suppress(asyncio.CancelledError):
            await directing


def test_the_cast_is_on_every_channel() -> None:
    assert {part.channel for part in read_cast()} == {"web", "wechat", "wecom", "telegram"}
