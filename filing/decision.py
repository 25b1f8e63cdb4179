"""What can come of deciding the kind of a filing, and what each outcome asks for."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from filing.rulebook import LegalSource


class FilingKind(StrEnum):
    """备案类型: what sort of application is handed in."""

    FIRST = "first"  # 首次备案
    ADD_WEBSITE = "add_website"  # 新增网站
    ADD_ACCESS = "add_access"  # 新增接入
    CHANGE = "change"  # 变更备案
    CANCEL = "cancel"  # 注销


class Outcome(StrEnum):
    """The row of the decision table that applies; its explanation is found under this name."""

    FIRST = "R1"
    ADD_WEBSITE = "R2"
    ADD_WEBSITE_FROM_ELSEWHERE = "R3"
    ADD_ACCESS = "R4"
    ALREADY_FILED = "R5"
    DOMAIN_TAKEN = "R6"
    DOMAIN_TAKEN_FROM_FILED_SUBJECT = "R7"
    SHELL_SUBJECT_MAY_ADD = "R8"
    SHELL_SUBJECT_CANCELS_FIRST = "R8_cancel_first"
    SHELL_WEBSITE = "R9"
    IN_PROGRESS = "R10"
    CODE_CHANGED = "R11"
    INDIVIDUAL_TO_UNIT = "R12"
    SERVER_OVERSEAS = "R13"
    NO_SERVER = "R14"
    OTHER_ACCOUNT = "R15"
    LOOK_UP = "look_up"  # the applicant does not know yet
    CONTRADICTION = "contradiction"  # two statements that cannot both be true


class Action(StrEnum):
    """One thing the applicant has to do, in the order given."""

    LOOK_UP_RECORDS = "look_up_records"
    FILL_IN_HERE = "fill_in_here"
    START_FROM_RECORDS = "start_from_records"
    MATCH_RECORDS = "match_records"
    KEEP_NUMBER = "keep_number"
    CHANGE_IF_NEEDED = "change_if_needed"
    ASK_HOLDER_TO_CANCEL = "ask_holder_to_cancel"
    APPLY_WITH_DOMAIN_CERTIFICATE = "apply_with_domain_certificate"
    ASK_ABOUT_MIGRATION = "ask_about_migration"
    TRY_ADDING_WEBSITE = "try_adding_website"
    CANCEL_SUBJECT = "cancel_subject"
    CONNECT_OR_CANCEL_WEBSITE = "connect_or_cancel_website"
    FINISH_OR_WITHDRAW = "finish_or_withdraw"
    CHANGE_NAME_ONLY = "change_name_only"
    FILE_AS_UNIT = "file_as_unit"
    NOTHING_TO_FILE = "nothing_to_file"
    MOVE_TO_MAINLAND = "move_to_mainland"
    GET_SERVER = "get_server"
    USE_ORIGINAL_ACCOUNT = "use_original_account"
    TRANSFER_ACCOUNT = "transfer_account"


class Need(StrEnum):
    """One thing to have at hand."""

    SUBJECT_CERTIFICATE = "subject_certificate"
    PERSON_CERTIFICATES = "person_certificates"
    DOMAIN_CERTIFICATE = "domain_certificate"
    MAINLAND_SERVER = "mainland_server"
    PHONES_AND_EMAIL = "phones_and_email"
    FILING_NUMBER = "filing_number"
    OLD_CERTIFICATE = "old_certificate"
    CHANGE_NOTICE = "change_notice"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to file, or what stands in the way.

    ``kind`` is what can be filed now, None if nothing can. ``then`` is what follows once the
    obstacle is gone. ``source`` is the province's rule if one decided.
    """

    outcome: Outcome
    kind: FilingKind | None = None
    then: FilingKind | None = None
    actions: tuple[Action, ...] = ()
    needed: tuple[Need, ...] = ()
    source: LegalSource | None = None

    @property
    def unknown(self) -> bool:
        """True if the records must be looked up before anything can be said."""
        return self.outcome in (Outcome.LOOK_UP, Outcome.CONTRADICTION)

    @property
    def blocked(self) -> bool:
        """True if something must be settled before any filing."""
        return self.kind is None and not self.unknown


_FULL_SET: Final = (
    Need.SUBJECT_CERTIFICATE,
    Need.PERSON_CERTIFICATES,
    Need.DOMAIN_CERTIFICATE,
    Need.MAINLAND_SERVER,
    Need.PHONES_AND_EMAIL,
)
_WITH_NUMBER: Final = (*_FULL_SET, Need.FILING_NUMBER)

