"""Several filings, one given up, and long silences."""

from datetime import timedelta

from dialogs.case import Colleague
from dialogs.holding import taken
from tests.dialogs.talk import Talk, fill


def test_a_filing_given_up_asks_nothing_until_it_is_taken_up_again(talk: Talk) -> None:
    fill(talk, until="phone")
    talk.say("不办了")
    talk.press("yes:withdraw")
    assert talk.asking is None
    assert {"cmd:resume", "new_filing"} <= set(talk.buttons.values())
    talk.say("13800138000")
    assert "phone" not in talk.values
    talk.press("cmd:resume")
    assert talk.asking == "phone"


def test_wishing_to_file_after_giving_up_begins_a_new_one(talk: Talk) -> None:
    fill(talk, until="phone")
    talk.press("cmd:withdraw")
    talk.press("yes:withdraw")
    talk.say("我要备案")
    assert len(talk.case.filings) == 2
    assert talk.asking == "consent_processing"


def test_filings_are_listed_with_domain_and_stage(talk: Talk) -> None:
    fill(talk)
    talk.say("确认提交")
    talk.press("new_filing")
    talk.say("我的备案")
    first, second, _ = talk.buttons
    assert first.startswith("example-tea.cn · 初审中")
    assert second.startswith("● 还没填域名")


def test_switching_goes_on_where_each_filing_was(talk: Talk) -> None:
    fill(talk, until="phone")
    one = talk.case.active
    talk.press("new_filing")
    fill(talk, until="domain")
    two = talk.case.active
    assert "example-tea.cn" in talk.press(f"filing:{one}")
    assert talk.asking == "phone"
    talk.press(f"filing:{two}")
    assert talk.asking == "domain"


def test_switching_to_a_filing_given_up_does_not_take_it_up(talk: Talk) -> None:
    fill(talk, until="phone")
    one = talk.case.active
    talk.press("cmd:withdraw")
    talk.press("yes:withdraw")
    talk.press("new_filing")
    talk.press(f"filing:{one}")
    assert talk.asking is None
    assert "cmd:resume" in talk.buttons.values()


def test_switching_to_a_filing_under_review_says_its_stage(talk: Talk) -> None:
    fill(talk)
    talk.say("确认提交")
    one = talk.case.active
    talk.press("new_filing")
    assert "初审" in talk.press(f"filing:{one}")


def test_a_restart_forgets_values_that_were_only_volunteered(talk: Talk) -> None:
    fill(talk, until="subject_name")
    talk.say("邮箱 tea@example-mail.cn")
    talk.say("对")
    talk.press("cmd:restart")
    talk.press("yes:restart")
    assert set(talk.values) == {"consent_processing"}
    fill(talk, until="email")
    assert "email" not in talk.values


def test_small_talk_in_a_pause_reminds_of_it(talk: Talk) -> None:
    fill(talk, until="phone")
    talk.say("先停一下")
    talk.say("在吗")
    assert "cmd:resume" in talk.buttons.values()
    assert talk.replies[-1].step is None


def test_an_answer_ends_the_pause(talk: Talk) -> None:
    fill(talk, until="phone")
    talk.say("先停一下")
    talk.say("13800138000")
    assert talk.asking == "office_phone"
    assert talk.replies[-1].step == "office_phone"


def test_after_days_a_summary_stands_before_the_question_once(talk: Talk) -> None:
    fill(talk, until="phone")
    talk.say("先停一下")
    talk.wait(timedelta(days=3))
    said = talk.say("继续")
    assert said.count("example-tea.cn") == 1
    assert "欢迎回来" in said
    assert talk.replies[-1].step == "phone"


def test_whoever_comes_back_to_the_review_is_told_so(talk: Talk) -> None:
    fill(talk)
    talk.wait(timedelta(days=3))
    said = talk.say("在")
    assert "只差核对提交" in said
    assert "【主办单位信息】" in said


def test_another_language_mid_way_keeps_everything(talk: Talk) -> None:
    fill(talk, until="phone")
    before = talk.values
    said = talk.say("English please")
    assert "mobile" in said
    assert talk.values == before
    assert "手机" in talk.say("用中文")


def test_while_a_person_holds_the_conversation_nothing_is_said(talk: Talk) -> None:
    fill(talk, until="phone")
    talk.case = taken(talk.case, Colleague("a1", "小李"), talk.now, timedelta(minutes=10))
    assert talk.say("13800138000") == ""
    assert talk.results[-1].heard == "13800138000"


def test_the_number_of_questions_is_right_once_the_kind_is_known(talk: Talk) -> None:
    fill(talk, until="cert_type", subject_kind="individual")
    totals = set()
    for _ in range(60):
        asking = talk.asking
        if asking in (None, "confirm"):
            break
        fill(talk, until=_next(talk), subject_kind="individual", cert_type="passport")
        progress = talk.replies[-1].progress
        if progress is not None:
            totals.add(progress[1])
    assert len(totals) == 1


def _next(talk: Talk) -> str:
    """Answer one question and name the next."""
    from tests.dialogs.talk import right_answer

    asking = talk.asking
    assert asking is not None
    own = {"cert_type": "passport"}
    talk.press(f"answer:{asking}:{own.get(asking) or right_answer(talk, asking)}")
    return talk.asking or "confirm"
