"""材料: one received picture or paper, what was found on it, and what staff said of it.

What a filing needs is asked for by slot (``identity_document.site_manager``): a kind of paper
and whose it is. A slot keeps every version it ever got, the last one counts.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from filing.finding import Level
from filing.invalid import Param


class MaterialKind(StrEnum):
    """What sort of paper it is (资料 as the providers' consoles list them)."""

    SUBJECT_CERTIFICATE = "subject_certificate"  # 主体证件: 营业执照, 法人证书, 登记证 …
    IDENTITY_DOCUMENT = "identity_document"  # 负责人证件: 身份证两面, 护照, 通行证 …
    DOMAIN_CERTIFICATE = "domain_certificate"  # 域名证书, or a picture of the real-name check
    SITE_MANAGER_AUTHORISATION = "site_manager_authorisation"  # 网站负责人授权书
    PRINCIPAL_AUTHORISATION = "principal_authorisation"  # 主体负责人授权书
    COMMITMENT = "commitment"  # 承诺书 (广东 has its own)
    NO_PRE_APPROVAL_COMMITMENT = "no_pre_approval_commitment"  # 不涉及前置审批内容承诺书
    NO_FINANCE_COMMITMENT = "no_finance_commitment"  # 不涉及金融承诺书
    TRUTHFULNESS_LETTER = "truthfulness_letter"  # 江苏: 真实性责任告知书与承诺书
    SITE_NAME_EXPLANATION = "site_name_explanation"  # 网站名称情况说明书
    CONSTRUCTION_PLAN = "construction_plan"  # 网站建设方案书
    NAME_CHANGE_NOTICE = "name_change_notice"  # 工商变更通知
    PRE_APPROVAL_DOCUMENT = "pre_approval_document"  # 前置审批批文
    FINANCE_LICENCE = "finance_licence"  # 金融监管批文
    RESIDENCE_PROOF = "residence_proof"  # 居住证, 暂住证
    OPENING_APPROVAL = "opening_approval"  # 网站开办审核表: 机关, 事业单位
    OTHER = "other"  # 其他证明


IDENTITY_KINDS = frozenset(
    {
        MaterialKind.SUBJECT_CERTIFICATE,
        MaterialKind.IDENTITY_DOCUMENT,
        MaterialKind.RESIDENCE_PROOF,
    }
)
"""Papers that show who somebody is: never through a chat kept abroad or by a third party."""


class Side(StrEnum):
    """Which part of a paper a picture shows."""

    WHOLE = "whole"  # the page, or both sides of a card in one picture
    FRONT = "front"  # 人像面
    BACK = "back"  # 国徽面


WHOSE: Final = ("subject", "principal", "site_manager", "legal_representative")
"""Whose a paper can be."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to hand in: a kind of paper and whose it is."""

    kind: MaterialKind
    whose: str = "subject"  # one of WHOSE

    @property
    def key(self) -> str:
        """Its name in rows, buttons and file names: ``identity_document.site_manager``."""
        return f"{self.kind}.{self.whose}"


def slot_of(key: str) -> Slot:
    """The slot of a key. Raises ValueError for one that no slot has."""
    kind, _, whose = key.partition(".")
    if whose not in WHOSE:
        raise ValueError(f"{key!r} names no slot")
    return Slot(MaterialKind(kind), whose)


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture, as shares of its width and height from the top left corner (0–1)."""

    left: float
    top: float
    right: float
    bottom: float


def _no_params() -> Mapping[str, Param]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PictureFinding:
    """One thing wrong with a picture, or worth a look by staff.

    ``code`` is stable and names its wording (``picture.<code>``: reason and cure). ``refuse``
    asks for another picture; ``warn`` is what we are unsure of: the picture is kept and staff
    look. ``box`` is where; None for the whole. ``params`` never hold a sensitive value.
    """

    code: str
    level: Level
    box: Box | None = None
    params: Mapping[str, Param] = dataclasses.field(default_factory=_no_params)


@dataclass(frozen=True, slots=True)
class Material:
    """One received piece, as it is kept: re-encoded, without metadata. Later ones replace it."""

    id: str  # finds it in the store of files
    slot: str  # Slot.key
    side: Side
    at: datetime
    media_type: str
    size: int  # bytes
    width: int  # pixels
    height: int
    findings: tuple[PictureFinding, ...] = ()
    valid_until: date | None = None  # as read from it, or as told
    author: str = "applicant"  # or who of the staff put it in
    gone: bool = False  # its content was deleted, as retention demands

    @property
    def is_refused(self) -> bool:
        """Whether a check asks for another picture."""
        return any(one.level is Level.REFUSE for one in self.findings)


REMOVED: Final = "removed"
"""Code of a verdict by which the applicant takes a piece back: it is no longer part of its slot."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What staff said of a piece: accepted, or why not. The last one of a piece counts.

    The applicant's own word that a piece is not to count is one too (:data:`REMOVED`).
    """

    material: str  # Material.id
    accepted: bool
    at: datetime
    by: str  # an agent's name, or "applicant"
    code: str = ""  # of the reason, where it is one of the checks'
    note: str = dataclasses.field(default="", repr=False)  # told to the applicant
