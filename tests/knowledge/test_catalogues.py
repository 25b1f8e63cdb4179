"""Reasons for returns and kinds of deadlines are complete and consistent."""

import re
from datetime import date

import pytest

from filing.model import Filing
from knowledge.deadlines import Offset, deadline_rules, load_deadlines, parse_offset
from knowledge.provider import load_provider
from knowledge.rejections import REDO, filing_fields, load_rejections
from knowledge.rules_loader import load_rulebook
from knowledge.toml_reader import LOCALES

TODAY = date(2026, 11, 20)


def test_all_thirty_eight_reasons_are_there() -> None:
    assert list(load_rejections()) == [f"R{number:02}" for number in range(1, 39)]


def test_each_reason_says_what_to_do() -> None:
    fields = set(filing_fields())
    for code, rejection in load_rejections().items():
        assert rejection.cause.keys() == rejection.cure.keys() == set(LOCALES), code
        assert rejection.fields or rejection.redo, code
        assert set(rejection.fields) <= fields
        assert set(rejection.redo) <= REDO
        assert rejection.source.title


def test_the_fields_of_a_filing_are_dotted() -> None:
    fields = set(filing_fields())
    assert {"subject.certificate.number", "principal.mobile", "emergency_phone"} <= fields
    assert all(hasattr(Filing(), field.partition(".")[0]) for field in fields)


def test_a_blurred_picture_is_uploaded_again_and_a_late_sms_repeated() -> None:
    rejections = load_rejections()
    assert rejections["R18"].redo == ("upload_papers",)
    assert rejections["R32"].redo == ("sms",)
    assert "website.remark" in rejections["R26"].fields


def test_all_kinds_of_deadlines_are_there() -> None:
    kinds = load_deadlines()
    assert len(kinds) == 25
    for kind in kinds.values():
        assert kind.title.keys() == kind.consequence.keys() == set(LOCALES)
        assert kind.remind
        assert re.fullmatch(r"[a-z_]+", kind.starts)


def test_the_length_of_every_deadline_is_known() -> None:
    rulebook, provider = load_rulebook(), load_provider("qingcloud")
    for kind in load_deadlines().values():
        if kind.rule is not None:
            length = deadline_rules(rulebook, provider).length(kind, TODAY, None, None)
            assert length is not None
            assert length.amount > 0
        elif kind.provider is not None:
            assert getattr(provider, kind.provider)[1] > 0
        else:
            assert kind.length is not None
            assert kind.unit is not None
            assert kind.source is not None


def test_reminders_of_the_sms_come_within_its_day() -> None:
    kind = load_deadlines()["sms_verification"]
    assert kind.starts_else == "submitted_to_bureau"
    hours = [offset.amount for offset in kind.remind]
    assert hours == [0, 2, 6, 12, 20, 23]
    assert max(hours) < load_rulebook().at("sms_window_hours", TODAY).number


@pytest.mark.parametrize(
    "text, offset",
    [
        ("PT2H", Offset(2, "hours")),
        ("P7D", Offset(7, "days")),
        ("-P30D", Offset(-30, "days")),
        ("W5", Offset(5, "working_days")),
        ("5D", None),
        ("P1M", None),
        ("", None),
    ],
)
def test_an_offset_is_read(text: str, offset: Offset | None) -> None:
    assert parse_offset(text) == offset
