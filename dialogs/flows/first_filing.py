"""The first filing (首次备案), in the order the reference provider's console asks.

Source: the reference provider's procedure for a first filing: verify the filing type, then
subject, principal, website, site manager, remark, review.
"""

from dialogs.answers.addresses import Address
from dialogs.answers.certificates import CertificateNumber, CertificateTypeChoice
from dialogs.answers.choices import Choice, MultiChoice, YesNo
from dialogs.answers.contacts import AnyPhone, Email, MobilePhone, OfficePhone
from dialogs.answers.dates import ExpiryDate, PastDate
from dialogs.answers.names import PersonName, SiteName, SubjectName
from dialogs.answers.network import Domain, IpAddresses
from dialogs.answers.places import Province
from dialogs.answers.text import Months, Text
from dialogs.derive import (
    KindOfFiling,
    OnlyCertificate,
    ProvinceOfCertificate,
    ProvinceRequires,
    Same,
    SameForIndividuals,
    SameManagerRequired,
    Usual,
)
from dialogs.flow import Flow, Step, When, WhenDiffers, WhenRule
from filing.subject import CERTIFICATES_OF, SubjectKind

UNITS = tuple(kind.value for kind in SubjectKind if kind.is_unit)
FIRST = "R1"
"""The decision table's outcome for a first filing."""

_UNIT = When("subject_kind", is_in=UNITS)
_INDIVIDUAL = When("subject_kind", is_in=("individual",))
_FIRST = When("filing_kind", is_in=(FIRST,))
_OTHER_MANAGER = When("site_manager_same", is_in=("no",))

_START = (
    Step(
        key="consent_processing",
        ask=Choice("consent"),
        section="start",
        consent="processing",
        likely="agree",
    ),
    Step(
        key="prerequisites",
        ask=Choice("readiness"),
        section="start",
        when=(When("consent_processing", is_in=("agree",)),),
        likely="ready",
    ),
)

_CONSENTED = When("consent_sensitive", is_in=("agree",))

_KIND = (
    Step(
        key="subject_kind",
        ask=Choice("subject_kind"),
        section="kind",
        when=(When("consent_processing", is_in=("agree",)),),
        fills="subject.kind",
        likely="enterprise",
    ),
    Step(
        key="cert_type",
        ask=CertificateTypeChoice(kind_step="subject_kind"),
        section="kind",
        when=(When("subject_kind", not_in=("",)),),
        needs=("subject_kind",),
        fills="subject.certificate.type",
        derive=OnlyCertificate(
            {kind.value: tuple(c.value for c in of) for kind, of in CERTIFICATES_OF.items()}
        ),
        likely="business_licence",
    ),
    Step(
        key="consent_sensitive",
        ask=Choice("consent"),
        section="kind",
        when=(When("cert_type", not_in=("",)),),
        consent="sensitive",
        likely="agree",
    ),
    Step(
        key="cert_number",
        ask=CertificateNumber(type_step="cert_type"),
        section="kind",
        when=(_CONSENTED,),
        needs=("subject_kind", "cert_type"),
        fills="subject.certificate.number",
    ),
    Step(
        key="cert_province",
        ask=None,
        section="kind",
        derive=ProvinceOfCertificate(for_individuals=True),
    ),
    Step(
        key="province",
        ask=Province(),
        section="kind",
        when=(_CONSENTED,),
        needs=("cert_number",),
        fills="subject.province",
        derive=ProvinceOfCertificate(),
        suggest=Same("cert_province"),
    ),
    Step(
        key="domain",
        ask=Domain(),
        section="kind",
        when=(_CONSENTED,),
        fills="website.domain",
    ),
    Step(
        key="server_location",
        ask=Choice("server_location"),
        section="kind",
        when=(_CONSENTED,),
        fills="resources.server_location",
        likely="mainland",
    ),
    Step(
        key="subject_record",
        ask=Choice("record_status"),
        section="kind",
        when=(_CONSENTED,),
        needs=("cert_number",),
        likely="none",
    ),
    Step(
        key="domain_record",
        ask=Choice("domain_record"),
        section="kind",
        when=(_CONSENTED,),
        needs=("domain",),
        likely="none",
    ),
    Step(
        key="filing_kind",
        ask=None,
        section="kind",
        when=(When("subject_record", not_in=("",)), When("domain_record", not_in=("",))),
        derive=KindOfFiling(),
    ),
)

