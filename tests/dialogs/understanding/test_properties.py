"""Whatever is typed: no exception, the same reading again, and only values that would be taken."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.answers.base import Context
from dialogs.flows.first_filing import FIRST_FILING
from dialogs.understanding import understand
from dialogs.understanding.lexicon import lexicon
from dialogs.understanding.reading import read
from dialogs.understanding.spoken import written

TODAY = date(2026, 11, 24)
ASKED = [step for step in FIRST_FILING.steps if step.ask is not None]
WORDS = sorted(word.text for words in lexicon().words.values() for word in words)
SCRAPS = [
    *("13800138000", "example.cn", "a@example.cn", "11010519491231002X", "91320100MA00000008"),
    *(
        "8.8.8.8",
        "2037年3月1日",
        "025-88888888",
        "张三",
        "南京样例有限公司",
        "不是",
        "改成",
        "错了",
        "吗",
    ),
    *("，", "。", "：", "？", " ", "\n", "点", "幺三八", "艾特", "😀", "\u200b", "\x00", "İ", "ﬃ"),
]
texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS + SCRAPS), max_size=14).map("".join),
)
steps = st.one_of(st.none(), st.sampled_from(ASKED))
states = st.dictionaries(
    st.sampled_from(["domain", "phone", "subject_kind", "province", "principal_name"]),
    st.sampled_from(["example.cn", "13800138000", "individual", "enterprise", "江苏", "张三", ""]),
)


@settings(max_examples=300, deadline=None)
@given(text=texts, step=steps, state=states, pending=st.sampled_from([None, "proposal"]))
def test_no_text_raises_and_every_value_is_one_its_step_would_take(
    text: str, step: object, state: dict[str, str], pending: str | None
) -> None:
    opened = step if step in ASKED else None
    context = Context(TODAY, state)
    first, second = (
        understand(text, flow=FIRST_FILING, open_step=opened, context=context, pending=pending)
        for _ in range(2)
    )
    assert first == second
    after = Context(TODAY, {**state, **first.values})
    for key, value in first.values.items():
        ask = FIRST_FILING[key].ask
        assert ask is not None
        assert ask.parse(value, after) == value
    if first.wrong is not None:
        assert first.wrong[0] in FIRST_FILING


@given(text=texts)
def test_shapes_and_clauses_stand_where_they_say(text: str) -> None:
    message = read(text)
    assert len(message.plain) == len(message.text)
    for shape in message.shapes:
        assert 0 <= shape.start < shape.end <= len(message.text)
    for clause in message.clauses:
        assert message.plain[clause.start : clause.end] == clause.plain


@given(text=st.text(alphabet="我的是example cn，@在", max_size=60))
def test_text_without_spoken_signs_is_left_alone(text: str) -> None:
    assert written(text) == text
