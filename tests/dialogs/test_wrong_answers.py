"""Slips: what is wrong, then an explanation, then a person; never a lost question."""

import pytest

from tests.dialogs.talk import Talk, fill, right_answer


def test_three_wrong_answers_explain_more_and_more(talk: Talk) -> None:
    fill(talk, until="phone")
    first = talk.say("1380013800")
    assert "例如" in first
    second = talk.say("1380013801")
    assert len(second) > len(first), "now with an explanation"
    third = talk.say("1380013802")
    assert {"cmd:why", "cmd:handover"} <= set(talk.buttons.values())
    assert "人工" in third
    fourth = talk.say("1380013803")
    assert len(fourth) < len(third), "the explanation stands above already"
    assert "cmd:handover" in talk.buttons.values()


def test_a_right_answer_ends_the_count(talk: Talk) -> None:
    fill(talk, until="phone")
    talk.say("1380013800")
    talk.say("13800138000")
    assert talk.case.attention.failures == 0


@pytest.mark.parametrize("kind", ["enterprise", "individual"])
def test_every_question_can_be_explained(talk: Talk, kind: str) -> None:
    talk.say("你好")
    own = {"subject_kind": kind, "site_manager_same": "no", "pre_approval": "publishing"}
    seen = set()
    while (asking := talk.asking) is not None and asking != "confirm":
        why = talk.say("为什么问这个")
        assert talk.standing.asking == asking
        assert len(talk.replies[0].text) > 20, why
        talk.press("cmd:help")
        assert "转人工" in talk.replies[0].text
        assert talk.asking == asking
        seen.add(asking)
        talk.press(f"answer:{asking}:{own.get(asking) or right_answer(talk, asking)}")
        assert talk.asking != asking, talk.replies
    assert len(seen) > 25


@pytest.mark.parametrize(
    "words, about",
    [("应急电话填谁的", "应急"), ("邮箱填哪个", "邮箱"), ("域名怎么填", "域名")],
)
def test_help_for_a_named_question_leaves_the_open_one(talk: Talk, words: str, about: str) -> None:
    fill(talk, until="subject_name")
    said = talk.say(words)
    assert about in said
    assert talk.asking == "subject_name"


def test_not_wanting_to_tell_is_answered_with_the_reason(talk: Talk) -> None:
    fill(talk, until="principal_id_number")
    said = talk.say("不想告诉你")
    assert "核对" in said
    assert talk.asking == "principal_id_number"


def test_a_question_that_cannot_be_skipped_says_how_to_answer_it(talk: Talk) -> None:
    fill(talk, until="office_phone")
    said = talk.say("跳过")
    assert "不能跳过" in said
    assert "座机" in said


def test_a_second_call_for_a_person_knows_of_the_first(talk: Talk) -> None:
    fill(talk, until="phone")
    first = talk.say("转人工")
    second = talk.say("转人工")
    assert first != second
    assert talk.asking == "phone"
    talk.say("13800138000")
    assert talk.asking == "office_phone", "one can go on meanwhile"


def test_a_greeting_is_answered_once(talk: Talk) -> None:
    talk.say("你好")
    assert [reply.text.count("您好") for reply in talk.replies].count(1) == 1


def test_who_stands_by_a_refused_number_learns_what_can_be_wrong_with_it(talk: Talk) -> None:
    fill(talk, until="principal_id_number")
    talk.say("11010519491231002Y")
    talk.say("110105194912310021")
    failures = talk.case.attention.failures
    for words in ("我照着身份证抄的，没错", "没错"):
        said = talk.say(words)
        assert "末位" in said
        assert "cmd:handover" in talk.buttons.values()
        assert talk.asking == "principal_id_number"
        assert "principal_id_number" not in talk.values
    assert talk.case.attention.failures == failures, "nothing new was tried"


def test_a_yes_to_another_question_does_not_stand_by_what_was_refused(talk: Talk) -> None:
    fill(talk, until="consent_sensitive")
    talk.say("统一社会信用代码 91350524MA2XN1GH5K")
    assert "算出来" in talk.say("我照着执照抄的，没错")
    talk.say("没错")
    assert talk.values["consent_sensitive"] == "agree"


def test_a_system_that_has_a_problem_corrects_no_answer(talk: Talk) -> None:
    fill(talk, until="subject_name")
    assert "人工" in talk.say("系统有问题吧")
    assert talk.asking == "subject_name"


@pytest.mark.parametrize(
    "words", ["这也太麻烦了吧", "怎么这么复杂", "烦死了", "This is too complicated"]
)
def test_who_has_had_enough_is_offered_a_person(talk: Talk, words: str) -> None:
    fill(talk, until="cert_number")
    said = talk.say(words)
    assert "人工" in said or "person" in said
    assert talk.asking == "cert_number"


def test_who_would_rather_fill_something_else_learns_that_it_is_needed(talk: Talk) -> None:
    fill(talk, until="cert_number")
    assert "不能跳过" in talk.say("先填别的行吗")
