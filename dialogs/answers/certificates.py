"""Certificate types, and certificate numbers judged by their type."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dialogs.answers.base import Context, Found
from dialogs.answers.choices import Choice
from dialogs.answers.lead_in import bare, lead_in
from dialogs.answers.masks import mask_number
from dialogs.answers.open_answer import OpenAnswer
from filing.identifiers import uscc
from filing.identifiers.certificate import looks_like, parse_certificate
from filing.identifiers.normalise import aligned
from filing.invalid import Invalid
from filing.subject import CERTIFICATES_OF, PERSONAL_CERTIFICATES, CertificateType, SubjectKind

_LEAD = lead_in(
    "(?:统一)?(?:社会)?信用代码|营业执照|执照|组织机构代码|注册号",
    "(?:居民)?身份证|护照|回乡证|台胞证|通行证|永久?居(?:留)?(?:身份)?证|居住证|证件|证书|许可证",
    "(?:id|passport|certificate|licence|license|card)(?: ?(?:no\\.?|number|code))?",
)
_RUN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{8,22}(?![0-9A-Za-z])")
_SPACED = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-Za-z]{2,14}(?:[ \-][0-9A-Za-z]{2,14}){1,5}(?![0-9A-Za-z])"
)
_LABELLED = re.compile(
    r"(?:护照|台胞证|通行证|许可证|登记证书?|证书|执业证|证件|代号)(?:号码?|编号)?\s*(?:是|为|[::])?\s*"
    r"([0-9A-Za-z\u4e00-\u9fff()]{4,30})(?![0-9A-Za-z])"
)
_C = CertificateType
_TYPES = {type_.value: type_ for type_ in CertificateType}
_KINDS = {kind.value: kind for kind in SubjectKind}
_WEAK = frozenset({_C.TAIWAN_PERMIT, _C.PASSPORT, _C.MILITARY_UNIT_CODE})
"""Types whose numbers look like anything, so that only the word before them tells."""


@dataclass(frozen=True, slots=True)
class CertificateTypeChoice:
    """A certificate type: those of the subject kind in ``kind_step``, or a person's papers."""

    kind_step: str | None = None
    personal: bool = False

    name: ClassVar[str] = "certificate_type"
    sensitive: ClassVar[bool] = False

    def parse(self, text: str, context: Context) -> str | Invalid:
        """The type by its number, label or a synonym.

        Codes: ``choice.unknown``, ``choice.not_offered`` (a type other subjects show).
        """
        return self._choice(context).parse(text, context)

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The type's name."""
        return Choice("cert_type").show(value, locale=locale)

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """The type a sentence names, unless it names several."""
        return self._choice(context).extract(text, context)

    def options(self, context: Context) -> tuple[str, ...]:
        """The types open to this applicant, the usual one first."""
        if self.personal:
            return tuple(PERSONAL_CERTIFICATES)
        kind = context.values.get(self.kind_step, "") if self.kind_step else ""
        known = _KINDS.get(kind)
        if known is not None:
            return tuple(CERTIFICATES_OF[known])
        return tuple(CertificateType)

    def _choice(self, context: Context) -> Choice:
        return Choice("cert_type", self.options(context))


@dataclass(frozen=True, slots=True)
class CertificateNumber(OpenAnswer):
    """The number of the certificate whose type an earlier answer (``type_step``) tells.

    While the type is unknown, numbers that prove their own type are taken; ``personal`` limits
    these to a person's papers.
    """

    type_step: str
    personal: bool = False

    name: ClassVar[str] = "certificate_number"
    sensitive: ClassVar[bool] = True

    def parse(self, text: str, context: Context) -> str | Invalid:
        """The number, judged by ``filing.identifiers.certificate.parse_certificate``."""
        return self._read(bare(text, _LEAD), context)

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The number; masked, its last four characters. A body's public code stays readable."""
        if not masked or _is_public(value):
            return value
        return mask_number(value)

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Numbers in a sentence that prove their type, or follow its name."""
        plain = aligned(text)
        type_ = self._type(context)
        found: list[Found] = []
        if type_ not in _WEAK:
            found += _proved(self, plain, context)
        if type_ is not None and not found:
            found += _labelled(self, plain, context)
        return tuple(found)

    def _type(self, context: Context) -> CertificateType | None:
        return _as_type(context.values.get(self.type_step))

    def _read(self, text: str, context: Context) -> str | Invalid:
        type_ = self._type(context) or self._proven_type(text, context)
        if type_ is None:
            type_ = _C.ID_CARD if self.personal else _C.BUSINESS_LICENCE
        return parse_certificate(type_, text, context.today)

    def _proven_type(self, text: str, context: Context) -> CertificateType | None:
        type_ = _as_type(looks_like(text, context.today))
        return None if self.personal and type_ not in PERSONAL_CERTIFICATES else type_


def _as_type(value: str | None) -> CertificateType | None:
    return _TYPES.get(value or "")


def _proved(ask: CertificateNumber, plain: str, context: Context) -> Iterator[Found]:
    seen_until = -1
    for pattern in (_RUN, _SPACED):
        for match in pattern.finditer(plain):
            if match.start() < seen_until:
                continue
            value = ask._read(match.group(), context)
            if isinstance(value, str) and _proves_itself(value, context):
                seen_until = match.end()
                yield Found(value, match.start(), match.end())


def _labelled(ask: CertificateNumber, plain: str, context: Context) -> Iterator[Found]:
    for match in _LABELLED.finditer(plain):
        value = ask._read(match.group(1), context)
        if isinstance(value, str):
            yield Found(value, match.start(1), match.end(1))


def _proves_itself(value: str, context: Context) -> bool:
    """Whether a number could hardly be anything else."""
    return looks_like(value, context.today) is not None or len(value) in (9, 15)


def _is_public(value: str) -> bool:
    """Whether it is a body's unified code, which everybody may look up."""
    return uscc.has_shape(value) and uscc.checks_out(value) and not uscc.could_be_a_person(value)
