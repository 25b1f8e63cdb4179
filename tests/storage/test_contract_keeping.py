"""What stores promise of answers whose values went, on memory, SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.case import Answer, Case
from dialogs.ports import Entry
from storage.errors import InconsistentTurn
from storage.ports import Stores
from tests.storage.making import ID_NUMBER, NOW, PHONE, person, say, turn, with_answers

DAY = timedelta(days=1)
LATER = NOW + 31 * DAY


def without_values(case: Case, *steps: str) -> Case:
    """The case with the values of these steps gone, and the filing gone over."""
    assert case.filing is not None
    answers = tuple(
        replace(one, value=None, basis="", blanked_at=LATER) if one.step in steps else one
        for one in case.filing.answers
    )
    return case.with_filing(replace(case.filing, answers=answers, gone_over_at=LATER))


async def told(stores: Stores) -> Case:
    """Somebody who answered, with the lines in which they did."""
    before = await stores.cases.open(person("web"), NOW, "zh-CN")
    after = with_answers(before, cert_number=ID_NUMBER, phone=PHONE, domain="example.cn")
    asked = say(before.identity, f"手机是 {PHONE} 吗？")
    await stores.cases.commit(turn(before, asked, heard=f"手机{PHONE}", after=after))
    case = await stores.cases.open(before.identity, NOW, "zh-CN")
    await stores.cases.commit(turn(case, say(before.identity, "收到"), heard="域名example.cn"))
    return await stores.cases.open(before.identity, NOW, "zh-CN")


async def test_a_blanked_answer_stands_without_its_value_and_is_found_no_more(
    stores: Stores,
) -> None:
    case = await told(stores)
    assert case.filing is not None
    assert await stores.filings.with_value("phone", PHONE) == [case.filing.id]
    blanked = without_values(case, "phone", "cert_number")
    await stores.cases.commit(turn(case, after=blanked, at=LATER, heard=None))
    stores.cases.evict()
    found = await stores.cases.open(case.identity, LATER, "zh-CN")
    assert found.filing is not None
    assert blanked.filing is not None
    assert found.filing.answers == blanked.filing.answers
    assert found.filing.gone_over_at == LATER
    assert not await stores.filings.with_value("phone", PHONE)
    given = with_answers(found, phone="13900139000")
    await stores.cases.commit(turn(found, after=given, at=LATER))
    assert await stores.filings.with_value("phone", "13900139000") == [case.filing.id]


async def test_a_filing_is_named_until_it_was_gone_over_and_again_when_something_is_added(
    stores: Stores,
) -> None:
    case = await told(stores)
    assert case.identity not in await stores.answers.holders(NOW - DAY)
    assert case.identity in await stores.answers.holders(NOW)
    gone = without_values(case, "phone")
    await stores.cases.commit(turn(case, after=gone, at=LATER))
    assert case.identity not in await stores.answers.holders(LATER)
    case = await stores.cases.open(case.identity, LATER, "zh-CN")
    assert case.filing is not None
    answer = Answer("phone", "13900139000", LATER + DAY)
    again = case.with_filing(replace(case.filing, answers=(*case.filing.answers, answer)))
    await stores.cases.commit(turn(case, after=again, at=LATER + DAY))
    assert case.identity in await stores.answers.holders(LATER)


async def test_lines_are_kept_as_they_are_reworded(stores: Stores) -> None:
    case = await told(stores)
    other = await told(stores)

    def reworded(entry: Entry) -> Entry:
        if entry.heard is not None and PHONE in entry.heard:
            return replace(entry, heard=entry.heard.replace(PHONE, "▒▒"))
        if entry.said is not None and PHONE in entry.said.text:
            return replace(
                entry, said=replace(entry.said, text=entry.said.text.replace(PHONE, "▒▒"))
            )
        return entry

    before = await stores.transcript.since(case.identity, 0)
    assert await stores.answers.rewrite(case.identity, reworded) == 2
    after = await stores.transcript.since(case.identity, 0)
    assert [one.heard or (one.said and one.said.text) for one in after] == [
        "手机▒▒",
        "手机是 ▒▒ 吗？",
        "域名example.cn",
        "收到",
    ]
    assert [(one.seq, one.at, one.status) for one in after] == [
        (one.seq, one.at, one.status) for one in before
    ]
    assert await stores.answers.rewrite(case.identity, reworded) == 0
    untouched = await stores.transcript.since(other.identity, 0)
    assert untouched[0].heard == f"手机{PHONE}"


async def test_of_a_given_answer_nothing_else_may_change(stores: Stores) -> None:
    case = await told(stores)
    assert case.filing is not None
    first, *others = case.filing.answers
    for wrong in (
        replace(first, value="another"),
        replace(first, value=None),
        replace(first, step="email"),
        replace(first, blanked_at=LATER),
    ):
        after = case.with_filing(replace(case.filing, answers=(wrong, *others)))
        with pytest.raises(InconsistentTurn):
            await stores.cases.commit(turn(case, after=after))
