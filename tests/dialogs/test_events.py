"""What happens to a filing is told when it is news, once, with what to do."""

from datetime import timedelta
from types import MappingProxyType

import pytest

from filing.event import Event, EventType
from tests.dialogs.talk import Talk, fill

NUMBER = "苏ICP备2026000001号-1"


def happen(talk: Talk, kind: str, ago: timedelta = timedelta(0), **data: str) -> str:
    return talk.happen(Event(EventType(kind), talk.now - ago, MappingProxyType(data)))


def handed_in(talk: Talk, **other: str) -> Talk:
    fill(talk, **other)
    talk.say("确认提交")
    assert talk.state["stage"] == "first_review"
    return talk


def test_each_stage_is_told_when_it_is_reached(talk: Talk) -> None:
    handed_in(talk, site_manager_same="no")
    assert "上传" in happen(talk, "first_review_passed")
    said = happen(talk, "materials_submitted")
    assert "☑ 上传资料" in said
    assert "☐ 真实性核验" in said
    assert "复审" in happen(talk, "authenticity_passed")
    assert "复审通过" in happen(talk, "second_review_passed")
    assert "24 小时" in happen(talk, "submitted_to_bureau")
    assert "两位都完成" in happen(talk, "sms_received")
    said = happen(talk, "sms_verified", person="principal")
    assert "主体负责人（138****8000）：已完成" in said
    assert "网站负责人（137****7000）：剩 23 小时" in said
    assert "江苏通信管理局正在审核" in happen(talk, "sms_verified", person="site_manager")
    assert NUMBER in happen(talk, "bureau_approved", filing_number=NUMBER)
    assert "30" in happen(talk, "website_opened")
    assert happen(talk, "footer_displayed")
    assert happen(talk, "police_filed")
    assert happen(talk, "police_number_displayed")


def test_one_person_in_both_roles_is_not_told_of_two(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "first_review_passed")
    assert "两位" not in happen(talk, "sms_received")


@pytest.mark.parametrize("kind", ["first_review_passed", "bureau_approved", "website_opened"])
def test_what_cannot_be_or_was_told_before_is_not_told(talk: Talk, kind: str) -> None:
    if kind == "first_review_passed":
        handed_in(talk)
        assert happen(talk, kind)
    else:
        fill(talk, until="phone")
    assert happen(talk, kind) == ""


def test_an_answered_question_does_not_bring_the_stage_again(talk: Talk) -> None:
    handed_in(talk)
    said = talk.say("备案要多久")
    assert "工作日" in said
    assert "正在初审" not in said
    assert "正在初审" in talk.say("进度")


def test_a_wish_to_change_after_handing_in_is_told_what_to_do(talk: Talk) -> None:
    handed_in(talk)
    for words in ("改手机号", "手机号改成13800138999", "上一步改一下邮箱"):
        said = talk.say(words)
        assert said
    said = talk.say("改手机号")
    assert "撤销" in said
    assert "cmd:handover" in talk.buttons.values()
    assert talk.values["phone"] == "13800138000"


def test_a_return_names_cause_cure_and_the_lines_to_change(talk: Talk) -> None:
    handed_in(talk)
    said = happen(talk, "returned", code="R08", reason="名称过于宽泛")
    assert "名称过于宽泛" in said
    assert "命名要求" in said
    assert "样例茶业官网" in said
    assert talk.asking == "site_name"


def test_a_return_without_a_code_offers_to_change_any_line(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "returned", reason="请联系客服")
    assert "cmd:edit" in talk.buttons.values()


def test_a_returned_filing_is_changed_confirmed_anew_and_handed_in_again(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "returned", code="R08")
    talk.press("edit:site_name")
    talk.say("南京样例茶业有限公司")
    assert talk.asking == "confirm"
    assert talk.state["stage"] == "returned"
    assert "第 2 次提交" in talk.say("确认提交")
    assert talk.state["stage"] == "first_review"
    assert happen(talk, "first_review_passed")


def test_a_return_told_late_does_not_undo_the_new_submission(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "returned", code="R08")
    talk.wait(timedelta(hours=1))
    talk.press("cmd:forward")
    talk.say("确认提交")
    happen(talk, "returned", timedelta(minutes=30), code="R08")
    assert talk.state["stage"] == "first_review"
    assert "confirm" in talk.values


def test_a_return_ends_a_pause(talk: Talk) -> None:
    handed_in(talk)
    talk.say("先停一下")
    happen(talk, "returned", code="R08")
    assert talk.replies[-1].step == "site_name"


def test_an_approved_filing_is_neither_changed_nor_given_up(talk: Talk) -> None:
    handed_in(talk)
    for kind in ("first_review_passed", "submitted_to_bureau", "sms_received"):
        happen(talk, kind)
    happen(talk, "bureau_approved", filing_number=NUMBER)
    assert "变更备案" in talk.say("改手机号")
    assert "注销" in talk.say("我不办了，放弃备案")
    assert talk.state["stage"] == "approved"


def test_giving_up_a_filing_under_review_says_what_else_is_to_be_done(talk: Talk) -> None:
    handed_in(talk)
    assert "审核" in talk.say("放弃备案")
    assert "订单" in talk.press("yes:withdraw")
    assert talk.state["stage"] == "withdrawn"
