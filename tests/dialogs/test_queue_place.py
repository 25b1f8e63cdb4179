"""What somebody who waits for a person is told, may leave, and how they stop waiting."""

from datetime import datetime, timedelta

import pytest

from bot.clock import SimulatedClock
from bot.settings import Settings
from bot.wiring import new_assistant
from dialogs.message import Identity, Inbound
from dialogs.turn import take_place
from dialogs.world import SHANGHAI, World
from storage.memory import memory_stores
from tests.dialogs.talk import Talk, fill

SUNDAY = datetime(2026, 11, 22, 20, 0, tzinfo=SHANGHAI)


@pytest.fixture
def late(world: World) -> Talk:
    """Somebody who writes on a Sunday evening."""
    return Talk(world, SUNDAY)


def test_in_service_hours_the_target_is_told(talk: Talk) -> None:
    fill(talk, until="subject_name")
    talk.now = datetime(2026, 11, 24, 11, 45, tzinfo=SHANGHAI)
    said = talk.say("转人工")
    assert "预计今天 13:15 前有人回复" in said  # thirty minutes, with lunch between
    assert "您前面" not in said  # nobody was asked how many wait
    assert set(talk.buttons.values()) >= {"cmd:leave_message", "cmd:no_person"}
    assert talk.asking == "subject_name"


def test_asking_again_says_so_and_does_not_promise_what_is_past(talk: Talk) -> None:
    fill(talk, until="subject_name")
    talk.now = datetime(2026, 11, 24, 14, 0, tzinfo=SHANGHAI)
    talk.say("转人工")
    talk.wait(timedelta(minutes=40))
    said = talk.say("转人工")
    assert "已经在等人工了" in said
    assert "让您久等了" in said
    assert "预计" not in said


def test_outside_service_hours_they_hear_when_people_are_back(late: Talk) -> None:
    fill(late, until="subject_name")
    said = late.say("转人工")
    assert "人工明天 09:00 回来" in said
    assert "周一至周五 09:00-12:00、13:00-18:00" in said
    assert "留言" in said


def test_a_message_is_left_and_the_form_goes_on(late: Talk) -> None:
    fill(late, until="subject_name")
    late.say("转人工")
    assert "下一条消息就是给人工的留言" in late.press("cmd:leave_message")
    said = late.say("营业执照刚换过名字，麻烦帮我看看")
    assert "留言收到了，人工明天 09:00 回来先看" in said
    assert [one.text for one in late.case.attention.left] == ["营业执照刚换过名字，麻烦帮我看看"]
    assert late.asking == "subject_name"
    assert "subject_name" not in late.values
    late.say("南京样例茶业有限公司")
    assert late.values["subject_name"] == "南京样例茶业有限公司"
    assert late.case.attention.handover == "waiting"


def test_words_after_a_colon_are_left_at_once_and_begin_a_wait(late: Talk) -> None:
    fill(late, until="subject_name")
    late.say("留言：明天上午给我回个话")
    assert [one.text for one in late.case.attention.left] == ["明天上午给我回个话"]
    assert late.case.attention.handover == "waiting"
    assert late.case.attention.handover_reason == "message"
    assert "明天上午给我回个话" not in repr(late.case)


def test_nobody_has_to_leave_a_message(late: Talk) -> None:
    fill(late, until="subject_name")
    late.press("cmd:leave_message")
    assert "没有留言" in late.say("算了")
    assert late.case.attention.left == ()


def test_what_the_assistant_cannot_read_is_passed_on_to_whom_they_wait_for(late: Talk) -> None:
    fill(late, until="subject_kind")
    late.say("转人工")
    said = late.say("隔壁老王家的情况跟我差不多又不完全一样")
    assert "已经记给人工" in said
    assert len(late.case.attention.left) == 1
    assert late.asking == "subject_kind"


@pytest.mark.parametrize(
    "words", ["不用人工了", "那就不用人工了", "取消排队", "不用了", "stop waiting"]
)
def test_the_wish_is_taken_back_in_words(talk: Talk, words: str) -> None:
    fill(talk, until="subject_name")
    talk.say("转人工")
    said = talk.say(words)
    assert "不等人工了" in said
    attention = talk.case.attention
    assert (attention.handover, attention.waiting_since, attention.handover_reason) == (
        None,
        None,
        None,
    )
    assert talk.asking == "subject_name"


def test_a_no_that_answers_the_open_question_is_an_answer(talk: Talk) -> None:
    fill(talk, until="site_manager_same")
    talk.say("转人工")
    talk.say("不用")
    assert talk.case.attention.handover == "waiting"


def test_the_wish_is_taken_back_by_button_once(talk: Talk) -> None:
    fill(talk, until="subject_name")
    talk.say("转人工")
    talk.say("留言：急")
    assert "留言也撤回了" in talk.press("cmd:no_person")
    assert talk.case.attention.left == ()
    assert "没有在等人工" in talk.press("cmd:no_person")


def test_why_they_wait_is_kept_for_whoever_comes(talk: Talk) -> None:
    fill(talk, until="cert_number")
    for text in ("91320114MA1", "91320114MA2", "91320114MA3"):
        talk.say(text)
    talk.press("cmd:handover")
    assert talk.case.attention.handover_reason == "failed"
    talk.say("转人工")
    assert talk.case.attention.handover_reason == "failed"


def test_a_number_is_not_left_in_a_chat_kept_abroad(world: World) -> None:
    talk = Talk(world, SUNDAY, channel="telegram")
    fill(talk, until="subject_kind")
    talk.say("留言：我的身份证 11010519491231002X")
    assert talk.case.attention.left == ()
    assert talk.results[-1].delete_inbound
    assert talk.results[-1].heard is None


def test_in_english_too(world: World) -> None:
    talk = Talk(world, SUNDAY)
    fill(talk, until="subject_name")
    talk.press("locale:en")
    said = talk.say("I want to talk to a person")
    assert "back tomorrow at 09:00" in said
    assert "Mon–Fri 09:00-12:00 and 13:00-18:00" in said
    talk.say("message for staff: the licence is new")
    assert [one.text for one in talk.case.attention.left] == ["the licence is new"]


@pytest.mark.parametrize("ahead, told", [(0, "您排在第一位"), (2, "您前面还有 2 位")])
def test_the_place_is_said_where_it_is_known(talk: Talk, ahead: int, told: str) -> None:
    fill(talk, until="subject_name")
    talk.say("转人工")
    asked = talk.results[-1]
    placed = take_place(asked, ahead, talk.now, talk.world)
    assert told in placed.replies[0].text
    assert placed.replies[1:] == asked.replies[1:]


async def test_the_assistant_looks_the_place_up(world: World) -> None:
    clock = SimulatedClock(datetime(2026, 11, 24, 9, tzinfo=SHANGHAI))

    def ticking() -> datetime:
        clock.advance(timedelta(milliseconds=1))  # a turn takes its time
        return clock()

    assistant = new_assistant(Settings(_env_file=None), world, ticking, memory_stores(clock))

    async def say(who: str, text: str) -> str:
        clock.advance(timedelta(seconds=1))
        identity = Identity("web", who)
        inbound = Inbound(identity, f"{who}-{clock()}", clock(), text=text)
        return "\n".join(one.text for one in (await assistant.handle(inbound)).replies)

    said = await say("first", "转人工")
    assert "已请人工来" in said
    assert "您排在第一位" in said
    assert "您前面还有 1 位" in await say("second", "转人工")
    await say("first", "不用人工了")
    assert "您排在第一位" in await say("second", "转人工")
