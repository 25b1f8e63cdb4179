"""Pictures are drawn whole, whatever their words, in light and dark."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.attachments import content_of, on_disk
from bot.pictures import Theme, draw
from bot.pictures.canvas import COLOURS, printable, width, wrapped
from dialogs.message import OutgoingFile, Reply, ReplyKind
from dialogs.pictures import FooterPicture, Picture, ProgressPicture, ProgressRow
from storage.codec import dump_reply, load_reply

PROGRESS = ProgressPicture(
    "example-tea.cn 的备案进度",
    "截至 2026-11-26",
    (
        ProgressRow("填写", "done", "11-01"),
        ProgressRow("短信核验", "now", "11-27 前", "还差网站负责人"),
        ProgressRow("退回", "wrong"),
        ProgressRow("管局审核", "todo"),
    ),
    "下一步",
    "请网站负责人完成短信核验。",
)
FOOTER = FooterPicture("example.cn", "示例", ("苏ICP备2026000001号-1",), ("版权所有 示例",))


def opened(png: bytes) -> Image.Image:
    """The picture in a file."""
    return Image.open(BytesIO(png)).convert("RGB")


def contrast(one: str, other: str) -> float:
    """How well two colours part, by WCAG 2."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("picture", [PROGRESS, FOOTER], ids=["progress", "footer"])
def test_a_picture_fits_a_telegram_photo_and_a_wechat_picture(picture: Picture) -> None:
    png = draw(picture)
    image = opened(png)
    assert len(png) < 2 * 2**20
    assert image.width + image.height <= 10_000
    assert 1 / 20 < image.width / image.height < 20


@pytest.mark.parametrize("picture", [PROGRESS, FOOTER], ids=["progress", "footer"])
def test_light_and_dark_differ_in_their_ground(picture: Picture) -> None:
    themes: tuple[Theme, Theme] = ("light", "dark")
    corners = [opened(draw(picture, theme)).convert("L").tobytes()[2] for theme in themes]
    assert corners[0] > 200
    assert corners[1] < 60


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_text_can_be_read(theme: Theme) -> None:
    colours = COLOURS[theme]
    for text in (colours.text, colours.soft, colours.now, colours.wrong):
        assert contrast(text, colours.card) >= 4.5
    for text in (colours.text, colours.done):
        assert contrast(text, colours.ahead_ground) >= 4.5
    for mark in (colours.done, colours.wrong):
        assert contrast(colours.on_mark, mark) >= 3


def test_chinese_letters_are_no_empty_boxes() -> None:
    drawn = {letter: draw(FooterPicture("", letter, ())) for letter in "备案号进度龘"}
    assert len(set(drawn.values())) == len(drawn)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60), st.integers(60, 400))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, room: int) -> None:
    lines = wrapped(text, 16, room)
    kept = "".join("".join(lines).split())
    assert kept == "".join(printable(text).split())
    assert all(width(line, 16) <= room + 16 for line in lines if len(line) > 1)


async def test_a_file_handed_out_can_be_kept_and_read_back(tmp_path: Path) -> None:
    files = (
        OutgoingFile("进度.png", picture=PROGRESS, alt="进度"),
        OutgoingFile("footer.html", text="<footer>"),
    )
    reply = Reply(ReplyKind.ANSWER, "进度", files=files)
    assert load_reply(dump_reply(reply), "here") == reply
    [kept] = await on_disk((reply,), tmp_path)
    assert await on_disk((reply,), tmp_path) == (kept,)  # in the same place
    for file, before in zip(kept.files, files, strict=True):
        assert await content_of(OutgoingFile(file.name, file.path)) == await content_of(before)
