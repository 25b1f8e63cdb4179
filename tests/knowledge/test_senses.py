"""Texts that say alike lie near each other, whatever their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.reading import plain
from knowledge.senses import DIMENSIONS, Points, point


def nearness(one: str, other: str) -> float:
    here, there = point(plain(one)), point(plain(other))
    assert here is not None and there is not None
    return here.nearness(there)


@pytest.mark.parametrize(
    "question, alike, other",
    [
        ("审核员来电我没听见", "电话漏接了怎么办", "营业执照怎么拍"),
        ("照片最大几兆", "图片大小有限制吗", "域名过期了"),
        ("老板不肯出面", "法人不方便配合", "备案收费吗"),
        ("how long does it take", "how many days until approval", "what does it cost"),
    ],
)
def test_what_says_alike_is_nearer_than_what_does_not(
    question: str, alike: str, other: str
) -> None:
    assert nearness(question, alike) > nearness(question, other) + 0.1


def test_a_text_of_nothing_known_lies_nowhere() -> None:
    assert point("") is None
    assert point("？！") is None


@given(st.text(max_size=200))
def test_a_point_is_nearest_to_itself(text: str) -> None:
    here = point(plain(text))
    if here is not None:
        assert len(here.at) == DIMENSIONS
        assert here.nearness(here) == pytest.approx(1.0)


def test_the_nearest_of_many_texts_are_found_in_their_order() -> None:
    texts = ["备案要多久", "", "营业执照怎么拍", "备案需要几天"]
    asked = point("备案要多久")
    assert asked is not None
    found = [number for _, number in Points(texts).nearest(asked)]
    assert found == [0, 3, 2]
