"""What a turn looks like in WeChat: cut by bytes, numbered, and nothing but what was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tencent.choosing import number_in
from bot.tencent.compose import MAX_TEXT, MenuPart, PicturePart, TextPart, compose, split, texts_of
from dialogs.message import Button, Citation, Identity, OutgoingFile, Reply, ReplyKind
from dialogs.ports import Outgoing

SOMEBODY = Identity("wechat", "oTest-1")
YES, NO = Button("好", "yes"), Button("不好", "no")


def saying(*replies: Reply) -> list[Outgoing]:
    return [Outgoing(f"id{n}", SOMEBODY, reply) for n, reply in enumerate(replies)]


def asking(text: str, *buttons: Button, **more: tuple[OutgoingFile, ...]) -> Reply:
    return Reply(ReplyKind.QUESTION, text, buttons, more.get("files", ()))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=3000), st.integers(4, 300))
def test_pieces_fit_and_lose_nothing_but_blanks(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < len(piece.encode()) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_long_text_is_cut_at_the_ends_of_sentences() -> None:
    sentence = "备案信息应当真实、准确、完整。"
    pieces = split(sentence * 200)
    assert all(piece.endswith("。") and len(piece.encode()) <= MAX_TEXT for piece in pieces)


def test_only_the_last_question_has_numbers() -> None:
    [text] = texts_of(saying(asking("一？", YES), asking("二？", YES, NO), asking("说明")))
    assert text == "一？\n\n二？\n\n1. 好\n2. 不好\n（回复数字就能选）\n\n说明"


def test_english_is_answered_in_english() -> None:
    quiet = Button("Helpful", "helped", quiet=True)
    [text] = texts_of(saying(asking("Which?", Button("One", "1"), quiet)))
    assert text == "Which?\n\n1. One\n(reply with the number)\n(or just reply: Helpful)"


def test_by_message_choices_are_lines_to_tap() -> None:
    assert compose(saying(asking("一？"), asking("二？", YES, NO))) == (
        MenuPart("一？\n\n二？", compose(saying(asking("x"), asking("y", YES, NO)))[0].choices),  # type: ignore[union-attr]
    )
    [menu] = compose(saying(asking("好吗？", Button("看", "v", "https://a.example"), YES)))
    assert isinstance(menu, MenuPart)
    assert [(one.id, one.label) for one in menu.choices] == [("id0.1", "好")]
    assert menu.text == "好吗？\n看：https://a.example"


def test_too_many_choices_are_numbered_instead() -> None:
    buttons = [Button(f"第{n}种", str(n)) for n in range(11)]
    [part] = compose(saying(asking("哪种？", *buttons)))
    assert isinstance(part, TextPart) and "11. 第10种" in part.text


def test_choices_too_long_to_tap_are_numbered_instead() -> None:
    parts = compose(saying(asking("哪个？", Button("长" * 500, "a"), Button("长" * 400, "b"))))
    assert all(isinstance(part, TextPart) for part in parts) and len(parts) > 1


def test_sources_and_signatures_stand_with_the_text() -> None:
    reply = Reply(
        ReplyKind.ANSWER,
        "答",
        citations=(Citation("办法", "https://law.example/33", "2026-11-01"),),
        by="小林",
    )
    assert texts_of(saying(reply)) == ("👤 小林\n答\n— 办法（2026-11-01） https://law.example/33",)


def test_files_are_pictures_text_or_word_where_to_get_them() -> None:
    files = (OutgoingFile("a.png", kept="k"), OutgoingFile("b.txt", text="内容"))
    parts = compose(saying(asking("看", files=(*files, OutgoingFile("c.pdf", kept="k")))))
    assert parts[0] == PicturePart(files[0])
    assert isinstance(parts[1], TextPart)
    assert parts[1].text.startswith("看\n内容\n（《c.pdf》在微信里发不了")


@pytest.mark.parametrize("tag", ['<a href="x">y</a>', "<A HREF='x'>y</A>", "< a", "<abbr>", "a<b"])
def test_nothing_said_becomes_a_link(tag: str) -> None:
    [text] = texts_of(saying(asking(tag)))
    lower = text.lower()
    assert "<a " not in lower and "</a>" not in lower
    assert text.partition("\n")[0].replace("＜", "<") == tag


def test_what_wechat_refuses_in_a_text_is_left_out() -> None:
    assert texts_of(saying(asking("a\x00b\x1bc\r\ud800d"))) == ("abcd",)
    assert texts_of(saying(asking("\x00"))) == ()


@pytest.mark.parametrize(
    "text, number",
    [
        ("2", 2), (" 2 ", 2), ("２", 2), ("②", 2), ("2.", 2), ("2、", 2), ("选2", 2), ("第2个", 2),
        ("12", 12), ("", None), (None, None), ("二", None), ("2个网站", None), ("123", None),
        ("1.2.3.4", None), ("2026", None), ("-1", None), ("2 3", None), ("x2", None),
    ],
)  # fmt: skip
def test_a_number_alone_is_a_choice(text: str | None, number: int | None) -> None:
    assert number_in(text) == number
