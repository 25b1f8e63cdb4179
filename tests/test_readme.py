"""What the README shows is what happens."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.world import load_world
from dialogs.world import SHANGHAI
from tests.dialogs.talk import Talk, fill

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")


def sample(readme: str) -> list[tuple[str, str]]:
    """The sample conversation: (who, words), lines that go on joined."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    block = re.search(r"```text\n(助手.*?)```", text, re.DOTALL)
    assert block is not None
    joined = re.sub(r"\n +", " ", block.group(1).strip())
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in joined.splitlines()]


@pytest.mark.parametrize("readme", READMES)
def test_the_sample_conversation_is_a_real_one(readme: str) -> None:
    world = load_world(Settings(_env_file=None))
    talk = fill(Talk(world, datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)), until="cert_number")
    for who, words in sample(readme):
        if who == "您":
            talk.say(words)
            continue
        labels = "".join(f"[{label}]" for label in talk.buttons)
        said = bare("".join(reply.text for reply in talk.replies) + labels)
        for piece in re.split(r"……|　|(?=\[)", words):
            assert bare(piece) in said


def bare(text: str) -> str:
    """Without white space, however it is laid out."""
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("readme", READMES)
def test_every_file_a_readme_links_to_is_there(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []
