"""What each question of a flow takes: which shapes, open text, or one of its options."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dialogs.answers.base import Context
from dialogs.answers.certificates import CertificateNumber
from dialogs.flow import Flow, Step
from dialogs.understanding.shapes import Kind

_SHAPES: Mapping[str, frozenset[Kind]] = MappingProxyType(
    {
        "mobile_phone": frozenset({Kind.MOBILE}),
        "phone": frozenset({Kind.MOBILE, Kind.LANDLINE}),
        "office_phone": frozenset({Kind.MOBILE, Kind.LANDLINE}),
        "email": frozenset({Kind.EMAIL}),
        "domain": frozenset({Kind.DOMAIN}),
        "ip": frozenset({Kind.IP}),
        "certificate_number": frozenset({Kind.PERSONAL, Kind.CODE}),
        "expiry_date": frozenset({Kind.DATE}),
        "past_date": frozenset({Kind.DATE}),
    }
)
_NOTHING: frozenset[Kind] = frozenset()
_NAMES = frozenset({"person_name", "org_name", "subject_name", "site_name"})
_ADDRESSES = frozenset({"address"})
_FREE = frozenset({"text"})


def shapes_of(step: Step) -> frozenset[Kind]:
    """The shapes a step's value has; none for open text and choices."""
    return _SHAPES.get(step.ask.name, _NOTHING) if step.ask is not None else _NOTHING


def is_name(step: Step) -> bool:
    """Whether it asks for a name."""
    return step.ask is not None and step.ask.name in _NAMES


def is_address(step: Step) -> bool:
    """Whether it asks for a postal address."""
    return step.ask is not None and step.ask.name in _ADDRESSES


def is_free(step: Step) -> bool:
    """Whether it asks for text of any kind."""
    return step.ask is not None and step.ask.name in _FREE


def is_open_text(step: Step) -> bool:
    """Whether any words may be its answer."""
    return is_name(step) or is_address(step) or is_free(step)


def asks_person(step: Step, context: Context) -> bool:
    """Whether the name asked for is a person's."""
    if step.ask is None:
        return False
    if step.ask.name == "subject_name":
        return context.values.get(getattr(step.ask, "kind_step", "")) == "individual"
    return step.ask.name == "person_name"


def is_closed(step: Step, context: Context) -> bool:
    """Whether it is answered by one of its options."""
    return step.ask is not None and bool(step.ask.options(context))


def takes_persons_number(step: Step) -> bool:
    """Whether it asks for the number of a person's own papers, whoever files."""
    return isinstance(step.ask, CertificateNumber) and step.ask.personal


def alike(step: Step, other: Step) -> bool:
    """Whether two steps ask for the same sort of thing, so that one word may mean either."""
    if shapes_of(step) & shapes_of(other):
        return True
    return (is_name(step) and is_name(other)) or (is_address(step) and is_address(other))


@dataclass(frozen=True, slots=True)
class Form:
    """A flow by what its steps take, worked out once."""

    flow: Flow
    by_kind: Mapping[Kind, tuple[Step, ...]]


_forms: dict[int, Form] = {}
_MOST_FORMS = 64


def form_of(flow: Flow) -> Form:
    """The form of a flow; kept, since a program has few flows and many messages."""
    known = _forms.get(id(flow))
    if known is None:
        if len(_forms) >= _MOST_FORMS:
            _forms.clear()
        by_kind = {
            kind: tuple(step for step in flow.steps if kind in shapes_of(step)) for kind in Kind
        }
        known = _forms[id(flow)] = Form(flow, by_kind)
    return known
