"""Other ways to be reminded: an address proved by a code, mail with a calendar, SMS, a feed."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from icalendar import Calendar

from bot.pacing import Buckets, Rate
from bot.reminding.addresses import Addresses
from bot.reminding.gateway import SmsSender
from bot.reminding.mail import MailSender, MailServer
from bot.sending import Ambiguous, Delivered, Outcome, RetryLater, Undeliverable
from bot.web.calendar import calendar_router
from dialogs.message import Identity, Inbound, Reply, ReplyKind
from dialogs.ports import Outgoing
from filing.event import Event, EventType
from scheduler.calendar import calendar_of
from scheduler.ports import TELEGRAM_LINK
from tests.bot.reminding.mailbox import Mailbox, mailbox
from tests.scheduler.world import Simulation, china, told

WHO = Identity("web", "tea")
ADDRESS = "tea@example-mail.cn"
NOW = china("2026-11-23T09:00")


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as box:
        yield box


@pytest.fixture
def simulation() -> Simulation:
    return Simulation(NOW)


@pytest.fixture
def server(box: Mailbox) -> MailServer:
    return MailServer.of(f"smtp://127.0.0.1:{box.port}", "备案助手 <beian@example.cn>")


async def say(simulation: Simulation, text: str) -> str:
    inbound = Inbound(WHO, uuid4().hex, simulation.clock(), text=text)
    handled = await simulation.assistant.handle(inbound)
    return "\n".join(reply.text for reply in handled.replies)


def with_addresses(simulation: Simulation, server: MailServer | None) -> None:
    simulation.assistant.addresses = Addresses(
        simulation.stores.contacts,
        simulation.world,
        simulation.clock,
        lambda token: f"https://beian.example.cn/calendar/{token}.ics",
        server,
        attempts=simulation.stores.attempts,
    )


def body_of(box: Mailbox) -> str:
    part = box.messages[-1].get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text


async def proved(simulation: Simulation, box: Mailbox, server: MailServer) -> None:
    with_addresses(simulation, server)
    await simulation.begin(WHO)
    await say(simulation, f"提醒发到 {ADDRESS}")
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", body_of(box))
    assert code is not None
    assert "验证好了" in await say(simulation, code[0].lower())


async def test_an_address_is_proved_by_the_code_it_receives(
    simulation: Simulation, box: Mailbox, server: MailServer
) -> None:
    await proved(simulation, box, server)
    [contact] = await simulation.stores.contacts.of_person(WHO)
    assert contact.verified
    case = await simulation.case(WHO)
    assert case.consents[-1].kind == "reminders"


async def test_a_wrong_code_is_told(
    simulation: Simulation, box: Mailbox, server: MailServer
) -> None:
    with_addresses(simulation, server)
    await simulation.begin(WHO)
    said = await say(simulation, f"提醒发到{ADDRESS}")
    assert "t***@example-mail.cn" in said
    assert "不对" in await say(simulation, "ABCD-EFGH")


async def test_without_a_mail_server_it_says_so(simulation: Simulation) -> None:
    with_addresses(simulation, None)
    await simulation.begin(WHO)
    assert "没有开通" in await say(simulation, f"提醒发到 {ADDRESS}")


async def test_codes_cannot_fill_somebodys_mailbox(
    simulation: Simulation, box: Mailbox, server: MailServer
) -> None:
    with_addresses(simulation, server)
    await simulation.begin(WHO)
    for _ in range(6):
        await say(simulation, f"提醒发到 {ADDRESS}")
    assert len(box.messages) == 3


async def test_whoever_wants_no_more_mail_gets_none(
    simulation: Simulation, box: Mailbox, server: MailServer
) -> None:
    await proved(simulation, box, server)
    assert "不再" in await say(simulation, "不要再发邮件")
    assert await simulation.stores.contacts.of_person(WHO) == []


async def test_a_reminder_goes_by_mail_with_the_calendar(
    simulation: Simulation, box: Mailbox, server: MailServer
) -> None:
    await proved(simulation, box, server)
    for kind in ("submitted_for_first_review", "submitted_to_bureau", "sms_received"):
        await simulation.happen(WHO, told(kind, simulation.now))
    await simulation.sweep.run()
    sender = MailSender(server, simulation.stores, simulation.world, simulation.clock)
    for due in await simulation.stores.outbox.claim("email", simulation.clock(), 5):
        outcome = await sender.send(due.outgoing)
        assert isinstance(outcome, Delivered)
    message = box.messages[-1]
    assert "短信核验" in message["Subject"]
    assert message["To"] == ADDRESS
    assert "下一步" in body_of(box)
    [attached] = list(message.iter_attachments())
    assert attached.get_content_type() == "text/calendar"
    content = attached.get_content()
    calendar = Calendar.from_ical(content)
    assert any(str(event["SUMMARY"]).startswith("短信核验") for event in calendar.walk("VEVENT"))
    for secret in ("320102198001010024", "13800138000", "张样例", ADDRESS):
        assert secret not in str(content)


@pytest.mark.parametrize(
    "set_up, expected",
    [
        (lambda box: setattr(box, "refuse", 550), Undeliverable("refused")),
        (lambda box: setattr(box, "refuse", 450), RetryLater(60.0)),
        (lambda box: setattr(box, "hang_up", True), Ambiguous()),
    ],
)
async def test_what_the_mail_server_says_is_read(
    simulation: Simulation,
    box: Mailbox,
    server: MailServer,
    set_up: Callable[[Mailbox], None],
    expected: Outcome,
) -> None:
    await proved(simulation, box, server)
    [contact] = await simulation.stores.contacts.of_person(WHO)
    set_up(box)
    sender = MailSender(server, simulation.stores, simulation.world, simulation.clock)
    out = Outgoing("o1", contact.way, Reply(ReplyKind.REMINDER, "提醒"))
    assert await sender.send(out) == expected


async def test_a_mail_server_that_is_away_is_tried_again(simulation: Simulation) -> None:
    await simulation.begin(WHO)
    until = NOW + timedelta(hours=1)
    await simulation.stores.contacts.add(WHO, "email", ADDRESS, "c", until, NOW)
    contact = await simulation.stores.contacts.prove(WHO, "c", NOW)
    assert contact is not None
    away = MailServer.of("smtp://127.0.0.1:9", "beian@example.cn")
    sender = MailSender(away, simulation.stores, simulation.world, simulation.clock)
    out = Outgoing("o1", contact.way, Reply(ReplyKind.REMINDER, "提醒"))
    assert await sender.send(out) == RetryLater(60.0)


@pytest.mark.parametrize(
    "status, expected",
    [
        (200, Delivered()),
        (429, RetryLater(7.0)),
        (422, Undeliverable("refused")),
        (500, RetryLater(60.0)),
    ],
)
async def test_an_sms_request_is_signed_and_its_answer_read(
    simulation: Simulation, status: int, expected: Outcome
) -> None:
    await simulation.begin(WHO)
    until = NOW + timedelta(hours=1)
    await simulation.stores.contacts.add(WHO, "sms", "13800138000", "c", until, NOW)
    contact = await simulation.stores.contacts.prove(WHO, "c", NOW)
    assert contact is not None
    seen: list[httpx.Request] = []

    def gateway(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, headers={"Retry-After": "7"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(gateway)) as client:
        sender = SmsSender(
            "https://sms.example.cn/send",
            b"secret",
            simulation.stores.contacts,
            simulation.clock,
            client,
        )
        reply = Reply(ReplyKind.REMINDER, "第 1/5 次提醒：短信核验\n还剩 18 小时。\n\n下一步")
        assert await sender.send(Outgoing("o7", contact.way, reply)) == expected
    [request] = seen
    stamp = request.headers["webhook-timestamp"]
    signed = hmac.digest(b"secret", f"o7.{stamp}.".encode() + request.content, hashlib.sha256)
    assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(signed).decode()}"
    assert json.loads(request.content) == {
        "id": "o7",
        "to": "13800138000",
        "text": "第 1/5 次提醒：短信核验 还剩 18 小时。",
    }


async def test_a_calendar_keeps_its_ids_and_cancels_what_is_done(simulation: Simulation) -> None:
    await simulation.begin(WHO)
    for kind in ("submitted_for_first_review", "submitted_to_bureau", "sms_received"):
        await simulation.happen(WHO, told(kind, NOW))

    async def events() -> dict[str, tuple[str, int, str]]:
        content = calendar_of(await simulation.case(WHO), NOW, simulation.world)
        return {
            str(one["SUMMARY"]): (str(one["UID"]), int(str(one["SEQUENCE"])), str(one["STATUS"]))
            for one in Calendar.from_ical(content).walk("VEVENT")
        }

    before = await events()
    await simulation.happen(WHO, told("sms_verified", NOW, person="principal"))
    await simulation.happen(
        WHO,
        Event(
            EventType.DATE_TOLD,
            NOW,
            MappingProxyType({"what": "domain_valid_until", "date": "2031-01-01"}),
        ),
    )
    after = await events()
    mine = "短信核验（主体负责人）"
    assert before[mine][0] == after[mine][0]
    assert (before[mine][2], after[mine][2]) == ("CONFIRMED", "CANCELLED")
    assert after["域名到期"][0] == before["域名到期"][0]
    assert after["域名到期"][1] > before["域名到期"][1]
    alarms = Calendar.from_ical(
        calendar_of(await simulation.case(WHO), NOW, simulation.world)
    ).walk("VALARM")
    assert alarms


async def test_the_feed_opens_for_its_token_alone(simulation: Simulation) -> None:
    with_addresses(simulation, None)
    await simulation.begin(WHO)
    await simulation.happen(WHO, told("submitted_for_first_review", NOW))
    inbound = Inbound(WHO, "m1", NOW, text="日历")
    handled = await simulation.assistant.handle(inbound)
    [button] = [one for reply in handled.replies for one in reply.buttons if one.url]
    assert button.url is not None
    app = FastAPI()
    rates = Buckets(Rate(50, 50), lambda: datetime.now(UTC).timestamp())
    app.include_router(
        calendar_router(simulation.stores, simulation.world, simulation.clock, rates)
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://beian.example.cn"
    ) as client:
        good = await client.get(button.url)
        assert good.headers["content-type"].startswith("text/calendar")
        assert "服务商初审" in good.text
        assert (await client.get("/calendar/guess.ics")).status_code == 404


def _texting(simulation: Simulation, sent: list[tuple[str, str]]) -> None:
    async def text(key: str, number: str, words: str) -> Outcome:
        sent.append((number, words))
        return Delivered()

    simulation.assistant.addresses = Addresses(
        simulation.stores.contacts,
        simulation.world,
        simulation.clock,
        text=text,
        bot_name=lambda: "beian_bot",
    )


async def test_a_phone_number_is_proved_by_the_code_texted_to_it(simulation: Simulation) -> None:
    sent: list[tuple[str, str]] = []
    _texting(simulation, sent)
    await simulation.begin(WHO)
    assert "一起发来" in await say(simulation, "用短信提醒我")
    assert "不对" in await say(simulation, "短信提醒 12345678901")
    assert "138****8000" in await say(simulation, "短信提醒 13800138000")
    [(number, words)] = sent
    assert number == "13800138000"
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", words)
    assert code is not None
    assert "不要再发短信" in await say(simulation, code[0])
    [contact] = await simulation.stores.contacts.of_person(WHO)
    assert (contact.channel, contact.verified) == ("sms", True)
    heard = [one.heard for one in await simulation.stores.transcript.since(WHO, 0) if one.heard]
    assert not any("13800138000" in words for words in heard)
    assert "手机" in await say(simulation, "不要再发短信")
    assert await simulation.stores.contacts.of_person(WHO) == []


async def test_a_link_connects_a_telegram_chat_for_reminders(simulation: Simulation) -> None:
    _texting(simulation, [])
    await simulation.begin(WHO)
    inbound = Inbound(WHO, uuid4().hex, simulation.clock(), text="用Telegram提醒我")
    [reply] = (await simulation.assistant.handle(inbound)).replies
    url = reply.buttons[0].url
    assert url is not None
    start = url.partition("https://t.me/beian_bot?start=")[2]
    assert re.fullmatch(r"[A-Za-z0-9_-]{20,64}", start)
    assert not await simulation.assistant.connect("remind-guessed", "77")
    assert await simulation.assistant.connect(start, "77")
    assert not await simulation.assistant.connect(start, "88")
    [contact] = await simulation.stores.contacts.of_person(WHO)
    assert (contact.channel, contact.address) == (TELEGRAM_LINK, "77")
    case = await simulation.case(WHO)
    assert case.consents[-1].kind == "reminders"
    entries = await simulation.stores.transcript.since(WHO, 0)
    assert entries[-1].said is not None
    assert "接通了" in entries[-1].said.text
    assert "Telegram" in await say(simulation, "不要再用Telegram提醒我")
    assert await simulation.stores.contacts.of_person(WHO) == []
