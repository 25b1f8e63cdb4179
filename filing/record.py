"""The port that looks a subject and a domain up in filing records, where a provider can."""

from dataclasses import dataclass
from typing import Protocol

from filing.kind import DomainRecord, SubjectRecord


@dataclass(frozen=True, slots=True)
class RecordStatus:
    """What the records say about a subject and a domain."""

    subject: SubjectRecord
    domain: DomainRecord


class RecordLookup(Protocol):
    """Asks a provider's or the ministry's records, if there is a way to."""

    async def look_up(self, subject_certificate: str, domain: str) -> RecordStatus | None:
        """The records of this certificate number and domain; None means: ask the applicant."""
        ...


class AskApplicant:
    """The default where no records can be queried: the applicant looks them up and says."""

    async def look_up(self, subject_certificate: str, domain: str) -> RecordStatus | None:
        """Always None."""
        return None
