"""统一社会信用代码 (GB 32100): the 18-character code of every body and sole proprietor."""

import re
from dataclasses import dataclass

from filing.identifiers import mod11, org_code
from filing.identifiers.normalise import compact
from filing.invalid import Invalid, invalid
from filing.provinces import province_of_adcode
from filing.subject import SubjectKind

LENGTH = 18

_SHAPE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_NEVER_USED = re.compile(r"[IOZSV]")
_LOOKALIKES = {"I": "1", "O": "0", "Z": "2", "S": "5", "V": "U"}
_K = SubjectKind
_LIKELY_KINDS: dict[str, tuple[SubjectKind, ...]] = {
    "11": (_K.GOVERNMENT,),
    "12": (_K.PUBLIC_INSTITUTION, _K.MEDICAL_INSTITUTION, _K.NOTARY, _K.FORENSIC_INSTITUTION),
    "13": (_K.MASS_ORGANIZATION,),
    "21": (_K.OVERSEAS_BODY,),
    "31": (_K.LAW_FIRM,),
    "32": (_K.NOTARY,),
    "34": (_K.FORENSIC_INSTITUTION,),
    "41": (_K.FOREIGN_CULTURAL_CENTRE,),
    "51": (_K.SOCIAL_ORG, _K.RELIGIOUS_ORG, _K.MASS_ORGANIZATION),
    "52": (_K.PRIVATE_NON_ENTERPRISE, _K.MEDICAL_INSTITUTION, _K.FORENSIC_INSTITUTION),
    "53": (_K.FOUNDATION,),
    "61": (_K.OVERSEAS_BODY,),
    "62": (_K.OVERSEAS_BODY,),
    "71": (_K.RELIGIOUS_ORG,),
    "72": (_K.RELIGIOUS_ORG,),
    "81": (_K.MASS_ORGANIZATION,),
    "91": (
        _K.ENTERPRISE,
        _K.OVERSEAS_BODY,
        _K.MEDICAL_INSTITUTION,
        _K.FORENSIC_INSTITUTION,
    ),
    "92": (_K.SOLE_PROPRIETOR, _K.MEDICAL_INSTITUTION),
    "93": (_K.ENTERPRISE,),
    "A1": (_K.MILITARY,),
}
"""First two characters (GB 32100-2015, table 1) -> who bears such a code, the usual kind first."""


@dataclass(frozen=True, slots=True)
class UsccParts:
    """The five parts of a code: who registered it, as what, where, the body, the check."""

    department: str  # 1 establishment office, 5 civil affairs, 9 market supervision, …
    category: str
    region: str  # six digits, GB/T 2260
    organisation: str  # nine characters, a code of GB 11714
    check: str


def parse_uscc(text: str) -> str | Invalid:
    """The code, upper case.

    Refused: another length (``uscc.length``), letters the code never uses (``uscc.lookalike``
    where replacing one by the digit it resembles makes the code fit, with ``letter`` and
    ``likely``, else ``uscc.letters``), and a check character that does not fit.
    """
    code = compact(text)
    if len(code) != LENGTH:
        return invalid("uscc.length", length=len(code), expected=LENGTH)
    if _SHAPE.fullmatch(code):
        return code if checks_out(code) else invalid("uscc.checksum")
    return _lookalike(code) or invalid("uscc.letters")


def _lookalike(code: str) -> Invalid | None:
    odd = _NEVER_USED.findall(code)
    if not odd:
        return None
    mended = _NEVER_USED.sub(_resembling, code)
    if _SHAPE.fullmatch(mended) and checks_out(mended):
        return invalid("uscc.lookalike", letter=odd[0], likely=_LOOKALIKES[odd[0]])
    return None


def _resembling(found: re.Match[str]) -> str:
    return _LOOKALIKES[found.group()]


def has_shape(code: str) -> bool:
    """Whether length and characters are those of a code."""
    return _SHAPE.fullmatch(code) is not None


def checks_out(code: str) -> bool:
    """Whether the last character fits the seventeen before it; needs the right shape."""
    from stdnum.cn import uscc  # imported on first use, see mod11

    return code[17] == uscc.calc_check_digit(code[:17])


def parts(code: str) -> UsccParts:
    """A valid code taken apart."""
    return UsccParts(code[0], code[1], code[2:8], code[8:17], code[17])


def organisation_fits(code: str) -> bool:
    """Whether the organisation code inside fits its own check character.

    Nearly every code's does; where it does not, a second look is worth while.
    """
    return org_code.checks_out(code[8:17])


def province_name(code: str) -> str | None:
    """Short name of the province that registered the body; None for national registrations."""
    found = province_of_adcode(code[2:8])
    return None if found is None else found.name


def likely_kinds(code: str) -> tuple[SubjectKind, ...]:
    """The kinds of subject that bear such a code, the usual one first; empty if unknown."""
    return _LIKELY_KINDS.get(code[:2], ())


def could_be_a_person(code: str) -> bool:
    """Whether a code also reads as somebody's ID number, and so must be treated as one."""
    return mod11.has_shape(code) and mod11.birth_date(code) is not None and mod11.checks_out(code)