_SUBJECT = (
    Step(
        key="subject_name",
        ask=SubjectName(kind_step="subject_kind"),
        section="subject",
        when=(_FIRST,),
        needs=("subject_kind", "cert_number"),
        fills="subject.name",
    ),
    Step(
        key="cert_valid_until",
        ask=ExpiryDate(),
        section="subject",
        when=(_FIRST,),
        needs=("cert_number",),
        fills="subject.certificate.valid_until",
    ),
    Step(
        key="cert_address",
        ask=Text(min_length=4, max_length=120, is_sensitive=True),
        section="subject",
        when=(_FIRST,),
        needs=("cert_number",),
        fills="subject.certificate.address",
    ),
    Step(
        key="address",
        ask=Address(province_step="province"),
        section="subject",
        when=(_FIRST,),
        needs=("province",),
        fills="subject.address",
    ),
    Step(
        key="residence_proof",
        ask=Choice("residence_proof"),
        section="subject",
        when=(_FIRST, _INDIVIDUAL, WhenDiffers("cert_province", "province")),
        needs=("province", "cert_number"),
        fills="subject.residence_proof",
    ),
    Step(
        key="investor",
        ask=Text(min_length=2, max_length=100),
        section="subject",
        when=(_FIRST, _UNIT, WhenRule("investor_field_rule")),
        needs=("province",),
        fills="subject.investor",
    ),
)

_PRINCIPAL = (
    Step(
        key="principal_is_legal_rep",
        ask=YesNo(),
        section="principal",
        when=(_FIRST, _UNIT),
        needs=("subject_kind", "province"),
        fills="principal.is_legal_representative",
        derive=ProvinceRequires("entity_leader_must_be_legal_rep", (True, "true"), "yes"),
        likely="yes",
    ),
    Step(
        key="principal_name",
        ask=PersonName(),
        section="principal",
        when=(_FIRST,),
        needs=("subject_kind",),
        fills="principal.name",
        derive=SameForIndividuals("subject_name"),
    ),
    Step(
        key="principal_id_type",
        ask=CertificateTypeChoice(personal=True),
        section="principal",
        when=(_FIRST,),
        needs=("subject_kind",),
        fills="principal.certificate.type",
        derive=SameForIndividuals("cert_type"),
        suggest=Usual("id_card"),
    ),
    Step(
        key="principal_id_number",
        ask=CertificateNumber(type_step="principal_id_type", personal=True),
        section="principal",
        when=(_FIRST,),
        needs=("principal_id_type",),
        fills="principal.certificate.number",
        derive=SameForIndividuals("cert_number"),
    ),
    Step(
        key="principal_id_valid_until",
        ask=ExpiryDate(),
        section="principal",
        when=(_FIRST,),
        needs=("principal_id_number",),
        fills="principal.certificate.valid_until",
        derive=SameForIndividuals("cert_valid_until"),
    ),
    Step(
        key="phone",
        ask=MobilePhone(),
        section="principal",
        when=(_FIRST,),
        fills="principal.mobile",
    ),
    Step(
        key="office_phone",
        ask=OfficePhone(),
        section="principal",
        when=(_FIRST, _UNIT),
        fills="principal.office_phone",
        strict=True,
    ),
    Step(
        key="emergency_phone",
        ask=AnyPhone(),
        section="principal",
        when=(_FIRST,),
        fills="emergency_phone",
        strict=True,
    ),
    Step(
        key="email",
        ask=Email(),
        section="principal",
        when=(_FIRST,),
        fills="principal.email",
    ),
)

