"""Every fault of a picture has a reason, a cure and a doubt, in words that fit its parameters."""

import pytest

from dialogs.picture_words import say_picture_finding
from dialogs.wording import LOCALES, load_wording
from filing.finding import Level
from filing.invalid import Param
from filing.materials.material import PictureFinding
from filing.materials.picture_code import PARAMS, PictureCode
from knowledge.templates import variables_of

WORDING = load_wording()
PARTS = ("reason", "cure", "unsure")
EXAMPLES: dict[str, Param] = {
    "formats": "jpg、png",
    "megabytes": "6.2",
    "max": 4,
    "width": 320,
    "height": 240,
    "min": 900,
    "degrees": 31,
    "sides": "left,top",
    "seen": "front",
    "sought": "id_card",
    "until": "2026-12-31",
    "months": 3,
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("code", PictureCode)
def test_every_fault_is_worded_with_the_parameters_it_has(code: PictureCode, locale: str) -> None:
    texts = WORDING.texts("picture", locale)
    for part in PARTS:
        text = texts[f"picture.{code}.{part}"]
        assert variables_of(WORDING.environment(locale), text) <= PARAMS[code]


@pytest.mark.parametrize("locale", LOCALES)
def test_no_fault_is_worded_that_nobody_finds(locale: str) -> None:
    written = {key.split(".")[1] for key in WORDING.texts("picture", locale)}
    assert written == set(PictureCode) | {"kept"}


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("code", PictureCode)
def test_every_fault_can_be_said(code: PictureCode, locale: str, level: Level) -> None:
    params = {name: EXAMPLES[name] for name in PARAMS[code]}
    said = say_picture_finding(PictureFinding(code, level, params=params), WORDING, locale)
    assert said.reason and said.cure
    assert len(said.reason) <= (80 if locale == "zh-CN" else 200)


def test_a_doubt_is_worded_as_one() -> None:
    code = PictureCode.CORNERS_CUT
    sides = {"sides": "left,bottom"}
    sure = say_picture_finding(PictureFinding(code, Level.REFUSE, params=sides), WORDING, "zh-CN")
    unsure = say_picture_finding(PictureFinding(code, Level.WARN, params=sides), WORDING, "zh-CN")
    assert sure.reason.startswith("证件没有拍全：左边、下边不在画面里。")
    assert unsure.reason == "证件左边、下边紧贴画面的边，可能没有拍全。"
    assert sure.cure == unsure.cure


def test_another_paper_is_called_by_its_name() -> None:
    params = {"seen": "id_card", "sought": "business_licence"}
    finding = PictureFinding(PictureCode.WRONG_DOCUMENT, Level.REFUSE, params=params)
    assert say_picture_finding(finding, WORDING, "zh-CN").reason == (
        "这看上去是居民身份证，这里要的是营业执照。"
    )
