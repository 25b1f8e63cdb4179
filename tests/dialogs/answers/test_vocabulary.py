"""The closed choices: complete in every language, free of contradictions, read leniently."""

import pytest

from dialogs import vocabulary
from dialogs.vocabulary import UnknownVocabulary
from dialogs.wording.texts import LOCALES
from filing.kind import DomainRecord, ServerLocation, SubjectRecord
from filing.subject import CertificateType, SubjectKind

NAMES = vocabulary.check_all()


def test_every_vocabulary_loads_in_every_language() -> None:
    assert len(NAMES) == len(set(NAMES)) >= 14


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("locale", LOCALES)
def test_labels_are_distinct_and_read_back(name: str, locale: str) -> None:
    options = vocabulary.options(name)
    labels = [vocabulary.label(name, option, locale) for option in options]
    assert len(set(labels)) == len(options)
    assert [vocabulary.read(name, label) for label in labels] == list(options)


@pytest.mark.parametrize(
    "name,keys",
    [
        ("subject_kind", SubjectKind),
        ("cert_type", CertificateType),
        ("record_status", SubjectRecord),
        ("domain_record", DomainRecord),
        ("server_location", ServerLocation),
    ],
)
def test_options_are_those_the_domain_knows(name: str, keys: type[SubjectKind]) -> None:
    assert vocabulary.options(name) == tuple(key.value for key in keys)


@pytest.mark.parametrize(
    "name,text,option",
    [
        ("subject_kind", "企業", "enterprise"),
        ("subject_kind", "企业吧", "enterprise"),
        ("subject_kind", "①", "enterprise"),
        ("subject_kind", "十二", "mass_organization"),
        ("subject_kind", "选3", "individual"),
        ("subject_kind", "I'm an individual", "individual"),
        ("consent", "我不同意", "decline"),
        ("consent", "好的，我同意", "agree"),
        ("consent", "好，我不同意", None),
        ("subject_kind", "选第3个", "individual"),
        ("record_status", "第一次备案", "none"),
        ("record_status", "第一次", "none"),
        ("subject_kind", "", None),
        ("subject_kind", "0", None),
        ("subject_kind", "你好", None),
    ],
)
def test_an_answer_is_read_leniently(name: str, text: str, option: str | None) -> None:
    assert vocabulary.read(name, text) == option


def test_a_number_counts_among_the_options_shown() -> None:
    assert vocabulary.read("subject_kind", "2", ("individual", "foundation")) == "foundation"
    assert vocabulary.read("subject_kind", "企业", ("individual", "foundation")) is None


def test_a_mention_denied_is_none() -> None:
    assert vocabulary.find("subject_kind", "我们不是公司") == ()
    assert vocabulary.find("yes_no", "是不是") == ()


def test_an_unknown_vocabulary_or_option_is_an_error() -> None:
    with pytest.raises(UnknownVocabulary, match="colours"):
        vocabulary.options("colours")
    with pytest.raises(UnknownVocabulary, match="purple"):
        vocabulary.label("yes_no", "purple")


def test_a_language_nobody_wrote_falls_back_to_the_first() -> None:
    assert vocabulary.label("yes_no", "yes", "fr") == "是"
