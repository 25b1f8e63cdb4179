"""Conversations read again: the draw, the masked transcript, the review, and who sees it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SimulatedClock
from desk.audit import Wanted
from desk.parts import Parts
from desk.quality.checklist import load_checklist
from desk.quality.sampling import Reason, sample
from desk.statistics.period import monday_of
from dialogs.message import Identity, Inbound
from dialogs.world import day_of
from knowledge.errors import BrokenContent
from storage.ports import Stores
from tests.desk.people import Person

MONDAY = date(2026, 11, 23)
IDS = st.sets(st.text("0123456789abcdef", min_size=8, max_size=8), max_size=40)


@given(IDS, st.integers(min_value=0, max_value=20))
def test_the_lot_draws_the_same_for_whoever_draws(talked: set[str], drawn: int) -> None:
    first = sample(MONDAY, sorted(talked), {}, drawn)
    assert first == sample(MONDAY, sorted(talked, reverse=True), {}, drawn)
    assert len(first) == min(drawn, len(talked))
    assert all(one.reasons == (Reason.LOT,) for one in first)


def test_another_week_draws_others() -> None:
    talked = [f"{number:08x}" for number in range(200)]
    one, other = (
        {found.conversation for found in sample(week, talked, {})}
        for week in (MONDAY, MONDAY - timedelta(days=7))
    )
    assert one != other


def test_everybody_is_drawn_about_as_often() -> None:
    talked = [f"{number:08x}" for number in range(40)]
    weeks = [MONDAY - timedelta(weeks=number) for number in range(400)]
    counts = dict.fromkeys(talked, 0)
    for week in weeks:
        for one in sample(week, talked, {}, 10):
            counts[one.conversation] += 1
    assert all(60 <= count <= 140 for count in counts.values())  # 100 expected, 4 sigma


def test_a_warning_sign_is_always_read_and_signs_add_up() -> None:
    flagged = {"a": {Reason.RETURNED}, "b": {Reason.LOW_RATING, Reason.UNANSWERED}}
    found = sample(MONDAY, ["a", "b", "c"], flagged, 1)
    assert found[0].conversation == "b"
    assert {one.conversation for one in found} >= {"a", "b"}


def test_the_shipped_checklist_is_sound_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    assert len(load_checklist()) == 6
    (tmp_path / "desk").mkdir()
    own = tmp_path / "desk" / "checklist.toml"
    own.write_text('[[items]]\nkey = "a"\ntitle = { zh-CN = "甲", en = "A" }\n', "utf-8")
    assert [one.key for one in load_checklist(tmp_path)] == ["a"]
    own.write_text('[[items]]\nkey = "a"\n', "utf-8")
    with pytest.raises(BrokenContent, match="desk/checklist"):
        load_checklist(tmp_path)


async def talked_with(parts: Parts, *texts: str) -> str:
    identity = Identity("web", "somebody")
    for number, text in enumerate(("你好", "同意", *texts)):
        inbound = Inbound(identity, f"m{number}", parts.clock(), text=text)
        await parts.assistant.handle(inbound)
    return (await parts.assistant.case(identity)).conversation_id


def this_week(parts: Parts) -> str:
    return monday_of(day_of(parts.clock())).isoformat()


async def test_a_supervisor_reads_a_masked_conversation_and_judges_it(
    supervisor: Person, parts: Parts
) -> None:
    conversation = await talked_with(parts, "我叫李小明，手机13800138000，火星土豆要许可吗")
    week = this_week(parts)
    listed = (await supervisor.page(f"/quality?week={week}")).text
    assert f"/desk/quality/{conversation}?week={week}" in listed
    assert "没答上来" in listed
    page = (await supervisor.page(f"/quality/{conversation}?week={week}")).text
    assert "***" in page
    assert "13800138000" not in page
    assert "李小明" not in page
    fields = {"week": week, "item-correct": "2", "item-plain": "0", "comment": "<i>要更快</i>"}
    at = f"/quality/{conversation}"
    kept = await supervisor.send(at, of=f"{at}?week={week}", **fields)
    assert kept.status_code == 303
    again = (await supervisor.page(f"/quality?week={week}")).text
    assert "2 / 4" in again
    assert "50%" in again
    assert "&lt;i&gt;要更快&lt;/i&gt;" in (await supervisor.page(f"{at}?week={week}")).text
    deeds = await parts.audit.entries(Wanted(object=f"conversation:{conversation}"))
    assert {one.draft.action for one in deeds} == {"sample_read", "reviewed"}


@pytest.mark.parametrize("points", ["", "3", "-1", "x"])
async def test_a_review_without_a_judgement_is_refused(
    supervisor: Person, parts: Parts, points: str
) -> None:
    conversation = await talked_with(parts)
    sent = await supervisor.send(
        f"/quality/{conversation}", of="/", week=this_week(parts), **{"item-correct": points}
    )
    assert sent.status_code == 422


async def test_everybody_sees_reviews_of_their_own_help_and_of_nobody_elses(
    supervisor: Person, agent: Person, parts: Parts
) -> None:
    conversation = await talked_with(parts, "转人工")
    accounts = {one.name: one for one in await parts.agents.everyone()}
    await parts.helping.claims.take(accounts["li"].colleague, conversation)
    week = this_week(parts)
    judged = {"week": week, "item-polite": "2", "comment": "接得很稳"}
    sent = await supervisor.send(f"/quality/{conversation}", of="/", **judged)
    assert sent.status_code == 303
    mine = (await agent.page("/quality/mine")).text
    assert "接得很稳" in mine
    assert "wang" not in mine
    assert "接得很稳" not in (await supervisor.page("/quality/mine")).text
    assert (await agent.page("/quality")).status_code == 403
    assert (await agent.page(f"/quality/{conversation}")).status_code == 403


async def test_nobody_judges_their_own_help(supervisor: Person, parts: Parts) -> None:
    conversation = await talked_with(parts, "转人工")
    [wang] = [one for one in await parts.agents.everyone() if one.name == "wang"]
    await parts.helping.claims.take(wang.colleague, conversation)
    judged = {"week": this_week(parts), "item-polite": "2"}
    sent = await supervisor.send(f"/quality/{conversation}", of="/", **judged)
    assert sent.status_code == 403


async def test_a_conversation_that_was_erased_cannot_be_read(
    supervisor: Person, parts: Parts, stores: Stores
) -> None:
    conversation = await talked_with(parts)
    case = await parts.assistant.case(Identity("web", "somebody"))
    await stores.filings.erase(case.applicant_id)
    assert (await supervisor.page(f"/quality/{conversation}")).status_code == 404


@pytest.mark.parametrize("week", ["1999-01-01", "2999-01-01", "yesterday", "2026-13-40"])
async def test_a_week_beyond_what_is_shown_becomes_the_nearest(
    parts: Parts, clock: SimulatedClock, week: str
) -> None:
    found = parts.quality.week(week)
    this = monday_of(day_of(clock()))
    assert this - timedelta(weeks=12) <= found <= this
    assert found.weekday() == 0
