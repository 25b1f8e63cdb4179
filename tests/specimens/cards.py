"""Identity cards (both sides), travel permits and passports."""

import random
from datetime import date

from filing.materials.material import MaterialKind, Side
from filing.subject import CertificateType
from tests.specimens.paper import Paper
from tests.specimens.pen import INK, Sheet
from tests.specimens.people import Person, person

_WIDE, _HIGH = 1284, 810  # 85.6 by 54 mm
_BLUE = (60, 110, 150)
_IDENTITY = MaterialKind.IDENTITY_DOCUMENT


def id_front(seed: int, whose: Person | None = None) -> Paper:
    """人像面 of an ID card."""
    whose = whose or person(seed)
    return Paper(
        _front(seed, whose).pixels(),
        _IDENTITY,
        CertificateType.ID_CARD,
        Side.FRONT,
        {"name": whose.name, "number": whose.number, "address": whose.address},
    )


def id_back(seed: int, whose: Person | None = None, valid_until: date | None = None) -> Paper:
    """国徽面 of an ID card."""
    whose = whose or person(seed)
    until = valid_until or whose.valid_until
    return Paper(
        _back(seed, whose, until).pixels(),
        _IDENTITY,
        CertificateType.ID_CARD,
        Side.BACK,
        {"valid_from": whose.valid_from.isoformat(), "valid_until": until.isoformat()},
    )


def id_both(seed: int) -> Paper:
    """Both sides on one white sheet, one above the other, as providers ask for them."""
    whose = person(seed)
    sheet = Sheet(_WIDE + 200, 2 * _HIGH + 300)
    page = sheet.pixels().copy()
    page[100 : 100 + _HIGH, 100 : 100 + _WIDE] = _front(seed, whose).pixels()
    top = 200 + _HIGH
    page[top : top + _HIGH, 100 : 100 + _WIDE] = _back(seed, whose, whose.valid_until).pixels()
    return Paper(
        page,
        _IDENTITY,
        CertificateType.ID_CARD,
        Side.WHOLE,
        {
            "name": whose.name,
            "number": whose.number,
            "address": whose.address,
            "valid_until": whose.valid_until.isoformat(),
        },
    )


def permit(seed: int) -> Paper:
    """港澳居民来往内地通行证: portrait on the left, blue."""
    whose = person(seed)
    dice = random.Random(f"permit {seed}")
    number = f"H0000{dice.randrange(10000):04}"
    sheet = Sheet(_WIDE, _HIGH, (226, 236, 244))
    sheet.fine_lines((120, 170, 200), 8, 0.6, seed)
    sheet.text(642, 90, "港澳居民来往内地通行证", 58, (30, 70, 120), serif=True, anchor="mm")
    sheet.portrait(70, 190, 330, 430, seed)
    rows = (
        ("姓名", whose.name),
        ("出生日期", f"{whose.born:%Y.%m.%d}"),
        ("有效期限", f"{whose.valid_from:%Y.%m.%d}-{whose.valid_until:%Y.%m.%d}"),
        ("签发机关", "样例出入境管理局"),
        ("证件号码", number),
    )
    for place, (label, value) in enumerate(rows):
        sheet.text(460, 230 + 92 * place, label, 32, _BLUE)
        sheet.text(640, 230 + 92 * place, value, 40)
    sheet.text(642, 745, "样例 SPECIMEN", 28, _BLUE, anchor="mm")
    return Paper(
        sheet.pixels(),
        _IDENTITY,
        CertificateType.HK_MO_PERMIT,
        Side.FRONT,
        {
            "name": whose.name,
            "number": number,
            "valid_until": whose.valid_until.isoformat(),
        },
    )


