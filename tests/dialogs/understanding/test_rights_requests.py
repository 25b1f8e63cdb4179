"""What is read as a wish about one's own data, and what is not."""

import pytest

from dialogs.understanding.rights_requests import Right, is_sure, keeps, right_in


@pytest.mark.parametrize(
    "text",
    [
        "/mydata",
        "我要我的数据",
        "导出我的信息",
        "请帮我导出一份我的全部个人信息",
        "下载我的资料",
        "我想要一份我的数据副本",
        "给我一份我的资料",
        "你们有我的什么信息？".rstrip("？"),
        "你们存了哪些我的信息",
        "What do you have about me",
        "Please send me a copy of all my personal data",
        "I'd like a copy of my data",
    ],
)
def test_a_copy_is_asked_for(text: str) -> None:
    assert right_in(text) is Right.COPY


@pytest.mark.parametrize(
    "text",
    [
        "/delete",
        "删除我的所有资料",
        "请把我的信息都删了",
        "把我的个人信息全部删除吧",
        "我要注销账号",
        "删除我的聊天记录",
        "忘了我吧",
        "delete my data",
        "Please erase everything about me",
        "forget me",
    ],
)
def test_deletion_is_asked_for(text: str) -> None:
    assert right_in(text) is Right.DELETE


@pytest.mark.parametrize(
    "text",
    [
        "撤回同意",
        "我要撤回我的同意",
        "取消授权",
        "我不再同意你们处理我的个人信息",
        "withdraw consent",
    ],
)
def test_a_consent_is_taken_back(text: str) -> None:
    assert right_in(text) is Right.WITHDRAW


@pytest.mark.parametrize(
    "text",
    [
        "怎么删除我的资料",
        "我的资料会保存多久",
        "能删除我填的域名吗",
        "撤回",
        "撤回备案",
        "清空重填",
        "把我的手机号改成13800138000",
        "下载授权书",
        "我的资料审核到哪了",
        "资料交给谁看",
        "删除网站",
        "restart",
        "delete the website",
        "注销备案",
    ],
)
def test_questions_and_other_wishes_are_left_to_others(text: str) -> None:
    assert right_in(text) is None


@pytest.mark.parametrize(
    "text", ["保留", "不删了", "别删了！", "撤销", "还是留着吧", "keep", "Undo", "我反悔了"]
)
def test_a_deletion_is_taken_back_with_one_word(text: str) -> None:
    assert keeps(text)


@pytest.mark.parametrize("text", ["确认删除", "全部删除", "删除吧", "确定", "delete everything"])
def test_a_deletion_is_confirmed_in_words(text: str) -> None:
    assert is_sure(text)
    assert not keeps(text)
