"""After a person's help: it ends when the applicant says so, and they may rate it, once asked."""

from datetime import timedelta

import pytest

from dialogs.turn import staff
from dialogs.turn.rating import CHANGEABLE
from tests.dialogs.talk import LI, WANG, Talk, fill


def _helped(talk: Talk) -> Talk:
    fill(talk, until="subject_name")
    talk.say("转人工")
    talk.act(staff.join, LI)
    talk.act(staff.hand_back, LI)
    return talk


def _rated(talk: Talk) -> int | None:
    return talk.results[-1].rating


def test_the_rating_is_asked_once_when_the_colleague_has_left(talk: Talk) -> None:
    _helped(talk)
    said = "\n".join(reply.text for reply in talk.replies)
    assert "小李的帮助，您满意吗" in said
    assert talk.buttons["5 很满意"].startswith("rate:5:")
    assert talk.asking == "subject_name"
    assert "满意吗" not in talk.say("南京样例茶业有限公司")
    assert talk.values["subject_name"] == "南京样例茶业有限公司"


def test_a_button_rates_and_another_changes_it(talk: Talk) -> None:
    _helped(talk)
    five, two = talk.buttons["5 很满意"], talk.buttons["2 不满意"]
    assert "记下了：5 分" in talk.press(five)
    assert _rated(talk) == 5
    said = talk.press(two)
    assert "改成 2 分" in said
    assert "哪里没做好" in said
    assert _rated(talk) == 2


@pytest.mark.parametrize(
    "words, mark",
    [
        ("很满意", 5),
        ("非常满意！", 5),
        ("满意", 4),
        ("一般", 3),
        ("不太满意", 2),
        ("很不满意", 1),
        ("3分", 3),
        ("给个五星好评", 5),
        ("我给4分吧", 4),
        ("4 stars", 4),
        ("very satisfied", 5),
    ],
)
def test_words_rate_too(talk: Talk, words: str, mark: int) -> None:
    _helped(talk)
    talk.say(words)
    assert _rated(talk) == mark
    assert talk.asking == "subject_name"
    assert "subject_name" not in talk.values


def test_words_of_praise_are_no_rating_where_nobody_helped(talk: Talk) -> None:
    fill(talk, until="subject_kind")
    talk.say("满意")
    assert _rated(talk) is None


def test_an_old_help_is_rated_no_more(talk: Talk) -> None:
    _helped(talk)
    five = talk.buttons["5 很满意"]
    talk.wait(CHANGEABLE)
    assert "已经截止" in talk.press(five)
    assert _rated(talk) is None


def test_the_buttons_of_an_earlier_help_rate_nothing(talk: Talk) -> None:
    _helped(talk)
    five = talk.buttons["5 很满意"]
    talk.say("转人工")
    talk.act(staff.join, WANG)
    talk.act(staff.hand_back, WANG)
    assert "已经截止" in talk.press(five)


def test_one_comment_is_asked_for_and_never_pressed_for(talk: Talk) -> None:
    _helped(talk)
    talk.say("2分")
    assert talk.buttons["写两句"] == "cmd:rating_comment"
    talk.press("cmd:rating_comment")
    assert "我们会看" in talk.say("等了太久，不过人很好")
    assert talk.results[-1].rating_comment == "等了太久，不过人很好"
    assert talk.asking == "subject_name"
    talk.say("3分")
    assert "写两句" not in talk.buttons


def test_nobody_has_to_comment(talk: Talk) -> None:
    _helped(talk)
    talk.say("5分")
    talk.press("cmd:rating_comment")
    assert "不写了" in talk.say("算了")
    assert talk.results[-1].rating_comment is None


@pytest.mark.parametrize("words", ["结束人工", "好的谢谢，结束人工服务吧", "end the help"])
def test_the_applicant_ends_the_help(talk: Talk, words: str) -> None:
    fill(talk, until="subject_name")
    talk.say("转人工")
    talk.act(staff.join, LI)
    assert talk.say("您好") == ""
    said = talk.say(words)
    assert "人工服务结束了" in said
    assert "满意吗" in said
    assert talk.case.hold is None
    assert talk.results[-1].heard == words
    assert talk.asking == "subject_name"


def test_ending_help_that_is_over_says_so(talk: Talk) -> None:
    _helped(talk)
    assert "现在没有人工在" in talk.press("cmd:end_help")


def test_whoever_waits_for_another_colleague_is_not_asked_to_rate(talk: Talk) -> None:
    fill(talk, until="subject_name")
    talk.say("转人工")
    talk.act(staff.join, LI)
    assert "满意吗" not in talk.act(staff.put_back, LI)
    attention = talk.case.attention
    assert (attention.handover, attention.handover_reason) == ("waiting", "put_back")


def test_what_was_left_stays_until_the_help_is_over(talk: Talk) -> None:
    fill(talk, until="subject_name")
    talk.say("留言：请看看我的执照")
    talk.act(staff.join, LI)
    assert len(talk.case.attention.left) == 1
    talk.wait(timedelta(minutes=1))
    talk.act(staff.hand_back, LI)
    after = talk.case.attention
    assert (after.left, after.handover_reason) == ((), None)
