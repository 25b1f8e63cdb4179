"""What a check found: a code that names its wording, the field, and the rules behind it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from filing.invalid import Param
from filing.rulebook import LegalSource, RuleVersion


class Level(StrEnum):
    """How bad it is."""

    REFUSE = "refuse"  # would be returned for certain: cannot be handed in
    WARN = "warn"  # may be right, or needs something further


@dataclass(frozen=True, slots=True)
class Basis:
    """A rule a finding rests on, as it stood on the day of the check."""

    key: str
    version: RuleVersion


def _no_params() -> Mapping[str, Param]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, or worth a second look, in a filing.

    ``code`` is dotted and stable (``"contacts.same_mobile"``); ``field`` is the dotted path of
    what to change (``"site_manager.mobile"``). ``params`` fill the wording and never hold a
    sensitive value.
    """

    code: str
    level: Level
    field: str
    params: Mapping[str, Param] = dataclasses.field(default_factory=_no_params)
    bases: tuple[Basis, ...] = ()

    @property
    def rules(self) -> tuple[str, ...]:
        """Keys of the rules it rests on."""
        return tuple(basis.key for basis in self.bases)

    @property
    def sources(self) -> tuple[LegalSource, ...]:
        """Where those rules can be read, each once."""
        return tuple(dict.fromkeys(basis.version.source for basis in self.bases))
