"""What is sent, when nothing may be, and what becomes of each refusal."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from bot.clock import SimulatedClock
from bot.sending import Ambiguous, Delivered, RetryLater, Undeliverable
from bot.testing.wechat import FakeWeChat, Fault, Follower, Way
from bot.wechat.client import WeChatClient
from bot.wechat.errors import Action, codes
from bot.wechat.sender import WeChatSender
from dialogs.case import Colleague
from dialogs.message import Button, Identity, OutgoingFile, Reply, ReplyKind
from dialogs.pictures import FooterPicture
from dialogs.ports import Outgoing
from storage.memory import memory_stores
from storage.ports import Stores
from storage.wechat_ports import Opens
from tests.bot.wechat.running import config_for

SEND = "custom/send"


@dataclass
class Sending:
    """A sender with its person, who has just written."""

    sender: WeChatSender
    stores: Stores
    wechat: FakeWeChat
    person: Follower
    clock: SimulatedClock
    number: int = 0

    async def heard(self, opens: Opens = Opens.TALK) -> None:
        """The person does something."""
        self.number += 1
        self.clock.advance(timedelta(seconds=1))
        now = self.clock()
        await self.stores.wechat.heard(self.person.openid, f"heard-{self.number}", opens, now)
        allowance = self.person.profile.allowance
        if opens is Opens.TALK:
            allowance.talked(now)
        else:
            allowance.touched(now)

    def saying(
        self,
        text: str = "您好",
        kind: ReplyKind = ReplyKind.NOTICE,
        author: str | None = None,
        **more: object,
    ) -> Outgoing:
        """Something to send."""
        self.number += 1
        identity = Identity("wechat", self.person.openid)
        reply = Reply(kind, text, **more)  # type: ignore[arg-type]  # whatever a test gives
        if author is None:
            return Outgoing(f"out-{self.number}", identity, reply)
        return Outgoing(f"out-{self.number}", identity, reply, author=author)

    @property
    def texts(self) -> list[str]:
        """What the person sees."""
        return [one.text for one in self.person.profile.shown]


@pytest.fixture
async def sending(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> AsyncIterator[Sending]:
    stores = memory_stores(clock)
    async with httpx.AsyncClient() as http:
        account = config_for(wechat).account
        client = WeChatClient(http, account, stores.wechat, clock, pause=0.001)
        at_work = Sending(WeChatSender(client, stores.wechat, clock), stores, wechat, person, clock)
        await at_work.heard()
        yield at_work
        assert wechat.account.outside_the_rules() == []


STAFF = Colleague("agent-1", "小林").author


async def test_the_assistant_leaves_one_message_to_staff(sending: Sending) -> None:
    outcomes = [await sending.sender.send(sending.saying(str(number))) for number in range(5)]
    assert outcomes == [Delivered()] * 4 + [RetryLater(6 * 3600)]
    assert await sending.sender.send(sending.saying("客服", author=STAFF)) == Delivered()
    refused = await sending.sender.send(sending.saying("客服", author=STAFF))
    assert refused == Undeliverable("none_left")
    assert sending.texts == ["0", "1", "2", "3", "客服"]


async def test_after_48_hours_reminders_go_another_way_and_news_wait(sending: Sending) -> None:
    sending.clock.advance(timedelta(hours=48))
    reminder = sending.saying(kind=ReplyKind.REMINDER)
    assert await sending.sender.send(reminder) == Undeliverable("window_closed")
    assert await sending.sender.send(sending.saying(author=STAFF)) == Undeliverable("window_closed")
    news = sending.saying("初审通过")
    assert await sending.sender.send(news) == RetryLater(6 * 3600)
    await sending.heard()
    assert await sending.sender.send(news) == Delivered()
    assert sending.wechat.account.calls[0].path == "/cgi-bin/stable_token"
    assert sending.texts == ["初审通过"]


async def test_news_waits_in_front_of_no_colleague(sending: Sending) -> None:
    async def is_held(identity: Identity) -> bool:
        return identity.external_id == sending.person.openid

    async with httpx.AsyncClient() as http:
        account = config_for(sending.wechat).account
        client = WeChatClient(http, account, sending.stores.wechat, sending.clock)
        sender = WeChatSender(client, sending.stores.wechat, sending.clock, is_held=is_held)
        sending.clock.advance(timedelta(hours=48))
        taken = sending.saying("客服小林接着为您服务。")
        assert await sender.send(taken) == Undeliverable("window_closed")


async def test_a_menu_click_lets_three_through_for_a_minute(sending: Sending) -> None:
    sending.clock.advance(timedelta(hours=50))
    await sending.heard(Opens.TOUCH)
    outcomes = [await sending.sender.send(sending.saying(str(number))) for number in range(4)]
    assert outcomes == [Delivered()] * 3 + [RetryLater(6 * 3600)]


async def test_nothing_is_sent_to_somebody_who_left(sending: Sending) -> None:
    await sending.stores.wechat.gone(sending.person.openid)
    sending.person.profile.following = False
    assert await sending.sender.send(sending.saying()) == Undeliverable("blocked")
    assert sending.wechat.account.called(SEND) == []


@pytest.mark.parametrize(
    "code, kind, outcome",
    [
        (40003, ReplyKind.NOTICE, Undeliverable("chat_not_found")),
        (43004, ReplyKind.NOTICE, Undeliverable("blocked")),
        (45015, ReplyKind.REMINDER, Undeliverable("window_closed")),
        (45047, ReplyKind.REMINDER, Undeliverable("none_left")),
        (45015, ReplyKind.NOTICE, RetryLater(6 * 3600)),
        (45047, ReplyKind.NOTICE, RetryLater(6 * 3600)),
        (45009, ReplyKind.REMINDER, Undeliverable("quota")),
        (45009, ReplyKind.NOTICE, RetryLater(3600)),
        (48001, ReplyKind.NOTICE, Undeliverable("no_permission")),
        (40164, ReplyKind.NOTICE, RetryLater(60)),
        (45002, ReplyKind.NOTICE, Undeliverable("too_long")),
        (99999, ReplyKind.NOTICE, Undeliverable("refused")),
    ],
)
async def test_each_code_has_its_outcome(
    sending: Sending, code: int, kind: ReplyKind, outcome: object
) -> None:
    sending.wechat.account.order(Fault(SEND, code, times=1))
    assert await sending.sender.send(sending.saying(kind=kind)) == outcome
    sending.wechat.account.calls.clear()  # ordered, not deserved


async def test_wechat_is_believed_about_the_window(sending: Sending) -> None:
    sending.wechat.account.order(Fault(SEND, 45047))
    await sending.sender.send(sending.saying())
    sending.wechat.account.calls.clear()
    await sending.sender.send(sending.saying())
    assert sending.wechat.account.called(SEND) == []
    await sending.heard()
    assert await sending.sender.send(sending.saying()) == Delivered()


async def test_what_was_refused_counts_for_nothing(sending: Sending) -> None:
    for code in (40164, 99999, 45009):
        sending.wechat.account.order(Fault(SEND, code))
        await sending.sender.send(sending.saying())
    sending.wechat.account.calls.clear()
    budget = await sending.stores.wechat.budget(sending.person.openid)
    assert budget.left(sending.clock()) == 5


async def test_a_busy_wechat_is_asked_three_times(sending: Sending) -> None:
    sending.wechat.account.order(Fault(SEND, -1, times=2))
    assert await sending.sender.send(sending.saying("一")) == Delivered()
    sending.wechat.account.order(Fault(SEND, -1, times=3))
    assert await sending.sender.send(sending.saying("二")) == RetryLater()
    assert sending.texts == ["一"]


async def test_a_broken_connection_may_have_delivered(sending: Sending) -> None:
    sending.wechat.account.order(Fault(SEND, 0, cut=True, effect=True))
    assert await sending.sender.send(sending.saying()) == Ambiguous()
    sending.wechat.account.order(Fault(SEND, 0, status=502))
    assert await sending.sender.send(sending.saying()) == Ambiguous()
    budget = await sending.stores.wechat.budget(sending.person.openid)
    assert budget.left(sending.clock()) == 3  # it may have counted


async def test_an_unreachable_wechat_surely_delivered_nothing(
    sending: Sending, unused_port: int
) -> None:
    account = config_for(sending.wechat, api_base=f"http://127.0.0.1:{unused_port}").account
    async with httpx.AsyncClient() as http:
        client = WeChatClient(http, account, sending.stores.wechat, sending.clock)
        sender = WeChatSender(client, sending.stores.wechat, sending.clock)
        assert await sender.send(sending.saying()) == RetryLater()
    budget = await sending.stores.wechat.budget(sending.person.openid)
    assert budget.left(sending.clock()) == 5


async def test_an_account_that_may_not_send_is_not_asked_again_for_an_hour(
    sending: Sending,
) -> None:
    sending.wechat.account.verified = False
    for _ in range(3):
        assert await sending.sender.send(sending.saying()) == Undeliverable("no_permission")
    assert len(sending.wechat.account.called(SEND)) == 1
    assert "verified service account" in (sending.sender.trouble or "")
    sending.wechat.account.verified = True
    sending.clock.advance(timedelta(hours=1))
    assert await sending.sender.send(sending.saying()) == Delivered()
    assert sending.sender.trouble is None


async def test_a_turn_is_sent_as_one_and_its_parts_share_its_end(sending: Sending) -> None:
    one, two, three = (sending.saying(text) for text in ("一", "二", "三"))
    sending.sender.together([one, two, three])
    outcomes = [await sending.sender.send(each) for each in (one, two, three)]
    assert (outcomes, sending.texts) == ([Delivered()] * 3, ["一\n\n二\n\n三"])
    four, five = sending.saying("四"), sending.saying("五")
    sending.wechat.account.order(Fault(SEND, 40003))
    sending.sender.together([four, five])
    assert [await sending.sender.send(each) for each in (four, five)] == [
        Undeliverable("chat_not_found")
    ] * 2
    sending.wechat.account.calls.clear()


async def test_another_try_goes_on_where_the_last_one_stopped(sending: Sending) -> None:
    long = sending.saying("。".join("备" * 300 for _ in range(5)))
    sending.wechat.account.order(Fault(SEND, 99998, times=0))
    sending.wechat.account.faults.append(_after(sending, 1))
    assert await sending.sender.send(long) == RetryLater(60)
    assert await sending.sender.send(long) == Delivered()
    assert "".join(sending.texts) == "。".join("备" * 300 for _ in range(5))
    sending.wechat.account.calls.clear()


def _after(sending: Sending, calls: int) -> Fault:
    """An address not allowed, after so many messages."""

    class Later(Fault):
        def fits(self, path: str, params: dict[str, object]) -> bool:
            enough = len(sending.wechat.account.called(SEND)) >= calls
            return enough and super().fits(path, params)

    return Later(SEND, 40164)


async def test_a_text_wechat_finds_too_long_is_cut_again(sending: Sending) -> None:
    sending.wechat.account.order(Fault(SEND, 45002))
    text = "。".join("备" * 100 for _ in range(5))
    assert await sending.sender.send(sending.saying(text)) == Delivered()
    assert len(sending.texts) > 1 and "".join(sending.texts) == text
    sending.wechat.account.calls.clear()


async def test_pictures_come_before_the_question(sending: Sending) -> None:
    picture = OutgoingFile("页脚.png", picture=FooterPicture("example.cn", "示例", ("苏ICP备1号",)))
    question = sending.saying(
        "这样可以吗？", ReplyKind.QUESTION, buttons=(Button("可以", "yes"),), files=(picture,)
    )
    assert await sending.sender.send(question) == Delivered()
    kinds = [(one.kind, one.way) for one in sending.person.profile.shown]
    assert kinds == [("image", Way.SERVICE), ("msgmenu", Way.SERVICE)]


async def test_a_deletion_cannot_be_carried_out(sending: Sending) -> None:
    identity = Identity("wechat", sending.person.openid)
    assert await sending.sender.send(Outgoing("d", identity, delete="1")) == Undeliverable(
        "not_deletable"
    )


async def test_a_refused_token_is_renewed_once(sending: Sending) -> None:
    assert await sending.sender.send(sending.saying("一")) == Delivered()
    sending.wechat.account.tokens.end()
    assert await sending.sender.send(sending.saying("二")) == Delivered()
    sending.wechat.account.order(Fault(SEND, 40001, times=2))
    assert await sending.sender.send(sending.saying("三")) == RetryLater(60)
    assert await sending.sender.send(sending.saying("四")) == Delivered()
    assert len(sending.wechat.account.called("stable_token")) <= 4


async def test_processes_share_one_token(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores = memory_stores(clock)
    account = config_for(wechat).account
    async with httpx.AsyncClient() as http:
        clients = [WeChatClient(http, account, stores.wechat, clock) for _ in range(8)]
        await asyncio.gather(*(each.check() for each in clients))
        assert len(wechat.account.called("stable_token")) == 1
        clock.advance(timedelta(seconds=7200) - timedelta(minutes=5))
        await asyncio.gather(*(each.check() for each in clients))
        assert len(wechat.account.called("stable_token")) == 2
        wechat.account.tokens.end()  # and all of them find out at once
        person.profile.allowance.talked(clock())
        await asyncio.gather(*(each.send_text(person.openid, "您好") for each in clients[:5]))
        assert len(wechat.account.called("stable_token")) == 3


async def test_a_token_that_stays_refused_is_renewed_by_force(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    stores = memory_stores(clock)
    async with httpx.AsyncClient() as http:
        client = WeChatClient(http, config_for(wechat).account, stores.wechat, clock)
        await client.check()
        first = wechat.account.tokens.given
        wechat.account.order(Fault(SEND, 42001))
        person.profile.allowance.talked(clock())
        await client.send_text(person.openid, "您好")
        assert wechat.account.tokens.given == first + 1
        forced = [one.params["force_refresh"] for one in wechat.account.called("stable_token")]
        assert forced == [False, False, True]


async def test_a_wrong_secret_is_told_with_its_cure(sending: Sending) -> None:
    sending.wechat.account.secret = "another"
    assert await sending.sender.send(sending.saying()) == RetryLater(60)
    assert "BEIAN_WECHAT_SECRET" in (sending.sender.trouble or "")


def test_every_action_of_the_table_is_one_that_is_acted_on() -> None:
    assert {one.action for one in codes().values()} == set(Action) - {Action.GIVE_UP}
    expected = {
        -1: "again", 40001: "refresh", 40014: "refresh", 42001: "refresh", 40003: "nobody",
        40037: "template", 40164: "account", 43004: "left", 43101: "consent", 45002: "shorter",
        45009: "quota", 45015: "closed", 45047: "spent", 48001: "permission",
    }  # fmt: skip
    assert {code: str(codes()[code].action) for code in expected} == expected
