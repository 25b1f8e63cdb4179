"""Business licences (营业执照), the sheet of 2019 lying and an older one standing."""

import random

from filing.materials.material import MaterialKind
from filing.subject import CertificateType
from tests.specimens.paper import Paper
from tests.specimens.pen import INK, Sheet
from tests.specimens.people import Body, body

_GOLD = (196, 150, 62)


def licence(seed: int, *, standing: bool | None = None, with_code: bool = True) -> Paper:
    """A licence of an invented body. Its QR code holds what such codes were seen to hold.

    Three forms are in use: an address of the public register with the code in it, labelled
    lines, and an address that tells nothing (the register answers it).
    """
    dice = random.Random(f"licence {seed}")
    whose = body(seed, shop=dice.random() < 0.25)
    if standing is None:
        standing = dice.random() < 0.35
    sheet = Sheet(1188, 1680) if standing else Sheet(1680, 1188)
    sheet.fine_lines((214, 190, 130), 9, 0.35, seed)
    sheet.frame(26, 34, _GOLD)
    (_standing if standing else _lying)(sheet, whose, seed)
    if with_code:
        side = 190 if standing else 205
        x, y = (890, 250) if standing else (1370, 150)
        sheet.code(x, y, side, _told(whose, dice.randrange(3)))
    sheet.text(
        sheet.width / 2, sheet.height - 76, "样例 SPECIMEN 仅供测试", 20, (120, 90, 40), anchor="mm"
    )
    return Paper(
        sheet.pixels(),
        MaterialKind.SUBJECT_CERTIFICATE,
        CertificateType.BUSINESS_LICENCE,
        fields={
            "number": whose.code,
            "name": whose.name,
            "legal_representative": whose.representative,
            "address": whose.address,
            "valid_from": whose.founded.isoformat(),
            "scope": whose.scope,
            "kind": whose.kind,
        },
    )


def _told(whose: Body, form: int) -> str:
    if form == 0:
        return f"http://www.gsxt.gov.cn/index.html?uniscid={whose.code}"
    if form == 1:
        return (
            f"统一社会信用代码:{whose.code};名称:{whose.name};类型:{whose.kind};"
            f"法定代表人:{whose.representative};成立日期:{whose.founded:%Y年%m月%d日};"
        )
    return "https://zzapp.gsxt.gov.cn/QR?c=5f2c1a90d7"


def _lying(sheet: Sheet, whose: Body, seed: int) -> None:
    sheet.emblem(840, 165, 78)
    sheet.text(840, 310, "营 业 执 照", 92, serif=True, anchor="mm")
    sheet.text(840, 385, "（副  本）", 36, serif=True, anchor="mm")
    sheet.text(110, 170, "统一社会信用代码", 28)
    sheet.text(110, 215, whose.code, 36)
    sheet.text(110, 300, "证照编号：0000000" + str(seed % 1000).zfill(3), 22)
    left = (
        ("名　　称", whose.name),
        ("类　　型", whose.kind),
        (_boss(whose), whose.representative),
        ("经营范围", whose.scope),
    )
    right = (
        ("注册资本", "壹佰万元整"),
        ("成立日期", f"{whose.founded:%Y年%m月%d日}"),
        ("住　　所", whose.address),
    )
    _column(sheet, left, 120, 480, 560)
    _column(sheet, right, 920, 480, 470)
    _issued(sheet, whose, 1350, 930, seed)


def _standing(sheet: Sheet, whose: Body, seed: int) -> None:
    sheet.emblem(594, 180, 82)
    sheet.text(594, 350, "营 业 执 照", 100, serif=True, anchor="mm")
    sheet.text(594, 440, "（副 本）", 36, serif=True, anchor="mm")
    sheet.text(594, 510, f"统一社会信用代码 {whose.code}", 32, anchor="mm")
    rows = (
        ("名　　称", whose.name),
        ("类　　型", whose.kind),
        ("住　　所", whose.address),
        (_boss(whose), whose.representative),
        ("成立日期", f"{whose.founded:%Y年%m月%d日}"),
        ("营业期限", "长期"),
        ("经营范围", whose.scope),
    )
    _column(sheet, rows, 150, 610, 640)
    _issued(sheet, whose, 880, 1440, seed)


def _boss(whose: Body) -> str:
    return "经 营 者" if whose.kind == "个体工商户" else "法定代表人"


def _column(
    sheet: Sheet, rows: tuple[tuple[str, str], ...], x: float, y: float, room: float
) -> None:
    for label, value in rows:
        sheet.text(x, y, label, 28, (90, 64, 30))
        y = sheet.lines(x + 180, y, value, 30, room, INK) + 26


def _issued(sheet: Sheet, whose: Body, x: float, y: float, seed: int) -> None:
    sheet.text(x - 180, y - 60, "登记机关", 30, (90, 64, 30), anchor="mm")
    sheet.text(x, y + 60, f"{whose.founded:%Y 年 %m 月 %d 日}", 30, anchor="mm")
    sheet.seal(x, y, 105, "样例市市场监督管理局", seed)
