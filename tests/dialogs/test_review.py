"""The review: grouped, readable, every line open to change, nothing said twice."""

import pytest

from dialogs.flows.first_filing import FIRST_FILING
from tests.dialogs.talk import Talk, fill

SHEET = "【主办单位信息】"


def test_the_sheet_is_shown_when_all_is_answered(talk: Talk) -> None:
    fill(talk, until="remark")
    said = talk.press("answer:remark:公司介绍和茶叶产品展示")
    assert said.index(SHEET) < said.index("【网站信息】")
    assert talk.buttons["确认提交"] == "answer:confirm:confirm"


def test_a_question_at_the_review_does_not_bring_the_sheet_again(talk: Talk) -> None:
    fill(talk)
    said = talk.say("备案要多久")
    assert SHEET not in said
    assert "answer:confirm:confirm" in talk.buttons.values()


def test_the_sheet_is_shown_once_when_asked_for(talk: Talk) -> None:
    fill(talk)
    assert talk.say("看看我填的内容").count(SHEET) == 1


def test_a_changed_line_is_confirmed_and_the_sheet_not_repeated(talk: Talk) -> None:
    fill(talk)
    talk.press("edit:email")
    said = talk.say("info@example-mail.cn")
    assert "i***@example-mail.cn" in said
    assert SHEET not in said
    assert talk.asking == "confirm"


def test_after_a_changed_answer_that_reopens_others_the_sheet_comes_again(talk: Talk) -> None:
    fill(talk)
    talk.say("改域名")
    said = talk.say("example-other.cn")
    assert "4 项" in said
    for step in ("domain_record", "domain_holder", "domain_verified_on"):
        assert talk.asking == step
        talk.say("对")
    assert SHEET in talk.say("对")


def test_a_question_asked_again_shows_the_former_answer(talk: Talk) -> None:
    fill(talk)
    talk.say("域名改成 example-other.cn")
    assert "您之前给的是：从未备案过" in talk.replies[-1].text


def test_keeping_a_line_goes_back_to_the_review(talk: Talk) -> None:
    fill(talk)
    talk.press("edit:phone")
    assert "cmd:forward" in talk.buttons.values()
    assert not any(value.startswith("accept:") for value in talk.buttons.values())
    talk.press("cmd:forward")
    assert talk.asking == "confirm"


def test_every_line_is_two_taps_away(talk: Talk) -> None:
    fill(talk, site_manager_same="no")
    talk.press("cmd:edit")
    sections = list(talk.buttons.values())
    offered: set[str] = set()
    for section in sections:
        talk.press(section)
        assert len(talk.buttons) <= 12, "few enough for a phone"
        offered |= set(talk.buttons.values())
    filled = {
        f"edit:{step.key}"
        for step in talk.standing.journey.asked
        if FIRST_FILING[step.key].fills is not None
    }
    assert filled <= offered


def test_a_line_picked_by_tap_is_opened(talk: Talk) -> None:
    fill(talk)
    talk.press("cmd:edit")
    talk.press("section:website")
    talk.press("edit:site_name")
    assert talk.asking == "site_name"


def test_the_owner_may_see_everything_unmasked(talk: Talk) -> None:
    fill(talk)
    said = talk.press("cmd:reveal")
    assert "320102198001010024" in said
    assert "13800138000" in said


def test_nothing_is_unmasked_in_a_chat_kept_abroad(talk: Talk) -> None:
    talk.channel = "telegram"
    talk.__post_init__()
    fill(talk)
    assert "cmd:reveal" not in talk.buttons.values()
    assert "320102198001010024" not in talk.press("cmd:reveal")


def test_one_person_in_both_roles_stands_there_once(talk: Talk) -> None:
    fill(talk)
    assert talk.say("看看我填的内容").count("张**") == 1


def test_open_warnings_stand_beside_the_confirmation(talk: Talk) -> None:
    fill(talk)
    talk.say("备案要多久")
    assert "提醒" in talk.replies[-1].text
    assert "承诺" in talk.replies[-1].text


