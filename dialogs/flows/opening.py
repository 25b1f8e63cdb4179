"""How a first filing opens: consent, prerequisites, and which kind of filing it is."""

from dialogs.answers.certificates import CertificateNumber, CertificateTypeChoice
from dialogs.answers.choices import Choice
from dialogs.answers.network import Domain
from dialogs.answers.places import Province
from dialogs.derive import KindOfFiling, OnlyCertificate, ProvinceOfCertificate, Same
from dialogs.flow import Step, When
from dialogs.flows.conditions import CONSENTED, SOMETHING
from filing.kind import DECISIVE_SUBJECT_RECORDS, ServerLocation
from filing.subject import CERTIFICATES_OF

START: tuple[Step, ...] = (
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

KIND: tuple[Step, ...] = (
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
        when=(CONSENTED,),
        needs=("subject_kind", "cert_type"),
        fills="subject.certificate.number",
        likely=SOMETHING,
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
        when=(CONSENTED,),
        needs=("cert_number",),
        fills="subject.province",
        derive=ProvinceOfCertificate(),
        suggest=Same("cert_province"),
    ),
    Step(
        key="domain",
        ask=Domain(),
        section="kind",
        when=(CONSENTED,),
        fills="website.domain",
    ),
    Step(
        key="server_location",
        ask=Choice("server_location"),
        section="kind",
        when=(CONSENTED,),
        fills="resources.server_location",
        likely="mainland",
    ),
    Step(
        key="subject_record",
        ask=Choice("record_status"),
        section="kind",
        when=(When("server_location", is_in=(ServerLocation.MAINLAND.value,)),),
        needs=("cert_number",),
        likely="none",
        looked_up="subject",
    ),
    Step(
        key="domain_record",
        ask=Choice("domain_record"),
        section="kind",
        when=(When("subject_record", not_in=DECISIVE_SUBJECT_RECORDS),),
        needs=("domain",),
        likely="none",
        looked_up="domain",
    ),
    Step(
        key="filing_kind",
        ask=None,
        section="kind",
        when=(When("server_location", not_in=("",)),),
        derive=KindOfFiling(),
    ),
)
