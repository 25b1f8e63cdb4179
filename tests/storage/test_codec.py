"""What goes into encrypted columns comes out the same, in earlier and later versions too."""

import json
from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.case import Attention
from dialogs.message import Reply
from filing.materials.material import Box, PictureFinding
from storage import codec
from storage.errors import UnreadableRecord
from tests.storage.making import ID_NUMBER, piece, rich_reply

_moments = st.datetimes(timezones=st.just(UTC))
_attention = st.builds(Attention, seen_at=st.none() | _moments)


@given(st.from_type(Reply))
def test_any_reply_comes_back_the_same(reply: Reply) -> None:
    assert codec.load_reply(codec.dump_reply(reply), "here") == reply


@given(_attention)
def test_any_attention_comes_back_the_same(attention: Attention) -> None:
    assert codec.load_attention(codec.dump_attention(attention)) == attention


@given(st.none() | st.text(), st.text())
def test_any_answer_comes_back_the_same(value: str | None, basis: str) -> None:
    assert codec.load_answer(codec.dump_answer(value, basis)) == (value, basis)


@given(st.dictionaries(st.text(), st.text()))
def test_any_event_data_comes_back_the_same(data: dict[str, str]) -> None:
    assert codec.load_data(codec.dump_data(data)) == data


_findings = st.builds(
    PictureFinding,
    code=st.text(),
    box=st.none()
    | st.builds(
        Box,
        left=st.floats(0, 1),
        top=st.floats(0, 1),
        right=st.floats(0, 1),
        bottom=st.floats(0, 1),
    ),
    params=st.dictionaries(st.text(), st.text() | st.integers(-(2**31), 2**31)),
)


@given(st.lists(_findings).map(tuple), st.none() | st.dates())
def test_whatever_is_found_on_a_picture_comes_back_the_same(
    findings: tuple[PictureFinding, ...], until: date | None
) -> None:
    one = piece(findings=findings, valid_until=until)
    assert codec.load_found(codec.dump_found(one), "here") == (findings, until)


def test_fields_of_another_version_do_not_matter() -> None:
    stored = json.loads(codec.dump_reply(rich_reply()))
    del stored["progress"], stored["form"]
    stored["invented_later"] = {"anything": 1}
    read = codec.load_reply(json.dumps(stored).encode(), "here")
    assert (read.text, read.progress, read.form) == (rich_reply().text, None, ())


def test_attention_that_makes_no_sense_any_more_is_let_go() -> None:
    assert codec.load_attention(b'{"failures": "many"}') == Attention()
    assert codec.load_attention(b"not json") == Attention()


def test_an_unreadable_reply_is_named_by_its_place_and_not_quoted() -> None:
    with pytest.raises(UnreadableRecord, match="said/c1/out-1") as failed:
        codec.load_reply(json.dumps({"kind": "none", "text": ID_NUMBER}).encode(), "said/c1/out-1")
    assert ID_NUMBER not in str(failed.value)
    assert failed.value.__cause__ is None
