"""How single messages are read: the order of readings, and what must not be mixed up."""

from datetime import date

import pytest

from dialogs.answers.base import Context
from dialogs.flows.first_filing import FIRST_FILING
from dialogs.understanding import Intent, Understood, understand

TODAY = date(2026, 11, 24)


def said(
    text: str, step: str | None = None, pending: str | None = None, **values: str
) -> Understood:
    return understand(
        text,
        flow=FIRST_FILING,
        open_step=None if step is None else FIRST_FILING[step],
        context=Context(TODAY, values),
        pending=pending,
    )


@pytest.mark.parametrize(
    "text, intent",
    [
        ("上一步", Intent.BACK),
        ("麻烦返回上一步吧", Intent.BACK),
        ("下一步", Intent.FORWARD),
        ("撤销", Intent.UNDO),
        ("重做", Intent.REDO),
        ("跳过", Intent.SKIP),
        ("晚点再弄", Intent.PAUSE),
        ("继续", Intent.RESUME),
        ("重新开始", Intent.RESTART),
        ("算了不办了", Intent.CANCEL),
        ("转人工", Intent.HANDOVER),
        ("到哪一步了", Intent.STATUS),
        ("怎么还没好", Intent.STATUS),
        ("这么多天了怎么还没通过", Intent.STATUS),
        ("看看我填的信息", Intent.REVIEW),
        ("我的备案", Intent.LIST_FILINGS),
        ("再办一个备案", Intent.NEW_FILING),
        ("go back please", Intent.BACK),
        ("start over", Intent.RESTART),
    ],
)
@pytest.mark.parametrize("step", [None, "domain", "subject_name", "remark", "subject_kind"])
def test_a_command_is_a_command_whatever_is_asked(
    text: str, intent: Intent, step: str | None
) -> None:
    assert said(text, step).intent is intent


def test_another_language_is_asked_for_by_name() -> None:
    assert said("切换英文") == Understood(Intent.SWITCH_LOCALE, detail="en")
    assert said("speak chinese please") == Understood(Intent.SWITCH_LOCALE, detail="zh-CN")


@pytest.mark.parametrize("text", ["是的", "对", "没错", "嗯嗯", "OK", "确认", "👌", "yes"])
def test_yes_confirms_what_is_in_the_air(text: str) -> None:
    assert said(text, "site_manager_same", pending="proposal").intent is Intent.CONFIRM
    assert said(text, "domain", pending="restart").intent is Intent.CONFIRM


@pytest.mark.parametrize("text", ["不对", "不是", "错了", "算了", "取消", "❌", "no"])
def test_no_denies_what_is_in_the_air(text: str) -> None:
    assert said(text, "domain", pending="restart").intent is Intent.DENY


def test_yes_answers_a_yes_no_question_when_nothing_is_in_the_air() -> None:
    assert said("是的", "site_manager_same") == Understood(
        Intent.ANSWER, {"site_manager_same": "yes"}
    )


def test_none_is_an_option_where_it_is_offered_and_a_skip_where_it_is_not() -> None:
    assert said("没有", "pre_approval").values == {"pre_approval": "none"}
    assert said("没有座机", "office_phone") == Understood(Intent.SKIP, target="office_phone")


def test_not_knowing_is_an_option_where_it_is_offered_and_a_call_for_help_elsewhere() -> None:
    assert said("不清楚", "subject_record").values == {"subject_record": "unsure"}
    assert said("不清楚", "domain") == Understood(Intent.HELP, target="domain")


def test_a_reluctant_applicant_denies_and_names_the_step() -> None:
    read = said("我不想给身份证号", "principal_id_number")
    assert (read.intent, read.target) == (Intent.DENY, "principal_id_number")


def test_why_is_about_the_open_step() -> None:
    assert said("为什么要这个", "phone") == Understood(Intent.WHY, target="phone")


def test_a_value_inside_a_question_is_no_answer() -> None:
    read = said("example.cn 可以备案吗？", "domain")
    assert (read.intent, dict(read.values)) == (Intent.FAQ, {})


