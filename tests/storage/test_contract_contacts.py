"""Addresses count once proved, one of a kind; a calendar's token opens one person's calendar."""

from datetime import timedelta

from dialogs.message import Identity
from scheduler.ports import MAX_WRONG_CODES, TELEGRAM_LINK
from storage.ports import Stores
from tests.storage.making import NOW, person, turn, unique

SOON = NOW + timedelta(minutes=20)


async def _known(stores: Stores) -> Identity:
    who = person("web")
    fresh = await stores.cases.open(who, NOW, "zh-CN")
    await stores.cases.commit(turn(fresh))
    return who


async def test_an_address_counts_once_its_code_comes_back(stores: Stores) -> None:
    who = await _known(stores)
    added = await stores.contacts.add(who, "email", "tea@example.cn", "right", SOON, NOW)
    assert added is not None and not added.verified
    assert "tea" not in repr(added)
    assert await stores.contacts.prove(who, "wrong", NOW) is None
    assert await stores.contacts.prove(person(), "right", NOW) is None
    proved = await stores.contacts.prove(who, "right", NOW)
    assert proved is not None and proved.verified
    assert await stores.contacts.of_person(who) == [proved]
    assert await stores.contacts.get(proved.id) == proved
    assert await stores.contacts.prove(who, "right", NOW) is None


async def test_a_code_ends_with_its_time_and_after_some_guesses(stores: Stores) -> None:
    who = await _known(stores)
    await stores.contacts.add(who, "email", "tea@example.cn", "right", SOON, NOW)
    assert await stores.contacts.prove(who, "right", SOON) is None
    for _ in range(MAX_WRONG_CODES):
        assert await stores.contacts.prove(who, "wrong", NOW) is None
    assert await stores.contacts.prove(who, "right", NOW) is None


async def test_a_new_address_replaces_the_old_one_once_it_is_proved(stores: Stores) -> None:
    who = await _known(stores)
    for address, code in (("old@example.cn", "a"), ("new@example.cn", "b")):
        await stores.contacts.add(who, "email", address, code, SOON, NOW)
        await stores.contacts.prove(who, code, NOW)
    assert [one.address for one in await stores.contacts.of_person(who)] == ["new@example.cn"]


async def test_nothing_is_kept_of_a_stopped_address(stores: Stores) -> None:
    who = await _known(stores)
    await stores.contacts.add(who, "email", "tea@example.cn", "right", SOON, NOW)
    proved = await stores.contacts.prove(who, "right", NOW)
    assert proved is not None
    await stores.contacts.stop(proved.id, NOW)
    assert await stores.contacts.of_person(who) == []


async def test_a_person_without_a_conversation_has_no_address(stores: Stores) -> None:
    assert await stores.contacts.add(person(), "email", "x@example.cn", "c", SOON, NOW) is None


async def test_a_new_feed_ends_the_old_one(stores: Stores) -> None:
    who = await _known(stores)
    old, new = unique("feed"), unique("feed")
    await stores.contacts.open_feed(who, old, NOW)
    assert await stores.contacts.feed_of(old) == who
    await stores.contacts.open_feed(who, new, NOW)
    assert await stores.contacts.feed_of(old) is None
    assert await stores.contacts.feed_of(new) == who


async def test_a_chat_opened_by_a_link_is_its_owners_once(stores: Stores) -> None:
    who = await _known(stores)
    await stores.contacts.add(who, TELEGRAM_LINK, "", "code", SOON, NOW)
    assert await stores.contacts.link("other", "77", NOW) is None
    assert await stores.contacts.link("code", "77", SOON) is None
    assert await stores.contacts.link("code", "77", NOW) == who
    [linked] = await stores.contacts.of_person(who)
    assert (linked.address, linked.verified) == ("77", True)
    assert await stores.contacts.get(linked.id) == linked
    assert await stores.contacts.link("code", "88", NOW) is None


async def test_a_code_for_an_address_links_no_chat(stores: Stores) -> None:
    who = await _known(stores)
    await stores.contacts.add(who, "email", "tea@example.cn", "code", SOON, NOW)
    assert await stores.contacts.link("code", "77", NOW) is None
