"""The typed filing that a set of answers describes."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from dialogs.flow import Flow
from filing.model import PERMANENT, Filing
from filing.subject import CertificateType, SubjectKind

_DATES = frozenset(
    {"valid_until", "domain_valid_until", "domain_verified_on"},
)
_FLAGS = frozenset({"is_legal_representative", "site_manager_same"})
_LISTS = frozenset({"pre_approval", "languages", "ips"})
_NUMBERS = frozenset({"months_bought", "months_left"})
_EMPTY = Filing()


def assemble(flow: Flow, values: Mapping[str, str]) -> Filing:
    """Fill a :class:`Filing` from values by the fields their steps name.

    A site manager who is the principal is repeated as such, so that whoever reads the filing
    finds both persons complete.
    """
    given: dict[str, Any] = {}
    for key, value in values.items():
        if key not in flow or not value:
            continue
        path = flow[key].fills
        if path is not None:
            *parents, name = path.split(".")
            part = given
            for parent in parents:
                part = part.setdefault(parent, {})
            part[name] = _typed(path, value)
    filing: Filing = _filled(_EMPTY, given)
    if filing.site_manager_same:
        filing = replace(filing, site_manager=filing.principal)
    return filing


def _typed(path: str, value: str) -> object:
    name = path.rpartition(".")[2]
    if path == "subject.kind":
        return SubjectKind(value)
    if path.endswith("certificate.type"):
        return CertificateType(value)
    if name in _DATES:
        return PERMANENT if value == "permanent" else date.fromisoformat(value)
    if name in _FLAGS:
        return value == "yes"
    if name in _LISTS:
        return tuple(value.split(","))
    if name in _NUMBERS:
        return int(value)
    return value


def _filled(empty: Any, given: Mapping[str, Any]) -> Any:
    """One like ``empty`` with the fields given, those of its parts as mappings of their own."""
    parts = {
        name: _filled(getattr(empty, name), value) if isinstance(value, dict) else value
        for name, value in given.items()
    }
    return type(empty)(**parts)


def field_exists(path: str) -> bool:
    """Whether a dotted field names something a filing has; flows are checked with it."""
    target: object = Filing()
    for name in path.split("."):
        if not is_dataclass(target) or name not in {field.name for field in fields(target)}:
            return False
        target = getattr(target, name)
    return True
