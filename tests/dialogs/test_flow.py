"""Flows are checked when they are declared, and old answers are carried into new versions."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dialogs.answers.choices import YesNo
from dialogs.assemble import field_exists
from dialogs.case import MIGRATION, Answer
from dialogs.flow import BrokenFlow, Flow, Step, When
from dialogs.flows.first_filing import FIRST_FILING
from dialogs.journey import basis_of

NOW = datetime(2026, 11, 24, tzinfo=UTC)
YES = YesNo()


def step(key: str, **more: object) -> Step:
    """A yes-or-no question."""
    fields: dict[str, Any] = {"key": key, "ask": YES, "section": "start", **more}
    return Step(**fields)


def test_a_flow_with_the_same_step_twice_is_refused() -> None:
    with pytest.raises(BrokenFlow, match="'a' stands twice"):
        Flow("f", 1, (step("a"), step("a")))


def test_a_flow_that_looks_forward_is_refused() -> None:
    with pytest.raises(BrokenFlow, match="'a' looks at \\['b'\\]"):
        Flow("f", 1, (step("a", when=(When("b", is_in=("yes",)),)), step("b")))


def test_every_step_of_the_first_filing_fills_a_field_there_is() -> None:
    fields = [one.fills for one in FIRST_FILING.steps if one.fills is not None]
    assert [one for one in fields if not field_exists(one)] == []
    assert len(set(fields)) == len(fields), "two steps fill the same field"


def test_the_first_filing_asks_everything_the_interface_names() -> None:
    named = [
        "subject_kind",
        "province",
        "cert_type",
        "cert_number",
        "domain",
        "subject_name",
        "cert_address",
        "address",
        "principal_name",
        "principal_id_type",
        "principal_id_number",
        "phone",
        "office_phone",
        "emergency_phone",
        "email",
        "site_name",
        "service_content",
        "pre_approval",
        "language",
        "ip",
        "site_manager_same",
        "site_manager_name",
        "site_manager_id_number",
        "site_manager_phone",
        "site_manager_email",
        "remark",
    ]
    assert [key for key in named if key not in FIRST_FILING] == []


def test_an_answer_to_a_renamed_step_counts_under_its_new_name() -> None:
    flow = Flow("f", 2, (step("b"),), renamed={2: {"a": "b"}})
    assert flow.carry_over((Answer("a", "yes", NOW),), 1) == (Answer("b", "yes", NOW),)


def test_an_answer_to_a_dropped_step_is_left_out() -> None:
    flow = Flow("f", 2, (step("b"),))
    assert flow.carry_over((Answer("a", "yes", NOW),), 1) == ()


def test_a_new_step_takes_its_default_in_older_conversations_only() -> None:
    flow = Flow("f", 2, (step("a"), step("b")), defaults={2: {"b": "no"}})
    old = (Answer("a", "yes", NOW),)
    assert flow.carry_over(old, 1)[-1] == Answer("b", "no", NOW, author=MIGRATION)
    assert flow.carry_over(old, 2) == old


def test_renaming_a_step_keeps_the_answers_that_rest_on_it() -> None:
    old = Flow("f", 1, (step("a"), step("c", needs=("a",))))
    new = Flow("f", 2, (step("b"), step("c", needs=("b",))), renamed={2: {"a": "b"}})
    assert basis_of(old["c"], {"a": "yes"}) == basis_of(new["c"], {"b": "yes"})
