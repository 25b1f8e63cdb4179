"""What every answer type promises."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from filing.invalid import Invalid
from tests.dialogs.answers.kinds import CONTEXT, KINDS, Kind
from tests.filing.identifiers.made import TODAY

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.label)
typed = st.one_of(
    st.text(),
    st.text("0123456789Xx-+() .,，、。:/@中国公司号年月日是的 ABCabcHM一二三十年个月省市区县路"),
    st.from_regex(r"[0-9]{5,20}[A-Za-z]?", fullmatch=True),
)
LOCALES = ("zh-CN", "en")
a_few = settings(max_examples=40)
"""Each law is put to some thirty types: enough examples in sum."""


@every_kind
@a_few
@given(data=st.data())
def test_a_value_shown_reads_as_itself_in_every_language(kind: Kind, data: st.DataObject) -> None:
    value = data.draw(kind.values)
    for locale in LOCALES:
        assert kind.ask.parse(kind.ask.show(value, locale=locale), CONTEXT) == value


@every_kind
@a_few
@given(data=st.data())
def test_a_normalised_value_reads_as_itself(kind: Kind, data: st.DataObject) -> None:
    value = data.draw(kind.values)
    assert kind.ask.parse(value, CONTEXT) == value


@every_kind
@a_few
@given(text=typed)
@example("")
@example("\x00\ud7ff\u200b")
@example("..@..")
@example("9" * 400)
def test_any_text_is_read_or_refused_but_never_raises(kind: Kind, text: str) -> None:
    result = kind.ask.parse(text, CONTEXT)
    if isinstance(result, Invalid):
        assert result.code.count(".") == 1
        assert result.code == result.code.lower()
    else:
        assert result
        assert kind.ask.parse(result, CONTEXT) == result


@every_kind
@a_few
@given(text=typed)
@example("域名example.cn，邮箱a@example.cn，手机13800138000，2027年3月1日，1.1.1.1")
def test_what_is_found_in_a_text_stands_there_and_is_a_value(kind: Kind, text: str) -> None:
    for found in kind.ask.extract(text, CONTEXT):
        assert 0 <= found.start < found.end <= len(text)
        assert kind.ask.parse(found.value, CONTEXT) == found.value


@every_kind
@a_few
@given(data=st.data())
def test_a_refusal_never_repeats_a_sensitive_answer(kind: Kind, data: st.DataObject) -> None:
    if not kind.ask.sensitive:
        return
    text = data.draw(st.from_regex(r"[0-9]{6,20}[A-Z@]{0,2}", fullmatch=True))
    result = kind.ask.parse(text, CONTEXT)
    if isinstance(result, Invalid):
        assert text not in {str(value) for value in result.params.values()}
        assert text not in repr(result)


@every_kind
@a_few
@given(data=st.data())
def test_a_masked_value_hides_most_of_a_sensitive_one(kind: Kind, data: st.DataObject) -> None:
    value = data.draw(kind.values)
    masked = kind.ask.show(value, masked=True)
    if kind.ask.sensitive and kind.label not in ("licence number", "number of unknown type"):
        assert "*" in masked
        assert masked != value


@every_kind
def test_options_are_values_and_can_be_chosen_by_number_and_label(kind: Kind) -> None:
    options = kind.ask.options(CONTEXT)
    for number, option in enumerate(options, 1):
        assert kind.ask.parse(option, CONTEXT) == option
        for locale in LOCALES:
            assert kind.ask.parse(kind.ask.show(option, locale=locale), CONTEXT) == option
        if len(options) > 1:
            assert kind.ask.parse(str(number), CONTEXT) == option
            assert kind.ask.parse(f"第{number}个", CONTEXT) == option


def test_names_of_types_are_words_for_wording_and_drawings() -> None:
    assert all(kind.ask.name.replace("_", "").isalpha() for kind in KINDS)
    assert CONTEXT.today == TODAY