_O, _K, _A = Outcome, FilingKind, Action

_TABLE: Final = (
    Decision(_O.FIRST, _K.FIRST, actions=(_A.FILL_IN_HERE,), needed=_FULL_SET),
    Decision(_O.ADD_WEBSITE, _K.ADD_WEBSITE, actions=(_A.START_FROM_RECORDS,), needed=_WITH_NUMBER),
    Decision(
        _O.ADD_WEBSITE_FROM_ELSEWHERE,
        _K.ADD_WEBSITE,
        actions=(_A.MATCH_RECORDS,),
        needed=_WITH_NUMBER,
    ),
    Decision(
        _O.ADD_ACCESS,
        _K.ADD_ACCESS,
        actions=(_A.MATCH_RECORDS, _A.KEEP_NUMBER),
        needed=_WITH_NUMBER,
    ),
    Decision(
        _O.ALREADY_FILED, _K.CHANGE, actions=(_A.CHANGE_IF_NEEDED,), needed=(Need.FILING_NUMBER,)
    ),
    Decision(
        _O.DOMAIN_TAKEN,
        then=_K.FIRST,
        actions=(_A.ASK_HOLDER_TO_CANCEL, _A.APPLY_WITH_DOMAIN_CERTIFICATE),
        needed=(Need.DOMAIN_CERTIFICATE,),
    ),
    Decision(
        _O.DOMAIN_TAKEN_FROM_FILED_SUBJECT,
        then=_K.ADD_WEBSITE,
        actions=(_A.ASK_HOLDER_TO_CANCEL, _A.ASK_ABOUT_MIGRATION),
        needed=(Need.DOMAIN_CERTIFICATE, Need.FILING_NUMBER),
    ),
    Decision(
        _O.SHELL_SUBJECT_MAY_ADD,
        _K.ADD_WEBSITE,
        actions=(_A.TRY_ADDING_WEBSITE, _A.MATCH_RECORDS),
        needed=_WITH_NUMBER,
    ),
    Decision(
        _O.SHELL_SUBJECT_CANCELS_FIRST,
        then=_K.FIRST,
        actions=(_A.CANCEL_SUBJECT, _A.FILL_IN_HERE),
        needed=(Need.FILING_NUMBER, Need.SUBJECT_CERTIFICATE),
    ),
    Decision(
        _O.SHELL_WEBSITE,
        then=_K.ADD_WEBSITE,
        actions=(_A.CONNECT_OR_CANCEL_WEBSITE, _A.MATCH_RECORDS),
        needed=(Need.FILING_NUMBER,),
    ),
    Decision(_O.IN_PROGRESS, actions=(_A.FINISH_OR_WITHDRAW,), needed=(Need.ACCOUNT,)),
    Decision(
        _O.CODE_CHANGED,
        then=_K.FIRST,
        actions=(_A.CHANGE_NAME_ONLY, _A.CANCEL_SUBJECT, _A.ASK_ABOUT_MIGRATION),
        needed=(Need.FILING_NUMBER, Need.OLD_CERTIFICATE, Need.CHANGE_NOTICE),
    ),
    Decision(
        _O.INDIVIDUAL_TO_UNIT,
        then=_K.FIRST,
        actions=(_A.CANCEL_SUBJECT, _A.FILE_AS_UNIT),
        needed=(Need.FILING_NUMBER, Need.SUBJECT_CERTIFICATE),
    ),
    Decision(_O.SERVER_OVERSEAS, actions=(_A.NOTHING_TO_FILE, _A.MOVE_TO_MAINLAND)),
    Decision(_O.NO_SERVER, then=_K.FIRST, actions=(_A.GET_SERVER,), needed=(Need.MAINLAND_SERVER,)),
    Decision(
        _O.OTHER_ACCOUNT,
        then=_K.ADD_WEBSITE,
        actions=(_A.USE_ORIGINAL_ACCOUNT, _A.TRANSFER_ACCOUNT),
        needed=(Need.ACCOUNT, Need.FILING_NUMBER),
    ),
    Decision(
        _O.LOOK_UP,
        actions=(_A.LOOK_UP_RECORDS,),
        needed=(Need.SUBJECT_CERTIFICATE,),
    ),
    Decision(
        _O.CONTRADICTION,
        actions=(_A.LOOK_UP_RECORDS,),
        needed=(Need.SUBJECT_CERTIFICATE,),
    ),
)
DECISIONS: Final = MappingProxyType({decision.outcome: decision for decision in _TABLE})
"""The decision of every outcome, as it stands before a province's rule adds its source."""