def test_a_question_behind_an_answer_is_kept_for_answering() -> None:
    read = said("域名是example.cn，对了备案要多久？", "domain")
    assert read.values == {"domain": "example.cn"}
    assert read.intent is Intent.ANSWER
    assert read.detail == "对了备案要多久"


def test_asking_leave_for_an_answer_is_no_question() -> None:
    read = said("example.cn，可以吗？", "domain")
    assert (read.values, read.detail) == ({"domain": "example.cn"}, None)


def test_a_value_of_another_step_goes_there() -> None:
    assert said("13800138000", "domain").values == {"phone": "13800138000"}


def test_a_bare_number_answers_the_step_that_is_open() -> None:
    for step in ("phone", "emergency_phone", "office_phone", "site_manager_phone"):
        assert said("13900139000", step, phone="13800138000").values == {step: "13900139000"}


def test_a_label_for_every_phone_also_means_the_open_one() -> None:
    assert said("手机号13900139000", "emergency_phone").values == {"emergency_phone": "13900139000"}


def test_an_emails_domain_is_no_domain() -> None:
    assert said("a@example.cn").values == {"email": "a@example.cn"}


def test_a_number_of_the_filers_own_card_depends_on_who_files() -> None:
    number = "11010519491231002X"
    assert said(number, subject_kind="individual").values == {"cert_number": number}
    assert said(number, subject_kind="enterprise").values == {"principal_id_number": number}


def test_a_role_named_before_holds_for_what_follows() -> None:
    read = said("网站负责人李四，手机13900139000，邮箱li@example.com；法人手机13800138000")
    assert read.values == {
        "site_manager_name": "李四",
        "site_manager_phone": "13900139000",
        "site_manager_email": "li@example.com",
        "phone": "13800138000",
    }


def test_a_list_of_labelled_lines_is_read_as_a_whole() -> None:
    read = said(
        "单位名称：样例（上海）科技有限公司\n信用代码：91320100MA00000008\n"
        "域名：example.cn\n手机：138 0013 8000\n邮箱：a@example.cn"
    )
    assert read.values == {
        "subject_name": "样例（上海）科技有限公司",
        "cert_number": "91320100MA00000008",
        "domain": "example.cn",
        "phone": "13800138000",
        "email": "a@example.cn",
    }


def test_words_of_a_step_inside_a_name_are_no_label() -> None:
    name = "北京样例网站域名邮箱科技有限公司"
    assert said(name, "subject_name").values == {"subject_name": name}


def test_repeating_a_value_is_no_correction() -> None:
    assert said("域名 example.cn", "phone", domain="example.cn").intent is Intent.ANSWER


def test_another_value_of_an_answered_step_is_a_correction() -> None:
    read = said("域名 example.com", "phone", domain="example.cn")
    assert (read.intent, read.values) == (Intent.CORRECT, {"domain": "example.com"})


@pytest.mark.parametrize(
    "text",
    [
        "手机号不是13800138000，是13900139000",
        "不要用13800138000，用13900139000",
        "13800138000打不通了，换13900139000",
        "手机号改成13900139000",
        "手机号错了，应该是13900139000",
        "not 13800138000 but 13900139000",
    ],
)
def test_of_two_numbers_the_one_meant_is_taken(text: str) -> None:
    read = said(text, "email", phone="13800138000")
    assert (read.intent, read.values) == (Intent.CORRECT, {"phone": "13900139000"})


def test_a_name_is_corrected_across_clauses() -> None:
    assert said("负责人不是张三，是李四", principal_name="张三").values == {
        "principal_name": "李四"
    }
    assert said("法人换人了，现在是李四", principal_name="张三").values == {
        "principal_name": "李四"
    }


def test_a_correction_without_a_value_names_its_step() -> None:
    assert said("营业执照号错了", "email") == Understood(Intent.CORRECT, target="cert_number")
    assert said("刚才填错了", "email") == Understood(Intent.CORRECT)
    assert said("我想改一下网站名称", "remark") == Understood(Intent.CORRECT, target="site_name")


