"""What a picture shows is compared with what was sought; only a QR code is proof."""

from dataclasses import replace
from datetime import date

import pytest

from bot.inspection.comparing import compared, with_code
from bot.inspection.licence_code import LicenceCode, licence_code
from bot.inspection.measures.layout import Layout, Patch
from bot.inspection.showing import NOTHING, Shown, shown
from dialogs.ports import Sought
from filing.finding import Level
from filing.materials.material import MaterialKind, Side
from filing.materials.picture_code import PictureCode
from filing.subject import CertificateType
from tests.specimens.people import body

BODY, PERSON = MaterialKind.SUBJECT_CERTIFICATE, MaterialKind.IDENTITY_DOCUMENT
ID_CARD, LICENCE = CertificateType.ID_CARD, CertificateType.BUSINESS_LICENCE
WHOSE, OTHER = body(1), body(2)
TODAY = date(2026, 11, 26)
A_LICENCE = Sought(TODAY, BODY, certificate=LICENCE, name=WHOSE.name, number=WHOSE.code)
AN_ID_CARD = Sought(TODAY, PERSON, "principal", Side.FRONT, ID_CARD)


def found(shows: Shown, code: LicenceCode | None, sought: Sought) -> list[tuple[str, str]]:
    return [(one.code, one.level) for one in compared(with_code(shows, code), code, sought)]


@pytest.mark.parametrize(
    "text",
    [
        f"http://www.gsxt.gov.cn/index.html?uniscid={WHOSE.code}",
        f"统一社会信用代码:{WHOSE.code};类型:有限责任公司",
        f"https://example.cn/qr?c={WHOSE.code.lower()}",
    ],
)
def test_a_unified_code_counts_wherever_it_stands(text: str) -> None:
    assert licence_code([text]) == LicenceCode(WHOSE.code)


def test_a_labelled_name_is_read() -> None:
    text = f"统一社会信用代码：{WHOSE.code}；名称：{WHOSE.name}；法定代表人：样例"
    assert licence_code([text]) == LicenceCode(WHOSE.code, WHOSE.name)


def test_a_code_that_fails_its_check_is_not_believed() -> None:
    wrong = WHOSE.code[:-1] + ("1" if WHOSE.code[-1] != "1" else "2")
    assert licence_code([f"http://www.gsxt.gov.cn/{wrong}"]) == LicenceCode()
    assert licence_code([f"https://example.cn/{wrong}"]) is None
    assert licence_code([f"{WHOSE.code} {OTHER.code}"]) is None


def test_the_right_licence_has_nothing_to_be_told() -> None:
    assert found(NOTHING, LicenceCode(WHOSE.code, WHOSE.name), A_LICENCE) == []
    assert found(Shown(BODY), None, A_LICENCE) == []
    assert found(NOTHING, None, A_LICENCE) == []


def test_another_bodys_licence_is_a_doubt_as_the_answer_may_be_wrong() -> None:
    assert found(NOTHING, LicenceCode(OTHER.code, OTHER.name), A_LICENCE) == [
        (PictureCode.NUMBER_DIFFERS, Level.WARN),
        *([(PictureCode.NAME_DIFFERS, Level.WARN)] if OTHER.name != WHOSE.name else []),
    ]


def test_brackets_of_another_width_are_the_same_name() -> None:
    sought = replace(A_LICENCE, name="样例(南京)有限公司")
    assert found(NOTHING, LicenceCode(WHOSE.code, "样例（南京）有限公司"), sought) == []


def test_a_licence_in_place_of_an_id_card_is_refused() -> None:
    assert found(NOTHING, LicenceCode(WHOSE.code), AN_ID_CARD) == [
        (PictureCode.WRONG_DOCUMENT, Level.REFUSE)
    ]


def test_a_letter_may_bear_a_code_as_well() -> None:
    letter = Sought(TODAY, MaterialKind.COMMITMENT)
    assert found(NOTHING, LicenceCode(WHOSE.code), letter) == [
        (PictureCode.WRONG_DOCUMENT, Level.WARN)
    ]


def test_what_only_looks_like_another_paper_is_a_doubt() -> None:
    assert found(Shown(BODY), None, AN_ID_CARD) == [(PictureCode.WRONG_DOCUMENT, Level.WARN)]


def test_the_other_side_of_a_card_is_a_doubt() -> None:
    back = Shown(PERSON, ID_CARD, Side.BACK)
    assert found(back, None, AN_ID_CARD) == [(PictureCode.WRONG_SIDE, Level.WARN)]
    assert found(replace(back, side=Side.FRONT), None, AN_ID_CARD) == []


EMBLEM_ON_CARD = Patch(0.15, 0.25, 0.04, 0.7)
EMBLEM_ON_SHEET = Patch(0.5, 0.14, 0.009, 0.7)
FACE = Patch(0.8, 0.42, 0.025, 0.75)


@pytest.mark.parametrize(
    "layout, expected",
    [
        (Layout(1.58, EMBLEM_ON_CARD, None), Shown(PERSON, ID_CARD, Side.BACK)),
        (Layout(1.58, None, FACE), Shown(PERSON, ID_CARD, Side.FRONT)),
        (Layout(1.58, None, replace(FACE, x=0.18)), Shown(PERSON)),
        (Layout(1.42, None, replace(FACE, x=0.18)), Shown(PERSON)),
        (Layout(1.41, EMBLEM_ON_SHEET, None), Shown(BODY)),
        (Layout(0.71, EMBLEM_ON_SHEET, None), Shown(BODY)),
        (Layout(0.71, replace(EMBLEM_ON_SHEET, x=0.14, y=0.5), None), Shown(BODY, is_turned=True)),
        (Layout(1.41, replace(EMBLEM_ON_SHEET, y=0.86), None), Shown(BODY, is_turned=True)),
        (
            Layout(0.63, replace(EMBLEM_ON_CARD, x=0.75, y=0.15), None),
            Shown(PERSON, ID_CARD, Side.BACK, is_turned=True),
        ),
        (Layout(0.63, None, FACE), Shown(PERSON, is_turned=True)),
        (Layout(0.71, None, None), NOTHING),
        (Layout(0.71, replace(EMBLEM_ON_SHEET, x=0.2, y=0.57), None), NOTHING),
        (Layout(1.0, EMBLEM_ON_SHEET, FACE), NOTHING),
        (Layout(0.0, EMBLEM_ON_SHEET, FACE), NOTHING),
    ],
)
def test_papers_are_told_by_where_emblem_and_picture_stand(layout: Layout, expected: Shown) -> None:
    assert shown(layout) == expected
