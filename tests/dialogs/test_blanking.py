"""What goes when a filing's time is over, what stays as it was, and how it is asked for anew."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from dialogs.blanked_words import GONE, Blanker
from dialogs.blanking import blank_due, due_steps, keeping_problems
from dialogs.case import Case
from dialogs.message import Button, Reply, ReplyKind
from dialogs.overview import overview
from dialogs.ports import Entry
from dialogs.world import SHANGHAI, World
from filing.event import Event, EventType, Stage
from tests.dialogs.talk import HAPPY, Talk, fill, right_answer

E = EventType
DAY = timedelta(days=1)
PERSONAL = {"principal_name", "principal_id_number", "phone", "emergency_phone", "email"}
INDIVIDUAL = {"subject_kind": "individual", "cert_type": "id_card", "province": "江苏"}


def fill_as(talk: Talk, answers: Mapping[str, str]) -> None:
    """Answer everything, some of it so, and hand in."""
    talk.say("你好")
    answer_all(talk, answers)
    talk.press("answer:confirm:confirm")


def answer_all(talk: Talk, answers: Mapping[str, str]) -> None:
    """Answer every open question, some of them so."""
    while (asking := talk.asking) not in (None, "confirm"):
        assert asking is not None
        value = answers.get(asking) or right_answer(talk, asking)
        talk.press(f"answer:{asking}:{value}")
        assert talk.asking != asking, asking


def approve(talk: Talk) -> None:
    """All the way through the reviews."""
    for kind in (E.FIRST_REVIEW_PASSED, E.MATERIALS_SUBMITTED, E.AUTHENTICITY_PASSED):
        talk.happen(Event(kind, talk.now, {}))
    talk.happen(Event(E.SUBMITTED_TO_BUREAU, talk.now, {}))
    talk.happen(Event(E.BUREAU_APPROVED, talk.now, {"filing_number": "苏ICP备2026000001号-1"}))
    assert talk.standing.stage.stage is Stage.APPROVED


def night(talk: Talk) -> bool:
    """Blank what is due; whether anything was."""
    result = blank_due(talk.case, talk.now, talk.world)
    if result is not None:
        talk.case = result.case
    return result is not None


def kept(case: Case) -> str:
    """Everything that is kept of the active filing and of what the dialogue has in mind."""
    assert case.filing is not None
    return repr((case.filing.answers, case.attention))


@pytest.mark.parametrize(
    "answers, goes",
    [
        ({}, PERSONAL | {"office_phone", "remark"}),
        ({"site_manager_same": "no", "province": "浙江"}, PERSONAL | {"site_manager_id_number"}),
        (INDIVIDUAL, {"cert_number", "cert_address", "address", "phone", "email"}),
    ],
    ids=["unit", "two persons", "individual"],
)
def test_values_go_thirty_days_after_the_approval_and_all_that_follows_stays(
    talk: Talk, answers: Mapping[str, str], goes: set[str]
) -> None:
    fill_as(talk, answers)
    approve(talk)
    talk.wait(29 * DAY)
    assert not night(talk)
    talk.wait(2 * DAY)
    before = talk.standing
    assert night(talk)
    after = talk.standing
    blanked = after.journey.blanked
    assert goes & before.journey.values.keys() <= blanked.keys()
    gone = {before.journey.values[key] for key in blanked if key in before.journey.values}
    text = kept(talk.case)
    assert not [value for value in gone if value and value in text]
    stays = {key: one for key, one in before.journey.values.items() if key not in blanked}
    stays.pop("cert_province", None)  # only said where the certificate was from
    stays.pop("residence_proof", None)
    assert after.journey.values == stays
    assert after.journey.is_complete == before.journey.is_complete
    assert after.stage == before.stage
    assert [one.id for one in after.deadlines] == [one.id for one in before.deadlines]
    assert {"domain", "province", "subject_name"} <= stays.keys()
    assert not night(talk)


def test_a_unit_keeps_what_is_in_the_public_register(talk: Talk) -> None:
    fill(talk)
    approve(talk)
    talk.wait(31 * DAY)
    night(talk)
    for key in ("cert_number", "cert_address", "address", "subject_name", "domain"):
        assert talk.values[key] == HAPPY[key]


def test_whoever_takes_a_filing_up_again_is_asked_anew_and_told_why(talk: Talk) -> None:
    fill_as(talk, INDIVIDUAL)
    talk.say("放弃备案")
    talk.press("yes:withdraw")
    talk.wait(31 * DAY)
    assert night(talk)
    said = talk.press("cmd:resume")
    assert "按规定删除" in said
    assert "证件号码" in said
    assert talk.asking == "cert_number"
    talk.press("answer:cert_number:320102198001010024")
    assert "按规定删除" not in talk.press("cmd:resume")
    assert talk.values["cert_number"] == "320102198001010024"
    answer_all(talk, INDIVIDUAL)
    assert talk.values["principal_id_number"] == "320102198001010024"  # derived as ever
    assert not talk.standing.journey.blanked


def test_a_return_after_long_silence_asks_for_the_numbers_again(talk: Talk) -> None:
    fill(talk)
    talk.happen(Event(E.FIRST_REVIEW_PASSED, talk.now, {}))
    talk.wait(91 * DAY)
    assert night(talk)
    said = talk.happen(Event(E.RETURNED, talk.now, {"stage": "materials", "code": "R18"}))
    assert "按规定删除" in said
    assert talk.asking == "principal_name"


def test_another_filing_says_why_it_asks_again(talk: Talk) -> None:
    fill(talk)
    approve(talk)
    assert "按规定删除" not in talk.press("new_filing:")
    first = next(iter(talk.case.filings))
    talk.press(f"filing:{first}")
    talk.wait(31 * DAY)
    assert night(talk)
    said = talk.press("edit:phone")
    assert "变更" in said
    assert "按规定删除，办变更时要请您再提供" in said
    assert "按规定删除" in talk.press("new_filing:")


def test_staff_read_when_a_value_went(talk: Talk) -> None:
    fill(talk)
    approve(talk)
    talk.wait(31 * DAY)
    night(talk)
    lines = {one.step: one for one in overview(talk.case, talk.now, talk.world, "zh-CN").lines}
    phone = lines["phone"]
    assert (phone.state, phone.value, phone.hidden) == ("blanked", "", False)
    assert phone.at == talk.now
    assert not phone.can_change
    assert "phone" not in talk.standing.masked_values


def test_what_people_wrote_is_rewritten_and_nothing_else(talk: Talk) -> None:
    fill(talk)
    filing = talk.case.filing
    assert filing is not None
    steps = frozenset({"phone", "principal_name", "principal_id_number", "email", "address"})
    blanker = Blanker.of(talk.case, filing, steps, talk.world)
    at = filing.answers[-1].at

    def heard(text: str, when: datetime = at) -> str:
        return blanker.entry(Entry(1, when, heard=text)).heard or ""

    assert heard("手机138 0013-8000，我叫张样例") == f"手机{GONE}，我叫{GONE}"
    assert heard("身份证３２０１０２１９８００１０１００２４") == f"身份证{GONE}"
    assert heard("写错了是 13800138001") == f"写错了是 {GONE}"  # a number that was never right
    assert heard("邮箱tea@example-mail.cn") == f"邮箱{GONE}"
    assert GONE in heard("地址是江苏省南京市玄武区中山路8号")
    for text in ("备案号苏ICP备2026000001号-1", "域名 example-tea.cn", "20 个工作日吗？"):
        entry = Entry(1, at, heard=text)
        assert blanker.entry(entry) is entry
    assert heard("另一个手机 13911112222", at + DAY) == "另一个手机 13911112222"
    button = Button("张样例", "answer:principal_name:张样例")
    reply = Reply(ReplyKind.QUESTION, "负责人是张样例吗？客服 400-810-1234", (button,))
    said = blanker.entry(Entry(2, at, said=reply)).said
    assert said is not None
    assert said.text == f"负责人是{GONE}吗？客服 400-810-1234"
    assert "张样例" not in repr(said)


def test_every_answer_has_one_place_in_the_data(world: World) -> None:
    flows = world.flows.values()
    assert not list(keeping_problems(world.keeping, flows))
    bare = replace(world.keeping, stays=frozenset({"domain", "phone", "nothing"}))
    wrong = "\n".join(str(one) for one in keeping_problems(bare, flows))
    for said in ("'phone' stands in 2 places", "'province' stands in 0", "no question 'nothing'"):
        assert said in wrong
    first, *others = world.keeping.groups
    decides = replace(first, steps=first.steps | {"site_manager_same"})
    wrong = "\n".join(
        str(one)
        for one in keeping_problems(replace(world.keeping, groups=(decides, *others)), flows)
    )
    assert "decides whether" in wrong


def test_a_draft_that_is_announced_to_go_whole_keeps_everything_until_then(talk: Talk) -> None:
    fill(talk, until="ip")
    talk.wait(95 * DAY)
    assert not night(talk)  # its owner hears that "keep" keeps all of it
    draft = talk.case.filing
    assert draft is not None
    talk.press("new_filing:")
    fill(talk)
    talk.press("answer:confirm:confirm")  # something of theirs goes on: nothing is announced
    talk.wait(1 * DAY)
    assert night(talk)
    blanked = {one.step for one in talk.case.filings[draft.id].answers if one.blanked_at}
    assert {"phone", "principal_id_number"} <= blanked
    assert talk.values["phone"] == HAPPY["phone"]


def test_a_filing_under_way_keeps_everything(talk: Talk) -> None:
    fill(talk)
    talk.wait(60 * DAY)
    assert talk.case.filing is not None
    assert not due_steps(talk.case, talk.case.filing, talk.now, talk.world)
    assert date(2026, 11, 24) < talk.now.astimezone(SHANGHAI).date()
