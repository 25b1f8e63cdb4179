"""Alerts and their pings: on memory, SQLite and PostgreSQL."""

import asyncio
from datetime import datetime, timedelta

from desk.alerts.alert import TEAM, Alert, AlertKind, Choice, Ping
from desk.alerts.ports import LEASE
from desk.staff import Change, Role
from dialogs.case import Case
from storage.ports import Stores
from tests.storage.making import NOW, person, turn, unique, with_answers

MINUTE = timedelta(minutes=1)


async def _begun(stores: Stores) -> Case:
    identity = person()
    before = await stores.cases.open(identity, NOW, "zh-CN")
    await stores.cases.commit(turn(before, after=with_answers(before, domain="example.cn")))
    return await stores.cases.open(identity, NOW, "zh-CN")


def _waiting(case: Case) -> Alert:
    key = unique("waiting")
    return Alert(key, AlertKind.WAITING, NOW, case.active, case.conversation_id)


async def _claim(stores: Stores, channel: str, now: datetime = NOW) -> list[Ping]:
    return list(await stores.alerts.claim(channel, now, 100))


async def test_an_alert_is_kept_once_and_told_each_way_once(stores: Stores) -> None:
    case, channel = await _begun(stores), unique("channel")
    alert = _waiting(case)
    ways = [(channel, TEAM), (channel, "somebody"), (channel, TEAM)]
    assert await stores.alerts.keep({alert: ways}, NOW, NOW) == [alert]
    assert await stores.alerts.keep({alert: ways}, NOW, NOW) == []
    first = await _claim(stores, channel)
    second = await _claim(stores, channel)
    assert {(one.alert.key, one.recipient) for one in (*first, *second)} == {
        (alert.key, TEAM),
        (alert.key, "somebody"),
    }
    assert await _claim(stores, channel) == []
    await stores.alerts.sent([*first, *second], NOW)
    assert await stores.alerts.last_sent(channel, TEAM) == NOW
    assert await stores.alerts.last_sent(channel, "nobody") is None
    assert await _claim(stores, channel, NOW + 10 * LEASE) == []


async def test_what_is_due_for_one_recipient_is_claimed_together(stores: Stores) -> None:
    channel = unique("channel")
    alerts = [_waiting(await _begun(stores)) for _ in range(3)]
    await stores.alerts.keep({one: [(channel, TEAM)] for one in alerts}, NOW, NOW)
    claimed = await _claim(stores, channel)
    assert {one.alert.key for one in claimed} == {one.key for one in alerts}


async def test_nothing_is_claimed_before_it_is_due(stores: Stores) -> None:
    alert, channel = _waiting(await _begun(stores)), unique("channel")
    await stores.alerts.keep({alert: [(channel, TEAM)]}, NOW, NOW + MINUTE)
    assert await _claim(stores, channel) == []
    assert len(await _claim(stores, channel, NOW + MINUTE)) == 1


async def test_a_ping_whose_sender_died_is_claimed_again_and_the_dead_one_counts_no_more(
    stores: Stores,
) -> None:
    alert, channel = _waiting(await _begun(stores)), unique("channel")
    await stores.alerts.keep({alert: [(channel, TEAM)]}, NOW, NOW)
    [dead] = await _claim(stores, channel)
    [again] = await _claim(stores, channel, NOW + LEASE)
    assert (again.fence, again.attempt) == (dead.fence + 1, 2)
    await stores.alerts.sent([dead], NOW)
    assert await stores.alerts.last_sent(channel, TEAM) is None
    await stores.alerts.retry([again], NOW + 2 * LEASE)
    [third] = await _claim(stores, channel, NOW + 2 * LEASE)
    await stores.alerts.give_up([third], "refused", NOW)
    assert await _claim(stores, channel, NOW + 9 * LEASE) == []


async def test_two_who_claim_at_once_share_nothing(stores: Stores) -> None:
    channel = unique("channel")
    alerts = [_waiting(await _begun(stores)) for _ in range(4)]
    await stores.alerts.keep({one: [(channel, TEAM)] for one in alerts}, NOW, NOW)
    found = await asyncio.gather(*(_claim(stores, channel) for _ in range(3)))
    keys = [one.alert.key for claimed in found for one in claimed]
    assert sorted(keys) == sorted(one.key for one in alerts)


async def test_what_is_over_is_told_no_more(stores: Stores) -> None:
    channel = unique("channel")
    gone, stays = [_waiting(await _begun(stores)) for _ in range(2)]
    silent = Alert(unique("silent"), AlertKind.SILENT, NOW)
    pings = {one: [(channel, TEAM)] for one in (gone, stays, silent)}
    await stores.alerts.keep(pings, NOW, NOW)
    others = {one.key for one in await stores.alerts.latest(NOW)} - {gone.key}
    assert await stores.alerts.end([AlertKind.WAITING], others, NOW + MINUTE) == 1
    claimed = await _claim(stores, channel)
    assert {one.alert.key for one in claimed} == {stays.key, silent.key}
    ended = {one.key: one.ended_at for one in await stores.alerts.latest(NOW, 1000)}
    assert (ended[gone.key], ended[stays.key], ended[silent.key]) == (NOW + MINUTE, None, None)
    await stores.alerts.end_one(silent.key, NOW + MINUTE)
    later = {one.key for one in await stores.alerts.latest(NOW + MINUTE, 1000)}
    assert stays.key in later
    assert not {gone.key, silent.key} & later


async def test_alerts_go_with_whom_they_are_about(stores: Stores) -> None:
    case, channel = await _begun(stores), unique("channel")
    alert = _waiting(case)
    await stores.alerts.keep({alert: [(channel, TEAM)]}, NOW, NOW)
    await stores.filings.erase(case.applicant_id)
    assert await _claim(stores, channel) == []
    assert alert.key not in {one.key for one in await stores.alerts.latest(NOW, 1000)}


async def test_each_colleague_chooses_what_comes_by_mail(stores: Stores) -> None:
    agent = await stores.agents.add(unique("agent"), Role.AGENT, "hash", NOW)
    choice = Choice(agent.id, "a@example.cn", frozenset({AlertKind.WAITING, AlertKind.OVERDUE}))
    await stores.alerts.choose(choice)
    assert choice in await stores.alerts.choices()
    assert "a@example.cn" not in repr(choice)
    other = Choice(agent.id, "b@example.cn", frozenset({AlertKind.LATE}))
    await stores.alerts.choose(other)
    assert [one for one in await stores.alerts.choices() if one.agent == agent.id] == [other]
    await stores.agents.change(agent.name, Change(disabled=True))
    assert agent.id not in {one.agent for one in await stores.alerts.choices()}
    await stores.alerts.choose(Choice(agent.id, "", frozenset()))
