"""From the lines of a picture to what its paper says: name, number, address, dates.

What cannot be made out without doubt is left out; it is never guessed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.inspection.ocr import numbers
from bot.inspection.ocr.kinds import Paper, paper_of
from bot.inspection.ocr.layout import Value, is_watermark, tidied, values
from bot.inspection.ocr.lines import Line, Piece, held_straight
from bot.inspection.ocr.mrz import passport_lines
from bot.inspection.ocr.periods import Period, day, is_of_a_card, period
from filing.identifiers.address import parse_printed_address
from filing.identifiers.dates import PERMANENT
from filing.identifiers.org_name import parse_org_name
from filing.identifiers.person_name import has_chinese, parse_person_name
from filing.invalid import Invalid
from filing.materials.material import MaterialKind, Side
from filing.subject import PERSONAL_CERTIFICATES, CertificateType

SURE: Final = 0.95
"""How sure the reader must be of each line of a value that nothing else proves.

Measured on drawn papers: of values read below it about half are wrong (docs/reading-papers.md).
"""

SURE_OF_PERSON: Final = 0.98
"""The same of a person's name: few letters, many of them rare (淼 read as 森 at 0.976)."""

_LONGEST_NAME: Final = 4
"""Letters of a Chinese name without a dot; more are two lines read as one."""

