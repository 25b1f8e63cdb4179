"""What every store promises of materials, on memory, SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.case import Case
from dialogs.message import Identity
from filing.materials.material import Verdict
from storage.errors import FileMissing, InconsistentTurn
from storage.ports import Stores
from tests.storage.conftest import Place
from tests.storage.making import NOW, person, piece, turn, with_materials

DAY = timedelta(days=1)


async def _handed_in(stores: Stores, identity: Identity) -> Case:
    """The case of somebody who sent two pictures, the later one for the earlier."""
    ids = [await stores.files.put(identity, "a.jpg", "image/jpeg", b"picture") for _ in range(2)]
    before = await stores.cases.open(identity, NOW, "zh-CN")
    await stores.cases.commit(
        turn(before, after=with_materials(before, *(piece(one) for one in ids)))
    )
    return await stores.cases.open(identity, NOW, "zh-CN")


async def test_pieces_and_verdicts_come_with_the_turns_that_bring_them(place: Place) -> None:
    identity = person()
    async with place.opened() as here:
        case = await _handed_in(here, identity)
        assert case.filing is not None
        refused = Verdict(case.filing.materials[0].id, False, NOW, "小王", note="请拍原件")
        after = with_materials(case, piece(), verdicts=(refused,))
        await here.cases.commit(turn(case, after=after))
    async with place.opened() as there:
        found = (await there.cases.open(identity, NOW, "zh-CN")).filing
        assert found == after.filing
        assert found is not None
        assert len(found.materials) == 3


async def test_of_a_piece_nothing_changes_but_that_its_content_is_gone(stores: Stores) -> None:
    case = await _handed_in(stores, person())
    assert case.filing is not None
    first, second = case.filing.materials
    kept = case.filing
    for wrong in (
        (first,),
        (replace(first, slot="residence_proof.subject"), second),
        (replace(first, gone=True, size=1), second),
    ):
        with pytest.raises(InconsistentTurn):
            await stores.cases.commit(
                turn(case, after=case.with_filing(replace(kept, materials=wrong)))
            )
    gone = replace(kept, materials=(replace(first, gone=True), second))
    await stores.cases.commit(turn(case, after=case.with_filing(gone)))
    after = await stores.cases.open(case.identity, NOW, "zh-CN")
    assert after.filing == gone
    back = case.with_filing(replace(kept, materials=(first, second)))
    with pytest.raises(InconsistentTurn):
        await stores.cases.commit(turn(after, after=replace(back, version=after.version)))


async def test_a_piece_that_is_gone_stays_so_for_another_process(place: Place) -> None:
    identity = person()
    async with place.opened() as here:
        case = await _handed_in(here, identity)
        assert case.filing is not None
        gone = tuple(replace(one, gone=True) for one in case.filing.materials)
        after = case.with_filing(replace(case.filing, materials=gone))
        await here.cases.commit(turn(case, after=after))
    async with place.opened() as there:
        filing = (await there.cases.open(identity, NOW, "zh-CN")).filing
        assert filing is not None
        assert [one.gone for one in filing.materials] == [True, True]
        assert list(await there.materials.holders(NOW + DAY)) == []


async def test_whoever_has_papers_kept_is_found_until_the_last_is_gone(stores: Stores) -> None:
    case, other = await _handed_in(stores, person()), await _handed_in(stores, person("web"))
    assert case.filing is not None
    assert list(await stores.materials.holders(NOW - DAY)) == []
    found = await stores.materials.holders(NOW)
    assert sorted(found, key=lambda one: one.channel) == [case.identity, other.identity]
    for number in range(2):
        held = await stores.cases.open(case.identity, NOW, "zh-CN")
        assert held.filing is not None
        assert case.identity in await stores.materials.holders(NOW + DAY)
        pieces = list(held.filing.materials)
        pieces[number] = replace(pieces[number], gone=True)
        after = held.with_filing(replace(held.filing, materials=tuple(pieces)))
        await stores.cases.commit(turn(held, after=after))
    assert list(await stores.materials.holders(NOW + DAY)) == [other.identity]


async def test_files_that_are_no_materials_are_found_as_loose(stores: Stores) -> None:
    case = await _handed_in(stores, person())
    loose = await stores.files.put(case.identity, "b.pdf", "application/pdf", b"paper")
    assert list(await stores.materials.loose(NOW - DAY)) == []
    [found] = await stores.materials.loose(NOW + DAY)
    assert (found.id, found.identity, found.at) == (loose, case.identity, NOW)


async def test_a_file_destroyed_is_gone_for_good(stores: Stores) -> None:
    whose = person()
    first, second = [await stores.files.put(whose, "a", "image/png", b"x") for _ in range(2)]
    assert await stores.files.destroy([first, "no such file", "ab" * 16]) == 1
    with pytest.raises(FileMissing):
        await stores.files.get(first)
    assert (await stores.files.get(second)).content == b"x"
    assert await stores.files.destroy([first]) == 0


async def test_a_destroyed_file_leaves_nothing_on_disk(place: Place) -> None:
    async with place.opened() as stores:
        kept = await stores.files.put(person(), "a", "image/png", b"x")
        await stores.files.destroy([kept])
    assert [path for path in (place.folder / "files").rglob("*") if path.is_file()] == []


async def test_an_erasure_takes_the_pieces_with_it(stores: Stores) -> None:
    case = await _handed_in(stores, person())
    assert case.filing is not None
    erased = await stores.filings.erase(case.applicant_id)
    assert erased is not None
    assert erased.files == 2
    assert list(await stores.materials.holders(NOW + DAY)) == []
    assert list(await stores.materials.loose(NOW + DAY)) == []
