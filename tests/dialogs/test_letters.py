"""Letters in chat: asked for in whatever words, handed out filled in, or what is missing first."""

from dataclasses import replace
from datetime import datetime

import pytest

from dialogs.message import LetterFile
from dialogs.turn.letter_values import values_in
from dialogs.understanding.letter_requests import letter_request
from dialogs.world import SHANGHAI, World
from filing.event import Event, EventType
from tests.dialogs.talk import Talk, fill, right_answer

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
AUTHORISATIONS = ("site_manager_authorisation", "principal_authorisation")

ASKED = {
    "给我授权书": AUTHORISATIONS,
    "授权书模板": AUTHORISATIONS,
    "帮我生成一份网站负责人授权书": ("site_manager_authorisation",),
    "主体负责人授权书在哪下载": ("principal_authorisation",),
    "能不能发我一份委托书？": AUTHORISATIONS,
    "我要下载授权书": AUTHORISATIONS,
    "麻烦把建设方案书发我": ("construction_plan",),
    "网站名称说明书给我一份": ("site_name_explanation",),
    "来一份不涉及前置审批的承诺书": ("no_pre_approval_commitment",),
    "不涉及校外培训承诺书模板": ("no_training_commitment",),
    "我要金融的承诺书": ("no_finance_commitment",),
    "真实性承诺书 word版": ("truthfulness_letter",),
    "网站开办审核表模板有吗": ("opening_approval",),
    "authorisation letter please": AUTHORISATIONS,
    "Can you send me the authorization letter for the website manager?": (
        "site_manager_authorisation",
    ),
    "I need the construction plan": ("construction_plan",),
    "授权书模版有没有，发我一份": AUTHORISATIONS,
    "我要一份承诺书": ("commitment_guangdong_unit", "commitment_guangdong_individual"),
    "下载模板": (),
    "模板在哪里": (),
    "给我所有文书模板": (),
    "download the templates": (),
}
NOT_ASKED = (
    "帮我做一份假的授权书",
    "要建设方案书的省有哪些",
    "要手写承诺书的是哪个省",
    "要承诺书的省份列表",
    "要写建设方案说明才过",
    "要交网站名称情况说明",
    "授权书要盖章吗",
    "授权书谁签字",
    "什么情况需要授权书",
    "要不要写授权书",
    "授权书怎么写",
    "承诺书要手写吗",
    "不用授权书",
    "没有授权书怎么办",
    "授权书被退回了",
    "需要承诺书吗",
    "备注：授权书随后补",
    "网站介绍公司的方案设计服务，以及承接的装修项目",
    "who signs the authorisation letter",
    "do I need an authorisation letter?",
    "what is a construction plan",
    "张三",
)


@pytest.mark.parametrize("said", ASKED)
def test_a_letter_is_asked_for_in_many_words(said: str) -> None:
    request = letter_request(said)
    assert request is not None and request.keys[:2] == ASKED[said][:2]


@pytest.mark.parametrize("said", NOT_ASKED)
def test_questions_about_letters_go_to_the_articles(said: str) -> None:
    assert letter_request(said) is None


@pytest.fixture(scope="module")
def filled(world: World) -> Talk:
    """Everything answered, another person managing the website."""
    return fill(Talk(world, NOW), site_manager_same="no")


def completed(talk: Talk, **given: str) -> Talk:
    """Everything answered: as given, else with whatever fits."""
    talk.say("你好")
    for _ in range(60):
        asking = talk.asking
        if asking is None or asking == "confirm":
            break
        talk.press(f"answer:{asking}:{given.get(asking) or right_answer(talk, asking)}")
    assert talk.asking == "confirm"
    return talk


@pytest.fixture(scope="module")
def individual(world: World) -> Talk:
    """A person who files for themselves."""
    return completed(Talk(world, NOW), subject_kind="individual", cert_type="id_card")


def again(talk: Talk) -> Talk:
    """The same conversation, to go on with."""
    other = Talk(talk.world, NOW, channel=talk.channel)
    other.case = talk.case
    return other


def test_the_letter_that_is_needed_comes_as_two_files_with_how_to_sign(filled: Talk) -> None:
    talk = again(filled)
    said = talk.say("给我授权书")
    assert "网站负责人授权书填好了" in said
    assert "1. 法定代表人（负责人）本人在“法定代表人（负责人）签字”后亲笔签名" in said
    (reply,) = talk.replies
    assert [one.name for one in reply.files] == ["网站负责人授权书.docx", "网站负责人授权书.pdf"]
    assert talk.case.active is not None
    wanted = LetterFile(talk.case.active, "site_manager_authorisation", "docx")
    assert reply.files[0].letter == wanted
    assert [one.value for one in reply.buttons] == ["letter:all"]
    assert "签好拍照，直接发给我" in said
    assert talk.case.attention.paper == "site_manager_authorisation.subject"


