"""Reviews of conversations and articles being written: on memory, SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import date, timedelta

from desk.gaps.ports import ArticleDraft, DraftStatus
from desk.quality.ports import Review
from desk.quality.sampling import Reason
from desk.statistics.period import Period
from dialogs.case import Attention, Case, Hold
from filing.event import Event, EventType
from storage.ports import Stores
from tests.storage.making import NOW, asked, person, turn, unique, with_answers, with_event

HOUR = timedelta(hours=1)
TODAY = Period(NOW - HOUR, NOW + HOUR)
EARLIER = Period(NOW - 30 * HOUR, NOW - 2 * HOUR)
MONDAY = date(2026, 11, 23)


async def conversation(stores: Stores) -> Case:
    before = await stores.cases.open(person(), NOW, "zh-CN")
    await stores.cases.commit(turn(before))
    return await stores.cases.open(before.identity, NOW, "zh-CN")


def review(case: Case, **changes: object) -> Review:
    usual = Review(
        case.conversation_id, MONDAY, "wang", NOW, {"correct": 2, "plain": 1}, "说得清楚", "li"
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


async def test_a_review_comes_back_and_a_later_one_takes_its_place(stores: Stores) -> None:
    case = await conversation(stores)
    assert await stores.reviews.find(case.conversation_id, MONDAY) is None
    assert await stores.reviews.put(review(case))
    assert await stores.reviews.find(case.conversation_id, MONDAY) == review(case)
    later = review(case, reviewer="zhao", scores={"correct": 0}, comment="", at=NOW + HOUR)
    assert await stores.reviews.put(later)
    assert await stores.reviews.since(MONDAY) == [later]


async def test_reviews_are_found_by_week_and_by_whose_help_it_was(stores: Stores) -> None:
    one, other = await conversation(stores), await conversation(stores)
    earlier = review(one, week=MONDAY - timedelta(days=7), agent=None)
    await stores.reviews.put(earlier)
    await stores.reviews.put(review(other))
    assert await stores.reviews.since(MONDAY) == [review(other)]
    assert await stores.reviews.since(earlier.week) == [review(other), earlier]
    assert await stores.reviews.since(earlier.week, agent="li") == [review(other)]
    assert await stores.reviews.since(earlier.week, agent="nobody") == []


async def test_a_review_goes_with_its_conversation_and_cannot_come_after(stores: Stores) -> None:
    case = await conversation(stores)
    await stores.reviews.put(review(case))
    await stores.filings.erase(case.applicant_id)
    assert await stores.reviews.since(MONDAY) == []
    assert not await stores.reviews.put(review(case))


async def test_a_comment_stays_out_of_what_is_printed(stores: Stores) -> None:
    assert "说得清楚" not in repr(review(await conversation(stores)))


async def test_warning_signs_are_found_in_the_period_in_which_they_were(stores: Stores) -> None:
    calm = await conversation(stores)
    curious = await stores.cases.open(person(), NOW, "zh-CN")
    await stores.cases.commit(turn(curious, questions=(asked("能养猫吗"),)))
    content = await stores.cases.open(person(), NOW, "zh-CN")
    await stores.cases.commit(turn(content, questions=(asked("收费吗", helped=True),)))
    returned = await stores.cases.open(person(), NOW, "zh-CN")
    sent_back = with_event(with_answers(returned, domain="a.cn"), Event(EventType.RETURNED, NOW))
    await stores.cases.commit(turn(returned, after=sent_back))
    unhappy = await helped_badly(stores)
    found = await stores.reviews.flagged(TODAY)
    assert found == {
        curious.conversation_id: {Reason.UNANSWERED},
        returned.conversation_id: {Reason.RETURNED},
        unhappy.conversation_id: {Reason.LOW_RATING},
    }
    assert await stores.reviews.flagged(EARLIER) == {}
    talked = set(await stores.reviews.talked(TODAY))
    assert {calm.conversation_id, content.conversation_id, *found} == talked
    assert await stores.reviews.talked(EARLIER) == []


async def helped_badly(stores: Stores) -> Case:
    case = await stores.cases.open(person(), NOW, "zh-CN")
    for attention, hold, rating in (
        (Attention(handover="waiting"), None, None),
        (Attention(), Hold("a1", "li", 1, NOW, NOW + HOUR), None),
        (Attention(), None, None),
        (Attention(), None, 2),
    ):
        epoch = 1 if hold is not None else case.epoch
        after = replace(case, attention=attention, hold=hold, epoch=epoch)
        await stores.cases.commit(replace(turn(case, after=after), inbound=None, rating=rating))
        case = await stores.cases.open(case.identity, NOW, "zh-CN")
    return case


def draft(**changes: object) -> ArticleDraft:
    usual = ArticleDraft(
        unique("draft"), 1, "zh-CN", "cats", "+++\n+++\n猫", (3, 5), DraftStatus.DRAFT, "li", NOW
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


async def test_a_draft_comes_back_and_is_open_until_it_is_an_article(stores: Stores) -> None:
    first, second = draft(), draft(changed_at=NOW + HOUR)
    for one in (second, first):
        assert await stores.article_drafts.put(one)
    assert await stores.article_drafts.open() == [first, second]
    assert await stores.article_drafts.find(first.id) == first
    done = replace(
        first,
        version=2,
        status=DraftStatus.PUBLISHED,
        reviewer="wang",
        reviewed_at=NOW,
        note="好",
    )
    assert await stores.article_drafts.put(done)
    assert await stores.article_drafts.open() == [second]
    assert await stores.article_drafts.published() == [done]
    assert await stores.article_drafts.find("unknown") is None


async def test_a_draft_that_somebody_changed_meanwhile_is_not_changed_over_it(
    stores: Stores,
) -> None:
    first = draft()
    await stores.article_drafts.put(first)
    mine, theirs = (replace(first, version=2, text=text) for text in ("+++ mine", "+++ theirs"))
    assert await stores.article_drafts.put(theirs)
    assert not await stores.article_drafts.put(mine)
    assert await stores.article_drafts.find(first.id) == theirs
