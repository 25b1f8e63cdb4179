"""Rules are said in the reader's language."""

from dataclasses import replace
from datetime import date

import pytest

from filing.provinces import PROVINCES
from filing.rulebook import Rulebook
from knowledge.remarks import load_remarks, remarks_of
from knowledge.rule_wording import Unsayable, load_statements
from knowledge.rules_loader import load_rulebook
from knowledge.toml_reader import LOCALES

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.mark.parametrize(
    "key, province, subject, chinese, english",
    [
        (
            "min_age_years",
            "江苏",
            "individual",
            "江苏，个人：须年满 16 周岁。",
            "Jiangsu, individuals: The minimum age is 16.",
        ),
        (
            "phone_number_area_rule",
            "河北",
            None,
            "河北：手机号归属地须为：河北、北京、天津。",
            "Hebei: The mobile number must belong to: Hebei, Beijing, Tianjin.",
        ),
        (
            "footer_copyright_required",
            "江苏",
            None,
            "江苏：页脚须写“版权所有”，署主办单位全称。",
            "Jiangsu: The footer must say 版权所有 with the subject's full name.",
        ),
        (
            "bureau_review_working_days",
            None,
            None,
            "管局审核通常 1 至 20 个工作日。",
            "The bureau's review usually takes 1 to 20 working days.",
        ),
        (
            "change_types_supported",
            "江苏",
            None,
            "江苏：支持变更备案；不支持单独变更主体；不支持单独变更网站。",
            "Jiangsu: A change filing is possible; the subject cannot be changed alone; "
            "the website cannot be changed alone.",
        ),
    ],
)
def test_a_rule_is_said_as_a_sentence(
    rulebook: Rulebook,
    key: str,
    province: str | None,
    subject: str | None,
    chinese: str,
    english: str,
) -> None:
    rule = rulebook.rule(key, TODAY, province=province, subject=subject)
    version = rule.version_on(TODAY)
    assert version is not None
    statements = load_statements()
    assert statements.state(rule, version) == chinese
    assert statements.state(rule, version, "en") == english


def test_words_have_labels_in_every_locale() -> None:
    labels = load_statements().labels
    assert labels.keys() == set(LOCALES)
    chinese, english = (labels[locale].keys() for locale in LOCALES)
    assert chinese == english


def test_every_key_is_worded_in_every_locale() -> None:
    for key, template in load_statements().templates.items():
        assert template.keys() == set(LOCALES), key


def test_notes_and_disagreements_have_english(rulebook: Rulebook) -> None:
    rules = [*rulebook.national_rules()]
    for province in PROVINCES:
        rules += rulebook.province_rules(province.name)
    known = load_remarks()
    untold = [text for text in dict.fromkeys(remarks_of(rules)) if text not in known]
    assert untold == [], "write their English in knowledge/rules/remarks.toml"


def test_a_value_without_a_sentence_is_refused() -> None:
    with pytest.raises(Unsayable):
        load_statements().say("footer_number_style", "both_numbers")
    with pytest.raises(Unsayable):
        load_statements().say("no_such_rule", 1)


def test_a_repealed_rule_says_nothing(rulebook: Rulebook) -> None:
    rule = rulebook.rule("review_working_days", TODAY)
    with pytest.raises(Unsayable):
        load_statements().state(rule, replace(rule.versions[0], value=None))
