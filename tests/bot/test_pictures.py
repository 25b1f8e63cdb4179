"""Pictures are drawn whole, whatever their words, in light and dark."""

from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.attachments import content_of, on_disk
from bot.pictures import Theme, draw
from bot.pictures.canvas import COLOURS, printable, width, wrapped
from bot.pictures.specimen_papers import PAPERS
from dialogs.message import OutgoingFile, Reply, ReplyKind
from dialogs.pictures import (
    FooterPicture,
    Mark,
    MarkedPicture,
    Picture,
    ProgressPicture,
    ProgressRow,
    QrPicture,
    SpecimenPicture,
)
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
SPECIMENS = [
    SpecimenPicture(paper, "营业执照 · 样例", "营业执照", ("拍全", "摆正"), ("章", "号码"))
    for paper in PAPERS
]
QR = QrPicture("https://console.example.cn/icp", "真实性核验", "请网站负责人本人扫码。")
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


@pytest.mark.parametrize(
    "picture", [PROGRESS, FOOTER, QR, *SPECIMENS], ids=lambda one: getattr(one, "paper", one.kind)
)
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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_qr_code_is_read_as_the_address_it_says(theme: Theme) -> None:
    [code] = zxingcpp.read_barcodes(opened(draw(QR, theme)))
    assert code.text == QR.address


_SHARE = st.integers(0, 1000)


def photo(wide: int, high: int) -> bytes:
    """A grey picture as somebody would send it."""
    out = BytesIO()
    Image.new("RGB", (wide, high), "#808080").save(out, "JPEG")
    return out.getvalue()


def is_red(pixel: object) -> bool:
    """Whether a mark was drawn there."""
    assert isinstance(pixel, tuple)
    red, green, blue = pixel[:3]
    return bool(red > 180 and green < 90 and blue < 90)


@settings(max_examples=30, deadline=None)
@given(_SHARE, _SHARE, _SHARE, _SHARE)
def test_a_mark_never_leaves_its_picture(one: int, two: int, three: int, four: int) -> None:
    mark = Mark(1, min(one, two), min(three, four), max(one, two), max(three, four))
    image = opened(draw(MarkedPicture("x", (mark,)), content=photo(640, 400)))
    assert image.size == (640, 400)


def test_what_is_wrong_is_framed_on_a_small_copy() -> None:
    picture = MarkedPicture("x", (Mark(1, 250, 250, 750, 750),))
    image = opened(draw(picture, content=photo(3000, 2000)))
    assert max(image.size) == 900
    assert any(is_red(image.getpixel((x, 300))) for x in range(215, 235))
    assert not is_red(image.getpixel((450, 300)))


async def test_a_marked_picture_is_drawn_from_the_kept_one_and_gone_with_it(tmp_path: Path) -> None:
    picture = MarkedPicture("kept", (Mark(1, 100, 100, 500, 500),))
    file = OutgoingFile("marked.png", picture=picture, alt="框出了 1 处")
    kept = {"kept": photo(800, 600)}

    async def read(file_id: str) -> bytes:
        return kept[file_id]

    assert opened(await content_of(file, kept=read)).size == (800, 600)
    reply = Reply(ReplyKind.ERROR, "模糊", files=(file,))
    [shown] = await on_disk([reply], tmp_path, read)
    assert shown.files[0].path.endswith("marked.png")
    kept.clear()
    with pytest.raises(FileNotFoundError):
        await content_of(file, kept=read)
    [shown] = await on_disk([reply], tmp_path, read)
    assert shown.files == () and shown.text == "模糊"
    assert load_reply(dump_reply(reply), "here") == reply
