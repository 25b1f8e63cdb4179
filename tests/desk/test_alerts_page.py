"""The page of alerts: what there is to see to, what every page asks, and who wants what by mail."""

from desk.alerts.alert import TEAM, Alert, AlertKind
from desk.parts import Parts
from dialogs.message import Identity, Inbound
from tests.desk.people import Person


async def _somebody_waits(parts: Parts) -> Alert:
    identity = Identity("web", "visitor")
    case = (await parts.assistant.handle(Inbound(identity, "m", parts.clock(), text="你好"))).case
    place = (case.active, case.conversation_id)
    alert = Alert("waiting/1", AlertKind.WAITING, parts.clock(), *place)
    await parts.alerts.keep({alert: [("telegram", TEAM)]}, parts.clock(), parts.clock())
    return alert


async def test_an_alert_leads_to_its_conversation_and_names_nobody(
    agent: Person, parts: Parts
) -> None:
    assert "现在没有要处理的提醒" in (await agent.page("/alerts")).text
    alert = await _somebody_waits(parts)
    text = (await agent.page("/alerts")).text
    assert f'href="/desk/conversations/{alert.conversation}">等人工' in text
    assert (alert.filing or "")[:8] in text
    assert (alert.filing or "") not in text
    await parts.alerts.end_one(alert.key, parts.clock())
    assert "已结束" in (await agent.page("/alerts")).text


async def test_every_page_asks_what_is_open(agent: Person, parts: Parts) -> None:
    assert (await agent.page("/alerts/news")).json() == {"open": 0, "alerts": []}
    alert = await _somebody_waits(parts)
    assert (await agent.page("/alerts/news")).json() == {
        "open": 1,
        "alerts": [
            {
                "key": alert.key,
                "text": "等人工",
                "href": f"/desk/conversations/{alert.conversation}",
            }
        ],
    }
    assert "/desk/static/alerts.js" in (await agent.page("/")).text


async def test_each_chooses_for_themselves_and_escalations_are_for_who_leads(
    agent: Person, supervisor: Person, parts: Parts
) -> None:
    page = (await agent.page("/alerts")).text
    assert 'value="waiting"' in page
    assert 'value="late"' not in page
    assert 'value="late"' in (await supervisor.page("/alerts")).text
    sent = await agent.send("/alerts/mail", of="/alerts", email="li@example.cn", kinds="waiting")
    assert sent.status_code == 303
    await agent.send("/alerts/mail", of="/alerts", email="li@example.cn", kinds="late")
    assert await parts.alerts.choices() == []  # what is not theirs is not kept, nor is nothing
    await supervisor.send("/alerts/mail", of="/alerts", email="w@example.cn", kinds="late")
    [kept] = await parts.alerts.choices()
    assert (kept.email, kept.kinds) == ("w@example.cn", frozenset({AlertKind.LATE}))


async def test_a_wrong_address_is_told_and_nothing_is_lost(agent: Person, parts: Parts) -> None:
    answer = await agent.send("/alerts/mail", of="/alerts", email="li@", kinds="waiting")
    assert answer.status_code == 422
    assert "这个邮箱地址不对" in answer.text
    assert 'value="waiting" checked' in answer.text
    assert await parts.alerts.choices() == []