_WEBSITE = (
    Step(
        key="site_name",
        ask=SiteName(),
        section="website",
        when=(_FIRST,),
        needs=("subject_kind",),
        fills="website.name",
        strict=True,
    ),
    Step(
        key="service_content",
        ask=Choice(
            "service_content", options_by=("subject_kind", {"individual": ("blog", "other")})
        ),
        section="website",
        when=(_FIRST,),
        needs=("subject_kind", "province"),
        fills="website.service_content",
    ),
    Step(
        key="pre_approval",
        ask=MultiChoice("pre_approval", alone=("none",)),
        section="website",
        when=(_FIRST,),
        fills="website.pre_approval",
        suggest=Usual("none"),
        likely="none",
    ),
    Step(
        key="pre_approval_number",
        ask=Text(min_length=2, max_length=100),
        section="website",
        when=(_FIRST, When("pre_approval", not_in=("none",))),
        needs=("pre_approval",),
        fills="website.pre_approval_number",
    ),
    Step(
        key="language",
        ask=MultiChoice("language"),
        section="website",
        when=(_FIRST,),
        fills="website.languages",
        suggest=Usual("zh-Hans"),
    ),
    Step(
        key="ip",
        ask=IpAddresses(),
        section="website",
        when=(_FIRST,),
        fills="website.ips",
    ),
    Step(
        key="server_months_left",
        ask=Months(),
        section="website",
        when=(_FIRST,),
        fills="resources.months_left",
    ),
    Step(
        key="domain_holder",
        ask=Choice(
            "domain_holder", options_by=("subject_kind", {"individual": ("subject", "other")})
        ),
        section="website",
        when=(_FIRST,),
        needs=("domain", "subject_kind"),
        fills="website.domain_holder",
        suggest=Usual("subject"),
    ),
    Step(
        key="domain_verified_on",
        ask=PastDate(),
        section="website",
        when=(_FIRST,),
        needs=("domain",),
        fills="website.domain_verified_on",
    ),
    Step(
        key="domain_valid_until",
        ask=ExpiryDate(permanent=False),
        section="website",
        when=(_FIRST,),
        needs=("domain",),
        fills="website.domain_valid_until",
    ),
)

_SITE_MANAGER = (
    Step(
        key="site_manager_same",
        ask=YesNo(),
        section="site_manager",
        when=(_FIRST,),
        needs=("subject_kind", "province"),
        fills="site_manager_same",
        derive=SameManagerRequired(),
        suggest=Usual("yes"),
        likely="yes",
    ),
    Step(
        key="site_manager_name",
        ask=PersonName(),
        section="site_manager",
        when=(_FIRST, _OTHER_MANAGER),
        fills="site_manager.name",
    ),
    Step(
        key="site_manager_id_type",
        ask=CertificateTypeChoice(personal=True),
        section="site_manager",
        when=(_FIRST, _OTHER_MANAGER),
        fills="site_manager.certificate.type",
        suggest=Usual("id_card"),
    ),
    Step(
        key="site_manager_id_number",
        ask=CertificateNumber(type_step="site_manager_id_type", personal=True),
        section="site_manager",
        when=(_FIRST, _OTHER_MANAGER),
        needs=("site_manager_id_type",),
        fills="site_manager.certificate.number",
    ),
    Step(
        key="site_manager_id_valid_until",
        ask=ExpiryDate(),
        section="site_manager",
        when=(_FIRST, _OTHER_MANAGER),
        needs=("site_manager_id_number",),
        fills="site_manager.certificate.valid_until",
    ),
    Step(
        key="site_manager_phone",
        ask=MobilePhone(),
        section="site_manager",
        when=(_FIRST, _OTHER_MANAGER),
        fills="site_manager.mobile",
        strict=True,
    ),
    Step(
        key="site_manager_email",
        ask=Email(),
        section="site_manager",
        when=(_FIRST, _OTHER_MANAGER),
        fills="site_manager.email",
        strict=True,
    ),
)

_REMARK = (
    Step(
        key="remark",
        ask=Text(min_length=2, max_length=255),
        section="remark",
        when=(_FIRST,),
        fills="website.remark",
        optional=True,
        required_when=(_INDIVIDUAL, WhenRule("website_remark_required")),
    ),
)

_BEFORE_REVIEW = _START + _KIND + _SUBJECT + _PRINCIPAL + _WEBSITE + _SITE_MANAGER + _REMARK

_REVIEW = (
    Step(
        key="confirm",
        ask=Choice("confirmation"),
        section="review",
        when=(_FIRST,),
        needs=tuple(step.key for step in _BEFORE_REVIEW),
        closes=True,
    ),
)

FIRST_FILING = Flow(name="first_filing", version=1, steps=_BEFORE_REVIEW + _REVIEW)
"""Version 1: the flow of the first release."""
