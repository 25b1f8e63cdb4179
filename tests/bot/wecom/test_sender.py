"""What goes out to customers: within windows and sessions, under ids that stay the same."""

import tomllib
from collections import Counter
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from bot.testing.wecom import Customer, Fault, State
from bot.wecom.errors import Action, Refused, codes
from desk.claims import Claims
from dialogs.case import Colleague
from dialogs.message import Identity, OutgoingFile
from dialogs.ports import Entry
from filing.event import Event, EventType
from tests.bot.wecom.running import Running, at_work

LI = Colleague("a1", "小李")


async def claimed(wecom: Running, customer: Customer) -> tuple[Claims, str]:
    """A colleague has the conversation, and the customer was told."""
    claims = Claims(wecom.program.assistant, wecom.program.stores.claims, wecom.clock)
    conversation = (await wecom.case(customer)).conversation_id
    await claims.take(LI, conversation)
    await wecom.shown(customer)
    return claims, conversation


async def last(wecom: Running, customer: Customer) -> Entry:
    """The newest of what was said, as the desk shows it."""
    await wecom.settle()
    identity = Identity("wecom", customer.external_id)
    entries = await wecom.program.stores.transcript.latest(identity, 10)
    return [one for one in entries if one.said is not None][-1]


async def test_staff_have_one_message_more_than_the_assistant(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        await wecom.say(customer, "我想备案")
        claims, conversation = await claimed(wecom, customer)
        for text in ("一", "二", "三"):
            await claims.say(LI, conversation, text)
            assert len(await wecom.shown(customer)) == 1
        assert customer.profile.left == 0
        await claims.say(LI, conversation, "四")
        said = await last(wecom, customer)
        assert (said.status, said.reason) == ("undeliverable", "none_left")
        wecom.clock.advance(timedelta(hours=49))
        await claims.say(LI, conversation, "五")
        assert (await last(wecom, customer)).reason == "window_closed"
        assert wecom.wecom.corp.outside_the_rules() == []


async def test_news_waits_until_the_customer_writes(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        await wecom.say(customer, "我想备案")
        await wecom.say(customer, "同意")
        wecom.clock.advance(timedelta(hours=50))
        identity = Identity("wecom", customer.external_id)
        event = Event(EventType.WITHDRAWN, wecom.clock())
        await wecom.program.assistant.record(identity, event)
        assert await wecom.shown(customer) == []
        assert (await last(wecom, customer)).status == "due"
        texts = await wecom.say(customer, "在吗")
        assert len(texts) == 2  # the news, then the answer
        assert wecom.wecom.corp.outside_the_rules() == []


async def test_a_message_whose_fate_is_unknown_is_repeated_under_the_same_id(
    tmp_path: Path,
) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        wecom.wecom.corp.order(Fault("send_msg", cut=True, effect=True))
        assert len(await wecom.say(customer, "你好")) == 1  # put off by now, not only shown
        wecom.clock.advance(timedelta(seconds=10))
        await wecom.settle()
        assert len(await customer.messages()) == 1  # WeCom refused the id it knew
        assert len(wecom.wecom.corp.repeats()) == 1
        assert (await last(wecom, customer)).status == "sent"
        assert customer.profile.left == 4
        assert wecom.wecom.corp.outside_the_rules() == []


async def test_a_busy_wecom_is_asked_again(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        wecom.wecom.corp.order(Fault("send_msg", errcode=-1, times=2))
        assert len(await wecom.say(customer, "你好")) == 1


async def test_wecoms_own_count_is_believed(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        await wecom.say(customer, "我想备案")
        customer.profile.left = 0  # somebody else of the company wrote
        claims, conversation = await claimed(wecom, customer)
        assert (await last(wecom, customer)).reason == "none_left"
        sent = len(wecom.wecom.corp.called("send_msg"))
        await claims.say(LI, conversation, "一")
        assert (await last(wecom, customer)).reason == "none_left"
        assert len(wecom.wecom.corp.called("send_msg")) == sent  # not even tried


async def test_who_is_refused_is_seen_at_the_desk_until_they_write_again(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        await wecom.say(customer, "我想备案")
        customer.profile.blocks = True
        wecom.clock.advance(timedelta(seconds=3))
        claims, conversation = await claimed(wecom, customer)
        said = await last(wecom, customer)
        assert (said.status, said.reason) == ("undeliverable", "blocked")
        await claims.say(LI, conversation, "在吗")
        assert (await last(wecom, customer)).reason == "blocked"
        customer.profile.blocks = False
        await wecom.say(customer, "我在")
        await claims.say(LI, conversation, "好的")
        assert await wecom.texts(customer) == ["👤 客服小李\n好的"]


async def test_documents_of_colleagues_go_out_as_files(tmp_path: Path) -> None:
    path = tmp_path / "说明.docx"
    path.write_bytes(b"a document, not really")
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        await wecom.say(customer, "我想备案")
        claims, conversation = await claimed(wecom, customer)
        file = OutgoingFile("说明.docx", path=str(path))
        await claims.say(LI, conversation, "请看附件", [file])
        document, text = await wecom.shown(customer)
        assert (document.kind, document.text) == ("file", "说明.docx")
        assert text.text == "👤 客服小李\n请看附件"
        assert document.msgid != text.msgid


async def test_a_colleague_who_speaks_into_a_servicers_session_is_told(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        customer = Customer(wecom.wecom.corp)
        await wecom.say(customer, "我想备案")
        await customer.taken_by("zhangsan")
        await wecom.settle()
        claims, conversation = await claimed_over(wecom, customer)
        await claims.say(LI, conversation, "我来")
        said = await last(wecom, customer)
        assert (said.status, said.reason) == ("undeliverable", "session")
        assert customer.profile.state is State.HUMAN
        assert wecom.wecom.corp.outside_the_rules() == []


async def claimed_over(wecom: Running, customer: Customer) -> tuple[Claims, str]:
    """A colleague takes the conversation from whoever has it."""
    claims = Claims(wecom.program.assistant, wecom.program.stores.claims, wecom.clock)
    conversation = (await wecom.case(customer)).conversation_id
    await claims.take_over(LI, conversation, "为了测试")
    return claims, conversation


async def test_a_wrong_secret_is_told_with_its_cure(tmp_path: Path) -> None:
    async with at_work(tmp_path, secret="wrong") as wecom:
        await wecom.settle()
        assert "BEIAN_WECOM_SECRET" in (wecom.service.trouble or "")


def test_every_code_says_who_tells_of_it_and_every_action_has_one() -> None:
    table = tomllib.loads((files("bot.wecom") / "codes.toml").read_text(encoding="utf-8"))
    sources = Counter(one["source"] for one in table["codes"].values())
    assert set(sources) == {"manual", "support", "developers", "nobody"}
    assert sources["nobody"] == 1  # 95016: it only makes us ask who has a session
    assert {one.action for one in codes().values()} == set(Action)
    switched_off = Refused(95017)  # no session's fault: the operator is told
    assert switched_off.action is Action.ACCOUNT and "switch it on" in str(switched_off)
