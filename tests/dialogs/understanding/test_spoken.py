"""Spoken numbers, addresses and dates are written out before anything else is read."""

import pytest

from dialogs.understanding.spoken import written


@pytest.mark.parametrize(
    "spoken, plain",
    [
        ("幺三八零零幺三八零零零", "13800138000"),
        ("手机幺三八，零零幺三，八零零零", "手机13800138000"),
        ("张三一三八零零一三八零零零", "张三13800138000"),
        ("零二五杠八八八八八八八八", "02588888888"),
        ("example 点 com 点 cn", "example.com.cn"),
        ("admin艾特example点cn", "admin@example.cn"),
        ("bob at example dot com", "bob@example.com"),
        ("example。cn", "example.cn"),
        ("8。8。4。4", "8.8.4.4"),
    ],
)
def test_what_is_spoken_is_written_out(spoken: str, plain: str) -> None:
    assert written(spoken) == plain


@pytest.mark.parametrize(
    "text",
    ["下午8点30分联系我", "一二三四五路6号", "我有3点要求", "域名example。谢谢", "meet me at home"],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert written(text) == text
