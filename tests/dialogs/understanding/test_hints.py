"""Free words point at the options of a closed question, unless they deny them."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.answers.base import Context
from dialogs.flows.first_filing import FIRST_FILING
from dialogs.understanding import Intent, understand
from dialogs.understanding.hints import hinted_options, is_denied, pointers, steps, weighed

CONTEXT = Context(date(2026, 11, 24), {"subject_kind": "enterprise", "province": "江苏"})


def pointed(step: str, clause: str) -> tuple[str, ...]:
    """The options one clause points at."""
    ask = FIRST_FILING[step].ask
    assert ask is not None
    found = pointers(step, clause, 0, len(clause))
    return weighed(step, (one.option for one in found), ask.options(CONTEXT))


def answered(step: str, text: str) -> str | None:
    """What a message answers to a question asked for the first time."""
    read = understand(text, flow=FIRST_FILING, open_step=FIRST_FILING[step], context=CONTEXT)
    return read.values.get(step) if read.intent is Intent.ANSWER else None


@pytest.mark.parametrize("step", steps())
def test_hints_belong_to_a_question_and_its_options(step: str) -> None:
    ask = FIRST_FILING[step].ask
    assert ask is not None
    known = set(ask.options(Context(date(2026, 11, 24))))
    shared = {"business_licence"}  # one list serves all questions for a certificate's type
    assert hinted_options(step) <= known | shared


@pytest.mark.parametrize(
    "step,clause,options",
    [
        ("subject_record", "去年在阿里云备过一个", ("elsewhere",)),
        ("subject_record", "没在阿里云备过", ("none",)),
        ("subject_record", "不记得有没有备过", ("unsure",)),
        ("residence_proof", "没有房产证", ()),
        ("residence_proof", "没有居住证有社保", ("social_security",)),
        ("pre_approval", "不涉及新闻和出版", ("none",)),
        ("language", "中英日三语", ("zh-Hans", "en", "ja")),
        ("language", "不要英文", ()),
        ("server_location", "还没买呢打算买北京的", ("none",)),
        ("domain_holder", "公司员工名下", ("other",)),
        ("site_manager_same", "不是同一个人", ("no",)),
        ("principal_id_type", "外国人永居身份证", ("foreign_permanent_resident",)),
        ("subject_kind", "没注册公司", ("individual",)),
        ("phone", "没有", ()),
    ],
)
def test_the_longest_words_count_and_denial_reaches_as_far_as_it_should(
    step: str, clause: str, options: tuple[str, ...]
) -> None:
    assert pointed(step, clause) == options


@pytest.mark.parametrize(
    "step,text,value",
    [
        ("subject_record", "以前的网站注销了，主体好像还在", "shell"),
        ("residence_proof", "没有居住证，有社保", "social_security"),
        ("server_location", "内地的，杭州", "mainland"),
        ("domain_holder", "个人，老板名字", "legal_representative"),
        ("language", "英文版", "en"),
        ("principal_is_legal_rep", "不是啦，是我，行政", "no"),
    ],
)
def test_what_is_asked_for_is_read_before_anything_else(step: str, text: str, value: str) -> None:
    assert answered(step, text) == value


@pytest.mark.parametrize("text", ["先别提交", "再等等", "网站名称改成示例优选再提交", "还不能提交"])
def test_a_filing_is_sent_off_by_plain_words_only(text: str) -> None:
    assert answered("confirm", text) is None


@pytest.mark.parametrize(
    "text", ["我再想想要不要同意", "如果安全我就同意", "要是安全，同意", "看完再同意", "不太想同意"]
)
def test_a_consent_is_given_by_plain_words_only(text: str) -> None:
    assert answered("consent_sensitive", text) != "agree"


def test_denial_ends_where_something_is_affirmed() -> None:
    said = "不是公司是个体户"
    assert is_denied(said, 0, said.index("公司"))
    assert not is_denied(said, 0, said.index("个体户"))


@given(st.sampled_from(steps()), st.text("没有不是在备案公司老板阿里云abc ,。", max_size=60))
def test_pointers_lie_within_their_clause_and_never_overlap(step: str, clause: str) -> None:
    found = sorted(pointers(step, clause, 0, len(clause)), key=lambda one: one.start)
    assert all(0 <= one.start < one.end <= len(clause) for one in found)
    assert not any(one.overlaps(other) for one, other in pairwise(found))
