"""Deadlines in conversation: done, later, why, the list, quiet hours, dates told in passing."""

from datetime import timedelta
from types import MappingProxyType

import pytest

from filing.event import Event, EventType
from tests.dialogs.talk import Talk, fill

NUMBER = "苏ICP备2026000001号-1"


def happen(talk: Talk, kind: str, **data: str) -> str:
    return talk.happen(Event(EventType(kind), talk.now, MappingProxyType(data)))


@pytest.fixture
def approved(talk: Talk) -> Talk:
    fill(talk)
    talk.say("确认提交")
    happen(talk, "submitted_to_bureau")
    happen(talk, "sms_received")
    happen(talk, "sms_verified", person="principal")
    happen(talk, "bureau_approved", filing_number=NUMBER)
    happen(talk, "website_opened")
    return talk


def open_deadline(talk: Talk, kind: str) -> str:
    [found] = [one for one in talk.state["deadlines"] if one["kind"] == kind and not one["done"]]
    return f"{talk.state['filing']}:{found['id']}"


def is_open(talk: Talk, kind: str) -> bool:
    return any(one["kind"] == kind and not one["done"] for one in talk.state["deadlines"])


def test_done_records_the_event_of_the_stage(approved: Talk) -> None:
    said = approved.press(f"due:done:{open_deadline(approved, 'footer_number')}")
    assert "首页" in said
    assert not is_open(approved, "footer_number")
    assert approved.case.filing is not None
    assert approved.case.filing.events[-1].type is EventType.FOOTER_DISPLAYED
    assert approved.case.filing.events[-1].author == "applicant"


def test_done_twice_says_it_is_settled(approved: Talk) -> None:
    value = f"due:done:{open_deadline(approved, 'footer_number')}"
    approved.press(value)
    assert "不用再提醒" in approved.press(value)


def test_done_by_mistake_runs_again_and_staff_know(approved: Talk) -> None:
    approved.press(f"due:done:{open_deadline(approved, 'footer_number')}")
    assert not is_open(approved, "footer_number")
    approved.say("点错了，还没挂")
    approved.say("对")
    assert is_open(approved, "footer_number")
    assert [task.kind for task in approved.results[-1].tasks] == ["corrected"]


def test_what_only_a_person_can_see_is_checked_by_one(approved: Talk) -> None:
    approved.say("收到整改通知，12月20日前要完成")
    said = approved.press(f"due:done:{open_deadline(approved, 'audit')}")
    assert "请同事确认" in said
    [task] = approved.results[-1].tasks
    assert task.kind == "to_confirm"


def test_a_reminder_is_put_off_but_never_past_its_deadline(approved: Talk) -> None:
    named = open_deadline(approved, "footer_number")  # due today
    approved.press(f"due:later:{named}")
    offered = set(approved.buttons.values())
    assert f"due:snooze:hour:{named}" in offered
    assert not any("tomorrow" in value for value in offered)
    assert "11 月 24 日" in approved.press(f"due:snooze:hours:{named}")
    approved.wait(timedelta(hours=14))
    assert "来不及" in approved.press(f"due:snooze:hours:{named}")


def test_what_two_persons_are_reminded_of_together_is_put_off_together(talk: Talk) -> None:
    fill(talk, site_manager_same="no")
    talk.say("确认提交")
    happen(talk, "submitted_to_bureau")
    happen(talk, "sms_received")
    named = [
        f"{talk.state['filing']}:{one['id']}"
        for one in talk.state["deadlines"]
        if one["kind"] == "sms_verification"
    ]
    talk.press(f"due:snooze:hours:{named[0]}")
    assert talk.case.filing is not None
    snoozed = [
        event.data["what"]
        for event in talk.case.filing.events
        if event.type is EventType.REMINDER_SNOOZED
    ]
    assert sorted(snoozed) == sorted(one.partition(":")[2] for one in named)


def test_why_names_the_rule_with_its_source(approved: Talk) -> None:
    said = approved.press(f"due:why:{open_deadline(approved, 'public_security_filing')}")
    assert "30 天" in said
    assert "依据" in said
    assert approved.replies[-1].citations


def test_the_list_shows_what_runs(approved: Talk) -> None:
    said = approved.say("我的期限")
    assert "公安联网备案" in said
    assert "页脚" in said


@pytest.mark.parametrize(
    "text, hours",
    [
        ("免打扰 23-7", (23, 7)),
        ("晚上别打扰我", (22, 8)),
        ("免打扰 22点到早上9点", (22, 9)),
        ("取消免打扰", (0, 0)),
        ("quiet 23-7", (23, 7)),
    ],
)
def test_quiet_hours_are_the_persons_own(talk: Talk, text: str, hours: tuple[int, int]) -> None:
    talk.say("你好")
    assert talk.say(text)
    assert talk.case.attention.quiet == hours


@pytest.mark.parametrize(
    "text, kind, due",
    [
        ("域名续费到2030年5月1日了", "domain_expiry", "2030-05-01"),
        ("服务器续到 2028-03-02 了", "server_expiry", "2028-03-02"),
        ("营业执照换了新的，有效期到2031-01-01", "certificate_expiry", "2031-01-01"),
        ("收到整改通知，12月20日之前完成", "audit", "2026-12-20"),
        ("打算 2027-06-01 改名", "planned_change", "2027-05-02"),
        ("网站2027年3月1日关停", "closing_down", "2027-03-01"),
        ("已经欠费了", "unpaid_address", "2026-11-27"),
        ("I renewed the domain until 2030-05-01", "domain_expiry", "2030-05-01"),
    ],
)
def test_dates_told_in_passing_start_and_move_deadlines(
    approved: Talk, text: str, kind: str, due: str
) -> None:
    assert approved.say(text)
    found = [one for one in approved.state["deadlines"] if one["kind"] == kind]
    assert due in {one["due_at"][:10] for one in found if not one["done"]}


@pytest.mark.parametrize(
    "text", ["域名怎么续费", "欠费了会怎样？", "服务器到期怎么办", "网站要关停吗"]
)
def test_a_question_is_no_date(approved: Talk, text: str) -> None:
    before = approved.case.filing
    assert approved.say(text)
    assert approved.case.filing is not None and before is not None
    assert approved.case.filing.events == before.events


def test_while_the_form_is_open_a_date_is_an_answer(talk: Talk) -> None:
    fill(talk, until="domain_valid_until")
    talk.say("域名有效期到2030-05-01")
    assert talk.values["domain_valid_until"] == "2030-05-01"
    assert talk.case.filing is not None and not talk.case.filing.events


def test_another_filings_deadline_is_settled_in_that_one(approved: Talk) -> None:
    named = open_deadline(approved, "public_security_filing")
    first = approved.state["filing"]
    approved.press("new_filing")
    assert approved.state["filing"] != first
    approved.press(f"due:done:{named}")
    assert approved.case.filings[first].events[-1].type is EventType.POLICE_FILED
    assert approved.state["filing"] != first


def test_a_button_of_nothing_known_is_answered(approved: Talk) -> None:
    assert "不用再提醒" in approved.press("due:done:nobody:audit:-:2026-01-01")
    assert approved.press("due")
