"""Applicants report what happens: taken at once, read back where it matters, refused kindly."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from dialogs.case import Attention
from dialogs.message import ReplyKind
from dialogs.turn.draft import Draft
from dialogs.turn.stages import event_words, next_events
from dialogs.understanding.reports import read_reports
from dialogs.world import World, day_of
from filing.event import Event, EventType, Stage
from storage.codec import dump_attention, load_attention
from tests.dialogs.talk import Talk, fill

NUMBER = "苏ICP备2026000001号-1"
POLICE = "苏公网安备32010002000001号"
DAY = timedelta(days=1)


SMOOTH = (
    ("first_review_passed", ""),
    ("materials_submitted", ""),
    ("authenticity_passed", ""),
    ("second_review_passed", ""),
    ("sms_received", ""),
    ("sms_verified", "principal"),
    ("sms_verified", "site_manager"),
    ("bureau_approved", ""),
)
REACHED = {
    Stage.FIRST_REVIEW: 0,
    Stage.MATERIALS: 1,
    Stage.SECOND_REVIEW: 3,
    Stage.SUBMITTED: 4,
    Stage.SMS_VERIFICATION: 5,
    Stage.BUREAU_REVIEW: 7,
    Stage.APPROVED: 8,
}


def happen(talk: Talk, *kinds: str, **data: str) -> None:
    for kind in kinds:
        talk.happen(Event(EventType(kind), talk.now, MappingProxyType(data)))


def handed_in(talk: Talk, **other: str) -> Talk:
    fill(talk, **other)
    talk.say("确认提交")
    return talk


def at_sms(talk: Talk, **other: str) -> Talk:
    happen(handed_in(talk, **other), "first_review_passed", "submitted_to_bureau", "sms_received")
    return talk


def at_bureau(talk: Talk) -> Talk:
    happen(at_sms(talk), "sms_verified", person="principal")
    assert talk.state["stage"] == "bureau_review"
    return talk


def approved(talk: Talk) -> Talk:
    happen(at_bureau(talk), "bureau_approved", filing_number=NUMBER)
    return talk


def kinds(talk: Talk) -> list[str]:
    assert talk.case.filing is not None
    return [event.type.value for event in talk.case.filing.events]


def test_a_filing_is_reported_through_by_its_applicant_alone(talk: Talk) -> None:
    handed_in(talk, site_manager_same="no")
    for said, stage in (
        ("初审过了", "materials"),
        ("材料都传了", "materials"),
        ("人脸做完了", "second_review"),
        ("复审通过啦", "submitted"),
        ("交到管局了", "submitted"),
        ("收到短信了", "sms_verification"),
        ("法人验证好了", "sms_verification"),
        ("网站负责人那个也弄完了", "bureau_review"),
    ):
        talk.wait(timedelta(hours=1))
        talk.say(said)
        assert talk.state["stage"] == stage, said
    assert NUMBER in talk.say(f"通过了，备案号是{NUMBER}")
    assert talk.state["stage"] == "bureau_review"
    talk.say("对")
    assert (talk.state["stage"], talk.state["filing_number"]) == ("approved", NUMBER)
    talk.wait(3 * DAY)
    talk.say("网站昨天开通了")
    talk.say("对")
    for said in ("备案号挂好了", f"公安备案下来了 {POLICE}", "公安图标也挂上了"):
        talk.say(said)
    assert kinds(talk)[-4:] == [
        "website_opened",
        "footer_displayed",
        "police_filed",
        "police_number_displayed",
    ]
    filing = talk.case.filing
    assert filing is not None
    assert all(event.author == "applicant" for event in filing.events[1:])


def test_the_same_goes_by_button_alone(talk: Talk) -> None:
    handed_in(talk, site_manager_same="no")
    for _ in range(12):
        talk.say("进度")
        buttons = [value for value in talk.buttons.values() if value.startswith("event:")]
        if talk.state["stage"] == "approved":
            break
        talk.press(buttons[0])
        if "yes:report" in talk.buttons.values():
            talk.press("yes:report")
    assert talk.state["stage"] == "approved"
    assert "bureau_approved" in kinds(talk)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("stage", [one for one in Stage if not one.editable])
def test_what_a_button_says_can_be_typed(
    world: World, talk: Talk, stage: Stage, locale: str
) -> None:
    """The label of every report's button is read as that report."""
    handed_in(talk, site_manager_same="no")
    for reached, whose in SMOOTH[: REACHED[stage]]:
        happen(talk, reached, **({"person": whose} if whose else {}))
    assert talk.state["stage"] == stage
    case = replace(talk.case, locale=locale)
    draft = Draft(case, world, talk.now, lambda: "x")
    offered = next_events(draft)
    assert offered
    for kind, person in offered:
        label = event_words(draft, kind, person)
        told = read_reports(label, stage, talk.now)
        assert [one.type for one in told] == [kind], label
        assert person in (None, *(one.who for one in told)), label


# --- reading back ------------------------------------------------------------------------------


