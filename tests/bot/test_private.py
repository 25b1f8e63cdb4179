"""Nothing personal goes where others read along: no sender of any channel writes to a group."""

import ast
import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reminding.gateway import SmsSender
from bot.reminding.mail import MailSender
from bot.sending import Delivered, Delivery, Outcome, Sender
from bot.telegram.linked import LinkedSender
from bot.telegram.sender import TelegramSender
from bot.wechat.notices import NoticeSender, TemplateSender
from bot.wechat.sender import WeChatSender
from bot.wecom.sender import WeComSender
from dialogs.message import Identity
from dialogs.ports import Outgoing
from storage.memory import memory_stores
from tests.storage.making import NOW, say, turn

SENDERS: list[type[Sender]] = [
    TelegramSender,
    LinkedSender,
    MailSender,
    SmsSender,
    WeChatSender,
    TemplateSender,
    NoticeSender,
    WeComSender,
]
"""Every way to an applicant. One that is missing here is found by the test below."""

GROUPS = st.one_of(
    st.integers(max_value=-1).map(str),  # Telegram's groups, supergroups and channels
    st.from_regex(r"[0-9]{5,20}@chatroom", fullmatch=True),  # WeChat's
    st.from_regex(r"wr[A-Za-z0-9_-]{1,40}@[a-z]+", fullmatch=True),
    st.from_regex(r"@[a-z_]{5,30}", fullmatch=True),  # Telegram's public names
    st.from_regex(r"(team|list|all)@[a-z]{2,10}\.cn", fullmatch=True),  # lists by e-mail
    st.sampled_from(["", " ", "group", "-0", "0x1F", "１２３", "*"]),
)


def test_every_sender_is_looked_at_here() -> None:
    assert set(_senders()) == {one.__name__ for one in SENDERS}


def _senders() -> Iterator[str]:
    """The classes of the program that send what the outbox holds, read from its source."""
    for path in sorted((Path(__file__).parents[2] / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ClassDef) or node.name == "Sender":
                continue
            sends = (one for one in node.body if isinstance(one, ast.AsyncFunctionDef))
            if any(one.name == "send" and one.args.args[-1].arg == "outgoing" for one in sends):
                yield node.name


@pytest.mark.parametrize("sender", SENDERS, ids=lambda one: one.__name__)
@given(group=GROUPS)
def test_no_group_is_private_to_any_sender(sender: type[Sender], group: str) -> None:
    is_private: Callable[[Sender, str], bool] = sender.is_private
    assert not is_private(object.__new__(sender), group)


class _Greedy:
    """A platform that would take anything, and tells who is private as one of ours."""

    def __init__(self, sender: type[Sender]) -> None:
        self.sent: list[Outgoing] = []
        self._sender = sender

    @property
    def channel(self) -> str:
        return "telegram"

    def is_private(self, external_id: str) -> bool:
        is_private: Callable[[Sender, str], bool] = self._sender.is_private
        return is_private(object.__new__(self._sender), external_id)

    async def send(self, outgoing: Outgoing) -> Outcome:
        self.sent.append(outgoing)
        return Delivered()


async def test_what_would_go_to_a_group_is_given_up_before_it_is_sent() -> None:
    stores, platform = memory_stores(lambda: NOW), _Greedy(TelegramSender)
    for name in ("-1001234567890", "1234567"):
        who = Identity("telegram", name)
        case = await stores.cases.open(who, NOW, "zh-CN")
        await stores.cases.commit(turn(case, say(who, f"to {name}")))
    delivery = Delivery(stores.outbox, platform, lambda: datetime.now(UTC))
    stop = asyncio.Event()
    running = asyncio.create_task(delivery.run(stop))
    await delivery.settled()
    stop.set()
    await running
    assert [one.identity.external_id for one in platform.sent] == ["1234567"]
    [_, entry] = await stores.transcript.since(Identity("telegram", "-1001234567890"), 0)
    assert (entry.status, entry.reason) == ("undeliverable", "not_private")
