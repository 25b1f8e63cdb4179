"""The ways a value follows from earlier answers: a closed set, used by flow declarations."""

from dataclasses import dataclass

from dialogs.flow import Ground
from filing.identifiers.certificate import province_of_certificate
from filing.kind import DomainRecord, SubjectRecord, decide, is_settled


@dataclass(frozen=True, slots=True)
class Same:
    """The same value as an earlier answer."""

    step: str

    @property
    def looks_at(self) -> tuple[str, ...]:
        """The answer repeated."""
        return (self.step,)

    def derive(self, ground: Ground) -> str | None:
        """The earlier value, if it was given."""
        return ground.values.get(self.step)


@dataclass(frozen=True, slots=True)
class SameForIndividuals:
    """The same value as an earlier answer, where the subject is a natural person."""

    step: str

    @property
    def looks_at(self) -> tuple[str, ...]:
        """Who files, and the answer repeated."""
        return ("subject_kind", self.step)

    def derive(self, ground: Ground) -> str | None:
        """The earlier value for an individual; None for a body, which is asked."""
        if ground.values.get("subject_kind") != "individual":
            return None
        return ground.values.get(self.step)


@dataclass(frozen=True, slots=True)
class Usual:
    """The value most applicants give: only ever a suggestion."""

    value: str

    @property
    def looks_at(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def derive(self, ground: Ground) -> str | None:
        """The value itself."""
        return self.value


@dataclass(frozen=True, slots=True)
class SameManagerRequired:
    """Yes, where a principal who is not the legal representative must also manage the site."""

    rule: str = "service_leader_must_equal_entity_leader_when_not_legal_rep"

    @property
    def looks_at(self) -> tuple[str, ...]:
        """The principal's office, and what rules are looked up by."""
        return ("province", "subject_kind", "principal_is_legal_rep")

    def derive(self, ground: Ground) -> str | None:
        """``"yes"`` where the rule leaves no choice."""
        if ground.values.get("principal_is_legal_rep") != "no":
            return None
        return "yes" if ground.rule(self.rule) in (True, "true") else None


@dataclass(frozen=True, slots=True)
class OnlyCertificate:
    """The certificate type of a subject kind that has only one."""

    options: dict[str, tuple[str, ...]]

    @property
    def looks_at(self) -> tuple[str, ...]:
        """The subject kind."""
        return ("subject_kind",)

    def derive(self, ground: Ground) -> str | None:
        """The single certificate type, or None when there is a choice."""
        options = self.options.get(ground.values.get("subject_kind", ""), ())
        return options[0] if len(options) == 1 else None


@dataclass(frozen=True, slots=True)
class ProvinceOfCertificate:
    """The province in the digits of a certificate number.

    A body files where its certificate was issued, so for bodies this is the answer; a person
    may file where they live, so for them it is only a suggestion.
    """

    for_individuals: bool = False

    @property
    def looks_at(self) -> tuple[str, ...]:
        """The certificate and who holds it."""
        return ("subject_kind", "cert_type", "cert_number")

    def derive(self, ground: Ground) -> str | None:
        """The province's short name, or None if the number does not tell."""
        if (ground.values.get("subject_kind") == "individual") is not self.for_individuals:
            return None
        return province_of_certificate(
            ground.values.get("cert_type", ""), ground.values.get("cert_number", "")
        )


@dataclass(frozen=True, slots=True)
class KindOfFiling:
    """The filing kind that the decision table gives."""

    @property
    def looks_at(self) -> tuple[str, ...]:
        """What the applicant said about earlier records and the server."""
        return ("subject_record", "domain_record", "server_location", "province")

    def derive(self, ground: Ground) -> str | None:
        """The code of the outcome, such as ``"R1"`` for a first filing; None while it is open."""
        values = ground.values
        server, subject = values.get("server_location"), values.get("subject_record")
        if server is None or not is_settled(server, subject, values.get("domain_record")):
            return None
        return decide(
            subject or SubjectRecord.NONE,
            values.get("domain_record", DomainRecord.NONE),
            server,
            province=values.get("province"),
            rulebook=ground.rulebook,
            on=ground.today,
        ).outcome


@dataclass(frozen=True, slots=True)
class ProvinceRequires:
    """``value`` when a rule of the province has one of ``is_in``; asked otherwise."""

    rule: str
    is_in: tuple[object, ...]
    value: str

    @property
    def looks_at(self) -> tuple[str, ...]:
        """What rules are looked up by."""
        return ("province", "subject_kind")

    def derive(self, ground: Ground) -> str | None:
        """The value the rule leaves no choice about."""
        return self.value if ground.rule(self.rule) in self.is_in else None
