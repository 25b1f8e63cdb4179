"""What people do in WeChat, what they are answered, and by which way."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clock import SimulatedClock
from bot.pacing import Rate
from bot.testing.wechat import FakeWeChat, Follower, Way
from bot.wechat.core import LATE, PATIENCE
from bot.wechat.texts import say
from dialogs.case import Case
from dialogs.message import Button, Identity, Inbound, Reply, ReplyKind
from dialogs.ports import Outgoing, TurnRecord
from storage.memory import memory_stores
from tests.bot.telegram.running import until
from tests.bot.wechat.running import Parrot, running

MINUTE = timedelta(minutes=1)


async def test_the_callback_address_is_verified(wechat: FakeWeChat, clock: SimulatedClock) -> None:
    async with running(wechat, clock=clock):
        assert await wechat.callbacks.verify()


async def test_a_quick_answer_is_the_passive_reply_and_costs_nothing(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    async with running(wechat, clock=clock) as at_work:
        await person.say("你好")
        [shown] = await at_work.shown(person)
        assert shown.way is Way.PASSIVE
        assert shown.text == "听到：你好\n\n1. 好\n2. 不好\n（回复数字就能选）"
        assert person.profile.allowance.left(clock()) == 5
        assert wechat.account.called("custom/send") == []


async def test_a_number_is_the_choice_of_the_latest_question(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    async with running(wechat, clock=clock) as at_work:
        await person.say("1")  # nothing was asked yet
        await at_work.settle()
        for typed, heard in (("2", "no"), ("１", "yes"), ("②.", "no"), ("选1", "yes"), ("3", "3")):
            await person.say(typed)
            assert (await at_work.texts(person))[-1].startswith(f"听到：{heard}")
        await person.press("不好")
        assert (await at_work.texts(person))[-1].startswith("听到：no")


async def test_a_question_that_wants_a_number_gets_it(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores = memory_stores(clock)
    parrot = Parrot(stores.cases, clock)
    async with running(wechat, parrot, stores, clock) as at_work:
        await person.say("你好")
        await at_work.settle()
        parrot.answer = lambda inbound: (Reply(ReplyKind.QUESTION, f"几个？{inbound.text}"),)
        await person.say("再问")
        await at_work.settle()
        await person.say("1")
        assert await at_work.texts(person) != []
        assert parrot.heard[-1].text == "1"


class Slow:
    """Thinks until it is let go."""

    def __init__(self) -> None:
        self.gone_on = asyncio.Event()
        self.thinking = 0

    async def __call__(self, inbound: Inbound) -> None:
        self.thinking += 1
        await self.gone_on.wait()


async def test_a_slow_turn_is_acknowledged_and_answered_by_message(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores, slow = memory_stores(clock), Slow()
    parrot = Parrot(stores.cases, clock, think=slow)
    async with running(wechat, parrot, stores, clock, patience=0.05) as at_work:
        await person.say("你好")
        await wechat.callbacks.settled()
        assert [one.acknowledged for one in wechat.callbacks.posted] == [True]
        assert await person.messages() == ()
        slow.gone_on.set()
        [shown] = await at_work.shown(person)
        assert (shown.way, shown.text) == (Way.SERVICE, "听到：你好")
        assert shown.choices and [label for _, label in shown.choices] == ["好", "不好"]
        assert at_work.refused == ["late"]
        await person.press("不好")  # by tapping the line
        await at_work.settle()
        assert [one.button for one in parrot.heard] == [None, "no"]


async def test_where_turns_stand_still_callbacks_are_acknowledged_without_waiting_for_them(
    wechat: FakeWeChat, clock: SimulatedClock
) -> None:
    stores, slow = memory_stores(clock), Slow()
    parrot = Parrot(stores.cases, clock, think=slow)
    people = [Follower(wechat.account, number) for number in range(12)]
    async with running(wechat, parrot, stores, clock, patience=PATIENCE) as at_work:
        for each in people:
            each.profile.following = True
            await each.say("你好")
        posted = wechat.callbacks.posted
        await until(lambda: all(one.acknowledged for one in posted))
        slow.gone_on.set()
        for each in people:
            assert [one.text.partition("\n")[0] for one in await at_work.shown(each)] == [
                "听到：你好"
            ]


async def test_what_was_acknowledged_outlives_the_process(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores, slow = memory_stores(clock), Slow()
    stuck = Parrot(stores.cases, clock, think=slow)
    async with running(wechat, stuck, stores, clock, patience=0.05) as dying:
        await person.say("你好")
        await wechat.callbacks.settled()
        assert slow.thinking == 1
        for late in set(dying.service.core._late.values()):  # killed: nothing is finished
            late.cancel()
        await asyncio.sleep(0)
    other = Parrot(stores.cases, clock)
    async with running(wechat, other, stores, clock) as at_work:
        await at_work.settle()
        assert other.heard == []  # the first process may still be at it
        clock.advance(MINUTE)
        await until(lambda: len(other.heard) == 1)
        assert [one.text for one in await at_work.shown(person)] == ["听到：你好"]
        assert await stores.wechat.late(clock() + 9 * MINUTE, clock(), 10) == []


async def test_a_repeat_has_no_effect_and_the_same_answer(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores = memory_stores(clock)
    parrot = Parrot(stores.cases, clock)
    async with running(wechat, parrot, stores, clock) as at_work:
        wechat.account.lost_answers = 2
        await person.say("你好")
        [shown] = await at_work.shown(person)
        assert (shown.way, len(parrot.heard)) == (Way.PASSIVE, 1)
        assert wechat.callbacks.posted[0].statuses == [200, 200, 200]


async def test_a_repeat_of_what_was_answered_by_message_is_only_acknowledged(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores, slow = memory_stores(clock), Slow()
    parrot = Parrot(stores.cases, clock, think=slow)
    async with running(wechat, parrot, stores, clock, patience=0.05) as at_work:
        await person.say("你好")
        await wechat.callbacks.settled()
        slow.gone_on.set()
        await at_work.settle()
        await wechat.callbacks.again(wechat.callbacks.posted[0])
        assert [one.way for one in await at_work.shown(person)] == [Way.SERVICE]


@pytest.mark.parametrize("same", [True, False])
async def test_copies_that_come_at_once_are_one_message(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock, same: bool
) -> None:
    stores = memory_stores(clock)
    parrot = Parrot(stores.cases, clock)
    async with running(wechat, parrot, stores, clock) as at_work:
        wechat.callbacks.copies, wechat.callbacks.same_envelope = 4, same
        await person.say("你好")
        await person.subscribe("scene")
        assert len(await at_work.shown(person)) == 2
        assert len(parrot.heard) == 2


async def test_a_long_answer_goes_on_by_message(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores = memory_stores(clock)
    long = "\n".join(f"第{number}条：" + "备案" * 40 + "。" for number in range(1, 26))
    parrot = Parrot(
        stores.cases,
        clock,
        answer=lambda inbound: (Reply(ReplyKind.ANSWER, long), Reply(ReplyKind.QUESTION, "好吗？")),
    )
    async with running(wechat, parrot, stores, clock) as at_work:
        await person.say("都有什么")
        shown = await at_work.shown(person)
        assert [one.way for one in shown] == [Way.PASSIVE, *[Way.SERVICE] * (len(shown) - 1)]
        assert len(shown) == 4
        assert "\n".join(one.text for one in shown).split() == [*long.split(), "好吗？"]


async def test_several_replies_of_a_turn_are_one_message(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores, slow = memory_stores(clock), Slow()
    slow.gone_on.set()
    helped = Button("有用", "helped", quiet=True)
    parrot = Parrot(
        stores.cases,
        clock,
        think=slow,
        answer=lambda inbound: (
            Reply(ReplyKind.ANSWER, "答案", (helped,)),
            Reply(
                ReplyKind.QUESTION,
                "问题",
                (Button("企业", "e"), Button("表单", "f", "https://a.example")),
            ),
        ),
    )
    async with running(wechat, parrot, stores, clock) as at_work:
        await person.say("问")
        [passive] = await at_work.shown(person)
        said = "答案\n（也可以直接回复：有用）\n\n问题\n表单：https://a.example"
        assert passive.text == f"{said}\n\n1. 企业\n（回复数字就能选）"
        slow.gone_on.clear()
        at_work.service.core._patience = 0.01
        await person.say("再问")
        await wechat.callbacks.settled()
        slow.gone_on.set()
        [by_message] = await at_work.shown(person)
        assert by_message.text == said
        assert [label for _, label in by_message.choices] == ["企业"]


async def test_everything_else_people_send_is_understood_as_what_it_is(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores = memory_stores(clock)
    parrot = Parrot(stores.cases, clock)
    async with running(wechat, parrot, stores, clock) as at_work:
        await until(lambda: bool(wechat.account.menu))
        await person.voice(b"#!AMR", "我要备案")
        await at_work.settle()
        await person.voice(b"#!AMR")
        await at_work.settle()
        await person.video(b"1234ftyp")
        await person.location(32.0, 118.8, "南京")
        await person.say("【收到不支持的消息类型，暂无法显示】")
        await at_work.settle()
        await person.link("我的网站", "https://www.example.cn/")
        await at_work.settle()
        await person.menu("办到哪了")
        await at_work.settle()
        await person.scan("abc-123")
        await at_work.settle()
        heard = [(one.text, one.other, one.button, one.label, one.start) for one in parrot.heard]
        assert heard[0][0] == "我要备案"
        assert {one[1] for one in heard[1:5]} == {"voice", "video", "location", "unreadable"}
        assert heard[5:] == [
            ("https://www.example.cn/", None, None, None, None),
            (None, None, "cmd:status", "办到哪了", None),
            (None, None, "cmd:resume", "关注", "abc-123"),
        ]
        assert await at_work.texts(person) != []


async def test_a_newcomer_is_welcomed_and_one_who_leaves_is_left_alone(
    wechat: FakeWeChat, clock: SimulatedClock
) -> None:
    stores = memory_stores(clock)
    parrot = Parrot(stores.cases, clock)
    newcomer = Follower(wechat.account, 7)
    async with running(wechat, parrot, stores, clock) as at_work:
        await newcomer.subscribe("from-a-poster")
        [welcome] = await at_work.shown(newcomer)
        assert welcome.way is Way.PASSIVE and parrot.heard[0].start == "from-a-poster"
        await newcomer.unsubscribe()
        await at_work.settle()
        assert "left" in at_work.refused
        assert not (await stores.wechat.budget(newcomer.openid)).follows


async def test_news_that_had_to_wait_come_first_once_the_person_writes(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores = memory_stores(clock)
    parrot = Parrot(stores.cases, clock)
    async with running(wechat, parrot, stores, clock) as at_work:
        await person.say("你好")
        await at_work.shown(person)
        clock.advance(timedelta(days=3))
        before = await stores.cases.open(Identity("wechat", person.openid), clock(), "zh-CN")
        news = Outgoing("news", before.identity, Reply(ReplyKind.NOTICE, "初审通过了。"))
        after = replace(before, version=before.version + 1)
        await stores.cases.commit(TurnRecord(before, after, None, (news,), at=clock()))
        assert await at_work.texts(person) == []
        assert wechat.account.called("custom/send") == []
        clock.advance(timedelta(hours=2))
        await person.say("好了吗")
        assert await at_work.texts(person) == ["初审通过了。", "听到：好了吗"]
        assert wechat.account.outside_the_rules() == []


async def test_numbers_typed_fast_each_mean_what_was_said_to_the_one_before(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores = memory_stores(clock)

    async def think(inbound: Inbound) -> None:
        await asyncio.sleep(0.01)

    parrot = Parrot(
        stores.cases,
        clock,
        think=think,
        answer=lambda inbound: (
            Reply(ReplyKind.QUESTION, "?", (Button("再", f"{inbound.button or ''}x"),)),
        ),
    )
    async with running(wechat, parrot, stores, clock) as at_work:
        await person.say("你好")
        await at_work.settle()
        for _ in range(5):
            await person.say("1")
        await at_work.settle()
        assert [one.button for one in parrot.heard[1:]] == ["x" * n for n in range(1, 6)]


class Listening:
    """Keeps what it hears of notices."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str | None, bool]] = []

    async def consented(
        self, identity: Identity, template_id: str, key: str, at: datetime, *, accepted: bool
    ) -> None:
        self.heard.append(("consent", template_id, accepted))

    async def withdrawn(self, identity: Identity, template_id: str) -> None:
        self.heard.append(("withdrawn", template_id, False))

    async def finished(self, identity: Identity, message_id: str | None, *, arrived: bool) -> None:
        self.heard.append(("finished", message_id, arrived))


