"""Sensitive answers in others' chats: by form, or typed after a consent, else kept nowhere."""

from dataclasses import replace
from datetime import datetime

import pytest

from dialogs.message import Identity
from dialogs.turn import take_form
from dialogs.world import SHANGHAI, World
from tests.dialogs.talk import Talk, fill

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
CODE, ID, PHONE = "91320114MA1ABCD03G", "11010519491231002X", "13800138000"


def abroad(world: World, *, has_forms: bool) -> Talk:
    """Somebody on Telegram."""
    world = replace(world, has_forms=has_forms)
    return Talk(world, NOW, "telegram")


@pytest.fixture
def with_forms(world: World) -> Talk:
    return abroad(world, has_forms=True)


@pytest.fixture
def without_forms(world: World) -> Talk:
    return abroad(world, has_forms=False)


@pytest.fixture(params=[True, False], ids=["with_forms", "without_forms"])
def telegram(world: World, request: pytest.FixtureRequest) -> Talk:
    return abroad(world, has_forms=request.param)


def is_anywhere(talk: Talk, value: str) -> bool:
    """Whether a value is in the case, in what is recorded as heard, or in what is said."""
    return value in repr(talk.case) or any(
        value in (result.heard or "") or value in repr(result.replies) for result in talk.results
    )


def test_a_form_is_offered_for_the_whole_run_of_sensitive_questions(with_forms: Talk) -> None:
    talk = fill(with_forms, until="phone")
    assert talk.replies[-1].form == ("phone", "office_phone", "emergency_phone", "email")


def test_a_companys_number_goes_by_form_too(with_forms: Talk) -> None:
    talk = fill(with_forms, until="cert_number")
    assert talk.replies[-1].form == ("cert_number",)


@pytest.mark.parametrize(
    "words",
    [CODE, f"代码{CODE}", f"代码{CODE}，域名是example-tea.cn", f"{CODE[:-1]}", f"号码 {PHONE}"],
)
def test_what_is_typed_all_the_same_is_deleted_and_kept_nowhere(telegram: Talk, words: str) -> None:
    talk = fill(telegram, until="cert_number")
    said = talk.say(words)
    assert talk.results[-1].delete_inbound
    assert talk.results[-1].heard is None
    assert "没有保存" in said
    for value in (CODE, CODE[:-1], PHONE):
        assert not is_anywhere(talk, value)
    assert talk.asking == "cert_number"


@pytest.mark.parametrize(
    "words",
    [
        f"我要备案，手机{PHONE}，身份证{ID}",
        f"身份证号{ID[:-1]}，帮我看看",
        f"手机改成{PHONE}",
        f"{PHONE}这个号码可以吗？",
    ],
)
@pytest.mark.parametrize("until", ["consent_processing", "consent_sensitive", "domain"])
def test_at_any_question_numbers_of_people_are_deleted(
    telegram: Talk, until: str, words: str
) -> None:
    talk = fill(telegram, until=until)
    talk.say(words)
    assert talk.results[-1].delete_inbound
    assert not is_anywhere(talk, PHONE)
    assert not is_anywhere(talk, ID[:-1])


def test_a_filing_number_in_a_question_is_not_taken_for_one_of_a_person(telegram: Talk) -> None:
    talk = fill(telegram, until="domain")
    talk.say("苏ICP备2026000001号-1 是什么意思？")
    assert not talk.results[-1].delete_inbound


def test_where_to_go_instead_depends_on_what_there_is(world: World) -> None:
    said = {}
    for has_forms in (True, False):
        talk = fill(abroad(world, has_forms=has_forms), until="cert_number")
        said[has_forms] = talk.say(CODE)
    assert "加密网页里填写" in said[True].splitlines()[0]
    assert "同意" in said[False].splitlines()[0]


def test_without_forms_the_text_stands_with_the_question_and_one_press_agrees(
    without_forms: Talk,
) -> None:
    talk = fill(without_forms, until="cert_number")
    assert "信息出境" in talk.replies[-1].text
    talk.press("cmd:type_here")
    talk.say(CODE)
    assert talk.values["cert_number"] == CODE
    assert not talk.results[-1].delete_inbound
    consent = talk.case.consents[-1]
    assert (consent.kind, consent.granted) == ("cross_border", True)


def test_without_forms_the_consent_can_be_typed(without_forms: Talk) -> None:
    talk = fill(without_forms, until="cert_number")
    talk.say("同意")
    assert talk.case.consents[-1].kind == "cross_border"
    talk.say(CODE)
    assert talk.values["cert_number"] == CODE


def test_the_text_about_abroad_is_shown_once_in_a_row(without_forms: Talk) -> None:
    talk = fill(without_forms, until="cert_number")
    said = talk.say("备案要多久")
    assert "信息出境" not in said
    assert "cmd:type_here" in talk.buttons.values()


