"""Filling the form from photos: offered, shown, confirmed, and differences asked about."""

from dataclasses import replace

import pytest

from dialogs.ports import Inspection
from dialogs.world import World
from filing.materials.material import MaterialKind, Side
from filing.subject import CertificateType
from tests.dialogs.paper_talk import Sender, incoming, shows
from tests.dialogs.talk import HAPPY

CODE = HAPPY["cert_number"]
LICENCE = "paper:upload:subject_certificate.subject"
CARD = "paper:upload:identity_document.principal"


@pytest.fixture(scope="module")
def reading_world(world: World) -> World:
    """A world in which papers can be read."""
    return replace(world, reads_papers=True)


def licence(**more: str) -> Inspection:
    """What is read from the licence of the happy path's company."""
    read = {
        "number": CODE,
        "name": HAPPY["subject_name"],
        "type": "有限责任公司",
        "legal_representative": HAPPY["principal_name"],
        "address": HAPPY["cert_address"],
        "valid_from": "2020-01-02",
        "valid_until": "permanent",
    }
    return shows(
        MaterialKind.SUBJECT_CERTIFICATE,
        certificate=CertificateType.BUSINESS_LICENCE,
        side=Side.WHOLE,
        read={name: text for name, text in (read | more).items() if text},
    )


def card(**more: str) -> Inspection:
    """What is read from the principal's ID card, both sides."""
    read = {
        "number": HAPPY["principal_id_number"],
        "name": HAPPY["principal_name"],
        "address": "江苏省南京市玄武区样例路1号",
        "valid_until": "2036-03-01",
    }
    return shows(
        MaterialKind.IDENTITY_DOCUMENT,
        certificate=CertificateType.ID_CARD,
        side=Side.WHOLE,
        read={name: text for name, text in (read | more).items() if text},
    )


async def sender(world: World, until: str, **pictures: Inspection) -> Sender:
    """Somebody at a question, and what their pictures will show."""
    one = await Sender(world).fill(until)
    assert one.inspector is not None
    one.inspector.found = pictures
    return one


async def answers(one: Sender) -> dict[str, str]:
    """The last answer to each question."""
    filing = (await one.case()).filing
    assert filing is not None
    return {answer.step: answer.value for answer in filing.answers if answer.value is not None}


async def test_a_photo_is_offered_where_one_would_answer(reading_world: World) -> None:
    one = await sender(reading_world, "cert_number")
    asked = one.replies[-1].text
    assert "拍一张营业执照发来，我来填" in asked
    assert LICENCE in one.values
    later = await one.fill("cert_valid_until")
    assert LICENCE in later.values
    assert "我来填" not in later.replies[-1].text  # said once for each paper
    person = await one.fill("principal_id_number")
    assert CARD in person.values


async def test_without_a_reader_no_photo_is_offered(world: World) -> None:
    one = await sender(world, "cert_number")
    assert LICENCE not in one.values
    assert "我来填" not in one.replies[-1].text


async def test_what_was_read_is_shown_and_counts_once_confirmed(reading_world: World) -> None:
    one = await sender(reading_world, "cert_number", photo=licence())
    said = await one.send("photo")
    assert "照片上写的是" in said
    assert HAPPY["subject_name"] in said and HAPPY["cert_address"] in said and "长期" in said
    assert "cert_number" not in await answers(one)
    await one.press("yes:proposal")
    given = await answers(one)
    for key in ("cert_number", "subject_name", "cert_address"):
        assert given[key] == HAPPY[key]
    assert given["cert_valid_until"] == "permanent"
    assert (await one.papers())["subject_certificate.subject"] == "received"
    assert one.replies[-1].step == "domain"


async def test_one_value_is_left_out_and_the_rest_accepted(reading_world: World) -> None:
    one = await sender(reading_world, "cert_number", photo=licence())
    await one.send("photo")
    said = await one.press("leave:subject_name")
    assert "先去掉" in said and "照片上写的是" in said
    assert HAPPY["subject_name"] not in said.split("照片上写的是")[1]
    await one.press("yes:proposal")
    given = await answers(one)
    assert "subject_name" not in given and given["cert_number"] == CODE


async def test_a_value_is_corrected_while_the_rest_waits(reading_world: World) -> None:
    one = await sender(reading_world, "cert_number", photo=licence())
    await one.send("photo")
    said = await one.say("单位名称是南京另例科技有限公司")
    assert "南京另例科技有限公司" in said
    await one.press("yes:proposal")
    given = await answers(one)
    assert given["subject_name"] == "南京另例科技有限公司"
    assert given["cert_address"] == HAPPY["cert_address"]


async def test_what_agrees_with_an_answer_is_not_said_again(reading_world: World) -> None:
    one = await sender(reading_world, "address", photo=licence())
    said = await one.send("photo")
    assert HAPPY["subject_name"] not in said
    assert "哪个" not in said
    bracketed = HAPPY["subject_name"].replace("（", "(").replace("）", ")")
    assert one.inspector is not None
    one.inspector.found = {"photo": licence(name=bracketed)}
    assert "哪个" not in await one.send("photo")


