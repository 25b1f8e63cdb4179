"""Papers in the chat: the list, one after the other, every picture answered at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.message import ReplyKind
from dialogs.picture_words import say_picture_finding
from dialogs.pictures import MarkedPicture, QrPicture, SpecimenPicture
from dialogs.ports import Inspection
from dialogs.turn.judging import take_verdict
from dialogs.understanding.paper_requests import paper_request
from dialogs.world import World
from filing.event import EventType
from filing.finding import Level
from filing.materials.material import Box, MaterialKind, PictureFinding, Side, Verdict
from filing.materials.picture_code import PictureCode
from tests.dialogs.paper_talk import Inspector, Sender, incoming, shows

_K = MaterialKind
LICENCE = "subject_certificate.subject"
IDENTITY = "identity_document.principal"
LETTERS = "truthfulness_letter.subject"
DOMAIN = "domain_certificate.subject"
BLURRED = PictureFinding(PictureCode.BLURRED, Level.REFUSE)
GLARE = PictureFinding(PictureCode.GLARE, Level.REFUSE, Box(0.1, 0.1, 0.4, 0.4))
DARK = PictureFinding(PictureCode.DARK, Level.WARN)


def found(sender: Sender, **pictures: Inspection) -> None:
    """Say what the inspector will find of pictures by their names."""
    assert sender.inspector is not None
    sender.inspector.found = pictures


def faulty(*findings: PictureFinding) -> Inspection:
    """An inspection with findings."""
    return Inspection(1600, 1200, findings)


# ---- the list


@pytest.mark.parametrize("asked", ["还差什么", "还缺哪些材料？", "材料清单", "what's missing"])
async def test_what_is_missing_can_be_asked_while_the_form_is_open(
    asked: str, world: World
) -> None:
    sender = await Sender(world).fill("site_name")
    said = await sender.say(asked)
    assert "还差 3 项" in said and "☐ 营业执照：还没交" in said
    assert "表还没填完" in said
    assert f"paper:item:{LICENCE}" in sender.values
    assert sender.replies[-1].step == "site_name"  # the open question is asked again


@pytest.mark.parametrize("event", ["", "first_review_passed", "second_review_passed"])
async def test_what_is_missing_can_be_asked_at_every_stage(event: str, world: World) -> None:
    sender = await Sender(world).fill("never", confirm="confirm")
    if event:
        await sender.happen(event)
    said = await sender.say("还差什么材料")
    assert "还差 4 项" in said or "不能再改" in said


async def test_before_consent_nothing_is_kept_and_the_list_says_why(world: World) -> None:
    sender = await Sender(world).fill("consent_sensitive")
    assert not await sender.assistant.expects_file(sender.identity)
    assert "没有保存" in await sender.send("card")
    assert (await sender.case()).attention.loose == ()


async def test_every_paper_offers_upload_sample_reason_and_letter(world: World) -> None:
    sender = await Sender(world).at_materials()
    said = await sender.press(f"paper:item:{LETTERS}")
    assert "ICP备案信息真实性责任告知书" in said and "本人签字" in said
    assert {f"paper:{way}:{LETTERS}" for way in ("upload", "sample", "why")} <= set(sender.values)
    assert "letter:truthfulness_letter" in sender.values
    why = await sender.press(f"paper:why:{LETTERS}")
    assert "江苏" in why and sender.replies[-1].citations


async def test_the_letter_of_the_paper_asked_for_needs_no_more_than_a_word(world: World) -> None:
    sender = await Sender(world).at_materials()
    await sender.press(f"paper:item:{LETTERS}")
    said = await sender.say("模板")
    files = [file.name for reply in sender.replies for file in reply.files]
    assert "真实性" in said and [name.rpartition(".")[2] for name in files] == ["docx", "pdf"]


async def test_a_sample_is_a_drawing_that_says_it_is_one(world: World) -> None:
    sender = await Sender(world).at_materials()
    await sender.press(f"paper:sample:{IDENTITY}")
    [file] = sender.replies[-1].files
    assert isinstance(file.picture, SpecimenPicture)
    assert file.picture.paper == "card" and file.picture.word == "样例"
    assert "样例" in file.alt


# ---- one after the other


async def test_the_papers_are_gone_through_one_by_one_and_handed_in(world: World) -> None:
    sender = await Sender(world).at_materials()
    found(
        sender,
        front=shows(_K.IDENTITY_DOCUMENT, side=Side.FRONT),
        back=shows(_K.IDENTITY_DOCUMENT, side=Side.BACK),
    )
    assert "两件事都要做" in "\n".join(reply.text for reply in sender.replies)
    assert "材料 1/4 · 营业执照" in await sender.press("paper:next")
    said = await sender.send("licence")
    assert "收到，营业执照记下了" in said and "材料 2/4" in said
    said = await sender.send("front")
    assert "（人像面）记下了。还差国徽面" in said
    assert "材料 3/4" in await sender.send("back")
    assert "1/2 份" in await sender.send("notice")
    assert "材料 4/4 · 域名证书" in await sender.send("letter")
    said = await sender.send("domain")
    assert "都齐了" in said and sender.values[0] == "paper:submit"
    said = await sender.press("paper:submit")
    assert "☑ 上传资料" in said and "☐ 真实性核验" in said
    case = await sender.case()
    assert case.filing is not None
    assert case.filing.events[-1].type is EventType.MATERIALS_SUBMITTED
    assert case.filing.events[-1].author == "applicant"


async def test_nothing_is_handed_in_while_a_paper_is_missing(world: World) -> None:
    sender = await Sender(world).at_materials()
    said = await sender.press("paper:submit")
    assert "还没齐" in said and "营业执照" in said
    case = await sender.case()
    assert case.filing is not None
    assert EventType.MATERIALS_SUBMITTED not in [event.type for event in case.filing.events]


async def test_a_paper_can_be_put_off_and_comes_again_last(world: World) -> None:
    sender = await Sender(world).at_materials()
    await sender.press("paper:next")
    assert "法定代表人的居民身份证" in await sender.say("这个以后再交")
    for picture in ("card", "notice", "letter", "domain"):
        said = await sender.send(picture)
    assert "营业执照" in said and "材料 1/4" in said


async def test_the_check_of_the_person_leads_to_the_providers_own_page(world: World) -> None:
    sender = await Sender(world).at_materials()
    assert not [file for reply in sender.replies for file in reply.files]
    for picture in ("licence", "card", "notice", "letter", "domain"):
        await sender.send(picture)
    await sender.press("paper:submit")
    [code] = [file.picture for reply in sender.replies for file in reply.files]
    assert isinstance(code, QrPicture) and code.address == world.provider.face_check_page
    assert "不要发给我" in code.note
    await sender.happen("authenticity_passed")
    assert not [file for reply in sender.replies for file in reply.files]


# ---- what a picture is answered


async def test_a_refused_picture_says_why_what_to_do_and_where(world: World) -> None:
    sender = await Sender(world).at_materials()
    found(sender, bad=faulty(GLARE, DARK))
    await sender.press("paper:next")
    said = await sender.send("bad")
    assert sender.replies[0].kind is ReplyKind.ERROR
    for finding in (GLARE, DARK):
        assert say_picture_finding(finding, world.wording, "zh-CN").reason in said
    [file] = sender.replies[0].files
    assert isinstance(file.picture, MarkedPicture)
    assert [(mark.number, mark.left) for mark in file.picture.marks] == [(1, 100)]
    assert (await sender.papers())[LICENCE] == "problem"
    await sender.send("better")
    assert (await sender.papers())[LICENCE] == "received"


async def test_what_is_unsure_is_kept_and_staff_look(world: World) -> None:
    sender = await Sender(world).at_materials()
    found(sender, dim=faulty(DARK))
    await sender.press("paper:next")
    said = await sender.send("dim")
    assert "工作人员会再看一眼" in said
    assert (await sender.papers())[LICENCE] == "received"


async def test_another_paper_than_asked_for_goes_where_it_belongs(world: World) -> None:
    sender = await Sender(world).at_materials()
    wrong = PictureFinding(
        PictureCode.WRONG_DOCUMENT, Level.REFUSE,
        params={"seen": "domain_certificate", "sought": "subject_certificate"},
    )  # fmt: skip
    found(sender, domain=shows(_K.DOMAIN_CERTIFICATE, findings=(wrong,)))
    await sender.press("paper:next")
    said = await sender.send("domain")
    assert "看着是域名证书，记到这一项了" in said and "营业执照" in said
    papers = await sender.papers()
    assert papers[DOMAIN] == "received" and papers[LICENCE] == "missing"


async def test_a_picture_nobody_can_name_is_asked_about_not_thrown_away(world: World) -> None:
    sender = await Sender(world).fill("site_name")
    said = await sender.send("mystery")
    assert "这张是哪一项" in said and f"paper:place:{DOMAIN}" in sender.values
    assert (await sender.case()).attention.loose[0].name == "mystery.jpg"
    said = await sender.say("是域名证书")
    assert "域名证书记下了" in said and sender.replies[-1].step == "site_name"
    assert (await sender.papers())[DOMAIN] == "received"
    assert sender.inspector is not None  # looked at again, now as what it is
    assert sender.inspector.sought[-1].kind is _K.DOMAIN_CERTIFICATE


async def test_a_picture_that_is_no_paper_is_let_go(world: World) -> None:
    sender = await Sender(world).fill("site_name")
    await sender.send("cat")
    assert "不算材料" in await sender.press("paper:none")
    case = await sender.case()
    assert case.attention.loose == () and case.filing is not None and not case.filing.materials


async def test_several_pictures_at_once_are_told_apart(world: World) -> None:
    sender = await Sender(world).fill("site_name")
    found(
        sender,
        licence=shows(_K.SUBJECT_CERTIFICATE),
        front=shows(_K.IDENTITY_DOCUMENT, side=Side.FRONT),
        back=shows(_K.IDENTITY_DOCUMENT, side=Side.BACK),
    )
    said = await sender.send("licence", "front", "back", "what")
    assert "营业执照" in said and "人像面" in said and "国徽面" in said and "what.jpg" in said
    papers = await sender.papers()
    assert papers[LICENCE] == papers[IDENTITY] == "received"
    assert [one.name for one in (await sender.case()).attention.loose] == ["what.jpg"]


async def test_two_pictures_for_a_card_are_its_two_sides(world: World) -> None:
    sender = await Sender(world).at_materials()
    nothing = Inspection(1600, 1200)
    found(sender, one=nothing, two=nothing)
    await sender.press(f"paper:upload:{IDENTITY}")
    assert "人像面" in await sender.send("one", "two")
    case = await sender.case()
    assert case.filing is not None
    assert [one.side for one in case.filing.materials] == [Side.FRONT, Side.BACK]


@pytest.mark.parametrize(
    "answer, side, state",
    [
        ("两面都有", Side.WHOLE, "received"),
        ("只有人像面", Side.FRONT, "missing"),
        ("paper:back:identity_document.principal", Side.BACK, "missing"),
    ],
)
async def test_where_nobody_can_tell_the_side_of_a_card_it_is_asked(
    answer: str, side: Side, state: str, world: World
) -> None:
    sender = await Sender(world).at_materials()
    found(sender, card=Inspection(1600, 1200))
    await sender.press(f"paper:upload:{IDENTITY}")
    assert "两面都有，还是只有一面" in await sender.send("card")
    said = await (sender.press(answer) if ":" in answer else sender.say(answer))
    assert "记下了" in said
    case = await sender.case()
    assert case.filing is not None and case.attention.side_of is None
    assert [one.side for one in case.filing.materials] == [side]
    assert (await sender.papers())[IDENTITY] == state
    found(sender, other=Inspection(1600, 1200))
    if state == "missing":  # the other side needs no question
        await sender.send("other")
        assert (await sender.papers())[IDENTITY] == "received"


async def test_the_other_side_of_a_card_answers_which_side_the_first_was(world: World) -> None:
    sender = await Sender(world).at_materials()
    nothing = Inspection(1600, 1200)
    found(sender, one=nothing, two=nothing)
    await sender.press(f"paper:upload:{IDENTITY}")
    await sender.send("one")
    assert "记下了" in await sender.send("two")
    case = await sender.case()
    assert case.filing is not None and case.attention.loose == ()
    assert [one.side for one in case.filing.materials] == [Side.FRONT, Side.BACK]
    assert (await sender.papers())[IDENTITY] == "received"


async def test_of_two_shots_of_a_paper_the_good_one_counts(world: World) -> None:
    sender = await Sender(world).at_materials()
    found(sender, bad=faulty(BLURRED))
    await sender.press(f"paper:upload:{LICENCE}")
    await sender.send("good", "bad")
    assert (await sender.papers())[LICENCE] == "received"


async def test_pictures_of_two_messages_at_one_moment_are_two_versions(world: World) -> None:
    sender = await Sender(world).at_materials()
    found(sender, bad=faulty(BLURRED))
    await sender.press("paper:next")
    sender.assistant.clock = lambda: sender.now.replace(minute=0)
    await sender.send("bad")
    await sender.send("good")
    assert (await sender.papers())[LICENCE] == "received"


async def test_a_paper_can_be_replaced_and_taken_back(world: World) -> None:
    sender = await Sender(world).at_materials()
    await sender.press("paper:next")
    await sender.send("first")
    assert "已经收到一份" in await sender.say("重新上传营业执照")
    await sender.send("second")
    assert "撤下了" in await sender.press(f"paper:remove:{LICENCE}")
    assert (await sender.papers())[LICENCE] == "missing"
    case = await sender.case()
    assert case.filing is not None and len(case.filing.materials) == 2  # the rows stay
    assert all(one.gone for one in case.filing.materials)


@pytest.mark.parametrize(
    "words",
    [
        "把营业执照撤下来",
        "请把我交的营业执照删掉",
        "营业执照撤回来",
        "删除营业执照",
        "take back the licence",
    ],
)
async def test_a_paper_is_taken_back_in_words_and_its_picture_deleted(
    words: str, world: World
) -> None:
    sender = await Sender(world).at_materials()
    gone: list[str] = []

    async def discard(ids: Sequence[str]) -> None:
        gone.extend(ids)

    await sender.press("paper:next")
    await sender.send("first")
    sender.assistant.discard = discard
    assert "撤下了" in await sender.say(words)
    assert [one.partition("~")[0] for one in gone] == ["first"]
    assert (await sender.papers())[LICENCE] == "missing"


async def test_another_licence_is_no_answer_to_which_side_of_a_card_this_is(world: World) -> None:
    sender = await Sender(world).at_materials()
    found(sender, card=Inspection(1600, 1200), back=Inspection(1600, 1200))
    await sender.press("paper:next")
    await sender.send("licence")
    await sender.press(f"paper:upload:{IDENTITY}")
    assert "两面都有，还是只有一面" in await sender.send("card")
    assert "已经收到一份" in await sender.say("我要换一张营业执照")
    case = await sender.case()
    assert [one.file_id.partition("~")[0] for one in case.attention.loose] == ["card"]
    await sender.send("new licence")
    case = await sender.case()
    assert case.filing is not None
    slots = [one.slot for one in case.filing.materials]
    assert slots == [LICENCE, LICENCE]


async def test_without_an_inspector_pictures_are_for_staff_to_look_at(world: World) -> None:
    sender = await Sender(world, inspector=None).at_materials()
    await sender.press("paper:next")
    assert "收到，营业执照记下了" in await sender.send("licence")


async def test_an_inspector_that_fails_loses_no_picture(world: World) -> None:
    class Broken(Inspector):
        async def inspect(self, file_id: str, sought: object) -> Inspection:
            raise RuntimeError("no such luck")

    sender = await Sender(world, inspector=Broken()).at_materials()
    await sender.press("paper:next")
    assert "工作人员会再看一眼" in await sender.send("licence")
    assert (await sender.papers())[LICENCE] == "received"


# ---- channels whose messages lie elsewhere


async def test_an_identity_paper_comes_by_the_form_alone_on_telegram(world: World) -> None:
    cautious = world_with_forms(world)
    sender = await Sender(cautious, channel="telegram").fill("never", confirm="confirm")
    await sender.happen("first_review_passed")
    await sender.press("paper:next")
    assert "form" in sender.values
    assert not await sender.assistant.expects_file(sender.identity)
    said = await sender.send("licence")
    assert "没有保存" in said and "form" in sender.values
    handled = await sender.assistant.hand_in_pictures(
        sender.identity, LICENCE, [incoming("licence")]
    )
    assert "营业执照记下了" in handled.replies[0].text
    assert (await sender.papers())[LICENCE] == "received"


async def test_another_paper_may_come_by_telegram_once_asked_for(world: World) -> None:
    sender = await Sender(world_with_forms(world), channel="telegram").fill(
        "never", confirm="confirm"
    )
    await sender.happen("first_review_passed")
    await sender.press(f"paper:upload:{DOMAIN}")
    assert await sender.assistant.expects_file(sender.identity)
    found(sender, card=shows(_K.IDENTITY_DOCUMENT))
    said = await sender.send("card")
    assert "没有保存" in said
    case = await sender.case()
    assert case.filing is not None and case.filing.materials == ()
    await sender.press(f"paper:upload:{DOMAIN}")
    assert "域名证书记下了" in await sender.send("domain")


# ---- staff


async def test_what_staff_say_is_told(world: World) -> None:
    sender = await Sender(world).at_materials()
    await sender.press("paper:next")
    await sender.send("licence")
    case = await sender.case()
    assert case.filing is not None
    piece = case.filing.materials[-1].id
    no = Verdict(piece, False, sender.now, "小李", PictureCode.BLURRED, "请拍正本")
    told = take_verdict(case, no, sender.now, world)
    assert "要重新交" in told.replies[0].text and "请拍正本" in told.replies[0].text
    assert "模糊" in told.replies[0].text
    assert f"paper:upload:{LICENCE}" in [one.value for one in told.replies[0].buttons]
    yes = Verdict(piece, True, sender.now + timedelta(hours=1), "小李")
    told = take_verdict(told.case, yes, sender.now, world)
    assert told.replies[0].text == "工作人员看过了：营业执照合格。"
    with pytest.raises(LookupError):
        take_verdict(case, Verdict("nobody's", True, sender.now, "小李"), sender.now, world)


# ---- words


@pytest.mark.parametrize(
    "text, kind, paper",
    [
        ("还差什么", "list", None),
        ("我还要交什么材料？", "list", None),
        ("资料都齐了吗", "list", None),
        ("which documents do I still need to upload?", "list", None),
        ("营业执照样例", "sample", _K.SUBJECT_CERTIFICATE),
        ("看看网站负责人身份证的样例", "sample", _K.IDENTITY_DOCUMENT),
        ("重新上传身份证", "upload", _K.IDENTITY_DOCUMENT),
        ("删掉营业执照", "remove", _K.SUBJECT_CERTIFICATE),
        ("刚才的照片发错了", "remove", None),
        ("提交材料", "submit", None),
    ],
)
def test_words_about_papers_are_understood(
    text: str, kind: str, paper: MaterialKind | None
) -> None:
    request = paper_request(text, has_picture=False, asked=False)
    assert request is not None and (request.kind, request.paper) == (kind, paper)


@pytest.mark.parametrize(
    "text",
    [
        "身份证",
        "是营业执照",
        "营业执照过期了怎么办",
        "身份证丢了还能备案吗",
        "还差多少钱",
        "需要准备什么材料",
        "域名证书在哪里下载",
        "公司介绍和产品照片展示",
    ],
)
def test_answers_and_questions_are_not_taken_for_wishes(text: str) -> None:
    assert paper_request(text, has_picture=False, asked=False) is None


def world_with_forms(world: World) -> World:
    """The world with the operator's own page for what must not lie elsewhere."""
    return replace(world, has_forms=True)