def test_a_time_in_the_past_is_read_back_and_counts_from_there(talk: Talk) -> None:
    happen(handed_in(talk), "first_review_passed", "submitted_to_bureau")
    talk.wait(DAY)
    assert "11月24日周二 15:00" in talk.say("昨天下午3点收到短信的")
    assert "sms_received" not in kinds(talk)
    talk.say("对")
    received = talk.standing.stage.when(EventType.SMS_RECEIVED)
    assert received is not None
    assert f"{received:%m-%d %H:%M}" == "11-24 15:00"


def test_a_vague_time_counts_from_its_earliest_moment(talk: Talk) -> None:
    happen(handed_in(talk), "first_review_passed", "submitted_to_bureau")
    talk.wait(DAY)
    talk.say("昨天晚上收到短信了")
    talk.say("对")
    received = talk.standing.stage.when(EventType.SMS_RECEIVED)
    assert received is not None
    assert f"{received:%m-%d %H:%M}" == "11-24 18:00"


def test_another_time_puts_right_what_is_read_back(talk: Talk) -> None:
    happen(handed_in(talk), "first_review_passed", "submitted_to_bureau")
    talk.wait(DAY)
    talk.say("昨天收到短信了")
    assert "11月24日周二 20:30" in talk.say("是昨晚八点半")
    talk.say("对")
    received = talk.standing.stage.when(EventType.SMS_RECEIVED)
    assert received is not None
    assert f"{received:%H:%M}" == "20:30"


def test_a_no_leaves_everything_as_it_was(talk: Talk) -> None:
    at_bureau(talk)
    talk.say(f"通过了 {NUMBER}")
    assert "没有记" in talk.say("不对")
    assert talk.state["stage"] == "bureau_review"
    assert talk.say("对")
    assert talk.state["stage"] == "bureau_review"


def test_what_is_read_back_survives_a_question_and_another_report(talk: Talk) -> None:
    approved(talk)
    talk.wait(2 * DAY)
    talk.say("网站昨天开通了")
    assert "yes:report" in (talk.say("公安备案要几天"), talk.buttons.values())[1]
    talk.say("备案号挂好了")
    assert "footer_displayed" in kinds(talk)
    assert "yes:report" in talk.buttons.values()
    talk.press("yes:report")
    assert "website_opened" in kinds(talk)


def test_what_rests_on_something_read_back_is_read_back_with_it(talk: Talk) -> None:
    at_sms(talk)
    talk.say(f"备案下来了 {NUMBER}")
    told = talk.say(f"公安备案也做好了 号码是{POLICE}")
    assert POLICE in told
    assert NUMBER in told
    talk.press("yes:report")
    assert talk.case.filing is not None
    assert talk.case.filing.events[-1].data["police_number"] == POLICE


def test_a_leap_over_what_is_waited_for_is_read_back(talk: Talk) -> None:
    handed_in(talk)
    assert "对吗" in talk.say("收到短信了")
    assert talk.state["stage"] == "first_review"
    talk.say("对")
    assert talk.state["stage"] == "sms_verification"


def test_a_plan_of_opening_is_kept_with_its_day_and_can_be_put_off(talk: Talk) -> None:
    approved(talk)
    talk.say("网站计划12月1日上线")
    talk.say("对")
    opened = talk.standing.stage.when(EventType.WEBSITE_OPENED)
    assert opened is not None
    assert day_of(opened).isoformat() == "2026-12-01"
    talk.say("网站改到12月8日开通")
    talk.say("对")
    opened = talk.standing.stage.when(EventType.WEBSITE_OPENED)
    assert opened is not None
    assert day_of(opened).isoformat() == "2026-12-08"


def test_a_day_alone_answers_when_the_website_opens(talk: Talk) -> None:
    assert "哪天开通" in (approved(talk), talk.say("进度"))[1]
    assert "12月1日" in talk.say("12月1号")
    talk.say("对")
    assert talk.standing.stage.when(EventType.WEBSITE_OPENED) is not None


def test_the_number_may_follow_the_approval(talk: Talk) -> None:
    at_bureau(talk)
    talk.say("备案下来了")
    talk.say("对")
    assert talk.state["filing_number"] is None
    talk.say(NUMBER)
    talk.say("对")
    assert talk.state["filing_number"] == NUMBER


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["管局审核通过了", "网站开通了", "公安备案通过了"])
def test_what_cannot_be_yet_is_refused_with_what_is_waited_for(talk: Talk, said: str) -> None:
    handed_in(talk)
    told = talk.say(said)
    assert "现在还记不了" in told
    assert "初审中" in told
    assert any(one.startswith("event:first_review_passed:") for one in talk.buttons.values())
    assert talk.state["stage"] == "first_review"


def test_what_is_known_is_said_to_be(talk: Talk) -> None:
    happen(handed_in(talk), "first_review_passed")
    assert "已经记过" in talk.say("初审过了")


def test_what_is_yet_to_come_is_refused(talk: Talk) -> None:
    handed_in(talk)
    assert "还没到" in talk.say("初审明天通过了")
    assert talk.state["stage"] == "first_review"


def test_a_time_before_the_filing_is_refused(talk: Talk) -> None:
    handed_in(talk)
    assert "太早" in talk.say("初审上周三就过了")


