"""Who stands by an answer that was refused, and who only agrees or asks."""

import pytest

from dialogs.understanding.insisting import insists


@pytest.mark.parametrize(
    "text",
    [
        "这个码是对的啊我照着执照抄的",
        "我确定没错，系统有问题吧",
        "没错啊，我看了三遍了",
        "執照上就是這麼寫的",
        "怎么会错呢，我照着抄的",
        "不可能，我照着身份证写的！",
        "我抄了好几遍都是这个",
        "为什么说不对",
        "我没写错",
        "你们系统有bug吧",
        "That's what it says on the licence.",
        "But it's correct! I checked it twice",
    ],
)
def test_they_stand_by_it_whatever_is_asked(text: str) -> None:
    assert insists(text, is_asked=False)


@pytest.mark.parametrize("text", ["没错", "对啊", "就是这个", "correct"])
def test_a_mere_yes_stands_by_it_only_where_it_was_asked_for(text: str) -> None:
    assert insists(text, is_asked=True)
    assert not insists(text, is_asked=False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "好的",
        "同意",
        "确认提交",
        "手机号对吗",
        "执照有问题",
        "我照着执照填可以吗",
        "营业执照就这一个",
        "没错，域名是 anxi-tea.com",
        "91350524MA2XN1GH5K",
        "我照着执照抄的，" * 20,
    ],
)
def test_something_else_is_left_to_others(text: str) -> None:
    assert not insists(text, is_asked=True)
