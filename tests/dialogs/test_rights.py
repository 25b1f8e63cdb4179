"""A copy, deletion with a day to think it over, and consents taken back, as people say it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dialogs.message import Identity
from dialogs.turn import farewell, staff
from dialogs.turn.rights import THINKING
from dialogs.world import SHANGHAI, World
from filing.event import Event, EventType
from tests.dialogs.talk import LI, Talk, fill

CODE = "91320114MA1ABCD03G"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)


def ordered(talk: Talk) -> Talk:
    """All of it is to go."""
    talk.say("删除我的所有资料")
    talk.press("yes:erase")
    return talk


def test_it_is_said_what_goes_and_what_stays_before_anything_is_done(talk: Talk) -> None:
    fill(talk, until="phone")
    said = talk.say("/delete")
    for word in ("聊天记录", "审计记录", "30 天", "24 小时", "保留", "放弃备案", "清空重填"):
        assert word in said
    assert "照常继续" not in said
    assert talk.case.erasing is None
    assert list(talk.buttons.values()) == ["yes:erase", "no:erase", "cmd:my_data"]


def test_whose_filing_is_under_review_hears_that_it_goes_on_there(talk: Talk) -> None:
    fill(talk)
    talk.happen(Event(EventType.FIRST_REVIEW_PASSED, talk.now, {}))
    assert "照常继续" in talk.say("删除我的所有资料")


def test_a_no_keeps_everything_and_the_open_question_is_put_again(talk: Talk) -> None:
    fill(talk, until="domain")
    talk.say("删除我的所有资料")
    assert "都在" in talk.press("no:erase")
    assert talk.case.erasing is None
    assert talk.replies[-1].step == "domain"


@pytest.mark.parametrize("sure", ["确认删除", "全部删除"])
def test_a_yes_may_be_typed(talk: Talk, sure: str) -> None:
    fill(talk, until="domain")
    talk.say("删除我的所有资料")
    talk.say(sure)
    assert talk.case.erasing is not None


def test_an_old_button_deletes_nothing(talk: Talk) -> None:
    fill(talk, until="domain")
    talk.say("删除我的所有资料")
    talk.say("备案要多久")
    talk.press("yes:erase")
    assert talk.case.erasing is None


def test_for_a_day_one_word_takes_it_back(talk: Talk) -> None:
    fill(talk, until="domain")
    before = talk.values
    ordered(talk)
    assert talk.case.erasing is not None and talk.case.is_at_rest
    assert talk.case.erasing.due_at - talk.now < THINKING
    talk.wait(timedelta(hours=23))
    assert "不删了" in talk.say("保留")
    assert talk.case.erasing is None
    assert talk.values == before
    assert talk.replies[-1].step == "domain"


def test_meanwhile_nothing_new_is_taken_down(talk: Talk) -> None:
    fill(talk, until="domain")
    ordered(talk)
    before = talk.case.filings
    said = talk.say("域名是example-tea.cn")
    assert "保留" in said and "cmd:keep_all" in talk.buttons.values()
    talk.press("answer:server_location:mainland")
    assert talk.case.filings == before


def test_meanwhile_a_copy_can_still_be_had(talk: Talk) -> None:
    fill(talk, until="domain")
    ordered(talk)
    talk.say("我要我的数据")
    assert talk.replies[-1].files[0].is_copy


def test_numbers_typed_meanwhile_are_kept_nowhere_on_telegram(world: World) -> None:
    talk = fill(Talk(replace(world, has_forms=True), NOW, "telegram"), until="cert_number")
    ordered(talk)
    talk.say(f"代码{CODE}")
    assert talk.results[-1].delete_inbound and talk.results[-1].heard is None


def test_a_colleague_who_has_the_conversation_keeps_nobody_from_it(talk: Talk) -> None:
    fill(talk, until="domain")
    talk.act(staff.join, LI)
    assert talk.say("你好") == ""
    ordered(talk)
    assert talk.case.erasing is not None and talk.case.hold is not None
    assert talk.say("小李在吗") == ""  # it is for the colleague
    assert "不删了" in talk.say("保留")


def test_the_person_is_told_on_their_other_channels(talk: Talk) -> None:
    fill(talk, until="domain")
    other = Identity("telegram", "7")
    talk.case = replace(talk.case, linked=(other,))
    ordered(talk)
    [(whom, said)] = talk.results[-1].elsewhere
    assert whom == other and "保留" in said.text


def test_the_last_words_come_when_the_day_is_over_and_then_nothing_stops_it(talk: Talk) -> None:
    fill(talk, until="domain")
    assert farewell(talk.case, talk.now, talk.world) is None
    ordered(talk)
    assert farewell(talk.case, talk.now, talk.world) is None
    talk.wait(THINKING)
    result = farewell(talk.case, talk.now, talk.world)
    assert result is not None and "全部删除" in result.replies[0].text
    talk.case = result.case
    assert farewell(talk.case, talk.now, talk.world) is None
    assert "撤不回来" in talk.say("保留")
    assert talk.case.erasing is not None


def test_whoever_has_given_nothing_has_nothing_deleted(talk: Talk) -> None:
    assert "没有保存" in talk.say("/delete")
    assert talk.case.erasing is None


def test_consents_are_taken_back_by_one_command_and_given_again_by_one_tap(talk: Talk) -> None:
    fill(talk, until="domain")
    before = talk.values
    said = talk.say("撤回同意")
    assert "撤回" in said and "cmd:delete_all" in talk.buttons.values()
    last = {one.kind: one.granted for one in talk.case.consents}
    assert last == {"processing": False, "sensitive": False}
    assert talk.case.is_at_rest
    assert "cert_number" not in talk.values
    talk.press("answer:consent_processing:agree")
    assert not talk.case.is_at_rest
    talk.press("answer:consent_sensitive:agree")
    assert talk.values.items() >= before.items()


def test_of_a_filing_under_review_the_answers_stay_though_consent_is_taken_back(talk: Talk) -> None:
    fill(talk)
    talk.happen(Event(EventType.FIRST_REVIEW_PASSED, talk.now, {}))
    before = talk.values
    said = talk.say("撤回同意")
    assert "照常继续" in said and talk.values == before and talk.case.is_at_rest


def test_whoever_agreed_to_nothing_has_nothing_to_take_back(talk: Talk) -> None:
    talk.say("你好")
    assert "没有同意过" in talk.say("撤回同意")
