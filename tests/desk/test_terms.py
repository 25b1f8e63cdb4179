"""Fingerprints of what was written: they may say yes wrongly, never no."""

from hypothesis import given
from hypothesis import strategies as st

from desk.terms import MOST, Query, Terms

_TEXT = st.text(st.sampled_from("备案号短信核验abcxyz019 ,，。.-ＡＢ😀"), max_size=60)


@given(_TEXT, st.data())
def test_any_stretch_of_chinese_in_a_text_is_found(text: str, data: st.DataObject) -> None:
    chinese = "".join(letter for letter in text if letter in "备案号短信核验")
    start = data.draw(st.integers(0, len(chinese)))
    stretch = chinese[start : start + data.draw(st.integers(0, 8))]
    query = Query.of(stretch)
    if query.parts:
        assert Terms().with_texts([chinese]).may_have(query)
        assert query.found_in(chinese) >= 0


@given(st.lists(_TEXT, max_size=6))
def test_every_word_of_what_was_written_is_found_in_it(texts: list[str]) -> None:
    terms = Terms().with_texts(texts)
    for text in texts:
        query = Query.of(text)
        if query.words:
            assert terms.may_have(query)
            assert query.found_in(text) >= 0


@given(st.lists(_TEXT, max_size=6))
def test_texts_added_one_by_one_leave_what_all_at_once_leave(texts: list[str]) -> None:
    one_by_one = Terms()
    for text in texts:
        one_by_one = one_by_one.with_texts([text])
    at_once = Terms().with_texts(texts)
    assert one_by_one.to_bytes() == at_once.to_bytes()
    assert Terms.from_bytes(at_once.to_bytes()).to_bytes() == at_once.to_bytes()


def test_width_case_and_order_of_words_do_not_matter() -> None:
    terms = Terms().with_texts(["我的域名是 Example-Tea.cn，备案卡在短信核验"])
    for found in ("ｅｘａｍｐｌｅ", "短信 域名", "TEA", "卡", "cn", "核验"):
        assert terms.may_have(Query.of(found)), found
    for missing in ("管局", "核验 管局", "ample-coffee"):
        assert not terms.may_have(Query.of(missing)), missing


def test_a_conversation_with_more_words_than_are_kept_is_always_looked_into() -> None:
    terms = Terms().with_texts(["".join(chr(0x4E00 + number) for number in range(MOST))])
    assert terms.is_full
    assert terms.may_have(Query.of("管局"))
    assert terms.with_texts(["管局"]) is terms
    assert Terms.from_bytes(terms.to_bytes()).is_full


def test_signs_alone_are_nothing_to_look_for() -> None:
    assert Query.of("，。 😀 --").parts == ()
