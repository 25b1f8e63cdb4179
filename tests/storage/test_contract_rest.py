"""What the smaller stores promise, on memory, SQLite and PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.message import Identity
from dialogs.ports import (
    DeadLetter,
    DuplicateCall,
    FormGrant,
    Outgoing,
    Receipt,
    SpentForm,
    StaleCase,
)
from storage.errors import FileMissing, FileTooLarge
from storage.ports import MAX_FILE_BYTES, Stores
from tests.storage.conftest import Place
from tests.storage.making import ID_NUMBER, NOW, PHONE, person, say, turn, unique, with_answers

HOUR = timedelta(hours=1)


async def test_the_transcript_tells_both_sides_in_order_without_repeating(stores: Stores) -> None:
    identity = person("web")
    before = await stores.cases.open(identity, NOW, "zh-CN")
    asked = say(identity, "网站域名是？")
    await stores.cases.commit(
        turn(before, Outgoing(unique("out"), identity, delete="9"), asked, message_id="m1")
    )
    case = await stores.cases.open(identity, NOW, "zh-CN")
    await stores.cases.commit(turn(case, say(identity, "收到"), heard=None))
    entries = await stores.transcript.since(identity, 0)
    assert [(entry.heard, entry.said and entry.said.text) for entry in entries] == [
        ("你好", None),
        (None, "网站域名是？"),
        (None, "收到"),
    ]
    assert (entries[0].message_id, entries[1].outgoing_id) == ("m1", asked.id)
    assert [entry.at for entry in entries] == [NOW] * 3
    numbers = [entry.seq for entry in entries]
    assert numbers == sorted(set(numbers))
    assert await stores.transcript.since(identity, numbers[0], limit=1) == [entries[1]]
    assert list(await stores.transcript.since(identity, numbers[-1])) == []
    assert list(await stores.transcript.since(person("web"), 0)) == []


async def _grant(stores: Stores) -> FormGrant:
    before = await stores.cases.open(person(), NOW, "en")
    after = with_answers(before, subject_kind="individual")
    grant = FormGrant(
        unique("hash"), after.active or "", ("phone", "email"), NOW + HOUR, before.identity, "en"
    )
    await stores.cases.commit(turn(before, after=after, forms=(grant,)))
    return grant


async def test_a_form_is_found_until_it_is_used_and_used_once(stores: Stores) -> None:
    grant = await _grant(stores)
    assert await stores.forms.find(grant.token_hash, NOW) == grant
    uses = await asyncio.gather(*(stores.forms.use(grant.token_hash, NOW) for _ in range(3)))
    assert sorted(uses) == [False, False, True]
    assert await stores.forms.find(grant.token_hash, NOW) is None


async def test_a_form_expires(stores: Stores) -> None:
    grant = await _grant(stores)
    assert await stores.forms.find(grant.token_hash, NOW + HOUR) is None
    assert await stores.forms.use(grant.token_hash, NOW + HOUR) is False
    assert await stores.forms.find("unknown", NOW) is None
    assert await stores.forms.use("unknown", NOW) is False


async def test_a_form_is_used_up_by_the_turn_that_fills_it_and_by_no_other(stores: Stores) -> None:
    grant = await _grant(stores)
    whose = grant.identity
    assert whose is not None
    case = await stores.cases.open(whose, NOW, "en")
    with pytest.raises(SpentForm):  # over
        await stores.cases.commit(replace(turn(case), at=NOW + HOUR, form=grant.token_hash))
    filled = with_answers(case, phone=PHONE)
    await stores.cases.commit(replace(turn(case, after=filled), form=grant.token_hash))
    assert await stores.forms.find(grant.token_hash, NOW) is None
    case = await stores.cases.open(whose, NOW, "en")
    for spent in (grant.token_hash, "unknown"):
        with pytest.raises(SpentForm):
            await stores.cases.commit(replace(turn(case), form=spent))
    assert (await stores.cases.open(whose, NOW, "en")).version == case.version


async def test_of_many_clicks_in_two_processes_one_fills_a_form(place: Place) -> None:
    async with place.opened() as here, place.opened() as there:
        grant = await _grant(here)
        whose = grant.identity
        assert whose is not None

        async def click(stores: Stores, number: int) -> bool:
            for _ in range(20):
                case = await stores.cases.open(whose, NOW, "en")
                filled = with_answers(case, phone=f"1390000{number:04}")
                try:
                    await stores.cases.commit(
                        replace(turn(case, after=filled), form=grant.token_hash)
                    )
                except StaleCase:
                    stores.cases.evict(whose)
                    continue
                except SpentForm:
                    return False
                return True
            raise AssertionError("the case kept changing")

        counted = await asyncio.gather(
            *(click(stores, n) for n in range(4) for stores in (here, there))
        )
        assert sum(counted) == 1
        here.cases.evict()
        case = await here.cases.open(whose, NOW, "en")
        assert case.filing is not None
        assert sum(one.step == "phone" for one in case.filing.answers) == 1


async def test_dead_letters_are_kept_newest_first(stores: Stores) -> None:
    letters = [
        DeadLetter(person(), f"m{n}", NOW + n * HOUR, "ValueError at turn.py:7") for n in range(3)
    ]
    for letter in letters:
        await stores.dead_letters.put(letter)
    assert await stores.dead_letters.latest(2) == letters[:0:-1]


async def test_a_file_comes_back_as_it_was_sent(stores: Stores) -> None:
    content = bytes(range(256)) * 40
    kept = await stores.files.put(person(), "营业执照.jpg", "image/jpeg", content)
    found = await stores.files.get(kept)
    assert (found.id, found.name, found.media_type) == (kept, "营业执照.jpg", "image/jpeg")
    assert (found.content, found.at) == (content, NOW)
    assert "执照" not in repr(found)
    assert await stores.files.put(person(), "营业执照.jpg", "image/jpeg", content) != kept


@pytest.mark.parametrize("unknown", ["0" * 32, "../../etc/passwd", ""])
async def test_a_file_nobody_sent_is_missing(stores: Stores, unknown: str) -> None:
    with pytest.raises(FileMissing):
        await stores.files.get(unknown)


async def test_a_file_over_the_limit_is_refused_with_both_sizes(stores: Stores) -> None:
    with pytest.raises(FileTooLarge, match=str(MAX_FILE_BYTES + 1)):
        await stores.files.put(person(), "a.bin", "image/png", bytes(MAX_FILE_BYTES + 1))


async def test_a_filing_is_found_by_its_public_id(stores: Stores) -> None:
    before = await stores.cases.open(person(), NOW, "zh-CN")
    after = with_answers(before, domain="example.cn")
    await stores.cases.commit(turn(before, after=after))
    assert after.filing is not None
    found = await stores.filings.find(after.filing.id)
    assert found is not None
    assert found.filing == after.filing
    assert found.case == await stores.cases.open(before.identity, NOW, "zh-CN")
    assert await stores.filings.applicant_of(after.filing.id) == before.applicant_id
    assert await stores.filings.applicant_of(before.applicant_id) == before.applicant_id
    assert await stores.filings.find("no such filing") is None
    assert await stores.filings.applicant_of("nobody") is None


async def test_filings_are_found_by_the_present_value_of_an_indexed_step(stores: Stores) -> None:
    async def answer(identity: Identity, **values: str | None) -> str:
        before = await stores.cases.open(identity, NOW, "zh-CN")
        after = with_answers(before, **values)
        await stores.cases.commit(turn(before, after=after))
        assert after.active is not None
        return after.active

    one, other = person(), person()
    first = await answer(one, phone=PHONE, cert_number=ID_NUMBER, domain="example.cn")
    second = await answer(other, phone=PHONE)
    assert await stores.filings.with_value("phone", PHONE) == sorted([first, second])
    assert await stores.filings.with_value("cert_number", PHONE) == []
    assert list(await stores.filings.with_value("domain", "example.cn")) == []
    await answer(one, phone="13900139000")
    await answer(other, phone=None)
    assert await stores.filings.with_value("phone", PHONE) == []
    assert await stores.filings.with_value("phone", "13900139000") == [first]


async def test_an_erased_applicant_starts_from_nothing(stores: Stores) -> None:
    gone, stays = person(), person()
    for identity in (gone, stays):
        before = await stores.cases.open(identity, NOW, "zh-CN")
        after = with_answers(before, phone=PHONE)
        await stores.cases.commit(turn(before, say(identity, "你好"), after=after, message_id="m1"))
    photo = await stores.files.put(gone, "a.png", "image/png", b"picture")
    erased = await stores.cases.open(gone, NOW, "zh-CN")
    counts = await stores.filings.erase(erased.applicant_id)
    assert counts is not None
    assert (counts.conversations, counts.filings, counts.files) == (1, 1, 1)
    assert (await stores.cases.open(gone, NOW, "zh-CN")).version == 0
    assert list(await stores.transcript.since(gone, 0)) == []
    assert await stores.cases.recorded(gone, "m1") == ()
    assert len(await stores.filings.with_value("phone", PHONE)) == 1
    with pytest.raises(FileMissing):
        await stores.files.get(photo)
    assert (await stores.cases.open(stays, NOW, "zh-CN")).version == 1
    assert len(await stores.outbox.claim("telegram", NOW, 10)) == 1
    assert await stores.filings.erase(erased.applicant_id) is None
    again = await stores.cases.open(gone, NOW, "zh-CN")
    await stores.cases.commit(turn(again, message_id="m1"))


async def test_an_answer_given_to_another_program_is_kept_with_its_turn(stores: Stores) -> None:
    before = await stores.cases.open(person(), NOW, "en")
    receipt = Receipt(unique("call"), '{"outcome": "counted"}')
    assert await stores.receipts.find(receipt.key) is None
    await stores.cases.commit(turn(before, receipt=receipt))
    assert await stores.receipts.find(receipt.key) == receipt


async def test_a_call_answered_before_stores_nothing(stores: Stores) -> None:
    first = await stores.cases.open(person(), NOW, "en")
    receipt = Receipt(unique("call"), '"first"')
    await stores.cases.commit(turn(first, receipt=receipt))
    other = await stores.cases.open(person(), NOW, "en")
    repeated = turn(other, say(other.identity, "twice"), receipt=replace(receipt, answer='"2nd"'))
    with pytest.raises(DuplicateCall):
        await stores.cases.commit(repeated)
    assert await stores.receipts.find(receipt.key) == receipt
    assert list(await stores.transcript.since(other.identity, 0)) == []


async def test_of_calls_at_once_one_is_stored(stores: Stores) -> None:
    cases = [await stores.cases.open(person(), NOW, "en") for _ in range(3)]
    key = unique("call")
    outcomes = await asyncio.gather(
        *(stores.cases.commit(turn(one, receipt=Receipt(key, "1"))) for one in cases),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, DuplicateCall) for one in outcomes) == [False, True, True]


async def test_receipts_go_with_the_applicant(stores: Stores) -> None:
    before = await stores.cases.open(person(), NOW, "en")
    receipt = Receipt(unique("call"), "{}")
    await stores.cases.commit(turn(before, receipt=receipt))
    assert await stores.filings.erase(before.applicant_id)
    assert await stores.receipts.find(receipt.key) is None