async def test_consents_and_the_fate_of_templates_are_passed_on(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    notices = Listening()
    wechat.account.notices.add("t1", "备案期限", "thing1", "time2")
    wechat.account.notices.add("s1", "备案期限", "thing1", one_time=True)
    async with running(wechat, clock=clock, notices=notices) as at_work:
        client, data = at_work.service.client, {"thing1": "短信核验", "time2": "2026-11-23 10:00"}
        message = await client.send_template(person.openid, "t1", data, None, "r1")
        assert await client.send_template(person.openid, "t1", data, None, "r1") == message
        await at_work.settle()
        assert notices.heard == [("finished", message, True)]
        person.profile.refuses_templates = True
        message = await client.send_template(person.openid, "t1", data, "https://a.example", "r2")
        await person.consent("s1")
        await at_work.settle()
        await person.consent("s1", accept=False)
        await at_work.settle()
        assert ("finished", message, False) in notices.heard
        assert [one for one in notices.heard if one[0] == "consent"] == [
            ("consent", "s1", True),
            ("consent", "s1", False),
        ]
        await person.change_notices("s1", allow=False)
        await at_work.settle()
        assert notices.heard[-1] == ("withdrawn", "s1", False)
        await person.consent("s1")
        await client.send_subscription(person.openid, "s1", {"thing1": "短信核验"}, None)
        await at_work.settle()
        assert ("finished", None, False) in notices.heard
        assert wechat.account.outside_the_rules() == []


async def test_a_flood_is_told_once_and_costs_no_turn(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores = memory_stores(clock)
    parrot = Parrot(stores.cases, clock)
    async with running(wechat, parrot, stores, clock) as at_work:
        for number in range(70):
            await person.say(f"第{number}条")
        shown = await at_work.texts(person)
        assert len(parrot.heard) == 60
        assert shown.count(say("flood", None)) == 1
        assert at_work.refused.count("flood") == 10


async def test_a_turn_that_fails_is_apologised_for(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores = memory_stores(clock)

    def stumble(inbound: Inbound) -> tuple[Reply, ...]:
        raise KeyError("ours")

    async with running(
        wechat, Parrot(stores.cases, clock, answer=stumble), stores, clock
    ) as at_work:
        await person.say("你好")
        assert await at_work.texts(person) == [say("failed", None)]
        assert at_work.refused == ["failed"]


async def test_while_the_store_is_away_wechat_comes_again(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores = memory_stores(clock)
    away = [True, True]

    async def think(inbound: Inbound) -> None:
        if away:
            away.pop()
            raise OSError("the database is away")

    parrot = Parrot(stores.cases, clock, think=think)
    async with running(wechat, parrot, stores, clock) as at_work:
        await person.say("你好")
        [shown] = await at_work.shown(person)
        assert shown.text.startswith("听到：你好")
        assert wechat.callbacks.posted[0].statuses == [503, 503, 200]
        assert await stores.wechat.late(clock() + 2 * LATE, clock() + 3 * LATE, 10) == []


async def test_what_wechat_gave_up_while_turns_failed_is_taken_later(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores = memory_stores(clock)
    away = [True] * 4

    async def think(inbound: Inbound) -> None:
        if away:
            away.pop()
            raise OSError("something beside the database is away")

    parrot = Parrot(stores.cases, clock, think=think)
    async with running(wechat, parrot, stores, clock) as at_work:
        await person.say("你好")
        await wechat.callbacks.settled()
        assert wechat.callbacks.posted[0].statuses == [503] * 4
        clock.advance(LATE)
        await until(lambda: len(parrot.heard) == 1)
        shown = [one for one in await at_work.shown(person) if one.way is not Way.SYSTEM]
        assert [(one.way, one.text) for one in shown] == [(Way.SERVICE, "听到：你好")]


async def test_a_slow_turn_is_waited_for_where_nothing_else_can_be_sent(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    wechat.account.verified = False
    stores, slow = memory_stores(clock), Slow()
    parrot = Parrot(stores.cases, clock, think=slow)
    async with running(wechat, parrot, stores, clock, patience=0.05) as at_work:
        await person.say("你好")
        await wechat.callbacks.settled()
        slow.gone_on.set()
        assert await at_work.texts(person) == []  # 48001: now it is known
        slow.gone_on.clear()
        await person.say("还在吗")
        await until(lambda: slow.thinking == 2)
        await asyncio.sleep(0.1)
        slow.gone_on.set()
        assert [one.way for one in await at_work.shown(person)] == [Way.PASSIVE]


class Abroad(Parrot):
    """Whose people are spoken to in English."""

    async def case(self, identity: Identity) -> Case:
        """See ``Parrot``."""
        return replace(await super().case(identity), locale="en")


async def test_the_channel_s_own_words_are_in_the_person_s_language(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores = memory_stores(clock)

    def stumble(inbound: Inbound) -> tuple[Reply, ...]:
        raise KeyError("ours")

    abroad = Abroad(stores.cases, clock, answer=stumble)
    async with running(wechat, abroad, stores, clock, flood=Rate(1, 0.001)) as at_work:
        await person.say("hello")
        assert await at_work.texts(person) == [say("failed", "en")]
        await person.say("hello?")
        assert await at_work.texts(person) == [say("flood", "en")]
