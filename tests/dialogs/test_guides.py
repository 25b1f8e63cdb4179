"""The duties after approval: listed, led through step by step, decided by a few questions."""

from datetime import timedelta

import pytest

from dialogs.after_approval import GUIDES, QUESTIONNAIRES, Questionnaire
from dialogs.standing import standing
from dialogs.wording import LOCALES
from dialogs.world import World
from filing.deadline_facts import CONTACT_CHECK
from tests.dialogs.test_footers import Person


async def test_the_list_tells_each_duty_and_how_it_stands(world: World) -> None:
    person = await Person(world).approved()
    said = await person.press("guide:list")
    assert "公安联网备案：2026-" in said
    assert "安全评估：先答几个问题" in said
    assert "提前 30 天" in said
    assert "2028-10-08" in said  # the domain's expiry, as answered in the form
    await person.press("footer:done")
    assert "页脚挂备案号：2026-11-24 已完成" in await person.press("guide:list")


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_guide_is_walked_from_step_to_step(world: World, locale: str) -> None:
    person = await Person(world, locale).approved()
    for guide in GUIDES.values():
        said = await person.press(f"guide:{guide.key}")
        for place in range(1, len(guide.steps)):
            assert f"{place}/{len(guide.steps)}" in said
            said = await person.say("下一步" if locale == "zh-CN" else "next")
        assert f"event:{guide.ends.value}" in [one.value for one in person.buttons]
        assert "下一步" not in [one.label for one in person.buttons]


async def test_the_first_step_says_by_when_and_by_which_law(world: World) -> None:
    person = await Person(world).approved()
    said = await person.press("guide:police_filing")
    assert "前办完" in said
    [citation] = person.replies[-1].citations
    assert "第十二条" in citation.title


async def test_after_the_police_filing_the_badge_is_next(world: World) -> None:
    person = await Person(world).approved()
    await person.happen("website_opened")
    await person.happen("police_filed", police_number="苏公网安备32011402010001号")
    assert "guide:police_number" in [one.value for one in person.buttons]
    assert "公安备案号" in await person.press("guide:police_number")
    assert "2026-12-24 前办完" in person.replies[-1].text


async def test_documents_are_those_of_the_subject(world: World) -> None:
    person = await Person(world).approved()
    said = await person.press("guide:police_filing:1")
    assert "营业执照" in said and "苏ICP备2026000001号-1" in said


@pytest.mark.parametrize("asked", QUESTIONNAIRES.values(), ids=lambda one: one.key)
async def test_only_noes_mean_that_it_does_not_apply(world: World, asked: Questionnaire) -> None:
    person = await Person(world).approved()
    said = await person.press(f"guide:{asked.key}")
    for place in range(len(asked.questions)):
        assert f"第 {place + 1}/{len(asked.questions)} 问" in said
        said = await person.say("不是" if place % 2 else "没有")
    assert "不需要" in said
    assert len(person.replies[-1].citations) == 1
    assert "不需要办" in await person.press("guide:list")


@pytest.mark.parametrize("asked", QUESTIONNAIRES.values(), ids=lambda one: one.key)
async def test_the_first_yes_decides(world: World, asked: Questionnaire) -> None:
    person = await Person(world).approved()
    await person.press(f"guide:{asked.key}:n")
    said = await person.say("是的")
    assert "需要" in said and "不需要" not in said
    assert "：需要办" in await person.press("guide:list")


async def test_a_question_in_between_is_answered_and_the_button_still_works(world: World) -> None:
    person = await Person(world).approved()
    await person.press("guide:security_assessment")
    go_on = person.buttons[1].value
    await person.say("公安备案要什么材料")
    assert "第 2/4 问" in await person.press(go_on)


async def test_contacts_said_to_be_right_are_asked_about_again(world: World) -> None:
    person = await Person(world).approved()
    case = await person.case()
    assert case.filing is not None
    [check] = [
        one for one in standing(case, person.now, world).deadlines if one.kind.key == CONTACT_CHECK
    ]
    person.now += timedelta(days=180)
    assert "半年后再问您" in await person.press(f"due:done:{case.filing.id}:{check.id}")
    [again] = [
        one
        for one in standing(await person.case(), person.now, world).deadlines
        if one.kind.key == CONTACT_CHECK
    ]
    assert again.open and again.due_at > check.due_at + timedelta(days=170)


async def test_before_approval_there_is_nothing_to_guide_through(world: World) -> None:
    person = Person(world)
    await person.press("cmd:resume")
    assert "通过以后" in await person.press("guide:police_filing")


async def test_a_buttons_words_open_the_guide(world: World) -> None:
    person = await Person(world).approved()
    assert "通过以后要办的事" in await person.say("还要办什么")


def test_answers_decide_as_soon_as_they_can() -> None:
    asked = QUESTIONNAIRES["commercial_licence"]
    assert asked.verdict("") is None
    assert asked.verdict("nn") is None
    assert asked.verdict("ny") is True
    assert asked.verdict("nnn") is False
