"""Facts of a filing that decide on its papers and that no rule or pre-check states by itself."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from filing.checks.base import Case
from filing.checks.residence import home_elsewhere

_RENAMED: Final = ("更名", "曾用名", "原名", "名称变更", "改名", "变更名称")
"""Words of a remark by which a subject says that its name has changed."""


class Looked(NamedTuple):
    """What facts look at: the filing under its rules, and how many websites its subject has."""

    case: Case
    websites: int


Fact: TypeAlias = Callable[[Looked], bool]


def _unit(at: Looked) -> bool:
    return at.case.is_unit


def _individual(at: Looked) -> bool:
    return at.case.is_individual


def _principal_is_another(at: Looked) -> bool:
    """The principal of a body is not its legal representative."""
    return at.case.is_unit and at.case.filing.principal.is_legal_representative is False


def _other_site_manager(at: Looked) -> bool:
    return at.case.filing.site_manager_same is False


def _lives_elsewhere(at: Looked) -> bool:
    """An individual files in another province than that of the ID card."""
    return home_elsewhere(at.case) is not None


def _pre_approved(at: Looked) -> bool:
    """Content is declared that needs an approval, other than financial one."""
    declared = at.case.filing.website.pre_approval
    return any(one not in ("none", "finance") for one in declared)


def _finance(at: Looked) -> bool:
    return "finance" in at.case.filing.website.pre_approval


def _many_websites(at: Looked) -> bool:
    """The subject's websites reach the number from which the province wants a plan."""
    least = at.case.part("construction_plan_required_when", "total_sites_at_least")
    return least is not None and at.websites >= least.number


def _renamed(at: Looked) -> bool:
    remark = at.case.filing.website.remark or ""
    return any(word in remark for word in _RENAMED)


FACTS: Final[Mapping[str, Fact]] = MappingProxyType(
    {
        "unit": _unit,
        "individual": _individual,
        "principal_is_another": _principal_is_another,
        "other_site_manager": _other_site_manager,
        "lives_elsewhere": _lives_elsewhere,
        "pre_approved": _pre_approved,
        "finance": _finance,
        "many_websites": _many_websites,
        "renamed": _renamed,
    }
)
"""Every fact a rule of the checklist may name."""