@pytest.mark.parametrize(
    "choice, taken",
    [
        ("picture:take:subject_name", True),
        ("picture:keep:subject_name", False),
        ("用照片上的", True),
        ("以执照为准", True),
        ("用我填的", False),
    ],
)
async def test_a_difference_from_an_answer_is_asked_about(
    choice: str, taken: bool, reading_world: World
) -> None:
    other = "南京另例科技有限公司"
    one = await sender(reading_world, "address", photo=licence(name=other))
    said = await one.send("photo")
    assert f"您填的是 {HAPPY['subject_name']}，照片上是 {other}" in said
    await (one.press(choice) if ":" in choice else one.say(choice))
    assert (await answers(one))["subject_name"] == (other if taken else HAPPY["subject_name"])
    assert one.replies[-1].step == "address"


async def test_a_bare_yes_to_a_difference_is_asked_again(reading_world: World) -> None:
    one = await sender(reading_world, "address", photo=licence(name="南京另例科技有限公司"))
    await one.send("photo")
    assert "用哪个" in await one.say("对")
    await one.say("照片上的")
    assert (await answers(one))["subject_name"] == "南京另例科技有限公司"


async def test_a_difference_passed_over_keeps_the_answer(reading_world: World) -> None:
    one = await sender(reading_world, "address", photo=licence(name="南京另例科技有限公司"))
    await one.send("photo")
    said = await one.say(HAPPY["address"])
    assert "用哪个" not in said
    assert (await answers(one))["subject_name"] == HAPPY["subject_name"]
    assert (await one.case()).attention.differing == ()


async def test_two_differences_come_one_after_the_other(reading_world: World) -> None:
    one = await sender(
        reading_world,
        "address",
        photo=licence(name="南京另例科技有限公司", address="江苏省南京市玄武区另例路9号"),
    )
    first = await one.send("photo")
    assert first.count("用哪个") == 1
    second = await one.press("picture:take:subject_name")
    assert second.count("用哪个") == 1 and "另例路9号" in second
    assert "用哪个" not in await one.press("picture:keep:cert_address")


async def test_an_id_card_fills_the_persons_steps_and_keeps_the_number_masked(
    reading_world: World,
) -> None:
    one = await sender(reading_world, "principal_name", photo=card())
    await one.press(CARD)
    said = await one.send("photo")
    assert HAPPY["principal_id_number"] not in said
    assert HAPPY["principal_name"] in said and "2036-03-01" in said
    await one.press("yes:proposal")
    given = await answers(one)
    assert given["principal_id_number"] == HAPPY["principal_id_number"]
    assert given["principal_id_type"] == "id_card"
    assert given["principal_name"] == HAPPY["principal_name"]


async def test_a_licence_of_a_shop_asks_about_the_kind_of_subject(reading_world: World) -> None:
    one = await sender(reading_world, "address", photo=licence(type="个体工商户"))
    assert "您填的是 企业，照片上是 个体工商户" in await one.send("photo")


async def test_what_a_step_would_not_take_is_left_out(reading_world: World) -> None:
    one = await sender(
        reading_world, "cert_number", photo=licence(number="123", valid_until="2020-01-01")
    )
    said = await one.send("photo")
    assert "123" not in said and "2020-01-01" not in said
    assert HAPPY["subject_name"] in said


async def test_after_handing_in_nothing_is_filled(reading_world: World) -> None:
    one = await Sender(reading_world).at_materials()
    assert one.inspector is not None
    one.inspector.found = {"photo": licence(name="南京另例科技有限公司")}
    said = await one.send("photo")
    assert "照片上写的是" not in said and "用哪个" not in said


async def test_through_the_page_of_the_operator_telegram_shows_names_masked(
    reading_world: World,
) -> None:
    one = Sender(reading_world, channel="telegram")
    await one.fill("cert_number")
    assert one.inspector is not None
    one.inspector.found = {"photo": licence()}
    handled = await one.assistant.hand_in_pictures(
        one.identity,
        "subject_certificate.subject",
        (incoming("photo"),),
    )
    said = "\n".join(reply.text for reply in handled.replies)
    assert "照片上写的是" in said
    assert HAPPY["cert_address"] not in said


async def test_telegram_is_offered_a_photo_by_the_page_of_the_operator(
    reading_world: World,
) -> None:
    one = Sender(replace(reading_world, has_forms=True), channel="telegram")
    await one.fill("cert_number")
    assert LICENCE in one.values
    await one.press(LICENCE)
    assert any(button.value == "form" for reply in one.replies for button in reply.buttons)


async def test_a_photo_that_could_not_be_read_says_so(reading_world: World) -> None:
    unread = Inspection(1600, 1200)
    one = await sender(reading_world, "cert_number", photo=unread)
    await one.press(LICENCE)
    assert "没能认出来" in await one.send("photo")


async def test_without_a_reader_nobody_hears_of_reading(world: World) -> None:
    one = await sender(world, "cert_number", photo=Inspection(1600, 1200))
    await one.press(LICENCE)
    assert "没能认出来" not in await one.send("photo")


async def test_two_photos_that_differ_are_asked_about_before_their_question_comes(
    reading_world: World,
) -> None:
    one = await sender(
        reading_world, "cert_number", first=licence(), second=licence(name="南京另例科技有限公司")
    )
    await one.send("first")
    await one.press("yes:proposal")
    said = await one.send("second")
    assert f"您填的是 {HAPPY['subject_name']}，照片上是 南京另例科技有限公司" in said
    await one.press("picture:take:subject_name")
    assert (await answers(one))["subject_name"] == "南京另例科技有限公司"
    assert (await one.fill("address")).replies[-1].step == "address"
    assert (await answers(one))["subject_name"] == "南京另例科技有限公司"
