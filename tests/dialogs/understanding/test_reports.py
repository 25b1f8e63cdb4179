"""What applicants say has happened is read as they meant it, with who and when."""

from datetime import datetime
from pathlib import Path

import pytest

from dialogs.understanding.evaluate import Score, load
from dialogs.understanding.evaluate_reports import AT, evaluate_reports
from dialogs.understanding.reports import read_reports
from dialogs.understanding.when_said import SHANGHAI, said_when
from filing.event import EventType, Stage

FILES = sorted((Path(__file__).parents[2] / "utterances" / "reports").glob("*.jsonl"))
UTTERANCES = [utterance for path in FILES for utterance in load(path)]
NUMBER = "苏ICP备2026000001号-1"


def test_collected_reports_are_read_right() -> None:
    score = evaluate_reports(UTTERANCES)
    print(score, *score.misses, sep="\n  ")
    assert score.rate >= 0.98


def test_there_are_enough_reports_of_every_kind_and_no_id_stands_twice() -> None:
    ids = [utterance["id"] for utterance in UTTERANCES]
    assert len(set(ids)) == len(ids) >= 400
    told = {one["type"] for utterance in UTTERANCES for one in utterance["events"]}
    unsaid = {"submitted_for_first_review", "withdrawn", "remedied", "corrected"}
    beside = {"date_told", "duty_done", "reminder_snoozed"}
    assert told - {None} == {str(kind) for kind in EventType} - unsaid - beside
    assert sum(not utterance["events"] for utterance in UTTERANCES) >= 100


@pytest.mark.parametrize(
    "expected",
    [
        {"events": []},
        {"events": [{"type": "sms_received", "who": "both"}]},
        {"events": [{"type": "sms_received", "at": "2026-11-24"}]},
        {"events": [{"type": "sms_verified"}]},
    ],
)
def test_a_wrong_reading_counts_against_the_score(expected: dict[str, object]) -> None:
    said = {"id": "x", "stage": "submitted", "say": "法人昨天收到短信了", **expected}
    assert evaluate_reports([said]) == Score(1, evaluate_reports([said]).misses)
    assert evaluate_reports([said]).rate == 0.0


@pytest.mark.parametrize(
    "said, earliest, latest",
    [
        ("刚刚", "11-24T10:00", "11-24T10:00"),
        ("今天", "11-24T00:00", "11-25T00:00"),
        ("昨天", "11-23T00:00", "11-24T00:00"),
        ("昨天下午", "11-23T12:00", "11-23T18:00"),
        ("昨天下午3点半", "11-23T15:30", "11-23T15:30"),
        ("昨晚8点", "11-23T20:00", "11-23T20:00"),
        ("前天上午", "11-22T08:00", "11-22T12:00"),
        ("3天前", "11-21T00:00", "11-22T00:00"),
        ("两个半小时前", "11-24T07:30", "11-24T07:30"),
        ("半小时前", "11-24T09:30", "11-24T09:30"),
        ("十分钟前", "11-24T09:50", "11-24T09:50"),
        ("上周五", "11-20T00:00", "11-21T00:00"),
        ("周一", "11-23T00:00", "11-24T00:00"),
        ("11月20号", "11-20T00:00", "11-21T00:00"),
        ("20号", "11-20T00:00", "11-21T00:00"),
        ("11.20", "11-20T00:00", "11-21T00:00"),
        ("下个月1号", "12-01T00:00", "12-02T00:00"),
        ("明天", "11-25T00:00", "11-26T00:00"),
        ("下午两点", "11-23T14:00", "11-23T14:00"),  # told at ten: the afternoon before
        ("中午", "11-24T11:00", "11-24T14:00"),
        ("yesterday at 3pm", "11-23T15:00", "11-23T15:00"),
        ("2 hours ago", "11-24T08:00", "11-24T08:00"),
        ("last friday", "11-20T00:00", "11-21T00:00"),
        ("on nov 20", "11-20T00:00", "11-21T00:00"),
        ("20 november", "11-20T00:00", "11-21T00:00"),
        ("at noon", "11-23T12:00", "11-23T12:00"),
        ("this morning", "11-24T08:00", "11-24T12:00"),
    ],
)
def test_a_time_is_read_as_it_is_said(said: str, earliest: str, latest: str) -> None:
    when = said_when(said, AT)
    assert when is not None
    assert f"{when.earliest:%m-%dT%H:%M}" == earliest
    assert f"{when.latest:%m-%dT%H:%M}" == latest


@pytest.mark.parametrize("said", ["", "备案", "31点收到", "二月三十号吧", "没有时间"])
def test_what_names_no_time_is_none(said: str) -> None:
    when = said_when(said, AT)
    assert when is None or when.earliest.year in (2026, 2027)


def test_a_day_at_the_turn_of_the_year_is_the_nearest_one() -> None:
    new_year = datetime(2027, 1, 2, 9, 0, tzinfo=SHANGHAI)
    when = said_when("12月30日", new_year)
    assert when is not None
    assert when.earliest.year == 2026


def test_digits_of_a_filing_number_are_no_date() -> None:
    (told,) = read_reports("备案号 苏ICP备20261120号-1", Stage.BUREAU_REVIEW, AT)
    assert told.filing_number == "苏ICP备20261120号-1"
    assert told.when is None


@pytest.mark.parametrize(
    "said, reason",
    [
        ("被退回了，原因是：网站名称不合规", "网站名称不合规"),
        ("管局驳回：域名未实名。法人电话打不通", "域名未实名。法人电话打不通"),
        ("被退回了", None),
        ("it was returned because the photo is blurred", "the photo is blurred"),
    ],
)
def test_the_reviewers_words_are_taken_from_what_is_told(said: str, reason: str | None) -> None:
    (told,) = read_reports(said, Stage.BUREAU_REVIEW, AT)
    assert told.type is EventType.RETURNED
    assert told.reason == reason


@pytest.mark.parametrize(
    "said", ["", "🎉", "　", "。" * 300, "收到" * 2000, "\u200b收到\u200b短信了"]
)
def test_any_text_is_read_without_harm(said: str) -> None:
    for stage in Stage:
        read_reports(said, stage, AT)
