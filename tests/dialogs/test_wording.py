"""Saying texts: variables, locales, an operator's own files, consents."""

from hashlib import sha256
from pathlib import Path

import pytest

from dialogs.wording import LOCALES, MissingWording, Wording, WordingError, load_wording

WHO = {"provider": "示例云", "operator": "示例公司", "contact": "beian@example.com"}


@pytest.fixture(scope="module")
def wording() -> Wording:
    return load_wording()


def override(folder: Path, locale: str, name: str, text: str) -> Wording:
    (folder / locale).mkdir(parents=True, exist_ok=True)
    (folder / locale / name).write_text(text, encoding="utf-8")
    return load_wording(folder)


def test_a_text_has_its_variables_filled_in(wording: Wording) -> None:
    said = wording.say("message.progress", "zh-CN", position=7, total=19, section="网站信息")
    assert said == "第 7/19 项 · 网站信息"


def test_a_text_without_variables_comes_back_as_written(wording: Wording) -> None:
    assert wording.say("button.skip", "zh-CN") == "跳过"
    assert wording.say("button.skip", "zh-CN") is wording.say("button.skip", "zh-CN")


def test_each_locale_speaks_its_language(wording: Wording) -> None:
    assert wording.say("button.skip", "en") == "Skip"


def test_markup_in_a_value_stays_as_typed(wording: Wording) -> None:
    said = wording.say("message.example", "en", example="<b>&{{ 1 }}</b>")
    assert said == "Example: <b>&{{ 1 }}</b>"


def test_a_missing_variable_is_refused_by_name(wording: Wording) -> None:
    with pytest.raises(WordingError, match="position"):
        wording.say("message.progress", "zh-CN", total=19, section="")


def test_variables_a_text_does_not_use_are_ignored(wording: Wording) -> None:
    assert wording.say("button.skip", "en", anything=1) == "Skip"


@pytest.mark.parametrize("key", ["message.never_written", "nothing.at_all", "message", ""])
def test_an_unknown_key_is_refused(wording: Wording, key: str) -> None:
    with pytest.raises(MissingWording):
        wording.say(key, "zh-CN")


def test_an_unknown_locale_is_refused(wording: Wording) -> None:
    with pytest.raises(MissingWording):
        wording.say("button.skip", "fr")


def test_a_choice_goes_by_its_label(wording: Wording) -> None:
    label = wording.label("subject_kind", "enterprise", "zh-CN")
    assert label == wording.say("choice.subject_kind.enterprise", "zh-CN")
    assert "企业" in label


def test_a_choice_nobody_named_shows_as_it_is(wording: Wording) -> None:
    assert wording.label("subject_kind", "moon_base", "en") == "moon_base"


def test_an_operator_replaces_single_texts_and_keeps_the_rest(tmp_path: Path) -> None:
    own = override(tmp_path, "zh-CN", "buttons.toml", 'skip = "先不填"\n')
    assert own.say("button.skip", "zh-CN") == "先不填"
    assert own.say("button.back", "zh-CN") == "上一步"
    assert own.say("button.skip", "en") == "Skip"


def test_a_template_of_an_operator_that_is_broken_names_its_key(tmp_path: Path) -> None:
    own = override(tmp_path, "zh-CN", "buttons.toml", 'skip = "{{ oops"\n')
    with pytest.raises(WordingError, match=r"button\.skip"):
        own.say("button.skip", "zh-CN")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", ["processing", "sensitive", "cross_border", "messenger"])
def test_a_consent_comes_with_version_and_hash_of_what_was_read(
    wording: Wording, kind: str, locale: str
) -> None:
    consent = wording.consent(kind, locale, **WHO)
    assert consent.version >= "2026-11-24"
    assert consent.sha256 == sha256(consent.text.encode()).hexdigest()
    assert WHO["contact"] in consent.text


def test_another_operator_makes_another_hash(wording: Wording) -> None:
    ours = wording.consent("processing", "zh-CN", **WHO)
    theirs = wording.consent("processing", "zh-CN", **{**WHO, "operator": "另一家"})
    assert ours.version == theirs.version
    assert ours.sha256 != theirs.sha256


@pytest.mark.parametrize("locale", LOCALES)
def test_the_consent_to_processing_names_all_the_law_asks_for(
    wording: Wording, locale: str
) -> None:
    text = wording.consent("processing", locale, **WHO).text
    wanted = {
        "zh-CN": ("为了什么", "用到什么", "保存多久", "权利", "撤回", "不同意"),
        "en": ("What for", "Which data", "How long", "rights", "withdraw", "decline"),
    }[locale]
    assert all(part in text for part in (*wanted, WHO["operator"], WHO["provider"]))
