"""What a letter may say of a filing: the variables of its template, typed and explained."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from filing.model import Filing, ResponsiblePerson
from filing.provinces import province_named
from filing.sheet import Label


class ValueType(StrEnum):
    """What sort of variable it is."""

    TEXT = "text"  # {{ subject_name }}
    FLAG = "flag"  # {% if is_unit %}
    ROWS = "rows"  # {%tr for site in websites %}


@dataclass(frozen=True, slots=True)
class LetterValue:
    """One variable of letter templates.

    ``step`` is the key of the question that asks for it, empty where no question does.
    ``by_hand`` values are usually written in with a pen: while one is not known, a line stands
    for it. One that ``may_lack`` is empty where the filing has none.
    """

    name: str
    meaning: str  # in Chinese, with an example
    step: str = ""
    type: ValueType = ValueType.TEXT
    by_hand: bool = False
    may_lack: bool = False


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One line of a letter's table of websites."""

    number: str
    name: str = ""
    domain: str = ""
    content: str = ""


Values: TypeAlias = Mapping[str, str | bool | tuple[SiteRow, ...]]
"""Values by the names of their variables; those not known are left out."""

EMPTY_ROWS: Final = 3
"""Lines left in the table of websites for those on record that the assistant does not know."""

_V = LetterValue
_FLAG, _ROWS = ValueType.FLAG, ValueType.ROWS

VALUES: Final[Mapping[str, LetterValue]] = {
    value.name: value
    for value in (
        _V("provider_name", "接入服务商全称，如 青云 QingCloud"),
        _V("bureau_name", "备案省的通信管理局，如 江苏省通信管理局", "province"),
        _V("subject_kind", "主办单位性质，如 企业", "subject_kind"),
        _V("subject_name", "主办单位或个人名称，如 示例科技（苏州）有限公司", "subject_name"),
        _V("subject_id_type", "主体证件类型，如 营业执照", "cert_type"),
        _V("subject_id_number", "主体证件号码", "cert_number"),
        _V("subject_id_address", "证件住所，照证件上的写法", "cert_address"),
        _V("address", "通信地址，省市区在前", "address"),
        _V("legal_representative", "法定代表人姓名", by_hand=True),
        _V("principal_name", "主体负责人姓名", "principal_name"),
        _V("principal_id_type", "主体负责人证件类型，如 居民身份证", "principal_id_type"),
        _V("principal_id_number", "主体负责人证件号码", "principal_id_number"),
        _V("principal_phone", "主体负责人手机号", "phone"),
        _V("principal_email", "主体负责人电子邮箱", "email"),
        _V("site_manager_name", "网站负责人姓名", "site_manager_name"),
        _V("site_manager_id_type", "网站负责人证件类型", "site_manager_id_type"),
        _V("site_manager_id_number", "网站负责人证件号码", "site_manager_id_number"),
        _V("site_manager_phone", "网站负责人手机号", "site_manager_phone"),
        _V("site_manager_email", "网站负责人电子邮箱", "site_manager_email"),
        _V("site_name", "网站名称", "site_name"),
        _V("domain", "域名，如 example.cn", "domain"),
        _V("service_content", "服务内容，如 单位门户网站", "service_content"),
        _V("languages", "网站语言，顿号隔开", "language"),
        _V("ips", "接入 IP，顿号隔开", "ip"),
        _V("remark", "备注", "remark", may_lack=True),
        _V("is_unit", "主办者是单位", "subject_kind", _FLAG),
        _V("same_manager", "主体负责人兼任网站负责人", "site_manager_same", _FLAG),
        _V("websites", "网站表：number 序号、name 名称、domain 域名、content 服务内容", type=_ROWS),
    )
}
"""Every variable, by its name."""

_OF_PRINCIPAL: Final = {
    "site_manager_name": "principal_name",
    "site_manager_id_type": "principal_id_type",
    "site_manager_id_number": "principal_id_number",
    "site_manager_phone": "phone",
    "site_manager_email": "email",
}


def step_for(name: str, filing: Filing) -> str:
    """The question that asks for a value; of a site manager who is the principal, that of his."""
    if name in _OF_PRINCIPAL and filing.site_manager_same is None:
        return "site_manager_same"
    if name in _OF_PRINCIPAL and filing.site_manager_same:
        return _OF_PRINCIPAL[name]
    return VALUES[name].step


def values_of(
    filing: Filing, label: Label, provider_name: str, others: tuple[Filing, ...] = ()
) -> Values:
    """All that is known. ``label`` names the options of closed choices in Chinese.

    ``others`` are further filings of the same person; those of the same subject are listed among
    its websites. What nobody knows yet is left out, save what usually is written in by hand.
    """
    subject, website = filing.subject, filing.website
    province = province_named(subject.province) if subject.province else None
    texts: dict[str, str | None] = {
        "provider_name": provider_name,
        "bureau_name": province.bureau_name if province else None,
        "subject_kind": label("subject_kind", subject.kind) if subject.kind else None,
        "subject_name": subject.name,
        "subject_id_type": _type(subject.certificate.type, label),
        "subject_id_number": subject.certificate.number,
        "subject_id_address": subject.certificate.address,
        "address": subject.address,
        "legal_representative": _legal_representative(filing),
        **_person("principal", filing.principal, label),
        **_person("site_manager", filing.site_manager, label),
        "site_name": website.name,
        "domain": website.domain,
        "service_content": _named("service_content", website.service_content, label),
        "languages": "、".join(label("language", one) for one in website.languages),
        "ips": "、".join(website.ips),
        "remark": website.remark,
    }
    known: dict[str, str | bool | tuple[SiteRow, ...]] = {
        name: text or "" for name, text in texts.items() if text or VALUES[name].may_lack
    }
    if subject.kind is not None:
        known["is_unit"] = subject.kind.is_unit
    if filing.site_manager_same is not None:
        known["same_manager"] = filing.site_manager_same
    known["websites"] = _websites(filing, label, others)
    return known


def _legal_representative(filing: Filing) -> str | None:
    principal = filing.principal
    return principal.name if principal.is_legal_representative else None


def _person(role: str, person: ResponsiblePerson, label: Label) -> dict[str, str | None]:
    return {
        f"{role}_name": person.name,
        f"{role}_id_type": _type(person.certificate.type, label),
        f"{role}_id_number": person.certificate.number,
        f"{role}_phone": person.mobile,
        f"{role}_email": person.email,
    }


def _type(certificate: str | None, label: Label) -> str | None:
    return _named("cert_type", certificate, label)


def _named(vocabulary: str, option: str | None, label: Label) -> str | None:
    return label(vocabulary, option) if option else None


def _websites(filing: Filing, label: Label, others: tuple[Filing, ...]) -> tuple[SiteRow, ...]:
    """This website, those of the subject's other filings, and empty lines to be written in."""
    number = filing.subject.certificate.number
    same = [one for one in others if number and one.subject.certificate.number == number]
    rows: list[SiteRow] = []
    for one in (filing, *same):
        website = one.website
        if website.domain and website.domain not in [row.domain for row in rows]:
            content = _named("service_content", website.service_content, label) or ""
            rows.append(SiteRow(str(len(rows) + 1), website.name or "", website.domain, content))
    rows += (SiteRow(str(len(rows) + 1 + more)) for more in range(EMPTY_ROWS))
    return tuple(rows)
