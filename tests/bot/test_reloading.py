"""Articles edited under a running assistant."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.clock import real_clock
from bot.reloading import ArticleWatch, load_articles
from bot.settings import Settings
from bot.world import load_world
from dialogs.world import day_of
from knowledge.answering import Knowledge
from knowledge.errors import BrokenContent

CAT = """+++
title = "猫能备案吗"
ask = ["猫可以备案吗", "给猫备案", "猫咪备案", "宠物备案", "猫的备案怎么办", "狗呢"]
sources = ["order_33"]
reviewed_on = 2026-11-24
+++
不能，猫没有证件。
"""


def write(content: Path, text: str, name: str = "cat.md") -> None:
    """Save an operator's article."""
    place = content / "articles" / "zh-CN" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def told(knowledge: Knowledge, article: str = "cat") -> str | None:
    """What an article says."""
    found = knowledge.tell(article, locale="zh-CN", on=day_of(real_clock()))
    return found.text if found else None


@pytest.fixture(scope="module")
def world_of() -> Knowledge:
    """The shipped articles, read once."""
    knowledge = load_world(Settings(_env_file=None)).knowledge
    knowledge.load()
    return knowledge


@pytest.fixture
def knowledge(world_of: Knowledge, tmp_path: Path) -> Knowledge:
    """The same with a folder of an operator's own."""
    own = Knowledge(world_of.rulebook, world_of.profile, tmp_path)
    own.take_over(world_of)
    return own


async def test_an_edit_is_taken_over_once_it_rests(knowledge: Knowledge, tmp_path: Path) -> None:
    watch = ArticleWatch(knowledge, real_clock)
    await watch.look()
    write(tmp_path, CAT)
    await watch.look()
    assert told(knowledge) is None
    await watch.look()
    assert told(knowledge) == "不能，猫没有证件。"
    (tmp_path / "articles" / "zh-CN" / "cat.md").unlink()
    for _ in range(2):
        await watch.look()
    assert told(knowledge) is None
    assert told(knowledge, "fee") is not None


@pytest.mark.parametrize(
    "old, new, problem",
    [
        ("猫没有证件。", "要 20 个工作日。", "cat.md:7: '20 个工作日' rests on no rule; write"),
        ("猫没有证件。", "{{ rule('annual_review').x.y }}", "cat.md:7: cannot be told to"),
    ],
)
async def test_a_broken_edit_is_logged_once_and_changes_nothing(
    knowledge: Knowledge, tmp_path: Path, old: str, new: str, problem: str
) -> None:
    watch = ArticleWatch(knowledge, real_clock)
    write(tmp_path, CAT.replace(old, new))
    with capture_logs() as logs:
        for _ in range(4):
            await watch.look()
    errors = [entry for entry in logs if entry["log_level"] == "error"]
    assert len(errors) == 1
    assert problem in errors[0]["problem"]
    assert told(knowledge) is None
    assert told(knowledge, "fee") is not None


def test_nothing_starts_on_a_broken_article(world_of: Knowledge, tmp_path: Path) -> None:
    write(tmp_path, CAT.replace("猫没有证件", "{{ weather }}"))
    with pytest.raises(BrokenContent, match=r"cat\.md:7: 'weather' is never given"):
        load_articles(Knowledge(world_of.rulebook, world_of.profile, tmp_path))


async def test_a_hangup_reads_at_once(knowledge: Knowledge, tmp_path: Path) -> None:
    watch = ArticleWatch(knowledge, real_clock, every=600)
    stop = asyncio.Event()
    running = asyncio.create_task(watch.run(stop))
    await asyncio.sleep(0)
    write(tmp_path, CAT)
    os.kill(os.getpid(), signal.SIGHUP)
    for _ in range(1200):
        await asyncio.sleep(0.05)
        if told(knowledge) is not None:
            break
    stop.set()
    await running
    assert told(knowledge) == "不能，猫没有证件。"
    asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)
