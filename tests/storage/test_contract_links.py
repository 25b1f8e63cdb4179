"""What every store promises of a person's channels: joined by a code and a yes, and parted."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from dialogs.case import Case, Colleague, Hold
from dialogs.linking import AGREE_WITHIN, LINK_LIFE, Use
from dialogs.message import Identity
from dialogs.ports import DeadLetter, FormGrant, StaleCase
from filing.event import Event, EventType
from storage.ports import LEASE, Stores
from tests.storage.conftest import Place
from tests.storage.making import NOW, asked, person, say, turn, unique, with_answers, with_event

LATER = timedelta(minutes=1)


async def _case(stores: Stores, who: Identity) -> Case:
    return await stores.cases.open(who, NOW, "zh-CN")


async def _talk(stores: Stores, who: Identity, **values: str) -> Case:
    """Somebody writes, answers something and is answered."""
    before = await _case(stores, who)
    after = with_answers(before, **values) if values else before
    await stores.cases.commit(turn(before, say(who, f"to {who.channel}"), after=after))
    return await _case(stores, who)


async def _code(stores: Stores, whose: Identity, target: str = "") -> str:
    code = unique("code")
    assert await stores.links.open(whose, code, target, NOW) is not None
    return code


async def _used(stores: Stores, code: str, by: Identity) -> Use:
    used = await stores.links.use(code, by, NOW)
    assert used is not None
    return used


async def _join(stores: Stores, whose: Identity, by: Identity) -> None:
    used = await _used(stores, await _code(stores, whose), by)
    assert used.how == "waits"
    settled = await stores.links.settle(used.id, whose, NOW, agrees=True)
    assert (settled.how, settled.user) == ("joined", by)


async def _lines(stores: Stores, who: Identity) -> list[str]:
    entries = await stores.transcript.since(who, 0)
    return [one.said.text if one.said else one.heard or "" for one in entries]


async def _due(stores: Stores, channel: str = "telegram") -> list[str]:
    return [one.outgoing.id for one in await stores.outbox.claim(channel, NOW + LATER, 50)]


async def test_a_channel_joins_by_a_code_and_the_yes_of_whoever_asked_for_it(
    stores: Stores,
) -> None:
    web, phone = person("web"), person()
    before = await _talk(stores, web, domain="a.example.cn")
    used = await _used(stores, await _code(stores, web), phone)
    assert (used.how, used.owner, used.filings) == ("waits", web, 0)
    assert (await _case(stores, phone)).version == 0  # using it links nothing
    await stores.links.settle(used.id, web, NOW, agrees=True)
    joined = await _case(stores, phone)
    assert joined.conversation_id == before.conversation_id
    assert (joined.identity, joined.linked) == (phone, (web,))
    assert joined.filings == before.filings
    assert (await _case(stores, web)).linked == (phone,)


async def test_both_channels_write_in_one_conversation_in_one_order(stores: Stores) -> None:
    web, phone = person("web"), person()
    await _talk(stores, web)
    await _join(stores, web, phone)
    stale = await _case(stores, web)
    await _talk(stores, phone, domain="b.example.cn")
    try:
        await stores.cases.commit(turn(stale))
    except StaleCase:
        pass
    else:
        raise AssertionError("a turn on what the other channel changed was stored")
    case = await _talk(stores, web, site_name="示例")
    assert case.last_on == web
    assert case.filing is not None
    assert [one.step for one in case.filing.answers] == ["domain", "site_name"]
    assert await _lines(stores, web) == await _lines(stores, phone)
    assert len(await _lines(stores, web)) == 6


async def test_what_was_begun_on_both_sides_stays_and_is_told_apart(stores: Stores) -> None:
    web, phone = person("web"), person()
    mine = await _talk(stores, web, domain="mine.example.cn")
    theirs = await _talk(stores, phone, domain="theirs.example.cn")
    said = [*await _lines(stores, web), *await _lines(stores, phone)]
    used = await _used(stores, await _code(stores, web), phone)
    assert used.filings == 1
    await stores.links.settle(used.id, web, NOW, agrees=True)
    case = await _case(stores, phone)
    assert case.filings == {**mine.filings, **theirs.filings}
    assert case.active == mine.active
    assert await _lines(stores, web) == said
    found = await stores.filings.find(theirs.active or "")
    assert found is not None and found.case.conversation_id == mine.conversation_id


async def test_an_empty_filing_gives_way_to_one_that_was_begun(stores: Stores) -> None:
    web, phone = person("web"), person()
    empty = await _case(stores, web)
    await stores.cases.commit(turn(empty, after=with_answers(empty)))
    theirs = await _talk(stores, phone, domain="theirs.example.cn")
    await _join(stores, web, phone)
    case = await _case(stores, web)
    assert (case.active, set(case.filings)) == (theirs.active, {theirs.active})


async def test_a_code_works_once_in_time_and_on_the_channel_it_is_for(stores: Stores) -> None:
    web, phone, other = person("web"), person(), person()
    await _talk(stores, web)
    code = await _code(stores, web)
    assert await stores.links.use(code, phone, NOW + LINK_LIFE) is None
    assert await stores.links.use("another", phone, NOW) is None
    assert (await _used(stores, code, web)).how == "own"
    assert (await _used(stores, code, phone)).how == "waits"
    assert (await _used(stores, code, phone)).how == "waits"  # redelivered
    assert (await _used(stores, code, other)).how == "foreign"
    wrong = await _code(stores, web, "wechat")
    used = await _used(stores, wrong, phone)
    assert (used.how, used.owner) == ("foreign", web)
    assert (await _used(stores, wrong, person("wechat"))).how == "foreign"  # spent
    assert await stores.links.use(code, phone, NOW) is None  # a new code ends the old one
    assert (await _case(stores, phone)).version == 0


async def test_only_its_owner_may_agree_in_time(stores: Stores) -> None:
    web, phone, other = person("web"), person(), person("web")
    await _talk(stores, web)
    await _talk(stores, other)
    used = await _used(stores, await _code(stores, web), phone)
    settle = stores.links.settle
    assert (await settle(used.id, other, NOW, agrees=True)).how == "over"
    assert (await settle(used.id, phone, NOW, agrees=True)).how == "over"
    assert (await settle(used.id, web, NOW + AGREE_WITHIN, agrees=True)).how == "over"
    assert (await settle(used.id, web, NOW, agrees=False)).how == "refused"
    assert (await settle(used.id, web, NOW, agrees=True)).how == "over"
    again = await _used(stores, await _code(stores, web), phone)
    assert (await settle(again.id, web, NOW, agrees=True)).how == "joined"
    assert (await settle(again.id, web, NOW, agrees=True)).how == "joined"  # pressed twice


async def test_nobody_is_joined_while_a_colleague_has_the_conversation(stores: Stores) -> None:
    web, phone = person("web"), person()
    await _talk(stores, web)
    before = await _talk(stores, phone)
    hold = Hold("a1", Colleague("a1", "小王").name, 1, NOW, NOW + LINK_LIFE)
    await stores.cases.commit(turn(before, after=replace(before, hold=hold, epoch=1)))
    assert (await _used(stores, await _code(stores, web), phone)).how == "busy"


async def test_addresses_and_consents_come_along(stores: Stores) -> None:
    web, phone = person("web"), person()
    await _talk(stores, web)
    await _talk(stores, phone)
    await stores.contacts.add(phone, "email", "tea@example.cn", "c", NOW + LINK_LIFE, NOW)
    await stores.contacts.prove(phone, "c", NOW)
    feed = unique("feed")
    await stores.contacts.open_feed(phone, feed, NOW)
    await _join(stores, web, phone)
    assert [one.address for one in await stores.contacts.of_person(web)] == ["tea@example.cn"]
    assert await stores.contacts.feed_of(feed) in (web, phone)


async def test_after_parting_nothing_of_the_one_reaches_the_other(stores: Stores) -> None:
    web, phone = person("web"), person()
    await _talk(stores, web, domain="a.example.cn")
    await _join(stores, web, phone)
    case = await _talk(stores, phone, site_name="示例")
    assert await stores.links.unlink(web, phone, NOW)
    assert await _due(stores) == []  # what waited is withdrawn
    fresh = await _case(stores, phone)
    assert (fresh.version, fresh.filings) == (0, {})
    assert await _lines(stores, phone) == []
    kept = await _case(stores, web)
    assert (kept.linked, kept.filings, kept.last_on) == ((), case.filings, web)
    assert not await stores.links.unlink(web, phone, NOW)
    assert not await stores.links.unlink(web, web, NOW)  # the last one stays


async def test_what_was_being_sent_while_they_parted_is_not_sent_again(stores: Stores) -> None:
    web, phone = person("web"), person()
    await _talk(stores, web)
    await _join(stores, web, phone)
    await _talk(stores, phone)
    [due] = await stores.outbox.claim("telegram", NOW, 10)
    assert await stores.links.unlink(web, phone, NOW)
    await stores.outbox.retry(due, NOW)
    assert await _due(stores) == []


async def test_a_notice_goes_to_who_is_linked_and_to_nobody_who_was(stores: Stores) -> None:
    web, openid = person("web"), person("wechat")
    await _talk(stores, web)
    await _join(stores, web, openid)
    notice = Identity("wechat_template", openid.external_id)
    for _ in range(2):
        case = await _case(stores, web)
        await stores.cases.commit(turn(case, say(notice, "还剩 3 天")))
    assert len(await _due(stores, notice.channel)) == 1  # the second waits behind the first
    await stores.links.unlink(web, openid, NOW)
    case = await _case(stores, web)
    await stores.cases.commit(turn(case, say(notice, "还剩 2 天")))  # decided before they parted
    assert await stores.outbox.claim(notice.channel, NOW + LEASE + LATER, 10) == []


async def test_files_questions_and_letters_stay_with_the_filings(stores: Stores) -> None:
    web, phone = person("web"), person()
    await _talk(stores, web)
    await _join(stores, web, phone)
    before = await _talk(stores, phone, domain="a.example.cn")
    grant = FormGrant(unique("token"), before.active or "", ("phone",), NOW + LATER, phone)
    await stores.cases.commit(turn(before, forms=(grant,), questions=(asked("如何注销"),)))
    file_id = await stores.files.put(phone, "执照.jpg", "image/jpeg", b"...")
    await stores.dead_letters.put(DeadLetter(phone, "m1", NOW, "ValueError"))
    await stores.links.unlink(web, phone, NOW)
    assert await stores.forms.find(grant.token_hash, NOW) is None
    [question] = await stores.questions.unanswered()
    assert question.identity == web
    erased = await stores.filings.erase(before.applicant_id)
    assert erased is not None and erased.files == 1
    assert await stores.dead_letters.latest() == []
    assert file_id


async def test_an_erasure_covers_every_channel_of_a_person(stores: Stores) -> None:
    web, phone = person("web"), person()
    await _talk(stores, web, domain="a.example.cn")
    theirs = await _talk(stores, phone, domain="b.example.cn")
    await _join(stores, web, phone)
    erased = await stores.filings.erase((await _case(stores, web)).applicant_id)
    assert erased is not None and erased.filings == 2
    for who in (web, phone):
        assert (await _case(stores, who)).version == 0
        assert await _lines(stores, who) == []
    assert await stores.filings.find(theirs.active or "") is None
    assert await stores.filings.applicant_of(theirs.applicant_id) is None


async def test_whose_lines_they_are_is_marked_anew_by_joining_parting_and_erasing(
    stores: Stores,
) -> None:
    web, phone = person("web"), person()
    assert await stores.transcript.owner(web) == ""
    case = await _talk(stores, web)
    marks = [await stores.transcript.owner(web)]
    await _talk(stores, web)
    assert [await stores.transcript.owner(web)] == marks  # talking changes nothing
    await _talk(stores, phone)
    assert await stores.transcript.owner(phone) not in marks
    await _join(stores, web, phone)
    marks.append(await stores.transcript.owner(web))
    assert await stores.transcript.owner(phone) == marks[-1]
    await stores.links.unlink(web, phone, NOW)
    assert await stores.transcript.owner(phone) not in marks
    assert await stores.transcript.owner(web) == marks[0]
    await stores.filings.erase(case.applicant_id)
    assert await stores.transcript.owner(web) == ""
    assert len(set(marks)) == 2
    assert "web" not in "".join(marks)


async def test_a_joined_conversation_is_one_on_the_desk(stores: Stores) -> None:
    web, phone = person("web"), person()
    case = await _talk(stores, web)
    gone = await _talk(stores, phone)
    await _join(stores, web, phone)
    await _talk(stores, phone)
    held = await stores.claims.find(case.conversation_id)
    pulse = await stores.pulses.of(case.conversation_id)
    assert held is not None and pulse is not None
    assert held.identity == pulse.identity == phone  # where they wrote last
    assert await stores.claims.find(gone.conversation_id) is None
    behind = (await stores.dockets.behind(None, NOW)).behind
    assert case.conversation_id in behind and gone.conversation_id not in behind
    [shown] = await stores.dockets.cases([case.conversation_id, gone.conversation_id])
    assert set(shown.everywhere) == {web, phone}


async def test_a_reminder_knows_every_channel_the_last_one_first(stores: Stores) -> None:
    web, phone = person("web"), person()
    await _talk(stores, web, domain="a.example.cn")
    await _join(stores, web, phone)
    before = await _case(stores, phone)
    event = Event(EventType.SUBMITTED_TO_BUREAU, NOW)
    await stores.cases.commit(turn(before, after=with_event(before, event)))
    [(filing, whose)] = await stores.reminders.filings_after("", 10)
    assert (filing, whose) == (before.active, phone)


async def test_another_process_notices_that_channels_were_joined_and_parted(place: Place) -> None:
    web, phone = person("web"), person()
    async with place.opened() as here, place.opened() as there:
        await _talk(here, web)
        await _talk(here, phone)
        known = {who: await _case(there, who) for who in (web, phone)}
        await _join(here, web, phone)
        for who in (web, phone):
            try:
                await there.cases.commit(turn(known[who]))
            except StaleCase:
                continue
            raise AssertionError("a turn on a conversation joined meanwhile was stored")
        joined = await _case(there, phone)
        assert joined.linked == (web,)
        await here.links.unlink(web, phone, NOW)
        with suppress(StaleCase):
            await there.cases.commit(turn(joined))
        assert (await _case(there, web)).linked == ()  # read anew, and at hand from now on
        assert (await _case(there, phone)).version == 0
