"""A returned filing: reasons read or passed on, answers asked again, things redone, handed in."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from dialogs.message import Identity, ReplyKind
from dialogs.turn.draft import Draft
from filing.event import Event, EventType
from tests.dialogs.talk import Talk, fill

HOUR = timedelta(hours=1)


def happen(talk: Talk, kind: str, **data: str) -> str:
    return talk.happen(Event(EventType(kind), talk.now, MappingProxyType(data)))


def handed_in(talk: Talk, **other: str) -> Talk:
    fill(talk, **other)
    talk.say("确认提交")
    return talk


def reasons(talk: Talk) -> list[str]:
    draft = Draft(talk.case, talk.world, talk.now, lambda: "x")
    return [reason.code for reason in draft.mending.reasons]


def test_pasted_words_are_asked_for_read_back_and_mended_one_by_one(talk: Talk) -> None:
    handed_in(talk)
    assert "原文" in talk.say("被退回了")
    said = talk.say("1. 网站名称过于宽泛；2. 营业执照照片不清晰，请重新上传；3. 通信地址不详细")
    assert "命名要求" in said
    assert "对吗" in said
    assert talk.state["stage"] == "first_review"
    talk.say("对")
    assert talk.state["stage"] == "returned"
    assert talk.asking == "address"
    assert "1/2" in talk.replies[-1].text
    talk.say("江苏省南京市雨花台区软件大道1号3幢502室")
    assert talk.asking == "site_name"
    assert "样例茶业官网" in talk.replies[-1].text
    talk.say("改成 南京样例茶业")
    assert talk.values["site_name"] == "南京样例茶业"
    assert "重新上传" in talk.replies[-1].text
    talk.press("redo:R18:upload_papers")
    assert "answer:confirm:confirm" in talk.buttons.values()
    said = talk.say("确认提交")
    assert "第 2 次提交" in said
    assert "短信核验（做过的也要重做）" in said
    assert talk.state["stage"] == "first_review"


@pytest.mark.parametrize(
    "said",
    ["it says: site name not allowed", "不行，网站名称不合规", "请联系客服，网站名称过于宽泛"],
)
def test_the_words_asked_for_are_taken_whatever_else_they_look_like(talk: Talk, said: str) -> None:
    handed_in(talk)
    talk.say("被退回了")
    assert "命名要求" in talk.say(said)
    talk.say("对")
    assert talk.asking == "site_name"


def test_reasons_told_with_the_return_need_no_second_question(talk: Talk) -> None:
    handed_in(talk)
    assert "命名要求" in talk.say("备案被驳回了，原因是网站名称不合规")
    talk.say("对")
    assert talk.asking == "site_name"


def test_words_nobody_knows_go_to_a_person_and_nothing_is_guessed(talk: Talk) -> None:
    handed_in(talk)
    said = happen(talk, "returned", reason="附件三与附件五的口径需再行会商")
    assert "不乱猜" in said
    assert "附件三与附件五的口径需再行会商" in said
    assert talk.replies[-1].kind is ReplyKind.HANDOVER
    assert talk.state["handover"] == "waiting"
    assert [task.kind for task in talk.results[-1].tasks] == ["return_unread"]
    assert reasons(talk) == []
    assert "确认提交" not in "".join(talk.buttons)
    talk.say("网站名称过于宽泛")
    talk.say("对")
    assert talk.asking == "site_name"


def test_what_is_known_is_mended_while_the_rest_goes_to_a_person(talk: Talk) -> None:
    handed_in(talk)
    said = happen(talk, "returned", reason="网站名称过于宽泛。附件三的口径需再行会商。")
    assert "还有几句我没把握" in said
    assert talk.asking == "site_name"
    assert talk.state["handover"] == "waiting"


def test_a_code_of_staff_needs_no_reading_of_the_words(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "returned", code="R08", reason="附件三的口径需再行会商")
    assert talk.asking == "site_name"
    assert talk.state["handover"] is None


def test_a_doubtful_answer_that_is_right_is_kept_with_one_tap(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "returned", code="R34,R08")
    assert talk.asking == "address"
    before = talk.values["address"]
    talk.press("cmd:forward")
    assert (talk.values["address"], talk.asking) == (before, "site_name")
    talk.say("不用改")
    assert talk.asking == "confirm"


@pytest.mark.parametrize(
    "said", ["就是这个号没错啊", "本来就对的", "不用换", "no change", "没问题"]
)
def test_a_doubtful_answer_is_kept_in_other_words_too(talk: Talk, said: str) -> None:
    handed_in(talk)
    happen(talk, "returned", code="R13")
    talk.say(said)
    assert (talk.asking, talk.values["phone"]) == ("confirm", "13800138000")


def test_what_is_not_understood_still_offers_to_keep_it(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "returned", code="R13")
    talk.say("我昨天没接到电话")
    assert "cmd:forward" in talk.buttons.values()


@pytest.mark.parametrize("said", ["没写原因", "没有", "短信里没说原因", "不知道原因"])
def test_a_return_without_words_is_taken_all_the_same(talk: Talk, said: str) -> None:
    handed_in(talk)
    talk.say("被退回了")
    assert "对吗" in talk.say(said)
    talk.say("对")
    assert talk.state["stage"] == "returned"
    assert "cmd:edit" in talk.buttons.values()


def test_what_is_handed_in_needs_not_be_handed_in_again(talk: Talk) -> None:
    handed_in(talk)
    assert "已经提交过" in talk.say("确认提交")


def test_a_question_on_the_way_loses_nothing(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "returned", code="R08")
    talk.say("网站名称有什么要求？")
    assert talk.asking == "site_name"
    assert talk.replies[-1].step == "site_name"
    talk.say("为什么问这个")
    assert talk.asking == "site_name"


def test_a_new_value_is_checked_like_any_other(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "returned", code="R08")
    talk.say("中国人民网")
    assert talk.asking in ("site_name", "confirm")
    talk.say("确认提交")
    assert talk.state["stage"] == "returned"


def test_what_only_has_to_be_done_is_ticked_off_and_holds_the_filing_back(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "returned", code="R18,R23,R07")
    for _ in range(6):
        if talk.asking == "confirm":
            break
        talk.press("cmd:forward")
    assert "☐ 1." in talk.replies[-1].text
    assert talk.say("确认提交")
    assert talk.state["stage"] == "returned"
    talk.say("照片重新传好了")
    assert "☑ 1." in talk.replies[-1].text
    talk.say("人脸也重新做了")
    talk.press("redo:R07:close_site")
    assert "answer:confirm:confirm" in talk.buttons.values()
    talk.say("确认提交")
    assert talk.state["stage"] == "first_review"


def test_all_of_it_can_be_ticked_off_at_once(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "returned", code="R18,R36")
    talk.say("都弄好了")
    assert "answer:confirm:confirm" in talk.buttons.values()


@pytest.mark.parametrize(
    "stage, events",
    [
        ("first_review", ()),
        ("materials", ("first_review_passed",)),
        ("second_review", ("materials_submitted", "authenticity_passed")),
        ("submitted", ("second_review_passed",)),
        ("sms_verification", ("sms_received",)),
    ],
)
def test_a_filing_may_come_back_from_any_stage(
    talk: Talk, stage: str, events: tuple[str, ...]
) -> None:
    handed_in(talk)
    for kind in events:
        happen(talk, kind)
    assert talk.state["stage"] == stage
    said = happen(talk, "returned", code="R08")
    assert talk.world.wording.say(f"stage.name.{stage}", "zh-CN") in said
    assert ("短信核验要再做一次" in said) is (stage == "sms_verification")
    talk.say("南京样例茶业")
    talk.say("确认提交")
    assert talk.state["stage"] == "first_review"
    assert talk.standing.stage.attempt == 2


def test_a_missed_sms_needs_nothing_but_to_be_handed_in_again(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "sms_received")
    happen(talk, "returned", code="R32")
    assert talk.asking == "confirm"
    assert "answer:confirm:confirm" in talk.buttons.values()


def test_a_second_reason_extends_what_is_to_be_mended(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "returned", code="R08")
    talk.say("南京样例茶业")
    talk.wait(HOUR)
    happen(talk, "returned", code="R34")
    assert reasons(talk) == ["R08", "R34"]
    assert talk.asking == "address"


def test_status_names_the_reasons_again(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "returned", code="R08", reason="名称过于宽泛")
    said = talk.say("进度")
    assert "名称过于宽泛" in said
    assert "命名要求" in said
    assert talk.asking == "site_name"


def test_given_up_and_taken_up_again_the_return_is_still_to_be_mended(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "returned", code="R08")
    talk.say("放弃备案")
    talk.press("yes:withdraw")
    assert talk.state["stage"] == "withdrawn"
    talk.press("cmd:resume")
    assert talk.asking == "site_name"
    talk.say("南京样例茶业")
    talk.say("确认提交")
    assert (talk.state["stage"], talk.standing.stage.attempt) == ("first_review", 2)


def test_withdrawn_under_review_it_is_handed_in_again_after_a_look(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "withdrawn")
    talk.press("cmd:resume")
    assert talk.asking == "confirm"
    talk.say("确认提交")
    assert (talk.state["stage"], talk.standing.stage.attempt) == ("first_review", 2)


def test_in_a_chat_kept_abroad_a_doubtful_number_goes_the_secure_way(talk: Talk) -> None:
    case = handed_in(talk).case
    telegram = Talk(talk.world, talk.now, "telegram")
    telegram.case = replace(case, identity=Identity("telegram", "1"))
    said = happen(telegram, "returned", code="R13")
    assert telegram.asking == "phone"
    assert "敏感" in said
    telegram.say("13800138001")
    assert telegram.results[-1].delete_inbound
    assert telegram.values["phone"] == "13800138000"
