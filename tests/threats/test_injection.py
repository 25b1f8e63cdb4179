"""What somebody wrote is shown as it was written, wherever it goes, and is nothing else there."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.file_names import harmless_name
from bot.telegram.compose import TextPart as TelegramText
from bot.telegram.compose import compose as for_telegram
from bot.telegram.service import Library, TelegramConfig, open_client
from bot.tencent.compose import texts_of
from bot.tencent.xml import read, text_reply
from bot.testing.telegram import FakeTelegram, Person
from desk.hand_over import Line, as_csv
from desk.pages.audit import _row
from desk.statistics.figure import Table
from dialogs.message import Identity, Reply, ReplyKind
from dialogs.ports import Outgoing
from tests.bot.telegram.running import TOKEN

PAYLOADS = (
    "<b>粗</b> &amp; &lt; <a href='https://evil.example'>点</a>",
    "*粗* _斜_ [点](https://evil.example) `码` ||藏|| ~删~",
    "tg://user?id=1 @admin #标签 /start@bot",
    "]]></Content><Content>别的",
    "{{7*7}} {% for x in y %} %s %n ${x}",
    "\u202e反\u202c\u200b零宽",
)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", '=HYPERLINK("x")')
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


def outgoing(text: str) -> Outgoing:
    """Something said that quotes somebody."""
    return Outgoing("AbCdEfGhIjKl", Identity("x", "1"), Reply(ReplyKind.NOTICE, text))


@pytest.mark.parametrize("library", ["aiogram", "ptb"])
async def test_telegram_shows_the_words_and_no_markup(library: Library) -> None:
    async with FakeTelegram() as telegram:
        bot = telegram.add_bot(TOKEN)
        person = Person(bot)
        await person.say("你好")
        client = open_client(TelegramConfig(TOKEN, telegram.base_url, library))
        for payload in PAYLOADS:
            [part] = for_telegram(outgoing(payload))
            assert isinstance(part, TelegramText)
            await client.send_text(person.number, part.text, None)
        await client.close()
        shown = await person.messages()
    assert [one.text for one in shown] == [payload.strip() for payload in PAYLOADS]
    assert not any("entities" in one.raw for one in shown)
    assert not any(call.params.get("parse_mode") for call in bot.called("sendMessage"))


@given(WORDS)
def test_wechats_xml_says_what_was_said(text: str) -> None:
    assert read(text_reply("p", "a", 1, text))["Content"] == text


@given(WORDS, st.sampled_from(["<a href='x'>", "<A\thref=x>", "</a>", "<a>"]))
def test_nobody_puts_a_link_into_a_text_of_wechat(text: str, tag: str) -> None:
    shown = "".join(texts_of([outgoing(f"您说：{tag}{text}")]))
    assert "<a" not in shown.lower()
    assert "</a" not in shown.lower()


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_any_table_is_computed(formula: str) -> None:
    table = Table(("a",), ((formula,),)).csv().decode("utf-8-sig")
    for written in (table.partition("\n")[2], _row((formula,))):
        [[cell]] = csv.reader(io.StringIO(written, newline=""))
        assert cell[0] not in "=+-@\t\r"
        assert cell.removeprefix("'") == formula


def test_the_manifest_of_papers_holds_no_formula() -> None:
    line = Line("=1+1", "=1+1", "=1+1", "=1+1", 1, 1, "=1+1", "=1+1", "=1+1", 1, 1)
    rows = list(csv.reader(io.StringIO(as_csv([line]).removeprefix("\ufeff"))))
    assert set(rows[1]) <= {"'=1+1", "1"}


@settings(max_examples=100)
@given(
    st.one_of(
        st.text(max_size=300),
        st.sampled_from(
            ["../../etc/passwd", "..\\..\\boot.ini", "a\0.jpg", "CON", "x" * 4096, "~/.ssh/id", "/"]
        ),
    )
)
def test_no_name_leaves_the_folder_it_is_shown_in(name: str) -> None:
    folder = Path("/srv/files")
    shown = harmless_name(name)
    assert (folder / shown).resolve().parent == folder
    assert 0 < len(shown) <= 100
    assert shown.isprintable() or " " in shown or any(one.isspace() for one in shown)
