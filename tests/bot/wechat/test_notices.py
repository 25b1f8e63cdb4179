"""Reminders by template and by one-time notice: what is sent, when, and never twice."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.reminding.reaching import reach_of
from bot.sending import Ambiguous, Delivered, RetryLater, Undeliverable
from bot.settings import Settings
from bot.wechat.errors import Refused, Unreachable, WeChatFault
from bot.wechat.notice_templates import NoticeTemplates, load_notice_templates
from bot.wechat.notices import NoticeBook, NoticeSender, TemplateSender
from dialogs.message import Identity, Notice, Reply, ReplyKind
from dialogs.ports import Outgoing
from knowledge.errors import BrokenContent
from scheduler.notices import WECHAT_NOTICE, WECHAT_TEMPLATE
from storage.memory import memory_stores
from storage.wechat_ports import WeChatStore

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
ID = "tm0K3Yp6Vw2fQ8sLxN4hR7dJ9bC1gT5aE0zU3iO6yX2"
WHO = "oTea-0123456789abcdef"
TEXT = f"""
consent_url = "https://mp.weixin.qq.com/s/abc"

[follow.default]
id = "{ID}"
fields = {{ thing1 = "title", character_string2 = "filing", time3 = "due", thing4 = "next_step" }}

[follow.sms_verification]
id = "sms-{ID[4:]}"
fields = {{ thing1 = "left" }}

