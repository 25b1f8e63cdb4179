"""The notice and the assessment say what is configured, as page, Markdown and Word file."""

from datetime import date
from pathlib import Path

import httpx
import pytest
from docx import Document

from bot.privacy.papers import (
    PAPERS,
    Grid,
    Heading,
    Items,
    Notice,
    Paper,
    as_markdown,
    as_word,
    blocks_of,
    problems,
)
from bot.serving import refuse_nameless
from bot.settings import BrokenSettings, Settings
from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.world import load_world
from dialogs.world import World
from storage.memory import memory_stores
from tests.bot.web.real import SETTINGS, START, real_assistant
from tests.bot.web.rehearsal import Drawer

ON = date(2026, 11, 27)
LOCALES = ("zh-CN", "en")


@pytest.fixture(scope="module")
def world() -> World:
    """The shipped content."""
    return load_world(SETTINGS)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_names_who_answers_for_the_data_and_its_sources(
    paper: Paper, locale: str, world: World
) -> None:
    text = as_markdown(paper, locale, SETTINGS, world, ON)
    for word in ("示例", "help@example.cn", "2026-11-27", "个人信息保护法", "npc.gov.cn"):
        assert word in text
    assert "Telegram FZ-LLC（" not in text.replace("Telegram Privacy Policy（Telegram FZ-LLC", "")
    assert not any(mark in text for mark in ("{{", "{%", "None"))


@pytest.mark.parametrize("locale", LOCALES)
def test_the_notice_states_the_retention_that_is_set_and_the_channels_there_are(
    locale: str, world: World
) -> None:
    settings = Settings(
        _env_file=None,
        retention_days=7,
        retention_idle_days=45,
        telegram_token="1000:rehearsal",
    )
    text = as_markdown("notice", locale, settings, world, ON)
    assert " 7 " in text and " 45 " in text and "Telegram FZ-LLC" in text
    without = as_markdown("notice", locale, SETTINGS, world, ON)
    assert " 30 " in without and " 90 " in without


@pytest.mark.parametrize("locale", LOCALES)
def test_both_languages_have_the_same_shape(locale: str, world: World) -> None:
    for paper in PAPERS:
        shapes = [
            [
                (type(one).__name__, len(one.rows) if isinstance(one, Grid) else 0)
                for one in blocks_of(as_markdown(paper, each, SETTINGS, world, ON))
            ]
            for each in (locale, "zh-CN")
        ]
        assert shapes[0] == shapes[1]


def test_text_is_read_as_headings_lists_and_tables() -> None:
    text = "# A\n\n- b\n- c\n\n| d | e |\n|---|---|\n| f | g |\n"
    assert blocks_of(text) == (Heading(1, "A"), Items(("b", "c")), Grid((("d", "e"), ("f", "g"))))


def test_a_word_file_holds_it_all(world: World, tmp_path: Path) -> None:
    as_word(as_markdown("assessment", "zh-CN", SETTINGS, world, ON), tmp_path / "a.docx")
    document = Document(str(tmp_path / "a.docx"))
    assert document.paragraphs[0].text == "个人信息保护影响评估"
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "证件图片" in cells


def test_an_operators_own_text_goes_first_and_a_broken_one_is_named(
    world: World, tmp_path: Path
) -> None:
    own = tmp_path / "privacy" / "zh-CN" / "notice.md"
    own.parent.mkdir(parents=True)
    own.write_text("# 我们的说明\n\n{{ operator }}", encoding="utf-8")
    settings = SETTINGS.model_copy(update={"content": tmp_path})
    assert as_markdown("notice", "zh-CN", settings, world, ON) == "# 我们的说明\n\n示例\n"
    own.write_text("# 我们的说明\n\n{{ nobody }}", encoding="utf-8")
    [problem] = problems(settings, world, ON)
    assert problem.file == "privacy/zh-CN/notice.md"


async def test_the_notice_is_a_page_that_chat_and_forms_lead_to(world: World) -> None:
    stores = memory_stores(lambda: START)
    assistant = real_assistant(world, lambda: START, stores)
    app = create_app(
        WebConfig(),
        assistant=assistant,
        transcript=stores.transcript,
        files=Drawer(),
        notice=Notice(SETTINGS, world, lambda: START),
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        page = await client.get("/privacy?lang=zh-CN")
        assert page.status_code == 200 and "<h1>隐私说明</h1>" in page.text
        assert "help@example.cn" in page.text
        english = await client.get("/privacy?lang=en")
        assert "<h1>Privacy notice</h1>" in english.text
        assert 'href="/privacy?lang=zh-CN"' in (await client.get("/?lang=zh-CN")).text


@pytest.mark.parametrize("given", [{}, {"operator_name": "示例"}, {"operator_contact": "400"}])
def test_in_public_nothing_starts_that_names_nobody(given: dict[str, str]) -> None:
    bare = Settings(_env_file=None).model_copy(update=given)
    with pytest.raises(BrokenSettings, match="BEIAN_OPERATOR"):
        refuse_nameless(bare.model_copy(update={"public_url": "https://beian.example.cn"}))
    refuse_nameless(bare.model_copy(update={"public_url": "http://127.0.0.1:8000"}))
    refuse_nameless(bare)


def test_who_answers_and_how_to_reach_them_is_enough() -> None:
    refuse_nameless(SETTINGS)