def test_with_forms_nobody_agrees_to_a_text_they_have_not_seen(with_forms: Talk) -> None:
    talk = fill(with_forms, until="cert_number")
    said = talk.press("cmd:type_here")
    assert "信息出境" in said
    assert [one.kind for one in talk.case.consents] == ["processing", "sensitive"]
    talk.press("cmd:type_here")
    assert talk.case.consents[-1].kind == "cross_border"
    talk.say(CODE)
    assert talk.values["cert_number"] == CODE


def test_a_refusal_to_type_is_recorded_and_another_way_is_named(telegram: Talk) -> None:
    talk = fill(telegram, until="cert_number")
    talk.press("cmd:type_here") if telegram.world.has_forms else None
    said = talk.press("no:type_here")
    consent = talk.case.consents[-1]
    assert (consent.kind, consent.granted) == ("cross_border", False)
    assert said
    talk.say(CODE)
    assert talk.results[-1].delete_inbound


def test_a_yes_after_something_else_was_pressed_is_not_a_yes_to_abroad(with_forms: Talk) -> None:
    talk = fill(with_forms, until="cert_number")
    talk.press("cmd:type_here")
    talk.press("cmd:why")
    talk.say("好的")
    assert [one.kind for one in talk.case.consents] == ["processing", "sensitive"]


def test_the_agreement_to_type_holds_for_the_questions_after(without_forms: Talk) -> None:
    talk = fill(without_forms, until="cert_number")
    talk.press("cmd:type_here")
    fill(talk, until="phone")
    talk.say(PHONE)
    assert talk.values["phone"] == PHONE


def test_what_comes_by_form_counts_and_is_not_said_again(with_forms: Talk) -> None:
    talk = fill(with_forms, until="cert_number")
    result, wrong = take_form(talk.case, {"cert_number": CODE}, talk.now, talk.world)
    assert not wrong
    assert CODE not in repr(result.replies)
    talk.case = result.case
    assert talk.asking == "domain"


def test_a_form_is_refused_as_a_whole_with_the_reason_of_the_rule(with_forms: Talk) -> None:
    talk = fill(with_forms, until="phone")
    typed = {"phone": PHONE, "emergency_phone": PHONE, "email": "tea@example-mail.cn"}
    result, wrong = take_form(talk.case, typed, talk.now, talk.world)
    assert list(wrong) == ["emergency_phone"]
    assert result.case is talk.case
    assert PHONE not in str(wrong["emergency_phone"].params)


@pytest.mark.parametrize("words", [CODE, f"号码 {PHONE}", f"身份证号{ID[:-1]}，帮我看看"])
@pytest.mark.parametrize("channel", ["wechat", "wecom"])
def test_what_is_typed_in_wechat_is_not_kept_and_its_writer_asked_to_delete_it(
    world: World, channel: str, words: str
) -> None:
    talk = fill(Talk(replace(world, has_forms=True), NOW, channel), until="cert_number")
    assert talk.replies[-1].form == ("cert_number",)
    said = talk.say(words)
    assert "没有保存" in said and "自己删掉" in said
    for value in (CODE, PHONE, ID[:-1]):
        assert not is_anywhere(talk, value)


def test_typing_in_wechat_takes_a_consent_that_speaks_of_no_other_country(world: World) -> None:
    talk = fill(Talk(replace(world, has_forms=False), NOW, "wechat"), until="cert_number")
    asked = talk.replies[-1].text
    assert "腾讯" in asked and "境内" in asked
    assert not any(word in asked for word in ("Telegram", "出境", "境外"))
    talk.press("cmd:type_here")
    talk.say(CODE)
    assert talk.values["cert_number"] == CODE
    consent = talk.case.consents[-1]
    assert (consent.kind, consent.granted, consent.channel) == ("messenger", True, "wechat")


def test_a_consent_to_type_holds_for_its_channel_alone(world: World) -> None:
    talk = fill(Talk(replace(world, has_forms=False), NOW, "wechat"), until="cert_number")
    talk.press("cmd:type_here")
    linked = replace(talk.case, linked=(Identity("telegram", "7"),))
    moved = Talk(talk.world, NOW, "telegram")
    moved.case = linked.seen_from(Identity("telegram", "7"))
    moved.say(CODE)
    assert moved.results[-1].delete_inbound
    assert not is_anywhere(moved, CODE)


def test_an_operator_may_let_people_type_in_wechat(world: World) -> None:
    allowing = replace(world, has_forms=True, cautious_channels=frozenset({"telegram"}))
    talk = fill(Talk(allowing, NOW, "wechat"), until="cert_number")
    talk.say(CODE)
    assert talk.values["cert_number"] == CODE


def test_on_the_web_nothing_is_deleted(talk: Talk) -> None:
    fill(talk, until="cert_number")
    talk.say(CODE)
    assert not talk.results[-1].delete_inbound
    assert talk.values["cert_number"] == CODE