[once.default]
id = "once-{ID[5:]}"
fields = {{ thing1 = "title", date2 = "due" }}
"""
NOTICE = Notice(
    "bureau_review", "管局审核", "#A7K2", NOW + timedelta(days=3), "3 天", "请留意短信，" * 6
)


@dataclass
class _Account:
    """An account that does as it is told, and keeps what it was asked."""

    faults: list[WeChatFault] = field(default_factory=list)
    sent: list[tuple[str, Mapping[str, str], str]] = field(default_factory=list)

    async def send_template(
        self,
        openid: str,
        template_id: str,
        data: Mapping[str, str],
        url: str | None,
        client_msg_id: str,
    ) -> str:
        return self._send(template_id, data, client_msg_id)

    async def send_subscription(
        self, openid: str, template_id: str, data: Mapping[str, str], url: str | None
    ) -> None:
        self._send(template_id, data, "")

    def _send(self, template_id: str, data: Mapping[str, str], once: str) -> str:
        self.sent.append((template_id, data, once))
        if self.faults and (fault := self.faults.pop(0)) is not None:
            raise fault
        return "77"


def _templates(folder: Path, text: str = TEXT) -> NoticeTemplates:
    (folder / "wechat").mkdir(exist_ok=True)
    (folder / "wechat" / "notice_templates.toml").write_text(text, encoding="utf-8")
    return load_notice_templates(folder)


def _due(channel: str, kind: str = "bureau_review", name: str = "o1") -> Outgoing:
    notice = Notice(kind, *(getattr(NOTICE, one) for one in
                            ("title", "filing", "due_at", "left", "next_step")))  # fmt: skip
    reply = Reply(ReplyKind.REMINDER, "example.cn 的备案……", notice=notice)
    return Outgoing(name, Identity(channel, WHO), reply)


def _store() -> WeChatStore:
    return memory_stores(lambda: NOW).wechat


@pytest.fixture
def templates(tmp_path: Path) -> NoticeTemplates:
    return _templates(tmp_path)


async def test_a_template_says_what_is_due_and_nothing_of_whom(templates: NoticeTemplates) -> None:
    account = _Account()
    sender = TemplateSender(account, templates, _store(), lambda: NOW)
    assert await sender.send(_due(WECHAT_TEMPLATE)) == Delivered("77")
    [(template, data, once)] = account.sent
    assert (template, once) == (ID, "o1")
    assert data == {
        "thing1": "管局审核",
        "character_string2": "#A7K2",
        "time3": "2026-11-27 09:00",
        "thing4": "请留意短信，请留意短信，请留意短信，请…",
    }
    assert all(len(one) <= 20 for one in data.values())
    await sender.send(_due(WECHAT_TEMPLATE, "sms_verification", "o2"))
    assert account.sent[-1][1] == {"thing1": "3 天"}


async def test_an_unanswered_template_is_repeated_under_its_id_only_while_that_is_harmless(
    templates: NoticeTemplates,
) -> None:
    account = _Account([Unreachable("timeout", maybe_done=True) for _ in range(3)])
    now = NOW
    sender = TemplateSender(account, templates, _store(), lambda: now)
    assert await sender.send(_due(WECHAT_TEMPLATE)) == Ambiguous()
    now += timedelta(minutes=8)
    assert await sender.send(_due(WECHAT_TEMPLATE)) == Ambiguous()
    now += timedelta(minutes=1)
    assert await sender.send(_due(WECHAT_TEMPLATE)) == Undeliverable("unknown")
    assert [once for _, _, once in account.sent] == ["o1", "o1"]  # and not a third time


async def test_whoever_takes_a_template_over_knows_when_it_was_first_tried(
    templates: NoticeTemplates,
) -> None:
    class Killed(_Account):
        def _send(self, template_id: str, data: Mapping[str, str], once: str) -> str:
            super()._send(template_id, data, once)
            raise asyncio.CancelledError

    store, died, account = _store(), Killed(), _Account()
    now = NOW
    with suppress(asyncio.CancelledError):
        await TemplateSender(died, templates, store, lambda: now).send(_due(WECHAT_TEMPLATE))
    now += timedelta(minutes=2)
    takes_over = TemplateSender(account, templates, store, lambda: now)
    assert await takes_over.send(_due(WECHAT_TEMPLATE)) == Delivered("77")
    assert [once for _, _, once in died.sent + account.sent] == ["o1", "o1"]
    now += timedelta(minutes=7)  # an account of its own would no longer see one message in them
    assert await takes_over.send(_due(WECHAT_TEMPLATE)) == Undeliverable("unknown")
    assert len(account.sent) == 1


async def test_a_template_that_never_left_is_sent_however_late(templates: NoticeTemplates) -> None:
    account = _Account([Unreachable("refused", maybe_done=False), Refused(-1)])
    now = NOW
    sender = TemplateSender(account, templates, _store(), lambda: now)
    for outcome in (RetryLater(), RetryLater(), Delivered("77")):
        assert await sender.send(_due(WECHAT_TEMPLATE)) == outcome
        now += timedelta(hours=1)


@pytest.mark.parametrize(
    "code, reason",
    [(43004, "blocked"), (40037, "no_template"), (48001, "no_permission"), (45009, "quota")],
)
async def test_a_refusal_leads_to_the_next_way(
    templates: NoticeTemplates, code: int, reason: str
) -> None:
    account = _Account([Refused(code)])
    sender = TemplateSender(account, templates, _store(), lambda: NOW)
    assert await sender.send(_due(WECHAT_TEMPLATE)) == Undeliverable(reason)


async def test_a_way_the_account_may_not_use_is_left_alone_for_an_hour(
    templates: NoticeTemplates,
) -> None:
    account = _Account([Refused(48001)])
    now = NOW
    sender = TemplateSender(account, templates, _store(), lambda: now)
    await sender.send(_due(WECHAT_TEMPLATE))
    assert await sender.send(_due(WECHAT_TEMPLATE)) == Undeliverable("no_permission")
    assert len(account.sent) == 1
    now += timedelta(hours=1)
    assert await sender.send(_due(WECHAT_TEMPLATE)) == Delivered("77")


async def test_each_consent_brings_one_notice(templates: NoticeTemplates) -> None:
    stores, account = memory_stores(lambda: NOW), _Account()
    book = NoticeBook(stores.notice_consents, templates, stores.reminders, lambda: NOW)
    [once] = templates.ids_of_once
    who = Identity("wechat", WHO)
    for key in ("e1", "e1", "e2"):  # the first came twice
        await book.consented(who, once, key, NOW, accepted=True)
    await book.consented(who, once, "e3", NOW, accepted=False)
    await book.consented(who, "another", "e4", NOW, accepted=True)
    sender = NoticeSender(account, templates, stores.notice_consents, lambda: NOW)
    outcomes = [await sender.send(_due(WECHAT_NOTICE, name=f"o{n}")) for n in range(3)]
    assert outcomes == [Delivered(), Delivered(), Undeliverable("no_consent")]
    assert [one[0] for one in account.sent] == [once, once]
    await book.consented(who, once, "e5", NOW, accepted=True)
    await book.withdrawn(who, once)  # in WeChat's own settings
    assert await sender.send(_due(WECHAT_NOTICE, name="o4")) == Undeliverable("no_consent")


class _Heard:
    """Knows the notice at the second look."""

    def __init__(self) -> None:
        self.told_of: list[tuple[Identity, str | None, bool]] = []

    async def told(
        self, way: Identity, platform_id: str | None, now: datetime, *, arrived: bool
    ) -> bool:
        self.told_of.append((way, platform_id, arrived))
        return len(self.told_of) > 1


async def test_what_became_of_a_notice_may_be_told_before_it_is_noted(
    templates: NoticeTemplates,
) -> None:
    stores, heard = memory_stores(lambda: NOW), _Heard()
    book = NoticeBook(stores.notice_consents, templates, heard, lambda: NOW)
    await book.finished(Identity("wechat", WHO), "77", arrived=False)
    assert heard.told_of == [(Identity(WECHAT_TEMPLATE, WHO), "77", False)] * 2
    await book.finished(Identity("wechat", WHO), None, arrived=True)
    assert heard.told_of[-1] == (Identity(WECHAT_NOTICE, WHO), None, True)


async def test_a_consent_comes_back_only_where_nothing_can_have_arrived(
    templates: NoticeTemplates,
) -> None:
    stores = memory_stores(lambda: NOW)
    [once] = templates.ids_of_once
    for n in range(3):
        await stores.notice_consents.granted(WHO, once, f"e{n}", NOW)
    account = _Account(
        [Unreachable("refused", maybe_done=False), Unreachable("timeout", maybe_done=True)]
    )
    sender = NoticeSender(account, templates, stores.notice_consents, lambda: NOW)
    assert await sender.send(_due(WECHAT_NOTICE)) == RetryLater()
    assert await stores.notice_consents.left([WHO]) == {WHO: 3}
    assert await sender.send(_due(WECHAT_NOTICE)) == Undeliverable("unknown")
    assert await stores.notice_consents.left([WHO]) == {WHO: 2}
    account.faults = [Refused(43101)]
    assert await sender.send(_due(WECHAT_NOTICE, name="o2")) == Undeliverable("no_consent")
    assert await stores.notice_consents.left([WHO]) == {}


async def test_a_notice_somebody_died_over_is_not_sent_on_another_consent(
    templates: NoticeTemplates,
) -> None:
    stores, account = memory_stores(lambda: NOW), _Account()
    [once] = templates.ids_of_once
    for n in range(2):
        await stores.notice_consents.granted(WHO, once, f"e{n}", NOW)
    await stores.notice_consents.spend(WHO, [once], "o1", NOW)  # and then it was killed
    sender = NoticeSender(account, templates, stores.notice_consents, lambda: NOW)
    assert await sender.send(_due(WECHAT_NOTICE, name="o1")) == Undeliverable("unknown")
    assert account.sent == []
    assert await sender.send(_due(WECHAT_NOTICE, name="o2")) == Delivered()


async def test_without_templates_of_the_operator_nothing_is_sent_by_them() -> None:
    shipped = load_notice_templates()
    assert (shipped.follow, shipped.once) == ({}, {})
    sender = TemplateSender(_Account(), shipped, _store(), lambda: NOW)
    assert await sender.send(_due(WECHAT_TEMPLATE)) == Undeliverable("no_template")


def test_notices_without_a_page_of_the_operator_s_are_asked_for_on_ours(tmp_path: Path) -> None:
    once = f'[once.default]\nid = "{ID}"\nfields = {{ thing1 = "title" }}'
    _templates(tmp_path, once)
    base = Settings(home=tmp_path, content=tmp_path, public_url="https://beian.example.cn")
    assert reach_of(base).consent_url == "https://beian.example.cn/wechat/consents"
    _templates(tmp_path, f'consent_url = "https://mp.weixin.qq.com/s/abc"\n{once}')
    assert reach_of(base).consent_url == "https://mp.weixin.qq.com/s/abc"


@pytest.mark.parametrize(
    "broken, line, says",
    [
        ('[follow.tea]\nid = "x"\nfields = {}', 1, "no kind of deadline"),
        (f'[follow.default]\nid = "{ID}"\nfields = {{ thing1 = "domain" }}', 1, "'domain'"),
        (f'[follow.default]\nid = "{ID}"\nfields = {{ name1 = "title" }}', 1, "'name1'"),
        (f'[follow.default]\nid = "{ID}"\nfields = {{ time1 = "title" }}', 1, "it can hold due"),
        ('[follow.default]\nid = "short"\nfields = { thing1 = "title" }', 1, "cannot be one"),
        ('[follow.default]\nid = "x"', 1, "incomplete"),
        ('consent_url = "http://a.cn"', 1, "begin it with https://"),
        ("[extra]", 1, "is not known"),
    ],
)
def test_a_broken_file_is_refused_with_line_and_cure(
    tmp_path: Path, broken: str, line: int, says: str
) -> None:
    with pytest.raises(BrokenContent) as caught:
        _templates(tmp_path, broken)
    place = f"wechat/notice_templates.toml:{line}:" if line else "wechat/notice_templates.toml:"
    assert place in str(caught.value)
    assert says in str(caught.value)
