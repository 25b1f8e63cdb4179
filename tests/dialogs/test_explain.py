"""The line of JSON behind ``beian understand`` keeps its promised form."""

from datetime import date, timedelta

import pytest

from dialogs.explain import UnreadableLine, explain, listed
from dialogs.flows.first_filing import FIRST_FILING
from dialogs.understanding import Intent
from dialogs.wording import load_wording

TODAY = date(2026, 11, 24)
LISTED = {
    *("answer", "faq", "correct", "back", "skip", "cancel", "pause", "resume", "handover", "help"),
    *("confirm", "deny", "restart", "status", "smalltalk", "unknown"),
}


def test_a_value_comes_back_under_its_step() -> None:
    line = {"id": "1", "context": "domain", "say": "www.Example.cn"}
    assert explain(FIRST_FILING, line, today=TODAY) == {
        "id": "1",
        "values": {"domain": "example.cn"},
        "intent": "answer",
        "invalid": None,
    }


def test_a_slip_is_worded_where_wording_is_at_hand() -> None:
    line = {"id": "2", "context": "phone", "say": "1380013800"}
    invalid = explain(FIRST_FILING, line, today=TODAY, wording=load_wording())["invalid"]
    assert invalid["field"] == "phone"
    assert invalid["code"] == "phone.mobile_length"
    assert invalid["message"]
    assert "1380013800" not in invalid["message"]


def test_what_was_given_before_is_looked_at() -> None:
    line = {"context": "any", "say": "域名 example.com", "state": {"domain": "example.cn"}}
    assert explain(FIRST_FILING, line, today=TODAY)["intent"] == "correct"


def test_what_is_reported_at_a_stage_is_shown_with_who_and_when() -> None:
    line = {"id": "3", "say": "法人昨天下午3点收到短信了", "stage": "submitted"}
    (told,) = explain(FIRST_FILING, line, today=TODAY)["events"]
    assert (told["type"], told["who"]) == ("sms_received", "principal")
    assert told["at"] == f"{TODAY - timedelta(days=1)}T15:00:00+08:00"
    assert "events" not in explain(FIRST_FILING, {"say": "收到短信了"}, today=TODAY)


def test_every_intent_has_a_listed_name() -> None:
    assert {listed(intent) for intent in Intent} == LISTED


@pytest.mark.parametrize(
    "line",
    [
        {"context": "domain"},
        {"context": "domain", "say": 5},
        {"context": "no_such_step", "say": "x"},
        {"context": ["domain"], "say": "x"},
        {"context": "any", "say": "x", "state": ["domain"]},
        {"context": "any", "say": "x", "stage": "nowhere"},
    ],
)
def test_an_unreadable_line_is_refused_with_what_to_change(line: dict[str, object]) -> None:
    with pytest.raises(UnreadableLine, match=r"must be"):
        explain(FIRST_FILING, line, today=TODAY)