@pytest.mark.parametrize("said", ["初审过了", "收到短信了", "材料传好了"])
def test_a_draft_is_not_under_review(talk: Talk, said: str) -> None:
    fill(talk, until="confirm")
    assert "还没有提交" in talk.say(said)
    assert talk.state["stage"] == "draft"


@pytest.mark.parametrize(
    "said",
    [
        *("初审过了吗", "还没通过", "初审还没过", "有结果了吗", "审核通过没有", "管局批了？"),
        *("通过了没啊", "多久能好", "did it pass", "I think they rejected it?", "any news?"),
    ],
)
def test_a_question_or_a_not_yet_is_answered_with_the_stage(talk: Talk, said: str) -> None:
    handed_in(talk)
    assert "正在初审" in talk.say(said)
    assert talk.state["stage"] == "first_review"


def test_done_of_several_things_asks_which(talk: Talk) -> None:
    happen(handed_in(talk), "first_review_passed")
    assert "哪一件" in talk.say("弄好了")
    talk.press("event:materials_submitted")
    talk.say("搞定了")
    assert talk.state["stage"] == "second_review"


def test_several_events_in_one_message_are_told_once(talk: Talk) -> None:
    happen(handed_in(talk), "first_review_passed")
    said = talk.say("资料传了，人脸也做了")
    assert talk.state["stage"] == "second_review"
    assert len(talk.replies) == 1
    assert "资料已上传" in said
    assert "真实性核验通过" in said


def test_a_button_of_another_filing_records_nothing_on_this_one(talk: Talk) -> None:
    handed_in(talk)
    talk.say("进度")
    button = next(one for one in talk.buttons.values() if one.startswith("event:first_review"))
    first = talk.case.active
    talk.say("新开一份备案")
    assert "另一份备案" in talk.press(button)
    talk.press(f"filing:{first}")
    talk.press(button)
    assert talk.state["stage"] == "materials"


def test_an_old_or_made_up_button_does_no_harm(talk: Talk) -> None:
    talk.say("你好")
    for value in ("event:", "event:nonsense", "event:returned:none", "redo:R99:x", "sms:"):
        assert talk.press(value)
    talk.press("no:report")  # nothing was returned: nothing is filed yet
    approved(talk)
    for value in ("event:first_review_passed", "event:sms_verified:nobody", "event:sms_verified"):
        assert talk.press(value)
    assert talk.state["stage"] == "approved"


# --- saying what comes next --------------------------------------------------------------------


def test_each_stage_says_dates_who_does_it_and_what_not_to_do(talk: Talk) -> None:
    handed_in(talk)
    said = talk.say("进度")
    assert "11月25日周三到 11月26日周四" in said
    assert "域名不要能打开网站" in said
    happen(talk, "first_review_passed", "materials_submitted", "authenticity_passed")
    assert "复审" in talk.say("进度")


def test_dates_leave_out_holidays_and_a_span_that_is_over_says_so(talk: Talk) -> None:
    talk.now = talk.now.replace(month=9, day=29)
    handed_in(talk, domain_verified_on="2026-09-01")
    assert "9月30日周三到 10月8日周四" in talk.say("进度")
    talk.wait(20 * DAY)
    assert "按说" in talk.say("进度")


def test_a_year_without_a_calendar_is_told(talk: Talk) -> None:
    talk.now = talk.now.replace(year=2035, month=12, day=27)
    dates = {
        "domain_verified_on": "2035-10-01",
        "domain_valid_until": "2039-01-01",
        "principal_id_valid_until": "2045-06-01",
    }
    happen(handed_in(talk, **dates), "sms_received")
    happen(talk, "sms_verified", person="principal")
    assert "放假安排还没公布" in talk.say("进度")


def test_replies_are_notices_short_enough_for_a_phone(talk: Talk) -> None:
    at_sms(talk, site_manager_same="no")
    talk.say("进度")
    (reply,) = talk.replies
    assert reply.kind is ReplyKind.NOTICE
    assert len(reply.text) <= 420


def test_events_read_back_are_kept_with_the_attention(talk: Talk) -> None:
    at_bureau(talk)
    talk.wait(2 * DAY)
    talk.say(f"昨天通过了 {NUMBER}")
    attention: Attention = talk.case.attention
    assert attention.reports
    assert load_attention(dump_attention(attention)) == attention


@pytest.mark.parametrize(
    "first, then",
    [
        ("主体负责人好了", "网站负责人也好了"),
        ("老板的弄好了", "他也好了"),
        ("The boss is done", "the site manager is done too"),
    ],
)
def test_that_a_person_is_done_means_they_verified(talk: Talk, first: str, then: str) -> None:
    at_sms(talk, site_manager_same="no")
    talk.say(first)
    assert talk.state["stage"] == "sms_verification"
    talk.say(then)
    assert talk.state["stage"] == "bureau_review"


def test_a_person_done_after_the_sms_is_no_approval(talk: Talk) -> None:
    at_sms(talk)
    talk.say("我的验完了")
    said = talk.say("网站负责人也好了")
    assert talk.state["stage"] == "bureau_review"
    assert "管局审核通过了，时间" not in said