def test_what_must_be_changed_is_named_and_there_is_no_way_to_hand_in(talk: Talk) -> None:
    fill(talk, server_months_left="1")
    assert talk.asking == "confirm"
    talk.press("cmd:review")
    assert "edit:server_months_left" in talk.buttons.values()
    assert "answer:confirm:confirm" not in talk.buttons.values()
    talk.press("answer:confirm:confirm")
    assert talk.state["stage"] == "draft"


@pytest.mark.parametrize("value", ["cmd:submit", "edit:confirm", "answer:confirm:confirm"])
def test_a_filing_that_is_not_complete_cannot_be_handed_in(talk: Talk, value: str) -> None:
    fill(talk, until="phone")
    talk.press(value)
    talk.say("确认提交")
    talk.press("answer:confirm:confirm")
    assert talk.state["stage"] == "draft"
    assert talk.asking == "phone"


def test_an_english_review_is_english(talk: Talk) -> None:
    fill(talk)
    talk.say("English")
    said = talk.say("show my answers")
    assert "Jiangsu" in said
    assert "Province of filing: 江苏" not in said


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_contacts_are_told_in_the_language_spoken(talk: Talk, locale: str) -> None:
    talk.say("你好")
    talk.press(f"locale:{locale}")
    talk.press("cmd:back")
    talk.press("new_filing")
    said = talk.say("转人工" if locale == "zh-CN" else "a person please")
    assert ("工单" in said) is (locale == "zh-CN")
    assert ("ticket" in said) is (locale == "en")


def test_submit_while_a_line_is_open_goes_back_to_the_review_first(talk: Talk) -> None:
    fill(talk)
    talk.press("edit:email")
    talk.say("提交")
    assert talk.asking == "confirm"
    assert talk.state["stage"] == "draft"
    talk.say("提交")
    assert talk.state["stage"] == "first_review"


def test_what_is_not_understood_at_the_review_shows_all_that_can_be_done(talk: Talk) -> None:
    fill(talk)
    talk.say("嘛呢嘛呢哄")
    assert {"answer:confirm:confirm", "cmd:edit", "cmd:review"} <= set(talk.buttons.values())


def test_an_answer_that_makes_an_earlier_one_wrong_says_so_at_once(talk: Talk) -> None:
    own = {"subject_kind": "individual", "cert_type": "hk_mo_permit", "cert_number": "H12345678"}
    fill(talk, until="address", subject_name="陈样例", province="广东", **own)
    said = "\n".join(reply.text for result in talk.results for reply in result.replies)
    assert "居住证" in said


def test_what_has_to_be_changed_can_be_changed_by_one_tap(talk: Talk) -> None:
    own = {"subject_kind": "individual", "cert_type": "passport", "cert_number": "X12345678"}
    fill(
        talk,
        until="service_content",
        subject_name="样例人",
        province="北京",
        address="北京市东城区示例胡同1号",
        site_name="清晨读书笔记",
        **own,
    )
    talk.press("answer:service_content:blog")
    assert "edit:service_content" in talk.buttons.values()
    talk.press("edit:service_content")
    assert talk.asking == "service_content"


def test_the_domain_is_found_where_the_sheet_shows_it(talk: Talk) -> None:
    fill(talk)
    talk.press("section:website")
    assert {"edit:domain", "edit:site_name", "edit:server_months_left"} <= set(
        talk.buttons.values()
    )


@pytest.mark.parametrize(
    "name",
    ["keep", "edit", "review", "reveal", "pause", "person", "why", "back", "status", "new_filing"],
)
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_typing_what_stands_on_a_button_does_what_the_button_does(
    talk: Talk, locale: str, name: str
) -> None:
    fill(talk, until="phone")
    talk.press(f"locale:{locale}")
    talk.press("cmd:back")
    talk.say(talk.world.wording.say(f"button.{name}", locale))
    assert talk.replies
    assert all(reply.kind != "error" for reply in talk.replies)
    assert talk.case.attention.failures == 0
