"""SMS verification in the chat: who, until when, troubles, and codes that nobody asked for."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from dialogs.message import Identity
from filing.event import Event, EventType
from tests.dialogs.talk import Talk, fill, right_answer

HOUR = timedelta(hours=1)
TWO = {"site_manager_same": "no"}


def happen(talk: Talk, kind: str, **data: str) -> str:
    return talk.happen(Event(EventType(kind), talk.now, MappingProxyType(data)))


def at_sms(talk: Talk, **other: str) -> Talk:
    fill(talk, **other)
    talk.say("确认提交")
    happen(talk, "submitted_to_bureau")
    happen(talk, "sms_received")
    return talk


def test_each_person_is_named_with_phone_paper_and_time_left(talk: Talk) -> None:
    at_sms(talk, **TWO)
    talk.wait(2 * HOUR)
    said = talk.say("进度")
    for words in (
        "主体负责人（138****8000）",
        "网站负责人（137****7000）",
        "剩 21 小时 59 分钟",
        "居民身份证号码后 6 位",
        "12381",
        "beian.miit.gov.cn",
        "两位都完成",
        "不要发给我",
    ):
        assert words in said, words


def test_one_person_in_both_roles_is_one_line(talk: Talk) -> None:
    said = (at_sms(talk), talk.say("进度"))[1]
    assert said.count("138****8000") == 1
    assert "两位" not in said


@pytest.mark.parametrize(
    "province, words",
    [("广东", "人像面号码后 6 位"), ("浙江", "背面港澳身份证件号后 6 位（括号用全角）")],
)
def test_a_permit_is_typed_as_its_province_wants(talk: Talk, province: str, words: str) -> None:
    mine = {
        "subject_kind": "individual",
        "cert_type": "hk_mo_permit",
        "cert_number": "H12345678",
        "province": province,
        "principal_id_type": "hk_mo_permit",
        "principal_id_number": "H12345678",
    }
    talk.say("你好")
    while talk.asking not in (None, "confirm"):
        step = talk.asking or ""
        talk.press(f"answer:{step}:{mine.get(step) or right_answer(talk, step)}")
    talk.press("answer:confirm:confirm")
    happen(talk, "sms_received")
    assert words in talk.say("进度")


def test_before_the_sms_is_told_the_time_runs_from_the_bureau(talk: Talk) -> None:
    fill(talk, **TWO)
    talk.say("确认提交")
    happen(talk, "submitted_to_bureau")
    assert "从严算" in talk.say("进度")
    happen(talk, "sms_received", person="site_manager")
    said = talk.say("进度")
    assert said.count("从严算") == 1


def test_when_the_time_is_over_it_says_what_now(talk: Talk) -> None:
    at_sms(talk, **TWO)
    happen(talk, "sms_verified", person="principal")
    talk.wait(25 * HOUR)
    said = talk.say("进度")
    assert "主体负责人（138****8000）：已完成" in said
    assert "网站负责人（137****7000）：时间已过" in said
    assert "自动退回" in said
    assert any(one.startswith("event:returned:") for one in talk.buttons.values())


@pytest.mark.parametrize(
    "said, told",
    [
        ("没收到短信", "短信重发"),
        ("验证码输错了", "累计错 5 次"),
        ("换手机号了", "备案里填的手机号"),
        ("页面说没有记录", "过半小时再试"),
        ("网站负责人出差了联系不上", "不必到场"),
    ],
)
def test_each_trouble_has_its_help_by_word_and_by_button(talk: Talk, said: str, told: str) -> None:
    at_sms(talk, **TWO)
    assert told in talk.say(said)
    talk.say("进度")
    talk.press("sms:more")
    answers = [talk.press(one) for one in list(talk.buttons.values()) if one.startswith("sms:")]
    assert any(told in answer for answer in answers)
    assert len(answers) == 5


def test_one_person_alone_waits_for_no_other(talk: Talk) -> None:
    at_sms(talk)
    assert "不必到场" not in talk.say("他没空")


def test_before_the_bureau_has_it_no_sms_is_missed(talk: Talk) -> None:
    fill(talk)
    talk.say("确认提交")
    assert "还没到短信核验这一步" in talk.say("没收到短信")


@pytest.mark.parametrize(
    "said",
    [
        "123456",
        "验证码 123456",
        "123 456",
        "我的验证码是１２３４５６，填哪里",
        "code: 123456",
        "短信里写的是 123456 对吗",
    ],
)
def test_a_code_typed_is_blanked_and_the_person_told_why(talk: Talk, said: str) -> None:
    at_sms(talk)
    told = talk.say(said)
    assert "不要发给任何人" in told
    heard = talk.results[-1].heard
    assert heard is not None
    assert "******" in heard
    assert "123" not in heard.replace("１", "1").replace("２", "2").replace("３", "3")
    assert talk.state["stage"] == "sms_verification"
    assert not talk.results[-1].delete_inbound


def test_in_a_chat_kept_abroad_the_message_is_deleted_too(talk: Talk) -> None:
    telegram = Talk(talk.world, talk.now, "telegram")
    telegram.case = replace(at_sms(talk).case, identity=Identity("telegram", "1"))
    telegram.say("验证码 123456")
    assert telegram.results[-1].delete_inbound


def test_what_else_is_said_beside_a_code_is_heard(talk: Talk) -> None:
    fill(talk)
    talk.say("确认提交")
    happen(talk, "submitted_to_bureau")
    talk.say("收到短信了，验证码654321")
    assert talk.state["stage"] == "sms_verification"
    assert "654321" not in (talk.results[-1].heard or "")


@pytest.mark.parametrize(
    "said", ["我的订单号是20261124123456", "公司有 120000 个用户", "邮编 210012 没错吧"]
)
def test_other_numbers_are_no_codes(talk: Talk, said: str) -> None:
    at_sms(talk)
    talk.say(said)
    assert talk.results[-1].heard == said or "******" in (talk.results[-1].heard or "")
