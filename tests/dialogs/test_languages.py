"""A conversation is held in the language of its first sentence, and changes when asked."""

import pytest

from dialogs.understanding.languages import language_of
from tests.dialogs.talk import Talk, fill


@pytest.mark.parametrize(
    "text, locale",
    [
        ("Hi, I'm a foreigner and want a website", "en"),
        ("How long does it take?", "en"),
        ("my domain is janephoto.com", "en"),
        ("我想给公司做备案", "zh-CN"),
        ("你好", None),
        ("hello", None),
        ("Suzhou Tea Culture Co Ltd", None),
        ("House of the Rising Sun Bar", None),
        ("jane@example.com", None),
        ("https://example.com/what/is/this", None),
        ("91320594MA1MYGJ37C", None),
        ("", None),
    ],
)
def test_the_language_of_a_sentence(text: str, locale: str | None) -> None:
    assert language_of(text) == locale


def test_whoever_begins_in_english_is_answered_in_it(talk: Talk) -> None:
    said = talk.say("Hi, I want to register my website")
    assert "filing assistant" in said
    assert "“Chinese”" in said
    assert talk.case.locale == "en"
    assert "接下来用中文" in talk.say("Chinese")


def test_a_greeting_says_nothing_of_the_language(talk: Talk) -> None:
    talk.say("hello")
    assert talk.case.locale == "zh-CN"


def test_english_in_the_middle_is_offered_once(talk: Talk) -> None:
    fill(talk, until="cert_number")
    talk.say("Can I see what you have of me?")
    assert talk.case.locale == "zh-CN"
    assert talk.buttons["English"] == "locale:en"
    talk.say("How long does it take?")
    assert "English" not in talk.buttons
    talk.press("locale:en")
    assert talk.case.locale == "en"


def test_chinese_is_offered_to_who_asks_in_it_and_not_to_who_gives_a_chinese_value(
    talk: Talk,
) -> None:
    talk.say("I want to file my website")
    fill(talk, until="subject_name")
    talk.say("南京示例文化传播有限公司")
    assert "中文" not in talk.buttons
    talk.say("备案大概要多久才能下来")
    assert talk.buttons["中文"] == "locale:zh-CN"