def passport(seed: int) -> Paper:
    """The data page of a passport, with its two lines for machines."""
    whose = person(seed)
    dice = random.Random(f"passport {seed}")
    number = f"E0000{dice.randrange(10000):04}"
    sheet = Sheet(1500, 1056, (240, 232, 226))
    sheet.fine_lines((190, 150, 160), 10, 0.5, seed)
    sheet.text(110, 90, "护照 PASSPORT", 46, (120, 30, 40), serif=True)
    sheet.text(1120, 90, f"护照号 {number}", 40)
    sheet.portrait(90, 180, 400, 520, seed)
    rows = (
        ("姓名 Name", f"{whose.name} / SPECIMEN"),
        ("国籍 Nationality", "中国 CHINESE"),
        ("出生日期 Date of birth", f"{whose.born:%d %m %Y}"),
        ("签发日期 Date of issue", f"{whose.valid_from:%d %m %Y}"),
        ("有效期至 Date of expiry", f"{whose.valid_until:%d %m %Y}"),
        ("签发机关 Authority", "样例 SPECIMEN"),
    )
    for place, (label, value) in enumerate(rows):
        sheet.text(550, 200 + 92 * place, label, 26, (120, 70, 80))
        sheet.text(550, 240 + 92 * place, value, 38)
    sheet.text(60, 880, "POCHNSPECIMEN<<YANGLI<<<<<<<<<<<<<<<<<<<<<<<<", 50)
    sheet.text(60, 960, _machine_line(number, whose), 50)
    return Paper(
        sheet.pixels(),
        _IDENTITY,
        CertificateType.PASSPORT,
        Side.WHOLE,
        {"name": whose.name, "number": number, "valid_until": whose.valid_until.isoformat()},
    )


def _machine_line(number: str, whose: Person) -> str:
    born, until = f"{whose.born:%y%m%d}", f"{whose.valid_until:%y%m%d}"
    personal = "<" * 14
    line = f"{number}{_check(number)}CHN{born}{_check(born)}M{until}{_check(until)}{personal}"
    line += str(_check(personal))
    parts = line[:10] + line[13:20] + line[21:]
    return line + str(_check(parts))


def _check(text: str) -> int:
    """The check digit of ICAO 9303: weights 7, 3, 1."""
    values = (0 if sign == "<" else int(sign, 36) for sign in text)
    return sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10


def _front(seed: int, whose: Person) -> Sheet:
    sheet = Sheet(_WIDE, _HIGH, (232, 240, 246))
    sheet.fine_lines((150, 190, 215), 7, 0.55, seed)
    sheet.fine_lines((235, 180, 190), 11, 0.4, seed + 1)
    rows = (
        ("姓 名", whose.name, 52),
        ("性 别", "样　民 族  样例", 42),
        ("出 生", f"{whose.born:%Y 年 %m 月 %d 日}", 42),
    )
    for place, (label, value, size) in enumerate(rows):
        sheet.text(80, 110 + 105 * place, label, 34, _BLUE)
        sheet.text(230, 110 + 105 * place, value, size)
    sheet.text(80, 425, "住 址", 34, _BLUE)
    sheet.lines(230, 425, whose.address, 42, 530, INK)
    sheet.text(80, 700, "公民身份号码", 34, _BLUE)
    sheet.text(400, 700, "  ".join(whose.number), 44)
    sheet.portrait(850, 90, 350, 480, seed)
    sheet.text(1025, 610, "样例 SPECIMEN", 24, _BLUE, anchor="mm")
    return sheet


def _back(seed: int, whose: Person, until: date) -> Sheet:
    sheet = Sheet(_WIDE, _HIGH, (232, 240, 246))
    sheet.fine_lines((150, 190, 215), 7, 0.55, seed)
    sheet.fine_lines((235, 180, 190), 11, 0.5, seed + 2)
    sheet.emblem(190, 200, 120)
    sheet.text(770, 150, "样例样例样例样例", 62, serif=True, anchor="mm")
    sheet.text(770, 290, "居 民 身 份 证", 92, serif=True, anchor="mm")
    sheet.text(260, 580, "签发机关", 36)
    sheet.text(450, 580, "样例市公安局样例分局", 40)
    sheet.text(260, 680, "有效期限", 36)
    end = "长期" if until == date.max else f"{until:%Y.%m.%d}"
    sheet.text(450, 680, f"{whose.valid_from:%Y.%m.%d}-{end}", 40)
    sheet.text(1100, 760, "样例 SPECIMEN", 24, _BLUE, anchor="mm")
    return sheet
