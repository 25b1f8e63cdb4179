"""One of each answer type with a context, and a strategy for its normalised values."""

from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from dialogs import vocabulary
from dialogs.answers.addresses import Address
from dialogs.answers.base import AnswerType, Context
from dialogs.answers.certificates import CertificateNumber, CertificateTypeChoice
from dialogs.answers.choices import Acknowledge, Choice, MultiChoice, YesNo
from dialogs.answers.contacts import AnyPhone, Email, MobilePhone, OfficePhone
from dialogs.answers.dates import ExpiryDate, PastDate
from dialogs.answers.files import Upload
from dialogs.answers.names import OrgName, PersonName, SiteName, SubjectName
from dialogs.answers.network import Domain, IpAddresses
from dialogs.answers.places import Province
from dialogs.answers.text import Months, Text
from filing.identifiers.email import parse_email
from filing.identifiers.normalise import one_line
from filing.provinces import PROVINCES
from filing.subject import CERTIFICATES_OF, PERSONAL_CERTIFICATES, SubjectKind
from tests.filing.identifiers.made import (
    TODAY,
    id_cards,
    mobiles,
    permanent_residents,
    registrations,
    residence_permits,
    usccs,
)

CONTEXT = Context(
    TODAY,
    {
        "subject_kind": "enterprise",
        "province": "江苏",
        "licence": "business_licence",
        "card": "id_card",
        "permit": "hk_mo_tw_residence_permit",
        "resident": "foreign_permanent_resident",
        "passport": "passport",
        "hk": "hk_mo_permit",
        "person": "individual",
    },
)


@dataclass(frozen=True)
class Kind:
    """An answer type to put to the contract."""

    label: str
    ask: AnswerType
    values: st.SearchStrategy[str]


def _subset(options: tuple[str, ...]) -> st.SearchStrategy[str]:
    chosen = st.sets(st.sampled_from(options), min_size=1)
    return chosen.map(lambda some: ",".join(one for one in options if one in some))


_han = st.text("测试小站示例青云江海山川明月", min_size=2, max_size=8)
_landlines = st.builds(
    lambda area, local, extension: f"{area}{local}" + (f"-{extension}" if extension else ""),
    st.sampled_from(["010", "025", "0755", "0512"]),
    st.integers(20000000, 89999999).map(str),
    st.one_of(st.just(""), st.integers(1, 999999).map(str)),
)
_labels = st.from_regex(r"[a-z0-9](?:[a-z0-9]{0,10}[a-z0-9])?", fullmatch=True)
_domains = st.builds(
    lambda label, suffix: f"{label}.{suffix}",
    st.one_of(_labels, _han),
    st.sampled_from(["cn", "com", "com.cn", "net", "中国", "公司"]),
)
_emails = st.builds(
    lambda local, host: str(parse_email(f"{local}@{host}")),
    st.from_regex(r"[A-Za-z0-9]{1,8}(?:[._+\-][A-Za-z0-9]{1,8})?", fullmatch=True),
    st.sampled_from(["example.cn", "mail.example.com"]),
)
_ips = st.lists(
    st.ip_addresses(v=4).filter(lambda one: one.is_global and not one.is_multicast),
    min_size=1,
    max_size=5,
    unique=True,
).map(lambda some: ",".join(map(str, some)))
_future = st.one_of(st.dates(TODAY, date(2099, 12, 31)).map(date.isoformat), st.just("permanent"))
_past = st.dates(date(1950, 1, 1), TODAY).map(date.isoformat)
_addresses = st.builds(
    lambda region, road, door: f"{region}{road}路{door}号",
    st.sampled_from(["江苏省南京市雨花台区", "江苏省苏州市昆山市", "江苏省苏州市苏州工业园区"]),
    _han,
    st.integers(1, 999),
)
_text = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1).map(
    one_line
)

KINDS = (
    Kind("Text", Text(max_length=400), _text),
    Kind("Months", Months(), st.integers(1, 600).map(str)),
    Kind("Choice", Choice("subject_kind"), st.sampled_from([kind.value for kind in SubjectKind])),
    Kind(
        "dependent Choice",
        Choice("service_content", options_by=("person", {"individual": ("blog", "other")})),
        st.sampled_from(["blog", "other"]),
    ),
    Kind(
        "MultiChoice",
        MultiChoice("pre_approval", alone=("none",)),
        st.one_of(st.just("none"), _subset(vocabulary.options("pre_approval")[1:])),
    ),
    Kind("languages", MultiChoice("language"), _subset(vocabulary.options("language"))),
    Kind("YesNo", YesNo(), st.sampled_from(["yes", "no"])),
    Kind("Acknowledge", Acknowledge(), st.just("yes")),
    Kind(
        "CertificateTypeChoice",
        CertificateTypeChoice("subject_kind"),
        st.sampled_from([one.value for one in CERTIFICATES_OF[SubjectKind.ENTERPRISE]]),
    ),
    Kind(
        "personal CertificateTypeChoice",
        CertificateTypeChoice(personal=True),
        st.sampled_from([one.value for one in PERSONAL_CERTIFICATES]),
    ),
    Kind("licence number", CertificateNumber("licence"), st.one_of(usccs, registrations)),
    Kind("ID number", CertificateNumber("card"), id_cards),
    Kind("residence permit", CertificateNumber("permit"), residence_permits),
    Kind("permanent residence", CertificateNumber("resident"), permanent_residents),
    Kind(
        "passport",
        CertificateNumber("passport"),
        st.from_regex(r"E[A-Z][0-9]{7}", fullmatch=True),
    ),
    Kind("permit", CertificateNumber("hk"), st.from_regex(r"[HM][0-9]{8}", fullmatch=True)),
    Kind("number of unknown type", CertificateNumber("unasked"), st.one_of(usccs, id_cards)),
    Kind("Province", Province(), st.sampled_from([one.name for one in PROVINCES])),
    Kind("Address", Address(), _addresses),
    Kind("printed Address", Address(as_printed=True), _addresses),
    Kind("MobilePhone", MobilePhone(), mobiles),
    Kind("OfficePhone", OfficePhone(), st.one_of(mobiles, _landlines)),
    Kind("AnyPhone", AnyPhone(), st.one_of(mobiles, _landlines)),
    Kind("Email", Email(), _emails),
    Kind("Domain", Domain(), _domains),
    Kind("IpAddresses", IpAddresses(), _ips),
    Kind("ExpiryDate", ExpiryDate(), _future),
    Kind("PastDate", PastDate(), _past),
    Kind("OrgName", OrgName(), _han.map(lambda some: f"江苏{some}（中国）有限公司")),
    Kind("PersonName", PersonName(), st.one_of(_han, st.sampled_from(["John Smith", "某·某"]))),
    Kind("SubjectName", SubjectName(), _han.map(lambda some: f"{some}有限公司")),
    Kind("individual's SubjectName", SubjectName(kind_step="person"), _han),
    Kind("SiteName", SiteName(), _han),
    Kind("Upload", Upload(), st.from_regex(r"[A-Za-z_\-]{15}[0-9]{8}", fullmatch=True)),
)
