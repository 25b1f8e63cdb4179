"""What is no first filing is told once, with why, what to do, a person and a way back."""

import pytest

from tests.dialogs.talk import Talk, fill

CASES = [
    ("here", "none", "新增网站"),
    ("elsewhere", "none", "新增网站"),
    ("elsewhere", "same_subject_elsewhere", "新增接入"),
    ("here", "same_subject_here", "不需要新的备案"),
    ("none", "other_subject", "已被他人备案"),
    ("elsewhere", "other_subject", "备在别的主体名下"),
    ("shell", "none", "空壳主体"),
    ("shell_website", "none", "空壳网站"),
    ("in_progress", None, "正在办理"),
    ("code_changed", None, "信用代码变了"),
    ("individual_to_unit", None, "个人备案"),
    ("here_other_account", "none", "另一个账号"),
    ("unsure", "none", "查一下备案记录"),
    ("none", "same_subject_here", "对不上"),
]


def decide(talk: Talk, subject: str, domain: str | None) -> str:
    fill(talk, until="subject_record")
    said = talk.press(f"answer:subject_record:{subject}")
    if domain is None:
        return said
    assert talk.asking == "domain_record"
    return talk.press(f"answer:domain_record:{domain}")


@pytest.mark.parametrize("subject, domain, title", CASES)
def test_a_decision_says_why_what_to_do_and_offers_a_person_and_a_way_back(
    talk: Talk, subject: str, domain: str | None, title: str
) -> None:
    said = decide(talk, subject, domain)
    assert title in said.splitlines()[0]
    assert "1." in said
    assert "依据" in said
    assert "cmd:handover" in talk.buttons.values()
    assert "edit:subject_record" in talk.buttons.values()
    assert talk.asking is None


@pytest.mark.parametrize("subject", ["in_progress", "code_changed", "individual_to_unit"])
def test_what_the_subject_settles_is_not_asked_of_the_domain(talk: Talk, subject: str) -> None:
    decide(talk, subject, None)
    assert talk.asking is None
    assert "domain_record" not in talk.values


@pytest.mark.parametrize("place, title", [("overseas", "境外"), ("none", "服务器")])
def test_without_a_mainland_server_nothing_further_is_asked(
    talk: Talk, place: str, title: str
) -> None:
    fill(talk, until="server_location")
    said = talk.press(f"answer:server_location:{place}")
    assert title in said.splitlines()[0]
    assert talk.asking is None
    talk.press("edit:server_location")
    talk.press("answer:server_location:mainland")
    assert talk.asking == "subject_record"


def test_the_unusual_answer_is_the_first_way_back(talk: Talk) -> None:
    decide(talk, "none", "other_subject")
    back = [value for value in talk.buttons.values() if value.startswith("edit:")]
    assert back[0] == "edit:domain_record"


def test_a_decision_is_not_repeated_after_every_message(talk: Talk) -> None:
    decide(talk, "here", "none")
    for words in ("备案要多久", "谢谢", "转人工"):
        said = talk.say(words)
        assert said
        assert "依据：" not in said


def test_whoever_is_at_a_loss_is_told_the_decision_again(talk: Talk) -> None:
    decide(talk, "here", "none")
    assert "依据" in talk.press("cmd:help")


def test_after_looking_up_the_filing_goes_on(talk: Talk) -> None:
    decide(talk, "unsure", "none")
    talk.press("edit:subject_record")
    talk.press("answer:subject_record:none")
    assert talk.asking == "subject_name"


def test_whoever_has_not_everything_ready_gets_the_list_and_goes_on(talk: Talk) -> None:
    fill(talk, until="prerequisites")
    said = talk.say("还没准备好")
    assert said.count("\n") > 4
    for need in ("证件", "域名", "服务器", "手机"):
        assert need in said
    assert talk.asking == "subject_kind"
