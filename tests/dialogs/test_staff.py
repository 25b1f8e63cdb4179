"""A colleague takes a conversation over, helps, and hands it back to the assistant."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.case import staff_name
from dialogs.holding import ClaimLost, HeldBy
from dialogs.message import IncomingFile, ReplyKind
from dialogs.turn import staff, take_form
from filing.event import Event, EventType
from tests.dialogs.talk import LEASE, LI, WANG, Talk, fill


def _joined(talk: Talk, until: str = "phone") -> Talk:
    fill(talk, until=until)
    talk.say("转人工")
    talk.act(staff.join, LI)
    return talk


def _settle(talk: Talk, **values: str) -> str:
    """A colleague proposes values, and the applicant says yes."""
    hold = talk.case.hold
    assert hold is not None
    who, number = hold.colleague, f"id{len(talk.results)}"
    result, wrong = staff.propose(talk.case, who, values, number, talk.now, talk.world, LEASE)
    assert wrong == {}
    assert "建议" in talk._keep(result)
    return talk.press(f"advice:yes:{number}")


def test_the_applicant_is_told_who_has_come_and_that_the_assistant_keeps_quiet(
    talk: Talk,
) -> None:
    _joined(talk)
    [told] = talk.replies
    assert told.kind is ReplyKind.HANDOVER
    assert "小李" in told.text
    assert "先不说话" in told.text
    assert talk.state["handover"] == "held"
    assert talk.case.attention.handover is None  # nobody waits any more


def test_taking_what_one_has_already_says_nothing_and_stays_the_same_claim(talk: Talk) -> None:
    _joined(talk)
    before = talk.case.hold
    talk.wait(timedelta(minutes=5))
    assert talk.act(staff.join, LI) == ""
    after = talk.case.hold
    assert before is not None
    assert after is not None
    assert (after.epoch, after.since) == (before.epoch, before.since)
    assert after.until > before.until


def test_a_second_colleague_learns_who_has_it(talk: Talk) -> None:
    _joined(talk)
    with pytest.raises(HeldBy) as refused:
        staff.join(talk.case, WANG, talk.now, talk.world, LEASE)
    assert refused.value.hold.name == "小李"


def test_whoever_does_not_have_it_can_do_nothing_in_it(talk: Talk) -> None:
    fill(talk, until="phone")
    with pytest.raises(ClaimLost) as nobody:
        staff.say(talk.case, LI, "您好", (), talk.now, talk.world, LEASE)
    assert nobody.value.hold is None
    talk.act(staff.join, WANG)
    with pytest.raises(ClaimLost) as another:
        staff.tell(talk.case, LI, Event(EventType.WITHDRAWN, talk.now), talk.now, talk.world, LEASE)
    assert another.value.hold == talk.case.hold
    with pytest.raises(ClaimLost):
        staff.hand_back(talk.case, LI, talk.now, talk.world)


def test_a_supervisor_takes_over_and_the_applicant_reads_the_new_name(talk: Talk) -> None:
    _joined(talk)
    epoch = talk.case.epoch
    assert "小王" in talk.act(staff.step_in, WANG)
    assert talk.case.epoch == epoch + 1
    with pytest.raises(ClaimLost):
        staff.stay(talk.case, LI, talk.now, talk.world, LEASE)


def test_a_lease_that_ran_out_still_counts_until_somebody_else_comes(talk: Talk) -> None:
    _joined(talk)
    talk.wait(LEASE)
    assert talk.say("有人吗") == ""
    assert talk.act(staff.say, LI, "在的", ()) == "在的"
    talk.wait(2 * LEASE)
    talk.act(staff.join, WANG)
    assert talk.case.hold is not None
    assert talk.case.hold.name == "小王"


def test_what_a_colleague_says_is_signed_by_them(talk: Talk) -> None:
    _joined(talk)
    assert talk.act(staff.say, LI, "您好，我看一下您的备案。", ()) == "您好，我看一下您的备案。"
    assert staff_name(talk.results[-1].author) == "小李"


def test_meanwhile_everything_is_kept_and_nothing_answered(talk: Talk) -> None:
    _joined(talk)
    for said, heard in (
        ({"text": "我的手机号是13800138000"}, "我的手机号是13800138000"),
        ({"button": "cmd:back", "label": "上一步"}, "上一步"),
        ({"button": "cmd:back"}, "cmd:back"),
        ({"other": "voice"}, "（发来一段语音，助手没有保存）"),
        ({"files": (IncomingFile("f1", "执照.jpg", "image/jpeg", 9),)}, "📎 执照.jpg"),
        ({"start": "abc"}, "abc"),
    ):
        assert talk.send(**said) == ""
        assert talk.results[-1].heard == heard
    assert talk.asking == "phone"
    assert "phone" not in talk.values


def test_a_secure_form_counts_and_the_colleague_reads_which_fields_were_filled(
    talk: Talk,
) -> None:
    _joined(talk, until="principal_id_number")
    number = "320102198001010024"
    result, wrong = take_form(talk.case, {"principal_id_number": number}, talk.now, talk.world)
    assert wrong == {}
    assert result.replies == ()
    assert result.heard is not None
    assert "身份证" in result.heard or "号码" in result.heard
    assert number not in result.heard
    talk._keep(result)
    assert talk.values["principal_id_number"] == number


def test_handed_back_the_assistant_asks_the_next_question_and_not_what_was_settled(
    talk: Talk,
) -> None:
    _joined(talk)
    assert "已按您的确认记下" in _settle(talk, phone="13800138000", office_phone="025-52345678")
    told = talk.act(staff.hand_back, LI)
    assert "小李已离开" in told
    assert "138****8000" in told
    assert "13800138000" not in told
    assert talk.asking == "emergency_phone"
    assert talk.replies[-1].step == "emergency_phone"
    assert talk.state["handover"] is None


def test_a_question_gone_back_to_is_not_asked_again_once_staff_settled_it(talk: Talk) -> None:
    fill(talk, until="email")
    talk.press("edit:phone")
    talk.act(staff.join, LI)
    _settle(talk, phone="13900139000")
    talk.act(staff.hand_back, LI)
    assert talk.asking == "email"


def test_values_read_back_before_are_not_offered_once_staff_settled_them(talk: Talk) -> None:
    fill(talk, until="phone")
    talk.say("邮箱 tea@example-mail.cn，网站叫样例茶业官网")
    talk.act(staff.join, LI)
    _settle(talk, phone="13800138000", email="cha@example-mail.cn")
    talk.act(staff.hand_back, LI)
    assert talk.values["email"] == "cha@example-mail.cn"
    assert "tea@example-mail.cn" not in "".join(reply.text for reply in talk.replies)


def test_a_yes_in_the_air_is_not_answered_by_a_yes_to_the_colleague(talk: Talk) -> None:
    fill(talk, until="phone")
    talk.say("不办了")
    assert talk.case.attention.pending == "withdraw"
    talk.act(staff.join, LI)
    talk.say("对")
    talk.act(staff.hand_back, LI)
    assert talk.case.attention.pending is None
    talk.press("yes:withdraw")
    assert talk.state["stage"] != "withdrawn"


def test_an_answer_of_staff_is_signed_and_the_applicant_can_change_it(talk: Talk) -> None:
    _joined(talk)
    _settle(talk, phone="13800138000")
    assert talk.case.filing is not None
    assert talk.case.filing.answers[-1].author == "agent:小李"
    talk.act(staff.hand_back, LI)
    talk.say("手机号改成13900139000")
    assert talk.values["phone"] == "13900139000"


def test_events_are_recorded_in_silence_and_told_when_the_assistant_takes_up_again(
    talk: Talk,
) -> None:
    fill(talk)
    talk.press("answer:confirm:yes")
    talk.press("yes:confirm")
    assert talk.state["stage"] == "first_review"
    talk.act(staff.join, LI)
    assert talk.happen(Event(EventType.FIRST_REVIEW_PASSED, talk.now)) == ""
    assert talk.act(staff.tell, LI, Event(EventType.MATERIALS_SUBMITTED, talk.now)) == ""
    told = talk.act(staff.hand_back, LI)
    assert talk.state["stage"] == "materials"
    assert "初审" in told
    assert talk.case.filing is not None
    assert len(talk.case.filing.events) == 3
    assert "初审" not in talk.say("转人工")


def test_a_return_recorded_meanwhile_leads_on_to_what_it_asks_to_change(talk: Talk) -> None:
    fill(talk)
    talk.press("answer:confirm:yes")
    talk.press("yes:confirm")
    talk.act(staff.join, LI)
    data = {"stage": "first_review", "code": "R18", "reason": "照片不清晰"}
    talk.happen(Event(EventType.RETURNED, talk.now, data))
    told = talk.act(staff.hand_back, LI)
    assert talk.state["stage"] == "returned"
    assert "退回" in told


def test_whoever_falls_silent_loses_the_conversation_and_the_applicant_waits_again(
    talk: Talk,
) -> None:
    _joined(talk)
    epoch = talk.case.epoch
    with pytest.raises(ClaimLost):
        staff.lapse(talk.case, epoch, talk.now, talk.world)
    talk.wait(LEASE)
    with pytest.raises(ClaimLost):
        staff.lapse(talk.case, epoch - 1, talk.now, talk.world)
    told = talk.act(staff.lapse, epoch)
    assert "小李" in told
    assert talk.state["handover"] == "waiting"
    assert talk.case.attention.waiting_since is not None
    assert talk.asking == "phone"
    with pytest.raises(ClaimLost):
        staff.say(talk.case, LI, "还在吗", (), talk.now, talk.world, LEASE)


def test_released_for_another_colleague_the_assistant_helps_meanwhile(talk: Talk) -> None:
    _joined(talk)
    talk.act(staff.put_back, LI)
    assert talk.state["handover"] == "waiting"
    talk.say("13800138000")
    assert talk.values["phone"] == "13800138000"


def test_what_changed_is_told_also_where_two_colleagues_helped_one_after_the_other(
    talk: Talk,
) -> None:
    _joined(talk)
    _settle(talk, phone="13800138000")
    talk.act(staff.step_in, WANG)
    assert "138****8000" in talk.act(staff.hand_back, WANG)


def test_attention_lost_tells_nothing_rather_than_everything(talk: Talk) -> None:
    _joined(talk)
    _settle(talk, phone="13800138000")
    talk.case = replace(talk.case, attention=replace(talk.case.attention, silent_from=None))
    assert "138****8000" not in talk.act(staff.hand_back, LI)
    assert talk.asking == "office_phone"
