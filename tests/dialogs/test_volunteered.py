"""Several answers at once, answers out of turn, and a yes that is not to the open question."""

import pytest

from tests.dialogs.talk import Talk, fill


def test_values_confirmed_early_count_at_their_turn_without_another_question(talk: Talk) -> None:
    fill(talk, until="cert_type")
    talk.say(
        "域名example-tea.cn，信用代码91320114MA1ABCD03G，地址江苏省南京市雨花台区软件大道1号2幢"
    )
    fill(talk, until="consent_sensitive")
    talk.say("同意")
    talk.say("对")
    assert talk.asking == "server_location", "number, province and domain are known"
    fill(talk, until="investor")
    assert talk.values["address"] == "江苏省南京市雨花台区软件大道1号2幢"


def test_an_early_value_that_turns_out_wrong_is_told_and_asked(talk: Talk) -> None:
    fill(talk, until="cert_number")
    talk.say("通信地址是广东省深圳市南山区科技园路1号")
    talk.say("对")
    fill(talk, until="cert_address")
    talk.press("answer:cert_address:江苏省南京市雨花台区软件大道1号")
    assert talk.asking == "address"
    assert talk.replies[-1].kind == "error"
    talk.say("江苏省南京市雨花台区软件大道1号")
    assert talk.asking == "principal_is_legal_rep"


def test_a_no_leaves_all_out_and_keeps_the_open_question(talk: Talk) -> None:
    fill(talk, until="subject_name")
    talk.say("手机13800138000，邮箱tea@example-mail.cn")
    talk.say("不对")
    assert talk.case.attention.proposal == ()
    assert talk.replies[-1].step == "subject_name"


def test_part_of_what_is_read_back_can_be_put_right(talk: Talk) -> None:
    fill(talk, until="subject_name")
    talk.say("手机13800138000，邮箱tea@example-mail.cn")
    said = talk.say("邮箱不对，是 info@example-mail.cn")
    assert "i***@example-mail.cn" in said
    assert "138****8000" in said
    talk.say("对")
    fill(talk, until="office_phone")
    assert talk.values["phone"] == "13800138000"
    assert talk.values["email"] == "info@example-mail.cn"


def test_one_of_the_values_read_back_can_be_left_out(talk: Talk) -> None:
    fill(talk, until="subject_name")
    talk.say("手机13800138000，邮箱tea@example-mail.cn")
    said = talk.say("邮箱错了")
    assert "去掉" in said
    assert "138****8000" in said
    assert dict(talk.case.attention.proposal) == {"phone": "13800138000"}


def test_what_is_not_understood_points_to_the_values_in_the_air(talk: Talk) -> None:
    fill(talk, until="cert_type")
    talk.say("性质不对，我们是个体户")
    fill(talk, until="subject_name")
    talk.say("邮箱 tea@example-mail.cn")
    talk.say("嘛呢嘛呢哄")
    assert talk.case.attention.failures == 0


def test_a_wrong_value_for_another_question_is_told_and_the_open_one_stays(talk: Talk) -> None:
    fill(talk, until="domain")
    said = talk.say("统一代码是91510104MA6C8B3F7Q")
    assert talk.asking == "domain"
    assert talk.replies[-1].step == "domain", "the open question is put again"
    assert talk.case.attention.failures == 0
    assert "没有记下" in said or "证件号码" in said


def test_a_number_refused_by_a_rule_when_confirmed_is_told_with_its_reason(talk: Talk) -> None:
    fill(talk, until="phone")
    talk.say("手机13800138000，应急电话13800138000")
    if talk.case.attention.pending:
        talk.say("对")
    assert talk.values["phone"] == "13800138000"
    assert "emergency_phone" not in talk.values


@pytest.mark.parametrize("step", ["cert_type", "server_location", "pre_approval"])
def test_a_bare_yes_never_picks_a_choice(talk: Talk, step: str) -> None:
    fill(talk, until=step)
    said = talk.say("是")
    assert talk.asking == step
    assert said


def test_submit_in_the_middle_says_how_much_is_missing(talk: Talk) -> None:
    fill(talk)
    talk.press("edit:domain")
    talk.say("example-other.cn")
    for _ in range(3):
        assert "5 项没填" in talk.say("提交")
    assert talk.asking == "domain_record"


def test_a_yes_takes_the_value_that_is_shown(talk: Talk) -> None:
    fill(talk)
    talk.press("edit:cert_number")
    talk.say("91350100M000100Y43")
    talk.press("answer:subject_record:none")
    assert "南京样例茶业有限公司" in talk.replies[-1].text
    talk.say("对")
    assert talk.values["subject_name"] == "南京样例茶业有限公司"


def test_skipping_what_was_read_back_leaves_it_out(talk: Talk) -> None:
    fill(talk, until="subject_name")
    talk.say("邮箱 tea@example-mail.cn")
    talk.say("跳过")
    assert talk.case.attention.pending is None
    assert talk.replies[-1].step == "subject_name"


def test_lacking_what_another_question_asks_explains_that_one(talk: Talk) -> None:
    fill(talk, until="phone")
    said = talk.say("没有座机怎么办")
    assert "座机" in said
    assert talk.asking == "phone"


def test_nothing_is_read_back_once_there_is_nothing_left_to_ask(talk: Talk) -> None:
    fill(talk, until="server_location")
    talk.press("answer:server_location:overseas")
    talk.say("手机13800138000")
    assert talk.case.attention.proposal == ()


def test_another_value_for_an_earlier_answer_is_read_back_before_it_counts(talk: Talk) -> None:
    fill(talk, until="site_name")
    said = talk.say("example-other.cn")
    assert "对吗" in said
    assert talk.values["domain"] == "example-tea.cn"
    talk.say("对")
    assert talk.values["domain"] == "example-other.cn"
    assert talk.asking == "domain_record"


def test_saying_that_it_was_wrong_changes_it_at_once(talk: Talk) -> None:
    fill(talk, until="site_name")
    talk.say("域名填错了，应该是 example-other.cn")
    assert talk.values["domain"] == "example-other.cn"