def test_a_slip_is_told_with_its_step_and_without_the_value() -> None:
    read = said("身份证号是110105194912310021", "principal_id_number")
    assert read.wrong is not None
    step, wrong = read.wrong
    assert (step, wrong.code) == ("principal_id_number", "id_card.checksum")
    assert "110105194912310021" not in repr(wrong)


def test_open_text_loses_its_preface_and_nothing_else() -> None:
    assert said("我们公司叫在线样例有限公司", "subject_name").values == {
        "subject_name": "在线样例有限公司"
    }
    assert said("网站就叫样例酒吧", "site_name").values == {"site_name": "样例酒吧"}


def test_a_remark_may_mention_anything() -> None:
    remark = "个人学习用的博客，介绍如何养花，联系电话13800138000"
    assert said(remark, "remark").values == {"remark": remark}


@pytest.mark.parametrize("text", ["随便", "什么是应急电话？", "好的", "😀", "跟公司名一样"])
def test_what_is_no_name_is_not_taken_for_one(text: str) -> None:
    for step in ("subject_name", "principal_name", "site_name"):
        assert not said(text, step).values


def test_the_same_as_another_answer_is_looked_up() -> None:
    read = said("跟公司名称一样", "site_name", subject_name="南京样例科技有限公司")
    assert read.values == {"site_name": "南京样例科技有限公司"}


def test_only_the_beginning_of_a_very_long_message_is_read() -> None:
    assert said("域名 example.cn " + "a" * 100_000).values == {"domain": "example.cn"}
    assert not said(" " * 5_000 + "域名 example.cn").values


@pytest.mark.parametrize(
    "text", ["我在江苏苏州", "江苏省苏州市的", "我公司注册在江苏苏州", "我在苏州"]
)
def test_where_one_is_may_be_said_down_to_the_city(text: str) -> None:
    assert said(text, "prerequisites").values == {"province": "江苏"}


@pytest.mark.parametrize(
    "text, known, meant",
    [
        ("我不是个体户，是公司", "sole_proprietor", "enterprise"),
        ("不对,还是个体户", "enterprise", "sole_proprietor"),
        ("我不是公司，是个人", "enterprise", "individual"),
    ],
)
def test_who_files_is_put_right_at_any_question(text: str, known: str, meant: str) -> None:
    read = said(text, "consent_processing", subject_kind=known, consent_processing="agreed")
    assert read == Understood(Intent.CORRECT, {"subject_kind": meant})


def test_who_files_is_heard_in_english_too() -> None:
    text = "I want to file my personal website, I'm British with a passport"
    assert said(text, "consent_processing").values == {"subject_kind": "individual"}


def test_a_name_that_says_who_files_is_kept_as_the_name_too() -> None:
    text = "苏州星辰网络科技有限公司 法人王小明 手机13800138000"
    assert said(text, "subject_kind").values == {
        "subject_kind": "enterprise",
        "subject_name": "苏州星辰网络科技有限公司",
        "principal_name": "王小明",
        "phone": "13800138000",
    }


@pytest.mark.parametrize(
    "text, values",
    [
        ("我公司要备案 苏州的", {"subject_kind": "enterprise", "province": "江苏"}),
        ("以前没备过", {"subject_record": "none"}),
        ("服务器在你们这买的，北京区", {"server_location": "mainland"}),
        ("公司要备案吗", {}),
        ("第一次备案要多久", {}),
    ],
)
def test_what_is_stated_before_it_is_asked_is_heard(text: str, values: dict[str, str]) -> None:
    assert said(text, "prerequisites").values == values


def test_a_domain_never_filed_says_nothing_of_its_subject() -> None:
    assert said("以前没备过", "domain_record").values == {"domain_record": "none"}


@pytest.mark.parametrize(
    "text, intent",
    [
        ("好的我重新拍", Intent.SMALLTALK),
        ("好的我改一下", Intent.CORRECT),
        ("好的我明天再弄", Intent.PAUSE),
    ],
)
def test_a_promise_to_see_to_it_asks_nothing(text: str, intent: Intent) -> None:
    assert said(text).intent is intent
