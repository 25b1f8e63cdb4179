"""The website (网站), its manager (网站负责人) and the remark."""

from dialogs.answers.certificates import CertificateNumber, CertificateTypeChoice
from dialogs.answers.choices import Choice, MultiChoice, YesNo
from dialogs.answers.contacts import Email, MobilePhone
from dialogs.answers.dates import ExpiryDate, PastDate
from dialogs.answers.names import PersonName, SiteName
from dialogs.answers.network import IpAddresses
from dialogs.answers.text import Months, Text
from dialogs.derive import SameManagerRequired, Usual
from dialogs.flow import Step, When, WhenRule
from dialogs.flows.conditions import FIRST, INDIVIDUAL, OTHER_MANAGER

WEBSITE: tuple[Step, ...] = (
    Step(
        key="site_name",
        ask=SiteName(),
        section="website",
        when=(FIRST,),
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
        when=(FIRST,),
        needs=("subject_kind", "province"),
        fills="website.service_content",
    ),
    Step(
        key="pre_approval",
        ask=MultiChoice("pre_approval", alone=("none",)),
        section="website",
        when=(FIRST,),
        fills="website.pre_approval",
        suggest=Usual("none"),
        likely="none",
    ),
    Step(
        key="pre_approval_number",
        ask=Text(min_length=2, max_length=100),
        section="website",
        when=(FIRST, When("pre_approval", not_in=("none",))),
        needs=("pre_approval",),
        fills="website.pre_approval_number",
    ),
    Step(
        key="language",
        ask=MultiChoice("language"),
        section="website",
        when=(FIRST,),
        fills="website.languages",
        suggest=Usual("zh-Hans"),
    ),
    Step(
        key="ip",
        ask=IpAddresses(),
        section="website",
        when=(FIRST,),
        fills="website.ips",
    ),
    Step(
        key="server_months_left",
        ask=Months(),
        section="website",
        when=(FIRST,),
        fills="resources.months_left",
    ),
    Step(
        key="domain_holder",
        ask=Choice(
            "domain_holder", options_by=("subject_kind", {"individual": ("subject", "other")})
        ),
        section="website",
        when=(FIRST,),
        needs=("domain", "subject_kind"),
        fills="website.domain_holder",
        suggest=Usual("subject"),
    ),
    Step(
        key="domain_verified_on",
        ask=PastDate(),
        section="website",
        when=(FIRST,),
        needs=("domain",),
        fills="website.domain_verified_on",
    ),
    Step(
        key="domain_valid_until",
        ask=ExpiryDate(permanent=False),
        section="website",
        when=(FIRST,),
        needs=("domain",),
        fills="website.domain_valid_until",
    ),
)

SITE_MANAGER: tuple[Step, ...] = (
    Step(
        key="site_manager_same",
        ask=YesNo(),
        section="site_manager",
        when=(FIRST,),
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
        when=(FIRST, OTHER_MANAGER),
        fills="site_manager.name",
    ),
    Step(
        key="site_manager_id_type",
        ask=CertificateTypeChoice(personal=True),
        section="site_manager",
        when=(FIRST, OTHER_MANAGER),
        fills="site_manager.certificate.type",
        suggest=Usual("id_card"),
    ),
    Step(
        key="site_manager_id_number",
        ask=CertificateNumber(type_step="site_manager_id_type", personal=True),
        section="site_manager",
        when=(FIRST, OTHER_MANAGER),
        needs=("site_manager_id_type",),
        fills="site_manager.certificate.number",
    ),
    Step(
        key="site_manager_id_valid_until",
        ask=ExpiryDate(),
        section="site_manager",
        when=(FIRST, OTHER_MANAGER),
        needs=("site_manager_id_number",),
        fills="site_manager.certificate.valid_until",
    ),
    Step(
        key="site_manager_phone",
        ask=MobilePhone(),
        section="site_manager",
        when=(FIRST, OTHER_MANAGER),
        fills="site_manager.mobile",
        strict=True,
    ),
    Step(
        key="site_manager_email",
        ask=Email(),
        section="site_manager",
        when=(FIRST, OTHER_MANAGER),
        fills="site_manager.email",
        strict=True,
    ),
)

REMARK: tuple[Step, ...] = (
    Step(
        key="remark",
        ask=Text(min_length=2, max_length=255),
        section="remark",
        when=(FIRST,),
        fills="website.remark",
        optional=True,
        required_when=(INDIVIDUAL, WhenRule("website_remark_required")),
    ),
)
