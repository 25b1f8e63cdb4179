"""How texts are made ready: plain blanks say just what Jinja would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from knowledge.templates import Blanks, ready, text_environment

_ENVIRONMENT = text_environment(label=str.upper)
_PIECES = st.lists(st.sampled_from(["{{ day }}", "{{number}}", "您好，", "\n", " %} ", "{ day }"]))


@given(_PIECES.map("".join), st.text(), st.integers() | st.none() | st.booleans())
def test_a_text_with_blanks_alone_reads_as_its_template(
    text: str, day: str, number: object
) -> None:
    made = ready(_ENVIRONMENT, text)
    assert isinstance(made, Blanks)
    values = {"day": day, "number": number, "unused": 1}
    assert made.render(values) == _ENVIRONMENT.from_string(text).render(values)


def test_a_missing_variable_is_told_as_jinja_tells_it() -> None:
    with pytest.raises(UndefinedError, match="'day' is undefined"):
        ready(_ENVIRONMENT, "{{ day }}").render({})


@pytest.mark.parametrize(
    "text", ["{% if day %}x{% endif %}", "{{ day|upper }}", "{{ label(day) }}", "{{ day.year }}"]
)
def test_anything_more_stays_a_template(text: str) -> None:
    assert not isinstance(ready(_ENVIRONMENT, text), Blanks)
