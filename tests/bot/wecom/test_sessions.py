"""Who may speak: sessions in WeCom and claims of our desk, kept in step."""

from datetime import timedelta
from pathlib import Path

from bot.testing.wecom import Customer, State
from bot.wecom.sessions import QUEUE
from bot.wecom.windows import WeComWindows
from desk.claims import Claims
from dialogs.case import Colleague
from dialogs.message import Identity
from tests.bot.wecom.running import Running, at_work

LI = Colleague("a1", "小李")


def windows(wecom: Running) -> WeComWindows:
    stores = wecom.program.stores
    return WeComWindows(stores.wechat, stores.wecom)


async def begun(wecom: Running) -> Customer:
    """Somebody who has begun a filing."""
    customer = Customer(wecom.wecom.corp)
    assert await wecom.say(customer, "我想备案")
    assert await wecom.say(customer, "同意")
    return customer


async def test_the_bot_takes_a_session_when_it_begins(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = await begun(wecom)
        assert customer.profile.state is State.BOT
        assert len(wecom.wecom.corp.called("trans")) == 1


async def test_while_a_servicer_has_the_session_the_bot_is_silent(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = await begun(wecom)
        await customer.taken_by("zhangsan")
        assert await wecom.say(customer, "在吗") == []
        hold = (await wecom.case(customer)).hold
        assert hold is not None
        assert (hold.agent, hold.name) == ("wecom:zhangsan", "企业微信客服 zhangsan")
        await customer.answered_by("zhangsan", "您好，我来帮您")
        assert await wecom.texts(customer) == ["您好，我来帮您"]  # once: it was said there
        identity = Identity("wecom", customer.external_id)
        entries = await wecom.program.stores.transcript.latest(identity, 3)
        said = [one for one in entries if one.said is not None][-1]
        assert said.said is not None
        assert (said.said.text, said.status) == ("您好，我来帮您", "sent")
        left = await windows(wecom).left(identity, wecom.clock())
        assert left is not None
        assert left.messages == 0  # nobody else may speak
        await customer.taken_by("lisi")
        await wecom.settle()
        hold = (await wecom.case(customer)).hold
        assert hold is not None
        assert hold.agent == "wecom:lisi"
        assert wecom.wecom.corp.outside_the_rules() == []


async def test_when_the_servicer_ends_it_the_bot_takes_up_again(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = await begun(wecom)
        await customer.taken_by("zhangsan")
        await wecom.settle()
        await customer.left_by("zhangsan")
        [word] = await wecom.shown(customer)
        assert word.by_event  # the one message that the end lets through
        assert "客服同事已离开" in word.text and "zhangsan" not in word.text
        assert (await wecom.case(customer)).hold is None
        assert customer.profile.servicer == ""
        assert await wecom.say(customer, "都准备好了")
        assert customer.profile.state == State.BOT
        assert wecom.wecom.corp.outside_the_rules() == []


async def test_what_a_colleague_at_the_desk_says_goes_out_in_the_bots_session(
    tmp_path: Path,
) -> None:
    async with at_work(tmp_path) as wecom:
        customer = await begun(wecom)
        claims = Claims(wecom.program.assistant, wecom.program.stores.claims, wecom.clock)
        conversation = (await wecom.case(customer)).conversation_id
        await claims.take(LI, conversation)
        assert await wecom.texts(customer)  # who has come
        await claims.say(LI, conversation, "我看一下")
        assert await wecom.texts(customer) == ["👤 客服小李\n我看一下"]
        assert customer.profile.state is State.BOT
        assert await wecom.say(customer, "好的") == []
        await customer.taken_by("zhangsan")  # in WeCom, over their head
        await wecom.settle()
        hold = (await wecom.case(customer)).hold
        assert hold is not None
        assert hold.agent == "wecom:zhangsan"


async def test_a_change_nobody_told_of_is_found_out(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = await begun(wecom)
        customer.profile.state, customer.profile.servicer = State.HUMAN, "lisi"
        assert await wecom.say(customer, "还缺一些") == []  # WeCom refuses the answer
        hold = (await wecom.case(customer)).hold
        assert hold is not None
        assert hold.agent == "wecom:lisi"
        customer.profile.state, customer.profile.servicer = State.BOT, ""
        wecom.clock.advance(timedelta(minutes=2))
        assert await wecom.say(customer, "还缺一些")
        assert (await wecom.case(customer)).hold is None


async def test_whoever_asks_for_a_person_goes_to_a_servicer_if_that_is_set_up(
    tmp_path: Path,
) -> None:
    async with at_work(tmp_path, servicer="zhangsan") as wecom:
        customer = await begun(wecom)
        assert await wecom.say(customer, "转人工")  # told that somebody comes
        assert customer.profile.state is State.HUMAN
        assert customer.profile.servicer == "zhangsan"
        hold = (await wecom.case(customer)).hold
        assert hold is not None
        assert hold.agent == "wecom:zhangsan"
        assert await wecom.say(customer, "在吗") == []
        assert wecom.wecom.corp.outside_the_rules() == []


async def test_or_into_the_queue_where_one_of_them_takes_it(tmp_path: Path) -> None:
    async with at_work(tmp_path, servicer=QUEUE) as wecom:
        customer = await begun(wecom)
        await wecom.say(customer, "转人工")
        assert customer.profile.state is State.QUEUE
        await customer.taken_by("lisi")
        await wecom.settle()
        hold = (await wecom.case(customer)).hold
        assert hold is not None
        assert hold.agent == "wecom:lisi"


async def test_who_is_no_servicer_leaves_it_to_the_desk(tmp_path: Path) -> None:
    async with at_work(tmp_path, servicer="nobody") as wecom:
        customer = await begun(wecom)
        assert await wecom.say(customer, "转人工")
        assert customer.profile.state is State.BOT
        case = await wecom.case(customer)
        assert (case.hold, case.handover) == (None, "waiting")


async def test_who_waited_in_vain_is_not_asked_how_the_help_was(tmp_path: Path) -> None:
    async with at_work(tmp_path, servicer=QUEUE) as wecom:
        customer = await begun(wecom)
        await wecom.say(customer, "转人工")
        assert customer.profile.state is State.QUEUE
        await customer.left_by("")  # the queue gave up
        [word] = await wecom.texts(customer)
        assert "没有接起" in word and "满意" not in word
        assert (await wecom.case(customer)).hold is None
