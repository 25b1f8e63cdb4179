"""The subject (主办单位) and its principal (主体负责人), as the console asks for them."""

from dialogs.answers.addresses import Address
from dialogs.answers.certificates import CertificateNumber, CertificateTypeChoice
from dialogs.answers.choices import Choice, YesNo
from dialogs.answers.contacts import AnyPhone, Email, MobilePhone, OfficePhone
from dialogs.answers.dates import ExpiryDate
from dialogs.answers.names import PersonName, SubjectName
from dialogs.answers.text import Text
from dialogs.derive import ProvinceRequires, SameForIndividuals, Usual
from dialogs.flow import Step, WhenDiffers, WhenRule
from dialogs.flows.conditions import FIRST, INDIVIDUAL, SOMETHING, UNIT

SUBJECT: tuple[Step, ...] = (
    Step(
        key="subject_name",
        ask=SubjectName(kind_step="subject_kind"),
        section="subject",
        when=(FIRST,),
        needs=("subject_kind", "cert_number"),
        fills="subject.name",
        likely=SOMETHING,
    ),
    Step(
        key="cert_valid_until",
        ask=ExpiryDate(),
        section="subject",
        when=(FIRST,),
        needs=("cert_number",),
        fills="subject.certificate.valid_until",
        likely=SOMETHING,
    ),
    Step(
        key="cert_address",
        ask=Text(min_length=4, max_length=120, is_sensitive=True),
        section="subject",
        when=(FIRST,),
        needs=("cert_number",),
        fills="subject.certificate.address",
    ),
    Step(
        key="address",
        ask=Address(province_step="province"),
        section="subject",
        when=(FIRST,),
        needs=("province",),
        fills="subject.address",
    ),
    Step(
        key="residence_proof",
        ask=Choice("residence_proof"),
        section="subject",
        when=(FIRST, INDIVIDUAL, WhenDiffers("cert_province", "province")),
        needs=("province", "cert_number"),
        fills="subject.residence_proof",
    ),
    Step(
        key="investor",
        ask=Text(min_length=2, max_length=100),
        section="subject",
        when=(FIRST, UNIT, WhenRule("investor_field_rule")),
        needs=("province",),
        fills="subject.investor",
    ),
)

PRINCIPAL: tuple[Step, ...] = (
    Step(
        key="principal_is_legal_rep",
        ask=YesNo(),
        section="principal",
        when=(FIRST, UNIT),
        needs=("subject_kind", "province"),
        fills="principal.is_legal_representative",
        derive=ProvinceRequires("entity_leader_must_be_legal_rep", (True, "true"), "yes"),
        likely="yes",
    ),
    Step(
        key="principal_name",
        ask=PersonName(),
        section="principal",
        when=(FIRST,),
        needs=("subject_kind",),
        fills="principal.name",
        derive=SameForIndividuals("subject_name"),
    ),
    Step(
        key="principal_id_type",
        ask=CertificateTypeChoice(personal=True),
        section="principal",
        when=(FIRST,),
        needs=("subject_kind",),
        fills="principal.certificate.type",
        derive=SameForIndividuals("cert_type"),
        suggest=Usual("id_card"),
    ),
    Step(
        key="principal_id_number",
        ask=CertificateNumber(type_step="principal_id_type", personal=True),
        section="principal",
        when=(FIRST,),
        needs=("principal_id_type",),
        fills="principal.certificate.number",
        derive=SameForIndividuals("cert_number"),
    ),
    Step(
        key="principal_id_valid_until",
        ask=ExpiryDate(),
        section="principal",
        when=(FIRST,),
        needs=("principal_id_number",),
        fills="principal.certificate.valid_until",
        derive=SameForIndividuals("cert_valid_until"),
    ),
    Step(
        key="phone",
        ask=MobilePhone(),
        section="principal",
        when=(FIRST,),
        fills="principal.mobile",
    ),
    Step(
        key="office_phone",
        ask=OfficePhone(),
        section="principal",
        when=(FIRST, UNIT),
        fills="principal.office_phone",
        strict=True,
    ),
    Step(
        key="emergency_phone",
        ask=AnyPhone(),
        section="principal",
        when=(FIRST,),
        fills="emergency_phone",
        strict=True,
    ),
    Step(
        key="email",
        ask=Email(),
        section="principal",
        when=(FIRST,),
        fills="principal.email",
    ),
)
