"""Another master key: everything opens with it and nothing with the one before."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from desk.audit import Wanted
from desk.deeds import Deed, Draft
from storage.crypto import MasterKey
from storage.errors import BrokenTrail, StoreUnavailable, WrongMasterKey
from storage.opening import open_database
from storage.rotation import rotate
from tests.storage.conftest import MASTER, Place
from tests.storage.making import NOW, PHONE
from tests.storage.test_backup import CONTENT, Lived, lived

NEW = MasterKey(bytes(range(1, 33)))


async def with_staff(place: Place) -> Lived:
    here = await lived(place)
    async with place.opened() as stores:
        [xiaowang] = await stores.agents.everyone()
        enrolled = Draft(xiaowang.name, Deed.FACTOR_ADDED)
        await stores.factors.enrol(xiaowang.id, "JBSWY3DP", frozenset({"d"}), 1, enrolled)
        for number in range(3):
            await stores.audit.record(xiaowang, Deed.CLAIMED, f"conversation:{number}")
        await stores.wechat.keep("o-1", "m-1", b"a delivery", NOW)
    return here


async def test_everything_opens_with_the_new_key_only(place: Place) -> None:
    here = await with_staff(place)
    async with place.opened() as stores:
        before = await stores.audit.verify()
    done = await rotate(place.url, MASTER, NEW, NOW)
    assert done is not None
    assert (done.entries, done.head) == (4, before.head)
    async with place.opened(NEW) as stores:
        found = await stores.filings.find(here.first)
        assert found is not None
        assert found.filing.answers
        assert here.second in await stores.filings.with_value("phone", PHONE)
        assert (await stores.files.get(here.file)).content == CONTENT
        [xiaowang] = await stores.agents.everyone()
        assert await stores.factors.secret(xiaowang.id) == "JBSWY3DP"
        [late] = await stores.wechat.late(NOW, NOW, 10)
        assert late.payload == b"a delivery"
        assert (await stores.audit.verify()).broken_at is None
        [changed] = await stores.audit.entries(Wanted(action=Deed.MASTER_KEY_CHANGED))
        assert changed.draft.detail["head"] == before.head.hex()
    with pytest.raises(WrongMasterKey):
        async with place.opened():
            pass


async def test_doing_it_again_changes_nothing(place: Place) -> None:
    await with_staff(place)
    await rotate(place.url, MASTER, NEW, NOW)
    assert await rotate(place.url, MASTER, NEW, NOW) is None
    with pytest.raises(WrongMasterKey):
        await rotate(place.url, MASTER, MasterKey(bytes(32)), NOW)


async def test_the_trail_is_guarded_again_afterwards(place: Place) -> None:
    await with_staff(place)
    await rotate(place.url, MASTER, NEW, NOW)
    database = open_database(place.url)
    for statement in ("UPDATE audit SET agent = 'x'", "DELETE FROM audit"):
        with pytest.raises((StoreUnavailable, DBAPIError)):
            await database.write(lambda c, s=statement: c.execute(text(s)))  # type: ignore[misc]
    await database.close()


async def test_a_changed_trail_is_not_sealed_anew(sqlite_place: Place) -> None:
    here = await with_staff(sqlite_place)
    database = open_database(sqlite_place.url)
    await database.write(lambda c: c.exec_driver_sql("DROP TRIGGER audit_no_update"))
    await database.write(lambda c: c.execute(text("UPDATE audit SET agent = 'x' WHERE n = 2")))
    await database.close()
    with pytest.raises(BrokenTrail, match="audit verify"):
        await rotate(sqlite_place.url, MASTER, NEW, NOW)
    async with sqlite_place.opened() as stores:  # nothing was changed
        assert await stores.filings.find(here.first) is not None