_OF_BODY: Final[Mapping[str, str]] = {
    "名称": "name",
    "类型": "type",
    "主体类型": "type",
    "法定代表人": "legal_representative",
    "负责人": "legal_representative",
    "经营者": "legal_representative",
    "投资人": "legal_representative",
    "执行事务合伙人": "legal_representative",
    "住所": "address",
    "经营场所": "address",
    "营业场所": "address",
    "主要经营场所": "address",
    "地址": "address",
    "成立日期": "valid_from",
    "注册日期": "valid_from",
    "营业期限": "period",
    "合伙期限": "period",
    "经营期限": "period",
    "有效期": "period",
    "有效期限": "period",
    "经营范围": "scope",
    "业务范围": "scope",
    "宗旨和业务范围": "scope",
}
_ENDS_ONLY: Final = (
    "注册资本", "注册资金", "组成形式", "出资额", "开办资金", "原始基金数额", "经费来源",
    "举办单位", "登记管理机关", "业务主管单位", "活动地域", "登记机关", "发证机关",
    "统一社会信用代码", "注册号", "证照编号",
)  # fmt: skip
_OF_PERSON: Final[Mapping[str, str]] = {
    "姓名": "name",
    "住址": "address",
    "出生": "born",
    "出生日期": "born",
    "有效期限": "period",
    "证件号码": "number",
}
_ENDS_PERSON: Final = ("性别", "民族", "公民身份号码", "签发机关", "签发地点", "签发次数")
_OVER_LINES: Final = (
    "名称", "类型", "住所", "经营场所", "营业场所", "主要经营场所", "地址", "住址",
    "经营范围", "业务范围", "宗旨和业务范围", "营业期限",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one picture. Sensitive values stay out of ``repr``.

    ``read`` has ``name``, ``number``, ``legal_representative``, ``address``, ``valid_from``,
    ``valid_until`` (ISO dates, ``permanent``), ``type`` and ``scope``, as far as they are sure.
    """

    kind: MaterialKind | None = None
    certificate: CertificateType | None = None
    side: Side | None = None
    read: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def valid_until(self) -> date | None:
        """The last valid day; None where none is known or there is none."""
        until = self.read.get("valid_until", PERMANENT)
        return None if until == PERMANENT else date.fromisoformat(until)


NOTHING: Final = Reading()
"""A picture in which no paper was made out."""


def read_paper(lines: Sequence[Line], today: date, symbols: Sequence[str] = ()) -> Reading:
    """What the paper in a picture says; ``symbols`` are the contents of its QR codes."""
    pieces = held_straight(lines)
    texts = [piece.text for piece in pieces]
    if (passport := passport_lines(texts)) is not None:
        read = {"number": passport.number, "valid_until": passport.valid_until.isoformat()}
        if passport.name is not None:
            read["name"] = passport.name
        return Reading(MaterialKind.IDENTITY_DOCUMENT, CertificateType.PASSPORT, Side.WHOLE, read)
    paper = paper_of(texts)
    if paper is None:
        return NOTHING
    if paper.certificate in PERSONAL_CERTIFICATES:
        return _of_person(paper, pieces, today)
    return _of_body(paper, pieces, symbols)


def _of_body(paper: Paper, pieces: Sequence[Piece], symbols: Sequence[str]) -> Reading:
    found = values(pieces, (*_OF_BODY, *_ENDS_ONLY), _OVER_LINES)
    read = _named(found, _OF_BODY)
    said: dict[str, str | None] = {
        "number": numbers.codes_of_symbols(symbols)
        or numbers.unified_code(piece.text for piece in pieces),
        "name": _checked(read.get("name"), parse_org_name, SURE),
        "type": _text(read.get("type"), SURE),
        "legal_representative": _person(read.get("legal_representative")),
        "address": _checked(read.get("address"), parse_printed_address, SURE),
        "scope": _text(read.get("scope"), SURE),
        "valid_from": _day(read.get("valid_from")),
    }
    said |= _ends(_period(read.get("period")))
    return Reading(MaterialKind.SUBJECT_CERTIFICATE, paper.certificate, Side.WHOLE, _known(said))


def _of_person(paper: Paper, pieces: Sequence[Piece], today: date) -> Reading:
    found = values(pieces, (*_OF_PERSON, *_ENDS_PERSON), _OVER_LINES)
    read = _named(found, _OF_PERSON)
    certificate = paper.certificate
    said: dict[str, str | None] = {}
    if paper.side is not Side.BACK:
        said["name"] = _person(read.get("name"))
    if certificate in (CertificateType.HK_MO_PERMIT, CertificateType.TAIWAN_PERMIT):
        labelled = read.get("number")
        if labelled is not None and labelled.sure >= SURE:
            taiwan = certificate is CertificateType.TAIWAN_PERMIT
            said["number"] = numbers.permit_number((labelled.text,), taiwan=taiwan)
    elif paper.side is not Side.BACK:
        said["address"] = _checked(read.get("address"), parse_printed_address, SURE)
        number = numbers.personal_number((piece.text for piece in pieces), today)
        born = read.get("born")
        if number is not None and _agrees(number, born):
            said["number"] = number
            if number[:2] in ("81", "82", "83"):
                certificate = CertificateType.HK_MO_TW_RESIDENCE_PERMIT
    lasts = _period(read.get("period"))
    if lasts is not None and is_of_a_card(lasts):
        said |= _ends(lasts)
    return Reading(MaterialKind.IDENTITY_DOCUMENT, certificate, paper.side, _known(said))


def _named(found: Mapping[str, Value], names: Mapping[str, str]) -> Mapping[str, Value]:
    """Values by what they are; what stands under two labels that say otherwise is left out."""
    read: dict[str, Value] = {}
    doubtful = set()
    for label, value in found.items():
        name = names.get(label)
        if name is None:
            continue
        if name in read and read[name].text != value.text:
            doubtful.add(name)
        read[name] = value
    return {name: value for name, value in read.items() if name not in doubtful}


def _known(said: Mapping[str, str | None]) -> Mapping[str, str]:
    return {name: value for name, value in said.items() if value}


def _text(value: Value | None, sure: float) -> str | None:
    if value is None or value.sure < sure:
        return None
    text = tidied(value.text)
    if is_watermark(text):
        return None
    # An open bracket tells of a last line that was overlooked.
    return (
        text if text.count("（") + text.count("(") == text.count("）") + text.count(")") else None
    )


def _checked(value: Value | None, parse: Callable[[str], str | Invalid], sure: float) -> str | None:
    text = _text(value, sure)
    read = parse(text) if text else None
    return read if isinstance(read, str) else None


def _person(value: Value | None) -> str | None:
    name = _checked(value, parse_person_name, SURE_OF_PERSON)
    if name is None or (has_chinese(name) and len(name) > _LONGEST_NAME and "·" not in name):
        return None
    return name


def _day(value: Value | None) -> str | None:
    text = _text(value, SURE)
    return day(text) if text else None


def _period(value: Value | None) -> Period | None:
    text = _text(value, SURE)
    return period(text) if text else None


def _ends(lasts: Period | None) -> dict[str, str | None]:
    if lasts is None:
        return {}
    return {"valid_until": lasts.ends} | ({"valid_from": lasts.begins} if lasts.begins else {})


def _agrees(number: str, born: Value | None) -> bool:
    """Whether the birth date printed beside the number, where it was read, is the one in it."""
    if born is None:
        return True
    printed = day(tidied(born.text))
    return printed is None or printed.replace("-", "") == number[6:14]
