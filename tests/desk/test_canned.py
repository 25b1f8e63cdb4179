"""Texts that staff send often: filled in from the case, blocked while something is missing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.world import load_world
from desk.canned import VARIABLES, blanks_in, load_canned, read_canned
from desk.facts import facts_of
from dialogs.wording import LOCALES
from dialogs.world import World
from filing.event import Event, EventType
from tests.dialogs.talk import Talk

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(Settings(_env_file=None))


def _own(tmp_path: Path, text: str) -> Path:
    (tmp_path / "canned").mkdir()
    (tmp_path / "canned" / "zh-CN.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_all_texts_can_be_filled_in_every_language() -> None:
    texts = load_canned()
    for locale in LOCALES:
        assert set(texts.names[locale]) == VARIABLES
        for text in texts.of(locale):
            filled = texts.fill(text.id, locale, dict.fromkeys(VARIABLES, "甲"))
            assert filled.missing == ()
            assert not blanks_in(filled.text)


def test_what_the_case_does_not_know_stays_a_named_blank() -> None:
    filled = load_canned().fill("approved", "zh-CN", {"domain": "example.cn"})
    assert filled.missing == ("备案号",)
    assert blanks_in(filled.text) == ("备案号",)
    assert "example.cn" in filled.text


def test_a_value_is_not_read_as_a_template() -> None:
    filled = load_canned().fill("resume_form", "zh-CN", {"domain": "{{ agent }}"})
    assert "{{ agent }}" in filled.text


def test_the_facts_of_a_case_are_the_filings_and_no_persons(world: World) -> None:
    talk = Talk(world, NOW)
    talk.say("你好")
    talk.press("answer:consent_processing:agree")
    talk.press("answer:prerequisites:ready")
    talk.press("answer:subject_kind:individual")
    facts = facts_of(talk.case, talk.standing, NOW, world, "小安")
    assert facts["agent"] == "小安"
    assert facts["question"]
    assert "subject_name" not in facts
    assert set(facts) <= VARIABLES


def test_the_nearest_deadline_is_told_with_the_time_left(world: World) -> None:
    talk = Talk(world, NOW)
    talk.say("你好")
    talk.happen(Event(EventType.SUBMITTED_TO_BUREAU, talk.now))
    talk.happen(Event(EventType.SMS_RECEIVED, talk.now))
    facts = facts_of(talk.case, talk.standing, talk.now + timedelta(hours=3), world, "小安")
    filled = load_canned().fill("sms_expiring", "zh-CN", facts)
    assert filled.missing == ()
    assert "小时" in filled.text


@pytest.mark.parametrize(
    "text, told",
    [
        ('[hello]\ntopic = "a"\ntitle = "b"\ntext = "{{ phone }}"', ":4: hello uses phone"),
        ('[hello]\ntopic = "a"\ntext = "c"', ":1: hello: no title"),
        ('[hello]\ntopic = "a"\ntitle = "b"\ntext = "{{ agent"', ":4: hello: "),
        ('[mine]\ntopic = "a"\ntitle = "b"\ntext = "c"', "en.toml: the text 'mine' is missing"),
        ('[hello]\ntopic = "a"\ntitle = "b"\ntext = "c"', "agent, provider stands in one"),
        ('[variables]\nphone = "电话"', ":2: there is no variable 'phone'"),
        ("nonsense", "not valid TOML"),
    ],
)
def test_an_operators_broken_text_is_told_with_place_and_cure(
    tmp_path: Path, text: str, told: str
) -> None:
    _, problems = read_canned(_own(tmp_path, text))
    assert told in "\n".join(map(str, problems))


def test_an_operators_text_replaces_ours(tmp_path: Path) -> None:
    own = '[one_moment]\ntopic = "问候"\ntitle = "稍等"\ntext = "马上就来。"'
    texts = load_canned(_own(tmp_path, own))
    assert texts.fill("one_moment", "zh-CN", {}).text == "马上就来。"
    assert texts.of("zh-CN")[0].id == "hello"
