"""People who write to WeCom customer service, over the same calls as with WeCom itself."""

from datetime import timedelta
from pathlib import Path

from bot.clock import SimulatedClock
from bot.settings import Settings
from bot.testing.wecom import Customer, FakeWeCom, Fault
from bot.wecom.texts import say
from bot.wiring import open_program
from dialogs.message import Identity
from tests.bot.materials.files import picture
from tests.bot.wecom.running import START, at_work, running


async def test_a_message_is_pulled_answered_and_acknowledged(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        assert await wecom.wecom.callbacks.verify()
        await customer.say("我想给公司网站备案")
        [text] = await wecom.texts(customer)
        assert "备案" in text
        assert wecom.wecom.callbacks.statuses == [200]
        assert wecom.wecom.corp.outside_the_rules() == []
        assert wecom.refused == []


async def test_opening_the_chat_is_welcomed_once(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        await customer.enter()
        [welcome] = await wecom.shown(customer)
        assert welcome.by_event
        await customer.enter()
        assert await wecom.shown(customer) == []
        assert customer.profile.left == 0  # it never wrote: nothing else could have been sent
        assert wecom.wecom.corp.outside_the_rules() == []


async def test_choices_are_tapped_or_typed_as_numbers(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        await customer.say("我想备案")
        [notice] = await wecom.shown(customer)
        assert notice.kind == "text"  # too long to stand above lines to tap
        assert "1. 同意\n2. 不同意" in notice.text
        await customer.say("１")
        [question] = await wecom.shown(customer)
        assert [label for _, label in question.choices] == ["都准备好了", "还缺一些"]
        await customer.press("都准备好了")
        [text] = await wecom.texts(customer)
        assert text.startswith("第 3/")
        assert (await wecom.case(customer)).filing is not None
        assert wecom.wecom.corp.outside_the_rules() == []


async def test_messages_of_one_customer_are_taken_in_order_over_many_pages(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        corp = wecom.wecom.corp
        corp.page = 2
        wecom.wecom.callbacks.silent = True
        people = [Customer(corp, number) for number in range(3)]
        for number in range(5):
            for each in people:
                await each.say(f"第{number}条")
        wecom.wecom.callbacks.silent = False
        await people[0].say("最后一条")
        await wecom.settle()
        for each in people:
            identity = Identity("wecom", each.external_id)
            entries = await wecom.program.stores.transcript.latest(identity, 100)
            heard = [entry.heard for entry in entries if entry.heard is not None]
            last = ["最后一条"] if each is people[0] else []
            assert heard == [*(f"第{number}条" for number in range(5)), *last]
        assert len([one for one in corp.called("sync_msg") if one.params.get("cursor")]) > 5


async def test_what_cannot_be_read_gets_a_clear_answer(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        await customer.say("我想备案")
        await wecom.settle()
        wording = wecom.program.world.wording
        for kind, key in (
            ("voice", "message.other_voice"),
            ("location", "message.other_location"),
            ("miniprogram", "message.other_unreadable"),
            ("business_card", "message.other_contact"),
            ("a_kind_of_next_year", "message.other_unreadable"),
        ):
            await wecom.shown(customer)
            wecom.clock.advance(timedelta(seconds=3))
            customer.send(kind, {"media_id": "x"})
            [text] = await wecom.texts(customer)
            assert text.startswith(wording.say(key, "zh-CN")), kind


async def test_a_picture_nobody_asked_for_is_not_fetched(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        await customer.send_file("执照.jpg", picture("JPEG"), photo=True)
        assert await wecom.texts(customer)
        assert wecom.wecom.corp.called("media/get") == []


async def test_a_recalled_message_is_answered_for(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        key = await customer.say("我想备案")
        await wecom.shown(customer)
        await customer.recall(key)
        assert await wecom.texts(customer) == [say("recalled", "zh-CN")]
        await customer.recall("msg-of-somebody-else")
        assert await wecom.texts(customer) == []


async def test_a_customer_who_writes_too_fast_is_told_once(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        wecom.wecom.callbacks.silent = True
        for _ in range(70):
            await customer.say("在吗")
        wecom.wecom.callbacks.silent = False
        await customer.say("在吗")
        texts = await wecom.texts(customer)
        assert texts.count(say("flood", None)) <= 1
        assert wecom.refused.count("flood") == 11
        assert wecom.wecom.corp.outside_the_rules() == []


async def test_a_lost_callback_is_made_up_for_by_the_next(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        first, second = Customer(wecom.wecom.corp, 1), Customer(wecom.wecom.corp, 2)
        wecom.wecom.callbacks.silent = True
        await first.say("你好")
        wecom.wecom.callbacks.silent = False
        await second.say("你好")
        assert await wecom.texts(second)
        assert await wecom.texts(first)


async def test_a_token_that_ended_is_renewed_once(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        await customer.say("你好")
        assert await wecom.texts(customer)
        wecom.wecom.corp.token = ""  # ended early
        await customer.say("还在吗")
        assert await wecom.texts(customer)
        assert wecom.wecom.corp.tokens_given == 2


async def test_pulling_goes_on_after_trouble(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        await wecom.settle()
        wecom.wecom.corp.order(Fault("sync_msg", cut=True))
        wecom.wecom.corp.order(Fault("sync_msg", errcode=45009))
        await customer.say("你好")
        await customer.wait_for(lambda shown: len(shown) == 1, patience=30)


async def test_what_was_said_long_before_the_first_pull_is_left_alone(tmp_path: Path) -> None:
    clock = SimulatedClock(START)
    settings = Settings(_env_file=None, home=tmp_path)
    async with (
        open_program(settings, clock, in_memory=True) as program,
        FakeWeCom(now=clock, patience=60) as server,
    ):
        early, late = Customer(server.corp, 1), Customer(server.corp, 2)
        await early.say("你好")
        clock.advance(timedelta(hours=2))
        await late.say("你好")
        async with running(server, program, clock) as wecom:
            assert await wecom.texts(late)
            assert await wecom.texts(early) == []


async def test_another_process_goes_on_from_the_cursor_and_repeats_nothing(tmp_path: Path) -> None:
    clock = SimulatedClock(START)
    settings = Settings(_env_file=None, home=tmp_path)
    async with (
        open_program(settings, clock, in_memory=True) as program,
        FakeWeCom(now=clock, patience=60) as server,
    ):
        customer = Customer(server.corp)
        async with running(server, program, clock) as wecom:
            await customer.say("你好")
            assert len(await wecom.texts(customer)) == 1
        await customer.say("我想备案")  # nobody listens
        clock.advance(timedelta(hours=3))
        async with running(server, program, clock) as wecom:
            await wecom.settle()
            assert len(await customer.messages()) == 2
        pulled = [one.params.get("cursor") for one in server.corp.called("sync_msg")]
        assert pulled.count(None) == 1  # never again from the beginning
