"""A drawn paper with what it is and what stands on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.inspection.arrays import Bytes
from filing.materials.material import MaterialKind, Side
from filing.subject import CertificateType


@dataclass(frozen=True, slots=True)
class Paper:
    """``pixels`` are the paper alone, flat and evenly lit; ``fields`` are read from it."""

    pixels: Bytes
    kind: MaterialKind
    certificate: CertificateType | None = None
    side: Side = Side.WHOLE
    fields: Mapping[str, str] = field(default_factory=dict)
