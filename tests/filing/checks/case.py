"""What a case of a check is, and short ways to write one down."""

from dataclasses import dataclass, field
from typing import Any

from filing.model import Filing
from filing.subject import CertificateType, SubjectKind
from tests.filing.checks.samples import COMPANY, PERSON, Changes, changed

NANJING = "江苏省南京市雨花台区样例路1号"
PASSPORT, ID_CARD = CertificateType.PASSPORT, CertificateType.ID_CARD
HK_MO, PERMIT = CertificateType.HK_MO_PERMIT, CertificateType.HK_MO_TW_RESIDENCE_PERMIT
JIANGSU_ID = "32010619900101001X"
BORN_2011 = "320106201101010013"
BORN_2009 = "320106200903010017"
BORN_1965 = "110101196501010010"
SOLE = SubjectKind.SOLE_PROPRIETOR
TWO_PERSONS = {"site_manager_same": False}
NOT_LEGAL = {"principal.is_legal_representative": False}


@dataclass(frozen=True, slots=True)
class Case:
    """``struck`` has the finding ``code``; ``passed``, nearly the same filing, has not."""

    code: str
    struck: Filing
    passed: Filing
    params: Changes = field(default_factory=dict)


def company(code: str, bad: Changes, ok: Changes | None = None, **params: Any) -> Case:
    """A case of a company; ``ok`` is what differs in the filing that passes."""
    return _case(COMPANY, code, bad, ok, params)


def person(code: str, bad: Changes, ok: Changes | None = None, **params: Any) -> Case:
    """A case of an individual."""
    return _case(PERSON, code, bad, ok, params)


def _case(base: Filing, code: str, bad: Changes, ok: Changes | None, params: Changes) -> Case:
    passed = base if ok is None else changed(base, {**bad, **ok})
    return Case(code, changed(base, bad), passed, params)


def named(code: str, name: str, better: str, province: str = "湖南", **params: Any) -> Case:
    """A case of a company's website name."""
    bad = {"website.name": name, "subject.province": province}
    return company(code, bad, {"website.name": better}, **params)


def named_by_person(
    code: str, name: str, better: str, province: str = "湖南", **params: Any
) -> Case:
    """A case of an individual's website name."""
    bad = {"website.name": name, "subject.province": province}
    return person(code, bad, {"website.name": better}, **params)


def filed_in(province: str, *, kind: SubjectKind | None = None) -> dict[str, Any]:
    """Filed in a province, by another kind of subject if one is named."""
    return {"subject.province": province} | ({} if kind is None else {"subject.kind": kind})