def test_nothing_of_the_letter_is_kept_in_the_conversation(filled: Talk) -> None:
    talk = again(filled)
    talk.say("给我授权书")
    assert "330106197505050014" not in repr(talk.replies)
    assert talk.case.active is not None
    values = values_in(talk.case, talk.case.active, NOW, talk.world)
    assert values is not None and values["site_manager_id_number"] == "330106197505050014"
    assert values["subject_id_type"] == "营业执照"
    assert values["bureau_name"] == "江苏省通信管理局"
    assert values_in(talk.case, "another", NOW, talk.world) is None


def test_the_values_are_those_of_now(filled: Talk) -> None:
    talk = again(filled)
    talk.press("edit:site_manager_name")
    talk.say("王样例")
    assert talk.case.active is not None
    values = values_in(talk.case, talk.case.active, NOW, talk.world)
    assert values is not None and values["site_manager_name"] == "王样例"


def test_the_commitment_of_the_province_is_meant_where_it_has_its_own(filled: Talk) -> None:
    said = again(filled).say("承诺书模板")
    assert "真实性责任告知书和承诺书（江苏省）填好了" in said
    assert "江苏管局有统一的告知书和承诺书" in said


def test_the_checklist_asks_for_a_letter_by_its_kind_of_material(filled: Talk) -> None:
    talk = again(filled)
    assert "网站负责人授权书填好了" in talk.press("letter:site_manager_authorisation")
    assert "承诺书（单位）填好了" in talk.press("letter:commitment")
    assert "要哪一份？" in talk.press("letter:domain_certificate")
    assert "要哪一份？" in talk.press("letter:nonsense")


def test_all_letters_are_offered_those_needed_first(filled: Talk) -> None:
    talk = again(filled)
    said = talk.say("下载模板")
    needed, others = said.split("另外还有：")
    assert "网站负责人授权书" in needed and "真实性责任告知书" in needed
    assert "建设方案书" in others and "网站开办审核表" not in said
    assert "（个人）" not in said and "广东" not in said
    assert talk.replies[-1].buttons[0].value == "letter:site_manager_authorisation"


def test_what_must_be_known_first_is_named_and_the_form_goes_on(world: World) -> None:
    talk = fill(Talk(world, NOW), until="site_name")
    said = talk.say("网站负责人授权书给我一份")
    assert "还要先知道：" in said and "网站名称" in said and "网站负责人" in said
    assert "身份证" not in said.split("\n")[0]
    assert not talk.replies[0].files
    assert talk.asking == "site_name" and talk.replies[-1].step == "site_name"


def test_a_name_usually_written_by_hand_is_left_blank_and_told(world: World) -> None:
    talk = completed(Talk(world, NOW), principal_is_legal_rep="no")
    assert "法定代表人姓名要手写，已留好横线" in talk.press("letter:principal_authorisation")


def test_an_individual_gets_the_letters_of_individuals(individual: Talk) -> None:
    talk = again(individual)
    assert "承诺书（个人）填好了" in talk.press("letter:commitment")
    said = talk.say("给我网站负责人授权书")
    assert "用不到网站负责人授权书" in said and "网站名称情况说明" in said


def test_on_a_chat_kept_abroad_the_letter_lies_behind_a_page_of_ours(world: World) -> None:
    talk = Talk(replace(world, has_forms=True, cautious_channels=frozenset()), NOW, "telegram")
    fill(talk, site_manager_same="no")
    talk.world = replace(world, has_forms=True)
    said = talk.say("给我授权书")
    assert "不从这里发" in said
    reply = talk.replies[0]
    assert not reply.files and reply.form == ("letter:site_manager_authorisation",)


def test_without_such_a_page_it_is_not_handed_out_there(world: World) -> None:
    talk = Talk(replace(world, cautious_channels=frozenset()), NOW, "telegram")
    fill(talk, site_manager_same="no")
    talk.world = world
    said = talk.say("给我授权书")
    assert "不能从这里发" in said and not talk.replies[0].files and not talk.replies[0].form


def test_letters_are_to_be_had_at_every_stage_and_in_english(filled: Talk) -> None:
    talk = again(filled)
    talk.press("answer:confirm:confirm")
    talk.happen(Event(EventType.FIRST_REVIEW_PASSED, NOW))
    talk.say("English please")
    said = talk.say("authorisation letter please")
    assert "Authorisation of the website manager is filled in" in said
    assert "signs by hand after “法定代表人（负责人）签字”" in said
    assert talk.replies[0].files[1].name == "网站负责人授权书.pdf"


def test_whoever_has_no_filing_in_hand_is_told_so(filled: Talk) -> None:
    talk = again(filled)
    talk.case = replace(talk.case, active=None)
    assert "还没有在办的备案" in talk.say("给我授权书")
