"""Nothing counts before the consent it needs, and a refusal is no dead end."""

from dataclasses import replace

import pytest

from dialogs.message import ReplyKind
from tests.dialogs.talk import Talk, fill

EVERYTHING = (
    "我们是南京样例茶业有限公司，域名example-tea.cn，信用代码91320114MA1ABCD03G，"
    "手机13800138000，邮箱tea@example-mail.cn"
)


def _given(talk: Talk) -> list[str]:
    return [consent.kind for consent in talk.case.consents if consent.granted]


def test_what_is_said_before_the_consent_is_put_aside_and_not_counted(talk: Talk) -> None:
    said = talk.say(EVERYTHING)
    assert "不必重发" in said
    assert talk.case.filing is not None
    assert talk.case.filing.answers == ()
    assert talk.asking == "consent_processing"


def test_what_was_put_aside_is_read_back_once_it_may_be(talk: Talk) -> None:
    talk.say(EVERYTHING)
    assert "企业" in talk.say("同意")
    assert "138" not in talk.replies[-1].text, "the phone waits for a consent of its own"
    talk.say("对")
    fill(talk, until="consent_sensitive")
    said = talk.say("同意")
    assert "example-tea.cn" in said
    assert "138****8000" in said
    talk.say("对")
    assert talk.asking == "server_location"
    assert talk.values["domain"] == "example-tea.cn"


@pytest.mark.parametrize("words", ["同意", "好", "好的，开始吧", "我同意，江苏的企业"])
def test_nobody_agrees_to_a_text_that_was_not_put_before_them(talk: Talk, words: str) -> None:
    said = talk.say(words)
    assert _given(talk) == []
    assert "先请看一下" in said
    assert "个人信息处理说明" in said
    talk.say("同意")
    assert _given(talk) == ["processing"]


def test_a_text_that_changed_since_is_read_before_it_is_agreed_to(talk: Talk) -> None:
    talk.say("你好")
    attention = replace(talk.case.attention, read=("digest of the text of last year",))
    talk.case = replace(talk.case, attention=attention)
    assert "个人信息处理说明" in talk.press("answer:consent_processing:agree")
    assert _given(talk) == []
    talk.press("answer:consent_processing:agree")
    assert talk.asking == "prerequisites"


@pytest.mark.parametrize(
    "words", ["乱七八糟的一句话", "hi i want icp for my shop, i have a german passport", "asdfgh"]
)
def test_whatever_opens_a_conversation_the_first_question_answers_it(
    talk: Talk, words: str
) -> None:
    talk.say(words)
    assert talk.replies[-1].kind is ReplyKind.QUESTION
    assert talk.case.attention.failures == 0
    assert ReplyKind.ERROR not in {reply.kind for reply in talk.replies}


def test_a_refused_consent_lets_go_of_what_was_said(talk: Talk) -> None:
    talk.say(EVERYTHING)
    talk.say("不同意")
    assert talk.case.attention.proposal == ()
    talk.say("同意")
    assert talk.asking == "prerequisites"


def test_whoever_refused_is_told_so_and_heard_no_more_than_that(talk: Talk) -> None:
    talk.say("你好")
    talk.say("不同意")
    said = talk.say("我的手机是13800138000")
    assert "不会收集" in said
    assert talk.results[-1].heard is None
    assert talk.case.attention.proposal == ()


@pytest.mark.parametrize("words", ["同意", "我同意", "算了我同意"])
def test_a_refused_consent_can_be_given_by_typing(talk: Talk, words: str) -> None:
    talk.say("你好")
    talk.say("不同意")
    talk.say(words)
    assert talk.asking == "prerequisites"


def test_questions_are_answered_after_a_refusal_without_repeating_it(talk: Talk) -> None:
    talk.say("你好")
    talk.say("不同意")
    said = talk.say("备案要多久")
    assert "工作日" in said
    assert "不会收集" not in said


@pytest.mark.parametrize("words", ["继续", "进度"])
def test_going_on_after_a_refusal_says_what_is_missing_and_no_odd_figures(
    talk: Talk, words: str
) -> None:
    fill(talk, until="consent_sensitive")
    talk.say("不同意")
    said = talk.say(words)
    assert "0 项" not in said
    assert "answer:consent_sensitive:agree" in talk.buttons.values()


def test_a_refused_consent_is_recorded_and_so_is_the_change_of_mind(talk: Talk) -> None:
    fill(talk, until="consent_sensitive")
    talk.say("不同意")
    talk.press("answer:consent_sensitive:agree")
    kinds = [(one.kind, one.granted) for one in talk.case.consents]
    assert kinds == [("processing", True), ("sensitive", False), ("sensitive", True)]
    assert talk.asking == "cert_number"


def test_giving_the_consent_ends_a_step_back(talk: Talk) -> None:
    fill(talk, until="consent_sensitive")
    talk.say("不同意")
    talk.say("上一步")
    talk.press("answer:consent_sensitive:agree")
    assert talk.asking == "cert_number"


def test_the_text_to_agree_to_is_shown_once(talk: Talk) -> None:
    assert "个人信息处理说明" in talk.say("你好")
    again = talk.say("备案要多久")
    assert "您同意吗" in again
    assert "个人信息处理说明" not in again


def test_a_consent_gone_back_to_shows_its_text(talk: Talk) -> None:
    fill(talk, until="prerequisites")
    assert "个人信息处理说明" in talk.say("上一步")


def test_another_filing_asks_its_own_consent_in_full(talk: Talk) -> None:
    fill(talk, until="domain")
    assert "个人信息处理说明" in talk.press("new_filing")
